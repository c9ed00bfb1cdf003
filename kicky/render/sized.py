"""Pictures -> a film of at most so many bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from ..domain import Floats
from ..errors import UnfitClip
from ..video import FilmWriter, Image

MOST_BYTES = 8_000_000
TRIES, LESS = 5, 0.7


def written(
    path: Path, size_wh: tuple[int, int], shown_s: Floats, pictures: Callable[[], Iterable[tuple[float, Image]]],
    most_bytes: int = MOST_BYTES,
) -> None:  # fmt: skip
    """Where, size, times, what gives the pictures anew -> the film. Raises: UnfitClip, StorageFailed.

    As good as it may be in that many bytes; one that comes out larger all the same is made again at a lower rate.
    """
    aimed = float(most_bytes)
    for _ in range(TRIES):
        with FilmWriter(path, size_wh, shown_s, preset="superfast", most_bytes=round(aimed)) as writer:
            for time_s, image in pictures():
                writer.add(image, time_s)
        if path.stat().st_size <= most_bytes:
            return
        aimed *= LESS
    path.unlink(missing_ok=True)
    raise UnfitClip("This shot cannot be made small enough to send: cut its clip shorter, and analyse that one.")
