"""Clip -> its frames, in one forward decode; time comes only from their timestamps."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import av
import numpy as np

from ..domain import Clip, OnProgress
from ..errors import UnfitClip, UnreadableClip
from .files import COPY_AGAIN, opened, pictures
from .picture import Image, Pictures
from .reel import through
from .steady import Steadied

FAR_S = 20.0  # what begins later than this is sought, not decoded up to


def frames(
    clip: Clip,
    *,
    gray: bool = False,
    max_side_px: int | None = None,
    only: Container[int] | None = None,
    as_filmed: bool = False,
) -> Iterator[tuple[int, Image]]:
    """Clip -> (frame number, image) for each frame of its take (or those of `only` in it), in one forward decode.

    Image: uint8, (H, W, 3) BGR or (H, W) gray, rotation applied, pixels square; shrunk so that its
    longer side is at most `max_side_px`. Gray is the film's own luma (16 is black and 235 white in most films).
    Of a camera that moved the images lie as its reference does, unless they are wanted `as_filmed`.
    Raises UnreadableClip where a frame cannot be decoded.
    """
    picture = Pictures(gray, max_side_px, clip.size_wh_px)
    steady = None if as_filmed else _steadied(clip, gray, max_side_px)
    for number, frame in decoded(clip):
        if only is None or number in only:
            image = picture(frame)
            yield number, image if steady is None else steady(number, image)


def _steadied(clip: Clip, gray: bool, max_side_px: int | None) -> Steadied | None:
    """Clip, what its images are to be -> what lays them on their reference, None for a camera that stood still."""
    if clip.steadying is None:
        return None
    at = clip.steadying.reference
    alone = replace(clip, take=(at, at + 1))
    _, reference = next(frames(alone, gray=gray, max_side_px=max_side_px, as_filmed=True))
    return Steadied(clip.steadying, clip.size_wh_px, reference)


def decoded(clip: Clip) -> Iterator[tuple[int, Any]]:
    """Clip -> (frame number, decoded frame) for each frame of its take: `Pictures` makes images of it, of any size.

    For several images of each frame in one forward decode. Raises UnreadableClip where a frame cannot be decoded.
    """
    return through(clip, _decoded)


def still(clip: Clip, frame: int) -> Image:
    """Clip, frame number -> that frame in BGR at full size, found by its time; steadied as `frames` is."""
    steady = _steadied(clip, False, None)
    image = _still(clip, frame)
    return image if steady is None else steady(frame, image)


def _still(clip: Clip, frame: int) -> Image:
    if not 0 <= frame < len(clip.time_s):
        raise UnfitClip(f"{clip.path.name} has {len(clip.time_s)} frames: there is no frame {frame}.")
    with opened(clip.path) as (container, stream):
        zero = next(pictures(container, stream)).pts
        ahead = clip.time_s[frame] * clip.slow_motion / float(stream.time_base)
        container.seek(zero + round(ahead), stream=stream, backward=True)
        for picture in pictures(container, stream):
            number = _number_at(clip, picture, zero)
            if number == frame:
                return Pictures(size_wh_px=clip.size_wh_px)(picture)
            if _time_s(clip, picture, zero) > clip.time_s[frame]:
                break
    # The key frame found lies later (it is sought by decoding time): count from the start instead.
    return next(image for _, image in frames(replace(clip, take=(frame, frame + 1)), as_filmed=True))


def prove_whole(clip: Clip, on_progress: OnProgress | None = None) -> None:
    """Clip -> nothing, or UnreadableClip naming the time at which its film is damaged.

    Decodes every frame. `open_clip` alone notices that the end of a file is missing; this is needed
    once for a film that comes in from outside, whose bytes may be spoilt in the middle.
    """
    count = len(clip.time_s)
    for number, _ in decoded(replace(clip, take=(0, count))):
        if on_progress:
            on_progress("check", (number + 1) / count)


def _decoded(clip: Clip) -> Iterator[tuple[int, Any]]:
    wanted, stop = clip.take
    with opened(clip.path) as (container, stream):
        try:
            found, zero = _from(clip, wanted, container, stream)
            for frame in found:
                number = _number_at(clip, frame, zero)
                if number is None or number < wanted:
                    continue
                if number > wanted:
                    break
                yield number, frame
                wanted += 1
                if wanted == stop:
                    return
        except MemoryError:  # no damage, though libav's is an error of its own kind, too
            raise
        except av.FFmpegError as error:
            raise _damaged(clip, wanted) from error
        raise _damaged(clip, wanted)


def _from(clip: Clip, wanted: int, container: Any, stream: Any) -> tuple[Iterator[Any], int]:
    """Opened film -> its frames from the wanted one or a little earlier, and the tick of its first frame.

    What begins far into the film is sought by its time. A key frame sought lies at or before that; where it does not
    (it is sought by decoding time), the search begins earlier.
    """
    coming = pictures(container, stream)
    first = next(coming)
    if clip.time_s[wanted] * clip.slow_motion < FAR_S:
        return chain([first], coming), first.pts
    for ahead_s in (1.0, 10.0):
        target_s = clip.time_s[wanted] * clip.slow_motion - ahead_s
        container.seek(first.pts + round(target_s / float(stream.time_base)), stream=stream, backward=True)
        coming = pictures(container, stream)
        found = next(coming, None)
        if found is not None and _time_s(clip, found, first.pts) <= clip.time_s[wanted]:
            return chain([found], coming), first.pts
    container.seek(0)
    return pictures(container, stream), first.pts


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
