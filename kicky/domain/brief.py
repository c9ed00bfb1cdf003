"""The nouns a coach works with: what may be said of a shot or of a session, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .words import Foot, How, Verdict

Image = NDArray[np.uint8]
"""(H, W, 3), blue green red."""
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Fact:
    """One number as a player is shown it, or the reason there is none. value, low, high, usual and own are in `unit`.

    `text` is the number with its 90 % interval, as in "120° (110–130)". `flag` is low, in, high or unclear against
    `usual`, the published range from `source`; empty without a range. `own` is what the player's own earlier shots
    mostly lie between, `own_flag` low or high where this one lies outside for sure. `note` says either in words.
    """

    name: str
    title: str
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    flag: str = ""
    usual: Span | None = None
    source: str = ""
    own: Span | None = None
    own_flag: str = ""
    note: str = ""
    why_not: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.why_not:
            raise ValueError(f"Fact {self.name}: no value and no reason")
        if self.value is not None and (self.low is None or self.high is None or not self.text):
            raise ValueError(f"Fact {self.name}: a value needs an interval and a text")


@dataclass(frozen=True, slots=True)
class Tally:
    """Shots counted: goals among those that were judged, with the 90 % interval of their share, and the misses by how.

    `unsure` counts those nobody could judge; they are not among `shots`.
    """

    shots: int
    goals: int
    low: float
    high: float
    unsure: int = 0
    misses: tuple[tuple[How, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing between the earlier sessions and this one. `sure` when the 90 % interval of the change leaves out 0.

    `better` is None where nobody can say which way is better. `text` gives both sides as a player is shown them.
    """

    name: str
    title: str
    unit: str
    before: float
    now: float
    low: float
    high: float
    text: str
    sure: bool
    better: bool | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing that cost goals in a session: `text` says it, with how many of the `misses` show it.

    `shots` are the places of those among the session's shots; `goals` of `all_goals` show it, too. `name` is a way of
    missing, or a measure, and then `flag` says on which side of its range.
    """

    name: str
    flag: str
    text: str
    shots: tuple[int, ...]
    misses: int
    goals: int = 0
    all_goals: int = 0


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a coach is told of one shot (`kind` "shot"), or of a player's whole session ("session").

    A session has no verdict of its own: `now` and `before` count its goals and those of earlier sessions, `facts`
    are its means, `changes` what lies between it and them, `costs` what cost most goals, that first. `player` is
    empty when nobody was named.
    """

    kind: str
    verdict: Verdict = Verdict.UNSURE
    how: How = How.UNCLEAR
    why: str = ""
    p_goal: float | None = None
    foot: Foot = Foot.UNSURE
    player: str = ""
    facts: tuple[Fact, ...] = ()
    now: Tally | None = None
    before: Tally | None = None
    changes: tuple[Change, ...] = ()
    costs: tuple[Cost, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in ("shot", "session"):
            raise ValueError(f"Brief.kind: expected shot or session, got {self.kind!r}")
        if self.kind == "session" and self.now is None:
            raise ValueError("Brief.now: a session needs its tally")

    def fact(self, name: str) -> Fact | None:
        """Name -> that fact, None when the shot has none of that name."""
        return next((fact for fact in self.facts if fact.name == name), None)


Coach = Callable[[Brief, Sequence[Image]], Iterator[str]]
"""Brief, pictures of the strike (before, at, after contact; may be none) -> the advice, piece by piece."""
