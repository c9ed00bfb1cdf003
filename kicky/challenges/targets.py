"""Parts of the goal's mouth, how likely a ball went through them, and what that makes of a shot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .tries import Crossing, Result, Try

HIT, MISSED = 0.9, 0.1
"""A shot in the target nine times in ten or surer has hit it, one in ten or less has missed; else it is uncertain."""
ROWS, COLUMNS = ("bottom", "middle", "top"), ("left", "middle", "right")


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle in the mouth as the shooter sees it, in shares of the goal's width and height from bottom left."""

    left: float
    right: float
    low: float
    high: float


def _zone(column: int, row: int) -> Zone:
    return Zone(column / 3, (column + 1) / 3, row / 3, (row + 1) / 3)


ZONES = {
    "centre" if (row, column) == ("middle", "middle") else f"{row} {column}": _zone(
        COLUMNS.index(column), ROWS.index(row)
    )
    for row in reversed(ROWS)
    for column in COLUMNS
}
"""The nine of the goal's mouth as it is drawn, by their names, the top row first."""
CORNERS = tuple(ZONES[f"{row} {column}"] for row in ("top", "bottom") for column in ("left", "right"))
MOUTH = Zone(0.0, 1.0, 0.0, 1.0)


def chance(crossing: Crossing, zones: Sequence[Zone], goal_m: tuple[float, float]) -> float:
    """Crossing, zones that do not overlap, the goal's size -> how likely the ball's centre passed through one of them.

    Across and up are taken as independent: how the two are off together is not kept.
    """
    width, height = goal_m
    found = 0.0
    for zone in zones:
        across = crossing.x_m.below((zone.right - 0.5) * width) - crossing.x_m.below((zone.left - 0.5) * width)
        up = crossing.z_m.below(zone.high * height) - crossing.z_m.below(zone.low * height)
        found += across * up
    return found


def on_target(shot: Try, zones: Sequence[Zone]) -> Result:
    """Shot, a target's zones -> hit, missed or uncertain.

    Only a goal hits. Of a goal it is known that the ball was in the mouth, so its chance is that of the target within
    it. A shot that nobody could tell is uncertain, unless its flight says that it was nowhere near the target.
    """
    if shot.outcome == "no_goal":
        return Result.MISSED
    if shot.crossing is None:
        return Result.UNCERTAIN
    there = chance(shot.crossing, zones, shot.goal_m)
    if shot.outcome != "goal":
        return Result.MISSED if there <= MISSED else Result.UNCERTAIN
    mouth = chance(shot.crossing, [MOUTH], shot.goal_m)
    if mouth < MISSED:  # the flight contradicts the verdict, and says nothing about where in the mouth it was
        return Result.UNCERTAIN
    there /= mouth
    return Result.HIT if there >= HIT else Result.MISSED if there <= MISSED else Result.UNCERTAIN


@dataclass(frozen=True, slots=True)
class Mark:
    """A shot in a challenge, for its picture: where it crossed in shares of the goal, and what it made of it."""

    shot_id: int
    player: str
    across: float
    up: float
    result: Result


def marked(shots: Sequence[Try], results: Sequence[Result | None]) -> list[Mark]:
    """Shots, what each was -> a mark for each that was a try and whose place in the goal is known."""
    found = []
    for shot, result in zip(shots, results, strict=True):
        if result is not None and shot.crossing is not None:
            width, height = shot.goal_m
            across, up = shot.crossing.x_m.value / width + 0.5, shot.crossing.z_m.value / height
            found.append(Mark(shot.shot_id, shot.player, across, up, result))
    return found
