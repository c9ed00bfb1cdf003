"""Detections -> one ball and the players P1, P2, … through the film."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import supervision as sv

from ..domain import Bools, Clip, Floats, Label, Track
from .ballpath import LONGEST_START, Spots, best_path
from .following import follow

BRIDGED = 2  # frames without a sighting that are filled in
WHOLE = 0.7  # share of the lying ball that is seen when nothing hides it
DOUBTED, LEAST_MEANWHILE = 8, 4  # frames in which it was seen in part only; sightings of a flight in them


@dataclass(frozen=True, eq=False, slots=True)
class Sighting:
    """What was seen. `candidates` are the detections as they came, one for each frame of the take."""

    ball: Track
    players: tuple[Track, ...]
    candidates: tuple[sv.Detections, ...]


def link(clip: Clip, detections: Iterable[sv.Detections]) -> Sighting:
    """Clip, its detector's answers -> Sighting: at most one ball a frame, NaN where none was seen.

    The ball lies where it lies until it leaves; from there it is the best path through the
    candidates, not the nearest of them. Without a lying ball the best path starts anywhere.
    """
    candidates = tuple(detections)
    first, stop = clip.take
    if len(candidates) != stop - first:
        raise ValueError(
            f"link: expected {stop - first} Detections, one for each frame of the take, got {len(candidates)}"
        )
    ball = _ball([_spots(found) for found in candidates], clip.frame_s)
    players = follow(
        [found.xyxy[_of(found, Label.PLAYER)].astype(np.float64) for found in candidates], clip.frame_s, ball
    )
    return Sighting(_whole_film(ball, clip), tuple(_whole_film(player, clip) for player in players), candidates)


def _of(found: sv.Detections, label: Label) -> Bools:
    ids = found.class_id if found.class_id is not None else np.empty(0)
    return np.asarray(ids == label, dtype=bool)


def _spots(found: sv.Detections) -> Spots:
    """One frame's detections -> its ball candidates."""
    mine = _of(found, Label.BALL)
    box = np.asarray(found.xyxy[mine], dtype=np.float64).reshape(-1, 4)
    score = found.confidence[mine] if found.confidence is not None else np.full(len(box), 0.5)
    diameter = found.data.get("diameter_px", (found.xyxy[:, 2:] - found.xyxy[:, :2]).min(axis=1, initial=np.inf))
    at_rest = found.data.get("at_rest", np.zeros(len(found), dtype=bool))
    return Spots(
        (box[:, :2] + box[:, 2:]) / 2,
        np.asarray(np.asarray(diameter)[mine], dtype=np.float64),
        np.asarray(score, dtype=np.float64),
        np.asarray(np.asarray(at_rest)[mine], dtype=bool),
        np.asarray(np.asarray(found.data.get("shown", np.ones(len(found))))[mine], dtype=np.float64),
    )


def _ball(spots: Sequence[Spots], frame_s: float) -> Track:
    """Candidates of each frame -> the ball's track over those frames."""
    count = len(spots)
    centre, size = np.full((count, 2), np.nan), np.full(count, np.nan)
    score, measured = np.full(count, np.nan), np.zeros(count, dtype=bool)
    lying, flight = _departed(spots, _lying(spots), frame_s)
    chosen = lying | flight
    for frame, row in chosen.items():
        here = spots[frame]
        centre[frame], size[frame] = here.centre[row], here.diameter[row]
        score[frame], measured[frame] = here.score[row], True
    for before, after in _hidden(lying, centre):
        centre[before + 1 : after], size[before + 1 : after] = centre[before], size[before]
    _bridge(centre, size, BRIDGED)
    return Track("ball", centre, np.column_stack([size, size]), score, measured)


def _lying(spots: Sequence[Spots]) -> dict[int, int]:
    """Candidates -> frame: row of the ball that lies before it is struck, empty when there is none.

    Of several places where something lies, the surest, then the one seen first.
    """
    places: list[tuple[Floats, dict[int, int], list[float]]] = []
    for frame, here in enumerate(spots):
        for row in np.flatnonzero(here.at_rest):
            near = (p for p in places if np.hypot(*(p[0] - here.centre[row])) < max(2.0, 0.15 * here.diameter[row]))
            place = next(near, None)
            if place is None:
                place = (here.centre[row], {}, [])
                places.append(place)
            place[1].setdefault(frame, int(row))
            place[2].append(float(here.score[row]))
    lasting = [place for place in places if len(place[1]) >= 3]
    if not lasting:
        return {}
    surest = max(lasting, key=lambda place: (round(float(np.mean(place[2])), 2), -min(place[1])))
    return surest[1] if max(surest[1]) < len(spots) - 1 or len(surest[1]) == len(spots) else {}


def _departed(spots: Sequence[Spots], lying: dict[int, int], frame_s: float) -> tuple[dict[int, int], dict[int, int]]:
    """Candidates, where the ball lies by the look of its place -> (where it lies, its flight).

    A pale leg that comes to stand there looks like part of the ball for as long as it stands. So when
    the ball was last seen nearly whole long before, a flight that begins then is looked for first.
    """
    flight = best_path(spots, frame_s, max(lying.items(), default=None))
    whole = [frame for frame, row in lying.items() if spots[frame].shown[row] >= WHOLE]
    if not whole or max(lying) - max(whole) < DOUBTED:
        return lying, flight
    sure = {frame: row for frame, row in lying.items() if frame <= max(whole)}
    early = best_path(spots, frame_s, max(sure.items()))
    meanwhile = sum(frame <= max(lying) for frame in early)
    return (sure, early) if meanwhile >= LEAST_MEANWHILE and len(early) > len(flight) else (lying, flight)


def _hidden(lying: dict[int, int], centre: Floats) -> Iterator[tuple[int, int]]:
    """Frames the ball is seen lying, its places -> pairs of frames between which it lies hidden by a leg.

    It does so between two frames that show it there, and before a flight whose first step, taken
    backwards, reaches the place only later than it was last seen.
    """
    yield from pairwise(sorted(lying))
    flight = np.flatnonzero(np.isfinite(centre[:, 0]))
    flight = flight[flight > max(lying, default=len(centre))]
    if len(flight) > 1 and flight[0] - max(lying) <= LONGEST_START:
        last, one, two = max(lying), int(flight[0]), int(flight[1])
        speed = np.hypot(*(centre[two] - centre[one])) / (two - one)
        ago = np.hypot(*(centre[one] - centre[last])) / max(speed, 1e-6)
        yield last, max(last + 1, int(np.floor(one - ago)) + 1)


def _bridge(centre: Floats, size: Floats, longest: int) -> None:
    """Fill gaps of at most `longest` frames between sightings, on straight lines, in place."""
    seen = np.flatnonzero(np.isfinite(size))
    for before, after in pairwise(seen):
        if 1 < after - before <= longest + 1:
            share = (np.arange(before + 1, after) - before) / (after - before)
            centre[before + 1 : after] = centre[before] + share[:, None] * (centre[after] - centre[before])
            size[before + 1 : after] = size[before] + share * (size[after] - size[before])


def _whole_film(track: Track, clip: Clip) -> Track:
    """Track over the take -> the same over the whole film."""
    padding = (clip.take[0], len(clip.time_s) - clip.take[1])
    rows = (padding, (0, 0))
    return Track(
        track.label,
        np.pad(track.centre_px, rows, constant_values=np.nan),
        np.pad(track.size_px, rows, constant_values=np.nan),
        np.pad(track.score, padding, constant_values=np.nan),
        np.pad(track.measured, padding, constant_values=False),
    )
