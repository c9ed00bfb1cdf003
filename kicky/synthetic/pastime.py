"""Films without a shot: somebody waits, runs up too late, swings beside the ball, walks by, juggles or dribbles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..domain import Floats
from .cast import stander
from .motion import kicker, walker
from .physics import BALL_RADIUS_M, GRAVITY, STEP_S, Flight
from .player import ANKLE, JOINT, Body, Leg, curve
from .shot import SyntheticShot, choose
from .waiting import starts_s

PASTIMES = ("waits", "breaks off", "swings beside", "walks by", "juggles", "dribbles")
_SHARES = (0.3, 0.15, 0.15, 0.15, 0.13, 0.12)
_JUGGLED_M = 0.34  # how high the boot meets a juggled ball


def without_a_shot(
    rng: np.random.Generator, shot: SyntheticShot, wish: str | None = None
) -> tuple[str, SyntheticShot]:  # fmt: skip
    """SyntheticShot -> what is done instead, and the film of that: no contact, foot, speed or outcome.

    Raises: UnknownPart for a wish that is none of PASTIMES.
    """
    drawn = str(rng.choice(PASTIMES, p=_SHARES))
    pastime = drawn if wish is None else choose(wish, PASTIMES, "pastime", rng)
    length_s = float(rng.uniform(2.4, 5.0))
    ball = shot.flight.xyz_m[0]
    shooter, path, zero_s = shot.shooter, np.repeat(ball[None], 2, axis=0), 0.0
    if pastime in ("waits", "breaks off"):
        run_s = -starts_s(shooter)
        zero_s = length_s + (run_s + 0.3 if pastime == "waits" else rng.uniform(0.12, 0.6))
    elif pastime == "swings beside":
        shooter, zero_s = _swinging(rng, shot, ball), float(rng.uniform(1.2, length_s - 0.7))
    elif pastime == "walks by":
        shooter, zero_s = _passing(rng, shot, ball), 0.5 * length_s
    elif pastime == "juggles":
        shooter, path = juggling(rng, shot, ball, length_s)
    else:
        shooter, path = _dribbling(rng, shot, ball, length_s)
    time_s = np.arange(round(length_s * shot.fps)) / shot.fps
    return pastime, replace(
        shot, shooter=shooter, flight=still(path), contact_time_s=zero_s, time_s=time_s, contact_frame=None,
        outcome_frame=None, outcome=None, how=None, foot=None, speed_kmh=None, crossing_m=None, angles_deg={},
    )  # fmt: skip


def still(path_m: Floats) -> Flight:
    """Rows each STEP_S -> a flight in which nothing happens but that."""
    nothing = np.zeros_like(path_m)
    return Flight(path_m, nothing, nothing, None, None, None, None, None, None)


def _across(shot: SyntheticShot) -> Floats:
    way = shot.camera.rotation[0] * (1, 1, 0)
    return np.asarray(way / np.linalg.norm(way))


def _swinging(rng: np.random.Generator, shot: SyntheticShot, ball: Floats) -> Body:
    """-> kicks the air, half a metre or more beside the ball."""
    aside = _across(shot) * rng.choice([-1, 1]) * rng.uniform(0.6, 1.6)
    return kicker(int(rng.integers(1 << 31)), str(rng.choice(["left", "right"])), ball + aside, shot.shooter.ahead, 3)


def _passing(rng: np.random.Generator, shot: SyntheticShot, ball: Floats) -> Body:
    """-> walks past the lying ball."""
    way = _across(shot) * rng.choice([-1, 1])
    behind = np.array([-way[1], way[0], 0.0]) * rng.choice([-1, 1]) * rng.uniform(0.5, 2.0)
    return walker(int(rng.integers(1 << 31)), ball + behind, way)


def juggling(rng: np.random.Generator, shot: SyntheticShot, ball: Floats, length_s: float) -> tuple[Body, Floats]:
    """-> keeps the ball up with both feet in turn."""
    ahead = shot.camera.position_m[:2] - ball[:2] + rng.normal(0, 4, 2)
    body = stander(int(rng.integers(1 << 31)), shot.shooter.height_m, ball[:2], ahead, ready=False)
    low, touches = ANKLE * body.height_m, [0.1]
    while touches[-1] < length_s + 1:
        touches.append(touches[-1] + float(rng.uniform(0.5, 0.85)))
    legs = []
    for which, side in enumerate((1.0, -1.0)):
        keys: list[tuple[float, ...]] = [(-1.0, 0.0, 0.12 * side, low)]
        for at in touches[which::2]:
            keys += [
                (at - 0.2, 0.0, 0.12 * side, low),
                (at, 0.3, 0.05 * side, _JUGGLED_M - 0.06),
                (at + 0.22, 0.0, 0.12 * side, low),
            ]
        legs.append(Leg(curve(*keys), curve((0, 20))))
    time = np.arange(0, length_s + 0.5, STEP_S)
    begin = np.clip(np.searchsorted(touches, time, "right") - 1, 0, len(touches) - 2)
    since, lasts = time - np.array(touches)[begin], np.diff(touches)[begin]
    high = _JUGGLED_M + BALL_RADIUS_M + 0.5 * GRAVITY * np.clip(since, 0, None) * (lasts - since)
    spot = body.origin_m[:2] + 0.42 * body.ahead[:2]
    return replace(body, kick_leg=legs[0], support_leg=legs[1]), np.column_stack([np.tile(spot, (len(time), 1)), high])


def _dribbling(rng: np.random.Generator, shot: SyntheticShot, ball: Floats, length_s: float) -> tuple[Body, Floats]:
    """-> walks across with the ball rolling before the feet, pushed on every second step or so."""
    way = _across(shot) * rng.choice([-1, 1])
    body = walker(int(rng.integers(1 << 31)), ball - 2.0 * way, way)
    time = np.arange(0, length_s + 0.5, STEP_S)
    gone = (body.joints(time)[:, JOINT["neck"], :2] - body.origin_m[:2]) @ way[:2]
    every, push = rng.uniform(0.9, 1.4), rng.uniform(0.3, 0.8)
    ahead = 0.4 + push * np.sin(np.pi * (time / every % 1.0)) ** 2
    spot = body.origin_m[:2] + (gone + ahead)[:, None] * way[:2]
    return body, np.column_stack([spot, np.full(len(time), BALL_RADIUS_M)])
