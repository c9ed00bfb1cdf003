"""A session's film -> where a ball flies towards the goal, at low cost: small gray pictures, thirty a second.

What stands out from the empty picture as a small round thing is linked from picture to picture as long as it goes on
as it went. A shot is a thread that goes far for a ball's size, smoothly, and towards the goal (people's limbs make
threads too, but short or crooked ones); or one that grows small in step with time, as what flies away from the phone
does; or a place that a ball has left (left.py). A place and a thread that begins there confirm each other. Where many
places are known, a thread alone must begin on their ground, and as large as a ball is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np

from ..detectors import blobs
from ..detectors.islands import Sea
from ..domain import Clip, Floats, OnProgress
from ..errors import UnreadableClip
from ..video import Image, frames
from .left import ALIKE, Left, Places, chosen, off_ground

SIDE_PX, RATE_HZ = 960, 30.0
LARGEST_PX = 30.0
LEARN = 0.03  # how much of each look goes into the empty picture
NOISE = 4.0  # gray levels that it is off by anyhow, to begin with
LOST = 2  # looks a thread may go without its thing
FIRST_STEP = 0.05  # share of the longer side that a thing may go between two looks
TIGHT_PX, TIGHT_SHARE = 3.0, 0.45  # how far from where it should be a thing may be: so much, and that share of its step
POINTS, LASTS_S = 5, 0.15
PACE_S, FAST = 0.15, 9.0  # within so long a ball in flight goes so many of its diameters a second
SLOW_SHARE = 0.2  # of its best pace: below, its flight is over
FAR, FAR_SHARE = 4.0, 0.035  # a shot goes so many of its diameters, and such a share of the picture's longer side
LEFT_SCORE = 1000.0  # a place left tells its moment to a tenth of a second: it goes before any thread
ENOUGH = 3  # places known, all on one ground: from so many on what is usual in this film is known
SAME_S, SAME_BALLS = 0.5, 5.0  # a thread that begins so soon after the ball left, so many of its diameters away, is its
AWAY, AWAY_POINTS, STEADILY, AWAY_SCORE = 1.6, 10, 0.75, 10.0  # from behind: it shrinks by so much, in step with time
GROWS = 1.6  # what grows so much comes nearer
STILL_SEEN = 0.7  # of a ball at the goal: smaller it does not seem
NEAR_GOAL = 0.6  # of the goal's larger side
NEARER = 0.15  # of its way, that it must come nearer to the goal
BALL_SHARE = 0.8 * 0.22 / 2.44  # no ball on this side of the goal is smaller than this share of the goal's height
LEAST = 25.0  # diameters it goes, times its looks, less where it is crooked: heads and hands of who walks make 20
CROOKED = 0.06  # its points' distance from a smooth curve, as a share of its way
BEFORE_S, AFTER_S = 1.6, 2.6
APART_S = 2.5  # two shots cannot be nearer than this


@dataclass(frozen=True, slots=True)
class Burst:
    """First and last frame of what may be a shot, the frame in which the ball left, and how striking it is."""

    first: int
    last: int
    kick: int
    score: float


@dataclass(eq=False, slots=True)
class Thread:
    """One thing followed: rows of frame, x, y, diameter."""

    rows: list[tuple[int, float, float, float]] = field(default_factory=list)
    missed: int = 0

    def ahead(self, frame: int) -> tuple[float, float, float]:
        """Frame -> where it should be then, and how far off it may be."""
        f1, x1, y1, _ = self.rows[-1]
        if len(self.rows) == 1:
            return x1, y1, FIRST_STEP * SIDE_PX
        f0, x0, y0, _ = self.rows[-2]
        share = (frame - f1) / (f1 - f0)
        dx, dy = (x1 - x0) * share, (y1 - y0) * share
        return x1 + dx, y1 + dy, TIGHT_PX + TIGHT_SHARE * float(np.hypot(dx, dy))


def propose(
    clip: Clip, goal_px: Floats | None = None, on_progress: OnProgress | None = None, keys: Any = None
) -> tuple[list[Burst], list[str]]:
    """Film, its goal's corners (4, 2) -> the bursts of its take in order, and what could not be looked at, in words."""
    scale = min(1.0, SIDE_PX / max(clip.size_wh_px))
    goal = None if goal_px is None else np.asarray(goal_px) * scale
    damage: list[str] = []
    flown: list[tuple[Burst, Thread]] = []
    left: list[Left] = []
    going: list[Thread] = []
    look, places = _Look(), Places()

    def keep(threads: Sequence[Thread]) -> None:
        # Those that are no shot are let go: an hour holds a hundred thousand.
        flown.extend((burst, thread) for thread in threads if (burst := _shot(thread, clip.time_s, goal)) is not None)

    for frame, image in _looks(clip, keys if keys is not None else [], damage):
        going, ended = _followed(going, frame, look(image))
        keep(ended)
        left += places(frame, float(clip.time_s[frame]), image)
        if on_progress:
            on_progress("watch", (frame + 1 - clip.take[0]) / (clip.take[1] - clip.take[0]))
    keep(going)
    return _apart(_confirmed(flown, left, clip.time_s, goal), clip.time_s), damage


def _confirmed(
    flown: Sequence[tuple[Burst, Thread]], left: Sequence[Left], time_s: Floats, goal: Floats | None
) -> list[Burst]:
    """Shots by their flights, places left -> shots by either; what both tell is more striking."""
    known, high_m = chosen(left, time_s, goal)
    size = float(np.median([place.diameter for place in known])) if known else np.nan
    found: list[Burst] = []
    scores = [LEFT_SCORE * place.rim for place in known]
    for burst, thread in flown:
        _, _, y, diameter = thread.rows[0]
        same = [k for k, place in enumerate(known) if _begins(thread, place, time_s)]
        for k in same:
            scores[k] += burst.score
        usual = abs(np.log(diameter / size)) < ALIKE
        grounded = goal is None or off_ground(goal, y, diameter, np.array([high_m]))[0] < 1
        if same or len(known) < ENOUGH or (usual and grounded):
            found.append(burst)
    return found + [_around(place.frame, time_s, score) for place, score in zip(known, scores, strict=True)]


def _begins(thread: Thread, place: Left, time_s: Floats) -> bool:
    """-> whether the thread begins where and when the ball left."""
    frame, x, y, _ = thread.rows[0]
    later_s = float(time_s[frame] - time_s[place.frame])
    return -0.1 < later_s < SAME_S and bool(np.hypot(x - place.x, y - place.y) < SAME_BALLS * place.diameter)


def _looks(clip: Clip, keys: Sequence[int], damage: list[str]) -> Iterator[tuple[int, Image]]:
    """Film -> (frame, small gray picture), about RATE_HZ a second; what is damaged is stepped over and told."""
    (start, count), next_s = clip.take, -np.inf
    while start < count - 1:
        at = start
        try:
            for number, image in frames(replace(clip, take=(start, count)), gray=True, max_side_px=SIDE_PX):
                at = number
                if clip.time_s[number] >= next_s - 1e-3:
                    next_s = clip.time_s[number] + 1 / RATE_HZ
                    yield number, image
            return
        except UnreadableClip as error:
            damage.append(str(error))
            start = next((int(key) for key in keys if key > at + 1), count)


class _Look:
    """Small gray picture -> (n, 3) x, y, diameter of small round things that are not of the empty picture."""

    def __init__(self) -> None:
        self._empty: Any = None
        self._noise: Any = None
        self._sea = Sea((1, 1))

    def __call__(self, image: Image) -> Floats:
        if self._empty is None:
            self._empty = image.astype(np.float32)
            self._noise = np.full(image.shape, NOISE, np.float32)
            self._sea = Sea(image.shape[:2])
            return np.zeros((0, 3))
        empty = cv2.convertScaleAbs(self._empty)
        change: Any = cv2.blur(cv2.absdiff(image, empty), (3, 3))
        threshold: Any = cv2.convertScaleAbs(self._noise, alpha=2.0, beta=blobs.CONTRAST)
        found = blobs.candidates(np.asarray(change, dtype=np.uint8), threshold, None, LARGEST_PX, self._sea)
        cv2.accumulateWeighted(change, self._noise, LEARN / 3)
        cv2.accumulateWeighted(image, self._empty, LEARN)
        return np.column_stack([found.centre, found.minor])


def _followed(going: list[Thread], frame: int, things: Floats) -> tuple[list[Thread], list[Thread]]:
    """Threads so far, a frame and its things -> (the threads that go on, those that end here)."""
    free = np.ones(len(things), dtype=bool)
    kept: list[Thread] = []
    ended: list[Thread] = []
    for thread in sorted(going, key=lambda each: -len(each.rows)):
        x, y, near = thread.ahead(frame)
        off = np.hypot(things[:, 0] - x, things[:, 1] - y) if len(things) else np.zeros(0)
        alike = np.abs(np.log(things[:, 2] / thread.rows[-1][3])) < 0.7 if len(things) else np.zeros(0, bool)
        fits = np.flatnonzero((off <= near) & alike & free)
        if len(fits):
            best = int(fits[off[fits].argmin()])
            free[best] = False
            thread.rows.append(_row(frame, things[best]))
            thread.missed = 0
            kept.append(thread)
        elif thread.missed < LOST and len(thread.rows) > 1:
            thread.missed += 1
            kept.append(thread)
        else:
            ended.append(thread)
    return kept + [Thread([_row(frame, things[k])]) for k in np.flatnonzero(free)], ended


def _row(frame: int, thing: Floats) -> tuple[int, float, float, float]:
    x, y, size = (float(value) for value in thing)
    return frame, x, y, size


def _shot(thread: Thread, time_s: Floats, goal: Floats | None) -> Burst | None:
    """Thread -> the burst it stands for, None where it is no shot."""
    rows = _quick(np.array(thread.rows), time_s, 0.0 if goal is None else BALL_SHARE * float(np.ptp(goal[:, 1])))
    if len(rows) < POINTS:
        return None
    t = time_s[rows[:, 0].astype(int)]
    way = float(np.hypot(*(rows[-1, 1:3] - rows[0, 1:3])))
    first_px, last_px = float(np.median(rows[:3, 3])), float(np.median(rows[-3:, 3]))
    if last_px > GROWS * first_px:
        return None
    at_goal_px = last_px if goal is None else BALL_SHARE * float(np.ptp(goal[:, 1]))
    comes_from_near = first_px > AWAY * at_goal_px and last_px > STILL_SEEN * at_goal_px
    if comes_from_near and _away(rows, t) and (goal is None or _nearest(rows[:, 1:3], goal) < NEAR_GOAL):
        return _around(int(rows[0, 0]), time_s, AWAY_SCORE * len(rows))
    if t[-1] - t[0] < LASTS_S or way < max(FAR * float(rows[0, 3]), FAR_SHARE * SIDE_PX):
        return None
    smooth = np.column_stack([np.polyval(np.polyfit(t - t[0], rows[:, k], 2), t - t[0]) for k in (1, 2)])
    crooked = float(np.sqrt(((rows[:, 1:3] - smooth) ** 2).sum(axis=1).mean())) / way
    if crooked > CROOKED or (goal is not None and not _towards(rows[:, 1:3], goal)):
        return None
    score = way / float(rows[0, 3]) * (1 - crooked / CROOKED) * len(rows)
    return _around(int(rows[0, 0]), time_s, score) if score > LEAST else None


def _around(kick: int, time_s: Floats, score: float) -> Burst:
    first = int(np.searchsorted(time_s, time_s[kick] - BEFORE_S))
    last = min(int(np.searchsorted(time_s, time_s[kick] + AFTER_S)), len(time_s) - 1)
    return Burst(first, last, kick, score)


def _quick(rows: Floats, time_s: Floats, least_px: float) -> Floats:
    """Thread, how large a ball is at least -> its first stretch that is as quick as a ball in flight.

    It may lie in the net for long after.
    """
    if len(rows) < POINTS:
        return rows[:0]
    t = time_s[rows[:, 0].astype(int)]
    later = np.minimum(np.searchsorted(t, t + PACE_S - 1e-6), len(t) - 1)
    way = np.hypot(*(rows[later, 1:3] - rows[:, 1:3]).T)
    pace = way / np.maximum(t[later] - t, PACE_S) / max(float(np.median(rows[:, 3])), least_px)
    quick = pace >= FAST
    if not quick.any():
        return rows[:0]
    begin = int(quick.argmax())
    slow = np.flatnonzero(pace[begin:] < SLOW_SHARE * pace.max())
    stop = len(rows) if not len(slow) else min(int(later[begin + slow[0]]) + 1, len(rows))
    return np.asarray(rows[begin:stop])


def _towards(way_px: Floats, goal: Floats) -> bool:
    """(n, 2) way, goal's corners -> whether it comes nearer to the goal, and near it or heads there."""
    low, high = goal.min(axis=0), goal.max(axis=0)
    went = way_px[-1] - way_px[0]
    ahead = np.vstack([way_px, *(way_px[-1] + share * went for share in (0.25, 0.5, 1.0))])
    off = np.hypot(*np.maximum(np.maximum(low - ahead, ahead - high), 0).T)
    nearer = off[0] - float(off[: len(way_px)].min())
    return bool(nearer > NEARER * np.hypot(*went)) and _nearest(ahead, goal) < NEAR_GOAL


def _nearest(way_px: Floats, goal: Floats) -> float:
    """(n, 2) way, goal's corners -> how near it comes to the goal in the picture, as a share of the goal's size."""
    low, high = goal.min(axis=0), goal.max(axis=0)
    off = np.hypot(*np.maximum(np.maximum(low - way_px, way_px - high), 0).T)
    return float(off.min() / (high - low).max())


def _away(rows: Floats, t: Floats) -> bool:
    """Thread -> whether it grows small as what flies away from the phone does, from the first look on."""
    if len(rows) < AWAY_POINTS:
        return False
    size = np.log(rows[:, 3])
    shrinks = float(np.median(size[:3]) - np.median(size[-3:]))
    return shrinks > np.log(AWAY) and float(np.corrcoef(t, size)[0, 1]) < -STEADILY


def _apart(found: Sequence[Burst], time_s: Floats) -> list[Burst]:
    """Bursts -> the most striking of those that are one shot, in order."""
    kept: list[Burst] = []
    for burst in sorted(found, key=lambda each: -each.score):
        if all(abs(time_s[burst.kick] - time_s[other.kick]) > APART_S for other in kept):
            kept.append(burst)
    return sorted(kept, key=lambda each: each.kick)
