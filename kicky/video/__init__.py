"""File -> Clip, Clip -> frames, frames -> film. PyAV lives here; time comes only from timestamps.

opening: a file as a Clip. decoding: a clip's frames. picture: a frame as an image. film: images as a film.
"""

from __future__ import annotations

from pathlib import Path

from ..domain import OnProgress
from .decoding import decoded as decoded
from .decoding import frames as frames
from .decoding import prove_whole as prove_whole
from .decoding import still as still
from .files import stated_frames as stated_frames
from .film import FilmWriter as FilmWriter
from .opening import open_clip as open_clip
from .opening import open_listed as open_listed
from .opening import plays_in_browsers as plays_in_browsers
from .picture import Image as Image
from .reel import decoded_once as decoded_once


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
