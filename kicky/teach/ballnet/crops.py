"""Flights -> crops of three frames, half of them of what moves and is no ball; crops -> the network's lessons.

A crop is larger than what the network sees of it: each time it is cut, turned and lit in another way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ... import video
from ...detectors.heat import SIDE, STEP
from ...domain import Floats
from ...video import Image
from .places import Flight, Place

CROP = 144  # px of a crop's side
OF_EACH = 2  # crops of a frame that show the ball, and as many of what else moves
AWAY = 40.0  # px at most that the ball is from a crop's middle
STIR = 8  # grey levels by which what moves differs from the frames beside it
STRONGEST = 12
ELSEWHERE = 0.3  # of the frames give a crop of anywhere
FAR, NEAR = 4.0, 60.0  # px of a ball that is learned from, however it is scaled

Crops = tuple[NDArray[np.uint8], Floats]
"""(n, 5, CROP, CROP): B, G, R of a frame, grey before, grey after; (n, 3) the ball's x, y, diameter, 0 without one."""


def crops(flight: Flight, rng: np.random.Generator) -> Crops:
    """A film's flight -> its crops."""
    first, last = min(flight.places) - 1, max(flight.places) + 2
    three: list[Image] = []
    seen, balls = [], []
    for number, image in video.frames(replace(flight.clip, take=(first, last))):
        three = [*three[-2:], image]
        if len(three) == 3 and number - 1 in flight.places and min(image.shape[:2]) >= CROP:
            one, at = _of_frame(three, flight.places[number - 1], rng)
            seen += one
            balls += at
    return np.array(seen, np.uint8).reshape(-1, 5, CROP, CROP), np.array(balls).reshape(-1, 3)


def _of_frame(
    three: Sequence[Image], ball: Place, rng: np.random.Generator
) -> tuple[list[NDArray[np.uint8]], list[Place]]:
    """Three frames, the ball in the middle one -> crops around it, around what else moves, and anywhere."""
    before, now, after = (cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) for image in three)
    spots = [np.array(ball[:2]) + rng.uniform(-AWAY, AWAY, 2) for _ in range(OF_EACH)]
    other = stirred(before, now, after)
    other = other[np.hypot(*(other - ball[:2]).T) > CROP / 2]
    spots += [spot + rng.uniform(-AWAY, AWAY, 2) / 2 for spot in rng.permutation(other)[:OF_EACH]]
    height, width = now.shape
    if rng.random() < ELSEWHERE:
        spots.append(rng.uniform(0, (width, height)))
    seen, at = [], []
    for x, y in spots:
        left, top = (int(np.clip(round(v) - CROP // 2, 0, most - CROP)) for v, most in ((x, width), (y, height)))
        window = np.s_[top : top + CROP, left : left + CROP]
        seen.append(np.dstack([three[1][window], before[window], after[window]]).transpose(2, 0, 1))
        shown = 0 <= ball[0] - left < CROP and 0 <= ball[1] - top < CROP
        at.append((ball[0] - left, ball[1] - top, ball[2]) if shown else (0.0, 0.0, 0.0))
    return seen, at


def stirred(before: Any, now: Any, after: Any) -> Floats:
    """Three grey frames -> (n, 2) where the middle one differs from both, the strongest first."""
    change = cv2.blur(cv2.min(cv2.absdiff(now, before), cv2.absdiff(now, after)), (3, 3))
    _, _, stats, centre = cv2.connectedComponentsWithStats((change > STIR).astype(np.uint8))
    area, centre = stats[1:, cv2.CC_STAT_AREA], centre[1:]
    strength = np.array([change[int(y), int(x)] for x, y in centre]) * np.sqrt(np.minimum(area, 400))
    return np.asarray(centre[np.argsort(-strength)[:STRONGEST]], dtype=np.float64).reshape(-1, 2)


def lesson(crop: NDArray[np.uint8], ball: Floats, rng: np.random.Generator) -> tuple[NDArray[np.float32], Place]:
    """A crop, its ball -> (5, SIDE, SIDE) of 0..1 cut, turned and lit anew, and the ball in it."""
    x, y, across = (float(value) for value in ball)
    scale = math.exp(rng.uniform(-0.4, 0.5)) if rng.random() < 0.6 else 1.0
    if across:
        scale = min(max(scale, FAR / across), max(1.0, NEAR / across))
    side = min(CROP, round(SIDE / scale))
    left, top = (_start(value, side, across > 0, rng) for value in (x, y))
    cut = crop[:, top : top + side, left : left + side]
    way = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
    seen = np.stack([cv2.resize(plane, (SIDE, SIDE), interpolation=way) for plane in cut]).astype(np.float32) / 255
    zoom = SIDE / side
    x, y, across = (x - left + 0.5) * zoom - 0.5, (y - top + 0.5) * zoom - 0.5, across * zoom
    if rng.random() < 0.5:
        seen, x = seen[:, :, ::-1], SIDE - 1 - x
    if rng.random() < 0.3:
        seen = seen[[0, 1, 2, 4, 3]]
    return np.ascontiguousarray(np.clip(_lit(seen, rng), 0, 1), dtype=np.float32), (x, y, across)


def _start(value: float, side: int, ball: bool, rng: np.random.Generator) -> int:
    """-> where a cut of that side begins along one axis; a ball stays in it."""
    most = CROP - side
    wished = value - rng.uniform(0.1, 0.9) * side if ball else rng.uniform(0, most + 1)
    return int(np.clip(wished, 0, most))


def _lit(seen: Any, rng: np.random.Generator) -> Any:
    """Planes -> as another phone in another light would have them."""
    if rng.random() < 0.8:
        seen = seen ** rng.uniform(0.5, 1.6) * rng.uniform(0.6, 1.3) + rng.uniform(-0.12, 0.12)
        tint = np.append(1 + rng.normal(0, 0.08, 3), (1.0, 1.0))
        seen = seen * tint[:, None, None]
    if rng.random() < 0.3:
        grey = seen[:3].mean(axis=0, keepdims=True)
        seen = np.concatenate([grey + (seen[:3] - grey) * rng.uniform(0, 1), seen[3:]])
    if rng.random() < 0.4:
        blur = rng.uniform(0.4, 1.2)
        seen = np.stack([cv2.GaussianBlur(np.ascontiguousarray(plane), (0, 0), blur) for plane in seen])
    if rng.random() < 0.6:
        seen = seen + rng.normal(0, 1, seen.shape) * rng.uniform(0, 0.03)
    return seen


def target(ball: Place) -> NDArray[np.float32]:
    """A ball in a tile -> the map it should give: 1 at its middle, falling off with its size; 0 without one."""
    x, y, across = ball
    places = SIDE // STEP
    if not across:
        return np.zeros((places, places), np.float32)
    column, row = (x - 0.5) / STEP, (y - 0.5) / STEP
    rows, columns = np.mgrid[:places, :places]
    spread = max(0.7, across / STEP / 4)
    wanted = np.exp(-((columns - column) ** 2 + (rows - row) ** 2) / (2 * spread**2)).astype(np.float32)
    nearest = round(row), round(column)
    if all(0 <= place < places for place in nearest):
        wanted[nearest] = 1.0
    return np.asarray(wanted)
