"""Kind, Goal -> Launch and Flight whose simulated end truly is of that kind."""

from __future__ import annotations

import math

import numpy as np

from ..domain import How, Verdict
from .physics import BALL_RADIUS_M, POST_RADIUS_M, Flight, Goal, Launch, Vector, aim, simulate

KINDS = ("goal", "over", "wide", "post", "short", "in_front", "from_goal")
CLEAR_M = 0.15  # how far from the frame a miss must stay
_FLIGHT_S = 3.2
_BAR = 2 * POST_RADIUS_M


def draw(kind: str, rng: np.random.Generator, goal: Goal) -> tuple[Launch, Flight]:
    """Kind, Goal -> a launch and the flight it gives, drawn again until the flight is of that kind."""
    while True:
        launch = _launch(kind, rng, goal)
        if launch is None:
            continue
        flight = simulate(launch, goal, _FLIGHT_S)
        if _is(kind, flight, goal):
            return launch, flight


def ending(kind: str, flight: Flight, goal: Goal) -> tuple[Verdict, How, float | None]:
    """Flight -> goal or not, how, and the seconds from the launch to what settled it (None: nothing did).

    Left and right are the shooter's.
    """
    if flight.goal_s is not None:
        return Verdict.GOAL, How.IN_NET, flight.goal_s
    if kind == "from_goal":
        return Verdict.NO_GOAL, How.UNCLEAR, None
    if flight.frame_s is not None:
        return Verdict.NO_GOAL, How.POST, flight.frame_s
    if flight.crossing_m is None:
        return Verdict.NO_GOAL, How.SHORT, None
    x = flight.crossing_m[0]
    if abs(x) < goal.width_m / 2:
        return Verdict.NO_GOAL, How.OVER, flight.plane_s
    return Verdict.NO_GOAL, How.WIDE_LEFT if x < 0 else How.WIDE_RIGHT, flight.plane_s


def _is(kind: str, flight: Flight, goal: Goal) -> bool:
    """-> is this flight what its kind says, clear of the frame where it must be, and soon enough to be filmed."""
    half, late = goal.width_m / 2, (flight.plane_s or 0) > 1.7
    if kind == "goal":
        return flight.goal_s is not None and flight.frame_s is None and not late
    if flight.goal_s is not None:
        return False
    if kind == "post":
        return flight.frame_s is not None and flight.frame_s < 1.7
    if flight.frame_s is not None:
        return False
    if kind in ("short", "from_goal"):
        return flight.plane_s is None and float(flight.xyz_m[:, 1].min()) > 2 * BALL_RADIUS_M
    if kind == "in_front":
        return flight.plane_s is None and float(flight.xyz_m[:, 1].min()) > 0.6
    if flight.crossing_m is None or late:
        return False
    x, z = flight.crossing_m
    if kind == "over":
        return abs(x) < half and z - BALL_RADIUS_M > goal.height_m + _BAR + CLEAR_M
    return abs(x) - BALL_RADIUS_M > half + _BAR + CLEAR_M


def _launch(kind: str, rng: np.random.Generator, goal: Goal) -> Launch | None:
    """-> a first guess at a launch of that kind, None when the aim cannot be reached."""
    share = math.sqrt(goal.width_m / 7.32)
    y = rng.uniform(9.5, 18.5) * share**1.3
    start = (float(rng.normal(0, 2.2) * share), float(y), BALL_RADIUS_M)
    speed = rng.uniform(15, 31) * share
    if kind in ("short", "in_front", "from_goal"):
        start, velocity = _along_ground(kind, rng, goal, start)
        return _with_ground(rng, start, velocity, (0.0, 0.0, float(rng.normal(0, 8))))
    target = _target(kind, rng, goal)
    toward = (-start[0], -start[1])
    back = rng.normal(4, 14) / math.hypot(*toward)
    # Backspin is about the axis across the shot; with left-handed axes lift asks for this sign.
    spin = (float(-toward[1] * back), float(toward[0] * back), float(rng.normal(0, 22)))
    if kind in ("goal", "wide") and rng.random() < 0.3:
        gap = np.array([target[0] - start[0], -start[1]])
        flat = gap / np.linalg.norm(gap) * speed * 0.9
        return _with_ground(rng, start, (float(flat[0]), float(flat[1]), float(rng.choice([0, 0.6, 2.2]))), spin)
    velocity_up = aim(start, target, speed, spin)
    return None if velocity_up is None else _with_ground(rng, start, velocity_up, spin)


def _with_ground(rng: np.random.Generator, start: Vector, velocity: Vector, spin: Vector) -> Launch:
    return Launch(start, velocity, spin, rng.uniform(0.5, 0.7), rng.uniform(0.28, 0.5), rng.uniform(0.6, 1.3))


def _target(kind: str, rng: np.random.Generator, goal: Goal) -> Vector:
    """-> where in the goal's plane the shot is aimed at."""
    half, height = goal.width_m / 2, goal.height_m
    inside_x, inside_z = half - BALL_RADIUS_M - 0.04, height - BALL_RADIUS_M - 0.04
    if kind == "goal":
        return rng.uniform(-inside_x, inside_x), 0.0, rng.uniform(0.2, inside_z)
    if kind == "over":
        return rng.uniform(-half, half), 0.0, height + _BAR + BALL_RADIUS_M + CLEAR_M + rng.uniform(0.05, 1.8)
    side = float(rng.choice([-1, 1]))
    if kind == "wide":
        out = half + _BAR + BALL_RADIUS_M + CLEAR_M + rng.uniform(0.05, 2.2)
        return side * out, 0.0, rng.uniform(0.2, height + 0.6)
    if rng.random() < 0.45:
        return rng.uniform(-half, half), 0.0, height + POST_RADIUS_M + rng.normal(0, 0.07)
    return side * (half + POST_RADIUS_M + rng.normal(0, 0.07)), 0.0, rng.uniform(0.15, height)


def _along_ground(kind: str, rng: np.random.Generator, goal: Goal, start: Vector) -> tuple[Vector, Vector]:
    """-> start and velocity of a ball that stops short, is played across the goal, or away from it."""
    half = goal.width_m / 2
    if kind == "short":
        gap = np.array([rng.uniform(-half, half) - start[0], -start[1]])
        speed = math.sqrt(2 * 1.5 * float(np.linalg.norm(gap))) * rng.uniform(0.75, 1.2)
        way = gap / np.linalg.norm(gap)
        up = float(rng.choice([0.0, 1.5, 3.0])) * rng.random()
    elif kind == "in_front":
        side = float(rng.choice([-1, 1]))
        start = (side * rng.uniform(0.5, 1.4) * half, rng.uniform(2.5, 8.0), BALL_RADIUS_M)
        end = np.array([-side * rng.uniform(1.2, 2.5) * half, rng.uniform(1.2, 6.0)])
        way = (end - np.array(start[:2])) / np.linalg.norm(end - np.array(start[:2]))
        speed, up = rng.uniform(8, 20), rng.uniform(0, 5.0)
    else:
        start = (rng.uniform(-0.7, 0.7) * half, rng.uniform(0.6, 3.5), BALL_RADIUS_M)
        angle = rng.uniform(-0.9, 0.9)
        way = np.array([math.sin(angle), math.cos(angle)])
        speed, up = rng.uniform(7, 18), rng.uniform(0, 3.5)
    return start, (float(way[0] * speed), float(way[1] * speed), float(up))
