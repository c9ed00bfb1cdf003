"""A view's name, a moment -> the camera that a replay is seen with: as the viewer in the browser stands (replay.js)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...domain import Floats
from ...shown import VIEWS
from ...synthetic.camera import Camera
from .told import Told, along, worldly

UP, AWAY = np.array([0.0, 0.0, 1.0]), np.array([0.0, -1.0, 0.0])
SHORT_OF, WIDER, HIGHER = 1.2, 1.25, 1.5  # a picture less wide than the first shows more
AHEAD_S = 0.08
Seen = tuple[Floats, Floats, float]
"""Where the eye is, what it looks at, degrees from the picture's top to its bottom."""


def offered(made: Mapping[str, Any]) -> list[str]:
    """A replay -> the views there are of it: no keeper without a goal, and a ball that lies is not followed."""
    lacking = set() if made["goal"] else {"keeper", "goal"}
    return [view for view in VIEWS if view not in lacking and (view != "chase" or len(made["ball"]["t"]) > 1)]


def camera(view: str, told: Told, t: float, size_wh: tuple[int, int]) -> Camera:
    """View, replay, moment, the picture's size -> what sees it."""
    if view == "phone":
        return _phone(told, size_wh)
    wide = size_wh[0] / size_wh[1]
    at, to, fov = _STANDS[view](told, t)
    if wide < SHORT_OF:
        fov *= WIDER
        at = to + HIGHER * (at - to) if view == "above" else at
    focal = size_wh[1] / 2 / math.tan(math.radians(fov) / 2)
    return Camera(focal, at, _turned(to - at, AWAY if view == "above" else UP), size_wh)


def _turned(forward: Floats, up: Floats) -> Floats:
    """-> (3, 3) right, down and forward; this way round because the axes are left-handed."""
    forward = forward / np.linalg.norm(forward)
    right = np.cross(up, forward)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(right, forward), forward])


def _phone(told: Told, size_wh: tuple[int, int]) -> Camera:
    phone = told.phone
    right, up, forward = (worldly(phone[name]) for name in ("right", "up", "forward"))
    share = min(side / of for side, of in zip(size_wh, phone["size_px"], strict=True))
    return Camera(share * phone["focal_px"], worldly(phone["at"]), np.stack([right, -up, forward]), size_wh)


def _ahead(told: Told) -> tuple[Floats, float, Floats]:
    """-> (3,) the direction along the ground that the ball is struck in, how far that goes, where to."""
    spot = told.spot()
    if told.goal:
        goal = np.array([0.0, 0.0, 1.0])
    else:
        goal = told.ball_m[-1] if told.flown else spot + np.array([0.0, -8.0, 0.0])
    way = (goal - spot) * (1, 1, 0)
    far = float(np.linalg.norm(way))
    return (way / far, far, goal) if far > 0.1 else (AWAY, 1.0, goal)


def _keeper(told: Told, t: float) -> Seen:
    x, y = 0.0, 0.3
    if told.keeper:
        times, places = (np.array(told.keeper[name], dtype=np.float64) for name in ("t", "at"))
        x, y = along(times, places, t).tolist()
    ball = told.ball(t)
    return np.array([x, y, 1.65]), np.array([ball[0], ball[1], 0.4 + 0.6 * ball[2]]), 34.0


def _behind(told: Told, t: float) -> Seen:
    spot = told.spot()
    to = spot + 0.35 * (told.ball(t) - spot)
    return np.array([0.2 * spot[0], -6.5, 2.6]), np.array([to[0], to[1], 0.8]), 44.0


def _above(told: Told, _t: float) -> Seen:
    _, far, goal = _ahead(told)
    middle = (told.spot() + goal) / 2
    return np.array([middle[0], middle[1] + 0.02, max(far * 1.75, 11.0)]), np.array([middle[0], middle[1], 0.0]), 40.0


def _side(told: Told, _t: float) -> Seen:
    way, _, _ = _ahead(told)
    aside = np.array([-way[1], way[0], 0.0]) * (-1 if told.kicks_left else 1)
    middle = told.spot() - 0.25 * way
    at, to = middle + 4.6 * aside, middle.copy()
    at[2], to[2] = 1.25, 0.85
    return at, to, 36.0


def _chase(told: Told, t: float) -> Seen:
    ball, ahead = told.ball(t), told.ball(t + AHEAD_S)
    way = (ahead - ball) * (1, 1, 0.25)
    far = float(np.linalg.norm(ahead - ball))
    on = way / np.linalg.norm(way) if far > 0.05 else _ahead(told)[0]
    at = ball - 3.2 * on
    at[2] = max(ball[2] + 0.9, 0.9)
    return at, ball + 3 * on, 50.0


_STANDS: dict[str, Callable[[Told, float], Seen]] = {
    "keeper": _keeper, "goal": _behind, "above": _above, "side": _side, "chase": _chase,
}  # fmt: skip
