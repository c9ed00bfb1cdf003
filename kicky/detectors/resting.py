"""Samples -> where a ball may lie before the kick: round things that are still, and gone later. None is chosen here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Bools, Floats
from ..video import Image
from . import colour
from .background import Samples, median, spread

STEP = 14  # grey levels a place must change by when the ball leaves it
SMALLEST_PX, LARGEST_SHARE, LARGEST_LEAST_PX = 7.0, 0.05, 64.0  # diameter; share of the longer side, at least so much
WINDOW = 4  # samples in one look
# Finds followed through the samples; fitted, in the first look and later.
FIRST_LOOKS, CLOSE_LOOKS, NEW_LOOKS = 24, 8, 4
LEAST, MOST = 2.6, 8  # a score below is no ball; so many places are offered
SEEN_AGAIN = 0.15  # what each further look counts in which it is found as a round thing of its own
POINTED_WIDTHS = 8  # diameters tried where a person saw a ball
SAME_PLACE, SAME_SIZE = 0.3, 0.4  # diameters, ln: so near another find it is the same
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

Find = tuple[float, float, float, float]  # x, y, diameter, roundness
Presence = tuple[Bools, float]  # in which samples it is there, by how many grey levels the place changes without it


@dataclass(frozen=True, eq=False, slots=True)
class RestingBall:
    """A lying ball in working pixels, and its place with it and without it (`corner` is its upper left).

    `present` says in which samples it lies there, `looks` in how many looks at the film it was found as a round thing
    of its own. `score` says how surely this is a ball.
    """

    x: float
    y: float
    diameter: float
    corner: tuple[int, int]
    lying: Image
    empty: Image
    disc: Bools
    present: tuple[bool, ...]
    score: float
    looks: int = 1

    @property
    def rank(self) -> float:
        """-> how surely this is the ball by its look: small round things are many, and a body's look changes."""
        return self.score + _size(self.diameter) + SEEN_AGAIN * (self.looks - 1)

    def shown(self, image: Image, lay: bool) -> float:
        """Image, whether it lay there in the frame before -> the share of the ball seen in its place, 0: it is gone.

        Enough of it must look as it lay rather than as the bare place (a leg may hide the rest), and
        the place as a whole must not match better a little further off: a ball that has started to move.
        Once hidden or gone it must be seen nearly whole again: a pale leg is not the ball come back.
        """
        x0, y0 = self.corner
        height, width = self.lying.shape
        here = image[y0 : y0 + height, x0 : x0 + width]
        as_lying, as_empty = cv2.absdiff(here, self.lying), cv2.absdiff(here, self.empty)
        telling = self.disc & (cv2.absdiff(self.lying, self.empty) > STEP)
        same = (as_lying < 0.5 * as_empty.astype(np.float32)) & (as_lying < SAME) & telling
        if same.sum() < (SHOWS if lay else SHOWS_AGAIN) * telling.sum():
            return 0.0
        reach = max(2, round(0.25 * self.diameter))
        top, left = max(y0 - reach, 0), max(x0 - reach, 0)
        around = image[top : y0 + height + reach, left : x0 + width + reach]
        match = cv2.matchTemplate(around, self.lying, cv2.TM_CCOEFF_NORMED)
        _, best, _, (column, row) = cv2.minMaxLoc(match)
        moved = np.hypot(column + left - x0, row + top - y0) > max(1.5, 0.04 * self.diameter)
        like = match[y0 - top, x0 - left]
        if (moved and best > max(like + 0.05, WHOLE)) or not (lay or like > ALIKE):
            return 0.0
        return float(same.sum() / telling.sum())

    def bare(self, image: Image) -> bool:
        """Image -> whether the place is seen empty: the ball has left, and nobody hides where it lay."""
        x0, y0 = self.corner
        here = image[y0 : y0 + self.lying.shape[0], x0 : x0 + self.lying.shape[1]]
        as_lying, as_empty = cv2.absdiff(here, self.lying), cv2.absdiff(here, self.empty)
        telling = self.disc & (cv2.absdiff(self.lying, self.empty) > STEP)
        empty = (as_empty < 0.5 * as_lying.astype(np.float32)) & (as_empty < SAME) & telling
        return bool(empty.sum() >= BARE * telling.sum() > 0)


def find(samples: Samples, at: tuple[float, float] | None = None) -> tuple[RestingBall, ...]:
    """Samples -> the places where a ball may lie until it leaves, the likeliest by its look first, at most MOST.

    `at` is where a person saw one: what lies there is looked at however little it looks like a ball.
    """
    starts = range(3, len(samples.images) - WINDOW + 1, WINDOW)
    looks = [median(samples.images[:3])] + [median(samples.images[k : k + WINDOW]) for k in starts]
    balls: list[RestingBall] = []
    for k, before in enumerate(looks[:-1]):
        new = _seen_again(balls, _finds(before, looks[k + 1 :]))
        balls += _balls(samples, before, new, NEW_LOOKS if k else CLOSE_LOOKS)
    found = _apart(sorted(balls, key=lambda ball: -ball.rank))[:MOST]
    if at is None or any(np.hypot(at[0] - ball.x, at[1] - ball.y) < 0.5 * ball.diameter for ball in found):
        return tuple(found)
    return tuple(_apart([*_pointed_at(samples, looks, at), *found]))


def _pointed_at(samples: Samples, looks: Sequence[Image], at: tuple[float, float]) -> list[RestingBall]:
    """Samples, looks, where a person saw a ball -> what lies there and leaves; none where nothing does."""
    widths = np.geomspace(SMALLEST_PX, _largest(looks[0]), POINTED_WIDTHS).tolist()
    finds: list[Find] = [(*at, width, 1.0) for width in widths]
    balls = [ball for before in looks[:-1] for ball in _balls(samples, before, finds, POINTED_WIDTHS)]
    return [max(balls, key=lambda ball: ball.rank)] if balls else []


def _seen_again(balls: list[RestingBall], finds: Sequence[Find]) -> list[Find]:
    """Balls of earlier looks (each seen again is counted, in place), finds of this one -> those not known yet."""
    new = []
    for found in finds:
        known = next((k for k, ball in enumerate(balls) if _same(ball, *found[:3])), None)
        if known is None:
            new.append(found)
        else:
            balls[known] = replace(balls[known], looks=balls[known].looks + 1)
    return new


def _same(ball: RestingBall, x: float, y: float, diameter: float) -> bool:
    apart = np.hypot(ball.x - x, ball.y - y)
    return bool(apart < SAME_PLACE * ball.diameter and abs(np.log(ball.diameter / diameter)) < SAME_SIZE)


def _apart(balls: Sequence[RestingBall]) -> list[RestingBall]:
    """Balls, the likeliest first -> the same, each place once."""
    kept: list[RestingBall] = []
    for ball in balls:
        if not any(np.hypot(ball.x - other.x, ball.y - other.y) < 0.5 * other.diameter for other in kept):
            kept.append(ball)
    return kept


def _balls(samples: Samples, before: Image, finds: Sequence[Find], most: int) -> list[RestingBall]:
    """A look, what is round in it and changes later -> what may be balls that lie in it and leave."""
    seen = [(f, _presence(samples.images, before, *f[:2], f[2] / 2)) for f in finds]
    lying = sorted(((f, here) for f, here in seen if here), key=lambda pair: -_promise(*pair) - _size(pair[0][2]))
    return [ball for pair in lying[:most] if (ball := _examine(samples, before, *pair)) is not None]


def _finds(before: Image, later: Sequence[Image]) -> list[Find]:
    """Looks -> every compact place that changed after `before`, the most ball-like first."""
    largest = _largest(before)
    finds: list[Find] = []
    least: Any = np.full(before.shape[:2], 255, np.uint8)
    for after in reversed(later):
        # The place of a ball that left looks different ever after; legs that come to stand there move on.
        least = cv2.min(least, cv2.blur(cv2.absdiff(before, after), (3, 3)))
        changed: Any = cv2.threshold(least, STEP, 255, cv2.THRESH_BINARY)[1]
        changed = cv2.morphologyEx(changed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        changed = cv2.morphologyEx(changed, cv2.MORPH_CLOSE, _disc(9))
        # A boot or a line beside a large ball is cut off it by the coarser mask.
        for mask in (changed, cv2.morphologyEx(changed, cv2.MORPH_OPEN, _disc(17))):
            for outline in cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
                found = _round(outline)
                if found is not None and found[2] <= largest:
                    _add(finds, found)
    return sorted(finds, key=lambda f: -f[3] * f[2] ** 0.5)[:FIRST_LOOKS]


def _largest(image: Image) -> float:
    """-> the largest diameter a ball may have in it."""
    return float(max(LARGEST_SHARE * max(image.shape), LARGEST_LEAST_PX))


def _disc(size: int) -> Image:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), dtype=np.uint8)


def _round(outline: NDArray[Any]) -> Find | None:
    """Outline -> the find, None when it is not at all round."""
    left, top, width, height = cv2.boundingRect(outline)
    fill = (cv2.contourArea(outline) + 0.5 * len(outline)) / (np.pi / 4 * width * height)
    squareness = min(width, height) / max(width, height)
    if min(width, height) < 0.7 * SMALLEST_PX or squareness < 0.5 or fill < 0.5:
        return None
    roundness = squareness * min(fill, 1.0)
    return left + (width - 1) / 2, top + (height - 1) / 2, (width + height) / 2, roundness


def _add(finds: list[Find], found: Find) -> None:
    """Keep of finds in one place the roundest, in place."""
    for k, known in enumerate(finds):
        if np.hypot(known[0] - found[0], known[1] - found[1]) < 0.3 * known[2]:
            finds[k] = max(known, found, key=lambda find: find[3])
            return
    finds.append(found)


def _promise(found: Find, seen: Presence) -> float:
    """A find, when it is there -> how much it promises to be a ball that lies and then leaves."""
    present, step = seen
    run = np.flatnonzero(present)
    steady = len(run) / float(run[-1] - run[0] + 1)
    return 0.4 * found[3] + 0.004 * min(step, 60.0) + 0.05 * min(len(run), 5) + steady


def _size(diameter: float) -> float:
    """Diameter -> what it counts for: small round things are many (grass, twigs, far heads)."""
    return 0.2 * float(np.log2(diameter))


def _examine(samples: Samples, before: Image, found: Find, seen: Presence) -> RestingBall | None:
    """Samples, the look it lies in, a find -> the ball with its circle fitted; None when it is none or stays."""
    images, (x, y, diameter, roundness) = samples.images, found
    top, left = max(int(y - 1.2 * diameter) - 8, 0), max(int(x - 1.2 * diameter) - 8, 0)
    part = np.s_[top : int(y + 1.2 * diameter) + 8, left : int(x + 1.2 * diameter) + 8]
    later = median(spread([image[part] for image, here in zip(images, seen[0], strict=True) if not here], 7))
    rim, x, y, radius = _circle(before[part], later, x - left, y - top, diameter / 2, roundness)
    x, y = x + left, y + top
    again = _presence(images, before, x, y, radius)
    if 2 * radius < SMALLEST_PX or again is None:
        return None
    leaves_s = samples.numbers[int(np.flatnonzero(again[0])[-1])] * samples.frame_s
    score = 2 * rim + _promise((x, y, 2 * radius, roundness), again) - HURRY * max(0.0, 1 - leaves_s / SOON_S)
    if score <= LEAST:
        return None
    fitted = colour.circle(samples, again[0].tolist(), x, y, 2 * radius)
    x, y, radius = (fitted.x, fitted.y, fitted.diameter / 2) if fitted else (x, y, radius)
    reach = 1.3 * radius + 1
    top, left = max(int(y - reach), 0), max(int(x - reach), 0)
    part = np.s_[top : int(y + reach) + 2, left : int(x + reach) + 2]
    lying = np.ascontiguousarray(before[part])
    empty = median(spread([image[part] for image, here in zip(images, again[0], strict=True) if not here], 7))
    rows, columns = np.ogrid[: lying.shape[0], : lying.shape[1]]
    disc = (columns + left - x) ** 2 + (rows + top - y) ** 2 < radius**2
    return RestingBall(x, y, 2 * radius, (left, top), lying, empty, disc, tuple(again[0].tolist()), score)


def _presence(images: Sequence[Image], before: Image, x: float, y: float, radius: float) -> Presence | None:
    """Samples, a look, a disc -> (in which samples the disc looks so, the grey levels it changes by after)."""
    reach = 0.85 * radius
    top, left = max(int(y - reach), 0), max(int(x - reach), 0)
    part = np.s_[top : int(y + reach) + 2, left : int(x + reach) + 2]
    rows, columns = np.ogrid[: before[part].shape[0], : before[part].shape[1]]
    disc = (columns + left - x) ** 2 + (rows + top - y) ** 2 < reach**2
    if disc.sum() < 9:
        return None
    change = np.array([np.percentile(cv2.absdiff(image[part], before[part])[disc], 70) for image in images])
    still, usual, ends = np.percentile(change, 5), np.percentile(change, 80), np.median(change[-ENDING:])
    gone = min(usual, ends) if usual - still > STEP else ends  # a film may end soon after the kick
    present = change < still + 0.35 * (gone - still)
    # A flight's turning point is still for a moment too: only at the film's start may the rest be cut short.
    lasting = present.sum() >= (2 if present[0] else 4)
    if present[-1] or not lasting or gone - still < STEP:
        return None
    return present, float(gone - still)


def _circle(
    before: Image, later: Image, x: float, y: float, radius: float, roundness: float
) -> tuple[float, float, float, float]:
    """The place with and without the ball, its outline's guess -> (rim, x, y, radius) of the best circle.

    A good rim is an edge all around in `before`, with change inside it and none outside: panels on the
    ball have edges too, but the change goes on beyond them.
    """
    grey = cv2.GaussianBlur(before, (3, 3), 0)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    steep = np.hypot(across, down)
    weight = np.minimum(steep / 120.0, 1.0) / (steep + 20.0)
    change = np.minimum(cv2.blur(cv2.absdiff(before, later), (3, 3)), 60).astype(np.float32) / 60
    best, sd = (-np.inf, x, y, radius), ROUND_SD + RAGGED_SD * (1 - roundness)
    for step, reach in ((0.1, 5), (0.04, 3), (0.015, 2)):
        offsets = np.arange(-reach, reach + 1) * max(step * radius, 0.15)
        dx, dy, dr = (axis.ravel() for axis in np.meshgrid(offsets, offsets, offsets))
        cx, cy, cr = best[1] + dx, best[2] + dy, np.clip(best[3] + dr, 0.6 * radius, 1.6 * radius)
        rim = _on(across, cx, cy, cr) * COS + _on(down, cx, cy, cr) * SIN
        good = (np.abs(rim) * _on(weight, cx, cy, cr)).mean(axis=1)
        good += 0.5 * (_on(change, cx, cy, 0.8 * cr) - _on(change, cx, cy, 1.2 * cr + 1)).mean(axis=1)
        k = int((good - OUTLINE * (np.log(cr / radius) / sd) ** 2).argmax())
        best = (float(good[k]), float(cx[k]), float(cy[k]), float(cr[k]))
    return best


def _on(image: NDArray[Any], x: Floats, y: Floats, radius: Floats) -> Floats:
    """Image, n circles -> (n, 48) its values along each circle."""
    columns = np.clip(np.rint(x[:, None] + radius[:, None] * COS), 0, image.shape[1] - 1).astype(int)
    rows = np.clip(np.rint(y[:, None] + radius[:, None] * SIN), 0, image.shape[0] - 1).astype(int)
    return np.asarray(image[rows, columns], dtype=np.float64)
