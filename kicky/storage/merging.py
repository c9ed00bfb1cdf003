"""Another database of ours -> its sessions, clips and all that hangs on them, in this one; told by films' hashes."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlmodel import Session, SQLModel, select

from ..home import media
from .database import writing
from .tables import (
    AdviceRow,
    AppearanceRow,
    ClipRow,
    DenialRow,
    LabelRow,
    MeasureRow,
    PlayerRow,
    RunRow,
    SessionRow,
    SettingRow,
    ShotRow,
)

FILES = {ClipRow: ("file", "browser_copy"), ShotRow: ("evidence", "film")}
"""Columns that name files in the media folder."""


def merge(other: Path, films: Path) -> dict[str, int]:
    """Database of this version, its media folder -> how many sessions, clips and shots came over.

    A session of the same day and place is the same session. Files are in place before the rows that name them are
    committed, and go again where the rows do not come. Raises: StorageFailed.
    """
    engine, placed = create_engine(f"sqlite:///{other}"), list[Path]()
    try:
        with Session(engine) as theirs, writing() as ours:
            return _Merge(theirs, ours, films, placed).all()
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()


def _place(source: Path, target: Path) -> None:
    """A file of the backup -> there under its name, whole; copied where the media folder is on another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = target.with_name(f".{target.name}.part")
        try:
            shutil.copyfile(source, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


class _Merge:
    """Rows of one database on their way into another, under new numbers."""

    def __init__(self, theirs: Session, ours: Session, films: Path, placed: list[Path]) -> None:
        self.theirs, self.ours, self.films, self.placed = theirs, ours, films, placed
        self.sessions: dict[int, int] = {}
        self.clips: dict[int, int] = {}
        self.shots: dict[int, int] = {}
        self.players: dict[int, int] = {}

    def all(self) -> dict[str, int]:
        known = {row.sha256 for row in self.ours.exec(select(ClipRow)).all()}
        new = [row for row in self._rows(ClipRow) if row.sha256 not in known]
        wanted = {row.session_id for row in new}
        before = len(self.ours.exec(select(SessionRow)).all())
        alone = before == 0
        for row in self._rows(SessionRow):
            if row.id in wanted or alone:
                self.sessions[row.id or 0] = self._session(row)
        for row in self._rows(PlayerRow):
            self.players[row.id or 0] = self._player(row)
        for row in new:
            self.clips[row.id or 0] = self._add(row, id=None, session_id=self.sessions[row.session_id])
        for row in self._rows(ShotRow):
            if row.clip_id in self.clips:
                player = self.players.get(row.player_id or 0)
                self.shots[row.id or 0] = self._add(row, id=None, clip_id=self.clips[row.clip_id], player_id=player)
        self._rest()
        sessions = len(self.ours.exec(select(SessionRow)).all()) - before
        return {"sessions": sessions, "clips": len(self.clips), "shots": len(self.shots)}

    def _rest(self) -> None:
        """All that hangs on clips and shots; settings and runs that are not here."""
        for table in (MeasureRow, AppearanceRow):
            self._hanging(table, "shot_id", self.shots)
        for row in self._rows(DenialRow):
            if row.shot_id in self.shots and row.player_id in self.players:
                self._add(row, shot_id=self.shots[row.shot_id], player_id=self.players[row.player_id])
        self._hanging(LabelRow, "clip_id", self.clips, id=None)
        self._hanging(AdviceRow, "shot_id", self.shots, id=None)
        self._hanging(AdviceRow, "session_id", self.sessions, id=None)
        self._unknown(SettingRow)
        self._unknown(RunRow, id=None)

    def _hanging(self, table: type[Any], column: str, numbers: dict[int, int], **changes: Any) -> None:
        """A table whose column points at rows that came over -> its rows that point at one of those."""
        for row in self._rows(table):
            if getattr(row, column) in numbers:
                self._add(row, **{column: numbers[getattr(row, column)]}, **changes)

    def _unknown(self, table: type[Any], **changes: Any) -> None:
        """A table of keys -> its rows whose key is not here."""
        here = {row.key for row in self.ours.exec(select(table)).all()}
        for row in self._rows(table):
            if row.key not in here:
                self._add(row, **changes)

    def _rows(self, table: type[Any]) -> list[Any]:
        return list(self.theirs.exec(select(table)).all())

    def _session(self, row: SessionRow) -> int:
        same = select(SessionRow).where(SessionRow.date == row.date, SessionRow.place == row.place)
        mine = self.ours.exec(same).first()
        return mine.id or 0 if mine is not None else self._add(row, id=None)

    def _player(self, row: PlayerRow) -> int:
        mine = self.ours.exec(select(PlayerRow).where(PlayerRow.name == row.name)).first()
        return mine.id or 0 if mine is not None else self._add(row, id=None)

    def _add(self, row: SQLModel, **changes: Any) -> int:
        """Row of theirs -> the same here with these columns changed, its files in place; its number."""
        values = row.model_dump() | changes
        for column in FILES.get(type(row), ()):
            if values[column] and (self.films / values[column]).exists() and not (media() / values[column]).exists():
                _place(self.films / values[column], media() / values[column])
                self.placed.append(media() / values[column])
        made: Any = type(row)(**values)
        self.ours.add(made)
        self.ours.flush()
        return getattr(made, "id", None) or 0
