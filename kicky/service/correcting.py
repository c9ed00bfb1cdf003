"""What a person puts right on the shot's page: kept as a label, counted everywhere, and the film drawn anew."""

from __future__ import annotations

from .. import jobs as queue
from .. import storage
from ..errors import BadLabel
from ..storage import labels
from ..storage.tables import REDRAW

CHOICES = {labels.OUTCOME: ("goal", "no_goal", "unsure"), labels.FOOT: ("left", "right", "unsure")}


def correct(shot_id: int, field: str, value: str) -> int | None:
    """Shot, "outcome" or "foot", what it was ("": as the program thinks) -> the job that draws its film anew.

    None where nothing changed. What was measured stays as it was measured; the coach, the charts and the tables go by
    what the person says, through every later analysis. Raises: NotFound, BadLabel.
    """
    if field not in CHOICES or (value and value not in CHOICES[field]):
        raise BadLabel(f"{value!r} is no {field}: choose {', '.join(CHOICES.get(field, CHOICES))}.")
    shot = storage.shots(shot_id=shot_id)[0]
    if value == labels.get(shot.clip_id, field):
        return None
    labels.put(shot.clip_id, field, value)
    return queue.submit(REDRAW, [shot.clip_id], {"shot_id": shot_id, "said": f"{field} {value}"})[0]
