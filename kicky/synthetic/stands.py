"""Where a phone stands, and how its lens, not quite the pinhole of `kicky.camera`, shows the world."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..camera import LOG_FOCAL, project
from ..domain import Floats
from .camera import goal_corners_m
from .physics import Goal, Vector

POSITIONS = ("behind_shooter", "far_behind", "behind_goal", "side_on", "diagonal", "tilted")
SIZE_WH_PX = (1920, 1080)


@dataclass(frozen=True, eq=False, slots=True)
class Lens:
    """A camera's parameters (7,) as `domain.Camera` names them, and what a pinhole leaves out."""

    parameters: Floats
    bend: float
    shift_px: Floats

    def project(self, points_m: Floats) -> tuple[Floats, Floats]:
        """(..., 3) -> (..., 2) pixels, (...) depth along the axis in metres."""
        flat = points_m.reshape(-1, 3)
        px, depth = project(self.parameters, flat, SIZE_WH_PX)
        centre = np.array(SIZE_WH_PX) / 2
        off = (px - centre) / self.focal_px
        bent = centre + self.shift_px + (px - centre) * (1 + self.bend * (off**2).sum(axis=1, keepdims=True))
        return bent.reshape(*points_m.shape[:-1], 2), depth.reshape(points_m.shape[:-1])

    @property
    def focal_px(self) -> float:
        return float(np.exp(self.parameters[LOG_FOCAL]))


def sees(lens: Lens, points_m: Floats, margin_px: float, least_depth_m: float) -> bool:
    """-> are all of (n, 3) in the picture, that far from its edge and the lens."""
    px, depth = lens.project(points_m)
    inside = (px >= margin_px) & (px <= np.array(SIZE_WH_PX) - margin_px)
    return bool(inside.all() and (depth >= least_depth_m).all())


def stand(position: str, rng: np.random.Generator, goal: Goal, ball: Vector, zoom: float = 1.0) -> Lens | None:
    """Position -> a phone there with goal and ball in its picture, None when no draw gave one.

    `zoom` is how many times longer its lens is than a phone's usual one: one zooms in because one stands farther off.
    """
    for _ in range(30):
        lens = _drawn(position, rng, np.array(ball), zoom)
        if sees(lens, goal_corners_m(goal), 8, 1.0) and sees(lens, np.array([ball]), 10, 1.5):
            return lens
    return None


def _drawn(position: str, rng: np.random.Generator, ball: Floats, zoom: float) -> Lens:
    roll = rng.normal(0, math.radians(1.0))
    base = position
    if position == "tilted":
        roll = rng.choice([-1, 1]) * math.radians(rng.uniform(5, 20))
        base = str(rng.choice(["behind_shooter", "diagonal"]))
    spot = ball[:2]
    away = spot / np.linalg.norm(spot)
    aside = np.array([-away[1], away[0]])
    if base == "behind_shooter":
        ground, target = (
            spot + away * zoom * rng.uniform(5, 15) + aside * rng.normal(0, 2),
            [0.3 * spot[0], 0.4 * spot[1], 1],
        )
    elif base == "far_behind":
        ground, target = (
            spot + away * zoom * rng.uniform(15, 28) + aside * rng.normal(0, 4),
            [0.3 * spot[0], 0.4 * spot[1], 1],
        )
    elif base == "behind_goal":
        ground, target = np.array([rng.normal(0, 2.5), -zoom * rng.uniform(6, 12)]), [0.3 * spot[0], 3, 1]
    elif base == "side_on":
        ground = np.array([rng.choice([-1, 1]) * zoom * rng.uniform(15, 25), rng.uniform(3, 12)])
        target = [0, 0.5 * spot[1], 1.2]
    else:
        angle, far = rng.choice([-1, 1]) * math.radians(rng.uniform(30, 65)), zoom * rng.uniform(14, 26)
        ground, target = far * np.array([math.sin(angle), math.cos(angle)]), [0.4 * spot[0], 0.35 * spot[1], 1]
    place = np.array([*ground, rng.uniform(0.2, 2.0)])
    parameters = look_at(place, np.array(target) + rng.normal(0, 0.4, 3), float(roll), zoom * rng.uniform(1340, 1600))
    return Lens(parameters, float(rng.normal(0, 0.015)), rng.normal(0, 8, 2))


def look_at(place_m: Floats, target_m: Floats, roll_rad: float, focal_px: float) -> Floats:
    """Place, what it looks at -> (7,) parameters.

    >>> look_at(np.array([0.0, 20, 1]), np.array([0.0, 0, 1]), 0.0, 1000.0).round(2) + 0.0
    array([ 6.91,  0.  ,  0.  ,  0.  ,  0.  , 20.  ,  1.  ])
    """
    x, y, z = target_m - place_m
    return np.array([math.log(focal_px), math.atan2(x, -y), math.atan2(z, math.hypot(x, y)), roll_rad, *place_m])
