"""Small painted films of a ball whose every place is known: lying, then flying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kicky.domain import Clip, Floats
from kicky.video import open_clip
from tests.films import Image, write

SIZE_WH = (480, 270)
LENGTH, CONTACT = 36, 14
REST, DIAMETER = (150.0, 205.0), 20.0


@dataclass(frozen=True, eq=False)
class Painted:
    """A film and what is true of it: the ball's centre (T, 2) and diameter (T,), NaN where there is none."""

    clip: Clip
    ball_px: Floats
    diameter_px: Floats


def flight(length: int = LENGTH, contact: int = CONTACT) -> tuple[Floats, Floats]:
    """-> a ball at REST up to `contact`, then away from the camera: up, across and smaller."""
    after = np.maximum(np.arange(length) - contact, 0)[:, None] / 22
    near = 1 / (1 + 1.3 * after)
    centre = np.array(REST) + np.hstack([190 * after * near * 1.9, (-330 * after + 245 * after**2) * near])
    return centre, DIAMETER * near[:, 0]


def field(seed: int = 0) -> NDArray[np.float32]:
    """-> grass below, a dark sky above, both uneven."""
    rng = np.random.default_rng(seed)
    width, height = SIZE_WH
    ground = np.full((height, width, 3), (70, 105, 80), np.float32)
    ground[: height // 2] = (95, 80, 70)
    texture = cv2.GaussianBlur(rng.normal(0, 30, (height, width)).astype(np.float32), (0, 0), 1.5)
    return np.asarray(ground + texture[:, :, None], dtype=np.float32)


def ball(image: NDArray[np.float32], centre: Floats, diameter: float) -> None:
    """Paint a white ball with a dark panel, edges smooth, in place."""
    _disc(image, centre, diameter / 2, 235)
    _disc(image, centre + (0.1 * diameter, -0.05 * diameter), diameter / 6, 60)


def _disc(image: NDArray[np.float32], centre: Floats, radius: float, level: float) -> None:
    rows, columns = np.ogrid[: image.shape[0], : image.shape[1]]
    inside = np.clip(radius + 0.5 - np.hypot(columns - centre[0], rows - centre[1]), 0, 1)[:, :, None]
    image += inside * (level - image)


Extra = Callable[[NDArray[np.float32], int], None]


def second_ball(image: NDArray[np.float32], number: int) -> None:
    """A larger ball that lies still throughout."""
    del number
    ball(image, np.array([330.0, 240.0]), 26)


def lamp(image: NDArray[np.float32], number: int) -> None:
    """A lamp that flickers."""
    _disc(image, np.array([420.0, 30.0]), 7, 250 if number % 3 else 170)


def walker(image: NDArray[np.float32], number: int) -> None:
    """A person of 110 px who walks up to the ball, stands while it is struck, and walks on."""
    x = 20 + 8 * min(number, 12) + 3 * max(number - 18, 0)
    image[105:140, x : x + 20] = (60, 60, 190)
    image[140:175, x + 2 : x + 18] = (120, 60, 40)
    image[175:212, x + 2 + number % 5 : x + 8 + number % 5] = (150, 170, 200)
    image[175:212, x + 12 - number % 5 : x + 18 - number % 5] = (150, 170, 200)


def film(
    path: Path,
    *extras: Extra,
    length: int = LENGTH,
    contact: int = CONTACT,
    with_ball: bool = True,
    rests: bool = True,
    lead: int = 0,
) -> Painted:
    """Paint and write a film; `lead` frames of an empty black take come before the clip's own take."""
    centre, diameter = flight(length, contact)
    if not with_ball or not rests:
        hidden = np.arange(length) <= (contact if not rests else length)
        centre[hidden], diameter[hidden] = np.nan, np.nan
    rng = np.random.default_rng(7)
    images: list[Image] = [np.zeros((SIZE_WH[1], SIZE_WH[0], 3), np.uint8)] * lead
    empty = field()
    for number in range(length):
        image = empty.copy()
        for extra in extras:
            extra(image, number)
        if np.isfinite(diameter[number]):
            ball(image, centre[number], float(diameter[number]))
        noisy = image + rng.normal(0, 2.5, (*image.shape[:2], 1))
        images.append(np.clip(noisy, 0, 255).astype(np.uint8))
    clip = open_clip(write(path, images, options={"crf": "18"}))
    clip = replace(clip, take=(lead, lead + length))
    lost = np.full((lead, 2), np.nan)
    return Painted(clip, np.vstack([lost, centre]), np.concatenate([lost[:, 0], diameter]))
