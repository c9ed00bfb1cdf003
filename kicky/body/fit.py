"""Evidence, a side -> the body that explains it best: Gauss-Newton over splines, with what is far off counted less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import LinAlgError, solveh_banded
from threadpoolctl import ThreadpoolController

from .. import camera as lens
from ..domain import Floats
from . import splines
from .evidence import DEPTHS, Evidence
from .residuals import BONE_SD_M, LENGTHS_MEAN, Residuals
from .skeleton import ANKLES, CHANGE, CORE, HEIGHT_SD, SHARE_SD

AXES, FREE = CORE * 3, 7
WIDTH = splines.COUNT * AXES
BAND = 4 * AXES - 1  # each spline overlaps three on either side
STEPS, TRIES, LEAST_GAIN = 18, 4, 0.05
LOOSE_SD_M, TIGHTER = 0.1, 0.6  # bones give at first, so that joints find their places, and less with each step
HEAD_START = 8  # steps after which what is far behind is left where it is:
BEHIND, HOPELESS = 5.0, 100.0  # so much more cost than another start of the same foot, or than the other foot
STEP = 1e-5
OFF, OFF_DEPTH = 6.0, 3.0  # squared deviations from which on a look counts less and less
OFF_WAY = {True: 9.0, False: 30.0}  # squared deviations of the shot's way, at most: roughly read, it is often another's
GUIDES_S, GUIDE_WEIGHT = np.array([-0.04, -0.02, 0.0, 0.02, 0.04]), 0.4
STANDS_S = np.array([-0.06, -0.03, 0.0, 0.03, 0.06])
PLANTED_S, PLANTED_MS = 0.09, 0.3
GRAIN_S = 0.03  # in so long a time a joint's velocity changes as it likes

_POOLS = ThreadpoolController()  # sums this small are slower on two threads, and much slower on a busy machine
_FINE = splines.FINE_S[1] - splines.FINE_S[0]
_SMOOTH = splines.ROUGH * (_FINE / GRAIN_S)
_MOVES = splines.rows(splines.FINE_S[np.abs(splines.FINE_S) < PLANTED_S], 1)
_STAYS = _MOVES.T @ _MOVES * (_FINE / GRAIN_S) / PLANTED_MS**2
_LENGTHS = np.linalg.inv(SHARE_SD**2 * np.eye(6) + HEIGHT_SD**2 * np.ones((6, 6)))
RUN_UP_S = -0.2
_CONTACT, _RUN_UP = (
    np.concatenate([splines.rows(at), splines.rows(at, 1)]) for at in (np.zeros(1), np.full(1, RUN_UP_S))
)  # (2, COUNT): where joints are, how they move


_GUIDES, _STANDS = splines.rows(GUIDES_S), splines.rows(STANDS_S)


def _moments(residuals: Residuals) -> tuple[tuple[Floats, Callable[[Floats, Floats, Floats], Floats]], ...]:
    """-> the moments in which it counts how joints move."""
    return (_CONTACT, residuals.contact), (_RUN_UP, residuals.runs_up)


def _movement() -> Floats:
    """-> (COUNT, AXES, COUNT): per axis of a joint, how much it resists to be thrown, the standing foot to be moved."""
    held = np.einsum("kl,j->kjl", _SMOOTH, np.repeat(1 / CHANGE**2, 3))
    held[:, 3 * ANKLES[1] : 3 * ANKLES[1] + 3] += _STAYS[:, None]
    return np.asarray(held)


_MOVEMENT = _movement()


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
        self.cost = _cost(self.residuals, self._at, self._free)
        self._hessian, self._slope = _grown(self.residuals, self._at, self._free)

    def step(self) -> None:
        """One Gauss-Newton step, shorter until it is a better one; `done` when no more is to be had."""
        for _ in range(TRIES):
            step = _newton(self._hessian, self._slope, self._damping)
            if step is not None:
                then = self._at + step[:WIDTH].reshape(self._at.shape), self._free + step[WIDTH:]
                less = _cost(self.residuals, *then)
                if less < self.cost:
                    tight = max(self.residuals.bone_sd_m * TIGHTER, BONE_SD_M)
                    tightened = tight != self.residuals.bone_sd_m
                    self.done = not tightened and self.cost - less < LEAST_GAIN
                    self.residuals = replace(self.residuals, bone_sd_m=tight)
                    (self._at, self._free), self._damping = then, max(self._damping / 10, 1e-7)
                    self.cost = _cost(self.residuals, *then) if tightened else less
                    self._hessian, self._slope = _grown(self.residuals, *then)
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
    ball = (told.ball_m - told.camera[4:]) @ lens.rotation(told.camera)[2]
    depth = ball + residuals.mirror * told.behind_m
    places = (told.camera[4:] + depth[..., None] * rays).reshape(len(rays), AXES)
    return splines.through(told.since_s, told.weight, places)


def _cost(residuals: Residuals, at: Floats, free: Floats) -> float:
    told = residuals.evidence
    joints = _at(splines.rows(told.since_s), at)
    many = np.repeat(free[None], len(joints), axis=0)
    off, deep = residuals.seen(joints, slice(None))
    far, built = (off**2).sum(axis=2), residuals.built(joints, many)
    each = (OFF * np.log1p(far / OFF)).sum(1) + (OFF_DEPTH * np.log1p(deep**2 / OFF_DEPTH)).sum(1) + (built**2).sum(1)
    cost = float(each @ told.weight)
    cost += GUIDE_WEIGHT * float((residuals.built(_at(_GUIDES, at), many[:1].repeat(5, 0)) ** 2).sum())
    cost += float((residuals.stands(_at(_STANDS, at)) ** 2).sum())
    for rows, function in _moments(residuals):
        places, speeds = (rows @ at).reshape(2, 1, CORE, 3)
        cost += float((function(places, speeds, free[None]) ** 2).sum())
    cost += float(np.einsum("ka,kal,la->", at, _MOVEMENT, at))
    away = free[:6] - LENGTHS_MEAN
    return cost + float(away @ _LENGTHS @ away) + _way(residuals, free[6])[0]


def _way(residuals: Residuals, turn_rad: float) -> tuple[float, float, float]:
    """-> cost, half its slope and its weight: how far the turn is from the ball's own. The ball may be another."""
    told = residuals.evidence.way
    if told.turn_rad is None:
        return 0.0, 0.0, 0.0
    off = ((turn_rad - told.turn_rad + np.pi) % (2 * np.pi) - np.pi) / told.sd_rad
    most = OFF_WAY[told.rough]
    weight = 1 / (1 + off**2 / most) ** 2
    return float(off**2 / (1 + off**2 / most)), weight * off / told.sd_rad, weight / told.sd_rad**2


def _at(rows: Floats, at: Floats) -> Floats:
    return np.asarray((rows @ at).reshape(-1, CORE, 3))


def _grown(residuals: Residuals, at: Floats, free: Floats) -> tuple[Floats, Floats]:
    """-> (n, n) the cost's curvature, (n,) half its slope."""
    told = residuals.evidence
    hessian, slope = np.zeros((WIDTH + FREE, WIDTH + FREE)), np.zeros(WIDTH + FREE)
    seen = _frames(residuals, at, free)
    guided = _weighed(residuals.built, _GUIDES, at, free, GUIDE_WEIGHT)
    stood = _weighed(lambda x, _: residuals.stands(x), _STANDS, at, free, 1.0)
    rows = np.concatenate([splines.rows(told.since_s), _GUIDES, _STANDS])
    _add_moments(hessian, slope, rows, *(np.concatenate(part) for part in zip(seen, guided, stood, strict=True)))
    moving = [_moving(rows, function, at, free) for rows, function in _moments(residuals)]
    off, slopes = (np.concatenate(part) for part in zip(*moving, strict=True))
    hessian += slopes.T @ slopes
    slope += slopes.T @ off
    axes = np.arange(AXES)
    shaped = hessian[:WIDTH, :WIDTH].reshape(splines.COUNT, AXES, splines.COUNT, AXES)
    shaped[:, axes, :, axes] += _MOVEMENT.transpose(1, 0, 2)
    slope[:WIDTH] += np.einsum("kal,la->ka", _MOVEMENT, at).ravel()
    hessian[WIDTH : WIDTH + 6, WIDTH : WIDTH + 6] += _LENGTHS
    slope[WIDTH : WIDTH + 6] += _LENGTHS @ (free[:6] - LENGTHS_MEAN)
    _, pull, weight = _way(residuals, free[6])
    hessian[-1, -1] += weight
    slope[-1] += pull
    return hessian, slope


def _frames(residuals: Residuals, at: Floats, free: Floats) -> tuple[Floats, Floats]:
    """-> (n, 37, 37), (n, 37): curvature and half slope that each frame gives, over its joints and the free ones."""
    told = residuals.evidence
    joints = _at(splines.rows(told.since_s), at)
    frames = np.arange(len(joints))

    def both(x: Floats, free: Floats) -> Floats:
        off, deep = residuals.seen(x, np.repeat(frames, len(x) // len(frames)))
        return np.concatenate([off.reshape(len(x), -1), deep, residuals.built(x, free)], axis=1)

    off, slopes = _sloped(both, joints, free)
    weight = np.repeat(told.weight[:, None], off.shape[1], axis=1)
    far = (off[:, : 2 * CORE].reshape(-1, CORE, 2) ** 2).sum(axis=2)
    weight[:, : 2 * CORE] *= np.repeat(1 / (1 + far / OFF), 2, axis=1)
    deep = slice(2 * CORE, 2 * CORE + len(DEPTHS))
    weight[:, deep] *= 1 / (1 + off[:, deep] ** 2 / OFF_DEPTH)
    weighed = slopes * weight[..., None]
    return np.swapaxes(weighed, 1, 2) @ slopes, (weighed * off[..., None]).sum(axis=1)


def _sloped(function: Callable[[Floats, Floats], Floats], joints: Floats, free: Floats) -> tuple[Floats, Floats]:
    """Function of bodies and what is free, (m, CORE, 3), (7,) -> (m, r) its values, (m, r, AXES + 7) their slopes."""
    count, wide = len(joints), AXES + FREE
    many = np.repeat(
        np.concatenate([joints.reshape(count, AXES), np.repeat(free[None], count, 0)], 1)[:, None], wide + 1, 1
    )
    many[:, np.arange(1, wide + 1), np.arange(wide)] += STEP
    flat = many.reshape(-1, wide)
    values = function(flat[:, :AXES].reshape(-1, CORE, 3), flat[:, AXES:]).reshape(count, wide + 1, -1)
    return values[:, 0], np.swapaxes(values[:, 1:] - values[:, :1], 1, 2) / STEP


def _weighed(
    function: Callable[[Floats, Floats], Floats], rows: Floats, at: Floats, free: Floats, weight: float
) -> tuple[Floats, Floats]:
    """-> (m, 37, 37), (m, 37): curvature and half slope that a function gives in some moments."""
    off, slopes = _sloped(function, _at(rows, at), free)
    return weight * np.swapaxes(slopes, 1, 2) @ slopes, weight * (slopes * off[..., None]).sum(axis=1)


def _add_moments(hessian: Floats, slope: Floats, rows: Floats, curved: Floats, pulled: Floats) -> None:
    """(m, COUNT) splines in each moment, (m, 37, 37), (m, 37) -> added: a moment's joints are sums of splines."""
    count = len(rows)
    pairs = (rows[:, :, None] * rows[:, None, :]).reshape(count, -1)
    own = pairs.T @ curved[:, :AXES, :AXES].reshape(count, -1)
    own = own.reshape(splines.COUNT, splines.COUNT, AXES, AXES).transpose(0, 2, 1, 3).reshape(WIDTH, WIDTH)
    hessian[:WIDTH, :WIDTH] += own
    across = (rows.T @ curved[:, :AXES, AXES:].reshape(count, -1)).reshape(WIDTH, FREE)
    hessian[:WIDTH, WIDTH:] += across
    hessian[WIDTH:, :WIDTH] += across.T
    hessian[WIDTH:, WIDTH:] += curved[:, AXES:, AXES:].sum(axis=0)
    slope[:WIDTH] += (rows.T @ pulled[:, :AXES]).ravel()
    slope[WIDTH:] += pulled[:, AXES:].sum(axis=0)


def _moving(
    rows: Floats, function: Callable[[Floats, Floats, Floats], Floats], at: Floats, free: Floats
) -> tuple[Floats, Floats]:
    """(2, COUNT) one moment, a function of where joints are and how they move -> its values, its slopes over all."""
    here = np.concatenate([(rows @ at).ravel(), free])
    many = np.repeat(here[None], len(here) + 1, axis=0)
    many[1:].flat[:: len(here) + 1] += STEP
    places, speeds = (many[:, AXES * k : AXES * (k + 1)].reshape(-1, CORE, 3) for k in (0, 1))
    values = function(places, speeds, many[:, 2 * AXES :])
    slopes = (values[1:] - values[:1]).T / STEP
    over = np.einsum("rqa,qk->rka", slopes[:, : 2 * AXES].reshape(-1, 2, AXES), rows).reshape(len(slopes), WIDTH)
    return values[0], np.concatenate([over, slopes[:, 2 * AXES :]], axis=1)
