"""Residuals, splines, what is free -> what they leave unexplained, and how that grows: what is far off counts less."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..domain import Floats
from . import splines
from .evidence import DEPTHS
from .residuals import LENGTHS_MEAN, Residuals
from .skeleton import ANKLES, CHANGE, CORE, HEIGHT_SD, SHARE_SD

AXES, FREE = CORE * 3, 7
WIDTH = splines.COUNT * AXES
STEP = 1e-5
OFF, OFF_DEPTH = 6.0, 3.0  # squared deviations from which on a look counts less and less
OFF_WAY = {True: 9.0, False: 30.0}  # squared deviations of the shot's way, at most: roughly read, it is often another's
GUIDES_S, GUIDE_WEIGHT = np.array([-0.04, -0.02, 0.0, 0.02, 0.04]), 0.4
STANDS_S = np.array([-0.06, -0.03, 0.0, 0.03, 0.06])
PLANTED_S, PLANTED_MS = 0.09, 0.3
GRAIN_S = 0.03  # in so long a time a joint's velocity changes as it likes
RUN_UP_S = -0.2

_FINE = splines.FINE_S[1] - splines.FINE_S[0]
_SMOOTH = splines.ROUGH * (_FINE / GRAIN_S)
_MOVES = splines.rows(splines.FINE_S[np.abs(splines.FINE_S) < PLANTED_S], 1)
_STAYS = _MOVES.T @ _MOVES * (_FINE / GRAIN_S) / PLANTED_MS**2
_LENGTHS = np.linalg.inv(SHARE_SD**2 * np.eye(6) + HEIGHT_SD**2 * np.ones((6, 6)))
_CONTACT, _RUN_UP = (
    np.concatenate([splines.rows(at), splines.rows(at, 1)]) for at in (np.zeros(1), np.full(1, RUN_UP_S))
)  # (2, COUNT): where joints are, how they move
_GUIDES, _STANDS = splines.rows(GUIDES_S), splines.rows(STANDS_S)


def _movement() -> Floats:
    """-> (COUNT, AXES, COUNT): per axis of a joint, how much it resists to be thrown, the standing foot to be moved."""
    held = np.einsum("kl,j->kjl", _SMOOTH, np.repeat(1 / CHANGE**2, 3))
    held[:, 3 * ANKLES[1] : 3 * ANKLES[1] + 3] += _STAYS[:, None]
    return np.asarray(held)


_MOVEMENT = _movement()


def cost(residuals: Residuals, at: Floats, free: Floats) -> float:
    """-> what (COUNT, AXES) splines and what is free, (7,), leave unexplained, in squared deviations."""
    told = residuals.evidence
    joints = _at(splines.rows(told.since_s), at)
    many = np.repeat(free[None], len(joints), axis=0)
    off, deep = residuals.seen(joints, slice(None))
    far, built = (off**2).sum(axis=2), residuals.built(joints, many)
    each = (OFF * np.log1p(far / OFF)).sum(1) + (OFF_DEPTH * np.log1p(deep**2 / OFF_DEPTH)).sum(1) + (built**2).sum(1)
    left = float(each @ told.weight)
    left += GUIDE_WEIGHT * float((residuals.built(_at(_GUIDES, at), many[:1].repeat(5, 0)) ** 2).sum())
    left += float((residuals.stands(_at(_STANDS, at)) ** 2).sum())
    for rows, function in _moments(residuals):
        places, speeds = (rows @ at).reshape(2, 1, CORE, 3)
        left += float((function(places, speeds, free[None]) ** 2).sum())
    left += float(np.einsum("ka,kal,la->", at, _MOVEMENT, at))
    away = free[:6] - LENGTHS_MEAN
    return left + float(away @ _LENGTHS @ away) + _way(residuals, free[6])[0]


def grown(residuals: Residuals, at: Floats, free: Floats) -> tuple[Floats, Floats]:
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


def _moments(residuals: Residuals) -> tuple[tuple[Floats, Callable[[Floats, Floats, Floats], Floats]], ...]:
    """-> the moments in which it counts how joints move."""
    return (_CONTACT, residuals.contact), (_RUN_UP, residuals.runs_up)


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
