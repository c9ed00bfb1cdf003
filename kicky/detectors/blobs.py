"""One frame and its background -> round things that may be the ball, and moving bodies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Floats
from ..video import Image
from .islands import Sea

Outline = tuple[Any, tuple[int, int, int, int]]
"""Points along the edge of a thing, and its box: left, top, width, height."""
Beside = tuple[Image, Image, Image]
"""The frame before, the frame, the frame after."""

CONTRAST = 10  # grey levels above the usual noise that make a pixel moving
SMALLEST_PX = 3.5
TOP = 20
PIECE = 1.0
MEASURED = 60  # outlines measured in a frame, the most striking first
_TWO = np.ones((2, 2), np.uint8)
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


def candidates(change: Image, threshold: Image, beside: Beside | None, largest: float, sea: Sea) -> Blobs:
    """Difference to the background, its threshold, the frame and those beside it -> the TOP balls.

    Two masks: whatever differs from the background (a slow ball, one that lies still again), and of
    that only what also moves (a ball in front of something else that changed). Both are looked at only
    where there is anything.
    """
    sea.compare(change, threshold)
    off: list[Outline] = []
    moving: list[Outline] = []
    for island in sea.islands():
        mask = _opened(island.mask)
        if not mask.any():
            continue
        off += _outlines(mask, island.corner, largest)
        if beside is not None:
            still: Any = cv2.compare(_step(beside, island.part), threshold[island.part] // 2 + 2, cv2.CMP_GT)
            moving += _outlines(cv2.bitwise_and(mask, still), island.corner, largest)
    found = [_measure(off, change, largest)]
    if beside is not None:
        pieces = _measure(moving, change, largest)
        # What only the second mask sets apart is a piece of something larger: a hand, a boot, seldom the ball.
        found.append(replace(pieces, score=pieces.score - PIECE))
    both = Blobs(
        np.concatenate([f.centre for f in found]),
        np.concatenate([f.box for f in found]),
        np.concatenate([f.minor for f in found]),
        np.concatenate([f.major for f in found]),
        np.concatenate([f.score for f in found]),
    )
    return both.take(_best_apart(both))


def _opened(mask: Image) -> Any:
    """Mask -> without what is thinner than two pixels, everything else where it was.

    OpenCV's own opening lays both steps of an even kernel to the same side: what is left moves by a pixel.
    """
    return cv2.dilate(cv2.erode(mask, _TWO, anchor=(0, 0)), _TWO, anchor=(1, 1))


def _step(beside: Beside, part: tuple[slice, slice]) -> Image:
    """The frame and those before and after it, a part -> by how much it differs from both there, smoothed."""
    rows, columns = (slice(max(span.start - 1, 0), span.stop + 1) for span in part)
    before, image, after = (frame[rows, columns] for frame in beside)
    smooth: Any = cv2.blur(cv2.min(cv2.absdiff(image, before), cv2.absdiff(image, after)), (3, 3))
    inner: Image = smooth[part[0].start - rows.start :, part[1].start - columns.start :]
    return inner[: part[0].stop - part[0].start, : part[1].stop - part[1].start]


def _outlines(mask: Any, corner: tuple[int, int], largest: float) -> list[Outline]:
    """Mask of a part, its corner -> the outlines in it of a ball's size, with their boxes, in the picture's pixels."""
    found: list[Outline] = []
    for outline in cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=corner)[0]:
        if len(outline) < 5:
            continue
        left, top, width, height = cv2.boundingRect(outline)
        small, large = min(width, height), max(width, height)
        if small >= SMALLEST_PX - 1 and small <= 1.25 * largest and large <= 2.5 * largest:
            found.append((outline, (left, top, width, height)))
    return found


def _measure(found: list[Outline], change: Image, largest: float) -> Blobs:
    """Outlines with their boxes, difference -> each measured."""
    contrast = np.array([cv2.mean(change[y : y + h, x : x + w])[0] for _, (x, y, w, h) in found])
    if len(found) > MEASURED:
        order = np.argsort([-c * min(box[2:]) for c, (_, box) in zip(contrast, found, strict=True)])[:MEASURED]
        found, contrast = [found[k] for k in order], contrast[order]
    if not found:
        return Blobs(np.empty((0, 2)), np.empty((0, 4)), np.empty(0), np.empty(0), np.empty(0))
    outlines, boxes = [outline for outline, _ in found], [box for _, box in found]
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
    order = np.argsort(-blobs.score)
    blobs = blobs.take(order)
    apart = np.hypot(*(blobs.centre[:, None] - blobs.centre[None]).transpose(2, 0, 1))
    near = apart < 0.25 * blobs.minor[:, None] + 1
    alike = near & (np.abs(np.log(blobs.minor[None] / blobs.minor[:, None])) < 0.3)
    kept: list[int] = []
    for row, same in enumerate(alike):
        if not same[kept].any():
            kept.append(row)
        if len(kept) == TOP:
            break
    return np.asarray(order[kept], dtype=np.int64)
