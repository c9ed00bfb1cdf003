"""Detections -> one ball and the players P1, P2, … through the film."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import supervision as sv

from ..domain import BARE, Bools, Candidates, Clip, Floats, Label, Rest, Shot, Track
from .ballpath import Spots, best_path, faded
from .contact import last_rest
from .following import follow, lies_there, ranked
from .rests import rests, rows_at

BRIDGED = 2  # frames without a sighting that are filled in
SAME_PX = 1.5  # a candidate so near a place of rest is what lies there
WHOLE = 0.7  # share of the lying ball that is seen when nothing hides it
MOST = 24  # candidates kept of a frame
DOUBTED, LEAST_MEANWHILE = 8, 4  # frames in which it was seen in part only; sightings of a flight in them


@dataclass(frozen=True, eq=False, slots=True)
class Sighting:
    """What was seen in a clip's take.

    `rests` are the places where the ball may have lain, the likeliest by its look first. `candidates` are all places
    where it may be, at most MOST a frame, the best; `spots` are the same of each frame, as a path goes through them.
    """

    clip: Clip
    players: tuple[Track, ...]
    rests: tuple[Rest, ...]
    candidates: Candidates
    spots: tuple[Spots, ...]

    @property
    def ball(self) -> Track:
        """-> the ball's track where it lay by its look alone; bodies, goal and flight may know better."""
        return self.ball_from(self.rests[0] if self.rests else None)

    def ball_from(self, rest: Rest | None) -> Track:
        """A place (None: it lay nowhere) -> the ball's track over the film if it lay there, NaN where it was not seen.

        It lies until it leaves; from there it is the best path through the candidates, not the nearest of them.
        Without a place the best path starts anywhere.
        """
        if rest is not None:
            rest = _shifted(rest, -self.clip.take[0])
        rows = {} if rest is None else rows_at(self.spots, rest)
        bare = None if rest is None else rest.bare_frame
        return _whole_film(_ball(self.spots, rows, bare, self.clip.frame_s), self.clip)


def link(clip: Clip, detections: Iterable[sv.Detections]) -> Sighting:
    """Clip, its detector's answers -> Sighting. Raises: ValueError when they are not one for each frame of the take."""
    seen = [_without_masks(found) for found in detections]
    first, stop = clip.take
    if len(seen) != stop - first:
        raise ValueError(f"link: expected {stop - first} Detections, one for each frame of the take, got {len(seen)}")
    boxes = [found.xyxy[_of(found, Label.PLAYER)].astype(np.float64) for found in seen]
    spots = [_spots(found) for found in seen]
    lying = rests(spots, [found.metadata.get(BARE, ()) for found in seen])
    people = [person for person in follow(boxes, clip.frame_s) if not any(lies_there(person, rest) for rest in lying)]
    players = ranked(people, lying[0] if lying else None)
    return Sighting(
        clip,
        tuple(_whole_film(player, clip) for player in players),
        tuple(_shifted(rest, first) for rest in lying),
        _offered(seen, first),
        tuple(faded(spots, clip.frame_s, players)),
    )


def _shifted(rest: Rest, frames: int) -> Rest:
    bare = None if rest.bare_frame is None else rest.bare_frame + frames
    return replace(rest, frames=rest.frames + frames, bare_frame=bare)


def _offered(detections: Sequence[sv.Detections], first: int) -> Candidates:
    """Detections a frame, the first frame -> all places the ball may be, at most MOST a frame, the best."""
    frames: list[int] = []
    kept = [np.empty((0, 4))]
    for frame, found in enumerate(detections, start=first):
        here = _spots(found)
        rows = np.argsort(-here.score, kind="stable")[:MOST]
        frames += [frame] * len(rows)
        kept.append(np.column_stack([here.centre[rows], here.diameter[rows], here.score[rows]]))
    rows_ = np.concatenate(kept)
    return Candidates(np.array(frames, dtype=np.int64), rows_[:, :2], rows_[:, 2], rows_[:, 3])


def unseen(clip: Clip) -> Track:
    """Clip -> the track of a ball that is nowhere seen."""
    count = len(clip.time_s)
    nowhere = np.full((count, 2), np.nan)
    return Track("ball", nowhere, nowhere, np.full(count, np.nan), np.zeros(count, dtype=bool))


def again(shot: Shot) -> Sighting:
    """Shot -> what was seen in it, as far as it was kept: all candidates, and where the ball may have lain."""
    first, stop = shot.clip.take
    kept = shot.candidates or Candidates(np.empty(0, dtype=np.int64), np.empty((0, 2)), np.empty(0), np.empty(0))
    spots = []
    for frame in range(first, stop):
        on = kept.frame == frame
        count = int(on.sum())
        shown, at_rest = np.ones(count), np.zeros(count, dtype=bool)
        for rest in shot.rests:
            near = np.hypot(*(kept.centre_px[on] - rest.centre_px).T) < SAME_PX
            if frame in rest.frames and near.any():
                shown[near], at_rest[near] = rest.shown[rest.frames == frame][0], True
        alone = np.full(count, -1, dtype=np.int64)
        spots.append(Spots(kept.centre_px[on], kept.diameter_px[on], kept.score[on], at_rest, shown, alone))
    players = [_taken(player, shot.clip) for player in shot.players]
    return Sighting(shot.clip, shot.players, shot.rests, kept, tuple(faded(spots, shot.clip.frame_s, players)))


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
        np.asarray(np.asarray(found.data.get("rest", np.full(len(found), -1)))[mine], dtype=np.int64),
    )


def _ball(spots: Sequence[Spots], lying: dict[int, int], bare: int | None, frame_s: float) -> Track:
    """Candidates of each frame, frame: row where the ball lies, when its place is bare -> its track in those frames."""
    count = len(spots)
    centre, size = np.full((count, 2), np.nan), np.full(count, np.nan)
    score, measured = np.full(count, np.nan), np.zeros(count, dtype=bool)
    if lying and max(lying) == count - 1 and len(lying) < count:
        lying = {}  # what comes to lie and stays was not struck there
    lying, flight = _departed(spots, lying, frame_s)
    if lying:
        rest = last_rest(spots, lying, flight)
        rest = rest if bare is None else min(rest, bare - 1)
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


def _bridge(centre: Floats, size: Floats, longest: int) -> None:
    """Fill gaps of at most `longest` frames between sightings, on straight lines, in place."""
    seen = np.flatnonzero(np.isfinite(size))
    for before, after in pairwise(seen):
        if 1 < after - before <= longest + 1:
            share = (np.arange(before + 1, after) - before) / (after - before)
            centre[before + 1 : after] = centre[before] + share[:, None] * (centre[after] - centre[before])
            size[before + 1 : after] = size[before] + share * (size[after] - size[before])


def _taken(track: Track, clip: Clip) -> Track:
    """Track over the film -> the same over the take."""
    on = slice(*clip.take)
    return Track(track.label, track.centre_px[on], track.size_px[on], track.score[on], track.measured[on])


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
