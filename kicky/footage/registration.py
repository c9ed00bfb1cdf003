"""Clip whose camera moved a little -> where each frame lies on one of them, from what stands still."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Clip, Floats, carried
from ..video import Image, frames
from ..video.steady import scaling

SIDE_PX = 960  # half of a phone's film: a point is followed to a twentieth of a pixel, a tenth of the film's
CELLS, POINTS_EACH = 8, 10  # spread over the picture, so that not all lie on one textured tree
FEWEST = 30
WINDOW, LEVELS = (21, 21), 3
THERE_AND_BACK_PX, OFF_PX = 0.5, 1.0
# What stands still and is seen must agree by this share. A camera that walks along sees what is near go another way
# than what is far: no single homography holds half of it.
AGREE = 0.5
# Of the grid of cells that the points began in: agreement in one corner says nothing of the others.
COVERED = 0.3


@dataclass(frozen=True, eq=False, slots=True)
class Registered:
    """`homography` (T, 3, 3): the film's pixels in each frame to the reference's, NaN where nobody can tell.

    Of the reference's points `seen` (T,) is the share that lies in the frame, `share` (T,) the share of those followed
    that agrees on one homography. `points_few`: the reference itself shows too little.
    """

    homography: Floats
    seen: Floats
    share: Floats
    points_few: bool


def reference_of(views: Floats, take: tuple[int, int], size_wh: tuple[int, int]) -> int:
    """(T, 3, 3) rough views of each frame, the take, the size they are in -> the frame all stray least from.

    At the edges least is lost of a picture that lies in the middle of all.
    """
    corners = corners_of(size_wh)
    known = take[0] + np.flatnonzero(np.isfinite(views[take[0] : take[1], 0, 0]))
    if not len(known):
        return (take[0] + take[1]) // 2
    sample = known[:: max(1, len(known) // 64)]
    places = np.stack([carried(views[frame], corners) for frame in sample])
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1).max(axis=-1)
    return int(sample[np.quantile(apart, 0.9, axis=1).argmin()])


def register(clip: Clip, reference: int, views: Floats) -> Registered:
    """Clip, a frame of its take, (T, 3, 3) rough views in the film's pixels -> its take registered to that frame."""
    count = len(clip.time_s)
    homography, seen, share = np.full((count, 3, 3), np.nan), np.zeros(count), np.zeros(count)
    small = to_small(clip.size_wh_px, SIDE_PX)
    back = np.linalg.inv(small)
    image = next(frames(replace(clip, take=(reference, reference + 1)), gray=True, max_side_px=SIDE_PX))[1]
    anchor = _Still(image)
    guess: Floats | None = None
    for frame, image in frames(clip, gray=True, max_side_px=SIDE_PX):
        rough = small @ views[frame] @ np.linalg.inv(views[reference]) @ back
        starts = [start for start in (guess, rough) if start is not None and np.isfinite(start).all()] or [np.eye(3)]
        guess = None
        for start, shown in [*((start, image) for start in starts), (starts[0], anchor.lit_alike(image))]:
            guess, seen[frame], share[frame] = anchor.found_in(shown, start)
            if guess is not None:
                homography[frame] = back @ np.linalg.inv(guess) @ small
                break
    homography /= homography[:, 2:, 2:]
    homography[reference] = np.eye(3)
    return Registered(homography, seen, share, anchor.few)


def to_small(size_wh: tuple[int, int], side_px: int) -> Floats:
    """Film's size, the longer side of a smaller picture -> (3, 3) the film's pixels to the picture's."""
    share = min(1.0, side_px / max(size_wh))
    width, height = (max(1, round(side * share)) for side in size_wh)
    return scaling(size_wh, (width, height))


def corners_of(size_wh: tuple[int, int]) -> Floats:
    """Size -> (4, 2) the corners of a picture."""
    width, height = size_wh
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=float)


class _Still:
    """Points of one image that can be found again in others."""

    def __init__(self, image: Image) -> None:
        self._image = image
        height, width = image.shape
        self._points = np.concatenate([_corners(image, row, column) for row in range(CELLS) for column in range(CELLS)])
        self._cell = (self._points[:, 0] // np.array([width / CELLS, height / CELLS])).astype(int) @ [1, CELLS]

    @property
    def few(self) -> bool:
        """-> whether there is too little to be found again."""
        return len(self._points) < FEWEST

    def lit_alike(self, image: Image) -> Image:
        """Another image -> as bright and as full of contrast as this one: the phone's exposure jumps, lamps go on."""
        here, spread_here = cv2.meanStdDev(self._image)
        there, spread = cv2.meanStdDev(image)
        gain = float(spread_here[0, 0]) / max(float(spread[0, 0]), 1.0)
        levelled = (image - float(there[0, 0])) * gain + float(here[0, 0])
        return np.asarray(np.clip(levelled, 0, 255), dtype=np.uint8)

    def found_in(self, image: Image, guess: Floats) -> tuple[Floats | None, float, float]:
        """Another image, about where it lies -> (3, 3) places here to places there, None if unsure; share of the points
        that lie in it, and share of those followed that agrees."""
        if self.few:
            return None, 0.0, 0.0
        height, width = image.shape
        start = carried(guess, self._points[:, 0].astype(float))
        inside = (start > 4).all(axis=1) & (start < np.array([width, height]) - 5).all(axis=1)
        seen = float(inside.mean())
        if inside.sum() < FEWEST:
            return None, seen, 0.0
        old = np.ascontiguousarray(self._points[inside])
        new, kept = _followed(self._image, image, old, start[inside, None].astype(np.float32))
        if kept.sum() < FEWEST:
            return None, seen, 0.0
        estimate: Any = cv2.findHomography
        found, agree = estimate(old[kept], new[kept], cv2.USAC_MAGSAC, OFF_PX, None, 2000, 0.999)
        if found is None:
            return None, seen, 0.0
        agree = agree.ravel() == 1
        cells = self._cell[inside][kept]
        covered = len(np.unique(cells[agree])) / max(len(np.unique(self._cell[inside])), 1)
        sure = agree.sum() >= FEWEST and agree.mean() >= AGREE and covered >= COVERED
        return (np.asarray(found, dtype=np.float64) if sure else None), seen, float(agree.mean())


def _followed(
    before: Image, after: Image, old: NDArray[np.float32], start: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Two images, (n, 1, 2) places in the first, about where they are in the second -> where, and which are sure."""
    follow: Any = cv2.calcOpticalFlowPyrLK
    how = {"winSize": WINDOW, "maxLevel": LEVELS, "flags": cv2.OPTFLOW_USE_INITIAL_FLOW}
    new, ok, _ = follow(before, after, old, start.copy(), **how)
    again, ok_back, _ = follow(after, before, new, old.copy(), **how)
    near = np.linalg.norm((again - old)[:, 0], axis=1) < THERE_AND_BACK_PX
    return new, near & (ok.ravel() == 1) & (ok_back.ravel() == 1)


def _corners(image: Image, row: int, column: int) -> NDArray[np.float32]:
    """Image, a cell of its grid -> (n, 1, 2) places in it that can be found again."""
    height, width = image.shape
    top, left = row * height // CELLS, column * width // CELLS
    part = image[top : (row + 1) * height // CELLS, left : (column + 1) * width // CELLS]
    find: Any = cv2.goodFeaturesToTrack
    points = find(part, maxCorners=POINTS_EACH, qualityLevel=0.05, minDistance=8)
    if points is None:
        return np.zeros((0, 1, 2), np.float32)
    return np.asarray(points + np.array([left, top], np.float32), dtype=np.float32)
