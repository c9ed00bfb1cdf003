"""File -> Clip, Clip -> frames, frames -> film. PyAV lives here; time comes only from timestamps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from .domain import Clip
from .errors import UnreadableClip

Image = NDArray[np.uint8]


def open_clip(path: Path, slow_motion: float = 1.0) -> Clip:
    """File -> Clip: size as displayed, one time for each frame, the whole film as its take."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            times, size = [], (0, 0)
            for frame in container.decode(stream):
                times.append(float(frame.time or 0.0))
                size = (frame.width, frame.height) if frame.rotation % 180 == 0 else (frame.height, frame.width)
    except (av.FFmpegError, IndexError) as error:
        raise UnreadableClip(f"{path.name} is no film this program can read.") from error
    time_s = (np.array(times) - times[0]) / slow_motion
    return Clip(path, hashlib.sha256(path.read_bytes()).hexdigest(), size, time_s, slow_motion)


def frames(clip: Clip, *, gray: bool = False, max_side_px: int | None = None) -> Iterator[tuple[int, Image]]:
    """Clip -> (frame number, image) for each frame of its take, in one forward decode.

    Image: uint8, (H, W, 3) BGR or (H, W) gray, rotation applied; shrunk so that its longer side is
    at most `max_side_px`.
    """
    with av.open(str(clip.path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for number, frame in enumerate(container.decode(stream)):
            if number >= clip.take[1]:
                return
            if number < clip.take[0]:
                continue
            scale = min(1.0, max_side_px / max(frame.width, frame.height)) if max_side_px else 1.0
            width, height = round(frame.width * scale), round(frame.height * scale)
            image = frame.to_ndarray(format="gray" if gray else "bgr24", width=width, height=height)
            yield number, np.ascontiguousarray(np.rot90(image, frame.rotation // 90))
