"""Places where the ball may be -> native-resolution tiles that show them, and what is found in tiles put together.

Squashed to a network's square a ball of four pixels is one. A tile is as large as that square, so nothing shrinks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..domain import Floats
from ..video import Image

MARGIN = 0.15  # of a tile's side: what lies nearer to its edge is looked at in another tile
EDGE_PX = 1.5


def choose(places: Floats, size_wh: tuple[int, int], side: int, most: int) -> list[tuple[int, int]]:
    """(n, 2) places, the likeliest first; the picture's size -> upper left corners, at most `most` tiles.

    Each tile is centred on the first place no tile shows well yet, as far as the picture allows.
    """
    width, height = size_wh
    corners: list[tuple[int, int]] = []
    for x, y in places:
        if len(corners) == most:
            break
        if not any(_shows(corner, float(x), float(y), side, size_wh) for corner in corners):
            left = int(np.clip(x - side / 2, 0, max(0, width - side)))
            top = int(np.clip(y - side / 2, 0, max(0, height - side)))
            corners.append((left, top))
    return corners


def cover(size_wh: tuple[int, int], side: int) -> list[tuple[int, int]]:
    """The picture's size, a tile's side -> upper left corners of tiles that show all of it, row by row.

    Neighbours share so much that what is smaller than MARGIN of a tile lies whole in one of them.
    """
    columns, rows = (_starts(whole, side) for whole in size_wh)
    return [(x, y) for y in rows for x in columns]


def _starts(whole: int, side: int) -> list[int]:
    """The picture's width or height, a tile's side -> where tiles begin along it."""
    rest = max(0, whole - side)
    count = 1 + int(np.ceil(rest / (side * (1 - MARGIN))))
    return [int(start) for start in np.linspace(0, rest, count).round()]


def _shows(corner: tuple[int, int], x: float, y: float, side: int, size_wh: tuple[int, int]) -> bool:
    """Whether a place lies in a tile and not near an edge of it that is none of the picture's."""
    rim = MARGIN * side
    for start, place, whole in ((corner[0], x, size_wh[0]), (corner[1], y, size_wh[1])):
        low = start + (rim if start > 0 else 0)
        high = start + side - (rim if start + side < whole else 0)
        if not low <= place <= high:
            return False
    return True


def cut(image: Image, corners: Sequence[tuple[int, int]], side: int) -> list[Image]:
    """Picture, corners -> the tiles, black where the picture is smaller than a tile."""
    tiles = []
    for x, y in corners:
        tile = image[y : y + side, x : x + side]
        if tile.shape[:2] != (side, side):
            whole = np.zeros((side, side, *image.shape[2:]), np.uint8)
            whole[: tile.shape[0], : tile.shape[1]] = tile
            tile = whole
        tiles.append(tile)
    return tiles


def join(found: Sequence[Floats], corners: Sequence[tuple[int, int]], size_wh: tuple[int, int], side: int) -> Floats:
    """What each tile shows, (n, 6) in its pixels -> (m, 6) in the picture's, without what a tile's edge cuts."""
    rows = []
    for here, (x, y) in zip(found, corners, strict=True):
        whole = np.ones(len(here), dtype=bool)
        for axis, start in ((0, x), (1, y)):
            whole &= (here[:, axis] > EDGE_PX) | (start == 0)
            whole &= (here[:, axis + 2] < side - EDGE_PX) | (start + side >= size_wh[axis])
        rows.append(here[whole] + [x, y, x, y, 0, 0])
    return np.concatenate(rows) if rows else np.empty((0, 6))
