"""Report -> a film small enough for a phone's messenger: the kick slowly, the flight, and in words what is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from ..domain import Floats, OnProgress, Report
from ..video import Image, frames
from ..video.ahead import ahead
from .artist import Artist
from .framing import View, filled, upright, whole
from .sized import written
from .sketch import sketched
from .slowly import SHORT, Span, Timeline, timeline
from .strip import About, Now, Strip, now

UPRIGHT_WH = (720, 1280)
LONGEST_PX, LARGEST_PX = 1280, 1920  # of a film as it was filmed; of the pictures that are looked at for either
AHEAD = 3
BOLD = 1.8  # lines as thick as a phone shows them


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """A shot made ready to be shown: what, when, where to look, and the words."""

    report: Report
    artist: Artist
    line: Timeline
    view: View
    strip: Strip
    picture_wh: tuple[int, int]

    @property
    def size_wh(self) -> tuple[int, int]:
        """-> width and height with the words."""
        return self.picture_wh[0], self.picture_wh[1] + self.strip.height

    def pictures(self) -> Iterator[tuple[int, Image]]:
        """-> (place in the timeline, picture), in order."""
        shown = self.line.frames
        clip = replace(self.report.shot.clip, take=(int(shown[0]), int(shown[-1]) + 1))
        wanted = frozenset(shown.tolist())
        filmed = frames(clip, max_side_px=LARGEST_PX, only=wanted, as_filmed=True)
        places = [list(group) for _, group in groupby(range(len(shown)), key=shown.__getitem__)]
        for of, (number, bare) in zip(places, filmed, strict=True):
            drawn: tuple[Floats, Image] | None = None
            for place in of:
                looks = np.append(self.view.corner_px[place], self.line.held[place])
                if drawn is None or (drawn[0] != looks).any():
                    drawn = looks, self._drawn(bare, number, place)
                yield place, np.asarray(cv2.vconcat([drawn[1], self.strip.draw(self._now(place))]), np.uint8)

    def _drawn(self, bare: Image, number: int, place: int) -> Image:
        size_wh_px = self.report.shot.clip.size_wh_px
        image = self.view.cut(bare, place, size_wh_px[0], self.picture_wh)
        corner, scale = self.view.corner_px[place], self.picture_wh[0] / self.view.size_wh_px[0]
        if self.line.held[place]:
            sketched(image, self.strip.about.drawings[number], size_wh_px, corner, scale)
            return image
        self.artist.aim(number, corner, scale)
        self.artist.draw_ball_only(image, number)
        return image

    def _now(self, place: int) -> Now:
        at, line = float(self.line.shown_s[place]), self.line
        since_s = None if line.struck_s is None else at - line.struck_s
        return now(since_s, at - line.told_s, line.slow if line.slowed[place] else 1.0)


def scene(
    report: Report, about: About, *, tall: bool, span: Span = SHORT, step_s: float | None = None,
    wide_px: int = UPRIGHT_WH[0],
) -> Scene:  # fmt: skip
    """Report, what else is said, upright 9:16 or as it was filmed, what of it, seconds a picture -> it made ready."""
    shot = report.shot
    artist = Artist(report, None, bold=BOLD)
    line = timeline(shot, artist.told_s, span, step_s, tuple(about.drawings))
    wide, high = shot.clip.size_wh_px
    if tall:
        strip = Strip(report, about, wide_px, narrow=True)
        size = wide_px, round(wide_px * UPRIGHT_WH[1] / UPRIGHT_WH[0]) // 2 * 2 - strip.height
        at = int(line.frames[0])
        _, first = next(frames(replace(shot.clip, take=(at, at + 1)), max_side_px=LARGEST_PX, as_filmed=True))
        view = upright(shot, line, size[0] / size[1], filled(first, shot.clip.size_wh_px))
        view = _on_drawings(view, line, about, shot.clip.size_wh_px)
    else:
        scale = min(1.0, LONGEST_PX / max(wide, high))
        size = _even(scale * wide), _even(scale * high)
        strip = Strip(report, about, size[0], narrow=high > wide)
        view = whole(shot, len(line.frames))
    return Scene(report, artist, line, view, strip, size)


def _on_drawings(view: View, line: Timeline, about: About, size_wh_px: tuple[int, int]) -> View:
    """View of an upright film -> the same, moved sideways onto what is drawn while that stands."""
    corner = view.corner_px.copy()
    for place in np.flatnonzero(line.held):
        points = [point for shape in about.drawings[int(line.frames[place])] for point in shape.points]
        x = np.array(points)[:, 0] * size_wh_px[0]
        if x.min() < corner[place, 0] or x.max() > corner[place, 0] + view.size_wh_px[0]:
            middle = (x.min() + x.max() - view.size_wh_px[0]) / 2
            corner[place, 0] = np.clip(middle, 0.0, max(size_wh_px[0] - view.size_wh_px[0], 0.0))
    return View(corner, view.size_wh_px)


def _even(side: float) -> int:
    return max(2, round(side / 2) * 2)


def short(report: Report, about: About, path: Path, on_progress: OnProgress, *, tall: bool) -> None:
    """Report, what else is said -> its short film, upright 9:16 or as it was filmed, at most MOST_BYTES; stage: film.

    Raises: UnreadableClip, UnfitClip, StorageFailed.
    """
    made = scene(report, about, tall=tall)
    line = made.line

    def pictures() -> Iterator[tuple[float, Image]]:
        for place, image in ahead(made.pictures(), AHEAD):
            on_progress("film", place / len(line.frames))
            yield float(line.shown_s[place]), image

    written(path, made.size_wh, line.shown_s, pictures)
