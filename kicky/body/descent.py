"""Evidence, a side -> the body that explains it best: Gauss-Newton over splines."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import LinAlgError, solveh_banded
from threadpoolctl import ThreadpoolController

from .. import camera as lens
from ..domain import Floats
from . import splines
from .cost import AXES, WIDTH, cost, grown
from .evidence import Evidence
from .residuals import BONE_SD_M, LENGTHS_MEAN, Residuals
from .skeleton import CORE

BAND = 4 * AXES - 1  # each spline overlaps three on either side
STEPS, TRIES, LEAST_GAIN = 18, 4, 0.05
LOOSE_SD_M, TIGHTER = 0.1, 0.6  # bones give at first, so that joints find their places, and less with each step
HEAD_START = 8  # steps after which what is far behind is left where it is:
BEHIND, HOPELESS = 5.0, 100.0  # so much more cost than another start of the same foot, or than the other foot

_POOLS = ThreadpoolController()  # sums this small are slower on two threads, and much slower on a busy machine


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """`splines` (COUNT, AXES) and `free` (7,) explain what was seen best; `cost` is what they leave, in squared
    deviations, `hessian` how fast that grows about them."""

    residuals: Residuals
    splines: Floats
    free: Floats
    cost: float
    hessian: Floats

    def joints(self, since_s: Floats) -> Floats:
        """(n,) seconds from contact -> (n, CORE, 3)."""
        return np.asarray((splines.rows(since_s) @ self.splines).reshape(-1, CORE, 3))

    def samples(self, since_s: Floats, count: int, spread: float) -> tuple[Floats, Floats]:
        """(n,), how many, how much wider than the curvature says -> (count, n, CORE, 3) and (count, 7) likely ones."""
        low = np.linalg.cholesky(self.hessian)
        drawn = np.random.default_rng(0).standard_normal((len(low), count))
        off = spread * np.linalg.solve(low.T, drawn - drawn.mean(axis=1, keepdims=True))
        swung = np.einsum("nk,kas->sna", splines.rows(since_s), off[:WIDTH].reshape(-1, AXES, count))
        likely = self.joints(since_s) + swung.reshape(count, -1, CORE, 3)
        return np.asarray(likely), np.asarray(self.free + off[WIDTH:].T)


class Descent:
    """One way to explain the pictures, made better step by step."""

    def __init__(self, residuals: Residuals, turn_rad: float) -> None:
        self.residuals = replace(residuals, bone_sd_m=LOOSE_SD_M)
        self._at, self._free = _start(residuals), np.append(LENGTHS_MEAN, turn_rad)
        self._damping, self.done = 1e-3, False
        self.cost = cost(self.residuals, self._at, self._free)
        self._hessian, self._slope = grown(self.residuals, self._at, self._free)

    def step(self) -> None:
        """One Gauss-Newton step, shorter until it is a better one; `done` when no more is to be had."""
        for _ in range(TRIES):
            step = _newton(self._hessian, self._slope, self._damping)
            if step is not None:
                then = self._at + step[:WIDTH].reshape(self._at.shape), self._free + step[WIDTH:]
                less = cost(self.residuals, *then)
                if less < self.cost:
                    tight = max(self.residuals.bone_sd_m * TIGHTER, BONE_SD_M)
                    tightened = tight != self.residuals.bone_sd_m
                    self.done = not tightened and self.cost - less < LEAST_GAIN
                    self.residuals = replace(self.residuals, bone_sd_m=tight)
                    (self._at, self._free), self._damping = then, max(self._damping / 10, 1e-7)
                    self.cost = cost(self.residuals, *then) if tightened else less
                    self._hessian, self._slope = grown(self.residuals, *then)
                    return
            self._damping = max(self._damping * 10, 1e-3)
        self.done = True

    def solution(self) -> Solution:
        return Solution(self.residuals, self._at, self._free, self.cost, _damped(self._hessian, 0.0))


def best(evidence: Evidence) -> tuple[Solution, Solution]:
    """Evidence -> what explains it best with the right foot as the striking one, and with the left.

    Each is tried from every way the shot may go; one that is far behind after some steps is left where it is.
    """
    with _POOLS.limit(limits=1, user_api="blas"):
        return _best(evidence)


def _best(evidence: Evidence) -> tuple[Solution, Solution]:
    tries = [[Descent(Residuals(evidence, side), way) for way in evidence.way.starts] for side in (1, -1)]
    for number in range(STEPS):
        least = [min(one.cost for one in side) for side in tries]
        for side, own in zip(tries, least, strict=True):
            for one in side:
                behind = one.cost > own + BEHIND or one.cost > min(least) + HOPELESS
                if not one.done and (number < HEAD_START or not behind):
                    one.step()
    right, left = (min(side, key=lambda one: one.cost).solution() for side in tries)
    return right, left


def _newton(hessian: Floats, slope: Floats, damping: float) -> Floats | None:
    """-> (n,) the step to the least of what they describe; None where they describe none.

    Splines that do not overlap do not meet, so their part is a band; what is free meets them all, at its border.
    """
    whole = _damped(hessian, damping)
    band = np.zeros((BAND + 1, WIDTH))
    for above in range(BAND + 1):
        band[BAND - above, above:] = np.diagonal(whole[:WIDTH, :WIDTH], above)
    try:
        inner = solveh_banded(band, np.column_stack([-slope[:WIDTH], whole[:WIDTH, WIDTH:]]), check_finite=False)
        border = whole[WIDTH:, :WIDTH]
        free = np.linalg.solve(whole[WIDTH:, WIDTH:] - border @ inner[:, 1:], -slope[WIDTH:] - border @ inner[:, 0])
    except LinAlgError:
        return None
    return np.concatenate([inner[:, 0] - inner[:, 1:] @ free, free])


def _damped(hessian: Floats, damping: float) -> Floats:
    more = hessian.copy()
    more.flat[:: len(more) + 1] += damping * np.diagonal(hessian) + 1e-6
    return more


def _start(residuals: Residuals) -> Floats:
    """-> (COUNT, AXES): each joint on its line of sight, as deep as the ball and as the landmarker guesses."""
    told = residuals.evidence
    rays = lens.rays(np.broadcast_to(told.camera, (len(told.px), 7)), told.px, told.size_wh_px)
    ball = (told.ball_m - told.camera[lens.PLACE]) @ lens.rotation(told.camera)[2]
    depth = ball + residuals.mirror * told.behind_m
    places = (told.camera[lens.PLACE] + depth[..., None] * rays).reshape(len(rays), AXES)
    return splines.through(told.since_s, told.weight, places)
