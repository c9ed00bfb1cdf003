"""Mask -> its islands: the few places of a large picture in which anything is set, each to be worked on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from ..video import Image

TILE = 16  # px: of so many squared a single one still shows in their mean, which is rounded to a 255th


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
        rows, columns = (-(-side // TILE) for side in shape)
        self._shape, self._tiles = shape, (columns, rows)
        self._whole = np.zeros((rows * TILE, columns * TILE), np.uint8)

    def compare(self, change: Image, threshold: Image) -> Image:
        """Two pictures -> 255 where the change is above the threshold; good until the next is asked for."""
        cv2.compare(change, threshold, cv2.CMP_GT, dst=self.mask)
        return self.mask

    @property
    def mask(self) -> Image:
        """-> the mask compared last."""
        return self._whole[: self._shape[0], : self._shape[1]]

    def islands(self) -> Iterator[Island]:
        """-> the islands of the mask compared last. What touches, over a corner too, is of one island."""
        tiles: Any = cv2.resize(self._whole, self._tiles, interpolation=cv2.INTER_AREA)
        count, labels, stats, _ = cv2.connectedComponentsWithStats((tiles > 0).view(np.uint8), connectivity=8)
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
                ours = np.kron(own, np.ones((TILE, TILE), np.uint8))
                np.multiply(set_, ours[: set_.shape[0], : set_.shape[1]], out=inner)
            else:
                inner[:] = set_
            yield Island((slice(y0, y1), slice(x0, x1)), mask)
