"""Likely flights -> a number with its 90 % interval, or why there is none: what the measures of a flight share."""

from __future__ import annotations

import numpy as np

from ..domain import Floats, Shot

LEAST_CROSS = 0.9  # share of likely paths that must reach the goal's plane
SHORT = "The ball does not reach the goal's plane."
Z_90 = 1.645


def why_none(shot: Shot) -> str:
    """Shot without a flight -> the reason."""
    return shot.kick_why_not or shot.flight_why_not or "The flight was not worked out."


def interval(samples: Floats, more_sd: float) -> tuple[float, float, float]:
    """Likely values, 1 s.d. of what they leave out in the same unit -> their middle, and the 90 % interval about it."""
    value = float(np.median(samples))
    low, high = (float(edge) for edge in np.percentile(samples, [5, 95]))
    more = Z_90 * more_sd
    return value, value - float(np.hypot(value - low, more)), value + float(np.hypot(high - value, more))
