"""File -> Clip, Clip -> frames, frames -> film. PyAV lives here; time comes only from timestamps."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from ..domain import Clip, OnProgress
from ..errors import UnfitClip, UnreadableClip
from .container import missing_part
from .film import FilmWriter as FilmWriter
from .index import listed_times
from .lens import lens_mm
from .picture import Image as Image
from .picture import Pictures, orientation
from .reel import decoded_once as decoded_once
from .reel import through

COPY_AGAIN = "copy it again from the phone"
# What phones and cameras write. Play lists and picture formats stay out: they open other files.
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,h264,hevc"
# In these one packet is one frame, so the packets' times are the frames' times and need no decoding.
_PACKET_IS_FRAME = {"h264", "hevc", "mjpeg", "prores"}
_LONGEST_SIDE_PX = 16384
FAR_S = 20.0  # what begins later than this is sought, not decoded up to


def open_clip(path: Path, slow_motion: float = 1.0) -> Clip:
    """File -> Clip: size as displayed, one time for each frame, the whole film as its take, the lens if it says.

    `slow_motion` is how many times slower the film plays than life went. Times come from the
    packets, without decoding more than the first frame where the codec allows it; a copy that broke
    off is noticed here, damage inside the film only by `prove_whole`.
    """
    path = Path(path)
    _refuse_no_file(path)
    if not (math.isfinite(slow_motion) and slow_motion > 0):
        raise UnfitClip(f"Slow motion of {slow_motion:g} makes no sense: say how many times slower the film plays.")
    lacking = missing_part(path)
    if lacking:
        raise UnreadableClip(f"{path.name} is cut short: {lacking}; {COPY_AGAIN}.")
    with _opened(path) as (container, stream):
        ticks, first = _frame_ticks(path, container, stream)
        tick_s = float(stream.time_base)
    if len(ticks) < 2:
        raise UnfitClip(f"{path.name} is a single picture: choose a film of the whole kick.")
    size = first.width, first.height
    if max(size) > _LONGEST_SIDE_PX:
        raise UnreadableClip(f"{path.name} claims a picture of {size[0]} × {size[1]}: {COPY_AGAIN}.")
    turns, _ = orientation(first)
    time_s = (ticks - ticks[0]) * tick_s / slow_motion
    shown = size[::-1] if turns % 2 else size
    return Clip(path, _sha256(path), shown, time_s, slow_motion, lens_mm=lens_mm(path))


def open_listed(path: Path) -> tuple[Clip, NDArray[np.int64]]:
    """File, of an hour perhaps -> Clip and the numbers of its key frames, from its list of frames where it has one.

    Its `sha256` names path, size and date: nobody waits for gigabytes to be read. Raises as `open_clip` does.
    """
    path = Path(path)
    _refuse_no_file(path)
    lacking = missing_part(path)
    if lacking:
        raise UnreadableClip(f"{path.name} is cut short: {lacking}; {COPY_AGAIN}.")
    with _opened(path) as (container, stream):
        first = next(_pictures(container, stream))
    listed = listed_times(path)
    if listed is None:
        whole = open_clip(path)
        return whole, np.arange(len(whole.time_s))
    turns, _ = orientation(first)
    size = (first.height, first.width) if turns % 2 else (first.width, first.height)
    about = path.stat()
    named = hashlib.sha256(f"{path} {about.st_size} {about.st_mtime_ns}".encode()).hexdigest()
    return Clip(path, named, size, listed[0], 1.0, lens_mm=lens_mm(path)), listed[1]


def frames(
    clip: Clip, *, gray: bool = False, max_side_px: int | None = None, only: Container[int] | None = None
) -> Iterator[tuple[int, Image]]:
    """Clip -> (frame number, image) for each frame of its take (or those of `only` in it), in one forward decode.

    Image: uint8, (H, W, 3) BGR or (H, W) gray, rotation applied; shrunk so that its longer side is
    at most `max_side_px`. Gray is the film's own luma (16 is black and 235 white in most films).
    Raises UnreadableClip where a frame cannot be decoded.
    """
    picture = Pictures(gray, max_side_px)
    for number, frame in decoded(clip):
        if only is None or number in only:
            yield number, picture(frame)


def still(clip: Clip, frame: int) -> Image:
    """Clip, frame number -> that frame in BGR at full size, found by its time."""
    if not 0 <= frame < len(clip.time_s):
        raise UnfitClip(f"{clip.path.name} has {len(clip.time_s)} frames: there is no frame {frame}.")
    with _opened(clip.path) as (container, stream):
        zero = next(_pictures(container, stream)).pts
        ahead = clip.time_s[frame] * clip.slow_motion / float(stream.time_base)
        container.seek(zero + round(ahead), stream=stream, backward=True)
        for picture in _pictures(container, stream):
            number = _number_at(clip, picture, zero)
            if number == frame:
                return Pictures()(picture)
            if _time_s(clip, picture, zero) > clip.time_s[frame]:
                break
    # The key frame found lies later (it is sought by decoding time): count from the start instead.
    return next(image for _, image in frames(replace(clip, take=(frame, frame + 1))))


def plays_in_browsers(path: Path) -> bool:
    """Film -> whether every browser plays it as it is: H.264 of eight bits in MP4 or MOV. Raises: UnreadableClip."""
    with _opened(path) as (container, stream):
        codec = stream.codec_context
        return "mp4" in container.format.name and codec.name == "h264" and codec.pix_fmt in ("yuv420p", "yuvj420p")


def prove_whole(clip: Clip, on_progress: OnProgress | None = None) -> None:
    """Clip -> nothing, or UnreadableClip naming the time at which its film is damaged.

    Decodes every frame. `open_clip` alone notices that the end of a file is missing; this is needed
    once for a film that comes in from outside, whose bytes may be spoilt in the middle.
    """
    count = len(clip.time_s)
    for number, _ in decoded(replace(clip, take=(0, count))):
        if on_progress:
            on_progress("check", (number + 1) / count)


def browser_copy(source: Path, target: Path, on_progress: OnProgress | None = None) -> None:
    """Film -> the same film as every browser plays it, without sound, long side at most 1920.

    It is stepped through frame by frame, so key frames lie close.
    Frames keep their own times (as the file plays: slow motion stays slow).
    """
    clip = open_clip(source)
    count = len(clip.time_s)
    pictures = frames(clip, max_side_px=1920)
    number, image = next(pictures)
    with FilmWriter(target, (image.shape[1], image.shape[0]), clip.time_s, preset="superfast", stepped=True) as writer:
        writer.add(image, clip.time_s[number])
        for number, image in pictures:
            writer.add(image, clip.time_s[number])
            if on_progress:
                on_progress("copy", (number + 1) / count)


def _refuse_no_file(path: Path) -> None:
    if path.is_dir():
        raise UnreadableClip(f"{path.name} is a folder: choose a film inside it.")
    if not path.exists():
        raise UnreadableClip(f"There is no file {path.name} in {path.parent}: check the name and the folder.")
    if path.stat().st_size == 0:
        raise UnreadableClip(f"{path.name} is empty, 0 bytes: {COPY_AGAIN}.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """Film -> (container, its picture stream), closed behind us; libav's refusals in the player's words."""
    damaged = UnreadableClip(f"{path.name} is damaged: {COPY_AGAIN}.")
    try:
        container = av.open(str(path), options={"format_whitelist": _FORMATS}, metadata_errors="replace")
    except PermissionError as error:
        raise UnreadableClip(f"{path.name} may not be read: allow it, or copy the film elsewhere.") from error
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
        try:
            yield container, stream
        except (av.FFmpegError, StopIteration) as error:
            raise damaged from error


def _frame_ticks(path: Path, container: Any, stream: Any) -> tuple[NDArray[np.int64], Any]:
    """Opened film -> (rising times of its frames in ticks, its first frame)."""
    fast = stream.codec_context.name in _PACKET_IS_FRAME
    ticks: list[int | None] = []
    first, count, end_s = None, 0, 0.0
    for packet in container.demux():
        if packet.size and packet.pts is not None and packet.time_base:
            end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        if packet.stream_index != stream.index:
            continue
        count += bool(packet.size)
        if fast and packet.size and not packet.is_discard:
            ticks.append(packet.pts)
        if first is None or not fast:
            for frame in stream.decode(packet):  # a damaged file can change what packet.decode() rests on
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
    """Raise when the film states more than there is."""
    if 0 < count < stream.frames:
        raise UnreadableClip(
            f"{path.name} is cut short: only {count} of {stream.frames} frames are there; {COPY_AGAIN}."
        )
    if "matroska" not in container.format.name or not container.duration:
        return
    stated_s = container.duration / av.time_base
    if end_s < stated_s - 0.15:
        raise UnreadableClip(
            f"{path.name} is cut short: only {end_s:.1f} of {stated_s:.1f} seconds are there; {COPY_AGAIN}."
        )


def _pictures(container: Any, stream: Any) -> Iterator[Any]:
    """Opened film -> its frames that have a time, from where it stands."""
    for packet in container.demux(stream):
        yield from (frame for frame in stream.decode(packet) if frame.pts is not None)


def decoded(clip: Clip) -> Iterator[tuple[int, Any]]:
    """Clip -> (frame number, decoded frame) for each frame of its take: `Pictures` makes images of it, of any size.

    For several images of each frame in one forward decode. Raises UnreadableClip where a frame cannot be decoded.
    """
    return through(clip, _decoded)


def _decoded(clip: Clip) -> Iterator[tuple[int, Any]]:
    wanted, stop = clip.take
    with _opened(clip.path) as (container, stream):
        try:
            pictures, zero = _from(clip, wanted, container, stream)
            for frame in pictures:
                number = _number_at(clip, frame, zero)
                if number is None or number < wanted:
                    continue
                if number > wanted:
                    break
                yield number, frame
                wanted += 1
                if wanted == stop:
                    return
        except av.FFmpegError as error:
            raise _damaged(clip, wanted) from error
        raise _damaged(clip, wanted)


def _from(clip: Clip, wanted: int, container: Any, stream: Any) -> tuple[Iterator[Any], int]:
    """Opened film -> its frames from the wanted one or a little earlier, and the tick of its first frame.

    What begins far into the film is sought by its time. A key frame sought lies at or before that; where it does not
    (it is sought by decoding time), the search begins earlier.
    """
    pictures = _pictures(container, stream)
    first = next(pictures)
    if clip.time_s[wanted] * clip.slow_motion < FAR_S:
        return chain([first], pictures), first.pts
    for ahead_s in (1.0, 10.0):
        target_s = clip.time_s[wanted] * clip.slow_motion - ahead_s
        container.seek(first.pts + round(target_s / float(stream.time_base)), stream=stream, backward=True)
        pictures = _pictures(container, stream)
        found = next(pictures, None)
        if found is not None and _time_s(clip, found, first.pts) <= clip.time_s[wanted]:
            return chain([found], pictures), first.pts
    container.seek(0)
    return _pictures(container, stream), first.pts


def _damaged(clip: Clip, frame: int) -> UnreadableClip:
    return UnreadableClip(
        f"{clip.path.name} is damaged {clip.time_s[frame] * clip.slow_motion:.1f} s after its start: {COPY_AGAIN}."
    )


def _time_s(clip: Clip, frame: Any, zero: int) -> float:
    return float((frame.pts - zero) * float(frame.time_base) / clip.slow_motion)


def _number_at(clip: Clip, frame: Any, zero: int) -> int | None:
    """Decoded frame -> its number in the film by its time, None when no frame of the clip has it."""
    time_s = _time_s(clip, frame, zero)
    number = int(np.searchsorted(clip.time_s, time_s - 1e-7))
    return number if number < len(clip.time_s) and abs(clip.time_s[number] - time_s) < 1e-6 else None
