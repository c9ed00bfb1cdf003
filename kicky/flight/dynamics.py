"""Launches -> where the ball is: a whole batch of kicks at once through air, bounces and roll.

One theta (21,) is a launch, the bias of measured diameters and a camera; a batch is (h, 21):

    x y          where the ball lies on the ground when it is struck, m
    vx vy vz     its velocity off the foot, m/s; vz 0 rolls
    kick         when, s of the film
    spin side    about the vertical and as backspin, rad/s
    drag         ln of drag acceleration over speed squared of a fast ball, 1/m
    bounce keep  speed kept up and along at a bounce
    slide        what the grass takes from a ball that slides before it rolls, m/s²
    bias swell   how much too large diameters are measured in flight: px, and a share of the true ones
    camera       7 parameters as frame.py writes them; places and velocities are in its frame

The forces are simpler than nature's (a drag coefficient in two straight pieces, spin that only bends the flight); the
priors are wide enough for it.
"""

from __future__ import annotations

import numpy as np

from ..domain import Bools, Floats
from .frame import LEAST_FOCAL_PX

RADIUS_M, DIAMETER_M, GRAVITY = 0.11, 0.22, 9.81
X, Y, VX, VY, VZ, KICK, SPIN, BACKSPIN, DRAG, BOUNCE, KEEP, SLIDE, BIAS, SWELL, CAMERA = range(15)
SIZE = CAMERA + 7
LIFT = 0.5 * 1.2 * np.pi * RADIUS_M**2 / 0.43 * RADIUS_M  # half air density × disc × radius / mass
STEP_S = 1 / 20  # a midpoint step this long is off by less than two millimetres
CRISIS, CRISIS_MS = 1.1, (9.5, 14.5)  # 0.22 fast and 0.47 slow, between these speeds (source: facts.md)
ROLLING_SHARE, ROLL_MS2 = 0.6, 1.0  # of the launch: a hollow ball that slides loses 2/5 until it rolls; grass then
ROLLS_MS, SETTLES_MS = 0.25, 0.35  # a launch slower upwards rolls; so does a bounce
BOUNCES = 6  # extra steps, each cut short by a bounce


def diameters_px(theta: Floats, depth_m: Floats) -> Floats:
    """(h, 21), (h, n) depths along the axis -> (h, n) as which diameter the ball is measured there."""
    true = np.maximum(theta[:, CAMERA, None], LEAST_FOCAL_PX) * DIAMETER_M / np.maximum(depth_m, 0.3)
    return np.maximum(true * (1.0 + theta[:, SWELL, None]) + theta[:, BIAS, None], 0.5)


def positions(theta: Floats, time_s: Floats) -> Floats:
    """(h, 21), (n,) seconds of the film -> (h, n, 3) the ball's centre; before the kick where it lies."""
    since = time_s[None] - theta[:, KICK, None]
    nodes_s, place, velocity = _integrate(theta, float(since.max(initial=STEP_S)))
    count = nodes_s.shape[1]
    far = nodes_s.max() + 10.0
    row = np.arange(len(theta))[:, None]
    wanted = np.clip(since, 0.0, nodes_s[:, -1:])
    at = np.searchsorted((nodes_s + row * far).ravel(), (wanted + row * far).ravel(), side="right")
    at = np.clip(at.reshape(since.shape) - 1 - row * count, 0, count - 2)
    start, span = nodes_s[row, at], nodes_s[row, at + 1] - nodes_s[row, at]
    into = (wanted - start)[..., None]
    whole = span[..., None]
    here, leaving = place[row, at], velocity[row, at]
    # Constant acceleration within a step, from where it starts, how fast, and where it ends.
    bend = (place[row, at + 1] - here - leaving * whole) / whole**2
    return np.asarray(here + leaving * into + bend * into**2)


def _integrate(theta: Floats, until_s: float) -> tuple[Floats, Floats, Floats]:
    """-> node times since the kick (h, m), places (h, m, 3), velocities leaving them (h, m, 3)."""
    steps = int(np.ceil(until_s / STEP_S)) + BOUNCES
    ball = _Batch(theta)
    nodes_s = np.empty((steps + 1, len(theta)))
    place, velocity = np.empty((steps + 1, 3, len(theta))), np.empty((steps + 1, 3, len(theta)))
    for k in range(steps + 1):
        nodes_s[k], place[k], velocity[k] = ball.since, ball.place, ball.velocity
        if k < steps:
            ball.step()
    return nodes_s.T, np.moveaxis(place, 2, 0), np.moveaxis(velocity, 2, 0)


def _more(speed_ms: Floats) -> Floats:
    """Speed -> how many times larger the drag coefficient is than of a fast ball: the flow parts below 12 m/s."""
    return np.asarray(1.0 + CRISIS * np.clip((CRISIS_MS[1] - speed_ms) / (CRISIS_MS[1] - CRISIS_MS[0]), 0.0, 1.0))


class _Batch:
    """The moving state of h balls; vectors are (3, h), which numpy goes through fastest."""

    def __init__(self, theta: Floats) -> None:
        count = len(theta)
        self.since = np.zeros(count)
        self.place = np.stack([theta[:, X], theta[:, Y], np.full(count, RADIUS_M)])
        self.velocity = np.ascontiguousarray(theta[:, VX : VZ + 1].T)
        self.rolling: Bools = self.velocity[2] < ROLLS_MS
        self.velocity[2, self.rolling] = 0.0
        along = self.velocity[:2] / (np.hypot(*self.velocity[:2]) + 1e-9)
        self.spin = LIFT * np.stack([theta[:, BACKSPIN] * along[1], -theta[:, BACKSPIN] * along[0], theta[:, SPIN]])
        self.drag, self.slide = np.exp(theta[:, DRAG]), np.maximum(theta[:, SLIDE], 0.3)
        self.rolls_ms = ROLLING_SHARE * np.hypot(*self.velocity[:2])  # slower than this it no longer slides
        self.bounce, self.keep = theta[:, BOUNCE].copy(), theta[:, KEEP].copy()

    def step(self) -> None:
        """One step of each, cut short where the ball meets the ground."""
        rolling = self.rolling
        place, velocity = self.place, self.velocity
        taken: Floats = np.full(len(self.since), STEP_S)
        if not rolling.all():
            place, velocity = self._fly(taken)
        if rolling.any():
            place, velocity = self._roll(place, velocity)
        self.place, self.velocity = place, velocity
        self.since = self.since + taken

    def _fly(self, taken: Floats) -> tuple[Floats, Floats]:
        """-> place and velocity a step on as if all flew; `taken` is cut short at the ground."""
        half = self.velocity + 0.5 * STEP_S * self._force(self.velocity)
        force = self._force(half)
        height = self.place[2] + half[2] * STEP_S
        lands = (height < RADIUS_M) & (half[2] < 0) & ~self.rolling
        if not lands.any():
            return self.place + half * STEP_S, self.velocity + force * STEP_S
        share = (self.place[2, lands] - RADIUS_M) / np.maximum(self.place[2, lands] - height[lands], 1e-9)
        taken[lands] = np.maximum(STEP_S * np.clip(share, 0.0, 1.0), 1e-4)
        place, velocity = self.place + half * taken, self.velocity + force * taken
        place[2, lands] = RADIUS_M
        velocity[:2, lands] *= self.keep[lands]
        velocity[2, lands] *= -self.bounce[lands]
        self.spin[:, lands] = 0.0
        self.keep[lands] = 0.5 + 0.5 * self.keep[lands]
        settles = lands & (velocity[2] < SETTLES_MS)
        velocity[2, settles] = 0.0
        self.rolling = self.rolling | settles
        return place, velocity

    def _force(self, velocity: Floats) -> Floats:
        """(3, h) -> acceleration by drag, spin and gravity."""
        x, y, z = velocity
        sx, sy, sz = self.spin
        speed = np.sqrt(x * x + y * y + z * z)
        slow = -self.drag * speed * _more(speed)
        return np.stack([slow * x + sy * z - sz * y, slow * y + sz * x - sx * z, slow * z + sx * y - sy * x - GRAVITY])

    def _roll(self, place: Floats, velocity: Floats) -> tuple[Floats, Floats]:
        """-> the same with those that rolled at the start of the step rolled on."""
        on = self.rolling & (self.place[2] <= RADIUS_M) & (self.velocity[2] == 0.0)
        old = self.velocity[:2, on]
        speed = np.maximum(np.hypot(*old), 1e-9)
        brake = np.where(speed > self.rolls_ms[on], self.slide[on], ROLL_MS2)
        after = np.maximum(speed - (brake + self.drag[on] * _more(speed) * speed**2) * STEP_S, 0.0)
        place[:2, on] = self.place[:2, on] + old * (0.5 * (speed + after) / speed * STEP_S)
        place[2, on], velocity[2, on] = RADIUS_M, 0.0
        velocity[:2, on] = old * (after / speed)
        return place, velocity
