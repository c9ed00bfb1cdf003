"""The shots of a session put together: one camera for all of them, and each judged anew with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from sqlmodel import col, select

from .. import pipeline, storage
from ..domain import Camera, Floats, OnProgress, Report, Shot
from ..errors import BadScene
from ..scene import bundle as sessions
from ..scene import phones, spots, told_of
from ..scene.calibrate import outlook
from ..scene.drift import still_picture
from ..scene.lens import LONG_SIDE_MM
from ..storage import cameras, labels
from ..storage.database import writing
from ..storage.kinds import BUNDLE, REDRAW
from ..storage.tables import ClipRow, JobRow
from . import crew

FEWEST = 3
DAYS_DIFFER = 0.03  # ln f: what a phone's lens differs from day to day, by its focus and by how it steadies a film
MOST_OFF = 2.5  # standard deviations by which other days may correct what is stated: beyond, it was another lens
TOO_FEW = "Analyse three shots of this session first."


def bundle(job: JobRow, tell: OnProgress) -> None:
    """Job -> its clip's session has one camera, and its shots are judged anew with it.

    Fewer than three shots keep a camera each. Shot by shot a report is replaced whole or stays as it was; it also stays
    where the session's camera does not fit it. Films drawn before are drawn again afterwards. Raises: BadScene when no
    shot has a camera, or when they do not go together.
    """
    session_id = storage.clip(job.clip_id).session_id
    goal, sizes = cameras.goal(session_id), cameras.shots_with_camera(session_id)
    if goal is None or not sizes:
        raise BadScene(TOO_FEW)
    tell(BUNDLE, 0.0)
    told = {size: _by_other_days(goal, session_id, size) for size in set(sizes.values())}
    reports = {number: _restated(number, told[size]) for number, size in sizes.items()}
    found = None
    if enough(sizes):
        usual, _ = Counter(sizes.values()).most_common(1)[0]
        found = _of([report.shot for number, report in reports.items() if sizes[number] == usual])
        cameras.keep_bundle(session_id, found, goal)
    with_camera = [
        (report, scaled(found.camera, sizes[number]) if found else None) for number, report in reports.items()
    ]
    anew = crew.shared(_again, with_camera)
    for done, ((number, report), judged) in enumerate(zip(reports.items(), anew, strict=True), start=1):
        if judged.shot.scene is not None and judged.shot.scene.camera is not None:
            storage.replace_report(number, replace(judged, seconds=report.seconds))
            queue_redraw(number)
        tell(BUNDLE, done / len(reports))


def _again(shot: tuple[Report, Camera | None]) -> Report:
    return pipeline.again(*shot)


def queue_redraw(shot_id: int) -> None:
    """A shot judged anew -> its film is drawn again, unless that waits already or it has none."""
    shot = storage.shots(shot_id=shot_id)[0]
    if shot.film is None:
        return
    with writing() as db:
        waits = select(JobRow).where(JobRow.kind == REDRAW, JobRow.state == "queued", JobRow.clip_id == shot.clip_id)
        if all(job.settings["shot_id"] != shot_id for job in db.exec(waits).all()):
            db.add(JobRow(kind=REDRAW, clip_id=shot.clip_id, settings={"shot_id": shot_id}))


def queue(clip: ClipRow) -> None:
    """A clip just analysed -> its session's camera is worked out once all that waits is analysed, if it can be."""
    if clip.scene is not None or not enough(cameras.shots_with_camera(clip.session_id)):
        return
    with writing() as db:
        mine = select(JobRow).join(ClipRow).where(JobRow.kind == BUNDLE, col(JobRow.state) == "queued")
        if db.exec(mine.where(ClipRow.session_id == clip.session_id)).first() is None:
            db.add(JobRow(kind=BUNDLE, clip_id=cameras.clip_for(clip.session_id) or clip.id or 0))


def enough(sizes: Mapping[int, tuple[int, int]]) -> bool:
    """Shots and their pictures' sizes -> are there three of one size."""
    return max(Counter(sizes.values()).values(), default=0) >= FEWEST


def camera_of(clip: ClipRow) -> Camera | None:
    """Clip -> its session's camera for its picture; None while there is none, or where it has a goal of its own."""
    found = None if clip.scene is not None else cameras.bundle(clip.session_id)
    return None if found is None else scaled(found.camera, (clip.width, clip.height))


def scaled(camera: Camera, size_wh_px: tuple[int, int]) -> Camera:
    """Camera -> the same for the same picture in another size."""
    larger = size_wh_px[0] / camera.size_wh_px[0]
    parameters = camera.parameters + np.array([math.log(larger), 0, 0, 0, 0, 0, 0])
    return replace(camera, parameters=parameters, size_wh_px=size_wh_px, residual_px=camera.residual_px * larger)


def of_clip(goal: Mapping[str, Any], row: ClipRow) -> dict[str, Any]:
    """A goal as stored, one of its clips -> the same with what other days say of the phone, and where its ball lay."""
    return _where_it_lay(_by_other_days(goal, row.session_id, (row.width, row.height)), row.id or 0)


def _where_it_lay(goal: dict[str, Any], clip_id: int) -> dict[str, Any]:
    """A goal as stored, one of its clips -> the same with where that clip's ball lay, if it was said of it alone.

    A mark that this goal has no longer, since its size was corrected, counts as not said.
    """
    size_m = float(goal["goal_size_m"][0]), float(goal["goal_size_m"][1])
    said = labels.ball_lay(clip_id)
    if said is None or said[0] not in spots.offered(size_m):
        return goal
    told = spots.spot(*said, size_m)
    return goal | {"ball_m": [told.value, told.sd], "ball_said": {"choice": said[0], "words": told.words}}


def _by_other_days(goal: Mapping[str, Any], session_id: int, size_wh: tuple[int, int]) -> dict[str, Any]:
    """A goal as stored, its session, a film's size -> the same, its lens as other sessions of that phone and zoom tell
    it, too.

    What a session's pictures told by themselves counts, not what was expected of them: nothing is counted twice.
    """
    phone, zoom, mm, log_sd = (goal.get(name) for name in ("phone", "zoom", "lens_mm", "lens_log_sd"))
    if not (phone in phones.names() and zoom and mm and log_sd):  # another phone may be one or the other
        return dict(goal)
    told = [(math.log(mm), log_sd)]
    for day in cameras.by_phone(phone, zoom, session_id):
        if sorted(day.camera.size_wh_px) == sorted(size_wh) and (lens := day.lens()) is not None:
            told.append((lens[0] - math.log(max(size_wh) / LONG_SIDE_MM), math.hypot(lens[1], DAYS_DIFFER)))
    weights = np.array([sd**-2 for _, sd in told])
    log_mm = float(weights @ [each for each, _ in told] / weights.sum())
    if len(told) == 1 or abs(log_mm - told[0][0]) > MOST_OFF * log_sd:
        return dict(goal)
    days = f"{len(told) - 1} other day{'s' if len(told) > 2 else ''}"
    words = f"{goal.get('lens_words') or phone}, and {days} with it"
    return dict(goal) | {"lens_mm": math.exp(log_mm), "lens_log_sd": float(weights.sum() ** -0.5), "lens_words": words}


def _restated(shot_id: int, goal: dict[str, Any]) -> Report:
    """Shot, the goal as stored -> its report with the camera's height, lens and the ball's place as stated now."""
    report = storage.report(shot_id)
    if report.shot.scene is None:
        return report
    goal = _where_it_lay(goal, storage.shots(shot_id=shot_id)[0].clip_id)
    scene = told_of(replace(report.shot.scene, camera_height_m=goal.get("camera_height_m")), goal)
    return replace(report, shot=replace(report.shot, scene=scene))


def _of(shots: list[Shot]) -> sessions.Bundle:
    """Shots of one size -> their camera; the first film, where it is still there, tells plumb lines and bars."""
    verticals: Floats | None = None
    picture_wh_px = None
    if shots[0].clip.path.exists():
        verticals, picture_wh_px = outlook(still_picture(shots[0].clip))
    return sessions.bundle(shots, verticals, picture_wh_px=picture_wh_px)
