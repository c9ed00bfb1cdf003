"""A clip, a session, a person -> gone for good: rows overwritten, files deleted, and what was made of them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Session, col, select

from .. import arrivals
from ..errors import StorageFailed
from ..home import database, evaluations
from . import drawings, engines, files
from .database import found, told, writing
from .kinds import EVALUATING, FILMING, SENDING
from .names import propose_again
from .tables import (
    AdviceRow,
    AppearanceRow,
    ClipRow,
    CutRow,
    FilmRow,
    JobRow,
    LabelRow,
    PlayerRow,
    RunRow,
    SessionRow,
    ShotRow,
)
from .views import ACTIVE

NAMED = ("compared", "sent")
"""Folders of films with players' names in them."""
HASH = re.compile(r"[0-9a-f]{64}")


def remove_clip(clip_id: int) -> None:
    """Clip -> gone, with its film, analyses and labels. Raises: NotFound, StorageFailed."""
    with writing() as db:
        _overwriting(db)
        lost = _lost(db, [found(db, ClipRow, clip_id, "clip")])
        _worked_on(db, [clip_id])
        db.exec(delete(ClipRow).where(col(ClipRow.id) == clip_id))
        _evaluations(db)
        propose_again(db)
        kept = files.claimed(db)
    _delete(files.delete_unclaimed(lost, kept) + files.delete_goal_pictures(clip_ids=[clip_id]))


def remove_session(session_id: int) -> None:
    """Session -> gone, with all its clips and the whole films that were sent here; one that lies elsewhere stays there.

    Raises: NotFound, StorageFailed.
    """
    with writing() as db:
        _overwriting(db)
        found(db, SessionRow, session_id, "session")
        clips = db.exec(select(ClipRow).where(ClipRow.session_id == session_id)).all()
        films = db.exec(select(FilmRow).where(FilmRow.session_id == session_id)).all()
        lost, numbers = _lost(db, clips, films), [clip.id for clip in clips]
        _worked_on(db, numbers, [film.id for film in films])
        db.exec(delete(SessionRow).where(col(SessionRow.id) == session_id))
        _evaluations(db)
        propose_again(db)
        kept = files.claimed(db)
    _delete_sent(films)
    _delete(files.delete_unclaimed(lost, kept) + files.delete_goal_pictures(session_id, numbers))


def remove_film(film_id: int) -> None:
    """Whole film -> it and its cuts are gone, and its file if it was sent here; what was cut out of it stays.

    Raises: NotFound, StorageFailed.
    """
    with writing() as db:
        _overwriting(db)
        film = found(db, FilmRow, film_id, "film")
        lost = _lost(db, [], [film])
        _worked_on(db, [], [film_id])
        db.exec(delete(FilmRow).where(col(FilmRow.id) == film_id))
        kept = files.claimed(db)
    _delete_sent([film])
    _delete(files.delete_unclaimed(lost, kept))


def forget_player(name: str) -> int:
    """Name -> of how many shots it was taken: the name, how they look, what was said of them and by them is gone.

    The films stay; whoever is in them can be seen in them. Raises: StorageFailed.
    """
    with writing() as db:
        _overwriting(db)
        player = db.exec(select(PlayerRow).where(PlayerRow.name == name)).first()
        if player is None:
            return 0
        shots = db.exec(select(ShotRow).where(ShotRow.player_id == player.id)).all()
        numbers = [shot.id for shot in shots]
        db.exec(delete(AppearanceRow).where(col(AppearanceRow.shot_id).in_(numbers)))
        db.exec(delete(AdviceRow).where((col(AdviceRow.shot_id).in_(numbers)) | (col(AdviceRow.player) == name)))
        db.exec(delete(LabelRow).where((col(LabelRow.who) == name) | (
            (col(LabelRow.field) == "truth:shooter") & (col(LabelRow.value) == name))))  # fmt: skip
        drawings.unname(db, name)
        for shot in shots:
            shot.sqlmodel_update({"player_id": None, "player_by": None, "player_p": None})
        db.flush()
        db.exec(delete(PlayerRow).where(col(PlayerRow.id) == player.id))
        propose_again(db)
    left = [name for shot in shots for name in files.delete_cards(shot.evidence)]
    _films_with_names()
    _delete(left)
    return len(shots)


def rename_player(name: str, new: str) -> None:
    """A name, another -> all shots of the one are the other's; of two that both are known, one remains.

    Raises: StorageFailed.
    """
    new = " ".join(new.split())
    with writing() as db:
        player = db.exec(select(PlayerRow).where(PlayerRow.name == name)).first()
        if player is None or not new or new == name:
            return
        other = db.exec(select(PlayerRow).where(PlayerRow.name == new)).first()
        if other is None:
            player.name = new
        else:
            for shot in db.exec(select(ShotRow).where(ShotRow.player_id == player.id)).all():
                shot.player_id = other.id
            db.flush()
            db.exec(delete(PlayerRow).where(col(PlayerRow.id) == player.id))
        for advice in db.exec(select(AdviceRow).where(AdviceRow.player == name)).all():
            advice.player = new
        for label in db.exec(select(LabelRow).where(LabelRow.field == "truth:shooter", LabelRow.value == name)).all():
            label.value = new
        db.flush()
        propose_again(db)
    _films_with_names()


def _films_with_names() -> None:
    """Films that say whose shots they show -> gone; they are made again when they are asked for."""
    for folder in NAMED:
        shutil.rmtree(evaluations() / folder, ignore_errors=True)


def _delete_sent(films: Iterable[FilmRow]) -> None:
    """Whole films -> the files of those that were sent here are gone. Raises: StorageFailed."""
    for path in (Path(film.path) for film in films):
        if arrivals.is_ours(path):
            arrivals.delete(path.name)


def _overwriting(db: Session) -> None:
    """What is deleted from here on is overwritten in the file, not only marked as free."""
    engines.present().overwriting(db)


def _lost(db: Session, clips: Sequence[ClipRow], films: Iterable[FilmRow] = ()) -> files.Claim:
    """Clips, whole films -> the files that are theirs, also those that killed work left without a row."""
    shots = db.exec(select(ShotRow).where(col(ShotRow.clip_id).in_([clip.id for clip in clips]))).all()
    names = [name for clip in clips for name in (clip.file, clip.browser_copy)]
    names += [name for shot in shots for name in (shot.evidence, shot.film)]
    names += [film.browser_copy for film in films]
    hashes = [clip.sha256[:16] for clip in clips if HASH.fullmatch(clip.sha256)]
    return files.claim(names, *hashes, *(f"film-{film.id}." for film in films))


def _worked_on(db: Session, clips: Sequence[int | None], films: Sequence[int | None] = ()) -> None:
    """Clips, whole films -> gone is what goes by itself with neither: a cut's small picture, past work by its names."""
    db.exec(delete(CutRow).where(col(CutRow.clip_id).in_(clips)))
    for job in db.exec(select(JobRow).where(col(JobRow.kind).in_(FILMING))).all():
        if job.settings.get("film_id") in films:
            db.delete(job)
    db.exec(delete(JobRow).where(col(JobRow.kind).in_((*EVALUATING, *SENDING)), col(JobRow.state).not_in(ACTIVE)))


def _evaluations(db: Session) -> None:
    """Runs hold clips by name, and their folder what was seen in them: both can be made again from what remains."""
    db.exec(delete(RunRow))
    shutil.rmtree(evaluations(), ignore_errors=True)


def _delete(left: Iterable[str]) -> None:
    """What the disk would not delete -> the rest is nowhere either. Raises: StorageFailed, naming what was left."""
    try:
        files.sweep()
        with told(database()):
            _empty_logs()
            engines.present().forget()
    except StorageFailed as error:
        raise StorageFailed(f"It is gone from KICKY, but traces of it are left on the disk. {error}") from error
    files.refuse_left(left)


def _empty_logs() -> None:
    """What workers wrote down of their failures names films and people."""
    for log in database().parent.glob("*.log"):
        about = log.stat()
        os.truncate(log, 0)
        os.utime(log, ns=(about.st_atime_ns, about.st_mtime_ns))  # the queue reads when a worker was started off it
