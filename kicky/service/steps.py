"""When each frame of a film is shown: what the stepper in the browser steps by."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

BYTES = 8  # of each frame's time


def times(film: Path) -> bytes:
    """Film -> the seconds at which its frames are shown, as little-endian float64. Raises: UnreadableClip."""
    about = film.stat()
    return _times(film, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=16)
def _times(film: Path, _size: int, _modified: int) -> bytes:
    from .. import video

    clip, _ = video.open_listed(film)
    return (clip.time_s * clip.slow_motion).astype("<f8").tobytes()
