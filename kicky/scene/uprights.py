"""Picture -> rough U's: two posts that hang from one bar, however much of them a player hides.

A bar is every flat edge on one line, whatever stands between its parts; a post hangs from it where their lines
meet. What lies between is asked of maps that say where the picture looks like a thin piece of wood.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Bools, Floats
from .edges import joined, lengths, segments
from .strips import PLAIN
from .woodwork import Image

LEAN, SLOPE = 0.25, 0.55  # sideways over upwards of a post, downwards over sideways of a bar
MOST_STEEP, MOST_FLAT = 250, 150
SHORTEST_POST, SHORTEST_BAR = 0.012, 0.02  # of the picture's longer side: parts of what a player leaves to be seen
LOWEST, NARROWEST_PX = 0.02, 0.035  # a goal's height and width, of the picture's longer side
SQUAREST, FLATTEST = 0.35, 5.5  # a goal's width over its height in the picture
WIDTHS_PX = (2, 3, 5, 8, 13)
USUAL_THICKNESS = 0.05  # of the goal's height: 12 cm of 2.44 m, 8 cm of 1.83 m
STARK = 60.0
BAR_SEEN, POST_SEEN = 0.4, 0.35  # share of it that must look like wood
SAME_PX = 7.0  # both edges of each piece of wood make a U: one is enough
MOST, MOST_COMPARED = 20, 2000  # the goal was among the first 20 in nine of ten; each costs 20 ms
PLACES = (np.arange(16) + 0.5) / 16


@dataclass(frozen=True, eq=False, slots=True)
class Wood:
    """How far the picture stands out from both its sides, at each width: (w, H, W) grey levels, upright and flat."""

    upright: NDArray[np.uint8]
    flat: NDArray[np.uint8]

    def share(self, way: str, starts: Floats, ends: Floats, heights: Floats) -> Floats:
        """Lines (n, 2) to (n, 2), the goal's height at each -> (n,) how much of each, 0..1, looks like its wood."""
        grey = self.levels(way, starts, ends, heights, PLACES)
        return np.asarray((0.6 * np.minimum(grey / PLAIN, 1) + 0.4 * np.minimum(grey / STARK, 1)).mean(axis=1))

    def levels(self, way: str, starts: Floats, ends: Floats, heights: Floats, places: Floats) -> Floats:
        """Lines, the goal's height at each, places (k,) along them, 0..1 -> (n, k) grey levels there."""
        maps = self.upright if way == "upright" else self.flat
        width = np.abs(np.log(np.array(WIDTHS_PX)[:, None] / np.maximum(USUAL_THICKNESS * heights, 1))).argmin(axis=0)
        spots = starts[:, None] + places[:, None] * (ends - starts)[:, None]
        column = np.clip(np.round(spots[..., 0]).astype(int), 0, maps.shape[2] - 1)
        row = np.clip(np.round(spots[..., 1]).astype(int), 0, maps.shape[1] - 1)
        return np.asarray(maps[width[:, None], row, column], dtype=np.float32)


def wood(picture: Image) -> Wood:
    """Picture -> where it looks like an upright, and like a flat, thin piece of wood, bright or dark."""
    return Wood(
        np.stack([_standing_out(picture, width, upright=True) for width in WIDTHS_PX]),
        np.stack([_standing_out(picture, width, upright=False) for width in WIDTHS_PX]),
    )


def _standing_out(picture: Image, width: int, upright: bool) -> Image:
    """-> (H, W) by how much a strip so wide is brighter, or darker, than the two beside it, within a few pixels."""
    along = 5
    mean = np.asarray(cv2.blur(picture, (width, along) if upright else (along, width)))
    aside, down = (width + 1, 0) if upright else (0, width + 1)
    padded = cv2.copyMakeBorder(mean, down, down, aside, aside, cv2.BORDER_REPLICATE)
    high, wide = mean.shape[:2]
    one, other = padded[:high, :wide], padded[2 * down :, 2 * aside :]
    bright = cv2.subtract(mean, cv2.max(one, other))
    dark = cv2.subtract(cv2.min(one, other), mean)
    blue, green, red = cv2.split(cv2.max(bright, dark))
    reach = 2 * max(2, width // 2) + 1
    spread = np.ones((1, reach) if upright else (reach, 1), np.uint8)
    return np.asarray(cv2.dilate(cv2.max(cv2.max(blue, green), red), spread))


def uprights(work: Image, maps: Wood) -> Floats:
    """Picture, its maps -> (n, 4, 2) rough U's TL TR BR BL, the best first."""
    side = max(work.shape)
    pieces = segments(np.asarray(cv2.cvtColor(work, cv2.COLOR_BGR2GRAY), dtype=np.uint8))
    way = np.abs(pieces[:, 2:] - pieces[:, :2])
    posts, flat = joined(pieces[way[:, 0] < LEAN * way[:, 1]]), joined(pieces[way[:, 1] < SLOPE * way[:, 0]])
    posts = posts[lengths(posts) > SHORTEST_POST * side][:MOST_STEEP]
    bars = lines(flat[lengths(flat) > SHORTEST_BAR * side][:MOST_FLAT])
    if not len(posts) or not len(bars):
        return np.zeros((0, 4, 2))
    found, worth = [], []
    for slope, height in bars:
        hung, tops = _hung(slope, height, posts, maps, side)
        if len(hung) > 1:
            shapes, good = _pairs(tops, posts[hung], maps, side)
            found.append(shapes)
            worth.append(good)
    if not found:
        return np.zeros((0, 4, 2))
    return _best(np.concatenate(found), np.concatenate(worth))


def lines(flat: Floats) -> Floats:
    """(n, 4) flat edges, longest first -> (m, 2) slope and height at x = 0 of the lines they lie on."""
    if not len(flat):
        return np.zeros((0, 2))
    size, middle = lengths(flat), (flat[:, 0] + flat[:, 2]) / 2
    found: list[tuple[float, float]] = []
    for one in flat:
        slope = (one[3] - one[1]) / max(one[2] - one[0], 1e-6)
        here = (one[0] + one[2]) / 2, (one[1] + one[3]) / 2
        allowed = np.minimum(1.5 + 0.01 * np.abs(middle - here[0]), 5.0)
        ends = flat[:, [1, 3]] - here[1] - slope * (flat[:, [0, 2]] - here[0])
        mine = (np.abs(ends) < allowed[:, None]).all(axis=1)
        x, y, weight = flat[mine][:, [0, 2]].ravel(), flat[mine][:, [1, 3]].ravel(), np.repeat(size[mine], 2)
        away = x - np.average(x, weights=weight)
        steep = float((weight * away * y).sum() / max((weight * away**2).sum(), 1e-6))
        line = steep, float(np.average(y, weights=weight) - steep * np.average(x, weights=weight))
        reach = one[[0, 2]]
        if not any(np.abs((line[0] - a) * reach + line[1] - b).max() < 1.0 for a, b in found):
            found.append(line)
    return np.array(found)


def _hung(slope: float, height: float, posts: Floats, maps: Wood, side: int) -> tuple[NDArray[np.int64], Floats]:
    """A bar's line, steep edges -> rows of those that hang from it, and where they meet it, from left to right."""
    lean = (posts[:, 2] - posts[:, 0]) / (posts[:, 3] - posts[:, 1])
    across = posts[:, 0] - lean * posts[:, 1]
    top = (slope * across + height) / (1 - slope * lean)
    tops = np.stack([across + lean * top, top], axis=1)
    long = posts[:, 3] - posts[:, 1]
    below = posts[:, 3] - top
    near = (
        (posts[:, 1] - top < 1.5 * long + 6) & (top - posts[:, 1] < np.maximum(6, 0.5 * long)) & (below > LOWEST * side)
    )
    rows = np.flatnonzero(near)
    seen = maps.share("upright", tops[rows], posts[rows, 2:], below[rows])
    rows = rows[seen > POST_SEEN]
    rows = rows[np.argsort(tops[rows, 0])]
    return rows, tops[rows]


def _pairs(tops: Floats, posts: Floats, maps: Wood, side: int) -> tuple[Floats, Floats]:
    """Posts that hang from one line -> (n, 4, 2) the U's they make, (n,) how much of each looks like wood."""
    i, j = np.triu_indices(len(tops), 1)
    high = posts[:, 3] - tops[:, 1]
    wide, higher, lower = tops[j, 0] - tops[i, 0], np.maximum(high[i], high[j]), np.minimum(high[i], high[j])
    shaped: Bools = (wide > SQUAREST * higher) & (wide < FLATTEST * higher) & (wide > NARROWEST_PX * side)
    shaped &= lower > 0.15 * higher
    i, j, higher = i[shaped], j[shaped], higher[shaped]
    bar = maps.share("flat", tops[i], tops[j], higher)
    seen = bar > BAR_SEEN
    i, j, higher, bar = i[seen], j[seen], higher[seen], bar[seen]
    sides = [(posts[k, 2:] - tops[k]) * (higher / high[k])[:, None] for k in (i, j)]
    feet = [tops[k] + way for k, way in zip((i, j), sides, strict=True)]
    down = [maps.share("upright", tops[k], foot, higher) for k, foot in zip((i, j), feet, strict=True)]
    shapes = np.stack([tops[i], tops[j], posts[j, 2:], posts[i, 2:]], axis=1)
    return shapes, bar + np.maximum(*down) + 0.7 * np.minimum(*down) + 0.25 * np.log(higher / side)


def _best(shapes: Floats, worth: Floats) -> Floats:
    """(n, 4, 2), (n,) -> the best of them, none like a better one."""
    order = np.argsort(-worth)[:MOST_COMPARED]
    shapes, free = shapes[order], np.ones(len(order), dtype=bool)
    kept: list[Floats] = []
    while free.any() and len(kept) < MOST:
        best = shapes[int(free.argmax())]
        kept.append(best)
        far = np.abs(shapes - best).max(axis=2) / [SAME_PX, SAME_PX, 4 * SAME_PX, 4 * SAME_PX]
        free &= far.max(axis=1) >= 1
    return np.array(kept).reshape(-1, 4, 2)
