"""Camera parameters <-> the picture: where a point of the world is seen, and along which ray a pixel looks.

Everything takes parameters (..., 7) as `domain.Camera` names them, so that a whole posterior is one call.
The world axes are left-handed (see domain.py), so the rotations here have determinant -1.
"""

from __future__ import annotations

import numpy as np

from .domain import Floats

LEAST_DEPTH_M = 0.2


def rotation(parameters: Floats) -> Floats:
    """(..., 7) -> (..., 3, 3), rows: the picture's right, down and forward in the world."""
    pan, tilt, roll = parameters[..., 1], parameters[..., 2], parameters[..., 3]
    zero = np.zeros_like(pan)
    forward = np.stack([np.sin(pan) * np.cos(tilt), -np.cos(pan) * np.cos(tilt), np.sin(tilt)], axis=-1)
    right = np.stack([np.cos(pan), np.sin(pan), zero], axis=-1)
    down = np.stack([np.sin(pan) * np.sin(tilt), -np.cos(pan) * np.sin(tilt), -np.cos(tilt)], axis=-1)
    cos, sin = np.cos(roll)[..., None], np.sin(roll)[..., None]
    return np.stack([cos * right + sin * down, cos * down - sin * right, forward], axis=-2)


def project(parameters: Floats, points_m: Floats, size_wh_px: tuple[int, int]) -> tuple[Floats, Floats]:
    """(..., 7), (..., n, 3) -> (..., n, 2) pixels, (..., n) depth along the axis in metres.

    Points nearer than LEAST_DEPTH_M or behind the lens are shown as if that near; their depth tells them.
    """
    eye = (points_m - parameters[..., None, 4:]) @ np.swapaxes(rotation(parameters), -1, -2)
    depth = eye[..., 2]
    scale = np.exp(parameters[..., 0])[..., None] / np.maximum(depth, LEAST_DEPTH_M)
    return eye[..., :2] * scale[..., None] + np.array(size_wh_px) / 2, depth


def rays(parameters: Floats, points_px: Floats, size_wh_px: tuple[int, int]) -> Floats:
    """(..., 7), (..., n, 2) pixels -> (..., n, 3) world direction whose forward part is 1.

    A point of the world on the ray at depth d is `parameters[4:] + d * ray`.
    """
    flat = (points_px - np.array(size_wh_px) / 2) / np.exp(parameters[..., 0])[..., None, None]
    eye = np.concatenate([flat, np.ones((*flat.shape[:-1], 1))], axis=-1)
    return np.asarray(eye @ rotation(parameters))
