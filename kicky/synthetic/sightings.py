"""Ball, people, lens -> what a motion detector would have reported in each frame, clutter and all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import supervision as sv

from ..camera import Y
from ..domain import Bools, Floats, Label
from .physics import BALL_RADIUS_M, POST_RADIUS_M, Goal
from .stands import SIZE_WH_PX, Lens

HALF_WIDTH_M = 0.25
NIGHT_SHARE = 0.3
# Boots, hands, head: which half of the step, how far aside (0.15 m), how high, how wide it swings for each m/s, size.
# The head lies at the ground, which was not meant: every figure published so far was measured with it there.
_LIMBS = (
    (0, 1.0, 0.08, 0.1, 0.16),
    (1, -1.0, 0.08, 0.1, 0.16),
    (1, 1.6, 1.05, 0.06, 0.1),
    (0, -1.6, 1.05, 0.06, 0.1),
    (0, 0.0, -0.12, 0.0, 0.2),
)
Rows = Floats  # (n, 5): x, y, diameter, score, at rest


@dataclass(frozen=True, eq=False, slots=True)
class Person:
    """Where somebody is: `ground_m` (T, 2) under the body's axis; `boot_m` (T, 3) is the kicking foot, NaN without."""

    ground_m: Floats
    height_m: float
    boot_m: Floats

    def axis(self, lens: Lens) -> tuple[Floats, Floats, Floats]:
        """-> (T, 2, 2) feet and head in pixels, (T,) half the width, (T,) depth in metres; NaN behind the lens."""
        feet = np.pad(self.ground_m, ((0, 0), (0, 1)))
        px, depth = lens.project(np.stack([feet, feet + [0, 0, self.height_m]], axis=1))
        near = depth.min(axis=1)
        px[near < 0.5] = np.nan
        return px, lens.focal_px * HALF_WIDTH_M / np.maximum(near, 0.5), near

    def hides(self, lens: Lens, px: Floats, depth: Floats) -> Bools:
        """(T, 2) places in the picture, their depth -> whether each is behind the body, a plain column."""
        ends, half, near = self.axis(lens)
        share, apart = _beside(px, ends[:, 0], ends[:, 1])
        return np.asarray((depth > near) & (share > 0) & (share < 1) & (apart < half))

    def box(self, lens: Lens) -> Floats:
        """-> (T, 4) x0 y0 x1 y1, NaN where the body is behind the lens."""
        ends, half, _ = self.axis(lens)
        low, high = ends.min(axis=1), ends.max(axis=1)
        return np.column_stack([low[:, 0] - half, low[:, 1], high[:, 0] + half, high[:, 1]])

    def limbs_m(self, time_s: Floats, rng: np.random.Generator) -> Floats:
        """-> (5, T, 3) two boots, two hands and the head, swinging the wider the faster the body goes."""
        step = np.gradient(self.ground_m, time_s, axis=0)
        pace = np.convolve(np.hypot(*step.T), np.ones(5) / 5, mode="same")
        way = np.divide(step, pace[:, None] + 1e-6)
        aside = np.column_stack([-way[:, 1], way[:, 0]])
        phase = 2 * np.pi * (rng.uniform(1.2, 1.8) * time_s + rng.random())
        limbs = []
        for beat, side, height, wide, _ in _LIMBS:
            swing = np.sin(phase + np.pi * beat) * wide * pace
            ground = self.ground_m + way * swing[:, None] + 0.15 * side * aside
            limbs.append(np.column_stack([ground, height * self.height_m / 1.75 + 0.4 * np.abs(swing)]))
        return np.array(limbs)


@dataclass(frozen=True, eq=False, slots=True)
class Scenery:
    """All that is in front of the lens: the ball (T, 3) and at both ends of the exposure, people, frame."""

    lens: Lens
    goal: Goal
    time_s: Floats
    ball_m: Floats
    opened_m: Floats
    closed_m: Floats
    lying: Bools
    people: tuple[Person, ...]


def look(scenery: Scenery, rng: np.random.Generator) -> tuple[sv.Detections, ...]:
    """Scenery -> a frame's ball candidates and moving people, for each frame."""
    count = len(scenery.time_s)
    ball = _ball(scenery, rng)
    clutter = [*_limbs(scenery, rng), *_strays(count, rng)]
    boxes = [_boxes(person.box(scenery.lens), rng) for person in scenery.people]
    found = []
    for frame in range(count):
        rows = [source[frame] for source in clutter if np.isfinite(source[frame, 0])]
        here = ball[frame]
        if here[4] > 0:  # what moves over the lying ball is taken for it
            rows = [row for row in rows if np.hypot(*(row[:2] - here[:2])) > 0.6 * here[2]]
        if np.isfinite(here[0]):
            rows.append(here)
        order = rng.permutation(len(rows))
        found.append(_detections([rows[k] for k in order], [box[frame] for box in boxes if np.isfinite(box[frame, 0])]))
    return tuple(found)


def _detections(rows: Sequence[Floats], boxes: Sequence[Floats]) -> sv.Detections:
    """Candidates, people -> sv.Detections as the motion detector gives them."""
    ball, people = np.reshape(rows, (-1, 5)), np.reshape(boxes, (-1, 5))
    half = ball[:, 2:3] / 2
    balls, bodies = len(ball), len(people)
    return sv.Detections(
        xyxy=np.vstack([np.hstack([ball[:, :2] - half, ball[:, :2] + half]), people[:, :4]]),
        confidence=np.concatenate([ball[:, 3], people[:, 4]]),
        class_id=np.array([Label.BALL] * balls + [Label.PLAYER] * bodies, dtype=int),
        data={
            "at_rest": np.concatenate([ball[:, 4] > 0, np.zeros(bodies, dtype=bool)]),
            "diameter_px": np.concatenate([ball[:, 2], people[:, 2] - people[:, 0]]),
            "shown": np.ones(balls + bodies),
        },
    )


def _ball(scenery: Scenery, rng: np.random.Generator) -> Rows:
    """-> (T, 5) the ball's own candidate, NaN where it is missed, hidden or out of the picture."""
    lens, count = scenery.lens, len(scenery.time_s)
    px, depth = lens.project(scenery.ball_m)
    blur = lens.project(scenery.closed_m)[0] - lens.project(scenery.opened_m)[0]
    true_px = lens.focal_px * 2 * BALL_RADIUS_M / np.maximum(depth, 0.5)
    seen = (depth > 0.5) & (px > 0).all(axis=1) & (px < SIZE_WH_PX).all(axis=1)
    for person in scenery.people:
        seen &= ~person.hides(lens, px, depth)
    chance = np.full(count, 1 - rng.uniform(0.2, 0.6))
    chance *= np.where(true_px < 3, 0.6, np.where(true_px < 5, 0.85, 1.0))
    if lens.parameters[Y] < 0:  # through the netting
        chance *= np.where(scenery.ball_m[:, 1] > 0, 0.85, 1.0)
    chance *= np.where(_behind_frame(scenery, px, depth), 0.3, 1.0)
    seen &= rng.random(count) < np.where(scenery.lying, 0.9, chance)

    measured = px + rng.normal(0, rng.uniform(0.5, 2.0), (count, 2)) + 0.12 * rng.normal(0, 1, (count, 1)) * blur
    measured[scenery.lying] = px[scenery.lying] + rng.normal(0, 0.3, (int(scenery.lying.sum()), 2))
    # The mask's bias is the clip's own, and by night it swells; the lying ball's circle is measured once, better.
    factor, swell = np.exp(rng.normal(0, 0.05)), rng.normal(0, 0.4)
    if rng.random() < NIGHT_SHARE:
        swell += rng.uniform(1, 2)
    diameter = np.maximum(true_px * factor + swell + rng.normal(0, 0.8, count), 1.5)
    diameter[scenery.lying] = true_px[scenery.lying] * np.exp(rng.normal(0, 0.04))
    score = np.where(scenery.lying, 1.0, rng.uniform(0.4, 0.95, count))
    rows = np.column_stack([measured, diameter, score, scenery.lying])
    rows[~seen] = np.nan
    return rows


def _behind_frame(scenery: Scenery, px: Floats, depth: Floats) -> Bools:
    """-> is the ball's centre behind a post or the bar."""
    half, height = scenery.goal.width_m / 2 + POST_RADIUS_M, scenery.goal.height_m + POST_RADIUS_M
    feet, tops = np.array([[-half, 0, 0], [half, 0, 0]]), np.array([[-half, 0, height], [half, 0, height]])
    feet, tops = np.array([[-half, 0, 0], [half, 0, 0]]), np.array([[-half, 0, height], [half, 0, height]])
    ends = np.array([[feet[0], tops[0]], [feet[1], tops[1]], tops])
    ends_px, ends_depth = scenery.lens.project(ends)
    behind = np.zeros(len(px), dtype=bool)
    for (start, end), depths in zip(ends_px, ends_depth, strict=True):
        share, apart = _beside(px, start, end)
        at = depths[0] + share * (depths[1] - depths[0])
        behind |= (apart < scenery.lens.focal_px * POST_RADIUS_M / at) & (depth > at)
    return behind


def _beside(px: Floats, start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Points, a segment (or one for each) -> (n,) how far along it each lies, 0..1, and how far from it in pixels."""
    along = end - start
    share = np.clip(((px - start) * along).sum(axis=-1) / (along * along).sum(axis=-1), 0, 1)
    return share, np.hypot(*(px - start - share[:, None] * along).T)


def _limbs(scenery: Scenery, rng: np.random.Generator) -> list[Rows]:
    """-> (T, 5) for each limb that now and then looks like a ball."""
    sources = []
    for person in scenery.people:
        there = np.isfinite(person.box(scenery.lens)[:, 0])
        moving = np.hypot(*np.gradient(person.ground_m, axis=0).T) > 1e-3
        kinds = [*zip(person.limbs_m(scenery.time_s, rng), (limb[-1] for limb in _LIMBS), strict=True)]
        if np.isfinite(person.boot_m).any():
            kinds.append((person.boot_m, 0.2))
        for place_m, size_m in kinds:
            px, depth = scenery.lens.project(np.nan_to_num(place_m))
            often = rng.uniform(0.1, 0.5) * np.where(moving | np.isfinite(person.boot_m[:, 0]), 1.0, 0.4)
            seen = (rng.random(len(px)) < often) & np.isfinite(place_m[:, 0]) & there
            seen &= (px > 0).all(axis=1) & (px < SIZE_WH_PX).all(axis=1)
            size = scenery.lens.focal_px * size_m / np.maximum(depth, 0.5) * np.exp(rng.normal(0, 0.2, len(px)))
            sources.append(_clutter(px + rng.normal(0, 1.5, px.shape), np.maximum(size, 2.0), seen, rng))
    return sources


def _strays(count: int, rng: np.random.Generator) -> list[Rows]:
    """-> (T, 5) something that flutters in one place, and two sources of noise anywhere."""
    flutter = rng.uniform((100, 300), (1820, 1000)) + rng.normal(0, 4, (count, 2))
    sources = [_clutter(flutter, rng.uniform(3, 14, count), rng.random(count) < rng.uniform(0, 0.4), rng)]
    for often in (rng.uniform(0, 0.6), rng.uniform(0, 0.3)):
        anywhere = rng.uniform((0, 200), (1920, 1060), (count, 2))
        sources.append(_clutter(anywhere, rng.uniform(3, 14, count), rng.random(count) < often, rng))
    return sources


def _clutter(px: Floats, size: Floats, seen: Bools, rng: np.random.Generator) -> Rows:
    rows = np.column_stack([px, size, rng.uniform(0.1, 0.8, len(px)), np.zeros(len(px))])
    rows[~seen] = np.nan
    return rows


def _boxes(true_px: Floats, rng: np.random.Generator) -> Floats:
    """(T, 4) a body's box -> (T, 5) the box as detected, clipped to the picture, and score."""
    count, height = len(true_px), true_px[:, 3] - true_px[:, 1]
    box = true_px + rng.normal(0, 0.012, (count, 4)) * height[:, None]
    wide, tall = SIZE_WH_PX
    box = np.column_stack([np.clip(box[:, [0, 2]], 0, wide), np.clip(box[:, [1, 3]], 0, tall)])[:, [0, 2, 1, 3]]
    left = (box[:, 2] - box[:, 0] > 4) & (box[:, 3] - box[:, 1] > 0.2 * height) & (rng.random(count) > 0.05)
    rows = np.column_stack([box, rng.uniform(0.5, 1.0, count)])
    rows[~left] = np.nan
    return rows
