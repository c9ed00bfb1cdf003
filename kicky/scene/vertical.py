"""Picture -> which way is down in it: edges of posts, poles and fences that are plumb in the world.

Plumb lines meet in one point of the picture, far above or below it. Together with the goal's corners that gives
the camera's roll and, where it looks up or down, its focal length.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.optimize import least_squares

from ..domain import Floats
from .edges import content, joined, lengths, segments
from .woodwork import Image

LEAN_SD, CONVERGENCE_SD = 0.07, 0.12  # phones stood up by eye; a net's ropes converge more (tuned seeds 100 to 139)
BORDER = 0.01  # of the longer side: the edge of a picture with bars at its sides is no pole
LEAN = 0.3  # sideways over upwards: the most a plumb line leans in the picture of a phone set up by eye
SHORTEST = 0.02  # of the picture's longer side
NEAREST = 3.0  # of the longer side: where plumb lines of a phone tilted by some 20 degrees meet
OFF_PX = 1.2  # an end of an edge that is plumb lies this near to its line
FEWEST, APART = 4, 0.12  # lines, and how much of the picture's width they span
LEAST_LENGTH = 0.15  # of the longer side: all lines together
MOST = 60
END_SD_PX = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class Plumb:
    """Where plumb lines meet, homogeneous (3,) of unit length in pixels over `scale_px` from the picture's middle.

    `lines_px` (n, 2, 2) are the edges it rests on, upper end first; `roll_deg` is how far the phone is turned
    clockwise, as `domain.Camera` has it, with `sigma_deg` its standard deviation.
    """

    point: Floats
    scale_px: float
    lines_px: Floats
    roll_deg: float
    sigma_deg: float


def vertical_vanishing_point(picture: Image) -> Plumb | None:
    """Picture (H, W, 3) -> where its plumb lines meet, None when too few agree.

    Best on the median of several frames: legs that run by are gone then.
    """
    left, top, right, bottom = content(picture)
    part = picture[top:bottom, left:right]
    gray = np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    side, middle = max(gray.shape), np.array(picture.shape[1::-1]) / 2 - (left, top)
    pieces = segments(gray)
    step = np.abs(pieces[:, 2:] - pieces[:, :2])
    steep = joined(pieces[step[:, 0] < LEAN * step[:, 1]])
    inside = (steep[:, ::2].min(axis=1) > BORDER * side) & (steep[:, ::2].max(axis=1) < part.shape[1] - BORDER * side)
    steep = steep[inside & (lengths(steep) > SHORTEST * side)][:MOST]
    if len(steep) < FEWEST:
        return None
    ends = (steep.reshape(-1, 2, 2) - middle) / side
    weight = lengths(steep) / side
    start = _agreed(ends, weight, side)
    if start is None:
        return None
    return _settled(ends, weight, start, side, middle + (left, top))


def _agreed(ends: Floats, weight: Floats, side: int) -> Floats | None:
    """Lines' ends (n, 2, 2) -> the (lean, convergence) that most of their length agrees with, None when little does."""
    one, two = np.triu_indices(len(ends), 1)
    models = _through(ends[one], ends[two])
    models = models[(np.abs(models) < (LEAN, 1 / NEAREST)).all(axis=1)]
    if not len(models):
        return None
    votes = np.clip(1 - (_off(ends, models[:, None]) * side / OFF_PX) ** 2, 0, None) @ weight
    likely = np.exp(-((models / (LEAN_SD, CONVERGENCE_SD)) ** 2).sum(axis=1) / 2)
    best: Floats = models[int(np.argmax(votes * likely))]
    mine = _off(ends, best) * side < OFF_PX
    spread = np.ptp(ends[mine].mean(axis=1)[:, 0]) if mine.any() else 0.0
    enough = mine.sum() >= FEWEST and spread > APART and weight[mine].sum() > LEAST_LENGTH
    return best if enough else None


def _through(one: Floats, other: Floats) -> Floats:
    """n pairs of lines (n, 2, 2) -> (n, 2) lean, c = convergence: a plumb line at x, y slopes (lean + c x) / (1 + c y).

    NaN where the two say nothing of it.
    """
    (slope, run), (other_slope, other_run) = _terms(one), _terms(other)
    # slope (1 + c y) = lean + c x  ->  lean + c (x - slope y) = slope, for both
    apart = np.where(np.abs(other_run - run) < 1e-6, np.nan, other_run - run)
    convergence = (other_slope - slope) / apart
    return np.stack([slope - convergence * run, convergence], axis=1)


def _terms(ends: Floats) -> tuple[Floats, Floats]:
    """(n, 2, 2) -> (n,) slope, sideways over downwards; (n,) x - slope y of the middles."""
    step, middle = ends[:, 1] - ends[:, 0], ends.mean(axis=1)
    slope = np.asarray(step[:, 0] / step[:, 1])
    return slope, middle[:, 0] - slope * middle[:, 1]


def _off(ends: Floats, model: Floats) -> Floats:
    """(n, 2, 2), (..., 2) lean, convergence -> (..., n) how far the ends lie from a plumb line through the middle."""
    return np.abs(_signed(ends, model))


def _signed(ends: Floats, model: Floats) -> Floats:
    lean, convergence = np.moveaxis(model, -1, 0)
    x, y = ends.mean(axis=1).T
    across, down = lean + convergence * x, 1 + convergence * y
    half = (ends[:, 1] - ends[:, 0]) / 2
    return np.asarray((half[:, 0] * down - half[:, 1] * across) / np.hypot(across, down))


def _settled(ends: Floats, weight: Floats, start: Floats, side: int, middle: Floats) -> Plumb | None:
    """Lines, first guess -> the point fitted to the ends of all that agree."""
    unit = side / END_SD_PX
    fit = least_squares(lambda model: _signed(ends, model) * unit, start, loss="cauchy", f_scale=1.0)
    off = _signed(ends, fit.x)
    mine = np.abs(off) * side < OFF_PX
    if mine.sum() < FEWEST or weight[mine].sum() < LEAST_LENGTH or abs(fit.x[1]) > 1 / NEAREST:
        return None
    slope = _slope(ends[mine], fit.x) * unit
    spread = np.linalg.inv(slope.T @ slope + np.diag([1e-9, 1e-9]))
    spread *= max(1.0, float((off[mine] ** 2).sum() * unit**2 / max(mine.sum() - 2, 1)))
    lean, convergence = fit.x
    point = np.array([-lean, -1.0, convergence])
    sigma = float(np.degrees(np.sqrt(spread[0, 0])) / (1 + lean**2))
    lines = ends[mine] * side + middle
    return Plumb(point / np.linalg.norm(point), float(side), lines, float(np.degrees(np.arctan(lean))), sigma)


def _slope(ends: Floats, model: Floats) -> Floats:
    """-> (n, 2) how the signed distances change with the model."""
    step = 1e-5
    moves = np.eye(2) * step
    return np.stack([(_signed(ends, model + m) - _signed(ends, model - m)) / (2 * step) for m in moves], axis=1)
