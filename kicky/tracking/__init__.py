"""Detections -> one ball and the players P1, P2, … through the film."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import supervision as sv

from ..domain import Bools, Candidates, Clip, Floats, Label, Track
from .ballpath import Spots, best_path
from .contact import last_rest
from .following import follow, ranked

BRIDGED = 2  # frames without a sighting that are filled in
WHOLE = 0.7  # share of the lying ball that is seen when nothing hides it
MOST = 24  # candidates kept of a frame
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
    candidates = tuple(_without_masks(found) for found in detections)
    first, stop = clip.take
    if len(candidates) != stop - first:
        raise ValueError(
            f"link: expected {stop - first} Detections, one for each frame of the take, got {len(candidates)}"
        )
    boxes = [found.xyxy[_of(found, Label.PLAYER)].astype(np.float64) for found in candidates]
    players = follow(boxes, clip.frame_s)
    ball = _ball([_spots(found) for found in candidates], clip.frame_s, players)
    players = ranked(players, ball)
    return Sighting(_whole_film(ball, clip), tuple(_whole_film(player, clip) for player in players), candidates)


def candidates(sighting: Sighting, clip: Clip) -> Candidates:
    """Sighting, its clip -> all places the ball may be, at most MOST a frame, the best; `frame` is the film's own."""
    frames, kept = [], []
    for frame, found in enumerate(sighting.candidates, start=clip.take[0]):
        here = _spots(found)
        rows = np.argsort(-here.score, kind="stable")[:MOST]
        frames += [frame] * len(rows)
        kept.append(np.column_stack([here.centre[rows], here.diameter[rows], here.score[rows]]))
    rows_ = np.concatenate(kept)
    return Candidates(np.array(frames, dtype=np.int64), rows_[:, :2], rows_[:, 2], rows_[:, 3])


def _without_masks(found: sv.Detections) -> sv.Detections:
    """One frame's detections -> the same without masks: those of a whole clip would fill the memory."""
    found.mask = None
    return found


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


def _ball(spots: Sequence[Spots], frame_s: float, players: Sequence[Track]) -> Track:
    """Candidates of each frame -> the ball's track over those frames."""
    count = len(spots)
    centre, size = np.full((count, 2), np.nan), np.full(count, np.nan)
    score, measured = np.full(count, np.nan), np.zeros(count, dtype=bool)
    lying, flight = _departed(spots, _lying(spots), frame_s, players)
    if lying:
        rest = last_rest(spots, lying, flight)
        lying = {frame: row for frame, row in lying.items() if frame <= rest}
    chosen = lying | flight
    for frame, row in chosen.items():
        here = spots[frame]
        centre[frame], size[frame] = here.centre[row], here.diameter[row]
        score[frame], measured[frame] = here.score[row], True
    # Between two frames that show it lying, and up to the kick, a leg hides it.
    for before, after in pairwise([*sorted(lying), rest + 1] if lying else []):
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


def _departed(
    spots: Sequence[Spots], lying: dict[int, int], frame_s: float, players: Sequence[Track]
) -> tuple[dict[int, int], dict[int, int]]:
    """Candidates, where the ball lies by the look of its place -> (where it lies, its flight).

    A pale leg that comes to stand there looks like part of the ball for as long as it stands. So when
    the ball was last seen nearly whole long before, a flight that begins then is looked for first.
    """
    flight = best_path(spots, frame_s, max(lying.items(), default=None), players)
    whole = [frame for frame, row in lying.items() if spots[frame].shown[row] >= WHOLE]
    if not whole or max(lying) - max(whole) < DOUBTED:
        return lying, flight
    sure = {frame: row for frame, row in lying.items() if frame <= max(whole)}
    early = best_path(spots, frame_s, max(sure.items()), players)
    meanwhile = sum(frame <= max(lying) for frame in early)
    return (sure, early) if meanwhile >= LEAST_MEANWHILE and len(early) > len(flight) else (lying, flight)


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
