"""Two friends in the same clothes all session: who shoots, and where the other one is meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..domain import Floats
from .camera import Camera
from .figure import Dress, draw_dress
from .physics import Flight, Goal
from .player import ANKLE, JOINT, Arm, Body, Leg, curve

ROLES = ("keeper", "watcher")
CLEAR_OF_BALL_M = 0.9  # a ball that flies through a body would be seen to
CLEAR_OF_PLAYERS_M = 2.2


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as filmed: a name, a height, clothes."""

    name: str
    height_m: float
    dress: Dress


@dataclass(frozen=True, slots=True)
class Cast:
    """Who shoots, who else is there and as what: keeper (in the goal), watcher (stands by), None when alone."""

    shooter: Person
    friend: Person
    role: str | None


def draw_friends(rng: np.random.Generator) -> tuple[Person, Person]:
    """-> two people who can be told apart: another shirt at least."""
    one, other = draw_dress(rng), draw_dress(rng)
    while other.shirt == one.shirt:
        other = draw_dress(rng)
    heights = rng.uniform(1.66, 1.9, 2)
    return Person("Ada", float(heights[0]), one), Person("Ben", float(heights[1]), other)


def casts(friends: tuple[Person, Person], number: int, views: int) -> Cast:
    """Friends, number of the shot, how many views -> who shoots and what the other does, all combinations in turn."""
    turn, view = divmod(number, views)
    shooter, friend = friends if (turn // 2 + view) % 2 == 0 else friends[::-1]
    return Cast(shooter, friend, (*ROLES, None)[(turn + view) % 3])


def stand(
    cast: Cast, rng: np.random.Generator, camera: Camera, goal: Goal, flight: Flight, shooter_m: Floats
) -> Body | None:
    """Cast, what else is in the picture -> the friend's body; None when alone, or where there is no room for them.

    `shooter_m` (n, JOINTS, 3) is where the shooter runs.
    """
    start = flight.xyz_m[0]
    for _ in range(40 if cast.role else 0):
        if cast.role == "keeper":
            spot = np.array([rng.uniform(-0.35, 0.35) * goal.width_m, rng.uniform(0.2, 0.9)])
        else:
            away, turn = rng.uniform(2.5, 6.0), rng.uniform(0, 2 * np.pi)
            spot = np.array([start[0] + away * np.cos(turn), max(1.5, start[1] + away * np.sin(turn))])
        body = stander(int(rng.integers(1 << 31)), cast.friend.height_m, spot, start[:2] - spot, cast.role == "keeper")
        if _fits(spot, body, camera, flight, shooter_m):
            return body
    return None


def _fits(spot: Floats, body: Body, camera: Camera, flight: Flight, shooter_m: Floats) -> bool:
    ball = float(np.linalg.norm(flight.xyz_m[:, :2] - spot, axis=1).min())
    player = float(np.linalg.norm(shooter_m[..., :2] - spot, axis=-1).min())
    lens = float(np.linalg.norm(camera.position_m[:2] - spot))
    joints = body.joints(np.zeros(1))[0]
    clear = ball > CLEAR_OF_BALL_M and player > CLEAR_OF_PLAYERS_M and lens > 2.5
    return clear and bool(camera.sees(joints, 0.0)) and not _hides(joints, camera, flight, shooter_m)


def _hides(joints: Floats, camera: Camera, flight: Flight, shooter_m: Floats) -> bool:
    """-> whether the friend stands in the phone's way to the shooter or the lying ball: nobody films like that."""
    spot = np.broadcast_to(flight.xyz_m[0], (len(shooter_m), 1, 3))
    watched = np.concatenate([shooter_m, spot], axis=1)[len(shooter_m) // 4 :].reshape(-1, 3)
    if camera.depth_m(joints[JOINT["neck"]]) > camera.depth_m(flight.xyz_m[0]):
        return False
    mine, theirs = camera.project(joints)[:, 0], camera.project(watched)[:, 0]
    wide = 0.15 * float(np.ptp(camera.project(joints)[:, 1]))
    return bool(mine.min() - wide < theirs.max() and mine.max() + wide > theirs.min())


def stander(seed: int, height_m: float, spot_m: Floats, facing: Floats, ready: bool) -> Body:
    """Seed, height, where, which way they look -> Body that stands and sways; `ready` bends the knees as keepers do."""
    rng = np.random.default_rng(seed)
    h, low = height_m, ANKLE * height_m
    beats = np.cumsum(rng.uniform(0.35, 0.7, 14)) - 2.5
    sway = rng.uniform(0.03, 0.07) * np.where(np.arange(14) % 2, 1, -1)
    width, up = (0.22, 0.46) if ready else (0.12, 0.52)
    pelvis = curve(*((float(t), 0.0, float(s), up * h) for t, s in zip(beats, sway, strict=True)))
    legs = [Leg(curve((0, 0.0, side * width, low)), curve((0, 10))) for side in (1, -1)]
    swing = [curve(*((float(t), float(rng.normal(10, 12))) for t in beats)) for _ in range(2)]
    outward, elbow = (38.0, 40.0) if ready else (8.0, 20.0)
    arms = [Arm(s, curve((0, outward)), curve((0, elbow))) for s in swing]
    nothing = curve((0, 0))
    ahead = np.array([*(facing / np.linalg.norm(facing)), 0.0])
    return Body(
        h, np.array([spot_m[0], spot_m[1], 0.0]), ahead, 1,
        pelvis=pelvis, yaw_deg=nothing, tilt_deg=nothing, lean_deg=curve((0, 14 if ready else 3)), sway_deg=nothing,
        shoulder_yaw_deg=nothing, look_at=curve((0, 8, 0, 1.0)),
        kick_leg=legs[0], support_leg=legs[1], kick_arm=arms[0], support_arm=arms[1],
    )  # fmt: skip
