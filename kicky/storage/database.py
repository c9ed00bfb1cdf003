"""The database: opened, migrated, read and written safely by several processes at once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import Session, SQLModel

from .. import system
from ..errors import NotFound, StorageFailed
from ..home import PROJECT, database
from . import engines, keys, private
from .engines import Sqlite, Store

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = PROJECT / "db" / "migrations"
HEAD = "0010"
ROOM_BYTES = 1 << 18  # the index of the log alone takes 32 kB
Row = TypeVar("Row", bound=SQLModel)
Thing = TypeVar("Thing")
_kept: tuple[tuple[object, ...] | None, dict[Hashable, Any]] = None, {}  # the database's stamp, what was read since


@contextmanager
def reading() -> Iterator[Session]:
    """-> a session that sees one state of the database. Raises: StorageFailed."""
    store = engines.present()
    with told(store.where):
        prepare(store)
        with Session(store.engine(), expire_on_commit=False) as db:
            yield db


@contextmanager
def writing() -> Iterator[Session]:
    """-> a session whose changes are committed together at the end, or not at all. Raises: StorageFailed.

    One writes at a time: whoever comes second waits, and then sees what the first has written.
    """
    store = engines.present()
    with told(store.where):
        prepare(store)
        with Session(store.writer(), expire_on_commit=False) as db:
            yield db
            db.commit()
    _forget()


def once(what: Hashable, read: Callable[[], Thing]) -> Thing:
    """A name for what is read, how -> what it gave, read anew once anything in the database has changed.

    A page's script asks for the same shot in a dozen places, and again at every click. Only for what is small.
    """
    global _kept
    store = engines.present()
    with told(store.where):
        prepare(store)
        now = store.stamp()
    if _kept[0] != now:
        _kept = now, {}
    looks = _kept[1]  # whoever writes meanwhile begins another: what was read before is not found there
    if what not in looks:
        looks[what] = read()
    return looks[what]  # type: ignore[no-any-return] # under its own name lies what its own reading gave


def _forget() -> None:
    global _kept
    _kept = None, {}


def found(db: Session, table: type[Row], number: int, noun: str) -> Row:
    """Database, table, number, what to call it -> its row. Raises: NotFound."""
    if 0 < number < 2**63 and (row := db.get(table, number)):  # numbers come from addresses that people type
        return row
    raise NotFound(f"There is no {noun} {number}: it may have been removed; go back and choose another.")


@contextmanager
def told(where: Path | str) -> Iterator[None]:
    """Path, or a server's name -> a block in which the disk's and the database's refusals become one sentence."""
    try:
        yield
    except IntegrityError:
        raise  # a rule of ours was broken: whoever wrote knows what it means
    except (DatabaseError, sqlite3.DatabaseError, OSError) as error:
        raise StorageFailed(_sentence(error, where)) from error


def _sentence(error: Exception, where: Path | str) -> str:
    """Error -> what happened and what to do."""
    text = str(getattr(error, "orig", None) or error)
    low = text.lower()
    folder, dull = Path(where).parent, any(words in low for words in ("i/o error", "unable to open", "readonly"))
    if "no space" in low or "quota" in low or "file too large" in low or "is full" in low or (dull and _full(folder)):
        return "The disk is full: make room and try again; what was stored before is still there."
    if "readonly" in low or "read-only" in low or "permission" in low or (dull and _closed(folder)):
        return f"{folder} cannot be written: allow writing there, or point KICKY_HOME at another folder."
    if "locked" in low or "busy" in low:
        return "The database is held by another program: try again in a moment."
    if "not a database" in low or "malformed" in low:
        return f"{where} is damaged: put a copy of it back in its place, or move it away to start anew."
    return f"{where} could not be read or written ({text})."


def takes_no_writes(folder: Path) -> bool:
    """-> whether nobody can write there now: what lies in it stays as it is."""
    return _full(folder) or _closed(folder)


def _full(folder: Path) -> bool:
    """-> whether there is no room left in the folder, of which SQLite does not always speak."""
    return folder.is_dir() and not _closed(folder) and shutil.disk_usage(folder).free < ROOM_BYTES


def _closed(folder: Path) -> bool:
    """-> whether the folder takes no new files, of which SQLite does not speak at all."""
    return folder.is_dir() and not system.takes_files(folder)


def prepare(store: Store | None = None) -> None:
    """Database (the one in use) -> it is there, of this program's version. Raises: StorageFailed when it is newer."""
    store = store or engines.present()
    if isinstance(store, Sqlite):
        store.close_to_others()
    if store.revision() == HEAD:
        return
    folder = store.path.parent if isinstance(store, Sqlite) else database().parent
    private.make_folder(folder)
    with (folder / "migration.lock").open("w") as lock:
        system.lock(lock.fileno(), wait=True)
        if (revision := store.revision()) != HEAD:  # another process may have been first
            _migrate(store, revision)


def _migrate(store: Store, revision: str | None) -> None:
    """Database, its version -> the newest version, all of it or nothing; a copy of the old file is kept beside it."""
    if revision is not None:
        if revision not in revisions():
            raise StorageFailed(f"{store.where} was made by a newer version of KICKY: update the program to open it.")
        if revision < keys.OUT_SINCE and isinstance(store, Sqlite):
            _take_key_out(store)
        store.keep_copy(f"before-{HEAD}")
    lead(store, "head")


def revisions() -> set[str]:
    """-> the versions of a database that this program knows."""
    from alembic.script import ScriptDirectory

    return {step.revision for step in ScriptDirectory.from_config(alembic_settings()).walk_revisions()}


def lead(store: Store, revision: str) -> None:
    """Database, a version at or after its own -> it is of that version, or as it was."""
    from alembic import command

    settings = alembic_settings()
    with store.migrating() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def _take_key_out(store: Sqlite) -> None:
    """SQLite file of before 0008 -> its key is in no copy of it either: those of earlier updates, nor the next."""
    with store.migrating() as connection:
        keys.take_out(connection)
    keys.overwrite([store.path, *store.copies()])


def alembic_settings() -> Config:
    """-> Alembic's settings, without a file."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings
