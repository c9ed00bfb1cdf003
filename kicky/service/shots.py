"""The shots: which there are, one of them with all that is known of it, its card, and an answer put right."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from .. import jobs as queue
from .. import storage
from ..errors import BadLabel, NotFound, called
from ..storage import corrected, files, labels, settings
from ..storage.bodies import BodyView, RangeView, SwingView
from ..storage.database import told
from ..storage.flights import FlightView
from ..storage.kinds import REDRAW
from ..storage.views import MeasureView, ShotView

DRAWN = 3  # goes up when cards are drawn differently: those kept are drawn again
KINDS = {False: "card", True: "phone"}  # by whether upright
CHOICES = {labels.OUTCOME: ("goal", "no_goal", "unsure"), labels.FOOT: ("left", "right", "unsure")}


def listed(session_id: int | None = None) -> list[ShotView]:
    """-> each clip's newest analysis, newest session first. Raises: NotFound."""
    return storage.shots(session_id)


def one(shot_id: int) -> ShotView:
    """Number -> that shot. Raises: NotFound."""
    return storage.shots(shot_id=shot_id)[0]


def session_of(shot: str) -> int | None:
    """A shot's number as an address has it -> its session; None where there is no such shot."""
    try:
        return storage.shots(shot_id=int(shot))[0].session_id
    except (ValueError, NotFound):
        return None


def flight(shot_id: int) -> FlightView:
    """Number -> that shot in metres, or why it is not given. Raises: NotFound."""
    from .flights import view

    return view(one(shot_id))


def swing(shot_id: int) -> SwingView:
    """Number -> the body's angles through that shot's kick, or why they are not given. Raises: NotFound."""
    from . import bodies

    return bodies.swing(shot_id)


def body(shot_id: int) -> BodyView:
    """Number -> that shot's shooter in metres about the ball, or why it is not given. Raises: NotFound."""
    from . import bodies

    return bodies.body(shot_id)


def replay(shot_id: int) -> dict[str, Any]:
    """Number -> that shot in three dimensions as docs/replay.md has it, or `why_not`. Raises: NotFound."""
    from .replays import view

    return view(shot_id)


def published(measure: MeasureView) -> RangeView | None:
    """Measure -> the published range and where it lies in it, None where nobody published one."""
    from . import bodies

    return bodies.published(measure)


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


def card(shot_id: int, phone: bool) -> bytes:
    """Shot, whether upright for a phone -> its strike card as PNG. Raises: NotFound, UnreadableClip, StorageFailed.

    Both are drawn at once and kept until the shot is judged anew, or its shooter's name or the unit of speeds changes.
    """
    shot = storage.shots(shot_id=shot_id)[0]
    evidence = storage.evidence_file(shot_id)
    when, said_by_hand = _when(shot), " ".join(f"{name} {getattr(shot, name)}" for name in shot.by_hand)
    known = f"{DRAWN}|{settings.speed_unit()}|{shot.player or ''}|{when}|{said_by_hand}"
    known += "|body only" * shot.body_only  # earlier ones say UNSURE
    said = hashlib.sha256(known.encode()).hexdigest()[:8]
    wanted = {upright: files.beside(evidence, f"{kind}-{said}.png") for upright, kind in KINDS.items()}
    with told(evidence):
        if all(path.exists() for path in wanted.values()):
            return wanted[phone].read_bytes()
    drawn = _cards(shot, when)
    files.delete_cards(evidence.name)
    files.keep({wanted[upright]: png for upright, png in drawn.items()})
    return drawn[phone]


def _cards(shot: ShotView, when: str) -> dict[bool, bytes]:
    """Shot -> both its cards, by whether they are upright."""
    from ..body.fit import with_body
    from ..render import card, close
    from . import stills

    made = storage.report(shot.id)
    made = replace(made, shot=with_body(made.shot))
    report, row = corrected.report(made, shot.clip_id), storage.clip(shot.clip_id)
    storage.film_there(row)
    with called(row.file, row.name):
        pictures = close.stills(report.shot, close.moments(report.shot))
    content = card.Content(report, pictures, shot.player or "", when, settings.speed_unit())
    return {upright: stills.png(card.strike_card(content, upright)) for upright in (False, True)}


def _when(shot: ShotView) -> str:
    """Shot -> 'Sat 7 Nov 2026 · Parc'."""
    day = f"{shot.date:%a} {shot.date.day} {shot.date:%b %Y}"
    return f"{day} · {shot.place}" if shot.place else day
