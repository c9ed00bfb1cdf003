"""Shot -> its body as the plain values that a page draws; worked out from the stored pose where it is not stored."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .. import storage
from ..body import stance
from ..body.fit import known
from ..domain import Body, Shot
from ..errors import NotFound
from ..measures import MEASURES, angles
from ..registry import load
from ..storage.bodies import BodyView
from ..storage.views import MeasureView

LIKELY = 8
AT_JOINTS = ("kicking_knee", "support_knee", "trunk_lean")


def view(shot_id: int) -> BodyView:
    """Shot -> its body about the ball, why there is none in words. Raises: NotFound for no such shot."""
    evidence = storage.evidence_file(shot_id)
    try:
        return _view(shot_id, evidence)
    except NotFound as error:  # the tracks are gone, the rest of the shot is still there to be seen
        return BodyView(why_not=str(error))


@lru_cache(maxsize=128)
def _view(shot_id: int, evidence: Path) -> BodyView:  # noqa: ARG001 a shot judged anew has another file
    shot = known(storage.evidence(shot_id))
    return BodyView(why_not=angles.why_none(shot)) if shot.body is None else of(shot, shot.body)


def of(shot: Shot, seen: Body) -> BodyView:
    """Shot, its body -> that as plain values."""
    at_contact = {name: MeasureView(**asdict(load(MEASURES, name)(shot))) for name in AT_JOINTS}
    return BodyView(
        tuple(seen.since_s.tolist()), _plain(stance.about_ball(seen, seen.joints_m)), seen.contact,
        _plain(stance.likely(seen, LIKELY)), stance.way_doubt_deg(seen),
        _plain(stance.about_ball(seen, seen.camera[4:])), seen.p_left > 0.5, at_contact,
    )  # fmt: skip


def _plain(array: Any) -> Any:
    """Array -> tuples of plain numbers, to the millimetre."""
    return tuple(_plain(row) for row in array) if np.ndim(array) else round(float(array), 3)
