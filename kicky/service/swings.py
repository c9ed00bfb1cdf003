"""Shot -> its swing as the plain values that a page draws, and measures held against what was published."""

from __future__ import annotations

from dataclasses import asdict

from .. import storage
from ..domain import Floats, Measure, Shot
from ..errors import NotFound
from ..measures import MEASURES, angles
from ..measures.ranges import RANGES, flag
from ..registry import load
from ..storage.views import CurveView, MeasureView, RangeView, SwingView


def view(shot_id: int) -> SwingView:
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
