"""Shot -> the one camera that its replay is seen by, and what another camera saw put where this one sees it."""

from __future__ import annotations

import numpy as np

from .. import camera as lens
from ..domain import Floats, Shot

DIGITS = 3


def phone(shot: Shot) -> Floats | None:
    """Shot -> (7,) the camera as `domain.Camera` has it: the flight's, else the goal's, else the body's; None of none.

    The flight's was fitted to the goal's corners and to the ball at once.
    """
    if shot.flight is not None and len(shot.flight.cameras):
        return np.asarray(shot.flight.cameras[0])
    if shot.scene is not None and shot.scene.camera is not None:
        return shot.scene.camera.parameters
    return shot.body.camera if shot.body is not None else None


def scale(size_wh_px: tuple[int, int]) -> float:
    """Picture's size -> what a pixel of it is worth in a film of 1080 lines."""
    return 1080 / min(size_wh_px)


def moved(points_m: Floats, seen_by: Floats, beside_m: Floats, to: Floats, there_m: Floats) -> Floats:
    """(..., 3) seen by one camera beside a ball, another camera and where that has the ball -> (..., 3) in its metres.

    Each point stays in its place in the picture. Its depth before or behind the ball is kept as a share of how far the
    ball is away over the focal length: what was as tall as seven balls still is.
    """
    size = (0, 0)  # pixels from the picture's middle
    flat = points_m.reshape(-1, 3)
    px, depth = lens.project(seen_by, flat, size)
    one, other = (float((ball - eye[4:]) @ lens.rotation(eye)[2]) for ball, eye in ((beside_m, seen_by), (there_m, to)))
    larger = other / one * np.exp(seen_by[0] - to[0])
    rays = lens.rays(to, px, size)
    return np.asarray((to[4:] + (other + larger * (depth - one))[:, None] * rays).reshape(points_m.shape))


def on_film(points_m: Floats, seen_by: Floats, to: Floats) -> Floats:
    """(s, n, 3) each row seen by its own of (s, 7) cameras -> (s, n, 3) where one camera sees them in that place."""
    px, depth = lens.project(seen_by, points_m, (0, 0))
    depth = np.maximum(depth, lens.LEAST_DEPTH_M) * np.exp(to[0] - seen_by[:, :1])
    return np.asarray(to[4:] + depth[..., None] * lens.rays(to, px, (0, 0)))


def axes(points_m: Floats) -> list[object]:
    """(..., 3) in the world's axes -> in the scene's, to the millimetre: x right, y up, z towards the shooter."""
    told = np.round(np.asarray(points_m, dtype=float)[..., [0, 2, 1]], DIGITS) + 0.0
    return list(told.tolist())


def described(camera: Floats, size_wh_px: tuple[int, int]) -> dict[str, object]:
    """(7,) camera, its picture's size -> where it stands, where it looks, its lens."""
    right, down, forward = lens.rotation(camera)
    return {
        "at": axes(camera[lens.PLACE]), "right": axes(right * 1.0), "up": axes(-down), "forward": axes(forward),
        "focal_px": round(float(np.exp(camera[lens.LOG_FOCAL])), 2), "size_px": [int(side) for side in size_wh_px],
    }  # fmt: skip
