"""Boxes from few keyframes: players and goals in between, and the box around a mask."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from .. import storage, video
from ..domain import Floats
from ..storage import labels
from ..teach.labelled import BASE, GOAL, PLAYER, Box, Outline, Thing, thing_from_json

KEYED = (PLAYER, GOAL)
"""What is drawn in a few frames and interpolated; a ball is clicked in each."""
INTERPOLATED = "interpolated"

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

    Players that have no keyframe on both sides are not guessed at; a goal stands still there. Those of one class are
    paired by how near they are; one without a partner in the other keyframe is left out.
    """
    found: list[Thing] = []
    for label in KEYED:
        keys = [key for key in sorted(said) if any(BASE.get(thing.label) == label for thing in said[key])]
        before = [key for key in keys if key <= frame]
        after = [key for key in keys if key >= frame]
        if label == GOAL:  # it stands still: where it was drawn last, it is
            before, after = before or after[:1], after or before[-1:]
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


def filled(clip_id: int) -> dict[int, tuple[Thing, ...]]:
    """Clip -> frame: what persons drew in it, with the players and goals that its neighbours give. Raises: NotFound."""
    said = drawn(clip_id)
    if not said:
        return said
    row = storage.clip(clip_id)
    return completed(said, video.open_clip(storage.film_there(row), row.slow_motion).time_s)


def hull(outline: Sequence[Outline]) -> Box:
    """Closed polygons x y x y … -> the box around them."""
    points = np.concatenate([np.reshape(part, (-1, 2)) for part in outline])
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return x0, y0, x1, y1


def crosses_itself(polygon: Outline) -> bool:
    """Closed polygon x y x y … -> whether two of its edges cross; that they touch is no harm.

    >>> crosses_itself((0, 0, 9, 9, 9, 0, 0, 9)), crosses_itself((0, 0, 9, 0, 9, 9, 0, 9))
    (True, False)
    """
    first = np.reshape(polygon, (-1, 2)).astype(np.float64)
    last = np.roll(first, -1, axis=0)
    along = (last - first)[:, None]

    def side(points: Floats) -> Floats:
        """(n, 2) points -> (n, n): on which side of each edge each of them lies."""
        to = points[None] - first[:, None]
        return np.asarray(along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0])

    apart = side(first) * side(last) < 0
    return bool((apart & apart.T).any())


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
