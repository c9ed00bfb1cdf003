"""Samples -> where a ball may lie before the kick: round things that are still, and gone later. None is chosen here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Bools, Floats
from ..video import Image
from . import colour
from .background import Samples
from .looks import SMALLEST_PX, STEP, TINT, Find, Look, Picture, finds, largest_px, usual

WINDOW = 4  # samples in one look
CLOSE_LOOKS, NEW_LOOKS = 10, 7  # finds fitted, in the first look and later
LEAST, MOST = 2.6, 12  # a score below is no ball; so many places are offered
SEEN_AGAIN = 0.15  # what each further look counts in which it is found as a round thing of its own
POINTED_WIDTHS = 8  # diameters tried where a person saw a ball
SAME_PLACE, SAME_SIZE = 0.3, 0.4  # diameters, ln: so near another find it is the same
GONE = 7  # samples whose median shows a place without it
ENDING = 3  # samples at the end that show its place without it
# Whoever stands in the picture as the film begins and walks off leaves round places too; few kicks come as soon.
HURRY, SOON_S = 0.8, 0.25
# An outline that is round all about is about as large as the ball; one that is not may hold its shadow or a boot too.
ROUND_SD, RAGGED_SD, OUTLINE = 0.1, 0.6, 0.04
SHOWS, SHOWS_AGAIN = 0.3, 0.7  # share of the lying ball that must be seen: while it lies, when it comes back
BARE = 0.7  # share of its place that must look empty
SAME = 24  # grey levels
ALIKE, WHOLE = 0.5, 0.8  # correlation with how it lay: when it comes back; when nothing hides it
RIM = np.linspace(0, 2 * np.pi, 48, endpoint=False)
COS, SIN = np.cos(RIM), np.sin(RIM)

Presence = tuple[Bools, float]  # in which samples it is there, by how many grey levels the place changes without it


@dataclass(frozen=True, eq=False, slots=True)
class RestingBall:
    """A lying ball in working pixels, and its place with it and without it (`corner` is its upper left).
    `best` says in what each pixel tells the two apart, brightness or a colour; `telling` which of its `disc` do.

    `present` says in which samples it lies there, `looks` in how many looks at the film it was found as a round thing
    of its own. `score` says how surely this is a ball.
    """

    x: float
    y: float
    diameter: float
    corner: tuple[int, int]
    lying: Picture
    empty: Picture
    disc: Bools
    best: NDArray[np.intp]
    telling: Bools
    present: tuple[bool, ...]
    score: float
    looks: int = 1

    @property
    def rank(self) -> float:
        """-> how surely this is the ball by its look: small round things are many, and a body's look changes."""
        return self.score + _size(self.diameter) + SEEN_AGAIN * (self.looks - 1)

    def shown(self, now: Look, lay: bool) -> float:
        """Frame, whether it lay there in the frame before -> the share of the ball seen in its place, 0: it is gone.

        Enough of it must look as it lay rather than as the bare place (a leg may hide the rest), and
        the place as a whole must not match better a little further off: a ball that has started to move.
        Once hidden or gone it must be seen nearly whole again: a pale leg is not the ball come back.
        """
        x0, y0 = self.corner
        height, width = self.disc.shape
        as_lying, as_empty = self._unlike(now)
        same = (as_lying < 0.5 * as_empty) & (as_lying < SAME) & self.telling
        if same.sum() < (SHOWS if lay else SHOWS_AGAIN) * self.telling.sum():
            return 0.0
        reach = max(2, round(0.25 * self.diameter))
        top, left = max(y0 - reach, 0), max(x0 - reach, 0)
        around = now.part(np.s_[top : y0 + height + reach, left : x0 + width + reach])
        match = cv2.matchTemplate(around, self.lying, cv2.TM_CCOEFF_NORMED)
        _, best, _, (column, row) = cv2.minMaxLoc(match)
        moved = np.hypot(column + left - x0, row + top - y0) > max(1.5, 0.04 * self.diameter)
        like = match[y0 - top, x0 - left]
        if (moved and best > max(like + 0.05, WHOLE)) or not (lay or like > ALIKE):
            return 0.0
        return float(same.sum() / self.telling.sum())

    def bare(self, now: Look) -> bool:
        """Frame -> whether the place is seen empty: the ball has left, and nobody hides where it lay."""
        as_lying, as_empty = self._unlike(now)
        empty = (as_empty < 0.5 * as_lying) & (as_empty < SAME) & self.telling
        return bool(empty.sum() >= BARE * self.telling.sum())

    def _unlike(self, now: Look) -> tuple[Picture, Picture]:
        """Frame -> (h, w) by how many levels each place differs from how it lay, and from how it is bare.

        In what tells the two best there, brightness or a colour: the others say little, and are noise.
        """
        x0, y0 = self.corner
        here = now.part(np.s_[y0 : y0 + self.disc.shape[0], x0 : x0 + self.disc.shape[1]])
        as_lying, as_empty = (_in(np.abs(here - other), self.best) for other in (self.lying, self.empty))
        return as_lying, as_empty


def find(samples: Samples, at: tuple[float, float] | None = None) -> tuple[RestingBall, ...]:
    """Samples -> the places where a ball may lie until it leaves, the likeliest by its look first, at most MOST.

    `at` is where a person saw one: what lies there is looked at however little it looks like a ball.
    """
    count = len(samples.images)
    parts = [
        slice(0, 3),
        *(slice(k, k + WINDOW) for k in range(3, count - ENDING - WINDOW + 1, WINDOW)),
        slice(-ENDING, None),
    ]
    looks = [Look.of(samples, part) for part in parts]
    balls: list[RestingBall] = []
    for k, before in enumerate(looks[:-1]):
        new = _seen_again(balls, finds(before, looks[k + 1 :]), parts[k])
        balls += _balls(samples, before, new, NEW_LOOKS if k else CLOSE_LOOKS)
    found = _apart(sorted(balls, key=lambda ball: -ball.rank))[:MOST]
    if at is None or any(np.hypot(at[0] - ball.x, at[1] - ball.y) < 0.5 * ball.diameter for ball in found):
        return tuple(found)
    return tuple(_apart([*_pointed_at(samples, looks, at), *found]))


def _pointed_at(samples: Samples, looks: Sequence[Look], at: tuple[float, float]) -> list[RestingBall]:
    """Samples, looks, where a person saw a ball -> what lies there and leaves; none where nothing does."""
    widths = np.geomspace(SMALLEST_PX, largest_px(looks[0].grey), POINTED_WIDTHS).tolist()
    wanted: list[Find] = [(*at, width, 1.0) for width in widths]
    balls = [ball for before in looks[:-1] for ball in _balls(samples, before, wanted, POINTED_WIDTHS)]
    return [max(balls, key=lambda ball: ball.rank)] if balls else []


def _seen_again(balls: list[RestingBall], found: Sequence[Find], part: slice) -> list[Find]:
    """Balls of earlier looks (each seen again is counted, in place), finds of this one -> those not known yet."""
    new = []
    for one in found:
        known = _known(balls, one, part)
        if known is None:
            new.append(one)
        else:
            balls[known] = replace(balls[known], looks=balls[known].looks + 1)
    return new


def _known(balls: Sequence[RestingBall], found: Find, part: slice) -> int | None:
    """Balls, a find in some samples -> which of them it is; None for a new one."""
    there = (k for k, ball in enumerate(balls) if _same(ball, *found[:3]) and any(ball.present[part]))
    return next(there, None)


def _same(ball: RestingBall, x: float, y: float, diameter: float) -> bool:
    apart = np.hypot(ball.x - x, ball.y - y)
    return bool(apart < SAME_PLACE * ball.diameter and abs(np.log(ball.diameter / diameter)) < SAME_SIZE)


def _apart(balls: Sequence[RestingBall]) -> list[RestingBall]:
    """Balls, the likeliest first -> the same, what lies in one place at one time once.

    A kicker who backs off stands where his ball lies, or in front of it, and leaves long before it.
    """
    kept: list[RestingBall] = []
    for ball in balls:
        if not any(
            np.hypot(ball.x - other.x, ball.y - other.y) < 0.5 * other.diameter and _at_once(ball, other)
            for other in kept
        ):
            kept.append(ball)
    return kept


def _at_once(one: RestingBall, other: RestingBall) -> bool:
    both = sum(np.logical_and(one.present, other.present))
    return bool(2 * both >= min(sum(one.present), sum(other.present)))


def _balls(samples: Samples, before: Look, found: Sequence[Find], most: int) -> list[RestingBall]:
    """A look, what is round in it and changes later -> what may be balls that lie in it and leave."""
    seen = [(f, _presence(samples, before, *f[:2], f[2] / 2)) for f in found]
    lying = sorted(((f, here) for f, here in seen if here), key=lambda pair: -_promise(*pair) - _size(pair[0][2]))
    return [ball for pair in lying[:most] if (ball := _examine(samples, before, *pair)) is not None]


def _promise(found: Find, seen: Presence) -> float:
    """A find, when it is there -> how much it promises to be a ball that lies and then leaves."""
    present, step = seen
    run = np.flatnonzero(present)
    steady = len(run) / float(run[-1] - run[0] + 1)
    return 0.4 * found[3] + 0.004 * min(step, 60.0) + 0.05 * min(len(run), 5) + steady


def _size(diameter: float) -> float:
    """Diameter -> what it counts for: small round things are many (grass, twigs, far heads)."""
    return 0.2 * float(np.log2(diameter))


def _examine(samples: Samples, before: Look, found: Find, seen: Presence) -> RestingBall | None:
    """Samples, the look it lies in, a find -> the ball with its circle fitted; None when it is none or stays."""
    x, y, diameter, roundness = found
    top, left = max(int(y - 1.2 * diameter) - 8, 0), max(int(x - 1.2 * diameter) - 8, 0)
    part = np.s_[top : int(y + 1.2 * diameter) + 8, left : int(x + 1.2 * diameter) + 8]
    bare = usual(samples, colour.some(seen[0].tolist(), False, GONE), part)
    rim, x, y, radius = circle(before.part(part), bare, x - left, y - top, diameter / 2, roundness)
    x, y = x + left, y + top
    again = _presence(samples, before, x, y, radius)
    if 2 * radius < SMALLEST_PX or again is None:
        return None
    leaves_s = samples.numbers[int(np.flatnonzero(again[0])[-1])] * samples.frame_s
    score = 2 * rim + _promise((x, y, 2 * radius, roundness), again) - HURRY * max(0.0, 1 - leaves_s / SOON_S)
    if score <= LEAST:
        return None
    present = again[0].tolist()
    fitted = colour.circle(samples, present, x, y, 2 * radius)
    x, y, radius = (fitted.x, fitted.y, fitted.diameter / 2) if fitted else (x, y, radius)
    reach = 1.3 * radius + 1
    top, left = max(int(y - reach), 0), max(int(x - reach), 0)
    part = np.s_[top : int(y + reach) + 2, left : int(x + reach) + 2]
    lying, empty = before.part(part), usual(samples, colour.some(present, False, GONE), part)
    rows, columns = np.ogrid[: lying.shape[0], : lying.shape[1]]
    disc = (columns + left - x) ** 2 + (rows + top - y) ** 2 < radius**2
    step = np.abs(lying - empty)
    best = step.argmax(axis=2)
    telling = disc & (_in(step, best) > STEP)
    if not telling.any():
        return None
    return RestingBall(x, y, 2 * radius, (left, top), lying, empty, disc, best, telling, tuple(present), score)


def _in(levels: Picture, best: NDArray[np.intp]) -> Picture:
    """Levels (h, w, c), which to take of each pixel -> (h, w) those."""
    return np.asarray(np.take_along_axis(levels, best[:, :, None], axis=2)[:, :, 0])


def _presence(samples: Samples, before: Look, x: float, y: float, radius: float) -> Presence | None:
    """Samples, a look, a disc -> (in which samples the disc looks so, the grey levels it changes by after)."""
    change = _changes(samples.images, before.grey, x, y, 0.85 * radius)
    if change is None:
        return None
    if before.chroma is not None:
        (x0, y0), half = before.corner, 0.85 * radius / 2
        for k, now in enumerate(before.chroma):
            tint = _changes([both[k] for both in samples.chroma], now, (x + x0) / 2, (y + y0) / 2, half)
            change = change if tint is None else np.maximum(change, TINT * tint)
    still, mostly, ends = np.percentile(change, 5), np.percentile(change, 80), np.median(change[-ENDING:])
    gone = min(mostly, ends) if mostly - still > STEP else ends  # a film may end soon after the kick
    present = change < still + 0.35 * (gone - still)
    # A flight's turning point is still for a moment too: only at the film's start may the rest be cut short.
    lasting = present.sum() >= (2 if present[0] else 4)
    if present[-1] or not lasting or gone - still < STEP:
        return None
    return present, float(gone - still)


def _changes(images: Sequence[Image], before: Image, x: float, y: float, reach: float) -> Floats | None:
    """Images, one of them, a disc -> (n,) levels most of it differs by; None where the disc is too small to tell."""
    top, left = max(int(y - reach), 0), max(int(x - reach), 0)
    part = np.s_[top : int(y + reach) + 2, left : int(x + reach) + 2]
    rows, columns = np.ogrid[: before[part].shape[0], : before[part].shape[1]]
    disc = (columns + left - x) ** 2 + (rows + top - y) ** 2 < reach**2
    if disc.sum() < 9:
        return None
    levels = np.array([cv2.absdiff(image[part], before[part])[disc] for image in images])
    return np.asarray(np.percentile(levels, 70, axis=1), dtype=np.float64)


def circle(
    before: Picture, later: Picture, x: float, y: float, radius: float, roundness: float
) -> tuple[float, float, float, float]:
    """The place with and without the ball, its outline's guess -> (rim, x, y, radius) of the best circle.

    A good rim is an edge all around in `before`, with change inside it and none outside: panels on the
    ball have edges too, but the change goes on beyond them.
    """
    edge = _edge(before)
    differs = cv2.blur(np.abs(before - later).max(axis=2), (3, 3))
    change = np.minimum(differs, 60) / 60
    best, sd = (-np.inf, x, y, radius), ROUND_SD + RAGGED_SD * (1 - roundness)
    for step, reach in ((0.1, 5), (0.04, 3), (0.015, 2)):
        offsets = np.arange(-reach, reach + 1) * max(step * radius, 0.15)
        dx, dy, dr = (axis.ravel() for axis in np.meshgrid(offsets, offsets, offsets))
        cx, cy, cr = best[1] + dx, best[2] + dy, np.clip(best[3] + dr, 0.6 * radius, 1.6 * radius)
        good = edge(cx, cy, cr)
        good += 0.5 * (_on(change, cx, cy, 0.8 * cr) - _on(change, cx, cy, 1.2 * cr + 1)).mean(axis=1)
        k = int((good - OUTLINE * (np.log(cr / radius) / sd) ** 2).argmax())
        best = (float(good[k]), float(cx[k]), float(cy[k]), float(cr[k]))
    # Bare ground that a ball comes to lie on changes as if one left it: the edge is in what comes later.
    there = [np.array([value]) for value in best[1:]]
    came = float((_edge(later)(*there) - edge(*there))[0])
    return best[0] - max(came, 0.0), *best[1:]


def _edge(picture: Picture) -> Callable[[Floats, Floats, Floats], Floats]:
    """Picture (h, w, c) -> what tells of n circles how much of an edge each has all around."""
    smooth = cv2.GaussianBlur(picture, (3, 3), 0).reshape(picture.shape)
    sobel = (cv2.Sobel(smooth, cv2.CV_32F, *way).reshape(picture.shape) for way in ((1, 0), (0, 1)))
    across, down = (np.asarray(slope, dtype=np.float32) for slope in sobel)
    steep = np.sqrt((across**2 + down**2).sum(axis=2))
    weight = np.minimum(steep / 120.0, 1.0) / (steep + 20.0)

    def around(x: Floats, y: Floats, radius: Floats) -> Floats:
        slope = _on(across, x, y, radius) * COS[:, None] + _on(down, x, y, radius) * SIN[:, None]
        return np.asarray((np.sqrt((slope**2).sum(axis=2)) * _on(weight, x, y, radius)).mean(axis=1))

    return around


def _on(image: Picture, x: Floats, y: Floats, radius: Floats) -> Picture:
    """Image (h, w) or (h, w, c), n circles -> (n, 48) or (n, 48, c) its values along each circle."""
    columns, rows = x[:, None] + radius[:, None] * COS, y[:, None] + radius[:, None] * SIN
    places = np.rint(columns).astype(np.float32), np.rint(rows).astype(np.float32)
    values = np.asarray(cv2.remap(image, *places, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE), np.float32)
    return values.reshape(*columns.shape, *image.shape[2:])  # of one channel OpenCV forgets that it has one
