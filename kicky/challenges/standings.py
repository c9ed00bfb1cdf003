"""Who leads, and in which places the others are, as surely as uncertain shots and intervals let it be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..speeds import Speed, Unit, hardest, words
from .tries import Tally, Try


@dataclass(frozen=True, slots=True)
class Place:
    """The best and the worst place that a player may be in, 1 the first."""

    best: int
    worst: int

    def words(self) -> str:
        """-> '2', or '1–3' where uncertain shots decide between them."""
        return str(self.best) if self.best == self.worst else f"{self.best}–{self.worst}"


def places(scores: Mapping[str, tuple[int, int]]) -> dict[str, Place]:
    """Players' hits, at least and at most -> the place of each; who has as many shares it.

    >>> told = places({"Ana": (5, 5), "Ben": (3, 4), "Cem": (4, 4), "Dee": (1, 1)})
    >>> [f"{name} {place.words()}" for name, place in told.items()]
    ['Ana 1', 'Ben 2–3', 'Cem 2', 'Dee 4']
    """
    found = {}
    for name, (low, high) in scores.items():
        others = [each for other, each in scores.items() if other != name]
        found[name] = Place(1 + sum(each[0] > high for each in others), 1 + sum(each[1] > low for each in others))
    return found


def leaders(scores: Mapping[str, tuple[int, int]]) -> str:
    """Players' hits, at least and at most -> who leads, in words; "" where nobody can have hit.

    >>> leaders({"Ana": (5, 5), "Ben": (3, 4)}), leaders({"Ana": (4, 4), "Ben": (4, 4)})
    ('Ana leads.', 'Ana and Ben are level.')
    >>> leaders({"Ana": (4, 4), "Ben": (3, 5), "Cem": (0, 1)}), leaders({"Ana": (0, 0)})
    ('Open between Ana and Ben: uncertain shots decide it.', '')
    """
    most = max((low for low, _ in scores.values()), default=0)
    first = sorted(name for name, (_, high) in scores.items() if high >= max(most, 1))
    if not first:
        return ""
    if len(first) == 1:
        alone = most > 0 or len(scores) == 1
        return f"{first[0]} leads." if alone and most else f"Open: only {first[0]} may have one."
    named = f"{', '.join(first[:-1])} and {first[-1]}"
    if all(scores[name] == (most, most) for name in first):
        return f"{named} are level."
    return f"Open between {named}: uncertain shots decide it."


def counted(found: Tally) -> tuple[int, int]:
    """Tally -> the hits at least and at most."""
    return found.hit, found.at_most


@dataclass(frozen=True, slots=True)
class Strongest:
    """The shot most likely to be the hardest, its player's and its speed; whose hardest may have been as hard.

    `one_lens`: the intervals overlap, but one phone filmed them all, and its lens is off for all alike.
    """

    shot: Try
    speed: Speed
    rivals: tuple[tuple[str, Speed], ...] = ()
    one_lens: bool = False

    def words(self, unit: Unit = Unit.KMH) -> str:
        """-> in words, which crown nobody whose interval overlaps the next one's without saying so."""
        told = f"{self.shot.player}, {words(self.speed, unit)}"
        if self.rivals:
            also = " and ".join(f"{name}'s {words(speed, unit)}" for name, speed in self.rivals)
            return f"Most likely {told}. The intervals overlap: {also} may have been as hard."
        if self.one_lens:
            return (
                f"{told}. The intervals overlap, but one phone filmed all of them, so the order is surer than they are."
            )
        return f"{told}."


def bests(shots: Sequence[Try]) -> dict[str, Try]:
    """Shots -> each player's own that is most likely the hardest."""
    held = _held(shots)
    found: dict[str, Try] = {}
    for name in sorted({shot.player for shot in shots}):
        mine = [(shot, speed) for shot, speed in held if shot.player == name]
        if (best := hardest([speed for _, speed in mine])) is not None:
            found[name] = mine[best[0]][0]
    return found


def strongest(shots: Sequence[Try]) -> Strongest | None:
    """Shots of named players -> the hardest, each player's best held against the others'; None without a speed."""
    mine = bests(shots)
    held = _held(list(mine.values()))
    found = hardest([speed for _, speed in held])
    if found is None:
        return None
    best, fast = held[found[0]]
    rivals = [(shot, speed) for shot, speed in held if shot is not best]
    if best.speed is None:
        return None
    close = tuple((shot.player, shot.speed) for shot, speed in rivals if speed.high >= fast.low and shot.speed)
    seem = any(shot.speed is not None and shot.speed.high >= best.speed.low for shot, _ in rivals)
    return Strongest(best, best.speed, close, seem and not close)


def _held(shots: Sequence[Try]) -> list[tuple[Try, Speed]]:
    """Shots -> those with a speed, and what each is compared by: without the lens where one phone filmed them all."""
    known = [shot for shot in shots if shot.speed is not None]
    one_phone = len({shot.session_id for shot in known}) == 1 and all(shot.alike for shot in known)
    compared = ((shot, shot.alike if one_phone else shot.speed) for shot in known)
    return [(shot, speed) for shot, speed in compared if speed is not None]
