"""Sessions, clips, players and reports <-> SQLite rows and .npz. No database session leaves this file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Date, bindparam, text
from sqlmodel import Session, col, select

from ..errors import NotFound, UnfitClip
from ..system import sync_folder
from . import files
from .database import found, reading, writing
from .files import goal_picture
from .kinds import UNLISTED
from .names import confirm, confirm_all, deny, name_shooter, players
from .shots import AGE, evidence, evidence_file, replace_report, report, save, shots
from .tables import ClipRow, JobRow, SessionRow, ShotRow
from .views import ClipView, JobView, SceneView, SessionView

__all__ = [
    "confirm", "confirm_all", "deny", "evidence", "evidence_file", "found", "goal_picture", "name_shooter", "players",
    "replace_report", "report", "save", "shots",
]  # fmt: skip


def add_session(date: dt.date, place: str) -> int:
    """Date, place -> the new session's number."""
    with writing() as db:
        db.add(row := SessionRow(date=date, place=place.strip()))
        db.flush()
        return row.id or 0


def change_session(session_id: int, **changes: Any) -> None:
    """Number, columns -> changed. Raises: NotFound."""
    with writing() as db:
        found(db, SessionRow, session_id, "session").sqlmodel_update(changes)


SESSIONS = """
SELECT session.id, session.date, session.place, count(clip.id), count(shot.id),
       sum(CASE WHEN coalesce(said.value, shot.outcome) = 'goal' THEN 1 ELSE 0 END), session.scene IS NOT NULL
FROM session
LEFT JOIN clip ON clip.session_id = session.id
LEFT JOIN shot ON shot.id = (SELECT id FROM shot WHERE clip_id = clip.id ORDER BY made_at DESC, id DESC LIMIT 1)
LEFT JOIN label AS said ON said.value <> '' AND said.id = (
    SELECT max(id) FROM label WHERE clip_id = clip.id AND field = 'outcome')
GROUP BY session.id ORDER BY session.date DESC, session.id DESC
"""


UNTRIED = """
SELECT clip.session_id, count(*) FROM clip
WHERE clip.id NOT IN (SELECT clip_id FROM shot)
AND clip.id NOT IN (SELECT clip_id FROM job WHERE clip_id IS NOT NULL AND kind NOT IN :unlisted)
GROUP BY clip.session_id
"""


def sessions() -> list[SessionView]:
    """-> every session, newest first; a goal counts as a person put it right."""
    with reading() as db:
        rows = db.connection().execute(text(SESSIONS).columns(date=Date)).fetchall()
    return [
        SessionView(number, date, place, clips, shots, goals, bool(scene))
        for number, date, place, clips, shots, goals, scene in rows
    ]


def untried() -> dict[int, int]:
    """-> session: how many of its clips nobody tried to analyse yet; those of whom there are none are left out."""
    asked = text(UNTRIED).bindparams(bindparam("unlisted", UNLISTED, expanding=True))
    with reading() as db:
        return {int(number): int(count) for number, count in db.connection().execute(asked).all()}


def holds_clips() -> bool:
    """-> whether there is any clip."""
    with reading() as db:
        return db.exec(select(ClipRow.id).limit(1)).first() is not None


def session_name(session_id: int) -> str:
    """Session -> its date and place. Raises: NotFound."""
    with reading() as db:
        row = found(db, SessionRow, session_id, "session")
        return f"{row.date:%d.%m.%Y} {row.place}".strip()


def scene(session_id: int) -> SceneView | None:
    """Session -> its goal as clicked, None while nobody clicked it. Raises: NotFound."""
    with reading() as db:
        row = found(db, SessionRow, session_id, "session")
    if row.scene is None:
        return None
    corners = tuple((float(x), float(y)) for x, y in row.scene["goal_corners_px"])
    width, height = row.scene["goal_size_m"]
    size_px = (row.scene_width or 0, row.scene_height or 0)
    return SceneView(corners, (width, height), row.scene.get("camera_height_m"), size_px)


def set_scene(session_id: int, values: dict[str, Any], size_wh: tuple[int, int], only: int | None = None) -> None:
    """Session, goal, size of the picture clicked -> kept, in place of what its clips had of their own.

    `only`: the clip it is the own goal of; the other clips keep theirs. Raises: NotFound.
    """
    width, height = size_wh
    with writing() as db:
        session = found(db, SessionRow, session_id, "session")
        session.sqlmodel_update({"scene": values, "scene_width": width, "scene_height": height})
        for clip in db.exec(select(ClipRow).where(ClipRow.session_id == session_id)).all():
            if only in (None, clip.id):
                clip.scene = None if only is None else values


def scene_values(row: ClipRow) -> tuple[dict[str, Any] | None, tuple[int, int]]:
    """Clip -> its own goal as stored, else its session's, and the size of the picture that was clicked."""
    if row.scene is not None:
        return row.scene, (row.width, row.height)
    with reading() as db:
        session = found(db, SessionRow, row.session_id, "session")
    return session.scene, (session.scene_width or row.width, session.scene_height or row.height)


def add_clip(row: ClipRow, temporary: Path) -> int:
    """A clip's row, its film under a passing name -> its number; the film is moved to `row.file`.

    Raises: UnfitClip when the same bytes are stored already, NotFound when there is no such session.
    """
    moved, place = False, files.named(row.file)
    try:
        with writing() as db:
            found(db, SessionRow, row.session_id, "session")
            refuse_double(db, row.sha256, row.name)
            db.add(row)
            db.flush()
            temporary.replace(place)
            moved = True
            sync_folder(place.parent)
    except BaseException:
        if moved:
            place.unlink(missing_ok=True)
        raise
    return row.id or 0


def refuse_double(db: Session, sha256: str, name: str) -> None:
    """Raises: UnfitClip naming the session that holds the same bytes already."""
    if row := db.exec(select(ClipRow).where(ClipRow.sha256 == sha256)).first():
        day = found(db, SessionRow, row.session_id, "session").date
        raise UnfitClip(f"{name} is already in {day:%A} {day.day} {day:%b %Y} as {row.name}.")


def clip(clip_id: int | None) -> ClipRow:
    """Number -> the clip's row, cut off from the database. Raises: NotFound, also for the clip of work without one."""
    with reading() as db:
        return found(db, ClipRow, clip_id or 0, "clip")


def film_there(row: ClipRow) -> Path:
    """Clip -> where its film lies. Raises: NotFound when it is gone from there, StorageFailed for what is no name."""
    path = files.named(row.file)
    if not path.exists():
        raise NotFound(f"The film of {row.name} is gone from {path.parent}: put it back there as {row.file}.")
    return path


def clip_rows(clip_ids: Collection[int]) -> list[ClipRow]:
    """Clips -> their rows, in the order they came."""
    with reading() as db:
        return list(db.exec(select(ClipRow).where(col(ClipRow.id).in_(clip_ids)).order_by(col(ClipRow.id))).all())


def clip_by_hash(sha256: str) -> ClipRow | None:
    """SHA-256 of a film -> its clip, None when it is not here."""
    with reading() as db:
        return db.exec(select(ClipRow).where(ClipRow.sha256 == sha256)).first()


def change_clip(clip_id: int, **changes: Any) -> None:
    """Number, columns -> changed. Raises: NotFound."""
    with writing() as db:
        found(db, ClipRow, clip_id, "clip").sqlmodel_update(changes)


def clips(session_id: int) -> list[ClipView]:
    """Session -> its clips in the order they came, each with its newest shot and job. Raises: NotFound."""
    with reading() as db:
        found(db, SessionRow, session_id, "session")
        rows = db.exec(select(ClipRow).where(ClipRow.session_id == session_id).order_by(col(ClipRow.id))).all()
        ids = [row.id for row in rows]
        made = select(ShotRow.clip_id, ShotRow.id).where(col(ShotRow.clip_id).in_(ids)).order_by(*AGE)
        shot_ids = dict(db.exec(made).all())
        work = select(JobRow).where(col(JobRow.clip_id).in_(ids), col(JobRow.kind).not_in(UNLISTED))
        jobs = {job.clip_id: job for job in db.exec(work.order_by(col(JobRow.id))).all()}
    return [_clip_view(row, shot_ids.get(row.id or 0), jobs.get(row.id or 0)) for row in rows]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A clip as a queue needs it: its number, its session's, its name, its session in words,
    and (outcome, foot, p_goal) of each analysis.
    """

    id: int
    session_id: int
    name: str
    session: str
    shots: tuple[tuple[str, str, float | None], ...]


def queue_rows(session_id: int | None) -> list[QueueRow]:
    """Session (None: all) -> its clips in the order they came, in three reads however many there are."""
    asked = select(ClipRow.id, ClipRow.session_id, ClipRow.name).order_by(col(ClipRow.id))
    day: Any = (SessionRow.id, SessionRow.date, SessionRow.place)
    made = select(ShotRow.clip_id, ShotRow.outcome, ShotRow.foot, ShotRow.p_goal).order_by(*AGE)
    if session_id is not None:
        asked = asked.where(ClipRow.session_id == session_id)
    shots_: dict[int, list[tuple[str, str, float | None]]] = {}
    with reading() as db:
        words = {
            number: f"{date.day} {date:%b %Y} {place}".strip() for number, date, place in db.exec(select(*day)).all()
        }
        for clip_id, outcome, foot, p_goal in db.exec(made).all():
            shots_.setdefault(clip_id, []).append((outcome, foot, p_goal))
        return [
            QueueRow(number or 0, home, name, words[home], tuple(shots_.get(number or 0, ())))
            for number, home, name in db.exec(asked).all()
        ]


def newest_shot(clip_id: int) -> int | None:
    """Clip -> the number of its newest analysis, None where there is none."""
    with reading() as db:
        return next(reversed(db.exec(select(ShotRow.id).where(ShotRow.clip_id == clip_id).order_by(*AGE)).all()), None)


def _clip_view(row: ClipRow, shot_id: int | None, job: JobRow | None) -> ClipView:
    number = row.id or 0
    size = (row.width, row.height, row.frames, row.duration_s, row.slow_motion)
    work = job_view(job, row.name) if job else None
    return ClipView(number, row.session_id, row.name, *size, shot_id, work, row.filmed_on)


def job_view(row: JobRow, clip_name: str) -> JobView:
    """Row, name of its clip -> what a page is told."""
    told_stage = (row.state, row.stage, row.progress, row.message)
    return JobView(row.id or 0, row.kind, row.clip_id, clip_name, *told_stage, row.shot_id)
