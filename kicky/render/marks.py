"""A frame with what a number rests on marked in it, enlarged as far as the pixels are worth seeing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..domain import Floats, Shot
from ..provenance import CORNERS, Mark
from ..video import Image, still
from . import brush, close
from .brush import AMBER, GREEN, INK, SUN, WHITE

SIZE_WH = (960, 600)
LEAST_PX, ROOM = 48.0, 0.35  # the cut is at least so wide, and leaves so much about the marks
LETTERS = 26
Box = tuple[float, float, float, float]


def marked(shot: Shot, marks: Sequence[Mark], frame: int) -> Image:
    """Shot, a number's marks, one of their frames -> that part of it (BGR, 960 × 600) with its marks drawn.

    Where the frame has marks other than the goal's corners, the corners do not widen the cut. Raises: UnreadableClip.
    """
    here = [mark for mark in marks if mark.frame == frame]
    near = [mark for mark in here if mark.what not in CORNERS] or here
    low, high = (np.array([_edge(mark, side) for mark in near]) for side in (-1, 1))
    image = still(shot.clip, frame)
    cut = close.about(image, frame, low.min(axis=0), high.max(axis=0), SIZE_WH, LEAST_PX, ROOM)
    points = [mark for mark in here if not mark.size_px and mark.what not in CORNERS]
    joined = [cut.px(mark.px) for mark in points]
    if len(points) > 1 and len({mark.what for mark in points}) == len(points) and "foot" not in points[0].what:
        brush.line(cut.image, np.array(joined), AMBER, 3)
    corners = np.array([cut.px(mark.px) for mark in marks if mark.what in CORNERS])
    if len(corners):
        brush.line(cut.image, np.vstack([corners, corners[:1]]), SUN, 2)
    taken: list[Box] = []
    for mark in here:
        at = cut.px(mark.px)
        if mark.size_px:
            brush.ring(cut.image, at, max(mark.size_px * cut.scale / 2, 5.0), GREEN, 2)
        brush.dot(cut.image, at, 5 if not mark.size_px else 2, AMBER if not mark.size_px else GREEN)
        if mark.what not in CORNERS:
            _called(cut.image, mark, at, max(mark.size_px * cut.scale / 2, 6.0) + 6, taken)
    return cut.image


def _called(image: Image, mark: Mark, at: Floats, away: float, taken: list[Box]) -> None:
    """What the mark is and where in the film's pixels, on the first side of it with room; it is then taken."""
    sprite = brush.tag(f"{mark.what} {mark.px[0]:.1f}, {mark.px[1]:.1f}", LETTERS, WHITE, INK)
    high, wide = sprite[0].shape[:2]
    height, width = image.shape[:2]
    sides = [(away, -high / 2), (-away - wide, -high / 2), (-wide / 2, away), (-wide / 2, -away - high)]
    boxes = [(at[0] + x, at[1] + y, at[0] + x + wide, at[1] + y + high) for x, y in sides]
    inside = [box for box in boxes if box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height]
    free = [box for box in inside if not any(_meet(box, other) for other in taken)]
    box = next(iter(free or inside or boxes))
    taken.append(box)
    brush.paste(image, sprite, float(np.clip(box[0], 4, max(width - wide - 4, 4))), box[1])


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _edge(mark: Mark, side: int) -> Floats:
    return np.asarray(mark.px + side * max(mark.size_px, 8.0))
