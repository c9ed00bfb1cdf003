"""Two reports of one clip -> one film of both, side by side and in step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import cv2
import numpy as np

from ..domain import OnProgress, Report
from ..speeds import Unit
from ..video import FilmWriter, Image, frames
from . import brush
from .artist import Artist
from .brush import WHITE

WIDE_PX, BAND = 800, 36  # of each picture's longer side; the band that says whose it is


def beside(seen: Sequence[tuple[str, Report]], path: Path, on_progress: OnProgress, unit: Unit = Unit.KMH) -> None:
    """Names and reports of one clip -> the film, the first on the left; stage told: film. Raises: StorageFailed."""
    clip = seen[0][1].shot.clip
    start, stop = clip.take
    scale = min(1.0, WIDE_PX / max(clip.size_wh_px))
    artists = [(name, Artist(report, None, scale=scale, unit=unit)) for name, report in seen]
    film_s = clip.time_s - clip.time_s[start]
    filmed = frames(clip, max_side_px=WIDE_PX, as_filmed=True)
    pictures = ((number, _both(bare, artists, number)) for number, bare in filmed)
    first = next(pictures)
    size_wh = first[1].shape[1], first[1].shape[0]
    with FilmWriter(path, size_wh, film_s[start:stop], preset="superfast") as writer:
        for number, image in chain([first], pictures):
            writer.add(image, float(film_s[number]))
            on_progress("film", (number + 1 - start) / (stop - start))


def _both(bare: Image, artists: Sequence[tuple[str, Artist]], number: int) -> Image:
    """A frame -> as each sees it, beside each other under their names; both sides even, as films need it."""
    whole = np.hstack([_drawn(bare, name, artist, number) for name, artist in artists])
    return np.ascontiguousarray(whole[: whole.shape[0] // 2 * 2, : whole.shape[1] // 2 * 2])


def _drawn(bare: Image, name: str, artist: Artist, number: int) -> Image:
    image = bare.copy()
    artist.draw(image, number)
    band = np.full((BAND, image.shape[1], 3), 24, dtype=np.uint8)
    size = brush.fitting(name, 20, 700, image.shape[1] - 24)
    brush.words(band, name, 12, 26, size, 700, WHITE)
    return np.asarray(cv2.vconcat([band, image]), dtype=np.uint8)
