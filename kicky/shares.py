"""Hits of tries -> where their true share may lie. The one such interval here; whoever shows it says its level."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

LEVELS = {0.90: "nine times in ten", 0.95: "19 times in 20"}
"""A level: how a reader is told it."""


def wilson(hits: int, tries: int, level: float) -> tuple[float, float]:
    """Hits of tries, how often it shall hold the true share -> the interval, all of 0..1 without a try.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927: it holds near 0 and 1 and
    for few tries. Raises: ValueError for more hits than tries.

    >>> [round(edge, 2) for edge in wilson(7, 10, 0.90)], [round(edge, 2) for edge in wilson(7, 10, 0.95)]
    ([0.44, 0.87], [0.4, 0.89])
    """
    if not 0 <= hits <= tries:
        raise ValueError(f"wilson: expected 0 <= hits <= tries, got {hits} of {tries}")
    if tries == 0:
        return 0.0, 1.0
    z2 = NormalDist().inv_cdf(0.5 + level / 2) ** 2
    middle = (hits + z2 / 2) / (tries + z2)
    half = sqrt(z2 * (hits * (tries - hits) / tries + z2 / 4)) / (tries + z2)
    return (0.0 if hits == 0 else middle - half), (1.0 if hits == tries else middle + half)
