"""Kind, Goal -> Strike: where the ball lay or came from, how it was struck, and its whole path."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ..domain import Floats
from .physics import BALL_RADIUS_M, POST_RADIUS_M, STEP_S, Flight, Goal, Launch, Vector, aim, simulate

# How often each comes; a first-time shot is one of the first five, struck while the ball rolls.
FREQUENCY = {
    "air": 0.19, "ground": 0.1425, "bounce": 0.076, "over": 0.1045, "wide": 0.114, "post": 0.095, "short": 0.057,
    "across": 0.0665, "away": 0.0475, "block": 0.057, "first_time": 0.05,
}  # fmt: skip
KINDS = tuple(FREQUENCY)
FILMED_S = 2.5  # after the kick
_AFTER_S = 1.0  # simulated beyond the film, to know what it does not show
_REACH_M = 2.6  # no keeper touches a higher ball


@dataclass(frozen=True, eq=False, slots=True)
class Strike:
    """A launch and what came of it; `met_s`, from the kick, is its first meeting with anything but the ground.

    `rolls_ms` is the ball's velocity over the ground just before the kick, zero when it lay.
    `blocked_m` is where somebody stood in its way, `blocked_s` when it came there.
    """

    kind: str
    launch: Launch
    flight: Flight
    rolls_ms: tuple[float, float] = (0.0, 0.0)
    blocked_m: Vector | None = None
    blocked_s: float | None = None

    @property
    def met_s(self) -> float | None:
        met = [t for t in (self.blocked_s, self.flight.frame_s, self.flight.net_s) if t is not None]
        return min(met, default=None)

    def ball_at(self, since_kick_s: Floats) -> Floats:
        """(n,) seconds from the kick -> (n, 3) metres. Before it the ball lies, or rolls in and slows by 1 m/s²."""
        row = np.clip(since_kick_s / STEP_S, 0, len(self.flight.xyz_m) - 1.001)
        low = row.astype(int)
        share = (row - low)[:, None]
        path = (1 - share) * self.flight.xyz_m[low] + share * self.flight.xyz_m[low + 1]
        speed = math.hypot(*self.rolls_ms)
        if speed:
            ago = np.maximum(-since_kick_s, 0.0)
            way = (speed * ago + 0.5 * ago**2)[:, None]
            path[:, :2] -= way * np.array(self.rolls_ms) / speed
        return np.asarray(path)


def strike(kind: str, rng: np.random.Generator, goal: Goal) -> Strike | None:
    """Kind, Goal -> a strike, None when this draw misses its aim or ends only after the film does."""
    real = str(rng.choice(KINDS[:5])) if kind == "first_time" else kind
    start = _start(real, rng, goal)
    launch = _launch(real, rng, goal, start)
    if launch is None:
        return None
    if kind == "block":
        return _blocked(rng, goal, launch)
    flight = simulate(launch, goal, FILMED_S + _AFTER_S)
    if _open_end(flight):
        return None
    rolls = (0.0, 0.0)
    if kind == "first_time":
        # From the goal's side or across: towards the shooter, who comes from the other.
        angle, speed = rng.uniform(-1.4, 1.4), rng.uniform(2.0, 6.0)
        rolls = (float(speed * math.sin(angle)), float(speed * math.cos(angle)))
    return Strike(kind, launch, flight, rolls)


def _open_end(flight: Flight) -> bool:
    """-> does the ball come to the goal's plane too late for the film to show it."""
    return flight.plane_s is not None and flight.plane_s > FILMED_S - 0.15


def _start(kind: str, rng: np.random.Generator, goal: Goal) -> Vector:
    x, y = rng.normal(0, 4.0), rng.uniform(8, 22) if goal.width_m > 6 else rng.uniform(6, 16)
    if kind == "across":
        x, y = rng.choice([-1, 1]) * rng.uniform(6, 12), rng.uniform(3, 9)
    elif kind == "away":
        x, y = rng.uniform(-3, 3), rng.uniform(1.5, 7)
    return float(x), float(y), BALL_RADIUS_M


def _launch(kind: str, rng: np.random.Generator, goal: Goal, start: Vector) -> Launch | None:
    """-> a launch of that kind, None when its aim cannot be reached."""
    toward = -np.array(start[:2]) / math.hypot(*start[:2])
    back = rng.normal(5, 15)
    # Backspin is about the axis across the shot; with left-handed axes lift asks for this sign.
    spin = (float(-toward[1] * back), float(toward[0] * back), float(rng.normal(0, 20)))
    ground = (float(rng.uniform(0.5, 0.72)), float(rng.uniform(0.25, 0.5)), float(rng.uniform(0.5, 1.5)))
    low = kind == "ground" or (kind == "wide" and rng.random() < 0.4)
    velocity: Vector | None
    if low:
        aside = rng.uniform(0.3, 3.0) + goal.width_m / 2
        x = _inside(rng, goal, 0.25) if kind == "ground" else float(rng.choice([-1, 1])) * aside
        velocity = _flat((x - start[0], -start[1]), rng.uniform(8, 24))
        spin = (spin[0], spin[1], 0.3 * spin[2])
    elif kind in ("short", "across", "away"):
        velocity = _astray(kind, rng, goal, start)
        ground = (*ground[:2], float(rng.uniform(1.0, 2.0))) if kind == "short" else ground
    else:
        velocity = aim(start, _target(kind, rng, goal, start), float(rng.uniform(12, 30)), spin)
    return None if velocity is None else Launch(start, velocity, spin, *ground)


def _inside(rng: np.random.Generator, goal: Goal, margin: float) -> float:
    return float(rng.uniform(margin - goal.width_m / 2, goal.width_m / 2 - margin))


def _flat(way: tuple[float, float], speed: float, up: float = 0.0) -> Vector:
    length = math.hypot(*way)
    return way[0] / length * speed, way[1] / length * speed, up


def _target(kind: str, rng: np.random.Generator, goal: Goal, start: Vector) -> Vector:
    """-> the point that the ball is aimed at through the air."""
    half, height = goal.width_m / 2, goal.height_m
    x, z = _inside(rng, goal, 0.25), rng.uniform(0.35, height - 0.2)
    if kind == "bounce":
        y = rng.uniform(1, 0.55 * start[1])
        share = y / start[1]
        return start[0] * share + x * (1 - share), y, BALL_RADIUS_M + 0.02
    if kind == "over":
        x, z = rng.uniform(-half - 0.5, half + 0.5), height + rng.uniform(0.25, 2.5)
    elif kind == "wide":
        x, z = rng.choice([-1, 1]) * (half + rng.uniform(0.3, 3.0)), rng.uniform(0.3, height + 1)
    elif kind == "post":
        off = POST_RADIUS_M + rng.normal(0, 0.07)
        if rng.random() < 1 / 3:
            x, z = rng.uniform(-half, half), height + off
        else:
            x, z = rng.choice([-1, 1]) * (half + off), rng.uniform(0.3, height)
    elif kind == "block":
        z = rng.uniform(0.2, height - 0.2)
    return float(x), 0.0, float(z)


def _astray(kind: str, rng: np.random.Generator, goal: Goal, start: Vector) -> Vector:
    """-> the velocity of a ball that stops short, is played across the goal, or away from it."""
    if kind == "short":
        way = (_inside(rng, goal, 0.25) - start[0], -start[1])
        speed = math.sqrt(2 * 1.6 * math.hypot(*way)) * rng.uniform(0.7, 1.15) + 1
        return _flat(way, speed, float(rng.choice([0, 1, 3]) * rng.random()))
    if kind == "across":
        speed = rng.uniform(8, 22)
        way = (-math.copysign(rng.uniform(6, 12), start[0]) - start[0], rng.uniform(1, 8) - start[1])
        return _flat(way, speed, float(speed * rng.choice([0, 0.1, 0.25]) * rng.random()))
    angle, speed = rng.uniform(-1.2, 1.2), rng.uniform(6, 20)
    return _flat((math.sin(angle), math.cos(angle)), speed, float(speed * rng.choice([0, 0.2]) * rng.random()))


def _blocked(rng: np.random.Generator, goal: Goal, launch: Launch) -> Strike | None:
    """Launch -> the strike stopped dead or parried 0.4 to 1.8 m before the line, None when it cannot be reached."""
    y = rng.uniform(0.4, 1.8)
    first = simulate(launch, goal, FILMED_S, until_y_m=y)
    at: Vector = (float(first.xyz_m[-1, 0]), float(first.xyz_m[-1, 1]), float(first.xyz_m[-1, 2]))
    if at[1] >= y or at[2] > _REACH_M:
        return None
    velocity = np.zeros(3)
    if rng.random() > 0.3:
        kept = math.hypot(*launch.velocity_ms) * rng.uniform(0.15, 0.5)
        velocity = kept * np.array([rng.normal(0, 0.7), rng.uniform(0.2, 1), rng.normal(0.1, 0.4)])
    away: Vector = (float(velocity[0]), float(velocity[1]), float(velocity[2]))
    then_s = (len(first.xyz_m) - 1) * STEP_S
    on = replace(launch, position_m=at, velocity_ms=away, spin_rads=(0.0, 0.0, 0.0))
    second = simulate(on, goal, FILMED_S + _AFTER_S - then_s)
    return Strike("block", launch, _joined(first, second, then_s), blocked_m=at, blocked_s=then_s)


def _joined(first: Flight, second: Flight, then_s: float) -> Flight:
    """A flight, what followed, when -> one flight."""

    def later(mark: float | None) -> float | None:
        return None if mark is None else mark + then_s

    return Flight(
        np.vstack([first.xyz_m[:-1], second.xyz_m]),
        np.vstack([first.velocity_ms[:-1], second.velocity_ms]),
        np.vstack([first.spin_rads[:-1], second.spin_rads]),
        later(second.goal_s),
        later(second.plane_s),
        second.crossing_m,
        later(second.frame_s),
        later(second.net_s),
        first.bounce_s if first.bounce_s is not None else later(second.bounce_s),
    )
