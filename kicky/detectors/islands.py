"""Mask -> its islands: the few places of a large picture in which anything is set, each to be worked on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from ..domain import Bools
from ..video import Image

TILE = 16  # px, a whole number of machine words


@dataclass(frozen=True, eq=False, slots=True)
class Island:
    """`part` of the picture holds it with a pixel of room about it; `mask` is what is set there, others' left out."""

    part: tuple[slice, slice]
    mask: Image

    @property
    def corner(self) -> tuple[int, int]:
        """-> x, y of its upper left."""
        return self.part[1].start, self.part[0].start


class Sea:
    """Pictures of one size, one after the other -> the islands in each."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._whole = np.zeros([-(-side // TILE) * TILE for side in shape], np.uint8)

    def compare(self, change: Image, threshold: Image) -> Image:
        """Two pictures -> 255 where the change is above the threshold; good until the next is asked for."""
        cv2.compare(change, threshold, cv2.CMP_GT, dst=self.mask)
        return self.mask

    @property
    def mask(self) -> Image:
        """-> the mask compared last."""
        return self._whole[: self._shape[0], : self._shape[1]]

    def _tiles(self) -> Bools:
        """-> in which tiles anything is set, looked at by eight pixels at a time."""
        rows, columns = (side // TILE for side in self._whole.shape)
        words = np.bitwise_or.reduce(self._whole.view(np.uint64).reshape(rows, TILE, -1), axis=1)
        return np.asarray(words.reshape(rows, columns, -1).any(axis=2))

    def islands(self) -> Iterator[Island]:
        """-> the islands of the mask compared last. What touches, over a corner too, is of one island."""
        count, labels, stats, _ = cv2.connectedComponentsWithStats(self._tiles().view(np.uint8), connectivity=8)
        height, width = self._shape
        for label in range(1, count):
            left, top, wide, high = (int(value) for value in stats[label, :4])
            x0, y0 = max(left * TILE - 1, 0), max(top * TILE - 1, 0)
            x1, y1 = min((left + wide) * TILE + 1, width), min((top + high) * TILE + 1, height)
            set_ = self.mask[top * TILE : (top + high) * TILE, left * TILE : (left + wide) * TILE]
            mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
            inner = mask[top * TILE - y0 :, left * TILE - x0 :][: set_.shape[0], : set_.shape[1]]
            if stats[label, cv2.CC_STAT_AREA] < wide * high:  # another island reaches into its box
                own = (labels[top : top + high, left : left + wide] == label).view(np.uint8)
                ours = own.repeat(TILE, axis=0).repeat(TILE, axis=1)
                np.multiply(set_, ours[: set_.shape[0], : set_.shape[1]], out=inner)
            else:
                inner[:] = set_
            yield Island((slice(y0, y1), slice(x0, x1)), mask)
