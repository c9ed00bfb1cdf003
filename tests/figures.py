"""A body made by hand: who kicks with the right foot stands to the left of the ball, which goes where it is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kicky.domain import Body, Floats, Shot

BALL_M = np.array([2.0, 11.0, 0.11])
# About the ball, x to the right and y ahead: at contact, kicking with the right foot.
JOINTS_M = np.array([
    [0.0, -0.4, 1.4], [-0.4, -0.4, 1.4], [-0.1, -0.35, 0.95], [-0.32, -0.35, 0.95], [-0.05, -0.2, 0.55],
    [-0.32, -0.2, 0.5], [0.0, -0.15, 0.15], [-0.32, -0.1, 0.08], [0.0, 0.0, 0.1], [-0.32, 0.1, 0.03],
    [0.15, -0.5, 1.15], [-0.6, -0.45, 1.2], [0.1, -0.4, 0.95], [-0.7, -0.3, 1.0], [-0.2, -0.35, 1.65],
])  # fmt: skip
SINCE_S = np.linspace(-0.2, 0.2, 11)


def seen(way_deg: float = -90.0, left: bool = False, apart_deg: float = 5.0, since_s: Floats = SINCE_S) -> Body:
    """Where the ball goes, which foot, how the likely ways differ -> a body that moves ahead by 2 m a second."""
    way = np.radians(way_deg)
    about = JOINTS_M * ([-1, 1, 1] if left else [1, 1, 1])
    moving = about + since_s[:, None, None] * np.array([0.0, 2.0, 0.0])
    ahead, right = np.array([np.cos(way), np.sin(way), 0.0]), np.array([-np.sin(way), np.cos(way), 0.0])
    foot = BALL_M * [1, 1, 0]
    world = foot + moving[..., :1] * right + moving[..., 1:2] * ahead + moving[..., 2:] * [0, 0, 1]
    rng = np.random.default_rng(0)
    samples = world[None, :, :10] + 0.03 * rng.standard_normal((12, 1, 10, 3))
    camera = np.array([7.0, 0.0, 0.0, 0.0, 2.0, 16.0, 1.4])  # behind the shooter, looking at the goal
    ways = way + np.radians(apart_deg) * np.linspace(-1, 1, 12)
    return Body(since_s, world, samples, ways, BALL_M, camera, 0.95 if left else 0.05)


def shown(shot: Shot, body: Body | None, why_not: str = "") -> Shot:
    """Shot -> the same with that body, or the reason for none."""
    return replace(shot, body=body, body_why_not=why_not)
