"""People and ball -> their shadows on the grass."""

from __future__ import annotations

import math

import cv2
import numpy as np

from ..domain import Floats
from .camera import Camera
from .physics import POST_RADIUS_M, Goal
from .player import JOINT
from .solids import Image, Light, box_around

Limb = tuple[Floats, Floats, float]
"""Two ends in the world and a radius, metres."""

_LIMBS = (
    ("head", "neck", 0.1), ("neck", "left_hip", 0.15), ("neck", "right_hip", 0.15),
    *((f"{s}_{a}", f"{s}_{b}", r) for s in ("left", "right") for a, b, r in (
        ("shoulder", "elbow", 0.06), ("elbow", "wrist", 0.04), ("hip", "knee", 0.08), ("knee", "ankle", 0.05),
        ("heel", "toe", 0.045))),
)  # fmt: skip


def limbs(joints_m: Floats) -> list[Limb]:
    """Joints (JOINTS, 3) -> what casts their shadow."""
    return [(joints_m[JOINT[a]], joints_m[JOINT[b]], r) for a, b, r in _LIMBS]


def goal_frame(goal: Goal) -> list[Limb]:
    """Goal -> its posts and bar, as what casts their shadow."""
    half, high = goal.width_m / 2 + POST_RADIUS_M, goal.height_m + POST_RADIUS_M
    left, right, up = np.array([-half, 0.0, 0.0]), np.array([half, 0.0, 0.0]), np.array([0.0, 0.0, high])
    return [(a, b, POST_RADIUS_M) for a, b in ((left, left + up), (right, right + up), (left + up, right + up))]


def cast(image: Image, camera: Camera, light: Light, things: list[Limb]) -> None:
    """Darkens the grass where the things keep the light off: under them, and away from the sun or each lamp."""
    ends = np.array([[a, b] for a, b, _ in things])
    radii = np.array([r for _, _, r in things])
    sky, direct = float(np.mean(light.sky)), float(np.mean(light.direct) * light.shares.sum())
    ground, widths, depths = [], [], []
    for towards, share in sorted(zip(light.towards, light.shares, strict=True), key=lambda pair: float(pair[1])):
        ground.append(ends - towards * (ends[..., 2:] / towards[2]))
        widths.append(radii)
        depths.append(np.full(len(radii), 0.9 * direct / (direct + sky) * float(share / light.shares.sum())))
    low = (ends[..., 2].max(axis=1) < 0.5) & (radii < 0.12)
    ground.append(ends[low] * (1, 1, 0))
    widths.append(radii[low] * 1.2)
    depths.append(np.full(int(low.sum()), 0.3))
    _darken(image, camera, np.concatenate(ground), np.concatenate(widths), np.concatenate(depths))


def _darken(image: Image, camera: Camera, ground_m: Floats, radii_m: Floats, depths: Floats) -> None:
    eye = camera.eye(ground_m)
    ahead = (eye[..., 2] > 0.5).all(axis=1)
    px = camera.to_px(eye[ahead])
    box = box_around(px.reshape(-1, 2), 16, camera.size_wh_px)
    if box is None:
        return
    x0, y0, x1, y1 = box
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    scale = camera.focal_px / eye[ahead, :, 2].mean(axis=1)
    # Seen from low down, a shadow's width across the view shows and its depth hardly does.
    away = np.linalg.norm(ground_m[ahead].mean(axis=1) - camera.position_m, axis=1)
    squash = np.clip(camera.position_m[2] / away, 0.05, 1)
    broad = 2 * radii_m[ahead] * scale
    for (a, b), width, flat, depth in zip(px - (x0, y0), broad, squash, depths[ahead], strict=True):
        if np.abs([a, b]).max() > 20000:
            continue
        value = int(255 * depth)
        lying = abs(b[0] - a[0]) > abs(b[1] - a[1]) * 2
        thick = max(1, round(width * (flat if lying else 0.6)))
        if math.hypot(*(b - a)) >= width:
            cv2.line(mask, np.round(a * 16).astype(int), np.round(b * 16).astype(int), value, thick, cv2.LINE_AA, 4)
            continue
        middle = (round((a[0] + b[0]) * 8), round((a[1] + b[1]) * 8))
        axes = (round(max(width, 2.0) * 8), round(max(width * flat, 1.4) * 8))
        cv2.ellipse(mask, middle, axes, 0, 0, 360, value, -1, cv2.LINE_AA, 4)
    soft = cv2.blur(cv2.blur(mask, (3, 3)), (5, 3)) if scale.max() > 40 else cv2.blur(mask, (3, 3))
    keep = cv2.merge([cv2.bitwise_not(soft)] * 3)
    image[y0:y1, x0:x1] = cv2.multiply(image[y0:y1, x0:x1], keep, scale=1 / 255)
