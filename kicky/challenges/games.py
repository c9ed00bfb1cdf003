"""The challenges: what each is called, what counts, and what a player's shot made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .targets import CORNERS, ZONES, Zone, on_target
from .tries import Result, Try

IN_A_ROW = 10
Judge = Callable[[Sequence[Try], str], list[Result | None]]
"""A player's shots in order, his weak foot -> what each was, None where it was no try."""


@dataclass(frozen=True, slots=True)
class Game:
    """A challenge that is won by counting: its title, its rule in a sentence, what is drawn on the mouth, its judge.

    `verb` follows "7 of 9". `row`: the longest run counts, not all hits.
    """

    title: str
    rule: str
    judge: Judge
    zones: tuple[Zone, ...] = ()
    verb: str = "hit"
    row: bool = False


def went_in(shot: Try) -> Result:
    """Shot -> hit where it was a goal."""
    return {"goal": Result.HIT, "no_goal": Result.MISSED}.get(shot.outcome, Result.UNCERTAIN)


def weak_foot(shots: Sequence[Try]) -> str:
    """A player's shots of all days -> the foot he uses less, "" where that cannot be told.

    >>> told = lambda feet: weak_foot([Try(1, 1, "Ana", "goal", foot) for foot in feet.split()])
    >>> told("left right right unsure"), told("left left"), told("left right"), told("unsure")
    ('left', 'right', '', '')
    """
    used = Counter(shot.foot for shot in shots)
    if used["left"] == used["right"]:
        return ""
    return "left" if used["left"] < used["right"] else "right"


def _goals(shots: Sequence[Try], _weak: str) -> list[Result | None]:
    return [went_in(shot) for shot in shots]


def _weak(shots: Sequence[Try], weak: str) -> list[Result | None]:
    """A shot whose foot nobody could tell may have been a try: it is uncertain, whatever became of it."""
    if not weak:
        return [None] * len(shots)
    unsure = (Result.UNCERTAIN if shot.foot == "unsure" else None for shot in shots)
    return [went_in(shot) if shot.foot == weak else other for shot, other in zip(shots, unsure, strict=True)]


def _in_zones(zones: Sequence[Zone]) -> Judge:
    return lambda shots, _weak: [on_target(shot, zones) for shot in shots]


def zone_game(name: str) -> Game:
    """One of the nine zones -> the challenge to hit it."""
    zone = ZONES[name]
    rule = f"Goals through the marked zone, {name}. Every shot counts as a try."
    return Game(f"Zone: {name}", rule, _in_zones([zone]), (zone,))


GAMES = {
    "goals": Game("Most goals", "Every shot counts as a try.", _goals, verb="in"),
    "corners": Game(
        "Corners", "Goals through one of the four marked corners. Every shot counts as a try.",
        _in_zones(CORNERS), CORNERS,
    ),
    "zone": zone_game("top left"),
    "weak": Game(
        "Weak foot", "Goals with the foot that a player uses less over all days. Only shots with it are tries.",
        _weak, verb="in",
    ),
    "row": Game(
        f"{IN_A_ROW} in a row", "The longest run of goals on one day. An uncertain shot neither adds nor ends it.",
        _goals, row=True,
    ),
}  # fmt: skip
"""Those that are counted, the zone as the player chooses it; the hardest is measured, see `standings.strongest`."""
