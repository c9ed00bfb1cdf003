"""Frames -> film: H.264 as every browser plays it, written beside its place and moved there when whole."""

from __future__ import annotations

import errno
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from ..domain import Floats
from ..drafts import draft
from ..errors import StorageFailed
from .files import url
from .picture import Image

BUFFER_S = 1.0  # so much of a film may come at once where its size is limited
STEP_S = 0.06  # a browser decodes from the key frame before up to the frame it is sent to
_FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FilmWriter:
    """(path, size, times) -> H.264 film in 4:2:0, index first, a key frame every half second.

    `stepped`: for a film that a browser is to step through, whose every frame is soon decoded. `most_bytes` is what the
    whole is to be kept to, as nearly as an encoder can.

    A context manager: written beside `path` and moved there when all is well, so that a film is
    either whole or not there. `time_s` are the times of the frames to come; each frame is shown
    at its own. An odd width or height gains one row or column. Raises StorageFailed.
    """

    TICKS = 90_000

    def __init__(
        self, path: Path, size_wh_px: tuple[int, int], time_s: Floats | Sequence[float], *, preset: str = "veryfast",
        stepped: bool = False, quality: int = 22, most_bytes: int | None = None,
    ) -> None:  # fmt: skip
        self._path = Path(path)
        self._size = size_wh_px[0] + size_wh_px[0] % 2, size_wh_px[1] + size_wh_px[1] % 2
        gaps = np.diff(np.asarray(time_s, dtype=np.float64))
        if len(gaps) and not (gaps > 0).all():
            raise ValueError("FilmWriter: expected strictly rising times")
        self._rate = Fraction(1 / float(np.median(gaps))).limit_denominator(1001) if len(gaps) else Fraction(30)
        self._preset, self._quality = preset, quality
        lasts_s = float(time_s[-1] - time_s[0]) if len(gaps) else 0.0
        self._kbit = None if most_bytes is None else 8e-3 * most_bytes / (lasts_s + 1 / float(self._rate) + BUFFER_S)
        self._stepped, self._key_s = stepped, STEP_S if stepped else 0.5
        self._reformatter = VideoReformatter()
        self._next_key_s = -math.inf
        self._last_tick = -1

    def __enter__(self) -> Self:
        with _storage(self._path), ExitStack() as failed:
            self._unfinished = failed.enter_context(draft(self._path.parent, ".mp4"))
            self._container = av.open(url(self._unfinished), "w", options={"movflags": "+faststart"})
            self._draft = failed.pop_all()
        options = {"preset": self._preset, "crf": str(self._quality), "profile": "high", "g": "100000"}
        if self._stepped:
            options |= {"bf": "0", "tune": "fastdecode"}
        if self._kbit is not None:
            options |= {"maxrate": f"{self._kbit:.0f}k", "bufsize": f"{BUFFER_S * self._kbit:.0f}k"}
        stream: Any = self._container.add_stream("libx264", rate=self._rate, options=options)
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, self.TICKS)
        context = stream.codec_context
        context.color_range, context.colorspace, context.color_primaries, context.color_trc = 1, 1, 1, 1
        context.thread_type = "AUTO"
        self._stream = stream
        return self

    def add(self, image: Image, time_s: float) -> None:
        """Next frame (BGR, of the size given) and when it is shown; times must rise."""
        width, height = self._size
        spare = height - image.shape[0], width - image.shape[1]
        if max(spare) > 1 or min(spare) < 0:
            raise ValueError(f"FilmWriter.add: expected {width} x {height}, got {image.shape[1]} x {image.shape[0]}")
        if max(spare):
            image = np.pad(image, ((0, spare[0]), (0, spare[1]), (0, 0)), mode="edge")
        tick = round(time_s * self.TICKS)
        if tick <= self._last_tick:
            raise ValueError(f"FilmWriter.add: expected a time after {self._last_tick / self.TICKS}, got {time_s}")
        self._last_tick = tick
        frame = self._reformatter.reformat(
            av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        frame.pts, frame.time_base = tick, Fraction(1, self.TICKS)
        frame.pict_type = PictureType.NONE
        if time_s >= self._next_key_s:
            frame.pict_type = PictureType.I
            self._next_key_s = time_s + self._key_s - 1e-6
        with _storage(self._path):
            self._container.mux(self._stream.encode(frame))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with _storage(self._path):
                if kind is None:
                    self._container.mux(self._stream.encode())
                self._container.close()
                if kind is None:
                    self._unfinished.replace(self._path)
        except StorageFailed:
            if kind is None:  # else the error that ended the writing says more
                raise
        finally:
            self._draft.close()


@contextmanager
def _storage(path: Path) -> Iterator[None]:
    """Errors of the disk while writing `path` -> StorageFailed in words."""
    try:
        yield
    except OSError as error:  # libav's errors of the system are OSErrors too
        if error.errno in _FULL_DISK:
            raise StorageFailed(
                "The disk is full: make room and try again; what was stored before is still there."
            ) from error
        raise StorageFailed(
            f"{path.name} cannot be written to {path.parent}: check that the folder is there and may be written to."
        ) from error
