"""Camera parameters <-> the picture: where a point of the world is seen, and along which ray a pixel looks.

Everything takes parameters (..., 7) as `domain.Camera` names them, so that a whole posterior is one call.
The world axes are left-handed (see domain.py), so the rotations here have determinant -1.
"""

from __future__ import annotations

import numpy as np

from .domain import Camera, Floats

LOG_FOCAL, PAN, TILT, ROLL, X, Y, Z = range(7)
"""Where each of a camera's parameters is."""
GROUND, PLACE = slice(X, Z), slice(X, Z + 1)
"""The point of the ground the lens is above, and where it is itself."""
LEAST_DEPTH_M = 0.2
LEAST_HEIGHT_M = 0.01


def rotation(parameters: Floats) -> Floats:
    """(..., 7) -> (..., 3, 3), rows: the picture's right, down and forward in the world."""
    pan, tilt, roll = parameters[..., PAN], parameters[..., TILT], parameters[..., ROLL]
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
    eye = (points_m - parameters[..., None, PLACE]) @ np.swapaxes(rotation(parameters), -1, -2)
    depth = eye[..., 2]
    scale = np.exp(parameters[..., LOG_FOCAL])[..., None] / np.maximum(depth, LEAST_DEPTH_M)
    return eye[..., :2] * scale[..., None] + np.array(size_wh_px) / 2, depth


def rays(parameters: Floats, points_px: Floats, size_wh_px: tuple[int, int]) -> Floats:
    """(..., 7), (..., n, 2) pixels -> (..., n, 3) world direction whose forward part is 1.

    A point of the world on the ray at depth d is `parameters[PLACE] + d * ray`.
    """
    flat = (points_px - np.array(size_wh_px) / 2) / np.exp(parameters[..., LOG_FOCAL])[..., None, None]
    eye = np.concatenate([flat, np.ones((*flat.shape[:-1], 1))], axis=-1)
    return np.asarray(eye @ rotation(parameters))


MIDDLE_M = np.array([0.0, 0.0, 1.0])
"""A point in the mouth of every goal; its place in the picture says where the camera is aimed."""


def to_aim(parameters: Floats, size_wh_px: tuple[int, int]) -> Floats:
    """(..., 7) -> (..., 7): ln f, the pixel at which MIDDLE_M is seen, roll, x / f, y / f, ln z.

    From the front, focal length and distance are known only together: in pan, tilt and metres, what the goal's
    corners allow is a bent valley; in these coordinates it is nearly straight, so a normal spread fits it.
    """
    log_focal, roll = parameters[..., LOG_FOCAL, None], parameters[..., ROLL, None]
    aim, _ = project(parameters, MIDDLE_M[None], size_wh_px)
    height = np.log(np.maximum(parameters[..., Z, None], LEAST_HEIGHT_M))
    return np.concatenate(
        [log_focal, aim[..., 0, :], roll, parameters[..., GROUND] / np.exp(log_focal), height], axis=-1
    )


def from_aim(aim: Floats, size_wh_px: tuple[int, int]) -> Floats:
    """(..., 7) as `to_aim` gives -> (..., 7) camera parameters."""
    focal, roll = np.exp(aim[..., :1]), aim[..., 3]
    place = np.concatenate([aim[..., 4:6] * focal, np.exp(aim[..., 6:])], axis=-1)
    flat = (aim[..., 1:3] - np.array(size_wh_px) / 2) / focal
    right = np.cos(roll) * flat[..., 0] - np.sin(roll) * flat[..., 1]
    down = np.sin(roll) * flat[..., 0] + np.cos(roll) * flat[..., 1]
    away = MIDDLE_M - place
    ground = np.hypot(away[..., 0], away[..., 1])
    sine = np.linalg.norm(away, axis=-1) / ground * right / np.sqrt(right**2 + down**2 + 1)
    aside = np.arcsin(np.clip(sine, -1, 1))
    pan = np.arctan2(away[..., 0], -away[..., 1]) - aside
    tilt = np.arctan2(away[..., 2], ground * np.cos(aside)) + np.arctan(down)
    return np.concatenate([aim[..., :1], np.stack([pan, tilt, roll], axis=-1), place], axis=-1)


def aimed(camera: Camera) -> tuple[Floats, Floats]:
    """Camera -> its parameters as `to_aim` gives them (7,), their covariance (7, 7)."""
    step = 1e-6 * np.eye(7)
    both = to_aim(np.concatenate([camera.parameters + step, camera.parameters - step]), camera.size_wh_px)
    slope = ((both[:7] - both[7:]) / 2e-6).T
    return to_aim(camera.parameters, camera.size_wh_px), np.asarray(slope @ camera.covariance @ slope.T)


def draw(camera: Camera, count: int, rng: np.random.Generator) -> Floats:
    """Camera -> (count, 7) likely cameras: each still sees the goal about where it was clicked."""
    mean, covariance = aimed(camera)
    spread = np.linalg.cholesky((covariance + covariance.T) / 2)
    return from_aim(mean + rng.standard_normal((count, 7)) @ spread.T, camera.size_wh_px)
