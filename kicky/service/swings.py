"""Shot -> its swing as the plain values that a page draws, and measures held against what was published."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from .. import storage
from ..domain import Floats, Measure
from ..errors import NotFound
from ..measures import angles
from ..measures.ranges import RANGES, flag
from ..storage.views import CurveView, MeasureView, RangeView, SwingView
from ..swing import Swing


def view(shot_id: int) -> SwingView:
    """Shot -> its angles through the swing, why there are none in words. Raises: NotFound for no such shot."""
    stored = storage.shots(shot_id=shot_id)[0]
    try:
        swung = angles.told(storage.evidence(stored.id))
    except NotFound as error:  # the tracks are gone, the rest of the shot is still there to be seen
        return SwingView(why_not=str(error))
    if isinstance(swung, str):
        return SwingView(why_not=swung)
    curves = {name: _curve(swung, name) for name in swung.angles}
    return SwingView(tuple(swung.since_s.tolist()), curves)


def published(measure: MeasureView) -> RangeView | None:
    """Measure -> the published range and where it lies in it, None where nobody published one."""
    given = RANGES.get(measure.name)
    if given is None:
        return None
    made = Measure(measure.name, measure.unit, measure.value, measure.low, measure.high, measure.method,
                   measure.why_not or "not measured")  # fmt: skip
    return RangeView(given.low, given.high, given.source, str(flag(made) or ""))


def _curve(swung: Swing, name: str) -> CurveView:
    """Swing, angle -> the curve with its band, None where it was not seen."""
    values = swung.angles[name]
    rates = rates_deg_s(swung.since_s, values)
    bands = [angles.interval(swung, name, value, rate) for value, rate in zip(values, rates, strict=True)]
    low, high = (_seen(np.where(np.isfinite(values), edge, np.nan)) for edge in zip(*bands, strict=True))
    at_contact = MeasureView(**asdict(angles.at_contact(swung, name)))
    return CurveView(_seen(values), low, high, at_contact, published(at_contact))


def rates_deg_s(since_s: Floats, values: Floats) -> Floats:
    """(n,) seconds, (n,) degrees or NaN -> (n,) how fast it turns, by the nearest frames that saw it.

    >>> rates_deg_s(np.array([0.0, 0.1, 0.2]), np.array([10.0, np.nan, 30.0])).round()
    array([100., 100., 100.])
    """
    seen = np.isfinite(values)
    if seen.sum() < 2:
        return np.zeros(len(values))
    slopes = np.gradient(values[seen], since_s[seen])
    return np.asarray(np.interp(since_s, since_s[seen], slopes))


def _seen(values: Floats) -> tuple[float | None, ...]:
    return tuple(value if np.isfinite(value) else None for value in values.tolist())
