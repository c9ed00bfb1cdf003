"""One frame and its background -> round things that may be the ball, and moving bodies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Floats
from ..video import Image

CONTRAST = 10  # grey levels above the usual noise that make a pixel moving
SMALLEST_PX = 3.5
TOP = 20
PIECE = 1.0
MEASURED = 60  # outlines measured in a frame, the most striking first
PERSON_SHARE = 0.09  # of the picture's shorter side: smaller moving things are no players


@dataclass(frozen=True, eq=False, slots=True)
class Blobs:
    """n things in one frame: centre (n, 2), box (n, 4), minor and major axis, score; `moves` of the frame mask."""

    centre: Floats
    box: Floats
    minor: Floats
    major: Floats
    score: Floats

    def take(self, rows: NDArray[np.int64]) -> Blobs:
        """Rows -> only those."""
        return Blobs(self.centre[rows], self.box[rows], self.minor[rows], self.major[rows], self.score[rows])


def candidates(change: Image, threshold: Image, step: Image | None, largest: float) -> Blobs:
    """Difference to the background, its threshold, difference to the frames around -> the TOP balls.

    Two masks: whatever differs from the background (a slow ball, one that lies still again), and of
    that only what also moves (a ball in front of something else that changed).
    """
    off: Any = cv2.morphologyEx(cv2.compare(change, threshold, cv2.CMP_GT), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    found = [_measure(off, change, largest)]
    if step is not None:
        moving: Any = cv2.bitwise_and(off, cv2.compare(step, threshold // 2 + 2, cv2.CMP_GT))
        found.append(_measure(moving, change, largest))
        # What only the second mask sets apart is a piece of something larger: a hand, a boot, seldom the ball.
        found[1] = replace(found[1], score=found[1].score - PIECE)
    both = Blobs(
        np.concatenate([f.centre for f in found]),
        np.concatenate([f.box for f in found]),
        np.concatenate([f.minor for f in found]),
        np.concatenate([f.major for f in found]),
        np.concatenate([f.score for f in found]),
    )
    return both.take(_best_apart(both))


def _measure(mask: Image, change: Image, largest: float) -> Blobs:
    """Mask, difference -> every outline in it of a ball's size, measured."""
    outlines, boxes = [], []
    for outline in cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        if len(outline) < 5:
            continue
        left, top, width, height = cv2.boundingRect(outline)
        small, large = min(width, height), max(width, height)
        if small >= SMALLEST_PX - 1 and small <= 1.25 * largest and large <= 2.5 * largest:
            outlines.append(outline)
            boxes.append((left, top, width, height))
    contrast = np.array([change[y : y + h, x : x + w].mean() for x, y, w, h in boxes])
    if len(boxes) > MEASURED:
        order = np.argsort([-c * min(b[2:]) for c, b in zip(contrast, boxes, strict=True)])[:MEASURED]
        outlines, boxes, contrast = [outlines[k] for k in order], [boxes[k] for k in order], contrast[order]
    if not boxes:
        return Blobs(np.empty((0, 2)), np.empty((0, 4)), np.empty(0), np.empty(0), np.empty(0))
    m = [cv2.moments(outline) for outline in outlines]
    area = np.array([max(q["m00"], 1e-3) for q in m])
    box = np.array(boxes, dtype=np.float64)
    thin = area < 2.0  # an outline one pixel wide encloses nothing
    x = np.where(thin, box[:, 0] + (box[:, 2] - 1) / 2, np.array([q["m10"] for q in m]) / area)
    y = np.where(thin, box[:, 1] + (box[:, 3] - 1) / 2, np.array([q["m01"] for q in m]) / area)
    xx, yy, xy = (np.array([q[name] for q in m]) / area for name in ("mu20", "mu02", "mu11"))
    middle, apart = (xx + yy) / 2, np.sqrt((xx - yy) ** 2 / 4 + xy**2)
    # The outline runs through the centres of the outermost pixels: half a pixel is missing all around.
    major = 4 * np.sqrt(np.maximum(middle + apart, 0.0)) + 1
    minor = 4 * np.sqrt(np.maximum(middle - apart, 0.0)) + 1
    perimeter = np.array([len(outline) for outline in outlines])
    fill = (area + 0.5 * perimeter + 1) / (np.pi / 4 * major * minor + 1)
    ring = np.array([_around(change, b) for b in boxes])
    alone = np.minimum(ring / (contrast + 1e-6), 1.0)
    score = np.log1p(contrast / 12) + 0.15 * np.log1p(minor**2 / 20) - 1.6 * alone
    score -= 0.8 * np.maximum(major / minor - 1.6, 0) + 1.5 * np.maximum(0.85 - fill, 0)
    corners = np.column_stack([box[:, :2], box[:, :2] + box[:, 2:]])
    blobs = Blobs(np.column_stack([x, y]), corners, minor, major, score)
    return blobs.take(np.flatnonzero((minor >= SMALLEST_PX) & (minor <= largest)))


def _around(change: Image, box: tuple[int, int, int, int]) -> float:
    """Difference, box -> the mean difference in the frame just outside the box."""
    x, y, width, height = box
    margin = max(3, int(0.35 * min(width, height)))
    top, left = max(y - margin, 0), max(x - margin, 0)
    outer, inner = change[top : y + height + margin, left : x + width + margin], change[y : y + height, x : x + width]
    return float(cv2.sumElems(outer)[0] - cv2.sumElems(inner)[0]) / max(outer.size - inner.size, 1)


def _best_apart(blobs: Blobs) -> NDArray[np.int64]:
    """Blobs -> rows of the TOP by score, each thing once."""
    kept: list[int] = []
    for row in np.argsort(-blobs.score):
        near = np.hypot(*(blobs.centre[kept] - blobs.centre[row]).T) < 0.25 * blobs.minor[row] + 1
        alike = np.abs(np.log(blobs.minor[kept] / blobs.minor[row])) < 0.3
        if not (near & alike).any():
            kept.append(int(row))
        if len(kept) == TOP:
            break
    return np.array(kept, dtype=np.int64)
