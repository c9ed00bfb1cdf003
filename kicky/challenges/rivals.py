"""Two players over their days: who won each, and what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .games import went_in
from .tries import Tally, Try, tally

ONE, OTHER, DRAW, OPEN = "one", "other", "draw", "open"


@dataclass(frozen=True, slots=True)
class Duel:
    """A day of two players: goals in as many shots of each, the first ones; who won: one, other, draw or open."""

    session_id: int
    shots: int
    one: Tally
    other: Tally

    @property
    def won(self) -> str:
        """A win stands whatever became of the uncertain shots; where they could turn it, it is open."""
        if self.one.hit > self.other.at_most:
            return ONE
        if self.other.hit > self.one.at_most:
            return OTHER
        return OPEN if self.one.uncertain or self.other.uncertain else DRAW


def duel(one: Sequence[Try], other: Sequence[Try]) -> Duel | None:
    """One day's shots of both, in order -> their duel over as many shots as the one with fewer took; None without."""
    count = min(len(one), len(other))
    if not count:
        return None
    return Duel(one[0].session_id, count, *(tally(map(went_in, shots[:count])) for shots in (one, other)))


def duels(shots: Sequence[Try], one: str, other: str) -> list[Duel]:
    """All shots in order, two players -> a duel for each day on which both shot."""
    days: dict[int, list[Try]] = {}
    for shot in shots:
        days.setdefault(shot.session_id, []).append(shot)
    found = (
        duel([shot for shot in day if shot.player == one], [shot for shot in day if shot.player == other])
        for day in days.values()
    )
    return [each for each in found if each is not None]


def score(found: Sequence[Duel]) -> tuple[int, int, int, int]:
    """Duels -> won by the one, by the other, drawn, open."""
    won = [each.won for each in found]
    one, other, draw, still_open = (won.count(kind) for kind in (ONE, OTHER, DRAW, OPEN))
    return one, other, draw, still_open
