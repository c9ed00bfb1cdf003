"""What a game knows of a shot, and shots counted: hit, missed, uncertain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from ..speeds import Z_90, Speed

_NORMAL = NormalDist()


class Result(StrEnum):
    """What a shot made of a challenge."""

    HIT = "hit"
    MISSED = "missed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Spread:
    """A number with its 90 % interval: a bell about its middle, as wide on either side as the interval says."""

    value: float
    low: float
    high: float

    def below(self, edge: float) -> float:
        """Edge -> how likely the number is below it.

        >>> Spread(1.0, 0.5, 3.0).below(1.0), round(Spread(1.0, 0.5, 3.0).below(0.5), 3)
        (0.5, 0.05)
        """
        half = self.high - self.value if edge > self.value else self.value - self.low
        return _NORMAL.cdf((edge - self.value) / max(half / Z_90, 1e-6))


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the ball's centre crossed the goal's plane: metres right of the middle as the shooter sees it, and up."""

    x_m: Spread
    z_m: Spread


@dataclass(frozen=True, slots=True)
class Try:
    """A shot as a game sees it. `outcome` goal, no_goal or unsure; `foot` left, right or unsure; None: not known.

    `speed` is as it is told. `alike` is the same without what one phone's lens leaves open, to be held against others
    of the same `session_id` only. `goal_m` is the goal's own size.
    """

    shot_id: int
    session_id: int
    player: str
    outcome: str
    foot: str
    crossing: Crossing | None = None
    speed: Speed | None = None
    alike: Speed | None = None
    goal_m: tuple[float, float] = (7.32, 2.44)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were hit, missed, and could not be told."""

    hit: int = 0
    missed: int = 0
    uncertain: int = 0

    @property
    def at_most(self) -> int:
        """-> the hits there are if every uncertain one was one."""
        return self.hit + self.uncertain

    def words(self, hit: str = "hit") -> str:
        """-> in words; the uncertain ones stand beside the others, not among them.

        >>> Tally(7, 2, 2).words(), Tally(1, 3).words("in"), Tally(0, 0, 1).words(), Tally().words()
        ('7 of 9 hit, 2 uncertain', '1 of 4 in', '1 uncertain', 'no try')
        """
        told = self.hit + self.missed
        parts = [f"{self.hit} of {told} {hit}"] if told else []
        parts += [f"{self.uncertain} uncertain"] if self.uncertain else []
        return ", ".join(parts) or "no try"


def tally(results: Iterable[Result | None]) -> Tally:
    """Results, None for a shot that was no try -> how many of each.

    >>> tally([Result.HIT, None, Result.UNCERTAIN, Result.HIT])
    Tally(hit=2, missed=0, uncertain=1)
    """
    found = list(results)
    return Tally(*(found.count(each) for each in Result))


@dataclass(frozen=True, slots=True)
class Run:
    """Hits in a row, and how many uncertain shots lie among them, which neither add to it nor end it."""

    hit: int = 0
    uncertain: int = 0

    def words(self) -> str:
        """-> in words.

        >>> Run(4, 0).words(), Run(10, 1).words(), Run().words()
        ('4 in a row', '10 in a row, 1 uncertain among them', 'none')
        """
        among = f", {self.uncertain} uncertain among them" if self.uncertain else ""
        return f"{self.hit} in a row{among}" if self.hit else "none"


def at_least_most(results: Sequence[Result | None]) -> tuple[int, int]:
    """Results in order -> the longest run if every uncertain shot was missed, and if every one was hit.

    >>> hit, missed, uncertain = Result
    >>> at_least_most([hit, uncertain, hit, missed])
    (1, 3)
    """
    unsure = Result.UNCERTAIN
    runs = (
        longest([each if result is unsure else result for result in results]) for each in (Result.MISSED, Result.HIT)
    )
    low, high = (run.hit for run in runs)
    return low, high


def longest(results: Sequence[Result | None]) -> Run:
    """Results in the order they were shot -> the longest run of hits; of equal ones the surest.

    >>> hit, missed, uncertain = Result
    >>> longest([hit, uncertain, hit, uncertain, missed, hit])
    Run(hit=2, uncertain=1)
    >>> longest([hit, uncertain, hit, missed, hit, hit, uncertain]), longest([uncertain, None])
    (Run(hit=2, uncertain=0), Run(hit=0, uncertain=0))
    """
    best, hits, among, since = Run(), 0, 0, 0
    for result in results:
        if result is Result.MISSED:
            hits = among = since = 0
        elif result is Result.UNCERTAIN:
            since += 1  # among them only once another hit follows
        elif result is Result.HIT:
            among += since if hits else 0
            hits, since = hits + 1, 0
            if (hits, -among) > (best.hit, -best.uncertain):
                best = Run(hits, among)
    return best
