"""Candidates of each frame -> the places where something lies and then leaves: any of them may be the ball at rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from scipy.spatial import KDTree

from ..domain import Bools, Floats, Ints, Rest
from .ballpath import Spots

LEAST_FRAMES = 3  # frames in which something lies before its place counts
NEAR_SHARE, NEAR_PX = 0.15, 2.0  # one place: so near, in diameters and at least so much
SUREST = 0.99  # no look alone is surer
LEAST_STILL, LEAST_AFTER = 4, 6  # frames in one place that make a rest nobody named; frames left after it
STRAY = 3  # frames: a single sighting so much later is of something else
PLACES, UNNAMED = 3, -2.2  # such places that are kept, the fullest; log odds of one
STAYS_PX, STAYS_SHARE = 1.2, 0.06  # how far its middle wanders


def rests(spots: Sequence[Spots], bare: Sequence[Collection[int]]) -> list[Rest]:
    """Candidates, the named places seen bare a frame -> where the ball may have lain, the likeliest by its look first.

    Those that the detector named or called still, then the fullest places where some candidate stayed and left.
    """
    places = (_rest(spots, number, rows, bare) for number, rows in _lying(spots))
    known = [rest for rest in places if len(rest.frames) >= LEAST_FRAMES]
    found = sorted(known, key=lambda rest: (-round(rest.likely, 1), rest.frames[0]))
    for rest in still_places(spots):
        if all(np.hypot(*(rest.centre_px - other.centre_px)) > other.diameter_px for other in found):
            found.append(rest)
    return found


def rows_at(spots: Sequence[Spots], rest: Rest) -> dict[int, int]:
    """Candidates, a place -> frame: row of what lies there."""
    rows = {}
    for frame in rest.frames.tolist():
        here = spots[frame]
        apart = np.hypot(*(here.centre - rest.centre_px).T)
        if len(apart) and apart.min() < max(NEAR_PX, NEAR_SHARE * rest.diameter_px):
            rows[frame] = int(apart.argmin())
    return rows


def _lying(spots: Sequence[Spots]) -> Iterable[tuple[int, dict[int, int]]]:
    """Candidates -> of each place in which one lies the number that the detector gave it, and frame: its row."""
    places: list[tuple[int, Floats, dict[int, int]]] = []
    for frame, here in enumerate(spots):
        for row in np.flatnonzero(here.at_rest):
            number, near = int(here.rest[row]), max(NEAR_PX, NEAR_SHARE * here.diameter[row])
            place = next((p for p in places if p[0] == number and np.hypot(*(p[1] - here.centre[row])) < near), None)
            if place is None:
                place = (number, here.centre[row], {})
                places.append(place)
            place[2].setdefault(frame, int(row))
    return [(number, rows) for number, _, rows in places]


def _rest(spots: Sequence[Spots], number: int, rows: dict[int, int], bare: Sequence[Collection[int]]) -> Rest:
    rows = _without_stray(rows)
    centre = np.array([spots[frame].centre[row] for frame, row in rows.items()])
    diameter, shown, score = (
        np.array([getattr(spots[frame], name)[row] for frame, row in rows.items()])
        for name in ("diameter", "shown", "score")
    )
    p = float(np.clip(score.mean(), 1 - SUREST, SUREST))
    frames = np.array(list(rows), dtype=np.int64)
    after = [frame for frame in range(frames[-1] + 1, len(bare)) if number in bare[frame]]
    middle, size = np.median(centre, axis=0), float(np.median(diameter))
    return Rest(middle, size, frames, shown, float(np.log(p / (1 - p))), after[0] if after else None)


def _without_stray(rows: dict[int, int]) -> dict[int, int]:
    """Frame: row of what lies in a place -> the same without what is seen there a moment, long after."""
    *lay, last = _stays(np.array(list(rows), dtype=np.int64))
    return {f: rows[f] for run in lay for f in run.tolist()} if lay and len(last) < LEAST_FRAMES else rows


def still_places(spots: Sequence[Spots]) -> list[Rest]:
    """Candidates -> each place in which one lay still and then no more; at most PLACES, fullest first."""
    frame = np.repeat(np.arange(len(spots)), [len(here.diameter) for here in spots])
    if not len(frame):
        return []
    centre, diameter = (np.concatenate([getattr(here, name) for here in spots]) for name in ("centre", "diameter"))
    tree, reach = KDTree(centre), np.maximum(STAYS_PX, STAYS_SHARE * diameter)
    count = tree.query_ball_point(centre, reach, return_length=True)
    found: list[Rest] = []
    for k in np.argsort(-count, kind="stable"):
        if count[k] < LEAST_STILL or len(found) == PLACES:
            break
        if any(np.hypot(*(centre[k] - rest.centre_px)) < diameter[k] for rest in found):
            continue
        rows = np.array(tree.query_ball_point(centre[k], reach[k]), dtype=np.int64)
        run = _run(np.unique(frame[rows]))
        if len(run) >= LEAST_STILL and len(run) > 0.5 * (run[-1] - run[0]) and run[-1] < len(spots) - LEAST_AFTER:
            there: Bools = np.isin(frame[rows], run)
            middle, size = np.median(centre[rows[there]], axis=0), float(np.median(diameter[rows[there]]))
            found.append(Rest(middle, size, run, np.ones(len(run)), UNNAMED))
    return found


def _run(frames: Ints) -> Ints:
    """Frames in which something is in a place -> the longest stay there, without a stray sighting at its end."""
    run = max(_stays(frames), key=len)
    return run[:-1] if len(run) > 1 and run[-1] - run[-2] > STRAY else run


def _stays(frames: Ints) -> list[Ints]:
    """Frames in which something is in a place -> the same, parted where it was away for long."""
    return np.split(frames, np.flatnonzero(np.diff(frames) > 2 * STRAY) + 1)
