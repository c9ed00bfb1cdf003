"""Shot -> how fast: off the foot and on the way by the fitted flight; without a goal, by the ball's own width."""

from __future__ import annotations

import numpy as np

from .. import ruler
from ..camera import rotation
from ..domain import Floats, Measure, Shot
from .flown import LEAST_CROSS, SHORT, SPEEDS_WIDER, interval, why_none

KMH = 3.6
MODEL_SD = 0.03  # of a speed: what drag, spin and lens leave beyond the samples
FLOWN, RULED = "flight: launch speed off the foot", "ball as ruler: launch speed off the foot"
ACROSS = ", the part of it in the picture's plane"


def speed(shot: Shot) -> Measure:
    """Shot -> launch speed in km/h, however wide its interval: from the fitted flight, else with the ball as ruler."""
    if shot.flight is not None:
        return _given("speed", FLOWN, np.linalg.norm(shot.flight.launch_ms, axis=1) * KMH, shot.flight.likely)
    seen = ruler.launch(shot)
    if isinstance(seen, str):
        return _withheld("speed", RULED, seen)
    return _given("speed", RULED, seen.speed_ms * KMH, _even(seen.speed_ms))


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
    """Shot -> the part of the launch speed in the picture's plane, km/h: its low edge is what the picture proves."""
    flight = shot.flight
    if flight is not None:
        across = (rotation(flight.cameras)[:, :2] @ flight.launch_ms[..., None])[..., 0]
        return _given("speed_across", FLOWN + ACROSS, np.linalg.norm(across, axis=1) * KMH, flight.likely)
    seen = ruler.launch(shot)
    if isinstance(seen, str):
        return _withheld("speed_across", RULED + ACROSS, seen)
    return _given("speed_across", RULED + ACROSS, seen.across_ms * KMH, _even(seen.across_ms))


def _even(samples: Floats) -> Floats:
    """Samples -> the share of each where all are as likely."""
    return np.full(len(samples), 1 / len(samples))


def _given(name: str, method: str, samples_kmh: Floats, share: Floats) -> Measure:
    """Likely values, the share of each -> the measure."""
    wider = 1.0 if method.startswith(RULED) else SPEEDS_WIDER
    value, low, high = interval(samples_kmh, share, MODEL_SD * float(np.median(samples_kmh)), wider)
    return Measure(name, "km/h", value, max(low, 0.0), high, method)


def _withheld(name: str, method: str, why_not: str) -> Measure:
    return Measure(name, "km/h", None, method=method, why_not=why_not)
