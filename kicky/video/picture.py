"""Decoded frame -> image: the way up it was filmed, its pixels square, shrunk, in ordinary 8-bit colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from av.sidedata.sidedata import SideDataContainer
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from .tone import is_hdr, tone_mapped, tone_mapped_luma

Image = NDArray[np.uint8]

# Formats whose first plane is 8-bit luma: gray needs no conversion, only the padding cut off.
_LUMA_FIRST = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "nv21", "gray"}
_CHROMA_NEXT = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"}
SQUARE = 0.995, 1.005  # so nearly square that nothing is measured wrong by it
_UNSPECIFIED_MATRIX, _FULL_RANGE, _HD_LINES = 2, 2, 720


def orientation(frame: Any) -> tuple[int, bool]:
    """Decoded frame -> (quarter turns anticlockwise that set it upright, whether to mirror it first)."""
    # Not frame.side_data: that the frame keeps, and it keeps the frame, and one frame kept keeps its film's decoded
    # pictures, as they share a pool; 280 MB of 1080p until a collector comes by.
    beside: Any = SideDataContainer(frame)  # type: ignore[call-arg]  # its stub forgets the frame
    matrix = next((np.frombuffer(bytes(s)[:36], "<i4") for s in beside if s.type.name == "DISPLAYMATRIX"), None)
    if matrix is None:
        return 0, False
    across, down = int(matrix[0]), int(matrix[1])
    mirrored = across * int(matrix[4]) - down * int(matrix[3]) < 0
    if mirrored:
        across, down = -across, -down
    if abs(across) >= abs(down):
        return (0 if across >= 0 else 2), mirrored
    return (3 if down > 0 else 1), mirrored


def shown_wh(frame: Any, pixel: float) -> tuple[int, int]:
    """First frame, how much wider than high its pixels are -> the film's size, the way up it was filmed.

    Where pixels are not square the side that has too few of them grows, so that nothing the film shows is lost.
    """
    width, height = frame.width, frame.height
    if not SQUARE[0] < pixel < SQUARE[1]:
        width, height = (round(width * pixel), height) if pixel > 1 else (width, round(height / pixel))
    return (height, width) if orientation(frame)[0] % 2 else (width, height)


def median(images: Sequence[Image]) -> Image:
    """Images -> their median, pixel by pixel.

    Sorts by compare-and-exchange on whole pictures: twenty times as fast as numpy's median here.
    """
    ordered = list(images)
    count = len(ordered)
    for round_ in range(count):
        for k in range(round_ % 2, count - 1, 2):
            ordered[k], ordered[k + 1] = (
                np.asarray(cv2.min(ordered[k], ordered[k + 1])),
                np.asarray(cv2.max(ordered[k], ordered[k + 1])),
            )
    return ordered[count // 2]


def shrunk(image: Image, width: int, height: int) -> Image:
    """Image, smaller size -> a copy of that size in which every pixel counts.

    Halved first where it is to be much smaller: one step takes twice as long.

    >>> shrunk(np.array([[0, 8], [8, 0]], np.uint8), 1, 1)
    array([[4]], dtype=uint8)
    """
    if image.shape[:2] == (height, width):
        return image.copy()
    if width < image.shape[1] // 2 and height < image.shape[0] // 2:
        image = shrunk(image, image.shape[1] // 2, image.shape[0] // 2)
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _plane(plane: Any) -> Image:
    """A decoded frame's 8-bit plane -> a view of it, its padding cut off."""
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]


class Pictures:
    """Decoded frame -> image; holds the scaler, so keep one for a whole film.

    `size_wh_px` is the film's as displayed, where its pixels may not be square: the images have its shape.
    """

    def __init__(
        self, gray: bool = False, max_side_px: int | None = None, size_wh_px: tuple[int, int] | None = None
    ) -> None:
        self._gray = gray
        self._max_side_px = max_side_px
        self._shown_wh = size_wh_px
        self._reformatter = VideoReformatter()
        self._orientation: tuple[int, bool] = (0, False)
        self._size: tuple[int, int] | None = None

    def __call__(self, frame: Any) -> Image:
        """Decoded frame -> uint8 image of its own, (H, W, 3) BGR or (H, W) luma, rotation applied."""
        size = self._shape(frame)
        return np.ascontiguousarray(self._turned(self._luma(frame, *size) if self._gray else self._bgr(frame, *size)))

    def _shape(self, frame: Any) -> tuple[int, int]:
        """Decoded frame -> width and height of its image as stored; the first frame sets both for the film."""
        if self._size is None:
            self._orientation = orientation(frame)
            width, height = self._shown_wh or (frame.width, frame.height)
            if self._shown_wh and self._orientation[0] % 2:
                width, height = height, width
            scale = min(1.0, self._max_side_px / max(width, height)) if self._max_side_px else 1.0
            self._size = max(1, round(width * scale)), max(1, round(height * scale))
        return self._size

    def chroma(self, frame: Any) -> Image:
        """Decoded frame -> its blueness and redness at half the size, (2, H/2, W/2) rounded up; 128 is none."""
        width, height = self._shape(frame)
        if frame.format.name not in _CHROMA_NEXT:
            frame = self._reformatter.reformat(
                frame, width, height, "yuv420p", interpolation=Interpolation.AREA, threads=1
            )
        size = (width + 1) // 2, (height + 1) // 2
        planes = [_plane(plane) for plane in frame.planes[1:3]]
        return np.stack([self._turned(p if p.shape[::-1] == size else shrunk(p, *size)) for p in planes])

    def _turned(self, image: Image) -> Image:
        """Image as stored -> a view of it the way up it was filmed."""
        turns, mirrored = self._orientation
        return np.rot90(image[:, ::-1] if mirrored else image, turns)

    def _luma(self, frame: Any, width: int, height: int) -> Image:
        if frame.format.name not in _LUMA_FIRST:
            frame = self._reformatter.reformat(
                frame, width, height, "yuv420p", interpolation=Interpolation.AREA, threads=1
            )
        luma = shrunk(_plane(frame.planes[0]), width, height)
        return tone_mapped_luma(luma, frame.color_trc) if is_hdr(frame.color_trc) else luma

    def _bgr(self, frame: Any, width: int, height: int) -> Image:
        # A film that does not name its matrix uses the one of its size, as players assume.
        unnamed = frame.colorspace == _UNSPECIFIED_MATRIX
        guess = Colorspace.ITU709 if max(frame.width, frame.height) >= _HD_LINES else Colorspace.ITU601
        shown = self._reformatter.reformat(
            frame,
            width,
            height,
            "bgr24",
            src_colorspace=guess if unnamed else None,
            interpolation=Interpolation.AREA,
            threads=1,
        )
        image = np.asarray(shown.to_ndarray(), dtype=np.uint8)
        return tone_mapped(image, frame.color_trc) if is_hdr(frame.color_trc) else image
