"""Shot -> how fast: off the foot and on the way by the fitted flight, and by the article's pixel scale."""

from __future__ import annotations

import numpy as np

from .. import rules2d
from ..domain import Floats, Measure, Shot
from .flown import LEAST_CROSS, SHORT, interval, why_none

KMH = 3.6
MODEL_SD = 0.03  # of a speed: what drag, spin and lens leave beyond the samples

# What the true launch speed was, as multiples of the article's number: 5th and 95th percentile over 309 synthetic
# shots of all four views and every kind (seeds 0 to 319, true tracks). The formula cannot see motion
# towards or away from the camera, so the interval is wide and lies mostly above the value.
TRUE_PER_SHOWN = (0.76, 3.81)


def speed(shot: Shot) -> Measure:
    """Shot -> launch speed in km/h, from the fitted flight, however wide its interval."""
    method = "flight: launch speed off the foot"
    if shot.flight is None:
        return _withheld("speed", method, why_none(shot))
    return _given("speed", method, np.linalg.norm(shot.flight.launch_ms, axis=1) * KMH, shot.flight.likely)


def average_speed(shot: Shot) -> Measure:
    """Shot -> average speed to the goal in km/h: the way flown over the time it took, a check on the launch speed."""
    method = "flight: distance to the goal's plane over time of flight"
    flight = shot.flight
    if flight is None:
        return _withheld("average_speed", method, why_none(shot))
    crosses = np.isfinite(flight.crossing[:, 0])
    if flight.likely[crosses].sum() < LEAST_CROSS:
        return _withheld("average_speed", method, SHORT)
    start = flight.samples_m[crosses, 0]
    x, z = flight.crossing[crosses, 1], flight.crossing[crosses, 2]
    way = np.linalg.norm(start - np.stack([x, np.zeros_like(x), z], axis=1), axis=1)
    seconds = flight.crossing[crosses, 0] - flight.kick_time_s
    return _given("average_speed", method, way / seconds * KMH, flight.likely[crosses])


def speed_across(shot: Shot) -> Measure:
    """Shot -> speed in km/h across the picture, 92nd percentile, capped at 140 (source: the article's formula)."""
    method = "rules2d: pixels a second × 0.22 m / ball width, 92nd percentile"
    if shot.kick_frame is None:
        return _withheld("speed_across", method, shot.kick_why_not or "No kick was seen.")
    value = rules2d.peak_speed_kmh(shot.clip, shot.ball, shot.kick_frame)
    if value is None:
        return _withheld("speed_across", method, "The ball was seen in too few frames after the kick.")
    low, high = (value * factor for factor in TRUE_PER_SHOWN)
    return Measure("speed_across", "km/h", value, low, min(high, rules2d.CAP_KMH), method)


def _given(name: str, method: str, samples_kmh: Floats, share: Floats) -> Measure:
    """Likely values, the share of each -> the measure."""
    value, low, high = interval(samples_kmh, share, MODEL_SD * float(np.median(samples_kmh)))
    return Measure(name, "km/h", value, max(low, 0.0), high, method)


def _withheld(name: str, method: str, why_not: str) -> Measure:
    return Measure(name, "km/h", None, method=method, why_not=why_not)
