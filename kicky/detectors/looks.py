"""Looks at a film -> the round places that changed from one to the next: a ball, a head, a leaf, a light."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Clip
from ..video import Image, decoded, frames
from ..video.picture import Pictures
from .background import Samples, median, working_side

STEP = 14  # grey levels a place must change by when the ball leaves it
TINT = 3  # a level of blueness or redness counts as so many of brightness: grass and a coloured ball may be as bright
SMALLEST_PX, LARGEST_SHARE, LARGEST_LEAST_PX = 7.0, 0.05, 64.0  # diameter; share of the longer side, at least so much
LEAST_PX = 4  # what is smaller has no shape
FIRST_LOOKS = 32  # finds followed through the samples

Thing = TypeVar("Thing")
Picture = NDArray[np.float32]
Find = tuple[float, float, float, float]  # x, y, diameter, roundness


@dataclass(frozen=True, eq=False, slots=True)
class Look:
    """One frame, or what some samples usually show: brightness (H, W), cropped; blueness and redness (2, h, w), whole.

    `corner` is the crop's upper left in it. The camera may have had to be steadied: then there is no colour.
    """

    grey: Image
    chroma: Image | None
    corner: tuple[int, int]

    @classmethod
    def of(cls, samples: Samples, part: slice) -> Look:
        """Samples, some of them -> Look."""
        chroma = median(samples.chroma[part]) if samples.chroma else None
        return cls(median(samples.images[part]), chroma, samples.corner)

    def part(self, part: tuple[slice, slice]) -> Picture:
        """A part of the picture -> (h, w, 3) its brightness and colour; (h, w, 1) where no colour is known."""
        grey, top, left = self.grey[part], part[0].start + self.corner[1], part[1].start + self.corner[0]
        there = None if self.chroma is None else self.chroma[_halves(grey.shape, top, left)]
        return _coloured(grey, there, top, left)


def every(clip: Clip, samples: Samples) -> Iterator[Look]:
    """Clip, samples that say what of its picture is no bar -> a Look at each frame, in one forward decode."""
    side, crop, corner = working_side(clip), samples.crop, samples.corner
    if clip.steadying is not None:
        for _, image in frames(clip, gray=True, max_side_px=side):
            yield Look(image[crop], None, corner)
        return
    picture = Pictures(True, side, clip.size_wh_px)
    for _, frame in decoded(clip):
        yield Look(picture(frame)[crop], picture.chroma(frame), corner)


def threes(things: Iterable[Thing]) -> Iterator[tuple[Thing | None, Thing, Thing | None]]:
    """Things -> each with the one before and the one after, None beyond the ends.

    >>> list(threes("ab"))
    [(None, 'a', 'b'), ('a', 'b', None)]
    """
    before: Thing | None = None
    now: Thing | None = None
    for after in things:
        if now is not None:
            yield before, now, after
        before, now = now, after
    if now is not None:
        yield before, now, None


def usual(samples: Samples, numbers: Sequence[int], part: tuple[slice, slice]) -> Picture:
    """Samples, some of their numbers, a part of the picture -> (h, w, 3) its usual brightness and colour; or (h, w, 1).

    A level of colour counts as TINT of brightness.
    """
    bright = median([np.ascontiguousarray(samples.images[k][part]) for k in numbers])
    top, left = part[0].start + samples.corner[1], part[1].start + samples.corner[0]
    if not samples.chroma:
        return _coloured(bright, None, top, left)
    there = _halves(bright.shape, top, left)
    return _coloured(bright, median([np.ascontiguousarray(samples.chroma[k][there]) for k in numbers]), top, left)


def _halves(shape: tuple[int, ...], top: int, left: int) -> tuple[slice, slice, slice]:
    """Shape of a part, its corner in the whole picture -> where its colours are, at half the size."""
    return np.s_[:, top // 2 : (top + shape[0] + 1) // 2, left // 2 : (left + shape[1] + 1) // 2]


def _coloured(grey: Image, chroma: Image | None, top: int, left: int) -> Picture:
    """A part's brightness, its colours at half the size, its corner in the whole picture -> (h, w, 3) or (h, w, 1)."""
    bright = grey.astype(np.float32)
    if chroma is None:
        return bright[:, :, None]
    (height, width), size = grey.shape, (2 * chroma.shape[2], 2 * chroma.shape[1])
    part = np.s_[top % 2 : top % 2 + height, left % 2 : left % 2 + width]
    return np.dstack([bright, *(TINT * cv2.resize(half.astype(np.float32), size)[part] for half in chroma)])


def finds(before: Look, later: Sequence[Look]) -> list[Find]:
    """Looks -> every compact place that changed after `before`, in brightness or colour, the most ball-like first."""
    found: list[Find] = []
    for one in _changed([before.grey, *(after.grey for after in later)], 3, 9):
        _add(found, one)
    if before.chroma is not None:
        # At half the size: a level of colour counts as several, and is as coarse as it is smooth.
        (x0, y0), both = before.corner, [look.chroma for look in (before, *later) if look.chroma is not None]
        for x, y, diameter, roundness in _changed(both, 1, 5):
            _add(found, (2 * x + 0.5 - x0, 2 * y + 0.5 - y0, 2 * diameter, roundness))
    largest = largest_px(before.grey)
    return sorted((f for f in found if f[2] <= largest), key=lambda f: -f[3] * f[2] ** 0.5)[:FIRST_LOOKS]


def _changed(images: Sequence[Image], grain: int, gap: int) -> Iterator[Find]:
    """The look before and those after (brightness, or both colours), sizes of grains and gaps -> what changed."""
    before, *later = images
    least: Any = np.full(before.shape[-2:], 255, np.uint8)
    for after in reversed(later):
        # The place of a ball that left looks different ever after; legs that come to stand there move on.
        change: Any = cv2.absdiff(before, after)
        if change.ndim == 3:
            change = cv2.convertScaleAbs(cv2.max(*change), alpha=TINT)
        least = cv2.min(least, cv2.blur(change, (3, 3)))
        changed: Any = cv2.threshold(least, STEP, 255, cv2.THRESH_BINARY)[1]
        changed = cv2.morphologyEx(changed, cv2.MORPH_OPEN, np.ones((grain, grain), np.uint8))
        changed = cv2.morphologyEx(changed, cv2.MORPH_CLOSE, _disc(gap))
        # A boot or a line beside a large ball is cut off it by the coarser mask, which half the pixels show as well.
        half: Any = np.ascontiguousarray(changed[::2, ::2])
        coarse: Any = cv2.morphologyEx(half, cv2.MORPH_OPEN, _disc(gap))
        yield from (*_rounds(changed), *_rounds(coarse, 2))


def _rounds(mask: Image, step: int = 1) -> list[Find]:
    """Mask of every so manieth pixel -> what is at all round in it, in pixels of the whole."""
    outlines = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    rounds = [found for outline in outlines if (found := _round(outline)) is not None]
    return [(step * x, step * y, step * diameter, roundness) for x, y, diameter, roundness in rounds]


def largest_px(image: Image) -> float:
    """-> the largest diameter a ball may have in it."""
    return float(max(LARGEST_SHARE * max(image.shape), LARGEST_LEAST_PX))


def _disc(size: int) -> Image:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), dtype=np.uint8)


def _round(outline: NDArray[Any]) -> Find | None:
    """Outline -> the find, None when it is not at all round."""
    left, top, width, height = cv2.boundingRect(outline)
    fill = (cv2.contourArea(outline) + 0.5 * len(outline)) / (np.pi / 4 * width * height)
    squareness = min(width, height) / max(width, height)
    if min(width, height) < LEAST_PX or squareness < 0.5 or fill < 0.5:
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
