"""A replay -> its film from any view: the kick slowly, in pictures of its own, with the words beneath."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ...domain import OnProgress, Report
from ...video import Image
from ...video.ahead import ahead
from ..artist import Artist
from ..sized import written
from ..slowly import FPS, SHORT, Span, Timeline, timeline
from ..strip import About, Strip, now
from .picture import Player
from .told import Told

WIDE_WH, AHEAD = (1280, 720), 3


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """A replay made ready to be shown: when which moment, drawn by whom, and the words."""

    told: Told
    player: Player
    line: Timeline
    strip: Strip

    def pictures(self) -> Iterator[Image]:
        """-> the pictures in order; one that shows the same moment as the one before is drawn once."""
        low, high = self.told.ends
        before, drawn = np.nan, np.empty(0, np.uint8)
        for at, life_s, slow in zip(self.line.shown_s, self.line.life_s, self.line.slowed, strict=True):
            moment = float(np.clip(life_s - self.told.contact_s, low, high))
            if moment != before:
                before, drawn = moment, self.player.draw(moment)
            struck_s = None if self.line.struck_s is None else float(at) - self.line.struck_s
            words = self.strip.draw(now(struck_s, float(at) - self.line.told_s, self.line.slow if slow else 1.0))
            yield np.asarray(cv2.vconcat([drawn, words]), np.uint8)


def shown(
    made: Mapping[str, Any], report: Report, about: About, view: str, size_wh: tuple[int, int], span: Span
) -> Shown:
    """A replay, its report, what else is said, view, the picture's size with the words, what of it -> it made ready."""
    told = Told(made)
    strip = Strip(report, about, size_wh[0], narrow=size_wh[1] > size_wh[0])
    line = timeline(report.shot, Artist(report, None).told_s, span, 1 / FPS)
    return Shown(told, Player(told, view, (size_wh[0], size_wh[1] - strip.height)), line, strip)


def replayed(
    made: Mapping[str, Any], report: Report, about: About, view: str, path: Path, on_progress: OnProgress
) -> None:
    """A replay, its report, what else is said, view -> the film, lying; stage told: film.

    Raises: UnfitClip, StorageFailed.
    """
    scene = shown(made, report, about, view, WIDE_WH, SHORT)
    times = scene.line.shown_s

    def pictures() -> Iterator[tuple[float, Image]]:
        for place, image in enumerate(ahead(scene.pictures(), AHEAD)):
            on_progress("film", place / len(times))
            yield float(times[place]), image

    written(path, WIDE_WH, times, pictures)
