"""Films of whole sessions and the cuts in them <-> rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlmodel import col, select

from ..errors import UnfitClip
from .database import found, reading, writing
from .tables import CutRow, FilmRow, SessionRow
from .views import CutView, FilmView


def add_film(session_id: int, path: Path, **about: Any) -> int:
    """Session, film, what it is -> its number; a film that is known keeps it, and is looked at anew.

    Raises: NotFound, UnfitClip when it belongs to another session.
    """
    with writing() as db:
        found(db, SessionRow, session_id, "session")
        row = db.exec(select(FilmRow).where(FilmRow.path == str(path))).first()
        if row is not None and row.session_id != session_id:
            raise UnfitClip(f"{path.name} is being cut in another session: choose that one.")
        row = row or FilmRow(session_id=session_id, path=str(path), **about)
        row.sqlmodel_update(about)
        db.add(row)
        db.flush()
        return row.id or 0


def films(session_id: int) -> list[FilmView]:
    """Session -> its films, the newest first."""
    mine = select(FilmRow).where(FilmRow.session_id == session_id).order_by(col(FilmRow.id).desc())
    with reading() as db:
        return [_film(row) for row in db.exec(mine).all()]


def paths() -> set[str]:
    """-> where the films of all sessions lie."""
    with reading() as db:
        return set(db.exec(select(FilmRow.path)).all())


def film(film_id: int) -> FilmView:
    """Number -> the film. Raises: NotFound."""
    with reading() as db:
        return _film(found(db, FilmRow, film_id, "film"))


def change_film(film_id: int, **changes: Any) -> None:
    """Number, columns -> changed. Raises: NotFound."""
    with writing() as db:
        found(db, FilmRow, film_id, "film").sqlmodel_update(changes)


def cuts(film_id: int) -> list[CutView]:
    """Film -> its cuts in the order of the film, those dismissed too."""
    mine = select(CutRow).where(CutRow.film_id == film_id).order_by(col(CutRow.first), col(CutRow.id))
    with reading() as db:
        return [_cut(row) for row in db.exec(mine).all()]


def cut(cut_id: int) -> CutView:
    """Number -> the cut. Raises: NotFound."""
    with reading() as db:
        return _cut(found(db, CutRow, cut_id, "cut"))


def add_cut(film_id: int, first: int, last: int, state: str, **about: Any) -> int:
    """Film, its first and last frame, state -> the cut's number. Raises: NotFound."""
    with writing() as db:
        found(db, FilmRow, film_id, "film")
        db.add(row := CutRow(film_id=film_id, first=first, last=last, state=state, **about))
        db.flush()
        return row.id or 0


def change_cut(cut_id: int, **changes: Any) -> None:
    """Number, columns -> changed. Raises: NotFound."""
    with writing() as db:
        found(db, CutRow, cut_id, "cut").sqlmodel_update(changes)


def remove_cut(cut_id: int) -> None:
    """Number -> gone. Raises: NotFound."""
    with writing() as db:
        db.delete(found(db, CutRow, cut_id, "cut"))


def _film(row: FilmRow) -> FilmView:
    return FilmView(
        row.id or 0, row.session_id, Path(row.path), row.size_bytes, row.modified_ns, row.frames, row.duration_s,
        row.width, row.height, row.browser_copy,
    )  # fmt: skip


def _cut(row: CutRow) -> CutView:
    where = row.first, row.last, row.kick
    return CutView(row.id or 0, row.film_id, *where, row.state, row.by_hand, row.thumb, row.clip_id)
