"""A frame's picture -> the same as the frame all are laid on saw it, for a camera that moved a little."""

from __future__ import annotations

import cv2
import numpy as np

from ..domain import Floats, Steadying
from .picture import Image

EDGE_PX = 2  # of a warped picture its outermost pixels are mixed with what lies beyond it


class Steadied:
    """Frame's number, its image -> the image of the same size in which what stands still lies as in the reference.

    `reference` is the reference's own image. What a frame does not show is shown as the reference has it: any other
    filling would differ from frame to frame, and look like something that moves.
    """

    def __init__(self, steadying: Steadying, size_wh_px: tuple[int, int], reference: Image) -> None:
        self._steadying = steadying
        self._reference = reference
        self._small = scaling(size_wh_px, (reference.shape[1], reference.shape[0]))

    def __call__(self, number: int, image: Image) -> Image:
        """Frame, its image as filmed -> its image as the reference sees it; as filmed outside the take."""
        homography = self._steadying.homography[number]
        if not np.isfinite(homography).all() or np.array_equal(homography, np.eye(3)):
            return image
        onto = self._small @ homography @ np.linalg.inv(self._small)
        size = image.shape[1], image.shape[0]
        warped = cv2.warpPerspective(image, onto, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        there = np.zeros(image.shape[:2], np.uint8)
        there[EDGE_PX:-EDGE_PX, EDGE_PX:-EDGE_PX] = 255
        there = np.asarray(cv2.warpPerspective(there, onto, size, flags=cv2.INTER_NEAREST), dtype=np.uint8)
        cv2.copyTo(self._reference, cv2.bitwise_not(there), warped)
        return np.asarray(warped, dtype=np.uint8)


def scaling(size_wh: tuple[int, int], small_wh: tuple[int, int]) -> Floats:
    """Film's size, that of a smaller picture of it -> (3, 3) the film's pixels to the picture's."""
    wide, high = (small / side for small, side in zip(small_wh, size_wh, strict=True))
    # A pixel's place is its middle: the first of a picture half as large lies between the film's first two.
    return np.array([[wide, 0, (wide - 1) / 2], [0, high, (high - 1) / 2], [0, 0, 1]])
