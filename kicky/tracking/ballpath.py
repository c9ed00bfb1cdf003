"""Ball candidates of each frame -> the path through them that flies like a ball.

Dynamic programming over pairs of candidates (so that a velocity is known): each sighting on the path
earns, each missing frame, change of size and change of velocity costs. A kink (bounce, post, net)
costs a fixed price, however sharp: that is what lets a real rebound through and keeps legs out,
which kink in every frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..domain import Bools, Floats, Track

FASTEST_BALL_S = 220.0  # diameters a second: 48 m/s for a ball of 0.22 m
GRAVITY_BALL_S2 = 45.0  # diameters a second squared
LONGEST_GAP = 4  # frames from one sighting to the next
LONGEST_START = 9  # the same from the lying ball: the kicker's leg hides the first of the flight
MISSED, HIDDEN, START, KINK, KICK = (
    0.5,
    0.4,
    2.5,
    3.5,
    8.0,
)  # prices, in sightings; the last chosen on rendered seeds below 5000
LEAST_SIGHTINGS, LEAST_FROM_REST = 4, 2
SLOW_BALLS = 0.35  # diameters a frame
# What follows a kick counts less the later it comes, or a walker's minute would outweigh a flight's second.
HALF_S, LATE = 1.0, 0.5  # seconds in which it loses half; what it keeps in any case
BODY_S, BODY_PX, BODY_SHARE = 0.2, 3.0, 0.03  # along with a body: seconds to either side; so near, also of its height
NEAR = 10  # frames after the last rest in which the ball cannot be much smaller than it was there
KEPT = 250  # steps kept a frame, the best
LINGER, LINGER_PX = 6, 1.5  # frames before and after in which a place is looked at, and how near is there
SHORT_WAY, LEAST_WAY, LONG_WAY, PACE = 0.7, 2.0, 15.0, 0.4  # diameters, the last diameters a frame
TRIED = 300  # ends looked at until a path goes somewhere


@dataclass(frozen=True, eq=False, slots=True)
class Spots:
    """n candidates in one frame: centre (n, 2), diameter, score 0..1, whether it lies still, share of it seen.

    `rest` is the number of the place that the detector says it lies in, -1 where it says none.
    """

    centre: Floats
    diameter: Floats
    score: Floats
    at_rest: Bools
    shown: Floats
    rest: NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class _Steps:
    """m steps that end in one frame: from `start` (row) `gap` frames ago to `end` (row)."""

    gap: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    velocity: Floats
    total: Floats
    before: NDArray[np.int64]  # the step this one continues, in the frame it starts in; -1: the path starts here
    struck: Bools  # from the lying ball: when within the gap it left is not known


def best_path(spots: Sequence[Spots], frame_s: float, lying: tuple[int, int] | None) -> dict[int, int]:
    """Candidates a frame as `faded` gives them, its s, (frame, row) of the last rest -> row of the best path by frame.

    With `lying` the path starts there if any does, and only frames after it count. Empty when
    nothing flies.
    """
    if lying is not None:
        return _best(spots, frame_s, lying, anchored=True) or _best(spots, frame_s, lying, anchored=False)
    return _best(spots, frame_s, None, anchored=False)


def faded(spots: Sequence[Spots], frame_s: float, bodies: Sequence[Track]) -> list[Spots]:
    """Candidates -> the same, the score taken away from those that linger, in the picture or on a body.

    No flight stays in one place, and none goes along with whoever walks by.
    """
    still = np.zeros((len(spots), 2))
    share = _lingering(spots, still, LINGER, np.full(len(spots), LINGER_PX))
    for body in bodies:
        top = body.centre_px - body.size_px * (0.0, 0.5)
        box = np.column_stack([body.centre_px - body.size_px / 2, body.centre_px + body.size_px / 2])
        mine = _lingering(spots, top, round(BODY_S / frame_s), np.maximum(BODY_PX, BODY_SHARE * body.size_px[:, 1]))
        for frame, here in enumerate(spots):
            low, high = box[frame, :2], box[frame, 2:]
            on = ((here.centre > low) & (here.centre < high)).all(axis=1)
            share[frame] = np.where(on, np.maximum(share[frame], mine[frame]), share[frame])
    lingers = [np.clip((part - 0.25) / 0.35, 0.0, 1.0) for part in share]
    return [
        replace(here, score=here.score - part * (here.score + 0.4)) for here, part in zip(spots, lingers, strict=True)
    ]


def _lingering(spots: Sequence[Spots], origin: Floats, reach: int, near_px: Floats) -> list[Floats]:
    """Candidates, a place a frame they may go along with -> of each the share of frames around that have one there."""
    places = [here.centre - origin[frame] for frame, here in enumerate(spots)]
    share = []
    for frame, here in enumerate(places):
        around = [f for f in range(max(frame - reach, 0), min(frame + reach + 1, len(spots))) if f != frame]
        peopled = [places[f] for f in around if len(places[f])]
        if not len(here) or not peopled:
            share.append(np.zeros(len(here)))
            continue
        others = np.concatenate(peopled)
        near = np.hypot(here[:, :1] - others[:, 0], here[:, 1:] - others[:, 1]) < near_px[frame]
        there = np.logical_or.reduceat(near, np.cumsum([0, *(len(place) for place in peopled[:-1])]), axis=1)
        share.append(there.sum(axis=1) / len(around))
    return share


def _best(spots: Sequence[Spots], frame_s: float, lying: tuple[int, int] | None, anchored: bool) -> dict[int, int]:
    """-> the best path, `anchored`: of those that start where the ball lies."""
    opening = lying[0] if lying else 0
    usual = 0.7 * float(spots[opening].diameter[lying[1]]) if lying else 0.0
    steps: dict[int, _Steps] = {}
    for frame in range(opening + 1, len(spots)):
        parts = []
        for gap in range(1, min(LONGEST_START, frame - opening) + 1):
            from_rest = anchored and frame - gap == opening
            if gap > LONGEST_GAP and not from_rest:
                continue
            rest = lying[1] if lying is not None and from_rest else None
            parts.append(
                _extend(
                    spots,
                    frame,
                    gap,
                    frame_s,
                    steps.get(frame - gap),
                    rest,
                    not anchored,
                    usual if frame - opening <= NEAR else 0.0,
                    max(LATE, 0.5 ** ((frame - opening) * frame_s / HALF_S)) if lying is not None else 1.0,
                )
            )
        steps[frame] = _joined(parts)
    if anchored:
        return _best_valid(spots, steps, opening, LEAST_FROM_REST, SHORT_WAY)
    # A flight that starts nowhere near the lying ball is somebody else's, or a walker, unless it is a long one.
    return _best_valid(spots, steps, -1, LEAST_SIGHTINGS, LEAST_WAY if lying is None else LONG_WAY)


def _extend(
    spots: Sequence[Spots],
    frame: int,
    gap: int,
    frame_s: float,
    previous: _Steps | None,
    rest: int | None,
    may_start: bool,
    usual: float,
    worth: float,
) -> _Steps:
    """-> the steps of this gap that end in `frame`, each with the best total it can have."""
    old, new = spots[frame - gap], spots[frame]
    rows = np.arange(len(old.diameter)) if rest is None else np.array([rest])
    start, end = (axis.ravel() for axis in np.meshgrid(rows, np.arange(len(new.diameter)), indexing="ij"))
    way = new.centre[end] - old.centre[start]
    swell = np.log(new.diameter[end] / old.diameter[start])
    larger = np.maximum(new.diameter[end], old.diameter[start])
    # A dim or patterned ball may be measured too small; it is not nearer for that.
    fits = (np.hypot(*way.T) < FASTEST_BALL_S * frame_s * gap * np.maximum(larger, usual) + 4) & (
        np.abs(swell) < 0.8 + 0.1 * gap
    )
    if rest is not None:
        fits &= np.hypot(*way.T) > 0.1 * larger
    start, end, way, swell = start[fits], end[fits], way[fits], swell[fits]
    velocity = way / gap
    # A walker's sleeve, slow and long in the picture, must not beat a short flight.
    fast = np.minimum(np.hypot(*velocity.T) / (SLOW_BALLS * larger[fits]), 1.0)
    earned = (0.5 + 0.5 * fast) * (0.4 + 1.0 * new.score[end])
    earned = earned - np.minimum(0.5 * (swell / (0.2 + 0.05 * gap)) ** 2, 1.5)
    earned = (earned - (MISSED if rest is None else HIDDEN) * (gap - 1)) * worth
    total = earned - (0.0 if rest is not None else START if may_start else np.inf)
    before = np.full(len(start), -1)
    if previous is not None and len(previous.total) and len(start) and rest is None:
        price = _turn_price(previous, velocity, old, start, swell, gap, frame_s)
        best = (previous.total[:, None] - price).argmax(axis=0)
        continued = earned + (previous.total[best] - price[best, np.arange(len(start))])
        better = continued > total
        total, before = np.where(better, continued, total), np.where(better, best, before)
    gaps, struck = np.full(len(start), gap), np.full(len(start), rest is not None)
    return _Steps(gaps, start, end, velocity, total, before, struck)


def _turn_price(
    previous: _Steps, velocity: Floats, old: Spots, start: NDArray[np.int64], swell: Floats, gap: int, frame_s: float
) -> Floats:
    """Steps before, the new steps' velocities -> (before, new) price of the turn, inf where they do not meet."""
    # Of all pairs few meet: only those are worked out.
    one, other = np.nonzero(previous.end[:, None] == start[None])
    came, goes, diameter = previous.velocity[one], velocity[other], old.diameter[start[other]]
    # Seen from behind, a ball slows down in the picture as it grows small; how small is measured roughly,
    # so any speed between is expected. And when in the gap after the kick it left is not known.
    speed, new_speed = np.hypot(*came.T), np.hypot(*goes.T)
    late = np.where(previous.struck, previous.gap, 1.0)[one]
    depth = np.exp(np.clip(swell, -0.3, 0.3))[other]
    stretch = np.clip(new_speed / np.maximum(speed, 1e-6), np.minimum(depth, 1.0), np.maximum(depth, 1.0) * late)
    fall = GRAVITY_BALL_S2 * frame_s**2 * diameter * (gap + previous.gap[one]) / 2
    change = goes - came * stretch[:, None]
    change[:, 1] -= np.clip(change[:, 1], 0, fall)
    tolerance = 1.0 + 0.12 * speed + 0.05 * diameter
    faster = new_speed > 1.3 * late * speed + 0.2 * diameter + 2
    price = 0.5 * (np.hypot(change[:, 0], change[:, 1]) / tolerance) ** 2
    # A kink nobody saw is less to be believed, and one straight after the kick is a leap onto something else.
    dearest = np.where(faster, KICK, KINK) * (1 + 0.5 * (gap - 1))
    price = np.where(previous.struck[one] & (price > dearest), np.inf, np.minimum(price, dearest))
    prices = np.full((len(previous.end), len(start)), np.inf)
    prices[one, other] = price
    return prices


def _joined(parts: Sequence[_Steps]) -> _Steps:
    total = np.concatenate([p.total for p in parts])
    kept = np.argsort(-total)[:KEPT]
    return _Steps(
        np.concatenate([p.gap for p in parts])[kept],
        np.concatenate([p.start for p in parts])[kept],
        np.concatenate([p.end for p in parts])[kept],
        np.concatenate([p.velocity for p in parts])[kept],
        total[kept],
        np.concatenate([p.before for p in parts])[kept],
        np.concatenate([p.struck for p in parts])[kept],
    )


def _best_valid(
    spots: Sequence[Spots], steps: dict[int, _Steps], opening: int, least: int, way: float
) -> dict[int, int]:
    """Steps of each frame, frame of the last rest -> of the paths that go somewhere the one of the highest total."""
    ends = [(float(t), frame, k) for frame, s in steps.items() for k, t in enumerate(s.total) if t > 0]
    for _, frame, k in sorted(ends, reverse=True)[:TRIED]:
        path = _walk_back(steps, frame, k, opening)
        went = np.ptp(np.array([spots[f].centre[row] for f, row in path.items()]), axis=0)
        usual = float(np.median([spots[f].diameter[row] for f, row in path.items()]))
        far = max(way, PACE * (max(path) - min(path)) if way > LEAST_WAY else 0.0)
        if len(path) >= least and float(np.hypot(*went)) >= far * usual:
            return path
    return {}


def _walk_back(steps: dict[int, _Steps], frame: int, k: int, opening: int) -> dict[int, int]:
    """Steps, the last of a path -> frame: row of all of it, the lying ball left out."""
    path: dict[int, int] = {}
    while True:
        step = steps[frame]
        path[frame] = int(step.end[k])
        start = int(step.start[k])
        frame, k = frame - int(step.gap[k]), int(step.before[k])
        if k < 0:
            if frame != opening:
                path[frame] = start
            return path
