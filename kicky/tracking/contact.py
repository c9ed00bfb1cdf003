"""Where the ball lies, and its flight -> the last frame in which it still lies, by both ends.

A body that hides half of the lying ball and a ball that has begun to roll look the same in its place;
the flight, traced back to where the ball lay, tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..domain import Floats
from .ballpath import LONGEST_START, Spots

# Chosen on 60 rendered shots (seeds below 5000) with an eye on all real clips: no real clip is a clean test of these.
HALF = 0.5  # share of the lying ball that is seen while it surely lies
DOUBTED = 8  # frames in which it may be seen in part only before the kick
TRACED, TRACED_WITHIN = 7, 15  # sightings of the flight that are traced back, all of them so many frames after the rest
FARTHEST = 15  # frames before its first sighting that a flight may have begun
NEAR_SHARE, NEAR_PX = 0.15, 1.5  # a flight comes from where the ball lay: so near, in diameters and at least so much
LATE = 0.1  # frames by which tracing back is early


def last_rest(spots: Sequence[Spots], lying: Mapping[int, int], flight: Mapping[int, int]) -> int:
    """Candidates, frame: row of the ball lying and flying -> the last frame in which it lies where it was struck."""
    last = max(lying)
    half = [frame for frame, row in lying.items() if spots[frame].shown[row] >= HALF]
    sure = max(half) if half and last - max(half) <= DOUBTED else last
    until = _hidden_until(spots, lying, flight)
    left = _traced_back(spots, lying, flight)
    if left is None:
        return until
    return int(np.clip(np.floor(left + LATE), sure, until))


def _place(spots: Sequence[Spots], path: Mapping[int, int]) -> tuple[Floats, Floats]:
    """-> (n,) the path's frames in order, (n, 2) its places."""
    frames = np.array(sorted(path))
    return frames, np.array([spots[f].centre[path[f]] for f in frames])


def _hidden_until(spots: Sequence[Spots], lying: Mapping[int, int], flight: Mapping[int, int]) -> int:
    """-> the last frame it can have lain in, hidden: before the flight's first step, taken backwards, is there."""
    last = max(lying)
    if len(flight) < 2 or min(flight) - last > LONGEST_START:
        return last
    frames, places = _place(spots, flight)
    speed = np.hypot(*(places[1] - places[0])) / (frames[1] - frames[0])
    ago = np.hypot(*(places[0] - spots[last].centre[lying[last]])) / max(speed, 1e-6)
    return max(last, int(np.floor(frames[0] - ago)))


def _traced_back(spots: Sequence[Spots], lying: Mapping[int, int], flight: Mapping[int, int]) -> float | None:
    """-> when, in frames, the flight left the place where the ball lay; None when it did not come from there."""
    first = sorted(flight)[:TRACED]
    last = max(lying)
    if len(first) < TRACED or first[-1] - last > TRACED_WITHIN:
        return None
    frames, places = _place(spots, {frame: flight[frame] for frame in first})
    across, down = (np.polyfit(frames - frames[0], places[:, axis], 2) for axis in (0, 1))
    earlier = np.arange(-FARTHEST, 0.025, 0.05)
    spot, size = spots[last].centre[lying[last]], spots[last].diameter[lying[last]]
    gap = np.hypot(np.polyval(across, earlier) - spot[0], np.polyval(down, earlier) - spot[1])
    nearest = int(gap.argmin())
    if gap[nearest] > max(NEAR_PX, NEAR_SHARE * size):
        return None
    return float(frames[0] + earlier[nearest])
