"""Sessions, clips, players and reports <-> SQLite rows and .npz. No database session leaves this file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from sqlmodel import Session, col, select

from ..errors import NotFound, UnfitClip
from ..home import media
from .database import reading, told, writing
from .tables import COPY, ClipRow, JobRow, MeasureRow, PlayerRow, SessionRow, ShotRow, measure_rows, shot_values
from .views import ClipView, JobView, MeasureView, SceneView, SessionView, ShotView

if TYPE_CHECKING:
    from ..domain import Report, Shot

AGE = (col(ShotRow.made_at), col(ShotRow.id))
# Columns of a shot that its view has under the same name.
SAME = (
    *("outcome", "p_goal", "how", "why", "kick_frame", "kick_time_s", "kick_why_not", "foot", "p_left", "foot_why"),
    *("shooter", "detector", "method", "seconds", "made_with", "made_at"),
)
Row = TypeVar("Row", SessionRow, ClipRow, ShotRow, JobRow)


def found(db: Session, table: type[Row], number: int, noun: str) -> Row:
    """Database, table, number, what to call it -> its row. Raises: NotFound."""
    if 0 < number < 2**63 and (row := db.get(table, number)):  # numbers come from addresses that people type
        return row
    raise NotFound(f"There is no {noun} {number}: it may have been removed; go back and choose another.")


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


def sessions() -> list[SessionView]:
    """-> every session, newest first."""
    with reading() as db:
        clips = db.exec(select(ClipRow.id, ClipRow.session_id)).all()
        newest = dict(db.exec(select(ShotRow.clip_id, ShotRow.outcome).order_by(*AGE)).all())
        rows = db.exec(select(SessionRow).order_by(col(SessionRow.date).desc(), col(SessionRow.id).desc())).all()
    views = []
    for row in rows:
        mine = [clip for clip, session_id in clips if session_id == row.id]
        outcomes = [newest[clip] for clip in mine if clip in newest]
        goals = outcomes.count("goal")
        views.append(
            SessionView(row.id or 0, row.date, row.place, len(mine), len(outcomes), goals, row.scene is not None)
        )
    return views


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
    from .archive import sync_folder

    moved = False
    try:
        with writing() as db:
            found(db, SessionRow, row.session_id, "session")
            refuse_double(db, row.sha256, row.name)
            db.add(row)
            db.flush()
            temporary.replace(media() / row.file)
            moved = True
            sync_folder(media())
    except BaseException:
        if moved:
            (media() / row.file).unlink(missing_ok=True)
        raise
    return row.id or 0


def refuse_double(db: Session, sha256: str, name: str) -> None:
    """Raises: UnfitClip naming the session that holds the same bytes already."""
    if row := db.exec(select(ClipRow).where(ClipRow.sha256 == sha256)).first():
        day = found(db, SessionRow, row.session_id, "session").date
        raise UnfitClip(f"{name} is already in {day:%A} {day.day} {day:%b %Y} as {row.name}.")


def clip(clip_id: int) -> ClipRow:
    """Number -> the clip's row, cut off from the database. Raises: NotFound."""
    with reading() as db:
        return found(db, ClipRow, clip_id, "clip")


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
        work = select(JobRow).where(col(JobRow.clip_id).in_(ids), JobRow.kind != COPY).order_by(col(JobRow.id))
        jobs = {job.clip_id: job for job in db.exec(work).all()}
    return [_clip_view(row, shot_ids.get(row.id or 0), jobs.get(row.id or 0)) for row in rows]


def _clip_view(row: ClipRow, shot_id: int | None, job: JobRow | None) -> ClipView:
    number = row.id or 0
    size = (row.width, row.height, row.frames, row.duration_s, row.slow_motion)
    return ClipView(number, row.session_id, row.name, *size, shot_id, job_view(job, row.name) if job else None)


def job_view(row: JobRow, clip_name: str) -> JobView:
    """Row, name of its clip -> what a page is told."""
    told_stage = (row.state, row.stage, row.progress, row.message)
    return JobView(row.id or 0, row.kind, row.clip_id, clip_name, *told_stage, row.shot_id)


def save(report: Report, clip_id: int, detector: str, film: Path | None = None) -> int:
    """Report, clip, detector, annotated film -> the shot's number.

    Analysing again replaces rows and files at once and keeps the number and the player's name. The
    evidence lies whole on the disk before its row is committed. Raises: NotFound, StorageFailed.
    """
    from . import archive  # brings in the nouns and OpenCV, which pages do not wait for

    file = f"{report.shot.clip.sha256[:16]}-{uuid4().hex[:8]}.npz"
    with told(media()):
        archive.write(media() / file, report.shot)
    try:
        with writing() as db:
            found(db, ClipRow, clip_id, "clip")
            values = shot_values(report) | {"evidence": file, "film": film and film.name}
            same = (ShotRow.clip_id == clip_id, ShotRow.detector == detector, ShotRow.method == report.outcome.method)
            row = db.exec(select(ShotRow).where(*same)).first()
            replaced = [row.evidence, row.film] if row else []
            row = row or ShotRow(clip_id=clip_id, detector=detector, player_id=_player_of(db, clip_id), **values)
            db.add(row.sqlmodel_update(values))
            db.flush()
            for old in db.exec(select(MeasureRow).where(MeasureRow.shot_id == row.id)).all():
                db.delete(old)
            db.flush()
            db.add_all(measure_rows(report, row.id or 0))
    except BaseException:
        (media() / file).unlink(missing_ok=True)
        raise
    for name in replaced:
        if name and name not in (file, film and film.name):
            (media() / name).unlink(missing_ok=True)
    return row.id or 0


def _player_of(db: Session, clip_id: int) -> int | None:
    """Clip -> the player that its newest analysis was named with; another detector sees the same person."""
    named = select(ShotRow.player_id).where(ShotRow.clip_id == clip_id, col(ShotRow.player_id).is_not(None))
    return next(reversed(db.exec(named.order_by(*AGE)).all()), None)


def shots(session_id: int | None = None, shot_id: int | None = None) -> list[ShotView]:
    """-> the newest analysis of each clip, newest session first; or the one shot asked for. Raises: NotFound."""
    everything = select(ShotRow, ClipRow, SessionRow, PlayerRow).select_from(ShotRow)
    query = everything.join(ClipRow).join(SessionRow).outerjoin(PlayerRow)
    with reading() as db:
        if session_id is not None:
            found(db, SessionRow, session_id, "session")
            query = query.where(SessionRow.id == session_id)
        if shot_id is not None:
            found(db, ShotRow, shot_id, "shot")
            query = query.where(ShotRow.id == shot_id)
        newest = {row[1].id: row for row in db.exec(query.order_by(*AGE)).all()}
        measures: dict[int, dict[str, MeasureView]] = {}
        wanted = col(MeasureRow.shot_id).in_([row[0].id for row in newest.values()])
        for m in db.exec(select(MeasureRow).where(wanted).order_by(col(MeasureRow.place))).all():
            view = MeasureView(m.name, m.unit, m.value, m.low, m.high, m.method, m.why_not)
            measures.setdefault(m.shot_id, {})[m.name] = view
    rows = sorted(newest.values(), key=lambda row: (-row[2].date.toordinal(), -(row[2].id or 0), row[1].id))
    return [_shot_view(*row, measures.get(row[0].id or 0, {})) for row in rows]


def _shot_view(
    shot: ShotRow, clip: ClipRow, session: SessionRow, player: PlayerRow | None, measures: dict[str, MeasureView]
) -> ShotView:
    return ShotView(
        id=shot.id or 0,
        clip_id=shot.clip_id,
        session_id=clip.session_id,
        clip_name=clip.name,
        date=session.date,
        place=session.place,
        player=player.name if player else None,
        players=tuple(shot.players),
        measures=measures,
        film=_media_file(shot.film),
        copy=_media_file(clip.browser_copy),
        notes=tuple(shot.notes),
        **{name: getattr(shot, name) for name in SAME},
    )


def name_shooter(shot_id: int, name: str) -> None:
    """Shot, player's name -> remembered; an empty name takes it back. Raises: NotFound.

    A name that no shot has any more is forgotten: it was a slip of the pen.
    """
    name = " ".join(name.split())
    with writing() as db:
        shot = found(db, ShotRow, shot_id, "shot")
        player = db.exec(select(PlayerRow).where(PlayerRow.name == name)).first() or PlayerRow(name=name)
        if name:
            db.add(player)
            db.flush()
        shot.player_id = player.id if name else None
        db.flush()
        used = select(ShotRow.player_id).where(col(ShotRow.player_id).is_not(None))
        for nobody in db.exec(select(PlayerRow).where(col(PlayerRow.id).not_in(used))).all():
            db.delete(nobody)


def players() -> list[str]:
    """-> the names we know, in the order of the alphabet."""
    with reading() as db:
        return sorted(db.exec(select(PlayerRow.name)).all(), key=str.casefold)


def evidence(shot_id: int) -> Shot:
    """Shot -> what was seen, as the analysis left it. Raises: NotFound."""
    from .archive import read

    with reading() as db:
        row = found(db, ShotRow, shot_id, "shot")
        film = found(db, ClipRow, row.clip_id, "clip")
    if not (media() / row.evidence).exists():
        raise NotFound(f"The tracks of {film.name} are gone from {media()}: analyse it again.")
    return read(media() / row.evidence, media() / film.file)


def _media_file(name: str | None) -> Path | None:
    """Name in the media folder -> the file, None where there is none."""
    return media() / name if name and (media() / name).exists() else None
