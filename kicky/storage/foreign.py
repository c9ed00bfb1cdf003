"""A SQLite file that somebody else made -> its rows in a database whose tables our own migrations made.

Nothing of it is run: no view, trigger, check, generated column or index of that file. Its schema is read first and must
have exactly the names that ours had in the version it says it is of; then plain rows are read, each value of the kind
its column holds, and written into a database of ours, which brings itself up to date. So only our own tables are ever
migrated, and only our own rules say what may stand in them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from ..errors import StorageFailed
from . import database
from .engines import Sqlite

# A file that means harm may hold rows without end, one value of gigabytes, or SQL of its own.
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 64 << 20, sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000, sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50, sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 2, sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1, sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 8,
}  # fmt: skip
HARDENED = (
    "trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "ignore_check_constraints=ON", "mmap_size=0",
)  # fmt: skip
STEPS, STEPS_A_BYTE = 1_000_000, 10  # of SQLite's machine: a row takes 4 bytes or more, and some 30 steps
STRIDE = 1000
MOST_NAMES = 200
ROWS = 500
KINDS: dict[str, tuple[type, ...]] = {"INTEGER": (int,), "BIGINT": (int,), "BOOLEAN": (int,), "FLOAT": (float, int)}
Column = tuple[str, str, bool]
"""Name, declared type, whether it may be empty."""


class Odd(Exception):
    """What is wrong with a backup, as the end of a sentence."""


def adopt(foreign: Path, own: Path) -> None:
    """SQLite file, where to -> a database of this version with its rows. Raises: StorageFailed, Odd."""
    with closing(_Reader(foreign)) as theirs:
        revision = _revision(theirs)
        own.write_bytes(_blank(revision))
        with closing(sqlite3.connect(own, isolation_level=None)) as ours:
            ours.execute("PRAGMA synchronous=OFF")  # a passing file
            ours.execute("BEGIN")
            for table in _tables(ours):
                _take(theirs, ours, table)
            if dangling := ours.execute("PRAGMA foreign_key_check").fetchone():
                raise Odd(f"a {dangling[0]} in it belongs to a {dangling[2]} that is not in it")
            ours.execute("COMMIT")
    database.prepare(Sqlite(own))


class _Reader:
    """A SQLite file that can only be read, and no longer than its size allows. Raises: Odd for what cannot be."""

    def __init__(self, path: Path) -> None:
        uri = f"file:{quote(str(path))}?mode=ro&immutable=1"  # immutable: no journal beside it is looked for
        self.left = STEPS + STEPS_A_BYTE * path.stat().st_size
        self.db = sqlite3.connect(uri, uri=True, isolation_level=None)
        for limit, most in LIMITS.items():
            self.db.setlimit(limit, most)
        for setting in HARDENED:
            self.db.execute(f"PRAGMA {setting}")
        self.db.set_progress_handler(self._spent, STRIDE)

    def _spent(self) -> bool:
        self.left -= STRIDE
        return self.left < 0

    def rows(self, sql: str, *asked: object) -> Generator[tuple[Any, ...], None, None]:
        """SQL of ours -> its rows."""
        try:
            yield from self.db.execute(sql, asked)
        except (sqlite3.DatabaseError, UnicodeDecodeError, OverflowError, MemoryError) as error:
            raise Odd("its database is damaged" if self.left >= 0 else "its database has no end") from error

    def close(self) -> None:
        self.db.close()


def _revision(theirs: _Reader) -> str:
    """Their database -> the version of ours whose tables and indexes it has, exactly. Raises: Odd, StorageFailed."""
    all_names = "SELECT type, name, tbl_name, substr(sql, 1, 13) FROM sqlite_master LIMIT ?"
    found = list(theirs.rows(all_names, MOST_NAMES))
    for kind, name, *_, begins in found:
        if kind not in ("table", "index") or (kind == "table" and begins != "CREATE TABLE "):
            raise Odd(f"its database has a {short(kind if kind != 'table' else 'virtual table')} {short(name)}, "
                      "and KICKY makes none")  # fmt: skip
    names = {(kind, name, table) for kind, name, table, *_ in found}
    if ("table", "alembic_version", "alembic_version") not in names:
        raise Odd("its database is none of KICKY's")
    versions = list(theirs.rows("SELECT version_num FROM alembic_version LIMIT 2"))
    if len(versions) != 1 or not isinstance(versions[0][0], str):
        raise Odd("its database does not say of which version it is")
    revision = str(versions[0][0])
    if revision not in database.revisions():
        raise StorageFailed("It was made by a newer version of KICKY: update the program to read it.")
    with closing(sqlite3.connect(":memory:")) as blank:
        blank.deserialize(_blank(revision))
        expected = {tuple(row) for row in blank.execute("SELECT type, name, tbl_name FROM sqlite_master")}
        for kind, name, _ in sorted(names ^ expected, key=lambda each: (each[0] != "table", each)):
            is_theirs = (kind, name) in {(a, b) for a, b, _ in names}
            raise Odd(f"its database {'has a' if is_theirs else 'lacks the'} {kind} {short(name)}")
        for table in (name for kind, name, _ in sorted(expected) if kind == "table"):
            if _shape(theirs.rows, table) != _shape(blank.execute, table):
                raise Odd(f"its table {table} has other columns than KICKY's")
    return revision


def _shape(ask: Callable[[str], Iterable[Any]], table: str) -> set[tuple[object, ...]]:
    """What answers SQL, table -> its columns (name, of the primary key or not, computed or not), and its kind."""
    columns = {(row[1], row[5] > 0, row[6]) for row in ask(f'PRAGMA table_xinfo("{table}")')}
    return columns | {tuple(row[3:6]) for row in ask(f'PRAGMA table_list("{table}")') if row[0] == "main"}


@lru_cache(maxsize=16)
def _blank(revision: str) -> bytes:
    """Version -> an empty database of it, as our migrations make it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blank.sqlite"
        database.lead(Sqlite(path), revision)
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA journal_mode=DELETE")  # or it could not be opened in memory
            return db.serialize()


def _tables(ours: sqlite3.Connection) -> list[str]:
    names = ours.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version'")
    return sorted(str(name) for (name,) in names)


def _take(theirs: _Reader, ours: sqlite3.Connection, table: str) -> None:
    """A table of theirs -> its rows in ours. Raises: Odd."""
    columns = [(row[1], row[2].partition("(")[0], not row[3]) for row in ours.execute(f'PRAGMA table_info("{table}")')]
    names = ", ".join(f'"{name}"' for name, *_ in columns)
    into = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608
    # NOT INDEXED: their index may be of anything.
    with closing(theirs.rows(f'SELECT {names} FROM "{table}" NOT INDEXED')) as rows:  # noqa: S608 our own tables
        fitting = _fitting(rows, table, columns)
        while some := list(islice(fitting, ROWS)):
            try:
                ours.executemany(into, some)
            except sqlite3.IntegrityError as error:
                raise Odd(f"two rows of its table {table} are the same one, or one contradicts itself") from error


def _fitting(rows: Iterable[tuple[Any, ...]], table: str, columns: list[Column]) -> Iterator[tuple[Any, ...]]:
    """Rows -> the same, each value being of the kind its column holds. Raises: Odd."""
    kinds = [(KINDS.get(kind, (bytes,) if kind == "BLOB" else (str,)), empty) for _, kind, empty in columns]
    for row in rows:
        for value, (kind, empty), (name, *_) in zip(row, kinds, columns, strict=True):
            if not (empty if value is None else isinstance(value, kind)):
                raise Odd(f"in its table {table}, {name} is {short(value)}, which is of another kind")
        yield row


def short(value: object) -> str:
    """Anything -> in a few letters.

    >>> short("view" * 20)
    'viewviewviewviewviewvie…'
    """
    text = "".join(sign for sign in (value if isinstance(value, str) else repr(value)) if sign.isprintable())
    return "nothing" if value is None else text if len(text) <= 24 else f"{text[:23]}…"
