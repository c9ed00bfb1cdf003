"""A film's small gray pictures -> the places that a ball has left: it lay there, somebody came, it is gone for good.

Once a second the usual picture (the median of its looks) is compared with later ones. A round place that was still and
shows something else from then on is one that a ball may have left. No flight is needed: the shooter may hide it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from ..detectors.looks import Find, Look, finds
from ..detectors.resting import circle
from ..domain import Bools, Floats
from ..video import Image
from ..video.picture import median

LOOK_HZ = 15.0  # a kick is known to a tenth of a second, from looks so many a second
USUAL_S, USUAL_LOOKS = 1.0, 5  # a usual picture is of so long, and of so many looks
SPAN = 5  # usual pictures from one in which the ball lies to the last without it: somebody may be in the way for 2 s
LEAST_PX = 4.0  # a ball's diameter in the small picture: below, grain is as round
ROUND, AROUND = 0.6, 0.35  # how round it is at least; what changes about it, at most, as a share of what it does
SAME = 0.35  # of its change: by less a place has not changed
HALF = 0.5  # of how unlike one look of it, a place is like the other
DISC, RING = 0.85, (1.4, 2.2)  # of the ball's radius: what is surely of it, what is about it
NEAR_S, NEAR_BALLS, MOVED, MOVED_SHARE = 0.6, 3.0, 15, 0.05  # so near it something moved: by levels, in that share
BUSY = 3  # looks in which something moved about it as it left
RIM = 0.6  # a ball has as much more of an edge than its bare place; one that comes has less than none
ONE_S = 1.0  # within so long a place is left once
BALL_M, GOAL_M = 0.22, 2.44
HEIGHTS_M = np.linspace(0.0, 3.0, 61)  # of the phone above the ground, to be tried
OFF_PX, OFF_SHARE = 4.0, 0.12  # how far a place is measured off; how far a diameter, as a share
IN_NET, NET_SHARE = 0.35, 0.25  # ln of the ball's size at the goal; of the goal's height, from its foot
BESIDE = 1.5  # goals' widths from its middle: balls that went wide are fetched there
ALIKE, FEW = 0.35, 0.1  # ln: of one size; fewer than that share of those that most are like are no balls


@dataclass(frozen=True, slots=True)
class Left:
    """A place left: `frame` is the last in which the ball is seen there, `gone` the first in which it is not.

    x, y, diameter in pixels of the small picture; `busy` in how many looks something moved about it just then; `rim` by
    how much it has more of an edge all round than the bare place has.
    """

    frame: int
    gone: int
    x: float
    y: float
    diameter: float
    busy: int
    rim: float


@dataclass(frozen=True, eq=False, slots=True)
class _Change:
    """A round place in the usual pictures: `part` of them holds it, `was` with the ball and `now` without."""

    find: Find
    part: tuple[slice, slice]
    disc: Bools
    was: Image
    now: Image

    def unlike(self, image: Image) -> tuple[float, float]:
        """Picture -> by how many levels the place differs from how it was, and from how it is now."""
        here = image[self.part]
        was, now = (float(cv2.absdiff(here, each)[self.disc].mean()) for each in (self.was, self.now))
        return was, now


class Places:
    """Look after look -> the places that are now known to have been left, each as often as it is in a usual picture."""

    def __init__(self) -> None:
        self._looks: deque[tuple[int, float, Image]] = deque(maxlen=round((SPAN + 2.5) * USUAL_S * LOOK_HZ))
        self._usual: deque[tuple[float, Image]] = deque(maxlen=SPAN + 1)
        self._begin_s, self._next_s = np.inf, -np.inf

    def __call__(self, frame: int, time_s: float, image: Image) -> list[Left]:
        """Frame, its second, small gray picture -> places left that only now are known."""
        if time_s < self._next_s - 1e-3:
            return []
        self._next_s = time_s + 1 / LOOK_HZ
        self._looks.append((frame, time_s, image))
        self._begin_s = min(self._begin_s, time_s)
        if time_s < self._begin_s + USUAL_S:
            return []
        since = [image for _, at_s, image in self._looks if at_s >= self._begin_s]
        part = [since[k] for k in np.linspace(0, len(since) - 1, USUAL_LOOKS).round().astype(int)]
        self._usual.append((self._begin_s, median(part)))
        self._begin_s = time_s
        return self._left() if len(self._usual) > SPAN else []

    def _left(self) -> list[Left]:
        """-> the places left between the second and the last but one of the usual pictures."""
        (_, before), (_, lying), *_, (_, first), (_, last) = self._usual
        looks = [Look(image, None, (0, 0)) for image in (lying, first, last)]
        found: list[Left] = []
        for find in finds(looks[0], looks[1:]):
            change = _change(find, before, lying, first, last)
            left = self._told(change) if change is not None else None
            if left is not None:
                found.append(left)
        return found

    def _told(self, change: _Change) -> Left | None:
        """A change -> the place left; None where it is no ball that went within a moment, with somebody at it."""
        begin_s, end_s = self._usual[1][0], self._usual[-1][0] + USUAL_S
        looks = [look for look in self._looks if begin_s <= look[1] < end_s]
        as_was, as_now = np.array([change.unlike(image) for _, _, image in looks]).T
        lies = np.flatnonzero(as_was < HALF * as_now)
        bare = np.flatnonzero(as_now < HALF * as_was)
        if not len(lies) or not (bare > lies[-1]).any():
            return None
        (frame, at_s, _), gone = looks[lies[-1]], looks[bare[bare > lies[-1]][0]][0]
        busy = self._busy(change.find, at_s)
        x, y, diameter, roundness = change.find
        top, left = change.part[0].start, change.part[1].start
        was, now = (each.astype(np.float32)[:, :, None] for each in (change.was, change.now))
        rim, cx, cy, radius = circle(was, now, x - left, y - top, diameter / 2, roundness)
        return Left(frame, gone, cx + left, cy + top, 2 * radius, busy, rim)

    def _busy(self, find: Find, at_s: float) -> int:
        """A place, a second -> in how many looks about then something moved in its surroundings."""
        x, y, diameter, _ = find
        out = round(NEAR_BALLS * diameter)
        part = np.s_[max(round(y) - out, 0) : round(y) + out, max(round(x) - out, 0) : round(x) + out]
        looks = [image[part] for _, time_s, image in self._looks if abs(time_s - at_s) < NEAR_S]
        moved = [cv2.absdiff(one, two) > MOVED for one, two in pairwise(looks)]
        return sum(bool(each.mean() > MOVED_SHARE) for each in moved)


def _ring(shape: tuple[int, ...], x: float, y: float, diameter: float) -> Bools:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    off = np.hypot(columns - x, rows - y) / (0.5 * diameter)
    return np.asarray((off > RING[0]) & (off < RING[1]))


def _change(find: Find, before: Image, lying: Image, first: Image, last: Image) -> _Change | None:
    """A find, usual pictures -> the change, None where the place was not still, is not now, or is not alone."""
    x, y, diameter, roundness = find
    reach = max(round(0.5 * diameter * RING[1]) + 1, 4)
    top, left = round(y) - reach, round(x) - reach
    size = 2 * reach + 1
    if diameter < LEAST_PX or roundness < ROUND or min(top, left) < 0:
        return None
    part = np.s_[top : top + size, left : left + size]
    was, now = lying[part], last[part]
    if was.shape != (size, size):
        return None
    rows, columns = np.ogrid[:size, :size]
    disc = np.hypot(columns + left - x, rows + top - y) < DISC * 0.5 * diameter
    change = cv2.absdiff(was, now)
    levels = change[disc].mean()
    moved = max(cv2.absdiff(was, before[part])[disc].mean(), cv2.absdiff(now, first[part])[disc].mean())
    if moved > SAME * levels or change[_ring(disc.shape, x - left, y - top, diameter)].mean() > AROUND * levels:
        return None
    return _Change(find, part, disc, was, now)


def chosen(places: Sequence[Left], time_s: Floats, goal: Floats | None) -> tuple[list[Left], float]:
    """Places left, the film's times, the goal's corners (4, 2) in the small picture -> those a ball was struck from.

    All stand on one ground under one phone: how high that is, is what most of them say, in metres, NaN without a goal.
    """
    once, high_m = _once([place for place in places if place.busy >= BUSY and place.rim >= RIM], time_s), np.nan
    if goal is not None:
        once = [place for place in once if not _fetched(place, goal)]
        off = np.array([off_ground(goal, place.y, place.diameter, HEIGHTS_M) for place in once])
        best = int(np.exp(-0.5 * off.reshape(-1, len(HEIGHTS_M)) ** 2).sum(axis=0).argmax())
        once, high_m = [place for place, each in zip(once, off, strict=True) if each[best] < 1], HEIGHTS_M[best]
    size = np.log([place.diameter for place in once])
    alike = (np.abs(size[:, None] - size[None]) < ALIKE).sum(axis=1)
    return [place for place, count in zip(once, alike, strict=True) if count >= FEW * alike.max()], float(high_m)


def _once(places: Sequence[Left], time_s: Floats) -> list[Left]:
    """Places -> each once, as it has most of an edge."""
    kept: list[Left] = []
    for place in sorted(places, key=lambda each: -each.rim):
        same = (
            np.hypot(place.x - other.x, place.y - other.y) < 0.5 * other.diameter
            and abs(time_s[place.frame] - time_s[other.frame]) < ONE_S
            for other in kept
        )
        if not any(same):
            kept.append(place)
    return kept


def _fetched(place: Left, goal: Floats) -> bool:
    """-> whether it is as large as a ball at the goal, and lies in it or no farther beside it than it is wide."""
    high, foot = float(np.ptp(goal[:, 1])), float(goal[2:, 1].mean())
    size = np.log(place.diameter / (BALL_M / GOAL_M * high))
    within = abs(place.x - goal[:, 0].mean()) < BESIDE * float(np.ptp(goal[:, 0]))
    return bool(within and abs(size) < IN_NET and abs(place.y + 0.5 * place.diameter - foot) < NET_SHARE * high)


def off_ground(goal: Floats, y: float, diameter: float, high_m: Floats) -> Floats:
    """Goal, a ball, (n,) heights of the phone -> how far off the ground it is, 1 is as much as is measured wrong.

    What is s pixels to a metre away stands height * s below the horizon, and so do the goal's posts.
    """
    foot, at_goal = float(goal[2:, 1].mean()), float((goal[2:, 1] - goal[1::-1, 1]).mean()) / GOAL_M
    below = foot + high_m * (diameter / BALL_M - at_goal)
    wrong = OFF_PX + OFF_SHARE * diameter * (1 + np.abs(high_m / BALL_M - 0.5))
    return np.asarray(np.abs(y + 0.5 * diameter - below) / wrong)
