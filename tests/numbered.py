"""A film whose frames carry their number, and the number read back from a picture of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from kicky.video import FilmWriter

BITS = 12
SIZE_WH = (640, 360)
TOP, SIDE = 40, 40
"""Squares of that side in a row, white for 1; below them another row, the other way round."""


def drawn(number: int, size_wh: tuple[int, int] = SIZE_WH) -> np.ndarray:
    """Number -> its picture, (H, W, 3)."""
    width, height = size_wh
    k = width / SIZE_WH[0]
    rng = np.random.default_rng(number)
    image = np.full((height, width, 3), 90, np.uint8)
    image[height // 2 :] = rng.integers(40, 140, (height - height // 2, width, 1), dtype=np.uint8)
    for bit in range(BITS):
        left = int((40 + bit * SIDE) * k)
        on = number >> bit & 1
        for row, value in ((0, 255 * on), (1, 255 * (1 - on))):
            top = int((TOP + row * SIDE) * k)
            image[top : top + int(SIDE * k), left : left + int(SIDE * k)] = value
    return image


def read(picture: Image.Image) -> int:
    """A picture of a frame, however large -> its number. ValueError where the two rows do not agree."""
    gray = np.asarray(picture.convert("L"), dtype=float)
    k = picture.width / SIZE_WH[0]
    number = 0
    for bit in range(BITS):
        x = int((40 + (bit + 0.5) * SIDE) * k)
        upper, lower = (gray[int((TOP + (row + 0.5) * SIDE) * k), x] for row in (0, 1))
        if abs(upper - lower) < 100:
            raise ValueError(f"bit {bit} is neither 0 nor 1: {upper}, {lower}")
        number |= int(upper > lower) << bit
    return number


def uneven(count: int, seed: int = 0) -> np.ndarray:
    """How many -> as many times at a rate that varies from 15 to 60 a second."""
    gaps = np.random.default_rng(seed).uniform(1 / 60, 1 / 15, count)
    return np.concatenate([[0.0], np.cumsum(gaps)[:-1]])


def film(
    path: Path, count: int, time_s: Sequence[float] | np.ndarray | None = None, size_wh: tuple[int, int] = SIZE_WH
) -> Path:
    """File, frames, their times -> the film."""
    times = np.arange(count) / 30 if time_s is None else np.asarray(time_s)
    with FilmWriter(path, size_wh, times, preset="ultrafast") as writer:
        for number in range(count):
            writer.add(drawn(number, size_wh), float(times[number]))
    return path
