"""A labelled picture -> a small JPEG of it, each thing in its class's colour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ..errors import NotFound
from ..video import Image

COLOURS_BGR = {"ball": (47, 145, 224), "player": (196, 130, 59), "goal": (88, 178, 52)}
TWO_BGR = ((47, 145, 224), (230, 140, 70))  # orange and blue: both told on grass, and by those who see no red
BASE = {"player_with_ball": "player", "ball_in_goal": "ball"}
LEAST_PX = 5  # a box smaller than that on the small picture is drawn larger, or nobody would see it


def still(file: Path, things: Sequence[tuple[str, Sequence[float]]], width: int) -> bytes:
    """Picture, (class, box x0 y0 x1 y1 in its pixels) each, width -> JPEG. Raises: NotFound."""
    image = cv2.imread(str(file))
    if image is None:
        raise NotFound(f"{file.name} cannot be read any more: label its clip anew.")
    small, scale = _small(np.asarray(image, dtype=np.uint8), width)
    for label, box in things:
        _box(small, box, scale, COLOURS_BGR[BASE.get(label, label)], 1)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 88])
    return data.tobytes()


def beside(image: Image, boxes: Sequence[Sequence[Sequence[float]]], width: int) -> Image:
    """BGR picture, the boxes of one and of another, width -> it so wide, theirs in TWO_BGR, the second's around."""
    small, scale = _small(image, width)
    for colour, mine, spare in zip(TWO_BGR, boxes, (1, 4), strict=False):
        for box in mine:
            _box(small, box, scale, colour, spare)
    return small


def _small(image: Image, width: int) -> tuple[Image, float]:
    scale = min(1.0, width / image.shape[1])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small, dtype=np.uint8), scale


def _box(small: Image, box: Sequence[float], scale: float, colour: tuple[int, int, int], spare: int) -> None:
    """Small picture, a box in the large one's pixels -> drawn, so far outside of what it holds."""
    x0, y0, x1, y1 = (float(value) * scale for value in box)
    spare_x, spare_y = max(0.0, LEAST_PX - (x1 - x0)) / 2 + spare, max(0.0, LEAST_PX - (y1 - y0)) / 2 + spare
    corner, other = (round(x0 - spare_x), round(y0 - spare_y)), (round(x1 + spare_x), round(y1 + spare_y))
    cv2.rectangle(small, corner, other, colour, 2, cv2.LINE_AA)
