"""Small images of a film -> how far the picture has gone since the first, as most of its points have it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Floats
from ..video import Image

ENOUGH_POINTS = 12
# A point is followed to a tenth of a pixel; what is off by more than one is no part of what stands still.
OFF_PX = 1.0


class Anchored:
    """Small image -> shift since the first, as most points of the picture have it, NaN where unsure.

    Points are followed from an anchor image, not from frame to frame, so that nothing adds up; the
    anchor is renewed only once the picture has moved or changed too far to find them again.
    """

    def __init__(self) -> None:
        self._anchor: Image | None = None
        self._points: NDArray[np.float32] | None = None
        self._offset = np.zeros(2)
        self._view = np.eye(3)
        self.view: Floats = np.full((3, 3), np.nan)
        """(3, 3) similarity that takes places in the first image to places in the last one, NaN where unsure."""

    def __call__(self, image: Image) -> Floats:
        """Next image -> (2,) shift in its pixels."""
        if self._anchor is None:
            self._renew(image, np.zeros(2), np.eye(3))
            self.view = np.eye(3) if self._points is not None else np.full((3, 3), np.nan)
            return np.zeros(2) if self._points is not None else np.full(2, np.nan)
        moved = self._median_shift(image)
        if moved is None:
            self._renew(image, self._offset, np.full((3, 3), np.nan))
            self.view = self._view
            return np.full(2, np.nan)
        shift = self._offset + moved
        if np.hypot(*moved) > 6:
            self._renew(image, shift, self.view)
        return shift

    def _renew(self, image: Image, offset: Floats, view: Floats) -> None:
        self._anchor, self._offset, self._view = image, offset, view
        points: Any = cv2.goodFeaturesToTrack(image, maxCorners=150, qualityLevel=0.005, minDistance=6)
        self._points = points if points is not None and len(points) >= ENOUGH_POINTS else None

    def _median_shift(self, image: Image) -> Floats | None:
        """Image -> median shift of the anchor's points, None when they are lost or do not agree."""
        if self._anchor is None or self._points is None:
            return None
        follow: Any = cv2.calcOpticalFlowPyrLK  # its stubs leave out that the fourth may be None
        found, ok, _ = follow(self._anchor, image, self._points, None, winSize=(15, 15), maxLevel=3)
        kept = ok.ravel() == 1
        steps = (found - self._points)[kept].reshape(-1, 2)
        self.view = self._view @ np.full((3, 3), np.nan)
        if len(steps) < max(ENOUGH_POINTS, len(self._points) / 3):
            return None
        median = np.median(steps, axis=0)
        self.view = _similarity(self._points[kept], found[kept]) @ self._view
        agree = np.hypot(*(steps - median).T) < 1.5
        return np.asarray(median, dtype=np.float64) if agree.mean() > 0.4 else None


def _similarity(before: NDArray[np.float32], after: NDArray[np.float32]) -> Floats:
    """(n, 1, 2) points, (n, 1, 2) where they are now -> (3, 3) as most of them have it, NaN where too few agree."""
    estimate: Any = cv2.estimateAffinePartial2D
    matrix, agree = estimate(before, after, method=cv2.RANSAC, ransacReprojThreshold=OFF_PX, maxIters=200)
    if matrix is None or agree.sum() < max(ENOUGH_POINTS, 0.4 * len(before)):
        return np.full((3, 3), np.nan)
    return np.vstack([matrix, [0.0, 0.0, 1.0]])
