"""A shot's speed against others by the same phone -> by how much it was harder than usual, in words.

One phone's lens is the same in every shot, so this is surer than any of the speeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import expm1, hypot, log

from .speeds import Z_90, Speed

LEAST_USUAL = 3  # shots that make a usual one


@dataclass(frozen=True, slots=True)
class Harder:
    """By how much a shot was harder than usual, as a share, with its 90 % interval; softer below 0."""

    share: float
    low: float
    high: float

    def words(self) -> str:
        """-> in words.

        >>> Harder(0.12, 0.03, 0.22).words(), Harder(0.02, -0.1, 0.15).words()
        ('12 % harder than usual (3 to 22 %)', 'about as hard as usual (−10 to +15 %)')
        >>> Harder(-0.2, -0.3, -0.1).words()
        '20 % softer than usual (10 to 30 %)'
        """
        low, high = round(100 * self.low), round(100 * self.high)
        if low <= 0 <= high:
            return f"about as hard as usual (−{-low} to +{high} %)"
        if self.share > 0:
            return f"{100 * self.share:.0f} % harder than usual ({low} to {high} %)"
        return f"{-100 * self.share:.0f} % softer than usual ({-high} to {-low} %)"


def harder(one: Speed, usual: Sequence[Speed]) -> Harder | None:
    """A speed, others by the same phone -> by how much it is harder than those usually are, None of fewer than three.

    >>> harder(Speed(110, 106, 114), [Speed(100, 96, 104)] * 5).words()
    '10 % harder than usual (6 to 15 %)'
    >>> harder(Speed(110, 106, 114), [Speed(100, 96, 104)] * 2) is None
    True
    """
    if len(usual) < LEAST_USUAL:
        return None
    logs = [log(max(speed.value, 1e-6)) for speed in usual]
    doubts = [speed.doubt / Z_90 for speed in usual]
    off = log(max(one.value, 1e-6)) - sum(logs) / len(logs)
    spread = Z_90 * hypot(one.doubt / Z_90, (sum(sd**2 for sd in doubts)) ** 0.5 / len(doubts))
    return Harder(expm1(off), expm1(off - spread), expm1(off + spread))
