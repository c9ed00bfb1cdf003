"""The frame a flight is worked out in: the world turned about the goal's middle until the phone stands on its y axis.

Corners say little about how far to the side a phone stands, or how long its lens is, when it looks straight at the
goal. In this frame, and with the camera written as below, the picture of a flight hardly depends on either, so that
a posterior stays a bell where in the world it would be a banana.

    focal    px
    across   how far beside the picture's middle the goal's middle stands, up how far below it the horizon lies, px
    roll     rad
    azimuth  of the phone as seen from the goal, rad: 0 in front, growing towards +x
    scale    distance from the goal over focal length, m/px
    height   of the lens, m
"""

from __future__ import annotations

import numpy as np

from .. import camera as pinhole
from ..domain import Camera, Floats

FOCAL, ACROSS, UP, ROLLED, AZIMUTH, SCALE, HEIGHT = range(7)
LEAST_FOCAL_PX = 10.0


def written(parameters: Floats) -> Floats:
    """(..., 7) as domain.Camera names them -> (..., 7) as above."""
    focal, x, y = np.exp(parameters[..., pinhole.LOG_FOCAL]), parameters[..., pinhole.X], parameters[..., pinhole.Y]
    azimuth = np.arctan2(x, y)
    return np.stack(
        [
            focal,
            focal * np.tan(_turn(parameters[..., pinhole.PAN] + azimuth)),
            focal * np.tan(parameters[..., pinhole.TILT]),
            parameters[..., pinhole.ROLL],
            azimuth,
            np.hypot(x, y) / focal,
            parameters[..., pinhole.Z],
        ],
        axis=-1,
    )


def aligned(camera: Floats) -> Floats:
    """(..., 7) as above -> (..., 7) as domain.Camera names them, in this frame."""
    focal = np.maximum(camera[..., FOCAL], LEAST_FOCAL_PX)
    pan, tilt = np.arctan(camera[..., ACROSS] / focal), np.arctan(camera[..., UP] / focal)
    away = np.maximum(camera[..., SCALE], 1e-4) * focal
    zero = np.zeros_like(focal)
    return np.stack([np.log(focal), pan, tilt, camera[..., ROLLED], zero, away, camera[..., HEIGHT]], axis=-1)


def in_world(camera: Floats) -> Floats:
    """(..., 7) as above -> (..., 7) as domain.Camera names them."""
    here = aligned(camera)
    azimuth, away = camera[..., AZIMUTH], here[..., pinhole.Y]
    here[..., pinhole.PAN] = _turn(here[..., pinhole.PAN] - azimuth)
    here[..., pinhole.X], here[..., pinhole.Y] = away * np.sin(azimuth), away * np.cos(azimuth)
    return here


def to_world(camera: Floats, vectors: Floats) -> Floats:
    """(h, 7), (h, ..., 3) places or velocities in this frame -> the same in the world."""
    azimuth = camera[:, AZIMUTH].reshape(-1, *([1] * (vectors.ndim - 2)))
    cos, sin = np.cos(azimuth), np.sin(azimuth)
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    return np.stack([x * cos + y * sin, y * cos - x * sin, z], axis=-1)


def spread(camera: Camera) -> Floats:
    """Camera -> (7, 7) its covariance, of the camera as written above."""
    delta = 1e-5
    moved = written(camera.parameters + delta * np.eye(7))
    jacobian = ((moved - written(camera.parameters)) / delta).T
    return np.asarray(jacobian @ camera.covariance @ jacobian.T)


def _turn(angle: Floats) -> Floats:
    """-> the same angle within half a turn."""
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)
