"""Reports <-> the rows of shots and measures, and the evidence beside them. No database session leaves this file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlmodel import Session, col, select

from ..errors import NotFound
from ..home import database
from . import corrected, files, names
from .columns import now
from .database import found, once, reading, told, writing
from .tables import ClipRow, DenialRow, MeasureRow, PlayerRow, SessionRow, ShotRow
from .views import MeasureView, ShotView, plain

if TYPE_CHECKING:
    from ..domain import Report, Shot

AGE = (col(ShotRow.made_at), col(ShotRow.id))
MEASURE: Any = tuple(getattr(MeasureRow, name) for name in ("shot_id", *(each.name for each in fields(MeasureView))))
# Columns of a shot that its view has under the same name.
SAME = (
    *("outcome", "p_goal", "how", "why", "kick_frame", "kick_time_s", "kick_why_not", "foot", "p_left", "foot_why"),
    *("ball_sure", "shooter", "shooter_why_not", "player_by", "player_p", "detector", "method"),
    *("seconds", "made_with", "made_at"),
)


def save(report: Report, clip_id: int, detector: str, film: Path | None = None) -> int:
    """Report, clip, detector, annotated film -> the shot's number.

    Analysing again replaces rows and files at once and keeps the number and the player's name. The
    evidence lies whole on the disk before its row is committed. Raises: NotFound, StorageFailed.
    """
    with _evidence_of(report) as (file, replaced), writing() as db:
        found(db, ClipRow, clip_id, "clip")
        same = (ShotRow.clip_id == clip_id, ShotRow.detector == detector, ShotRow.method == report.outcome.method)
        row = db.exec(select(ShotRow).where(*same)).first()
        values = _columns(report) | {"evidence": file, "film": film and film.name}
        replaced += [row.evidence, row.film] if row else []
        row = row or ShotRow(clip_id=clip_id, detector=detector, **names.carried(db, clip_id), **values)
        _put(db, row, values, report)
    return row.id or 0


def replace_report(shot_id: int, report: Report, film: Path | None = None) -> None:
    """Shot, what was worked out anew from its own evidence -> in its place, under its number and its player's name.

    Without a new film the one drawn before stays. Another analysis of the clip by the same detector and
    method gives way. Raises: NotFound, StorageFailed.
    """
    with _evidence_of(report) as (file, replaced), writing() as db:
        row = found(db, ShotRow, shot_id, "shot")
        same = (ShotRow.clip_id == row.clip_id, ShotRow.detector == row.detector, ShotRow.id != shot_id)
        for other in db.exec(select(ShotRow).where(*same, ShotRow.method == report.outcome.method)).all():
            replaced += [other.evidence, other.film]
            db.delete(other)
        db.flush()
        replaced += [row.evidence, row.film if film else None]
        values = _columns(report) | {"evidence": file, "film": film.name if film else row.film}
        _put(db, row, values, report)


@contextmanager
def _evidence_of(report: Report) -> Iterator[tuple[str, list[str | None]]]:
    """Report -> its evidence's name, on the disk before the block, and a list for names that the block replaces.

    Those go when the block ends well, and with old evidence all that was made from it; the new file goes when it
    does not.
    """
    from . import archive  # brings in the nouns and OpenCV, which pages do not wait for

    file = files.named(f"{report.shot.clip.sha256[:16]}-{uuid4().hex[:8]}.npz")
    replaced: list[str | None] = []
    try:
        with told(database()):
            archive.write(file, report.shot)
        yield file.name, replaced
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    with reading() as db:
        kept = files.claimed(db)
    files.delete_unclaimed(files.claim(replaced), kept)


def _put(db: Session, row: ShotRow, values: dict[str, Any], report: Report) -> None:
    """Row, its values -> in the database, with the report's measures in place of those it had."""
    db.add(row.sqlmodel_update(values))
    db.flush()
    for old in db.exec(select(MeasureRow).where(MeasureRow.shot_id == row.id)).all():
        db.delete(old)
    db.flush()
    db.add_all(_measure_rows(report, row.id or 0))
    names.keep_looks(db, row.id or 0, report.shot)
    names.propose_again(db)


def shots(session_id: int | None = None, shot_id: int | None = None, player: str | None = None) -> list[ShotView]:
    """-> the newest analysis of each clip, newest session first: all, a session's, a player's ("": nobody's).

    Or the one shot asked for. Raises: NotFound.
    """
    if session_id is None and shot_id is None:
        return _shots(session_id, shot_id, player)
    kept = once(("shots", session_id, shot_id, player), lambda: _shots(session_id, shot_id, player))
    films = (film for view in kept for film in (view.film, view.copy) if film is not None)
    # A file that somebody has removed by hand changes nothing in the database.
    return list(kept) if all(film.exists() for film in films) else _shots(session_id, shot_id, player)


def _shots(session_id: int | None, shot_id: int | None, player: str | None) -> list[ShotView]:
    everything = select(ShotRow, ClipRow, SessionRow, PlayerRow).select_from(ShotRow)
    query = everything.join(ClipRow).join(SessionRow).outerjoin(PlayerRow)
    with reading() as db:
        if session_id is not None:
            found(db, SessionRow, session_id, "session")
            query = query.where(SessionRow.id == session_id)
        if shot_id is not None:
            found(db, ShotRow, shot_id, "shot")
            query = query.where(ShotRow.id == shot_id)
        if player is not None:
            query = query.where(PlayerRow.name == player if player else col(ShotRow.player_id).is_(None))
        newest = {row[1].id: row for row in db.exec(query.order_by(*AGE)).all()}
        measures: dict[int, dict[str, MeasureView]] = {}
        wanted = col(MeasureRow.shot_id).in_([row[0].id for row in newest.values()])
        for number, *told in db.exec(select(*MEASURE).where(wanted).order_by(col(MeasureRow.place))).all():
            measures.setdefault(number, {})[told[0]] = MeasureView(*told)
        refused: dict[int, list[str]] = {}
        for shot_number, name in db.exec(select(DenialRow.shot_id, PlayerRow.name).join(PlayerRow)).all():
            refused.setdefault(shot_number, []).append(name)
    rows = sorted(newest.values(), key=lambda row: (-row[2].date.toordinal(), -(row[2].id or 0), row[1].id))
    said = corrected.said()
    return [
        _shot_view(
            *row, measures.get(row[0].id or 0, {}), refused.get(row[0].id or 0, []), said.get(row[1].id or 0, {})
        )
        for row in rows
    ]


def _shot_view(
    shot: ShotRow,
    clip: ClipRow,
    session: SessionRow,
    player: PlayerRow | None,
    measures: dict[str, MeasureView],
    refused: list[str],
    said: Mapping[str, str],
) -> ShotView:
    return ShotView(
        id=shot.id or 0,
        clip_id=shot.clip_id,
        session_id=clip.session_id,
        clip_name=clip.name,
        date=session.date,
        place=session.place,
        player=player.name if player else None,
        not_players=tuple(sorted(refused)),
        players=tuple(shot.players),
        measures=measures,
        film=files.there(shot.film),
        copy=files.there(clip.browser_copy),
        notes=tuple(shot.notes),
        by_hand=tuple(said),
        thought={name: getattr(shot, name) for name in said},
        **{name: getattr(shot, name) for name in SAME} | corrected.columns(shot, said),
    )


def evidence(shot_id: int) -> Shot:
    """Shot -> what was seen, as the analysis left it. Raises: NotFound."""
    from .archive import read

    with reading() as db:
        row = found(db, ShotRow, shot_id, "shot")
        film = found(db, ClipRow, row.clip_id, "clip")
    path = files.named(row.evidence)
    if not path.exists():
        raise NotFound(f"The tracks of {film.name} are gone from {path.parent}: analyse it again.")
    return read(path, files.named(film.file))


def evidence_file(shot_id: int) -> Path:
    """Shot -> the file of what was seen, with a new name each time it is judged anew. Raises: NotFound."""
    with reading() as db:
        return files.named(found(db, ShotRow, shot_id, "shot").evidence)


def report(shot_id: int) -> Report:
    """Shot -> the whole report as it was stored, ready to be worked out anew without the film. Raises: NotFound."""
    from .. import domain

    seen = evidence(shot_id)
    with reading() as db:
        row = found(db, ShotRow, shot_id, "shot")
        mine = select(MeasureRow).where(MeasureRow.shot_id == shot_id).order_by(col(MeasureRow.place))
        numbers = db.exec(mine).all()
    verdict, how, foot = domain.Verdict(row.outcome), domain.How(row.how), domain.Foot(row.foot)
    p_goal, p_left = (math.nan if p is None else p for p in (row.p_goal, row.p_left))
    return domain.Report(
        seen,
        domain.Outcome(verdict, p_goal, how, row.why, row.outcome_frame, row.method),
        domain.FootCall(foot, p_left, row.foot_why),
        tuple(domain.Measure(m.name, m.unit, m.value, m.low, m.high, m.method, m.why_not) for m in numbers),
        row.made_with,
        row.seconds,
        tuple(row.notes),
    )


def _columns(report: Report) -> dict[str, Any]:
    """Report -> columns of its shot."""
    shot, outcome, foot = report.shot, report.outcome, report.foot
    kick = shot.kick_frame
    return {
        "method": outcome.method,
        "outcome": str(outcome.verdict),
        "p_goal": plain(outcome.p_goal),
        "how": str(outcome.how),
        "why": outcome.why,
        "outcome_frame": plain(outcome.frame),
        "kick_frame": plain(kick),
        "kick_time_s": None if kick is None else float(shot.clip.time_s[kick]),
        "kick_why_not": shot.kick_why_not,
        "ball_sure": plain(shot.ball_sure),
        "foot": str(foot.foot),
        "p_left": plain(foot.p_left),
        "foot_why": foot.why,
        "shooter": shot.shooter,
        "shooter_why_not": shot.shooter_why_not,
        "keeper": shot.keeper,
        "players": [player.label for player in shot.players],
        "made_with": plain(report.made_with),
        "seconds": plain(report.seconds),
        "notes": list(report.notes),
        "made_at": now(),
    }


def _measure_rows(report: Report, shot_id: int) -> list[MeasureRow]:
    """Report, its shot -> one row a measure."""
    numbers = ("value", "low", "high")
    words = ("name", "unit", "method", "why_not")
    return [
        MeasureRow(
            shot_id=shot_id,
            place=place,
            **{name: plain(getattr(measure, name)) for name in numbers},
            **{name: getattr(measure, name) for name in words},
        )
        for place, measure in enumerate(report.measures)
    ]
