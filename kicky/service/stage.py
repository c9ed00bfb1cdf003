"""A shot's film to be stepped through: when each frame is shown, where kick, goal line, ball and shooter are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import storage
from ..errors import KickyError, NotFound, called
from ..storage import files
from ..storage.views import ShotView

if TYPE_CHECKING:
    from ..domain import Report

BYTES = 8  # of each frame's time
BEFORE_S = 0.8  # a run-up's last steps: where the film stands when the page opens
AROUND_S = 0.4  # of the loop, to either side of contact
THUMB_WH, THUMB_QUALITY = (240, 150), 80
Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


def times(film: Path) -> bytes:
    """Film -> the seconds at which its frames are shown, as little-endian float64. Raises: UnreadableClip."""
    about = film.stat()
    return _times(film, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=16)
def _times(film: Path, _size: int, _modified: int) -> bytes:
    from .. import video

    clip, _ = video.open_listed(film)
    return (clip.time_s * clip.slow_motion).astype("<f8").tobytes()


@dataclass(frozen=True, slots=True)
class StageView:
    """Frames of the clip, None where not known; places as shares of its picture.

    `picture` is x0, y0, x1, y1 of what lies between black bars, `size_wh_px` that of the whole. `ball` is frame, x, y;
    `body` frame, x and y of the shooter's middle and how tall he is. `drawn_from` is the frame that the film with the
    drawing begins with.
    """

    size_wh_px: tuple[int, int]
    picture: Box = WHOLE
    contact: int | None = None
    arrival: int | None = None
    start: int = 0
    loop: tuple[int, int] | None = None
    ball: tuple[tuple[int, float, float], ...] = ()
    body: tuple[tuple[int, float, float, float], ...] = ()
    drawn_from: int = 0


def of_shot(shot: ShotView) -> StageView:
    """Shot -> how its film is stepped through; with no more than its size where its tracks are gone."""
    row = storage.clip(shot.clip_id)
    evidence = storage.evidence_file(shot.id)
    picture = _picture(shot.copy or files.there(row.file))
    try:
        return _stage(shot.id, evidence, picture)
    except NotFound:
        return StageView((row.width, row.height), picture)


@lru_cache(maxsize=128)
def _stage(shot_id: int, evidence: Path, picture: Box) -> StageView:  # noqa: ARG001 a shot judged anew has another file
    from .. import render

    report = storage.report(shot_id)
    clip, contact = report.shot.clip, report.shot.kick_frame
    start, loop = clip.take[0], None
    if contact is not None:
        around = clip.time_s.searchsorted(clip.time_s[contact] + [-BEFORE_S, -AROUND_S, AROUND_S])
        start, first, last = (min(max(int(each), clip.take[0]), clip.take[1] - 1) for each in around)
        loop = (first, last)
    return StageView(
        clip.size_wh_px, picture, contact, report.outcome.frame, start, loop, *_tracks(report),
        render.begins(report.shot),
    )  # fmt: skip


def _tracks(report: Report) -> tuple[Any, Any]:
    """Report -> frames and places of the ball and of the shooter, where the film's own frames show them."""
    import numpy as np

    from ..footage import as_filmed

    shot = as_filmed(report.shot)
    size = np.array(shot.clip.size_wh_px, dtype=float)

    def rows(*columns: Any) -> Any:
        table = np.column_stack(columns).round(4)
        seen = np.flatnonzero(np.isfinite(table).all(axis=1))
        return tuple((int(frame), *table[frame].tolist()) for frame in seen)

    shooter = next((player for player in shot.players if player.label == shot.shooter), None)
    body = () if shooter is None else rows(shooter.centre_px / size, shooter.size_px[:, 1] / size[1])
    return rows(shot.ball.centre_px / size), body


def _picture(film: Path | None) -> Box:
    """Film -> the part of its picture between black bars; all of it where the film is gone or cannot be read."""
    if film is None or not film.is_file():
        return WHOLE
    about = film.stat()
    return _between_bars(film, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=512)
def _between_bars(film: Path, _size: int, _modified: int) -> Box:
    from .. import video
    from ..scene import lens

    try:
        clip, _ = video.open_listed(film)
        image = video.still(clip, 0)
    except KickyError:
        return WHOLE
    return lens.between_bars(image)


def thumb(shot_id: int) -> bytes:
    """Shot -> a small JPEG of its strike, kept beside its evidence. Raises: NotFound, UnreadableClip, StorageFailed."""
    return files.kept(files.beside(storage.evidence_file(shot_id), "thumb.jpg"), lambda: _thumb(shot_id))


def _thumb(shot_id: int) -> bytes:
    from ..render import close
    from . import stills

    shot = storage.evidence(shot_id)
    row = storage.clip(storage.shots(shot_id=shot_id)[0].clip_id)
    storage.film_there(row)
    number = shot.clip.take[0] if shot.kick_frame is None else shot.kick_frame
    with called(row.file, row.name):
        image = close.stills(shot, (number,))[number]
    return stills.jpeg(close.cut(shot, image, number, (number,), THUMB_WH).image, THUMB_QUALITY)
