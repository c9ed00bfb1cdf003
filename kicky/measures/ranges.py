"""Measure -> in range or out of it, given its interval; ranges only where somebody published them.

A range is the mean and one standard deviation of people who kick as our players do. The trunk's leans have none: no
figure in degrees was found. Nor has the hip's drive: theirs is the angle to the trunk, and ours that to upright.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from ..domain import Measure
from .flown import Z_90

# Telling somebody to change something wants better ground than leaving them be.
OUT, IN = 0.8, 0.6
_NORMAL = NormalDist()  # a hundredth of the time that scipy's takes for one number


class Flag(StrEnum):
    LOW = "low"
    IN = "in"
    HIGH = "high"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Range:
    """Published bounds of one measure, in its own unit, and where they were published."""

    low: float
    high: float
    source: str


_SCURR = "Scurr & Hall 2009, J Sports Sci Med 8(2): recreational players, penalty at full effort, mean ± 1 s.d."
RANGES = {
    "kicking_knee": Range(146.1, 166.3, _SCURR),
    "support_knee": Range(127.5, 143.1, _SCURR),
    "hip_abduction": Range(11.0, 29.0, _SCURR),
    "pelvis_tilt": Range(2.6, 12.2, _SCURR),
    "approach": Range(15.1, 45.5, _SCURR),
    "plant_aside": Range(0.257, 0.397, _SCURR),
    "plant_behind": Range(0.016, 0.178, _SCURR),
}


def flag(measure: Measure) -> Flag | None:
    """Measure -> where it lies, None without a value or without a published range.

    The measure is taken as normal about its value, each side as wide as its 90 % interval says.

    >>> flag(Measure("kicking_knee", "deg", 120, 110, 130))
    <Flag.LOW: 'low'>
    >>> flag(Measure("kicking_knee", "deg", 145, 130, 160))
    <Flag.UNCLEAR: 'unclear'>
    """
    given = RANGES.get(measure.name)
    if given is None or measure.value is None or measure.low is None or measure.high is None:
        return None
    below = _share_below(given.low, measure.value, measure.low, measure.high)
    above = 1 - _share_below(given.high, measure.value, measure.low, measure.high)
    for share, least, answer in ((below, OUT, Flag.LOW), (above, OUT, Flag.HIGH), (1 - below - above, IN, Flag.IN)):
        if share >= least:
            return answer
    return Flag.UNCLEAR


def _share_below(edge: float, value: float, low: float, high: float) -> float:
    half = value - low if edge < value else high - value
    return _NORMAL.cdf((edge - value) / max(half / Z_90, 1e-6))
