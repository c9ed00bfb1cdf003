"""Ball candidates of each frame -> the path through them that flies like a ball.

Dynamic programming over pairs of candidates (so that a velocity is known): each sighting on the path
earns, each missing frame, change of size and change of velocity costs. A kink (bounce, post, net)
costs a fixed price, however sharp: that is what lets a real rebound through and keeps legs out,
which kink in every frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..domain import Bools, Floats

FASTEST_BALL_S = 220.0  # diameters a second: 48 m/s for a ball of 0.22 m
GRAVITY_BALL_S2 = 45.0  # diameters a second squared
LONGEST_GAP = 4  # frames from one sighting to the next
LONGEST_START = 9  # the same from the lying ball: the kicker's leg hides the first of the flight
MISSED, START, KINK, KICK = 0.4, 2.5, 2.5, 5.0  # prices, in sightings
LEAST_SIGHTINGS = 4
LEAST_WAY = 2.0  # diameters


@dataclass(frozen=True, eq=False, slots=True)
class Spots:
    """n candidates in one frame: centre (n, 2), diameter, score 0..1, whether it lies still."""

    centre: Floats
    diameter: Floats
    score: Floats
    at_rest: Bools


@dataclass(frozen=True, eq=False, slots=True)
class _Steps:
    """m steps that end in one frame: from `start` (row) `gap` frames ago to `end` (row)."""

    gap: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    velocity: Floats
    total: Floats
    before: NDArray[np.int64]  # the step this one continues, in the frame it starts in; -1: the path starts here


def best_path(spots: Sequence[Spots], frame_s: float, lying: tuple[int, int] | None) -> dict[int, int]:
    """Candidates a frame, seconds a frame, (frame, row) of the ball's last rest -> frame: row along the best path.

    With `lying` only frames after it count. Empty when nothing flies.
    """
    opening = lying[0] if lying else 0
    steps: dict[int, _Steps] = {}
    for frame in range(opening + 1, len(spots)):
        parts = []
        for gap in range(1, min(LONGEST_START, frame - opening) + 1):
            from_rest = lying is not None and frame - gap == opening
            if gap > LONGEST_GAP and not from_rest:
                continue
            earlier = _only(spots[opening], lying[1]) if lying and from_rest else None
            parts.append(_extend(spots, frame, gap, frame_s, steps.get(frame - gap), earlier, lying is not None))
        steps[frame] = _joined(parts)
    return _trace(spots, steps, lying)


def _only(spots: Spots, row: int) -> NDArray[np.int64]:
    """Rows of the frame the path starts in: the lying ball alone."""
    del spots
    return np.array([row])


def _extend(
    spots: Sequence[Spots],
    frame: int,
    gap: int,
    frame_s: float,
    previous: _Steps | None,
    rest: NDArray[np.int64] | None,
    has_rest: bool,
) -> _Steps:
    """-> the steps of this gap that end in `frame`, each with the best total it can have."""
    old, new = spots[frame - gap], spots[frame]
    rows = rest if rest is not None else np.arange(len(old.diameter))
    start, end = (axis.ravel() for axis in np.meshgrid(rows, np.arange(len(new.diameter)), indexing="ij"))
    way = new.centre[end] - old.centre[start]
    swell = np.log(new.diameter[end] / old.diameter[start])
    larger = np.maximum(new.diameter[end], old.diameter[start])
    fits = (np.hypot(*way.T) < FASTEST_BALL_S * frame_s * gap * larger + 4) & (np.abs(swell) < 0.5 + 0.1 * gap)
    if rest is not None:
        fits &= np.hypot(*way.T) > 0.1 * larger
    start, end, way, swell = start[fits], end[fits], way[fits], swell[fits]
    velocity = way / gap
    still = np.hypot(*velocity.T) < 0.03 * larger[fits]
    earned = np.where(still, 0.15, 0.6 + 0.8 * new.score[end])
    earned = earned - np.minimum(0.5 * (swell / (0.2 + 0.05 * gap)) ** 2, 1.5) - MISSED * (gap - 1)
    total = earned + (0.0 if rest is not None else -START * (1.0 + has_rest))
    before = np.full(len(start), -1)
    if previous is not None and len(previous.total) and len(start) and rest is None:
        price = _turn_price(previous, velocity, old, start, swell, gap, frame_s)
        best = (previous.total[:, None] - price).argmax(axis=0)
        continued = earned + (previous.total[best] - price[best, np.arange(len(start))])
        better = continued > total
        total, before = np.where(better, continued, total), np.where(better, best, before)
    return _Steps(np.full(len(start), gap), start, end, velocity, total, before)


def _turn_price(
    previous: _Steps, velocity: Floats, old: Spots, start: NDArray[np.int64], swell: Floats, gap: int, frame_s: float
) -> Floats:
    """Steps before, the new steps' velocities -> (before, new) price of the turn, inf where they do not meet."""
    # Seen from behind, a ball slows down in the picture as it grows small.
    expected = previous.velocity[:, None, :] * np.exp(np.clip(swell, -0.3, 0.3))[None, :, None]
    fall = GRAVITY_BALL_S2 * frame_s**2 * old.diameter[start] * (gap + previous.gap[:, None]) / 2
    change = velocity[None] - expected
    change[..., 1] -= np.clip(change[..., 1], 0, fall)
    speed = np.hypot(*previous.velocity.T)[:, None]
    tolerance = 1.0 + 0.12 * speed + 0.05 * old.diameter[start]
    faster = np.hypot(*velocity.T)[None] > 1.3 * speed + 0.2 * old.diameter[start] + 2
    price = np.minimum(0.5 * (np.hypot(change[..., 0], change[..., 1]) / tolerance) ** 2, np.where(faster, KICK, KINK))
    return np.where(previous.end[:, None] == start[None], price, np.inf)


def _joined(parts: Sequence[_Steps]) -> _Steps:
    return _Steps(
        np.concatenate([p.gap for p in parts]),
        np.concatenate([p.start for p in parts]),
        np.concatenate([p.end for p in parts]),
        np.concatenate([p.velocity for p in parts]),
        np.concatenate([p.total for p in parts]),
        np.concatenate([p.before for p in parts]),
    )


def _trace(spots: Sequence[Spots], steps: dict[int, _Steps], lying: tuple[int, int] | None) -> dict[int, int]:
    """Steps of each frame -> the path of the highest total, walked back."""
    ends = [(float(s.total.max()), frame, int(s.total.argmax())) for frame, s in steps.items() if len(s.total)]
    if not ends:
        return {}
    _, frame, k = max(ends)
    path: dict[int, int] = {}
    while True:
        step = steps[frame]
        path[frame] = int(step.end[k])
        start = int(step.start[k])
        frame, k = frame - int(step.gap[k]), int(step.before[k])
        if k < 0:
            if lying is None or frame != lying[0]:
                path[frame] = start
            break
    first, last = min(path), max(path)
    way = np.ptp(np.array([spots[f].centre[row] for f, row in path.items()]), axis=0)
    usual = float(np.median([spots[f].diameter[row] for f, row in path.items()]))
    if len(path) < LEAST_SIGHTINGS or float(np.hypot(*way)) < LEAST_WAY * usual or first == last:
        return {}
    return path
