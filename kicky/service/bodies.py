"""Shot -> its shooter's body and its swing as the plain values that a page draws."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .. import storage
from ..body import stance
from ..body.fit import with_body
from ..camera import PLACE
from ..domain import Body, Floats, Measure, Shot
from ..errors import NotFound
from ..measures import MEASURES, angles
from ..measures.ranges import RANGES, flag
from ..registry import load
from ..storage.bodies import BodyView, CurveView, RangeView, SwingView
from ..storage.views import MeasureView

LIKELY = 8
AT_JOINTS = ("kicking_knee", "support_knee", "trunk_lean")


def body(shot_id: int) -> BodyView:
    """Shot -> its body about the ball, why there is none in words. Raises: NotFound for no such shot."""
    evidence = storage.evidence_file(shot_id)
    try:
        return _body(shot_id, evidence)
    except NotFound as error:  # the tracks are gone, the rest of the shot is still there to be seen
        return BodyView(why_not=str(error))


@lru_cache(maxsize=128)
def _body(shot_id: int, evidence: Path) -> BodyView:  # noqa: ARG001 a shot judged anew has another file
    shot = with_body(storage.evidence(shot_id))
    return BodyView(why_not=angles.why_none(shot)) if shot.body is None else of(shot, shot.body)


def of(shot: Shot, seen: Body) -> BodyView:
    """Shot, its body -> that as plain values."""
    at_contact = {name: MeasureView(**asdict(load(MEASURES, name)(shot))) for name in AT_JOINTS}
    return BodyView(
        tuple(seen.since_s.tolist()), _plain(stance.about_ball(seen, seen.joints_m)), seen.contact,
        _plain(stance.likely(seen, LIKELY)), stance.way_doubt_deg(seen),
        _plain(stance.about_ball(seen, seen.camera[PLACE])), seen.p_left > 0.5, at_contact,
    )  # fmt: skip


def _plain(array: Any) -> Any:
    """Array -> tuples of plain numbers, to the millimetre."""
    return tuple(_plain(row) for row in array) if np.ndim(array) else round(float(array), 3)


def swing(shot_id: int) -> SwingView:
    """Shot -> its angles through the swing, why there are none in words. Raises: NotFound for no such shot."""
    stored = storage.shots(shot_id=shot_id)[0]
    try:
        shot = storage.evidence(stored.id)
    except NotFound as error:  # the tracks are gone, the rest of the shot is still there to be seen
        return SwingView(why_not=str(error))
    if shot.body is None:
        return SwingView(why_not=angles.why_none(shot))
    curves = {name: _curve(name, shot, edges) for name, edges in angles.curves(shot.body).items()}
    return SwingView(tuple(shot.body.since_s.tolist()), curves)


def published(measure: MeasureView) -> RangeView | None:
    """Measure -> the published range and where it lies in it, None where nobody published one."""
    given = RANGES.get(measure.name)
    if given is None:
        return None
    made = Measure(measure.name, measure.unit, measure.value, measure.low, measure.high, measure.method,
                   measure.why_not or "not measured")  # fmt: skip
    return RangeView(given.low, given.high, given.source, str(flag(made) or ""))


def _curve(name: str, shot: Shot, edges: tuple[Floats, Floats, Floats]) -> CurveView:
    """Angle, its shot, its value and edges in each moment -> the curve with its band."""
    value, low, high = (tuple(edge.tolist()) for edge in edges)
    at_contact = MeasureView(**asdict(load(MEASURES, name)(shot)))
    return CurveView(value, low, high, at_contact, published(at_contact))
