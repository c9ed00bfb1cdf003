"""Camera -> the pitch and the goal drawn back into the picture, so that a wrong calibration is seen at a glance."""

from __future__ import annotations

import numpy as np

from ..camera import LEAST_DEPTH_M, PLACE, rotation
from ..domain import Camera, Floats

GOAL_DEPTH_M = 1.5
ASIDE_M, OUT_M = 3.0, 16  # how far the grid goes beyond the posts, and out from the goal line


def ground_grid_px(camera: Camera, goal_size_m: tuple[float, float] = (7.32, 2.44)) -> list[Floats]:
    """Camera, goal's inner width and height -> (2, 2) segments: the goal as a box first (12), then a metre grid.

    The grid lies on the pitch in front of the goal. What is behind the lens or outside the picture is cut off;
    lines of which nothing is left are left out.
    """
    return _shown(np.concatenate([_box(*goal_size_m), _grid(goal_size_m[0])]), camera)


def _box(width: float, height: float) -> Floats:
    """-> (12, 2, 3): the mouth, the four edges back from it, the frame behind."""
    mouth = np.array([(x, 0.0, z) for x, z in ((-1, 1), (1, 1), (1, 0), (-1, 0))]) * [width / 2, 1, height]
    back = mouth - [0, GOAL_DEPTH_M, 0]
    edges = [np.stack([frame, np.roll(frame, -1, axis=0)], axis=1) for frame in (mouth, back)]
    return np.concatenate([edges[0], np.stack([mouth, back], axis=1), edges[1]])


def _grid(width: float) -> Floats:
    """-> (n, 2, 3) lines of the pitch a metre apart, the goal line among them."""
    side = np.ceil(width / 2 + ASIDE_M)
    across = [[(-side, y, 0.0), (side, y, 0.0)] for y in range(OUT_M + 1)]
    out = [[(x, 0.0, 0.0), (x, float(OUT_M), 0.0)] for x in np.arange(-side, side + 1)]
    return np.array(across + out, dtype=float)


def _shown(lines_m: Floats, camera: Camera) -> list[Floats]:
    """(n, 2, 3) in the world -> (2, 2) pixels of the part of each that the picture shows."""
    eye = (lines_m - camera.parameters[PLACE]) @ rotation(camera.parameters).T
    half = np.array(camera.size_wh_px) / 2
    ahead = eye[..., 2] - LEAST_DEPTH_M
    sides = [sign * camera.focal_px * eye[..., k] + half[k] * eye[..., 2] for k in (0, 1) for sign in (1, -1)]
    start, end = np.zeros(len(eye)), np.ones(len(eye))
    for inside in (ahead, *sides):  # how far each end lies within one edge of what is seen
        one, other = inside[:, 0], inside[:, 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            meets = one / (one - other)
        start = np.where((one < 0) & (other >= 0), np.maximum(start, meets), start)
        end = np.where((one >= 0) & (other < 0), np.minimum(end, meets), end)
        end = np.where((one < 0) & (other < 0), -1.0, end)
    share = np.stack([start, end], axis=1)[..., None]
    part = eye[:, :1] + share * (eye[:, 1:] - eye[:, :1])
    seen = start < end
    return list(camera.focal_px * part[seen, :, :2] / part[seen, :, 2:] + half)
