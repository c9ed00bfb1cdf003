"""A picture being drawn of the world: filled shapes on the ground and in the air, cut off in front of the lens."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from ...domain import Floats
from ...synthetic.camera import Camera
from ...video import Image
from ..brush import Colour

NEAREST_M = 0.15
_SHIFT = 4  # OpenCV takes positions in sixteenths of a pixel
ROUND = np.column_stack([np.cos(np.linspace(0, 2 * np.pi, 25)), np.sin(np.linspace(0, 2 * np.pi, 25))])


class Canvas:
    """(image, what sees it): both are kept, and the image is drawn on."""

    def __init__(self, image: Image, camera: Camera) -> None:
        self.image, self.camera = image, camera

    def px(self, points_m: Floats) -> Floats:
        """(n, 3) corners of a flat shape -> (m, 2) of what of it lies before the lens, none where nothing does."""
        eye = self.camera.eye(points_m)
        if (eye[:, 2] < NEAREST_M).any():
            eye = _before(eye)
        return self.camera.to_px(eye)

    def shape(self, points_m: Floats, colour: Colour) -> None:
        """(n, 3) corners, without a dent -> filled."""
        fill(self.image, self.px(points_m), colour)

    def veil(self, points_m: Floats, colour: Colour, opacity: float) -> None:
        """(n, 3) corners -> filled so that what lies beneath shows through."""
        px = self.px(points_m)
        if len(px):
            low = np.maximum(np.floor(px.min(axis=0)), 0).astype(int)
            high = np.minimum(np.ceil(px.max(axis=0)) + 1, self.image.shape[1::-1]).astype(int)
            if (high > low).all():
                part = self.image[low[1] : high[1], low[0] : high[0]]
                over = part.copy()
                fill(over, px - low, colour)
                cv2.addWeighted(over, opacity, part, 1 - opacity, 0, dst=part)

    def strokes(self, lines_m: Iterable[Floats], colour: Colour, opacity: float, width: int = 1) -> None:
        """(n, 3) points of each line -> all of them drawn, each as thick, shining through together."""
        over = self.image.copy()
        for line in lines_m:
            px = self.camera.project(line)
            ends = np.flatnonzero(np.isfinite(px).all(axis=1))
            if len(ends) > 1:
                cv2.polylines(over, [_fixed(px[ends])], False, colour, width, cv2.LINE_AA, _SHIFT)
        cv2.addWeighted(over, opacity, self.image, 1 - opacity, 0, dst=self.image)

    def beam(self, ends_m: Floats, radius_m: float, colour: Colour, share: float = 1.0, least_px: float = 0.7) -> None:
        """(2, 3) ends, half as thick as it is -> it drawn, or the middle `share` of it."""
        eye = self.camera.eye(ends_m)
        if (eye[:, 2] < NEAREST_M).all():
            return
        if (eye[:, 2] < NEAREST_M).any():
            near = int(eye[:, 2].argmin())
            cut = (NEAREST_M - eye[near, 2]) / (eye[1 - near, 2] - eye[near, 2])
            eye[near] += cut * (eye[1 - near] - eye[near])
        px = self.camera.to_px(eye)
        half = share * np.maximum(radius_m * self.camera.focal_px / eye[:, 2], least_px)
        along = px[1] - px[0]
        square = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-6)
        rim = half[:, None] * square
        fill(self.image, np.vstack([px + rim, (px - rim)[::-1]]), colour)

    def dot(self, at_m: Floats, radius_m: float, colour: Colour, least_px: float) -> None:
        """(3,) -> a disc that faces the lens."""
        (eye,) = self.camera.eye(at_m[None])
        if eye[2] > NEAREST_M:
            centre, size = self.camera.to_px(eye), max(radius_m * self.camera.focal_px / eye[2], least_px)
            middle = _fixed(centre)
            if np.abs(centre).max() < 1e4:
                at = int(middle[0]), int(middle[1])
                cv2.circle(self.image, at, int(size * (1 << _SHIFT)), colour, -1, cv2.LINE_AA, _SHIFT)

    def shadow(self, at: Floats, radius_m: float, opacity: float) -> None:
        """(2,) on the ground -> a round shade there."""
        rim = np.column_stack([at + radius_m * ROUND, np.full(len(ROUND), 0.01)])
        self.veil(rim, (15, 26, 12), opacity)


def fill(image: Image, px: Floats, colour: Colour) -> None:
    """(n, 2) corners, without a dent -> filled."""
    if len(px) > 2:
        cv2.fillConvexPoly(image, _fixed(px), colour, cv2.LINE_AA, _SHIFT)


def in_order(items: list[tuple[float, Callable[[], None]]]) -> None:
    """How far away each is, what draws it -> all drawn, the nearest last."""
    for _, draw in sorted(items, key=lambda item: -item[0]):
        draw()


def _before(eye: Floats) -> Floats:
    """(n, 3) corners as the lens has them -> (m, 3) of the part that lies before it."""
    kept: list[Floats] = []
    for here, there in zip(eye, np.roll(eye, -1, axis=0), strict=True):
        if here[2] >= NEAREST_M:
            kept.append(here)
        if (here[2] >= NEAREST_M) != (there[2] >= NEAREST_M):
            kept.append(here + (NEAREST_M - here[2]) / (there[2] - here[2]) * (there - here))
    return np.array(kept).reshape(-1, 3)


def _fixed(px: Floats) -> NDArray[np.int32]:
    return np.rint(np.clip(px, -1e6, 1e6) * (1 << _SHIFT)).astype(np.int32)
