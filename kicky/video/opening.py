"""File -> Clip: its size, its frames' times, its lens; whether it is whole."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from ..domain import Clip
from ..errors import UnfitClip, UnreadableClip
from .files import COPY_AGAIN, decoder, opened, pictures, pixel_shape, refuse_no_file, sha256, times_by_order
from .index import listed_times
from .lens import lens_mm
from .picture import SQUARE, shown_wh
from .slowed import stated_slow

# In these one packet is one frame, so the packets' times are the frames' times and need no decoding.
_PACKET_IS_FRAME = {"h264", "hevc", "mjpeg", "prores"}
_LONGEST_SIDE_PX = 16384


def open_clip(path: Path, slow_motion: float | None = 1.0) -> Clip:
    """File -> Clip: size as displayed, one time for each frame, the whole film as its take, the lens if it says.

    `slow_motion` is how many times slower the film plays than life went, None: what the file itself says. Times come
    from the packets, without decoding more than the first frame where the codec allows it; a copy that broke off is
    noticed here, damage inside the film only by `prove_whole`.
    """
    path = Path(path)
    refuse_no_file(path)
    if slow_motion is not None and not (math.isfinite(slow_motion) and slow_motion > 0):
        raise UnfitClip(f"Slow motion of {slow_motion:g} makes no sense: say how many times slower the film plays.")
    with opened(path) as (container, stream):
        ticks, first = _frame_ticks(path, container, stream)
        tick_s, pixel = float(stream.time_base), pixel_shape(stream)
    if len(ticks) < 2:
        raise UnfitClip(f"{path.name} is a single picture: choose a film of the whole kick.")
    if max(first.width, first.height) > _LONGEST_SIDE_PX:
        raise UnreadableClip(f"{path.name} claims a picture of {first.width} × {first.height}: {COPY_AGAIN}.")
    stated = stated_slow(path, 1 / (float(np.median(np.diff(ticks))) * tick_s))
    slow_motion = slow_motion or stated or 1.0
    time_s = (ticks - ticks[0]) * tick_s / slow_motion
    return Clip(
        path, sha256(path), shown_wh(first, pixel), time_s, slow_motion, lens_mm=lens_mm(path), stated_slow=stated
    )  # fmt: skip


def open_listed(path: Path) -> tuple[Clip, NDArray[np.int64]]:
    """File, of an hour perhaps -> Clip and the numbers of its key frames, from its list of frames where it has one.

    Its `sha256` names path, size and date: nobody waits for gigabytes to be read. Its times are as it plays, also where
    it states slow motion. Raises as `open_clip` does.
    """
    path = Path(path)
    refuse_no_file(path)
    with opened(path) as (container, stream):
        size = shown_wh(next(pictures(container, stream)), pixel_shape(stream))
    listed = listed_times(path)
    if listed is None:
        whole = open_clip(path)
        return whole, np.arange(len(whole.time_s))
    about = path.stat()
    named = hashlib.sha256(f"{path} {about.st_size} {about.st_mtime_ns}".encode()).hexdigest()
    time_s, keys = listed
    stated = stated_slow(path, 1 / float(np.median(np.diff(time_s))))
    return Clip(path, named, size, time_s, 1.0, lens_mm=lens_mm(path), stated_slow=stated), keys


def plays_in_browsers(path: Path) -> bool:
    """Film -> whether every browser plays it as it is: H.264 of eight bits in MP4 or MOV, its pixels square.

    Raises: UnreadableClip.
    """
    with opened(path) as (container, stream):
        codec, square = stream.codec_context, SQUARE[0] < pixel_shape(stream) < SQUARE[1]
        plain = codec.name == "h264" and codec.pix_fmt in ("yuv420p", "yuvj420p")
        return square and plain and "mp4" in container.format.name


def _frame_ticks(path: Path, container: Any, stream: Any) -> tuple[NDArray[np.int64], Any]:
    """Opened film -> (rising times of its frames in ticks, its first frame)."""
    fast, by_order = stream.codec_context.name in _PACKET_IS_FRAME, times_by_order(container, stream)
    decoded = decoder(container, stream)
    ticks: list[int | None] = []
    first, count, end_s = None, 0, 0.0
    for packet in container.demux():
        if packet.size and packet.pts is not None and packet.time_base:
            end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        if packet.stream_index != stream.index:
            continue
        count += bool(packet.size)
        if fast and packet.size and not packet.is_discard:
            ticks.append(packet.dts if by_order else packet.pts)
        if first is None or not fast:
            for frame in decoded(packet):  # a damaged file can change what packet.decode() rests on
                first = first or frame
                if not fast:
                    ticks.append(frame.pts)
    _refuse_broken_off(path, container, stream, count, end_s)
    if first is None:
        raise UnreadableClip(f"{path.name} holds no picture that can be shown: {COPY_AGAIN}.")
    if None in ticks or first.pts is None:
        raise UnreadableClip(
            f"{path.name} does not say when its frames were taken: export it from the phone as MP4 or MOV."
        )
    # Frames before the first that can be shown (a trimmed film's lead-in) are in the file, not in the film.
    return np.unique([tick for tick in ticks if tick is not None and tick >= first.pts]), first


def _refuse_broken_off(path: Path, container: Any, stream: Any, count: int, end_s: float) -> None:
    """Raise when the film states more than there is.

    Held against what is there are the frames that its list names and a player is to read: a film trimmed without being
    written again keeps others, and AVI has empty places where a frame is shown on.
    """
    listed = sum(entry.size > 0 for entry in stream.index_entries)
    if stream.frames and count < listed:
        raise UnreadableClip(f"{path.name} is cut short: only {count} of {listed} frames are there; {COPY_AGAIN}.")
    if "matroska" not in container.format.name or not container.duration:
        return
    stated_s = container.duration / av.time_base
    if end_s < stated_s - 0.15:
        raise UnreadableClip(
            f"{path.name} is cut short: only {end_s:.1f} of {stated_s:.1f} seconds are there; {COPY_AGAIN}."
        )
