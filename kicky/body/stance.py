"""Body -> the same as the shot sees it: about the ball, ahead is where the ball goes. Two shots so turned compare."""

from __future__ import annotations

import numpy as np

from .. import camera as lens
from ..domain import Body, Floats

Z_90 = 1.645


def about_ball(body: Body, points_m: Floats) -> Floats:
    """Body, (..., 3) in the world's axes -> (..., 3) x right, y ahead along the shot's way, z up from the ball's foot.

    Right as the shooter sees it, who looks ahead. These axes are right-handed; the world's are not.
    """
    way = way_rad(body)
    cos, sin = np.cos(way), np.sin(way)
    off = points_m - body.ball_m * np.array([1.0, 1.0, 0.0])
    return np.stack([cos * off[..., 1] - sin * off[..., 0], cos * off[..., 0] + sin * off[..., 1], off[..., 2]], -1)


def way_rad(body: Body) -> float:
    """Body -> the middle of where the ball may go."""
    return float(np.arctan2(np.sin(body.way_rad).mean(), np.cos(body.way_rad).mean()))


def way_doubt_deg(body: Body) -> float:
    """Body -> degrees to either side of the middle, within which the ball goes nine times in ten."""
    off = np.angle(np.exp(1j * (body.way_rad - way_rad(body))))
    return float(Z_90 * np.degrees(off.std()))


def likely(body: Body, count: int) -> Floats:
    """Body, how many -> (count, 10, 3) likely bodies at contact, each about the ball as `about_ball` has it."""
    chosen = np.unique(np.linspace(0, len(body.samples_m) - 1, count).round().astype(int))
    return about_ball(body, body.samples_m[chosen, body.contact])


def aside_deg(body: Body) -> float:
    """Body -> degrees between where the camera looks and straight across the shot's way: 0 is filmed from the side."""
    forward = lens.rotation(body.camera)[2][:2]
    ahead = np.array([np.cos(way_rad(body)), np.sin(way_rad(body))])
    share = abs(float(forward @ ahead)) / max(float(np.linalg.norm(forward)), 1e-9)
    return float(np.degrees(np.arcsin(min(share, 1.0))))
