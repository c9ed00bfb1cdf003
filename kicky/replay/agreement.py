"""Replay -> how far its ball, body and goal lie from where the film has them, and whether that is near enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .. import camera as lens
from ..body.evidence import Evidence
from ..body.skeleton import CORE
from ..domain import Floats, Shot
from ..rules2d import BALL_M
from .phone import scale
from .swung import CLEARLY

# Medians in pixels of 1080 lines, beyond which what is replayed is not what was filmed.
BALL_PX, BODY_PX = 6.0, 15.0
APART_BALLS = 2.0  # between the ball that was struck and the one that flew, as they are seen


@dataclass(frozen=True, slots=True)
class Agreement:
    """Medians in pixels of a film of 1080 lines, None where there is nothing to compare; `balls` and `joints` count."""

    ball_px: float | None = None
    balls: int = 0
    joints_px: float | None = None
    joints: int = 0
    goal_px: float | None = None

    def words(self) -> str:
        """-> 'Laid over the film: the ball within 1 px, the body within 4 px and the goal within 1 px …'"""
        parts = [
            f"{what} within {max(1, math.ceil(off))} px"
            for what, off in (("the ball", self.ball_px), ("the body", self.joints_px), ("the goal", self.goal_px))
            if off is not None
        ]
        if not parts:
            return ""
        told = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
        return f"Laid over the film: {told} (half of what was seen lies nearer; in a picture of 1080 lines)."


def agreement(shot: Shot, phone: Floats, joints_m: Floats | None, told: Evidence | None) -> Agreement:
    """Shot, the replay's camera, (n, 15, 3) its body, what was seen of that -> Agreement."""
    ball, joints, goal = ball_off(shot, phone), joints_off(shot, phone, joints_m, told), goal_off(shot, phone)
    middle = [float(np.median(off)) if len(off) else None for off in (ball, joints, goal)]
    return Agreement(middle[0], len(ball), middle[1], len(joints), middle[2])


def ball_off(shot: Shot, phone: Floats) -> Floats:
    """-> (k,) pixels of 1080 lines between the flight and each sight of the ball."""
    flight = shot.flight
    if flight is None or not len(flight.seen):
        return np.empty(0)
    at = np.column_stack([np.interp(shot.clip.time_s[flight.seen], flight.time_s, axis) for axis in flight.xyz_m.T])
    return _off(phone, at, flight.seen_px, shot.clip.size_wh_px)


def joints_off(shot: Shot, phone: Floats, joints_m: Floats | None, told: Evidence | None) -> Floats:
    """-> (m,) pixels of 1080 lines between each joint that was clearly seen and the body."""
    if shot.body is None or joints_m is None or told is None:
        return np.empty(0)
    flat = joints_m[:, :CORE].reshape(len(joints_m), -1)
    at = np.column_stack([np.interp(told.since_s, shot.body.since_s, axis) for axis in flat.T]).reshape(-1, CORE, 3)
    clear = told.shown >= CLEARLY
    return _off(phone, at[clear], told.px[clear], shot.clip.size_wh_px)


def goal_off(shot: Shot, phone: Floats) -> Floats:
    """-> (4,) pixels of 1080 lines between the goal's corners as marked and as seen."""
    if shot.scene is None or shot.scene.camera is None:
        return np.empty(0)
    (width, height) = shot.scene.goal_size_m
    half = width / 2 if phone[5] > 0 else -width / 2  # from behind, the goal's right is the picture's left
    corners = np.array([[-half, 0, height], [half, 0, height], [half, 0, 0], [-half, 0, 0]], dtype=float)
    return _off(phone, corners, shot.scene.goal_corners_px, shot.clip.size_wh_px)


def misfit(found: Agreement) -> tuple[str, str]:
    """Agreement -> why the ball, and why the body, is not replayed; empty where it is."""
    ball, body = found.ball_px or 0.0, found.joints_px or 0.0
    told = "Not replayed: laid over the film, {} would lie {:.0f} px beside where it was seen."
    return (
        told.format("the ball", ball) if ball > BALL_PX else "",
        told.format("the body", body) if body > BODY_PX else "",
    )


def other_ball(shot: Shot, phone: Floats, ball_m: Floats) -> bool:
    """Shot with body and flight -> whether the body stands beside another ball than the one that flew."""
    assert shot.body is not None
    size = shot.clip.size_wh_px
    (struck,), (away,) = lens.project(shot.body.camera, shot.body.ball_m[None], size)
    (flew,), _ = lens.project(phone, ball_m[None], size)
    wide = float(np.exp(shot.body.camera[lens.LOG_FOCAL])) * BALL_M / float(away)
    return bool(np.linalg.norm(struck - flew) > APART_BALLS * wide)


def _off(phone: Floats, at_m: Floats, px: Floats, size_wh_px: tuple[int, int]) -> Floats:
    there, _ = lens.project(phone, at_m, size_wh_px)
    off = np.linalg.norm(there - px, axis=1) * scale(size_wh_px)
    return np.asarray(off[np.isfinite(off)])
