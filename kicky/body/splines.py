"""Moments -> the cubic splines that a swing is made of: close about contact, where a foot turns in hundredths."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import BSpline

from ..domain import Floats

BEFORE = (0.36, 0.28, 0.21, 0.15, 0.11, 0.075, 0.045, 0.02)
KNOTS_S = np.array([*(-s for s in BEFORE), 0.0, *reversed(BEFORE)])
_ALL = np.concatenate([[KNOTS_S[0]] * 3, KNOTS_S, [KNOTS_S[-1]] * 3])
COUNT = len(_ALL) - 4
REACH_S = 0.33
FINE_S = np.linspace(-0.34, 0.34, 69)


def rows(since_s: Floats, derivative: int = 0) -> Floats:
    """(n,) seconds from contact -> (n, COUNT) how much of each spline, or of its derivative, is in each moment."""
    at = np.clip(since_s, KNOTS_S[0], KNOTS_S[-1] - 1e-9)
    return np.asarray(BSpline(_ALL, np.eye(COUNT), 3).derivative(derivative)(at) if derivative else
                      BSpline.design_matrix(at, _ALL, 3).toarray())  # fmt: skip


CURVED = rows(FINE_S, 2)
ROUGH = CURVED.T @ CURVED
"""(COUNT, COUNT) how much a curve bends."""


def through(since_s: Floats, weight: Floats, places: Floats) -> Floats:
    """(n,) moments, (n,) what each counts, (n, k) -> (COUNT, k) the splines that pass nearest, bending little."""
    near = rows(since_s)
    weighed = near.T * weight
    held = weighed @ near + 1e-7 * ROUGH + 1e-6 * np.eye(COUNT)
    return np.asarray(np.linalg.solve(held, weighed @ places))
