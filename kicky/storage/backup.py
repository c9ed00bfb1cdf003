"""Everything a player has -> one file, and back: into an empty home, or merged into one by the films' hashes.

The file is a tar: db/kicky.sqlite as SQLite's own backup gives it, what its rows name in db/media/, and last
manifest.json with the size and SHA-256 of each. Nothing of it is believed before all of it was read and fits. Models
and data sets are not in it.

tarball: the file and its members. foreign: their database made one of ours. rules, inspection: may it be shown.
merging: into this one. belongings: which file is whose.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from .. import drafts, system
from ..errors import StorageFailed
from ..home import database, media, models
from . import belongings, foreign, inspection, merging, settings, tarball
from .columns import Base
from .database import prepare, reading, takes_no_writes, told, writing
from .engines import Sqlite, present
from .files import is_bare, lying
from .tarball import DATABASE, MEDIA, OnProgress


def backup(target: Path, on_progress: OnProgress) -> int:
    """File to write, whom to tell -> its bytes; a file that is there gives way only once the new one is whole.

    Work may go on meanwhile: rows and files are those of one moment. Stage told: backup. Raises: StorageFailed.
    """
    with told(target):
        refuse_target(target)
        prepare()
        target.parent.mkdir(parents=True, exist_ok=True)
        drafts.sweep(target.parent, ours=False)
        with drafts.draft(target.parent, ".part") as part:
            with drafts.draft_folder(target.parent) as folder, _moment(folder / "copy.sqlite") as films:
                named = _named(folder / "copy.sqlite", films)
                tarball.write(part, {DATABASE: folder / "copy.sqlite", **named}, on_progress)
            part.replace(target)
            system.sync_folder(target.parent)
        return target.stat().st_size


def refuse_target(target: Path) -> None:
    """Raises: StorageFailed where a backup would take the place of something that is no backup."""
    if target.is_dir():
        raise StorageFailed(f"{target} is a folder: name a file in it, such as {target / 'saturdays.kicky'}.")
    if target.exists() and not target.is_file():
        raise StorageFailed(f"{target} is a device, not a file: name a file, such as saturdays.kicky.")
    places = target.resolve(), target.parent.resolve() / target.name  # what it points at, and where it stands itself
    for folder in (database().parent, media(), models()):
        if any(place.is_relative_to(folder.resolve()) for place in places):
            raise StorageFailed(f"{target} lies among KICKY's own files in {folder}: name a file in another folder.")


@contextmanager
def _moment(copy: Path) -> Iterator[Path]:
    """Where to copy the database -> a folder with the media files, both as they are at one moment.

    Nobody writes while the files are linked and the state to be copied is settled on. What is replaced or deleted later
    goes on in its link; and nothing that a row names is written to once it is named. Where the disk takes no writes
    nothing is replaced either, and the files lie still.
    """
    with ExitStack() as linked, ExitStack() as settled:
        if takes_no_writes(database().parent):
            films = media()
            copy_to = settled.enter_context(_state())
        else:
            media().mkdir(parents=True, exist_ok=True)
            films = linked.enter_context(drafts.draft_folder(media()))
            with writing():
                copy_to = settled.enter_context(_state())
                _link(films)
        copy_to(copy)
        settled.close()
        yield films


@contextmanager
def _state() -> Iterator[Callable[[Path], None]]:
    """-> what copies the database as it is now into a SQLite file, whatever is written until then."""
    with reading() as db:
        connection = db.connection()
        if isinstance(present(), Sqlite):
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").fetchone()  # only now is it settled on
            yield lambda target: _copied(connection.connection.dbapi_connection, target)
        else:
            connection.execute(select(1))
            yield lambda target: _written(connection, target)


def _copied(now: Any, target: Path) -> None:
    with closing(sqlite3.connect(target)) as new:
        now.backup(new)


def _written(db: Connection, target: Path) -> None:
    """A server's state, file -> its rows in a SQLite file."""
    prepare(Sqlite(target))
    with Sqlite(target).writer().begin() as copy:
        for table in Base.metadata.sorted_tables:
            if rows := [dict(row) for row in db.execute(select(table)).mappings()]:
                copy.execute(insert(table), rows)


def _link(films: Path) -> None:
    """An empty folder in the media folder -> a link to each file there; a pointer where the disk knows no links."""
    for name in lying():
        path = media() / name
        if is_bare(name) and path.is_file() and not path.is_symlink():
            try:
                (films / name).hardlink_to(path)
            except FileNotFoundError:  # replaced just now: no row names it any more
                continue
            except OSError:
                (films / name).symlink_to(path.absolute())


def _named(copy: Path, films: Path) -> dict[str, Path]:
    """A database, its files -> name in the backup: each file that is some row's. Raises: OSError, StorageFailed."""
    there = sorted(path.name for path in films.iterdir()) if films.is_dir() else []
    known, names = set(there), set[str]()
    with closing(sqlite3.connect(copy)) as db:
        db.row_factory = sqlite3.Row
        for table in ("session", *belongings.FILES):
            for row in db.execute(f"SELECT * FROM {table}"):  # noqa: S608 our own tables
                names |= {row[column] for column in belongings.FILES.get(table, ())} & known
                names |= {name for name, _ in belongings.made_of(table, row, there)}
    return {MEDIA + name: films / name for name in sorted(names)}


def restore(source: Path, on_progress: OnProgress) -> dict[str, int]:
    """Backup -> how many sessions, clips and shots came from it; clips that are here already stay as they are.

    Into an empty home all of it goes as it was. Stage told: restore. Raises: StorageFailed for what is not whole, or
    of a newer version, or could not be shown, naming the first thing wrong; and then nothing is changed.
    """
    if not source.is_file():
        raise StorageFailed(f"There is no file {source}: correct its name.")
    with told(source):
        database().parent.mkdir(parents=True, exist_ok=True)
        with drafts.draft_folder(database().parent) as inside:
            digests = tarball.unpack(source, inside, on_progress)
            own, films = inside / "own.sqlite", inside / tarball.FILMS
            try:
                foreign.adopt(inside / "kicky.sqlite", own)
                inspection.inspect(own, films, digests, lambda share: on_progress("restore", 0.8 + 0.15 * share))
            except foreign.Odd as odd:
                raise StorageFailed(f"{source.name} cannot be brought back: {odd}. Nothing was changed.") from odd
            came = merging.merge(own, films)
            settings.offer(own)
            on_progress("restore", 1.0)
    return came | {"files": len(digests) + 1}
