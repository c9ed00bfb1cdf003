"""Likely flights -> a number with its 90 % interval, or why there is none: what the measures of a flight share."""

from __future__ import annotations

import numpy as np

from ..domain import Floats, Shot

LEAST_CROSS = 0.9  # share of likely paths that must reach the goal's plane
SHORT = "The ball does not reach the goal's plane."
Z_90 = 1.645
# How much more speeds spread than likely flights do, each flight being sure of which sightings are its own: of 39
# rendered shots (seeds 411, 613) the flights' own interval held 79 %, so much wider it holds 85 %; of 40 that did not
# choose it (310, 512) 82 and 93 %.
SPEEDS_WIDER = 1.3


def why_none(shot: Shot) -> str:
    """Shot without a flight -> the reason."""
    return shot.kick_why_not or shot.flight_why_not or "The flight was not worked out."


def interval(samples: Floats, share: Floats, more_sd: float, wider: float = 1.0) -> tuple[float, float, float]:
    """Likely values, the share of each, 1 s.d. of what they leave out -> their middle, and the 90 % interval about it.

    `wider` is by how much what is measured spreads more than they do.

    >>> [round(edge, 1) for edge in interval(np.array([1.0, 2, 3, 4, 5]), np.full(5, 0.2), 0.0)]
    [3.0, 1.0, 5.0]
    >>> [round(edge, 1) for edge in interval(np.array([1.0, 2, 3, 4, 5]), np.array([0.0, 0, 0.5, 0.5, 0]), 0.0)]
    [3.0, 3.0, 4.0]
    """
    edges = np.quantile(samples, [0.05, 0.5, 0.95], weights=share, method="inverted_cdf")
    low, value, high = (float(edge) for edge in edges)
    more = Z_90 * more_sd
    below, above = wider * (value - low), wider * (high - value)
    return value, value - float(np.hypot(below, more)), value + float(np.hypot(above, more))
