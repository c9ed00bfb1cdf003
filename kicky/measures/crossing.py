"""Shot -> where the ball's centre crosses the plane of the goal."""

from __future__ import annotations

import numpy as np

from ..domain import Measure, Shot

METHOD = "flight: where the fitted path crosses the goal's plane"
LEAST_CROSS = 0.9  # share of likely paths that must reach the plane
MODEL_SD_M = 0.05  # what lens, corners and the goal's true size leave beyond the samples


def crossing_x(shot: Shot) -> Measure:
    """Shot -> metres right of the goal's middle as the shooter sees it."""
    return _crossing(shot, "crossing_x", 1)


def crossing_z(shot: Shot) -> Measure:
    """Shot -> metres above the ground."""
    return _crossing(shot, "crossing_z", 2)


def _crossing(shot: Shot, name: str, column: int) -> Measure:
    flight = shot.flight
    if flight is None:
        why_not = shot.kick_why_not or shot.flight_why_not or "The flight was not worked out."
        return Measure(name, "m", None, method=METHOD, why_not=why_not)
    values = flight.crossing[np.isfinite(flight.crossing[:, column]), column]
    if len(values) < LEAST_CROSS * len(flight.crossing):
        return Measure(name, "m", None, method=METHOD, why_not="The ball does not reach the goal's plane.")
    value = float(np.median(values))
    low, high = (float(edge) for edge in np.percentile(values, [5, 95]))
    extra = 1.645 * MODEL_SD_M
    return Measure(name, "m", value, value - float(np.hypot(value - low, extra)),
                   value + float(np.hypot(high - value, extra)), METHOD)  # fmt: skip
