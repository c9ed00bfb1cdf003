"""Launch, Goal -> Flight: a ball's path with drag, spin, bounces, the frame and the net.

Units are metres, seconds and radians. The world axes (see domain.py) are left-handed, and so is the
sign of a spin: a spin of +z turns a ball shot at the goal towards +x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..domain import Floats
from .goals import BACKSTOP_HEIGHT_M, Net, Panels
from .goals import GOALS as GOALS
from .goals import Goal as Goal
from .goals import Vector as Vector

BALL_RADIUS_M = 0.11
POST_RADIUS_M = 0.06
GRAVITY = 9.81
STEP_S = 1 / 500
_AREA_OVER_MASS = 0.5 * 1.2 * math.pi * BALL_RADIUS_M**2 / 0.43  # half air density × disc / mass
_REACH = BALL_RADIUS_M + POST_RADIUS_M
_FRAME_RESTITUTION = 0.6
_BACKSTOP_GIVES_M = 3.0  # a ball farther behind has come past it over its top


@dataclass(frozen=True, slots=True)
class Launch:
    """How the ball leaves the foot, and what ground it meets."""

    position_m: Vector
    velocity_ms: Vector
    spin_rads: Vector = (0.0, 0.0, 0.0)
    restitution: float = 0.6
    friction: float = 0.4
    roll_ms2: float = 1.0
    drag: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Flight:
    """The path, one row each STEP_S from the launch, and when the first of each event was (None: never).

    `goal_s`: the whole ball is over the line inside the frame. `plane_s`, `crossing_m`: its centre first
    passes the goal's plane, wherever. `frame_s`: it touches a post or the bar. `net_s`: it meets the net.
    """

    xyz_m: Floats
    velocity_ms: Floats
    spin_rads: Floats
    goal_s: float | None
    plane_s: float | None
    crossing_m: tuple[float, float] | None
    frame_s: float | None
    net_s: float | None
    bounce_s: float | None


class _Ball:
    """The moving state of one simulation."""

    __slots__ = ("crossing", "inside", "marks", "px", "py", "pz", "vx", "vy", "vz", "wx", "wy", "wz")

    def __init__(self, launch: Launch) -> None:
        self.px, self.py, self.pz = launch.position_m
        self.vx, self.vy, self.vz = launch.velocity_ms
        self.wx, self.wy, self.wz = launch.spin_rads
        self.inside = False
        self.crossing: tuple[float, float] | None = None
        self.marks: dict[str, float] = {}


def simulate(launch: Launch, goal: Goal | None, duration_s: float, until_y_m: float | None = None) -> Flight:
    """Launch, Goal -> Flight. Without a goal there is no frame and no net.

    `until_y_m` stops once the centre has passed that y on its way to the goal.
    """
    ball = _Ball(launch)
    rows: list[tuple[float, ...]] = []
    panels = goal.panels() if goal else ()
    for step in range(int(duration_s / STEP_S) + 1):
        rows.append((ball.px, ball.py, ball.pz, ball.vx, ball.vy, ball.vz, ball.wx, ball.wy, ball.wz))
        if until_y_m is not None and ball.py < until_y_m:
            break
        before = (ball.px, ball.py, ball.pz)
        if ball.pz <= BALL_RADIUS_M + 1e-4 and abs(ball.vz) < 0.05:
            _roll(ball, launch)
        else:
            _fly(ball, launch, step * STEP_S)
        if goal is not None:
            _meet_goal(ball, goal, panels, before, step * STEP_S)
        ball.pz = max(ball.pz, BALL_RADIUS_M)
    table = np.array(rows)
    marks = ball.marks
    events = (marks.get("goal"), marks.get("plane"), ball.crossing, marks.get("frame"), marks.get("net"))
    return Flight(table[:, :3], table[:, 3:6], table[:, 6:], *events, marks.get("bounce"))


def _acceleration(vx: float, vy: float, vz: float, ball: _Ball, drag: float) -> Vector:
    """Velocity -> acceleration by drag (which drops as the ball gets fast), spin and gravity."""
    speed = math.sqrt(vx * vx + vy * vy + vz * vz) + 1e-9
    coefficient = 0.22 + 0.25 / (1 + math.exp((speed - 12.0) / 1.5))
    slow = -_AREA_OVER_MASS * drag * coefficient * speed
    wx, wy, wz = ball.wx, ball.wy, ball.wz
    spin = math.sqrt(wx * wx + wy * wy + wz * wz)
    lift = 0.0
    if spin > 1e-6:
        lift = _AREA_OVER_MASS * min(BALL_RADIUS_M * spin / speed, 0.3) * speed / spin
    return (
        slow * vx + lift * (wy * vz - wz * vy),
        slow * vy + lift * (wz * vx - wx * vz),
        slow * vz + lift * (wx * vy - wy * vx) - GRAVITY,
    )


def _fly(ball: _Ball, launch: Launch, now_s: float) -> None:
    """One midpoint step through the air, with a bounce where it meets the ground."""
    ax, ay, az = _acceleration(ball.vx, ball.vy, ball.vz, ball, launch.drag)
    half = STEP_S / 2
    mx, my, mz = ball.vx + half * ax, ball.vy + half * ay, ball.vz + half * az
    ax, ay, az = _acceleration(mx, my, mz, ball, launch.drag)
    ball.px += mx * STEP_S
    ball.py += my * STEP_S
    ball.pz += mz * STEP_S
    ball.vx += ax * STEP_S
    ball.vy += ay * STEP_S
    ball.vz += az * STEP_S
    if ball.pz < BALL_RADIUS_M and ball.vz < 0:
        ball.marks.setdefault("bounce", now_s)
        _bounce(ball, launch)


def _bounce(ball: _Ball, launch: Launch) -> None:
    """Off the ground: the height is lost by restitution, the slip by friction, which also turns the ball."""
    ball.pz = BALL_RADIUS_M
    down = -ball.vz
    slip_x, slip_y = ball.vx - ball.wy * BALL_RADIUS_M, ball.vy + ball.wx * BALL_RADIUS_M
    slip = math.hypot(slip_x, slip_y) + 1e-9
    # A hollow ball stops slipping once friction has taken 2/5 of the slip off its centre.
    kick = min(launch.friction * (1 + launch.restitution) * down, 0.4 * slip)
    dx, dy = -kick * slip_x / slip, -kick * slip_y / slip
    ball.vx += dx
    ball.vy += dy
    ball.wx += 1.5 / BALL_RADIUS_M * dy
    ball.wy -= 1.5 / BALL_RADIUS_M * dx
    ball.vz = launch.restitution * down
    if ball.vz < 0.35:
        ball.vz = 0.0


def _roll(ball: _Ball, launch: Launch) -> None:
    """One step along the ground: slides until its spin fits its speed, then rolls to rest."""
    ball.pz, ball.vz = BALL_RADIUS_M, 0.0
    ax, ay, _ = _acceleration(ball.vx, ball.vy, 0.0, ball, launch.drag)
    slip_x, slip_y = ball.vx - ball.wy * BALL_RADIUS_M, ball.vy + ball.wx * BALL_RADIUS_M
    slip, speed = math.hypot(slip_x, slip_y), math.hypot(ball.vx, ball.vy)
    sliding = slip > 0.15
    if sliding:
        fx, fy = -launch.friction * GRAVITY * slip_x / slip, -launch.friction * GRAVITY * slip_y / slip
        ax, ay = ax + fx, ay + fy
        ball.wx += 1.5 / BALL_RADIUS_M * fy * STEP_S
        ball.wy -= 1.5 / BALL_RADIUS_M * fx * STEP_S
    if speed > 1e-3:
        ax -= launch.roll_ms2 * ball.vx / speed
        ay -= launch.roll_ms2 * ball.vy / speed
    vx, vy = ball.vx + ax * STEP_S, ball.vy + ay * STEP_S
    if not sliding and (vx * ball.vx + vy * ball.vy <= 0 or math.hypot(vx, vy) < launch.roll_ms2 * STEP_S):
        vx = vy = 0.0
    if not sliding:
        ball.wx, ball.wy = -vy / BALL_RADIUS_M, vx / BALL_RADIUS_M
    ball.vx, ball.vy = vx, vy
    ball.px += vx * STEP_S
    ball.py += vy * STEP_S


def _meet_goal(ball: _Ball, goal: Goal, panels: Panels, before: Vector, now_s: float) -> None:
    """Notes the crossing, then lets frame and net act."""
    half = goal.width_m / 2
    if before[1] >= 0 > ball.py:
        share = before[1] / (before[1] - ball.py)
        x = before[0] + share * (ball.px - before[0])
        z = before[2] + share * (ball.pz - before[2])
        if ball.crossing is None:
            ball.crossing = (float(x), float(z))
            ball.marks["plane"] = now_s + share * STEP_S
        ball.inside = abs(x) < half and z < goal.height_m
    elif ball.py >= 0:
        ball.inside = False
    if ball.inside and ball.py < -_REACH:
        ball.marks.setdefault("goal", now_s + STEP_S)
    if abs(ball.py) < _REACH:
        _meet_frame(ball, goal, now_s)
    if ball.py < -POST_RADIUS_M:
        _meet_net(ball, goal.net, panels, now_s)
    if goal.backstop_m is not None and ball.py < BALL_RADIUS_M - goal.backstop_m and ball.pz < BACKSTOP_HEIGHT_M:
        deep_m = BALL_RADIUS_M - goal.backstop_m - ball.py
        if deep_m < _BACKSTOP_GIVES_M:
            _push(ball, goal.net, (0.0, 1.0, 0.0), 1.0, deep_m, now_s)


def _meet_frame(ball: _Ball, goal: Goal, now_s: float) -> None:
    """Bounces off whichever post or bar is within reach."""
    post = goal.width_m / 2 + POST_RADIUS_M
    for side in (-1.0, 1.0):
        dx = ball.px - side * post
        far = math.hypot(dx, ball.py)
        if far < _REACH and ball.pz < goal.height_m + _REACH:
            nx, ny = dx / far, ball.py / far
            speed = ball.vx * nx + ball.vy * ny
            if speed < 0:
                ball.marks.setdefault("frame", now_s)
                ball.vx -= (1 + _FRAME_RESTITUTION) * speed * nx
                ball.vy -= (1 + _FRAME_RESTITUTION) * speed * ny
    dz = ball.pz - goal.height_m - POST_RADIUS_M
    far = math.hypot(dz, ball.py)
    if far < _REACH and abs(ball.px) < post + POST_RADIUS_M:
        nz, ny = dz / far, ball.py / far
        speed = ball.vz * nz + ball.vy * ny
        if speed < 0:
            ball.marks.setdefault("frame", now_s)
            ball.vz -= (1 + _FRAME_RESTITUTION) * speed * nz
            ball.vy -= (1 + _FRAME_RESTITUTION) * speed * ny


def _meet_net(ball: _Ball, net: Net, panels: Panels, now_s: float) -> None:
    """From inside every panel within reach pushes back; from outside only the one the ball has entered least."""
    over = [n[0] * ball.px + n[1] * ball.py + n[2] * ball.pz - c for n, c in panels]
    if ball.inside:
        for (normal, _), distance in zip(panels, over, strict=True):
            if distance > -BALL_RADIUS_M:
                _push(ball, net, normal, -1.0, distance + BALL_RADIUS_M, now_s)
    elif max(over) < BALL_RADIUS_M:
        nearest = max(range(len(over)), key=over.__getitem__)
        _push(ball, net, panels[nearest][0], 1.0, BALL_RADIUS_M - over[nearest], now_s)


def _push(ball: _Ball, net: Net, normal: Vector, sign: float, deep_m: float, now_s: float) -> None:
    """The net as a damped spring along its normal (it cannot pull), rubbing along its face."""
    nx, ny, nz = normal[0] * sign, normal[1] * sign, normal[2] * sign
    speed = ball.vx * nx + ball.vy * ny + ball.vz * nz
    push = max(net.spring_s2 * deep_m - net.damping_s * speed, 0.0) * STEP_S
    keep = 1 - net.rub_s * STEP_S
    ball.vx = (ball.vx - speed * nx) * keep + (speed + push) * nx
    ball.vy = (ball.vy - speed * ny) * keep + (speed + push) * ny
    ball.vz = (ball.vz - speed * nz) * keep + (speed + push) * nz
    spin_keep = 1 - 2 * net.rub_s * STEP_S
    ball.wx, ball.wy, ball.wz = ball.wx * spin_keep, ball.wy * spin_keep, ball.wz * spin_keep
    ball.marks.setdefault("net", now_s)


def aim(start_m: Vector, target_m: Vector, speed_ms: float, spin_rads: Vector, drag: float = 1.0) -> Vector | None:
    """Start, target, speed -> the launch velocity whose flight passes the target, None when too far or too steep.

    The target is nearer the goal line (smaller y) than the start.
    """
    wish = list(target_m)
    for _ in range(12):
        gap = [w - s for w, s in zip(wish, start_m, strict=True)]
        length = math.sqrt(sum(g * g for g in gap))
        velocity = (gap[0] / length * speed_ms, gap[1] / length * speed_ms, gap[2] / length * speed_ms)
        launch = Launch(start_m, velocity, spin_rads, restitution=0.0, drag=drag)
        path = simulate(launch, None, 2.5, until_y_m=target_m[1]).xyz_m
        if path[-1, 1] >= target_m[1]:
            return None
        share = (path[-2, 1] - target_m[1]) / (path[-2, 1] - path[-1, 1])
        x, _, z = path[-2] + share * (path[-1] - path[-2])
        if abs(x - target_m[0]) < 0.03 and abs(z - target_m[2]) < 0.03:
            return velocity if velocity[2] < 0.6 * speed_ms else None
        wish[0] -= 0.9 * (x - target_m[0])
        wish[2] -= 0.9 * (z - target_m[2])
        wish[2] = max(wish[2], 0.05)
    return None
