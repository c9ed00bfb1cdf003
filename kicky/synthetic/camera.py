"""A pinhole on a tripod: world metres <-> pixels, and where a phone would be stood for each view."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..domain import Floats
from .physics import POST_RADIUS_M, Goal, Vector

VIEWS = ("behind", "diagonal", "side", "behind_goal")


@dataclass(frozen=True, eq=False, slots=True)
class Camera:
    """Where the phone stands and looks; rows of `rotation` are the picture's right, down and forward in the world.

    The world axes are left-handed (domain.py), so this matrix has determinant -1.
    """

    focal_px: float
    position_m: Floats
    rotation: Floats
    size_wh_px: tuple[int, int]

    def eye(self, points_m: Floats) -> Floats:
        """(..., 3) world -> (..., 3) metres right, down and forward of the lens."""
        return np.asarray((np.asarray(points_m) - self.position_m) @ self.rotation.T)

    def project(self, points_m: Floats) -> Floats:
        """(..., 3) world -> (..., 2) pixels, NaN behind the lens."""
        return self.to_px(self.eye(points_m))

    def to_px(self, eye_m: Floats) -> Floats:
        """(..., 3) as `eye` gives -> (..., 2) pixels, NaN behind the lens."""
        depth = np.where(eye_m[..., 2:] > 0.1, eye_m[..., 2:], np.nan)
        return np.asarray(self.focal_px * eye_m[..., :2] / depth + np.array(self.size_wh_px) / 2)

    def depth_m(self, points_m: Floats) -> Floats:
        """(..., 3) world -> (...) metres along the optical axis."""
        return np.asarray(self.eye(points_m)[..., 2])

    def rays(self, x_px: Floats, y_px: Floats) -> tuple[Floats, Floats, Floats]:
        """Pixels -> world direction x, y, z of the ray through each (forward part 1)."""
        right = (x_px - self.size_wh_px[0] / 2) / self.focal_px
        down = (y_px - self.size_wh_px[1] / 2) / self.focal_px
        across, below, ahead = self.rotation.tolist()
        x, y, z = (right * a + down * b + c for a, b, c in zip(across, below, ahead, strict=True))
        return x, y, z

    def sees(self, points_m: Floats, margin: float) -> bool:
        """-> are all of (n, 3) in the picture, at least `margin` of its shorter side from the edge."""
        px = self.project(points_m)
        edge = margin * min(self.size_wh_px)
        return bool(np.all((px >= edge) & (px <= np.array(self.size_wh_px) - edge)))


def look_at(position_m: Floats, target_m: Floats, roll_deg: float, focal_px: float, size: tuple[int, int]) -> Camera:
    """Stand, target -> Camera; a positive roll turns the phone clockwise."""
    forward = target_m - position_m
    forward = forward / np.linalg.norm(forward)
    right = np.cross([0.0, 0.0, 1.0], forward)  # this way round because the axes are left-handed
    right /= np.linalg.norm(right)
    down = np.cross(right, forward)
    cos, sin = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    rotation = np.stack([cos * right + sin * down, -sin * right + cos * down, forward])
    return Camera(focal_px, np.asarray(position_m, dtype=float), rotation, size)


def goal_corners_m(goal: Goal) -> Floats:
    """Goal -> (4, 3) its inner corners as the shooter sees them: TL TR BR BL."""
    half, height = goal.width_m / 2, goal.height_m
    return np.array([[-half, 0, height], [half, 0, height], [half, 0, 0], [-half, 0, 0]], dtype=float)


def goal_corners_px(camera: Camera, goal: Goal) -> Floats:
    """-> (4, 2) the inner corners TL TR BR BL as the picture shows them: left is the picture's left."""
    px = camera.project(goal_corners_m(goal))
    return px if px[0, 0] < px[1, 0] else px[[1, 0, 3, 2]]


def _stand(view: str, rng: np.random.Generator, ball: Vector, back: float) -> tuple[list[float], list[float]]:
    """View -> (ground position, what it looks at); `back` 0..1 is how far off the phone is stood."""
    x, y = ball[0], ball[1]
    reach = math.hypot(x, y)
    if view == "behind":
        away = (x / reach, y / reach) if y > 4 else (0.0, 1.0)
        far = 3.5 + 11 * back + (0 if y > 4 else 6)
        aside = rng.normal(0, 1.3)
        return [x + away[0] * far - away[1] * aside, y + away[1] * far + away[0] * aside], [0.45 * x, 0.3 * y]
    if view == "diagonal":
        angle = math.radians(rng.uniform(24, 58)) * rng.choice([-1, 1])
        far = 11 + 16 * back
        return [math.sin(angle) * far, 2 + math.cos(angle) * far], [0.45 * x, 0.4 * y]
    if view == "side":
        side = rng.choice([-1, 1])
        return [side * (11 + 15 * back), rng.uniform(0.25, 0.9) * y + 1.5], [0.4 * x, 0.45 * y]
    return [rng.normal(0, 1.5), -(5.5 + 10 * back)], [0.25 * x, 0.2 * y]


def place(
    view: str, rng: np.random.Generator, size: tuple[int, int], goal: Goal, ball: Vector, shooter_m: Floats,
    height_m: float | None = None,
) -> Camera | None:  # fmt: skip
    """-> a phone that has goal, ball and (nearly) the shooter in the picture, None when no stand was found.

    `shooter_m` (n, JOINTS, 3) is where the shooter runs; the phone keeps clear of them. Its height is drawn
    unless it is given.
    """
    frame = goal_corners_m(goal)
    frame[:, 0] += np.sign(frame[:, 0]) * 2 * POST_RADIUS_M
    frame[:2, 2] += 2 * POST_RADIUS_M
    drawn = rng.uniform(0.3, 1.6)
    height = drawn if height_m is None else height_m
    focal = rng.uniform(0.66, 0.8) * max(size)
    roll = rng.normal(0, 0.8)
    heads = shooter_m[len(shooter_m) // 3 :, 0]
    for back in np.linspace(rng.uniform(0, 0.35), 1.0, 12):
        ground, target = _stand(view, rng, ball, float(back))
        aim_height = height + rng.uniform(-0.3, 0.5) * (1 if size[0] > size[1] else 2)
        camera = look_at(np.array([*ground, height]), np.array([*target, aim_height]), roll, focal, size)
        near = float(np.linalg.norm(shooter_m[..., :2] - camera.position_m[:2], axis=-1).min())
        if near > 1.5 and camera.sees(np.array([ball]), 0.03) and camera.sees(heads, 0.0) and camera.sees(frame, 0.015):
            return camera
    return None
