"""The SQLite file: opened, migrated, read and written safely by several processes at once."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import Session, SQLModel

from ..errors import NotFound, StorageFailed
from ..home import PROJECT, database

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = PROJECT / "db" / "migrations"
HEAD = "0007"
BUSY_MS = 10_000
Row = TypeVar("Row", bound=SQLModel)


@contextmanager
def reading() -> Iterator[Session]:
    """-> a session that sees one state of the database. Raises: StorageFailed."""
    path = database()
    with told(path):
        prepare(path)
        with Session(_engine(path), expire_on_commit=False) as db:
            yield db


@contextmanager
def writing() -> Iterator[Session]:
    """-> a session whose changes are committed together at the end, or not at all. Raises: StorageFailed.

    The write lock is taken at once: a transaction that reads first and writes later would be refused
    without waiting when another process wrote in between.
    """
    path = database()
    with told(path):
        prepare(path)
        with Session(_engine(path).execution_options(begin="IMMEDIATE"), expire_on_commit=False) as db:
            yield db
            db.commit()


def found(db: Session, table: type[Row], number: int, noun: str) -> Row:
    """Database, table, number, what to call it -> its row. Raises: NotFound."""
    if 0 < number < 2**63 and (row := db.get(table, number)):  # numbers come from addresses that people type
        return row
    raise NotFound(f"There is no {noun} {number}: it may have been removed; go back and choose another.")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Path -> a block in which the disk's and the database's refusals become one sentence."""
    try:
        yield
    except IntegrityError:
        raise  # a rule of ours was broken: whoever wrote knows what it means
    except (DatabaseError, sqlite3.DatabaseError, OSError) as error:
        raise StorageFailed(_sentence(error, path)) from error


def _sentence(error: Exception, path: Path) -> str:
    """Error -> what happened and what to do."""
    text = str(getattr(error, "orig", None) or error)
    low = text.lower()
    if "full" in low or "no space" in low or "quota" in low or "file too large" in low:
        return "The disk is full: make room and try again; what was stored before is still there."
    if "readonly" in low or "read-only" in low or "permission" in low:
        return f"{path.parent} cannot be written: allow writing there, or point KICKY_HOME at another folder."
    if "locked" in low or "busy" in low:
        return "The database is held by another program: try again in a moment."
    if "not a database" in low or "malformed" in low:
        return f"{path} is damaged: put a copy of it back in its place, or move it away to start anew."
    return f"{path} could not be read or written ({text})."


def prepare(path: Path) -> None:
    """Path -> a database there, of this program's version. Raises: StorageFailed when it is newer."""
    if _revision(path) == HEAD:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / "migration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (revision := _revision(path)) != HEAD:  # another process may have been first
            _migrate(path, revision)


def _revision(path: Path) -> str | None:
    """Path -> the version its tables are of, None for a file without tables or no file."""
    if not path.exists():
        return None
    with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def _migrate(path: Path, revision: str | None) -> None:
    """Path, its version -> the newest version, all of it or nothing; the old file is kept beside it."""
    from alembic import command
    from alembic.script import ScriptDirectory

    settings = alembic_settings()
    if revision is not None:
        if revision not in {step.revision for step in ScriptDirectory.from_config(settings).walk_revisions()}:
            raise StorageFailed(f"{path} was made by a newer version of KICKY: update the program to open it.")
        back_up(path, path.with_name(f"{path.stem}.before-{HEAD}{path.suffix}"))
    with _engine(path).execution_options(begin="IMMEDIATE").connect() as connection:
        # Off, or rebuilding a table deletes every row that points at it; it cannot be switched in a transaction.
        _pragma(connection, "foreign_keys=OFF")
        with connection.begin():
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
            if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone():
                raise StorageFailed(f"{path} could not be brought up to date: some rows point at nothing.")


def back_up(source: Path, target: Path) -> None:
    """Database -> a whole copy of it, also while others write; appears at once or not at all."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(part)) as new:
        old.backup(new)
    part.replace(target)


def alembic_settings() -> Config:
    """-> Alembic's settings, without a file."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings


def _pragma(connection: Connection, text: str) -> None:
    """Connection, setting -> applied outside any transaction."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA {text}")


@lru_cache(maxsize=8)
def _engine(path: Path) -> Engine:
    """Path -> engine. No pool: a connection lives as long as its question, and none outlives its file."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _settle(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # or sqlite3 begins late, and never before a CREATE TABLE
        for setting in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            raw.execute(f"PRAGMA {setting}")  # busy_timeout first: switching to WAL can itself be refused

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    return engine
