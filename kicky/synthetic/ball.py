"""Path of the ball while the shutter is open -> the ball in the picture, with its dark patches, blurred."""

from __future__ import annotations

import math

import cv2
import numpy as np

from ..domain import Floats
from .camera import Camera
from .leather import WHITE, Leather
from .physics import BALL_RADIUS_M
from .solids import Light, Patch, Raster, Surface, bar, box_around

_GOLD = (1 + math.sqrt(5)) / 2
_PATCHES = np.array(
    [(a, b * _GOLD, 0) for a in (-1, 1) for b in (-1, 1)]
    + [(0, a, b * _GOLD) for a in (-1, 1) for b in (-1, 1)]
    + [(b * _GOLD, 0, a) for a in (-1, 1) for b in (-1, 1)]
) / math.hypot(1, _GOLD)  # fmt: skip


def turns(rng: np.random.Generator) -> Floats:
    """-> a ball turned by chance, (3, 3)."""
    return np.asarray(cv2.Rodrigues(rng.normal(0, 1.2, 3))[0])


def draw_ball(
    camera: Camera, light: Light, path_m: Floats, turn: Floats, leather: Leather = WHITE
) -> Patch | None:  # fmt: skip
    """Path (n, 3) at even moments of the exposure, turn (3, 3) -> the patch, None when out of the picture."""
    px = camera.project(path_m)
    if np.isnan(px).any():
        return None
    radius = camera.focal_px * BALL_RADIUS_M / float(camera.depth_m(path_m).min())
    if radius > max(camera.size_wh_px):
        return None
    box = box_around(px, radius + 2, camera.size_wh_px)
    if box is None:
        return None
    blur = float(np.linalg.norm(px[-1] - px[0]))
    count = int(np.clip(math.ceil(blur / max(1.2, 0.16 * radius)), 1, len(path_m)))
    eye = camera.eye(path_m)
    total = Patch(box)
    spots = _PATCHES @ turn.T @ camera.rotation.T

    base = np.asarray(leather.base, np.float32)
    fall = base - np.asarray(leather.patch, np.float32)

    def skin(surface: Surface) -> Raster:
        if radius < 3.5:  # too small to show its patches
            return np.broadcast_to(np.asarray(leather.far, np.float32), (*surface.near.shape, 3))
        best = surface.facing(spots[0])
        for spot in spots[1:]:
            np.maximum(best, surface.facing(spot), out=best)
        edge = 0.6 / radius + 0.01
        dark = np.clip((best - leather.rim) / edge + 0.5, 0, 1)[..., None]
        return np.asarray(base - dark * fall, dtype=np.float32)

    for i in np.linspace(0, len(path_m) - 1, count).round().astype(int) if count > 1 else [len(path_m) // 2]:
        patch = Patch(box)
        bar(patch, camera, light, np.stack([eye[i], eye[i]]), (BALL_RADIUS_M, BALL_RADIUS_M), skin)
        total.colour += patch.colour
        total.alpha += patch.alpha
    total.colour /= count
    total.alpha /= count
    return total
