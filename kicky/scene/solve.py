"""Residuals -> the camera that makes them least: Levenberg-Marquardt with the whole Jacobian in one batched call."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..domain import Floats

Residuals = Callable[[Floats], Floats]
"""(k, p) parameters -> (k, m) residuals in standard deviations."""

_STEP = 1e-5
_TURNS, _TRIES = 60, 8
_DONE = 1e-7


def jacobian(residuals: Residuals, at: Floats) -> Floats:
    """Parameters (p,) -> (m, p) by central differences."""
    steps = np.eye(len(at)) * _STEP
    both = residuals(np.concatenate([at + steps, at - steps]))
    return np.asarray((both[: len(at)] - both[len(at) :]).T / (2 * _STEP))


def least_squares(residuals: Residuals, start: Floats) -> tuple[Floats, float]:
    """Residuals, start (p,) -> parameters (p,) of a minimum near it, its sum of squares."""
    at, damping = start, 1e-3
    now = residuals(at[None])[0]
    cost = float(now @ now)
    for _ in range(_TURNS):
        slope = jacobian(residuals, at)
        normal, downhill = slope.T @ slope, slope.T @ now
        moved = False
        for _ in range(_TRIES):
            step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-9), -downhill)
            with np.errstate(over="ignore", invalid="ignore"):  # a step too far has an endless cost, and is not taken
                tried = residuals((at + step)[None])[0]
                lower = float(tried @ tried)
            if lower < cost:
                moved = True
                break
            damping *= 6
        if not moved:
            break
        gained, at, now, cost = cost - lower, at + step, tried, lower
        damping = max(damping / 8, 1e-10)
        if gained < _DONE * (1 + cost):
            break
    return at, cost
