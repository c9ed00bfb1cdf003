"""SyntheticShot -> pictures."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import goal_corners_m
from .player import JOINT
from .shot import SyntheticShot

Image = NDArray[np.uint8]


def render(shot: SyntheticShot) -> Iterator[Image]:
    """SyntheticShot -> its frames, BGR uint8 (H, W, 3)."""
    w, h = shot.size_wh_px
    ground = np.full((h, w, 3), (60, 110, 70), np.uint8)
    corners = shot.camera.project(goal_corners_m(shot.goal))[[3, 0, 1, 2]]
    cv2.polylines(ground, [np.round(corners).astype(np.int32)], False, (245, 245, 245), 3, cv2.LINE_AA)
    pairs = [("neck", "left_hip"), ("neck", "right_hip")] + [
        (f"{s}_{a}", f"{s}_{b}")
        for s in ("left", "right")
        for a, b in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"), ("heel", "toe"))
    ]
    for i, time_s in enumerate(shot.time_s):
        image = ground.copy()
        for a, b in pairs:
            p, q = shot.joints_px[i, [JOINT[a], JOINT[b]]]
            if not np.isnan([p, q]).any():
                cv2.line(image, np.round(p).astype(int), np.round(q).astype(int), (40, 40, 160), 8, cv2.LINE_AA)
        path = shot.camera.project(shot.ball_at(time_s + np.linspace(-0.5, 0.5, 9) * shot.exposure_s))
        for px in path[~np.isnan(path).any(axis=1)]:
            cv2.circle(image, np.round(px * 16).astype(int), int(shot.ball_diameter_px[i] * 8), (240, 240, 240), -1,
                       cv2.LINE_AA, 4)  # fmt: skip
        yield image
