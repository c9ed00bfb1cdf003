"""A film in which frames are repeated <-> its new frames alone, with their own times.

24 frames a second shown at 60, 30 at 60, or slow motion by repetition: the same picture comes two to eight times. A
repeat is no second sighting, and what moves from one new frame to the next moved in all the time between them. So the
stages work on a clip made of the new frames alone; what they found is told in the film's own frames again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..domain import Bools, Candidates, Clip, Flight, Floats, Ints, Pose, Report, Rest, Said, Shot, Track
from ..video import Image

# How much differs from the frame before: the mean of so many pixels that differ most, in levels of a small picture. The
# mean over all of it would hide a far ball; the single largest would be a compressed repeat's noise.
LARGEST = 50
# Compressed again a repeat differs by 1 to 6 levels, and up to a fifth of what the new frames around it do where
# much moves; new frames differ by 8 and up.
MOVING, REPEATED, LOUD = 8.0, 0.3, 0.2
REACH = 8  # frames: slow motion repeats each frame up to eight times
# Twelve in a hundred: 25 frames a second shown at 30 repeat 17, ordinary films 2 and at most 9, about a cut.
LEAST_SHARE, FEWEST_RUNS = 0.12, 4


def difference(image: Image, before: Image) -> float:
    """Two small gray pictures -> how much differs between them, in levels."""
    apart = np.abs(np.subtract(image, before, dtype=np.int16)).ravel()
    most = min(LARGEST, len(apart))
    return float(np.partition(apart, len(apart) - most)[-most:].mean())


def new_frames(differs: Floats) -> Bools | None:
    """(T,) how much each frame differs from the one before -> (T,) which are new, None where no frame is repeated."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(differs, REACH), 2 * REACH + 1)
    around = np.minimum(windows[:, :REACH].max(axis=1), windows[:, REACH + 1 :].max(axis=1))
    moving = around >= MOVING
    repeated = moving & (differs < np.minimum(REPEATED * around, np.maximum(MOVING, LOUD * around)))
    runs = int((np.diff(repeated.astype(int), prepend=0) == 1).sum())
    if runs < FEWEST_RUNS or repeated.sum() < LEAST_SHARE * moving.sum():
        return None
    return _thinned(~repeated, ~moving & (differs < MOVING), float(moving.sum() / (moving & ~repeated).sum()))


def _thinned(new: Bools, quiet: Bools, step: float) -> Bools:
    """New frames, those in which nothing moves, frames from one new one to the next -> as many kept where it is quiet.

    Nobody can tell a repeat there, and frames twice as dense would be no truer.
    """
    kept, due = new.copy(), 0.0
    for frame in np.flatnonzero(new):
        if quiet[frame] and frame < due - 0.5:
            kept[frame] = False
        else:
            due = max(due, float(frame)) + step if quiet[frame] else frame + step
    return kept


def only_new(clip: Clip) -> Clip:
    """Clip -> the clip of its new frames, numbered anew; itself where no frame is repeated."""
    if clip.new is None:
        return clip
    kept = np.flatnonzero(clip.new)
    start, stop = np.searchsorted(kept, clip.take)
    steadying = clip.steadying and clip.steadying.of(kept)
    return replace(clip, time_s=clip.time_s[kept], take=(int(start), int(stop)), steadying=steadying, new=None)


def new_number(clip: Clip, frame: int) -> int:
    """Clip, a frame of the film -> the number of that picture among the new ones."""
    if clip.new is None:
        return frame
    return max(int(np.cumsum(clip.new)[min(max(frame, 0), len(clip.new) - 1)]) - 1, 0)


def of_new(said: Said, clip: Clip) -> Said:
    """What a person saw in the film's frames, its clip -> the same in those of its new frames alone."""
    return said if said.kick_frame is None else replace(said, kick_frame=new_number(clip, said.kick_frame))


def shot_of_new(shot: Shot) -> Shot:
    """Shot in the film's frames -> the same in those of its new frames alone."""
    if shot.clip.new is None:
        return shot
    kept = np.flatnonzero(shot.clip.new)
    place = np.cumsum(shot.clip.new) - 1

    def thinned(track: Track) -> Track:
        return Track(track.label, *(part[kept] for part in _over_time(track)))

    return _renumbered(shot, only_new(shot.clip), place, thinned)


def in_film(report: Report, clip: Clip) -> Report:
    """Report on the new frames, the clip they are of -> the same in the film's own frames.

    In a repeat everything is where it was in the frame it repeats, as the picture shows it there; nothing is measured.
    """
    if clip.new is None:
        return report
    kept, shown = np.flatnonzero(clip.new), np.cumsum(clip.new) - 1
    new = clip.new

    def spread(track: Track) -> Track:
        centre, size, score, measured = (part[shown] for part in _over_time(track))
        return Track(track.label, centre, size, score, measured & new)

    shot = _renumbered(report.shot, clip, kept, spread)
    frame = report.outcome.frame
    outcome = report.outcome if frame is None else replace(report.outcome, frame=int(kept[frame]))
    return replace(report, shot=shot, outcome=outcome)


def _over_time(track: Track) -> tuple[Any, ...]:
    return track.centre_px, track.size_px, track.score, track.measured


def _renumbered(shot: Shot, clip: Clip, numbers: Ints, turned: Any) -> Shot:
    """Shot, the clip it is to be of, the new number of each frame, what turns a track -> the shot of that clip."""
    pose: Pose | None = shot.pose and replace(shot.pose, frames=numbers[shot.pose.frames])
    found: Candidates | None = shot.candidates and replace(shot.candidates, frame=numbers[shot.candidates.frame])
    flight: Flight | None = shot.flight and replace(shot.flight, seen=numbers[shot.flight.seen])
    kick = None if shot.kick_frame is None else int(numbers[shot.kick_frame])
    players = tuple(turned(player) for player in shot.players)
    rests = tuple(_rest(rest, numbers) for rest in shot.rests)
    return replace(
        shot, clip=clip, ball=turned(shot.ball), players=players, pose=pose, candidates=found, flight=flight,
        kick_frame=kick, rests=rests,
    )  # fmt: skip


def _rest(rest: Rest, numbers: Ints) -> Rest:
    bare = None if rest.bare_frame is None else int(numbers[rest.bare_frame])
    return replace(rest, frames=numbers[rest.frames], bare_frame=bare)
