"""Boxes of each frame -> people followed from frame to frame, P1 the one most in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from ..domain import Floats, Track

LOST_S = 0.5  # unseen for longer, a person who appears is someone else
LEAST_S = 0.2  # seen for less, it is no person
MOST = 8
FAR = 1e3


def follow(boxes: Sequence[Floats], frame_s: float) -> list[Track]:
    """(n, 4) boxes a frame -> tracks over those frames, the most present first."""
    people: list[dict[int, Floats]] = []
    for frame, found in enumerate(boxes):
        near = [k for k, p in enumerate(people) if (frame - max(p)) * frame_s <= LOST_S]
        cost = np.array([[_apart(_expected(people[k], frame), box) for box in found] for k in near]).reshape(
            len(near), len(found)
        )
        taken = set()
        for row, column in zip(*linear_sum_assignment(cost), strict=True):
            if cost[row, column] < FAR:
                people[near[row]][frame] = found[column]
                taken.add(column)
        people += [{frame: box} for k, box in enumerate(found) if k not in taken]
    least = max(3, round(LEAST_S / frame_s))
    lasting = sorted((p for p in people if len(p) >= least), key=lambda p: -len(p))
    return [_track(f"P{k}", person, len(boxes)) for k, person in enumerate(lasting, start=1)]


def ranked(players: Sequence[Track], ball: Track) -> list[Track]:
    """Players, ball -> at most MOST of them, P1 most present; a tie goes to the one nearer the ball."""
    order = sorted(players, key=lambda p: (-int(p.measured.sum()), _to_ball(p, ball)))
    return [replace(player, label=f"P{k}") for k, player in enumerate(order[:MOST], start=1)]


def _expected(person: dict[int, Floats], frame: int) -> Floats:
    """Sightings so far, frame -> the box that is to be expected there."""
    last = max(person)
    earlier = [f for f in person if last - 4 <= f < last]
    if not earlier:
        return person[last]
    middle = (person[last][:2] + person[last][2:]) / 2 - (person[earlier[0]][:2] + person[earlier[0]][2:]) / 2
    step = middle / (last - earlier[0])
    return person[last] + np.tile(step, 2) * (frame - last)


def _apart(one: Floats, other: Floats) -> float:
    """Two boxes -> 1 - their overlap (share of the smaller), FAR when they do not meet."""
    width, height = (min(one[k + 2], other[k + 2]) - max(one[k], other[k]) for k in (0, 1))
    if width <= 0 or height <= 0:
        return FAR
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    both = width * height
    # A body that comes apart or loses its legs in the grass is still the same: half weight on the smaller.
    return float(1 - 0.5 * both / min(areas) - 0.5 * both / (sum(areas) - both))


def _to_ball(player: Track, ball: Track) -> float:
    gaps = np.hypot(*(player.centre_px - ball.centre_px).T)[player.measured]
    return float(np.nanmin(gaps)) if np.isfinite(gaps).any() else np.inf


def _track(label: str, person: dict[int, Floats], count: int) -> Track:
    """Sightings -> Track, boxes smoothed over three frames, gaps filled on straight lines."""
    frames = np.array(sorted(person))
    seen = np.array([person[f] for f in frames])
    span = np.arange(frames[0], frames[-1] + 1)
    edges = np.column_stack([np.interp(span, frames, seen[:, k]) for k in range(4)])
    padded = np.pad(edges, ((1, 1), (0, 0)), mode="edge")
    edges = np.median([padded[:-2], padded[1:-1], padded[2:]], axis=0)
    centre, size = np.full((count, 2), np.nan), np.full((count, 2), np.nan)
    centre[span], size[span] = (edges[:, :2] + edges[:, 2:]) / 2, edges[:, 2:] - edges[:, :2]
    measured = np.zeros(count, dtype=bool)
    measured[frames] = True
    return Track(label, centre, size, np.where(measured, 1.0, np.nan), measured)
