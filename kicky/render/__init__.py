"""Report -> annotated film and stills: who, where, which way, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import cv2
import numpy as np

from ..domain import OnProgress, Report, Scene
from ..scene import goal_lines_px, lens
from ..speeds import Unit
from ..video import FilmWriter, Image, frames, still
from ..video.ahead import ahead
from . import brush
from .aligned import aligned
from .artist import HOLD_S, LONGEST_PX, Artist, begins
from .beside import beside
from .brush import SUN, WHITE
from .gif import gif
from .reel import Title, reel
from .short import short
from .space import offered, replayed
from .strip import About
from .way import way_still

__all__ = [
    "HOLD_S",
    "LONGEST_PX",
    "About",
    "Artist",
    "Title",
    "aligned",
    "begins",
    "beside",
    "film",
    "gif",
    "offered",
    "reel",
    "replayed",
    "scene_still",
    "short",
    "strike_still",
    "way_still",
]
AHEAD = 2  # pictures made ready while one is drawn


def film(
    report: Report,
    path: Path,
    on_progress: OnProgress | None = None,
    *,
    possession: Sequence[str | None] | None = None,
    unit: Unit = Unit.KMH,
) -> None:
    """Report -> its shot as a film in life's own time, everything known drawn in; stage told: film.

    A film that begins long before the kick or goes on long after the verdict is cut to what is worth seeing.
    `possession` is who has the ball in each frame of the film, by the rules of `rules2d` when not
    given, `unit` what speeds are told in. The last picture stays until the verdict could be read. Raises StorageFailed.
    """
    artist = Artist(report, possession, unit=unit)
    start, stop = artist.stretch()
    clip = replace(report.shot.clip, take=(start, stop))
    film_s = clip.time_s - clip.time_s[start]
    pictures = ahead(frames(clip, max_side_px=LONGEST_PX, as_filmed=True), AHEAD)
    first = next(pictures)
    left, _, right, _ = lens.between_bars(first[1])
    artist.between = left, right
    size_wh = first[1].shape[1], first[1].shape[0]
    with FilmWriter(path, size_wh, film_s[start:stop], preset="superfast", stepped=True) as writer:
        for number, bare in chain([first], pictures):
            image = bare.copy()
            artist.draw(image, number)
            writer.add(image, float(film_s[number]))
            if on_progress:
                on_progress("film", (number + 1 - start) / (stop - start))
        _hold(writer, artist, bare, number, float(film_s[number]))


def _hold(writer: FilmWriter, artist: Artist, bare: Image, number: int, time_s: float) -> None:
    """Show the last picture until the banner has stood long enough to be read."""
    left_s = HOLD_S - artist.banner_age_s(number) if artist.tells else 0.0
    for later_s in np.arange(1, max(0, round(left_s * 15)) + 1) / 15:
        image = bare.copy()
        artist.draw(image, number, float(later_s))
        writer.add(image, time_s + float(later_s))


def strike_still(report: Report) -> Image:
    """Report -> the moment of contact, close in on the shooter (BGR); the take's first frame without a kick."""
    shot = report.shot
    number = shot.clip.take[0] if shot.kick_frame is None else shot.kick_frame
    image = still(shot.clip, number)
    seen = [shot.ball.box_px(number)]
    if shot.shooter is not None:
        seen.append(shot.player(shot.shooter).box_px(number))
    boxes = np.array([box for box in seen if np.isfinite(box).all()])
    x0, y0, x1, y1 = 0, 0, image.shape[1], image.shape[0]
    if shot.kick_frame is not None and len(boxes):
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        side = 1.5 * float((high - low).max())
        x0, y0 = (int(max(0, value)) for value in (low + high) / 2 - side / 2)
        x1, y1 = (int(min(end, value)) for end, value in zip((x1, y1), (low + high) / 2 + side / 2, strict=True))
    scale = min(LONGEST_PX / max(x1 - x0, y1 - y0), 4.0)
    close: Image = np.asarray(
        cv2.resize(image[y0:y1, x0:x1], None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), dtype=np.uint8
    )
    artist = Artist(report, None, offset=(x0, y0), scale=scale)
    artist.draw_players(close, number)
    artist.draw_skeleton(close, number)
    artist.draw_ball(close, number)
    artist.draw_facts(close, 1.0)
    return close


def scene_still(image: Image, scene: Scene) -> Image:
    """Still (BGR) and goal -> the still with the goal drawn back on it: its frame, its nine zones, its corners."""
    drawn = image.copy()
    width = max(1, round(max(image.shape[:2]) / 1280))
    segments = goal_lines_px(scene)
    zones = drawn.copy()
    for segment in segments[2:4] + segments[6:]:
        brush.line(zones, segment, WHITE, width, edge=False)
    cv2.addWeighted(zones, 0.5, drawn, 0.5, 0, dst=drawn)
    brush.line(drawn, np.vstack([scene.goal_corners_px, scene.goal_corners_px[:1]]), SUN, width)
    for corner in scene.goal_corners_px:  # open rings: the corner itself stays in sight
        brush.ring(drawn, corner, 7.0 * width, SUN, width)
    return drawn
