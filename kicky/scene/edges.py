"""Picture -> long straight edges: what posts, bars, poles and fences are made of."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from ..domain import Bools, Floats
from .woodwork import Image

OFF_LINE_PX = 2.5  # parts of one edge lie this near to one line
GAP = 0.35  # of the length so far: the net or a leg may hide that much between two parts
SHORTEST_PX = 8.0


def content(picture: Image) -> tuple[int, int, int, int]:
    """Picture -> left, top, right, bottom of what is not a black border."""
    bright = picture.max(axis=2) > 40
    columns, rows = np.flatnonzero(bright.mean(axis=0) > 0.02), np.flatnonzero(bright.mean(axis=1) > 0.02)
    if len(columns) < 16 or len(rows) < 16:
        return 0, 0, picture.shape[1], picture.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def segments(gray: Image) -> Floats:
    """Gray picture -> (n, 4) straight pieces x0 y0 x1 y1: downwards where steep, to the right where flat."""
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(gray)[0]
    if found is None:
        return np.zeros((0, 4))
    pieces = np.asarray(found, dtype=float).reshape(-1, 4)
    step = pieces[:, 2:] - pieces[:, :2]
    steep = np.abs(step[:, 1]) > np.abs(step[:, 0])
    turned = np.where(steep, step[:, 1], step[:, 0]) < 0
    return np.where(turned[:, None], pieces[:, [2, 3, 0, 1]], pieces)


def lengths(pieces: Floats) -> Floats:
    """(n, 4) -> (n,)."""
    return np.asarray(np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]))


def joined(pieces: Floats) -> Floats:
    """(n, 4) pieces of like direction -> (m, 4): those on one line put together, longest first."""
    if not len(pieces):
        return np.zeros((0, 4))
    free, found = np.ones(len(pieces), dtype=bool), []
    size, places = lengths(pieces), KDTree((pieces[:, :2] + pieces[:, 2:]) / 2)
    for i in np.argsort(-size):
        if size[i] < SHORTEST_PX:
            break
        if not free[i]:
            continue
        whole, mine = pieces[i], np.ones(1, dtype=bool)
        for _ in range(2):
            left = _beside(places, whole, size[i])
            left = left[free[left]]
            mine = _along(whole, pieces[left]) | (left == i)
            if mine.sum() == 1:
                break  # it spans itself
            whole = _spanning(pieces[left[mine]], whole)
        free[left[mine]] = False
        found.append(whole)
    if not found:
        return np.zeros((0, 4))
    whole_ones = np.array(found)
    return whole_ones[np.argsort(-lengths(whole_ones))]


def _beside(places: KDTree, whole: Floats, largest: float) -> NDArray[np.int64]:
    """Middles of pieces, an edge, the longest piece's length -> rows of all that can be along it, rising."""
    length = float(np.hypot(*(whole[2:] - whole[:2])))
    reach = (0.5 + GAP) * length + 6 + OFF_LINE_PX + largest
    return np.sort(np.array(places.query_ball_point((whole[:2] + whole[2:]) / 2, reach), dtype=np.int64))


def _along(whole: Floats, pieces: Floats) -> Bools:
    """-> which pieces lie on the line of `whole` and near it."""
    length = float(np.hypot(*(whole[2:] - whole[:2])))
    way = (whole[2:] - whole[:2]) / length
    normal = np.array([-way[1], way[0]])
    ends = np.stack([pieces[:, :2], pieces[:, 2:]]) - whole[:2]
    off, at = np.abs(ends @ normal).max(axis=0), ends @ way
    gap = np.maximum(np.maximum(-at[1], at[0] - length), 0)
    return np.asarray((off < min(1.2 + 0.01 * length, OFF_LINE_PX)) & (gap < GAP * length + 6))


def _spanning(parts: Floats, before: Floats) -> Floats:
    """Pieces of one line -> the one that spans them, along their common direction."""
    ends, weight = parts.reshape(-1, 2), np.repeat(lengths(parts), 2)
    middle = np.average(ends, axis=0, weights=weight)
    spread = ((ends - middle) * weight[:, None]).T @ (ends - middle)
    way = np.linalg.eigh(spread)[1][:, 1]
    way = way * np.sign(way @ (before[2:] - before[:2]))
    at = (ends - middle) @ way
    return np.concatenate([middle + at.min() * way, middle + at.max() * way])


def crossings(flat: Floats, steep: Floats) -> Floats:
    """(n, 4), (m, 4) -> (n, m, 2) where their lines meet, NaN where they are parallel."""
    one, two = (np.cross(_homogeneous(lines[:, :2]), _homogeneous(lines[:, 2:])) for lines in (flat, steep))
    met = np.cross(one[:, None], two[None])
    return np.asarray(met[..., :2] / np.where(np.abs(met[..., 2:]) < 1e-9, np.nan, met[..., 2:]))


def _homogeneous(points: Floats) -> Floats:
    return np.column_stack([points, np.ones(len(points))])
