"""Samples, where something round lies -> its circle by its colour: in shade a white ball is as bright as the grass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ..domain import Floats
from .background import Samples, spread
from .looks import Picture, usual

LYING, BARE = 7, 5  # samples whose median shows it lying, and its place without it
CHANGED = 60.0  # levels beyond which a place is another
STEEP, FAINT = 120.0, 120.0  # a step's slope from which on an edge is one; slopes far below count little
RADII = np.geomspace(0.85, 2.3, 11)  # of the guess, which may be the lit half of a ball
LARGEST = 2.25  # beyond, the search ended before the thing did
AWAY = np.arange(-2, 3) * 0.25  # of the guess's radius
FINER = ((0.1, 2), (0.05, 2), (0.02, 2))  # steps in radii, so many either way
LEAST_STEP_PX = 0.1
UNLIKE, UNLIKE_SD = 0.04, 0.7  # what it costs to be larger or smaller than the guess; ln
INSIDE, OUTSIDE, OUTSIDE_PX = 0.8, 1.2, 1.0  # radii at which it changes and does not
NEARBY, SHARP = np.linspace(-0.25, 0.25, 51), 0.045  # ln radii that may as well be right; by so much worse they are not
UNSURE = 0.065  # ln: such a circle is no better than the guess
LARGER = 1.05  # than the guess, or it tells nothing new: shade and panels take from a ball, they do not add
RIM = np.linspace(0, 2 * np.pi, 36, endpoint=False)
COS, SIN = np.cos(RIM).astype(np.float32), np.sin(RIM).astype(np.float32)


@dataclass(frozen=True, eq=False, slots=True)
class Circle:
    """Where a ball is seen, in working pixels; `sigma` is the standard deviation of the natural log of its diameter."""

    x: float
    y: float
    diameter: float
    sigma: float


@dataclass(frozen=True, eq=False, slots=True)
class _Edges:
    """What a circle is tried on: slopes across and down of three colours, what a slope counts, 0..1 what changes."""

    across: Picture
    down: Picture
    weight: Picture
    change: Picture

    def good(self, x: Floats, y: Floats, radius: Floats) -> Floats:
        """n circles -> (n,) how good: an edge all around, change within and none without. Panels have edges too."""
        slope = _on(self.across, x, y, radius) * COS[:, None] + _on(self.down, x, y, radius) * SIN[:, None]
        edge = np.sqrt(np.einsum("nac,nac->na", slope, slope)) * _on(self.weight, x, y, radius)
        within, without = (_on(self.change, x, y, r) for r in (INSIDE * radius, OUTSIDE * radius + OUTSIDE_PX))
        return np.asarray((edge + within - without).mean(axis=1), dtype=np.float64)


def circle(samples: Samples, present: Sequence[bool], x: float, y: float, diameter: float) -> Circle | None:
    """Samples, in which of them it lies, a circle that may hold only part of it -> Circle.

    None where no colour is known, no circle is much better than others, or the best holds no more than the guess.
    """
    if not samples.chroma:
        return None
    edges, left, top = _edges(samples, present, x, y, diameter)
    guess = diameter / 2
    dx, dy, dr = (axis.ravel() for axis in np.meshgrid(AWAY * guess, AWAY * guess, RADII * guess))
    holds = np.hypot(dx, dy) < dr
    best = _best(edges, x - left + dx[holds], y - top + dy[holds], dr[holds], guess)
    if best[2] < guess:
        return None
    for step, reach in FINER:
        steps = np.arange(-reach, reach + 1) * max(step * best[2], LEAST_STEP_PX)
        dx, dy, dr = (axis.ravel() for axis in np.meshgrid(steps, steps, steps))
        best = _best(edges, best[0] + dx, best[1] + dy, best[2] + dr, guess)
    sigma = _sigma(edges, *best)
    if sigma > UNSURE or not LARGER * guess < best[2] < LARGEST * guess:
        return None
    return Circle(best[0] + left, best[1] + top, 2 * best[2], sigma)


def _best(edges: _Edges, x: Floats, y: Floats, radius: Floats, guess: float) -> tuple[float, float, float]:
    """Circles, the radius that was guessed -> the best of them."""
    k = int((edges.good(x, y, radius) - UNLIKE * (np.log(radius / guess) / UNLIKE_SD) ** 2).argmax())
    return float(x[k]), float(y[k]), float(radius[k])


def _sigma(edges: _Edges, x: float, y: float, radius: float) -> float:
    """The best circle -> the standard deviation of the natural log of its radius: how much worse its neighbours are."""
    count = len(NEARBY)
    good = edges.good(np.full(count, x), np.full(count, y), radius * np.exp(NEARBY))
    likely = np.exp((good - good.max()) / SHARP)
    likely /= likely.sum()
    return float(np.sqrt((likely * NEARBY**2).sum()))


def _edges(samples: Samples, present: Sequence[bool], x: float, y: float, diameter: float) -> tuple[_Edges, int, int]:
    """-> the place's edges, and the corner that they are counted from, in working pixels."""
    reach = (AWAY[-1] + OUTSIDE * RADII[-1]) * diameter / 2 + 4
    left, top = max(int(x - reach), 0), max(int(y - reach), 0)
    height, width = samples.images[0].shape
    part = np.s_[top : min(int(y + reach) + 2, height), left : min(int(x + reach) + 2, width)]
    wanted = (some(present, True, LYING), some(present, False, BARE))
    shown, bare = (usual(samples, numbers, part) for numbers in wanted)
    across, down = (_slope(shown, *way) for way in ((1, 0), (0, 1)))
    steep = np.sqrt(np.einsum("yxc,yxc->yx", across, across) + np.einsum("yxc,yxc->yx", down, down))
    weight = np.minimum(steep / STEEP, 1.0) / (steep + FAINT)
    differs = cv2.blur(shown - bare, (3, 3))
    change = np.sqrt(np.einsum("yxc,yxc->yx", differs, differs))
    return _Edges(across, down, weight, np.minimum(change / CHANGED, 1.0)), left, top


def _slope(image: Picture, across: int, down: int) -> Picture:
    smooth = cv2.GaussianBlur(image, (3, 3), 0)
    return np.asarray(cv2.Sobel(smooth, cv2.CV_32F, across, down), dtype=np.float32)


def some(present: Sequence[bool], lies: bool, count: int) -> list[int]:
    """In which samples it lies, whether those are wanted -> at most so many of them, evenly spread."""
    return spread(np.flatnonzero(np.asarray(present) == lies).tolist(), count)


def _on(image: Picture, x: Floats, y: Floats, radius: Floats) -> Picture:
    """Image (h, w) or (h, w, c), n circles -> (n, 36) or (n, 36, c) its values along each circle."""
    wide = radius.astype(np.float32)[:, None]
    columns, rows = x.astype(np.float32)[:, None] + wide * COS, y.astype(np.float32)[:, None] + wide * SIN
    return np.asarray(cv2.remap(image, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
