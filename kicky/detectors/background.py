"""Clip -> what the picture looks like with nothing moving in it: samples, medians, noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import cv2
import numpy as np

from ..domain import Clip
from ..video import Image, decoded, frames
from ..video.picture import Pictures
from ..video.picture import median as median

Thing = TypeVar("Thing")

WORKING_SIDE_PX = 1920
SAMPLES = 32
OPENING = (0, 2, 4)  # a kick can come within the first few frames: look closely there
CLOSING = (1, 3, 5)  # and a film can end as soon after it: so many frames before it stops
BLACK = 30  # bars beside a portrait film are darker than this: luma starts at 16, compression blurs it


@dataclass(frozen=True, eq=False, slots=True)
class Samples:
    """A few whole frames spread over the take. `numbers` count from the take's first frame.

    `crop` is the (rows, columns) of the picture that are no black bars, and `images` are cropped to
    it; a pixel (x, y) of an image is (x + x0, y + y0) * scale in the film's own pixels. `chroma` (2, H/2, W/2) are
    blueness and redness of the whole pictures, none where the camera had to be steadied.
    """

    numbers: tuple[int, ...]
    images: tuple[Image, ...]
    crop: tuple[slice, slice]
    scale: float
    length: int
    frame_s: float
    chroma: tuple[Image, ...] = ()

    @property
    def corner(self) -> tuple[int, int]:
        """-> (x0, y0), the crop's upper left in the whole picture."""
        rows, columns = self.crop
        return columns.start or 0, rows.start or 0

    def working_px(self, px: tuple[float, float]) -> tuple[float, float]:
        """A place in the film's own pixels -> the same in an image's."""
        x0, y0 = self.corner
        return px[0] / self.scale - x0, px[1] / self.scale - y0


def working_side(clip: Clip) -> int:
    """Clip -> the longer side to work at: larger films are shrunk, a ball is still large enough there."""
    return min(WORKING_SIDE_PX, max(clip.size_wh_px))


class Sampler:
    """Clip -> what picks its Samples out of the frames it is told of."""

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        first, stop = clip.take
        spread_out = np.linspace(first, stop - 1, SAMPLES).round().astype(int).tolist()
        close = (*(first + number for number in OPENING), *(stop - number for number in CLOSING))
        self.wanted = {*(number for number in close if first <= number < stop), *spread_out}
        self._picture = Pictures(True, working_side(clip), clip.size_wh_px)
        self._kept: list[tuple[int, Image]] = []
        self._chroma: list[Image] = []

    def __call__(self, number: int, frame: Any) -> None:
        """Frame's number in the film, decoded frame -> kept if it is wanted."""
        if number in self.wanted:
            self.keep(number, self._picture(frame))
            self._chroma.append(self._picture.chroma(frame))

    def keep(self, number: int, image: Image) -> None:
        """Frame's number in the film, its image -> kept."""
        self._kept.append((number - self.clip.take[0], image))

    def fits(self, clip: Clip) -> bool:
        """Clip -> whether these are its frames, as it wants them looked at."""
        told = (self.clip.sha256, self.clip.take, len(self.clip.time_s))
        return clip.steadying is None and told == (clip.sha256, clip.take, len(clip.time_s))

    def samples(self) -> Samples:
        """-> what was kept."""
        clip, kept = self.clip, self._kept
        crop = _without_bars([image for _, image in kept])
        scale = max(clip.size_wh_px) / max(kept[0][1].shape[:2])
        return Samples(
            tuple(number for number, _ in kept),
            tuple(np.ascontiguousarray(image[crop]) for _, image in kept),
            crop,
            scale,
            clip.take[1] - clip.take[0],
            clip.frame_s,
            tuple(self._chroma),
        )


def sample(clip: Clip) -> Samples:
    """Clip -> Samples, in one forward pass; memory does not grow with the clip."""
    sampler = Sampler(clip)
    if clip.steadying is None:
        for number, frame in decoded(clip):
            sampler(number, frame)
    else:
        for number, image in frames(clip, gray=True, max_side_px=working_side(clip), only=sampler.wanted):
            sampler.keep(number, image)
    return sampler.samples()


def _without_bars(images: Sequence[Image]) -> tuple[slice, slice]:
    """Images -> the rows and columns outside which every image is black."""
    brightest = np.max([image[::4, ::4] for image in images[::4]], axis=0)
    spans = []
    for axis, size in ((1, images[0].shape[0]), (0, images[0].shape[1])):
        lit = np.flatnonzero(np.percentile(brightest, 95, axis=axis) > BLACK)
        low, high = (4 * int(lit[0]), 4 * int(lit[-1]) + 4) if len(lit) else (0, size)
        # A night sky is dark too: only bars that leave a film's shape behind are cut away.
        spans.append(slice(low, min(high, size)) if high - low < 0.8 * size else slice(0, size))
    return spans[0], spans[1]


def spread(items: Sequence[Thing], count: int) -> list[Thing]:
    """Things, count -> at most that many of them, evenly spread."""
    chosen = np.unique(np.linspace(0, len(items) - 1, min(count, len(items))).round().astype(int))
    return [items[k] for k in chosen]


def noise(images: Sequence[Image], background: Image) -> Image:
    """Images, background -> how far a pixel usually is from its background, (H, W)."""
    return median([np.asarray(cv2.absdiff(image, background)) for image in images])


def without_disc(background: Image, images: Sequence[Image], centre: tuple[float, float], radius: float) -> Image:
    """Background, later images, disc -> background with the disc as it looks later.

    A ball that lay there when the background was taken would stay behind as a ghost.
    """
    x, y = centre
    top, left = max(int(y - radius), 0), max(int(x - radius), 0)
    part = np.s_[top : int(y + radius) + 2, left : int(x + radius) + 2]
    later = median([image[part] for image in images])
    rows, columns = np.ogrid[: later.shape[0], : later.shape[1]]
    disc = (columns + left - x) ** 2 + (rows + top - y) ** 2 < radius**2
    filled = background.copy()
    filled[part][disc] = later[disc]
    return filled
