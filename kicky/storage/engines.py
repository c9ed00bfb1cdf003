"""The two kinds of database there are: a SQLite file, and a PostgreSQL server where KICKY_DATABASE names one.

What differs between them is here and nowhere else: how to connect, how to take the write lock, how to tell whether
anything has changed, what to do before and after tables are rebuilt.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from ..drafts import draft
from ..errors import StorageFailed
from ..home import database, database_url
from . import private

BUSY_MS = 10_000
ANSWER_S = 10
CLOSED = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL}
"""What SQLite says where it cannot write beside the file."""
LOCK_KEY = 0x6B69636B79  # "kicky": one writer at a time, among all programs at one server
DANGLING = "{} could not be brought up to date: some rows point at nothing."


class Store(Protocol):
    """A database of ours. `engine` reads one state of it, `writer` is the only one that writes while it does."""

    @property
    def where(self) -> str:
        """-> its name for a sentence, without a password."""

    def engine(self) -> Engine: ...

    def writer(self) -> Engine: ...

    def revision(self) -> str | None:
        """-> the version its tables are of, None where there are none yet."""

    def keep_copy(self, name: str) -> None:
        """-> a copy as it is now, beside it, where that is possible."""

    def migrating(self) -> Any:
        """-> a block with a connection in which tables may be rebuilt: all of it or nothing."""

    def stamp(self) -> tuple[object, ...]:
        """-> what changes whenever anything in it does."""

    def overwriting(self, db: Session) -> None:
        """What is deleted from here on is overwritten on the disk, not only marked as free, where that is possible."""

    def forget(self) -> None:
        """What was deleted is in no log and in no copy from before an update, where that is possible; outside any
        transaction."""


class Sqlite:
    """A file. Several processes of one machine may use it at once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def where(self) -> str:
        return str(self.path)

    def engine(self) -> Engine:
        return _file(self.path)

    def writer(self) -> Engine:
        """The lock is taken at once: a transaction that reads first and writes later would be refused without
        waiting when another process wrote in between."""
        return self.engine().execution_options(begin="IMMEDIATE")

    def revision(self) -> str | None:
        return _revision(self.path, self.stamp()) if self.path.exists() else None

    def keep_copy(self, name: str) -> None:
        copy_file(self.path, self.path.with_name(f"{self.path.stem}.{name}{self.path.suffix}"))

    def copies(self) -> list[Path]:
        """-> what was kept of it before updates."""
        return sorted(self.path.parent.glob(f"{self.path.stem}.before-*{self.path.suffix}"))

    def close_to_others(self) -> None:
        """Whoever else uses this machine reads neither the file nor what lies beside it; homes of before 0008, too."""
        if private.close(self.path):
            private.close(self.path.parent)
            for other in (*self.copies(), *(self.path.with_name(self.path.name + end) for end in ("-wal", "-shm"))):
                private.close(other)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        private.make_file(self.path)
        with self.writer().connect() as connection:
            # Off, or rebuilding a table deletes every row that points at it; it cannot be switched in a transaction.
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone():
                    raise StorageFailed(DANGLING.format(self.where))

    def stamp(self) -> tuple[object, ...]:
        seen: list[object] = [self.where]
        for file in (self.path, self.path.with_name(self.path.name + "-wal")):
            with suppress(FileNotFoundError):  # the log comes and goes with whoever uses the database
                about = file.stat()
                seen += [file.name, about.st_mtime_ns, about.st_size]
        return tuple(seen)

    def overwriting(self, db: Session) -> None:
        db.connection().execute(text("PRAGMA secure_delete=ON"))

    def forget(self) -> None:
        with closing(sqlite3.connect(self.path, timeout=BUSY_MS / 1000, isolation_level=None)) as db:
            # What is freed is overwritten where it lies, before less is left of the file; then what earlier programs
            # only marked as free goes too. Temporary copies of it all are not to lie about.
            for step in ("temp_store=MEMORY", "wal_checkpoint(TRUNCATE)"):
                db.execute(f"PRAGMA {step}")
            db.execute("VACUUM")
            if db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise StorageFailed("Another program is reading the database: once it has ended, so have the traces.")
        for copy in self.path.parent.glob(f"{self.path.stem}.before-*{self.path.suffix}*"):
            copy.unlink(missing_ok=True)


class Postgres:
    """A server, for more than one machine. What is deleted there is gone from its disk when it tidies up by itself."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)

    @property
    def where(self) -> str:
        return self.url.render_as_string(hide_password=True)

    def engine(self) -> Engine:
        return _server(self.url.render_as_string(hide_password=False)).execution_options(
            isolation_level="REPEATABLE READ"
        )

    def writer(self) -> Engine:
        return _server(self.url.render_as_string(hide_password=False)).execution_options(locked=True)

    def revision(self) -> str | None:
        try:
            with self.engine().connect() as connection:
                if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
                    return None
                return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except OperationalError as error:
            said = str(error.orig).strip().splitlines()[0]
            raise StorageFailed(
                f"The database {self.where} does not answer ({said}): start it, or unset KICKY_DATABASE."
            ) from error

    def keep_copy(self, name: str) -> None:
        """None: the server makes its own, and a migration there is one transaction."""

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        with self.writer().begin() as connection:
            yield connection

    def stamp(self) -> tuple[object, ...]:
        with self.engine().connect() as connection:
            return self.where, connection.execute(text("SELECT pg_current_snapshot()::text")).scalar()

    def overwriting(self, db: Session) -> None:
        pass

    def forget(self) -> None:
        pass


def present() -> Store:
    """-> the database in use. Raises: StorageFailed when its driver is not there."""
    url = database_url()
    if url is None:
        return Sqlite(database())
    try:
        import psycopg
    except ImportError as error:
        raise StorageFailed("KICKY_DATABASE is set and its driver is missing: run `make club`, or unset it.") from error
    if not url.startswith("postgresql+psycopg://"):
        raise StorageFailed(
            f"KICKY_DATABASE must begin with postgresql+psycopg:// (driver {psycopg.__version__}): write it so."
        )
    return Postgres(url)


def copy_file(source: Path, target: Path) -> None:
    """SQLite file -> a whole copy of it, also while others write; appears at once or not at all."""
    with draft(target.parent, ".sqlite") as part:
        private.close(part)
        with closing(_opened(source)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new)
        part.replace(target)


@lru_cache(maxsize=8)
def _revision(path: Path, _stamp: tuple[object, ...]) -> str | None:
    """SQLite file as it is now -> the version of its tables: asked again once anything in it has changed."""
    with closing(_opened(path)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


@lru_cache(maxsize=8)
def _file(path: Path) -> Engine:
    """Path -> engine. No pool: a connection lives as long as its question, and none outlives its file."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, creator=lambda: _opened(path))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    return engine


def _opened(path: Path) -> sqlite3.Connection:
    """SQLite file -> a connection to it; where nothing can be written, one that at least reads all that is stored.

    To read takes room for an index of the log, which a full disk and a folder that is closed do not give. What no log
    adds to is read as it lies; on a full disk the index is kept in memory. Raises: sqlite3.Error.
    """
    # busy_timeout first: switching to WAL can itself be refused
    usual = (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL")
    try:
        return _settled(str(path), *usual)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in CLOSED or not path.exists():
            raise
        log = path.with_name(path.name + "-wal")
        try:
            if log.exists() and log.stat().st_size:
                return _settled(str(path), "locking_mode=EXCLUSIVE", *usual)
            return _settled(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
        except sqlite3.OperationalError:
            raise error from None  # that is the one that says why


def _settled(address: str, *settings: str) -> sqlite3.Connection:
    """Path or URI, settings -> a connection that has read. Raises: sqlite3.Error, and nothing stays open."""
    # Autocommit, or sqlite3 begins late, and never before a CREATE TABLE.
    connection = sqlite3.connect(address, uri=address.startswith("file:"), isolation_level=None)
    try:
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


@lru_cache(maxsize=8)
def _server(url: str) -> Engine:
    """URL -> engine. No pool: a process of the crew is forked, and must not share its parent's connections."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": ANSWER_S})

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("locked"):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")

    return engine
