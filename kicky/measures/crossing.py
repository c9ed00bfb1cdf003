"""Shot -> where the ball's centre crosses the plane of the goal."""

from __future__ import annotations

import numpy as np

from ..domain import Measure, Shot
from .flown import LEAST_CROSS, SHORT, interval, why_none

METHOD = "flight: where the fitted path crosses the goal's plane"
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
        return Measure(name, "m", None, method=METHOD, why_not=why_none(shot))
    crosses = np.isfinite(flight.crossing[:, column])
    if flight.likely[crosses].sum() < LEAST_CROSS:
        return Measure(name, "m", None, method=METHOD, why_not=SHORT)
    return Measure(name, "m", *interval(flight.crossing[crosses, column], flight.likely[crosses], MODEL_SD_M), METHOD)
