"""What the worker can do: one function a kind of job. Job, what to tell -> the shot it made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from .. import pipeline, render, storage, video
from ..domain import NOTHING_SAID, OnProgress, Report, Said, Scene
from ..errors import UnfitClip, called
from ..scene import from_json, marks
from ..storage import corrected, files, labels, settings
from ..storage.database import told, writing
from ..storage.kinds import COPY
from ..storage.tables import ClipRow, JobRow
from . import together
from .together import bundle

__all__ = ["analyze", "bundle", "copy", "redraw", "resettle", "scene_of"]

# How an analysis divides its time: where each stage ends. A stage not named here leaves the bar where it is.
ENDS = {
    "open": 0.02, "footage": 0.12, "detect": 0.40, "scene": 0.48, "flight": 0.5,
    "pose": 0.66, "measure": 0.67, "film": 0.98, "store": 1.0,
}  # fmt: skip
RESETTLED = {"scene": 0.2, "flight": 0.45, "pose": 0.95, "measure": 0.98, "store": 1.0}
SAME_SHAPE = 0.01


def analyze(job: JobRow, tell: OnProgress) -> int:
    """Job -> the shot's number: clip opened, analysed, drawn and stored; a copy for the browser is queued."""
    row = storage.clip(job.clip_id)
    detector = str(job.settings["detector"])
    on_progress = spread(tell)
    on_progress("open", 0.0)
    film_file = storage.film_there(row)
    with video.decoded_once():
        with called(row.file, row.name):
            clip = video.open_clip(film_file, row.slow_motion)
            report = pipeline.analyze(
                clip, detector, scene_of(row), on_progress, clicked_on=clicked_on(row), session=together.camera_of(row),
                said=_said(job, row),
            )  # fmt: skip
        with _drawn(corrected.report(report, row.id or 0), row, job, on_progress) as film:
            on_progress("store", 0.0)
            shot_id = storage.save(report, row.id or 0, detector, film)
    _keep_ball(job, row)
    together.queue(row)
    _queue_copy(row)
    return shot_id


def resettle(job: JobRow, tell: OnProgress) -> int:
    """Job -> its shot's number: judged anew with what a person saw last; its film is drawn again after.

    Where that word was taken back meanwhile the shot stays as it is.
    """
    shot_id, row = int(job.settings["shot_id"]), storage.clip(job.clip_id)
    said = _said(job, row)
    if said == NOTHING_SAID:
        return shot_id
    on_progress = spread(tell, RESETTLED)
    storage.film_there(row)
    with called(row.file, row.name):
        before = storage.report(shot_id)
        report = pipeline.resettled(before, said, on_progress, session=together.camera_of(row))
    on_progress("store", 0.0)
    storage.replace_report(shot_id, report)
    _keep_ball(job, row)
    together.queue_redraw(shot_id)
    return shot_id


def _said(job: JobRow, row: ClipRow) -> Said:
    """-> what a person saw of the clip; where the ball lies is the job's own word, until it has proved right."""
    pointed = job.settings.get("ball_px")
    said = labels.said(row.id or 0)
    return said if pointed is None else replace(said, ball_px=(float(pointed[0]), float(pointed[1])))


def _keep_ball(job: JobRow, row: ClipRow) -> None:
    """Job that found a ball where a person pointed -> that word is kept through every later analysis."""
    if (pointed := job.settings.get("ball_px")) is not None:
        labels.put(row.id or 0, labels.BALL_PX, f"{pointed[0]:.1f},{pointed[1]:.1f}")


def redraw(job: JobRow, tell: OnProgress) -> None:
    """Job -> its shot's film shows what the shot says since it was judged anew."""
    shot_id, row = int(job.settings["shot_id"]), storage.clip(job.clip_id)
    report = storage.report(shot_id)
    shown = corrected.report(report, row.id or 0)
    with called(row.file, row.name), _drawn(shown, row, job, tell) as film:
        storage.replace_report(shot_id, report, film)


@contextmanager
def _drawn(report: Report, row: ClipRow, job: JobRow, tell: OnProgress) -> Iterator[Path]:
    """Report -> its annotated film, for a block that stores it; it goes when that fails."""
    film = files.named(f"{row.sha256[:16]}-{job.id}.film.mp4")
    try:
        with told(film):
            render.film(report, film, tell, unit=settings.speed_unit())
        yield film
    except BaseException:
        film.unlink(missing_ok=True)
        raise


def _queue_copy(row: ClipRow) -> None:
    """Clip -> a job of its own for its copy, unless it was made: no verdict waits for it."""
    if not _has_copy(row):
        with writing() as db:
            db.add(JobRow(kind=COPY, clip_id=row.id or 0))


def _has_copy(row: ClipRow) -> bool:
    return files.there(row.browser_copy) is not None


def copy(job: JobRow, tell: OnProgress) -> None:
    """Job -> the clip's film as every browser plays it, beside the one that is drawn on."""
    row = storage.clip(job.clip_id)
    if _has_copy(row):
        return
    target = files.named(f"{row.sha256}.browser.mp4")
    with told(target):
        video.browser_copy(files.named(row.file), target, tell)
    storage.change_clip(row.id or 0, browser_copy=target.name)


def scene_of(row: ClipRow) -> Scene | None:
    """Clip -> its own goal or its session's, in its own pixels; None when nobody clicked one.

    Raises: UnfitClip when the session's goal was clicked on a picture of another shape.
    """
    values, size = storage.scene_values(row)
    if values is None:
        return None
    across, down = row.width / size[0], row.height / size[1]
    if abs(across / down - 1) > SAME_SHAPE:
        raise UnfitClip(
            f"{row.name} is {row.width} × {row.height}, but the goal was clicked on a picture of "
            f"{size[0]} × {size[1]}: put this clip in a session of its own and click its goal."
        )
    values = together.of_clip(values, row)
    corners = [(x * across, y * down) for x, y in values["goal_corners_px"]]
    clicked = marks.scaled(values.get("marks") or {}, across, down)
    focal_px = values.get("focal_px") and values["focal_px"] * across
    source = values.get("source", "clicked") if (across, down) == (1.0, 1.0) else "inherited"
    return from_json(values | {"goal_corners_px": corners, "focal_px": focal_px, "source": source, "marks": clicked})


def clicked_on(row: ClipRow) -> video.Image | None:
    """Clip -> the gray picture its session's goal was clicked on, None where that was this clip, or none was kept."""
    values, _ = storage.scene_values(row)
    other = values.get("clip_id") if values else None
    if row.scene is not None or other is None or other == row.id:
        return None
    path = storage.goal_picture(row.session_id, other)
    if not path.exists():
        return None
    with told(path):
        return np.asarray(cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def spread(tell: OnProgress, ends: Mapping[str, float] = ENDS) -> OnProgress:
    """What takes (stage, share of all), where each stage ends -> what takes (stage, share of that stage)."""
    starts = dict(zip(ends, [0.0, *ends.values()], strict=False))

    def on_progress(stage: str, share: float) -> None:
        start = starts.get(stage, 0.0)
        tell(stage, start + (ends.get(stage, start) - start) * share)

    return on_progress
