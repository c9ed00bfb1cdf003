"""Who else is there: a friend beside the kicker, one who walks behind, people who cross, a keeper."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..domain import Floats
from .cast import CLEAR_OF_BALL_M, stander
from .motion import walker
from .player import JOINT, Body
from .shot import SyntheticShot

_CLEAR_OF_KICKER_M = 0.9  # nearer than this two bodies would run into each other
# How often each is there.
_SHARES = {"friend beside": 0.25, "friend walks behind": 0.15, "crosses": 0.18, "keeper": 0.2}
_TRIES = 25
_LOOKS = 90  # moments of the film at which it is asked whether they are in the way: a fast ball moves half a metre


def draw_bystanders(rng: np.random.Generator, shot: SyntheticShot) -> tuple[tuple[str, Body], ...]:
    """-> role and body of each, by chance, where there is room for them."""
    found: list[tuple[str, Body]] = []
    path = shot.shooter.joints(np.linspace(shot.time_s[0], shot.time_s[-1], _LOOKS) - shot.contact_time_s)
    draws: dict[str, Callable[[], Body]] = {
        "friend beside": lambda: _beside(rng, shot, path),
        "friend walks behind": lambda: _walking(rng, shot, path, behind=True),
        "crosses": lambda: _walking(rng, shot, path, behind=False),
        "keeper": lambda: _keeping(rng, shot),
    }
    for role, share in _SHARES.items():
        if rng.random() > share:
            continue
        for _ in range(_TRIES):
            body = draws[role]()
            if _fits(body, shot, [path, *(other.joints(np.zeros(1)) for _, other in found)]):
                found.append((role, body))
                break
    return tuple(found)


def _height(rng: np.random.Generator) -> float:
    return float(rng.uniform(1.55, 1.92))


def _beside(rng: np.random.Generator, shot: SyntheticShot, path_m: Floats) -> Body:
    """-> stands by the kicker's stand or by the ball, and looks at it."""
    ball = shot.flight.xyz_m[0, :2]
    middle = path_m[0, JOINT["neck"], :2] if rng.random() < 0.6 else ball
    away, turn = rng.uniform(1.0, 3.5), rng.uniform(0, 2 * np.pi)
    spot = middle + away * np.array([np.cos(turn), np.sin(turn)])
    return stander(int(rng.integers(1 << 31)), _height(rng), spot, ball - spot, ready=False)


def _keeping(rng: np.random.Generator, shot: SyntheticShot) -> Body:
    spot = np.array([rng.uniform(-0.35, 0.35) * shot.goal.width_m, rng.uniform(0.2, 1.2)])
    return stander(int(rng.integers(1 << 31)), _height(rng), spot, shot.flight.xyz_m[0, :2] - spot, ready=True)


def _walking(rng: np.random.Generator, shot: SyntheticShot, path_m: Floats, behind: bool) -> Body:
    """-> walks across the view: past the kicker's back, or anywhere between phone and goal."""
    across = shot.camera.rotation[0] * (1, 1, 0)
    across /= np.linalg.norm(across)
    ball, lens = shot.flight.xyz_m[0, :2], shot.camera.position_m[:2]
    if behind:
        back = path_m[0, JOINT["neck"], :2] - ball
        spot = ball + back * (1 + rng.uniform(0.8, 3.0) / max(float(np.linalg.norm(back)), 0.5))
    else:
        spot = lens + (ball - lens) * rng.uniform(0.55, 1.8)
    spot = spot + across[:2] * rng.uniform(-2.5, 2.5)
    way = across * rng.choice([-1, 1])
    turn = rng.normal(0, 0.25)
    ahead = np.array(
        [way[0] * np.cos(turn) - way[1] * np.sin(turn), way[0] * np.sin(turn) + way[1] * np.cos(turn), 0.0]
    )
    return walker(int(rng.integers(1 << 31)), spot, ahead)


def _fits(body: Body, shot: SyntheticShot, others_m: list[Floats]) -> bool:
    """-> clear of the ball's flight, of the others and of the phone, in the picture, and not before the lying ball."""
    times = np.linspace(shot.time_s[0], shot.time_s[-1], _LOOKS)
    joints = body.joints(times - shot.contact_time_s)
    spots = joints[:, JOINT["neck"], :2]
    ball = shot.ball_at(times)
    if float(np.linalg.norm(spots - ball[:, :2], axis=1).min()) < CLEAR_OF_BALL_M:
        return False
    for path in others_m:
        theirs = path[:, JOINT["neck"], :2]
        gaps = np.linalg.norm(spots - theirs if len(theirs) == len(spots) else spots[:, None] - theirs, axis=-1)
        if float(gaps.min()) < _CLEAR_OF_KICKER_M:
            return False
    if float(np.linalg.norm(spots - shot.camera.position_m[:2], axis=1).min()) < 2.0:
        return False
    middle = joints[len(joints) // 2]
    return shot.camera.sees(middle[[JOINT["neck"], JOINT["left_hip"]]], 0.0) and not _covers(joints, ball, shot, times)


def _covers(joints: Floats, ball: Floats, shot: SyntheticShot, times: Floats) -> bool:
    """-> whether they stand before the ball, seen from the phone, from shortly before the kick until after it."""
    about = np.abs(times - shot.contact_time_s) < 0.6
    if not about.any():
        return False
    mine, theirs = shot.camera.project(joints[about]), shot.camera.project(ball[about])
    nearer = shot.camera.depth_m(joints[about, JOINT["neck"]]) < shot.camera.depth_m(ball[about])
    wide = 0.12 * np.ptp(mine[..., 1], axis=1)
    inside = (mine[..., 0].min(axis=1) - wide < theirs[:, 0]) & (theirs[:, 0] < mine[..., 0].max(axis=1) + wide)
    return bool((nearer & inside).any())
