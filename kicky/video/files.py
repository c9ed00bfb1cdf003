"""A film's file, opened for its pictures; what is wrong with it in the player's words."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av

from .. import system
from ..errors import OutOfMemory, UnreadableClip
from .container import missing_part

COPY_AGAIN = "copy it again from the phone"
# What phones and cameras write. Play lists and picture formats stay out: they open other files.
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,h264,hevc"

# Each thread decodes a frame of its own, and holds a third of another one: of 3840 × 2160 in ten bits 33 MB a thread.
IN_FLIGHT_BYTES, FRAMES_A_THREAD, _MOST_THREADS = 1 << 30, 4 / 3, 16
_SHAPES = 0.25, 4.0  # of pixels, width by height; a film states 16 / 11 for the widest in use


def refuse_no_file(path: Path) -> None:
    """File -> nothing, or UnreadableClip where it is none, or one of which the end is missing."""
    if path.is_dir():
        raise UnreadableClip(f"{path.name} is a folder: choose a film inside it.")
    if not path.exists():
        raise UnreadableClip(f"There is no file {path.name} in {path.parent}: check the name and the folder.")
    if path.stat().st_size == 0:
        raise UnreadableClip(f"{path.name} is empty, 0 bytes: {COPY_AGAIN}.")
    lacking = missing_part(path)
    if lacking:
        raise UnreadableClip(f"{path.name} is cut short: {lacking}; {COPY_AGAIN}.")


def url(path: Path) -> str:
    """Path -> as libav takes it: a file, also where its name begins like an address (10:30.mp4, http:kick.mp4)."""
    return f"file:{path}"


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """Film -> (container, its picture stream), closed behind us; libav's refusals in the player's words."""
    try:
        container = av.open(url(path), options={"format_whitelist": _FORMATS}, metadata_errors="replace")
    except PermissionError as error:
        raise UnreadableClip(f"{path.name} may not be read: allow it, or copy the film elsewhere.") from error
    except MemoryError as error:
        raise OutOfMemory(f"There is too little memory here to read {path.name}: close other programs.") from error
    except (av.FFmpegError, ValueError, OSError) as error:
        raise UnreadableClip(
            f"{path.name} is no film this program can read: choose a video from the phone (MP4 or MOV)."
        ) from error
    with container:
        stream: Any = container.streams.best("video")
        if stream is not None and (not isinstance(stream, av.VideoStream) or stream.codec_context is None):
            raise UnreadableClip(f"{path.name} cannot be shown: export it from the phone as MP4 (H.264 or HEVC).")
        if stream is None:
            holds = "only sound" if container.streams.audio else "no picture"
            raise UnreadableClip(f"{path.name} holds {holds}: choose the film of the kick.")
        stream.thread_type = "AUTO"
        if (most := threads_at_most(stream.codec_context)) < libav_threads():
            stream.codec_context.thread_count = most
        try:
            yield container, stream
        except MemoryError as error:  # libav's, numpy's or Python's own: nothing is wrong with the film
            raise OutOfMemory(
                f"There is too little memory here to read {path.name}, {stream.width} × {stream.height}: close other "
                "programs, or export it as 1920 × 1080."
            ) from error
        except (av.FFmpegError, StopIteration) as error:
            raise UnreadableClip(f"{path.name} is damaged: {COPY_AGAIN}.") from error


def libav_threads() -> int:
    """-> how many threads libav decodes with where nobody says."""
    cores = system.cores()
    return min(cores + 1, _MOST_THREADS) if cores > 1 else 1


def threads_at_most(codec: Any) -> int:
    """Picture stream's codec -> how many threads may decode it, so that the frames they hold stay within bounds."""
    bits = int(codec.format.padded_bits_per_pixel) if codec.format else 24
    frame_bytes = max(int(codec.width) * int(codec.height) * bits // 8, 1)
    return max(1, IN_FLIGHT_BYTES // round(FRAMES_A_THREAD * frame_bytes))


def pictures(container: Any, stream: Any) -> Iterator[Any]:
    """Opened film -> its frames that have a time, from where it stands."""
    decoded = decoder(container, stream)
    for packet in container.demux(stream):
        yield from (frame for frame in decoded(packet) if frame.pts is not None)


def decoder(container: Any, stream: Any) -> Callable[[Any], list[Any]]:
    """Opened film -> packet of it -> the frames that come of it, each with its time.

    AVI says when its packets are decoded and nothing else; libav's guess when the frames of H.264 are shown is wrong
    where some are kept back. They come out one for each packet, in order.
    """
    if not times_by_order(container, stream):
        return lambda packet: list(stream.decode(packet))
    due = deque[int | None]()

    def decoded(packet: Any) -> list[Any]:
        if packet.size:
            due.append(packet.dts)
        frames = list(stream.decode(packet))
        for frame in frames:
            frame.pts = due.popleft() if due else None
        return frames

    return decoded


def times_by_order(container: Any, stream: Any) -> bool:
    """Opened film -> whether its packets' order alone tells when its frames are shown."""
    return container.format.name == "avi" and stream.codec_context.name in ("h264", "hevc")


def pixel_shape(stream: Any) -> float:
    """Picture stream -> how much wider than high its pixels are, 1 where it does not say or what it says is absurd."""
    stated = float(stream.sample_aspect_ratio or 1)
    return stated if _SHAPES[0] <= stated <= _SHAPES[1] else 1.0


def stated_frames(path: Path) -> int:
    """Film -> how many frames its head says it has, 0 where it does not. Raises: UnreadableClip."""
    with opened(path) as (_, stream):
        return int(stream.frames)
