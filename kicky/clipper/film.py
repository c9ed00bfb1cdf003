"""A session's film, opened where it lies: its list of frames is read, not its gigabytes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain import Clip
from ..errors import UnfitClip, UnreadableClip
from ..video import open_listed
from ..video.apart import listed

SETTLES_S = 2.0  # a film that was written to more recently is probably still being copied


@dataclass(frozen=True, eq=False, slots=True)
class SessionFilm:
    """The film as a Clip (known by size and date, not by its bytes) and the numbers of its key frames."""

    clip: Clip
    keys: Any
    size_bytes: int
    modified_ns: int


def open_film(path: Path) -> SessionFilm:
    """File -> SessionFilm. Raises: UnreadableClip, also while the film is still being copied; UnfitClip."""
    path = Path(path)
    if not path.is_file():
        raise UnreadableClip(f"There is no film {path}: check the name and the folder.")
    before = path.stat()
    # What a clock that was ahead has dated is not being written now: only what is dated about now is.
    if abs(time.time() - before.st_mtime) < SETTLES_S:
        raise UnreadableClip(f"{path.name} is still being copied: wait until it is all there, then open it again.")
    try:
        clip, keys = listed(path)
    except UnreadableClip as error:
        if "cut short" in str(error):
            raise UnreadableClip(
                f"{path.name} is not all there: wait if it is still being copied, or copy it again from the phone."
            ) from error
        raise
    after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise UnreadableClip(f"{path.name} is still being copied: wait until it is all there, then open it again.")
    return SessionFilm(clip, keys, after.st_size, after.st_mtime_ns)


def unchanged(path: Path, size_bytes: int, modified_ns: int) -> SessionFilm:
    """A film that was opened before -> the same again. Raises as `refuse_changed` does."""
    refuse_changed(path, size_bytes, modified_ns)
    clip, keys = open_listed(path)
    return SessionFilm(clip, keys, size_bytes, modified_ns)


def refuse_changed(path: Path, size_bytes: int, modified_ns: int) -> None:
    """Raises: UnreadableClip when the film is gone, UnfitClip when other bytes lie there now."""
    if not path.is_file():
        raise UnreadableClip(f"The film {path} is gone: put it back there, or open it where it is now.")
    now = path.stat()
    if (now.st_size, now.st_mtime_ns) != (size_bytes, modified_ns):
        raise UnfitClip(f"{path.name} has changed since its cuts were made: open it again and look them through.")
