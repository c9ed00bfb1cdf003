"""One small frame and its background -> boxes of moving people."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from ..domain import Floats
from ..video import Image
from ..video.picture import shrunk

SIDE_PX = 320  # the longer side people are looked for at
SHORTEST = 0.06  # a person's height, as a share of the picture's shorter side
FAINT, CLEAR = 7, 16  # grey levels above the usual noise: dark trousers at night; something in every body


def shrink(image: Image) -> Image:
    """Image -> the same at the size people are looked for."""
    factor = min(1.0, SIDE_PX / max(image.shape[:2]))
    # Every pixel counts in the mean: thin legs survive and grass noise goes under.
    return shrunk(image, round(image.shape[1] * factor), round(image.shape[0] * factor))


def people(small: Image, empty: Image, usual: Image) -> Floats:
    """Small frame, the empty picture, its noise -> (n, 5): x0 y0 x1 y1 in small pixels, and the share that moves."""
    change: Any = cv2.absdiff(small, empty)
    moving = cv2.compare(change, np.minimum(usual, 255 - FAINT) + FAINT, cv2.CMP_GT)
    moving = cv2.morphologyEx(moving, cv2.MORPH_CLOSE, np.ones((5, 3), np.uint8))
    shortest = SHORTEST * min(small.shape[:2])
    parts = []
    for outline in cv2.findContours(moving, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        x, y, width, height = cv2.boundingRect(outline)
        area = cv2.contourArea(outline) + 0.5 * len(outline)
        clear = change[y : y + height, x : x + width].max() > CLEAR
        if clear and area >= 6 and max(width, height) >= 0.25 * shortest:
            parts.append((x, y, x + width, y + height, area))
    merged = _merge(sorted(parts, key=lambda part: -part[4]), shortest)
    people_ = [
        p
        for p in merged
        if p[3] - p[1] >= shortest and p[4] >= 0.12 * shortest**2 and p[2] - p[0] < 2.2 * (p[3] - p[1])
    ]
    boxes = np.array(people_, dtype=np.float64).reshape(-1, 5)
    boxes[:, 4] /= np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1)
    return boxes[np.argsort(-(boxes[:, 3] - boxes[:, 1]))]


def _merge(parts: list[tuple[float, ...]], shortest: float) -> list[tuple[float, ...]]:
    """Regions, largest first -> the same with heads, torsos and legs above one another joined."""
    joined = True
    while joined:
        joined = False
        for k in range(len(parts)):
            for m in range(k + 1, len(parts)):
                if _belong(parts[k], parts[m], shortest):
                    one, other = parts[k], parts.pop(m)
                    parts[k] = (
                        min(one[0], other[0]),
                        min(one[1], other[1]),
                        max(one[2], other[2]),
                        max(one[3], other[3]),
                        one[4] + other[4],
                    )
                    joined = True
                    break
            if joined:
                break
    return parts


def _belong(one: tuple[float, ...], other: tuple[float, ...], shortest: float) -> bool:
    """Two regions -> whether they are parts of one body.

    They are when one is above the other with little between, or when they touch and neither is nearly
    as tall as both together: a leg swung forward, against two people side by side.
    """
    overlap = min(one[2], other[2]) - max(one[0], other[0])
    gap = max(one[1], other[1]) - min(one[3], other[3])
    tall = max(one[3] - one[1], other[3] - other[1])
    narrow = min(one[2] - one[0], other[2] - other[0])
    if overlap > 0.3 * narrow and gap < max(0.25 * tall, 0.2 * shortest):
        return True
    both = max(one[3], other[3]) - min(one[1], other[1])
    return overlap > -0.1 * shortest and gap < 0.1 * shortest and tall < 0.75 * both
