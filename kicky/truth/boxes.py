"""Boxes from few keyframes: players and goals in between, the ball ahead of the next click, and what a click meant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from ..domain import Floats
from ..storage import labels
from ..teach.labelled import BALL, BASE, GOAL, PLAYER, Box, Outline, Thing, thing_from_json

KEYED = (PLAYER, GOAL)
"""What is drawn in a few frames and interpolated; a ball is clicked in each."""
INTERPOLATED = "interpolated"
NEIGHBOURS = 3
MAGNET_BALLS, MAGNET_PX = 1.5, 12.0  # a click this near to a candidate meant it
BALL_PX = 12.0  # a ball of which nothing is known

Said = Mapping[int, tuple[Thing, ...]]
"""Frame: what a person says is in it."""


def drawn(clip_id: int) -> dict[int, tuple[Thing, ...]]:
    """Clip -> frame: what persons drew in it, as they drew it."""
    said = labels.all_of(clip_id, labels.BOXES)
    return {
        int(field.removeprefix(labels.BOXES)): tuple(thing_from_json(each) for each in json.loads(value))
        for field, value in said.items()
    }


def between(said: Said, frame: int, time_s: Floats) -> tuple[Thing, ...]:
    """Keyframes, a frame, the clip's times -> players and goals there, between the keyframes around it.

    A class that has no keyframe on both sides is not guessed at. Those of one class are paired by how near they are;
    one without a partner in the other keyframe is left out.
    """
    found: list[Thing] = []
    for label in KEYED:
        keys = [key for key in sorted(said) if any(BASE.get(thing.label) == label for thing in said[key])]
        before = [key for key in keys if key <= frame]
        after = [key for key in keys if key >= frame]
        if not before or not after:
            continue
        first, last = before[-1], after[0]
        share = 0.0 if first == last else float((time_s[frame] - time_s[first]) / (time_s[last] - time_s[first]))
        ones = [thing for thing in said[first] if BASE.get(thing.label) == label]
        others = [thing for thing in said[last] if BASE.get(thing.label) == label]
        found += [_mixed(one, other, share) for one, other in _pairs(ones, others)]
    return tuple(found)


def completed(said: Said, time_s: Floats) -> dict[int, tuple[Thing, ...]]:
    """What was drawn -> the same frames, each with the players and goals that its neighbours give where it has none."""
    whole = {}
    for frame, things in said.items():
        there = {BASE.get(thing.label) for thing in things}
        whole[frame] = (*things, *(thing for thing in between(said, frame, time_s) if thing.label not in there))
    return whole


def ball_ahead(said: Said, frame: int, time_s: Floats) -> Box | None:
    """Clicked balls, a frame -> where the ball is likely to be there, None where nothing tells.

    Between two clicks in their middle way; beyond the last, on as it went through the nearest NEIGHBOURS.
    """
    balls = {key: thing.box_px for key, things in said.items() for thing in things if BASE.get(thing.label) == BALL}
    near = sorted(balls, key=lambda key: abs(key - frame))[:NEIGHBOURS]
    if not near or min(abs(time_s[key] - time_s[frame]) for key in near) > 0.5:
        return None
    if len(near) == 1:
        return balls[near[0]]
    t = np.array([time_s[key] for key in near]) - time_s[frame]
    rows = np.array([balls[key] for key in near])
    degree = 1 if len(near) == 2 else 2
    x0, y0, x1, y1 = (float(np.polyval(np.polyfit(t, rows[:, k], degree), 0.0)) for k in range(4))
    return (x0, y0, x1, y1) if x1 - x0 > 1 and y1 - y0 > 1 else balls[near[0]]


def ball_at(click: tuple[float, float], candidates: Floats, ahead: Box | None) -> Box:
    """Click x y, (n, 3) candidates x y diameter, the ball expected -> the ball's box: a candidate near draws it there.

    Without one the click is its middle, and its size the one expected. A streak's box goes around all of it.
    """
    x, y = click
    if len(candidates):
        off = np.hypot(candidates[:, 0] - x, candidates[:, 1] - y)
        best = int(off.argmin())
        if off[best] <= max(MAGNET_PX, MAGNET_BALLS * float(candidates[best, 2])):
            cx, cy, size = (float(value) for value in candidates[best])
            return cx - size / 2, cy - size / 2, cx + size / 2, cy + size / 2
    width, height = (BALL_PX, BALL_PX) if ahead is None else (ahead[2] - ahead[0], ahead[3] - ahead[1])
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _pairs(ones: Sequence[Thing], others: Sequence[Thing]) -> list[tuple[Thing, Thing]]:
    """Things of two keyframes -> those that are the same one, the nearest first."""
    left, right, pairs = list(ones), list(others), []
    while left and right:
        one, other = min(((a, b) for a in left for b in right), key=lambda pair: _apart(*pair))
        pairs.append((one, other))
        left.remove(one)
        right.remove(other)
    return pairs


def _apart(one: Thing, other: Thing) -> float:
    a, b = np.array(one.box_px), np.array(other.box_px)
    return float(np.abs((a[:2] + a[2:]) - (b[:2] + b[2:])).sum())


def _mixed(one: Thing, other: Thing, share: float) -> Thing:
    """One thing in two keyframes -> in between; its outline too where both have one of as many corners."""
    box = _mix(one.box_px, other.box_px, share)
    outline: tuple[Outline, ...] = ()
    if [len(part) for part in one.outline_px] == [len(part) for part in other.outline_px]:
        outline = tuple(_mix(a, b, share) for a, b in zip(one.outline_px, other.outline_px, strict=True))
    x0, y0, x1, y1 = box
    return Thing(str(BASE[one.label]), (x0, y0, x1, y1), outline, {**one.origin, "source": INTERPOLATED})


def _mix(one: Sequence[float], other: Sequence[float], share: float) -> tuple[float, ...]:
    return tuple(float(a + share * (b - a)) for a, b in zip(one, other, strict=True))
