"""A stretch of a session's film -> a film of its own, cut exactly at its frames."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from ..domain import Floats, OnProgress
from ..drafts import draft
from ..errors import KickyError
from ..video import FilmWriter, frames, open_clip
from ..video.files import url
from .film import SessionFilm

FINE = 16  # x264's constant quality: a ball of five pixels has to survive being written again
CLOSE_S = 5e-4


def cut(film: SessionFilm, first: int, last: int, target: Path, on_progress: OnProgress | None = None) -> str:
    """Film, first and last frame, where to -> "copied" or "written again".

    The film's own packets are copied where the cut begins at a key frame and nothing outside it is needed; else the
    frames are encoded anew. Either way they are the same frames, apart by the same times. Raises: UnreadableClip,
    StorageFailed; the target is then not there.
    """
    time_s = film.clip.time_s[first : last + 1]
    if first in film.keys and _copied(film, time_s, target):
        return "copied"
    stretch = replace(film.clip, take=(first, last + 1))
    pictures = frames(stretch)
    number, image = next(pictures)
    with FilmWriter(target, (image.shape[1], image.shape[0]), time_s - time_s[0], quality=FINE) as writer:
        writer.add(image, 0.0)
        for number, image in pictures:
            writer.add(image, film.clip.time_s[number] - time_s[0])
            if on_progress:
                on_progress("cut", (number - first) / max(len(time_s) - 1, 1))
    return "written again"


def _copied(film: SessionFilm, time_s: Floats, target: Path) -> bool:
    """-> whether the packets alone gave just these frames at these times; else nothing is left behind."""
    try:
        with draft(target.parent, ".mp4") as part:
            _copy_packets(film, time_s, part)
            made = open_clip(part)
            same = len(made.time_s) == len(time_s) and made.size_wh_px == film.clip.size_wh_px
            if not same or np.abs(made.time_s - (time_s - time_s[0])).max() > CLOSE_S:
                return False
            part.replace(target)
            return True
    except (av.FFmpegError, KickyError, ValueError, OSError):
        return False  # this container cannot hold these packets: they are encoded anew, and a full disk is told there


def _copy_packets(film: SessionFilm, time_s: Floats, part: Path) -> None:
    """The packets shown from `time_s`' first to its last, in the order they lie -> a film of them."""
    with av.open(url(film.clip.path)) as source, av.open(url(part), "w", options={"movflags": "+faststart"}) as out:
        stream: Any = source.streams.best("video")
        zero = next(source.decode(stream)).pts
        base = Fraction(stream.time_base)
        begin, end = (zero + round(float(s) / base) for s in (time_s[0], time_s[-1]))
        source.seek(int(begin), stream=stream, backward=True)
        target = out.add_stream_from_template(stream)
        wanted = len(time_s)
        for packet in source.demux(stream):
            if packet.pts is None or packet.pts < begin - 1:
                continue
            if packet.pts > end + 1:
                break  # later ones are needed by none of ours, or the count will not be right
            packet.pts, packet.dts = packet.pts - begin, packet.dts - begin
            packet.stream = target
            out.mux(packet)
            wanted -= 1
            if not wanted:
                break
