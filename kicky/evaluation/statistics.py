"""The few statistics that an honest comparison of small samples needs.

They are held against scipy, statsmodels and scikit-learn in tests/evaluation/test_statistics.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from ..domain import Floats, Ints
from ..shares import wilson

CONFIDENCE, RESAMPLES, SEED, BINS = 0.95, 4000, 20260, 5


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval and how many it rests on; `value` is None where n is 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    k: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "low": self.low, "high": self.high, "n": self.n, "k": self.k}


def share(k: int, n: int) -> Interval:
    """k of n -> the share with its Wilson interval, see `shares`; none of nothing.

    >>> found = share(9, 12)
    >>> f"{found.low:.3f} to {found.high:.3f}"
    '0.468 to 0.911'
    """
    low, high = wilson(k, n, CONFIDENCE)
    return Interval(k / n, low, high, n, k) if n else Interval(None, None, None, 0, 0)


def mean(values: Floats) -> Interval:
    """(n,) -> their mean, give or take 1.96 standard errors; no interval of fewer than two."""
    n = len(values)
    if n < 2:
        return Interval(float(values[0]) if n else None, None, None, n)
    middle = float(np.mean(values))
    spread = float(stats.norm.ppf(0.5 + CONFIDENCE / 2) * np.std(values, ddof=1) / n**0.5)
    return Interval(middle, middle - spread, middle + spread, n)


def mcnemar(only_one: int, only_other: int) -> float:
    """Clips that only one gets right, and only the other -> the exact two-sided p of so uneven a split by chance.

    Q. McNemar, Note on the sampling error of the difference between correlated proportions, 1947.

    >>> mcnemar(0, 1)
    1.0
    """
    n = only_one + only_other
    return float(stats.binomtest(only_one, n, 0.5).pvalue) if n else 1.0


def paired_bootstrap(one: Floats, other: Floats) -> Interval:
    """(n,) of each, the same clips -> mean of other - one with its percentile interval, drawn by clip, always alike."""
    difference = np.asarray(other, dtype=np.float64) - np.asarray(one, dtype=np.float64)
    n = len(difference)
    if n < 2:
        return Interval(float(difference[0]) if n else None, None, None, n)
    middle = float(difference.mean())
    if np.ptp(difference) == 0:
        return Interval(middle, middle, middle, n)
    rng = np.random.default_rng(SEED)
    found = stats.bootstrap(
        (difference,), np.mean, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, method="percentile", rng=rng,
    )  # fmt: skip
    return Interval(middle, float(found.confidence_interval.low), float(found.confidence_interval.high), n)


def brier(p: Floats, happened: Floats) -> Interval:
    """(n,) probabilities, (n,) 0 or 1 -> the mean squared miss: 0 is perfect, 0.25 says nothing (Brier 1950)."""
    return mean((np.asarray(p, dtype=np.float64) - happened) ** 2)


@dataclass(frozen=True, slots=True)
class Bin:
    """Of the clips whose P(goal) lies in a stretch: its mean, and the share that were goals."""

    p: float
    share: Interval


def reliability(p: Floats, happened: Ints, bins: int = BINS) -> list[Bin]:
    """(n,) probabilities, (n,) 0 or 1 -> the stretches of equal width that hold any, in order."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    into = np.searchsorted(edges[1:-1], p)
    found = []
    for number in range(bins):
        here = into == number
        if here.any():
            found.append(Bin(float(np.mean(p[here])), share(int(happened[here].sum()), int(here.sum()))))
    return found
