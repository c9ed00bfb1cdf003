"""The key of the coach's server, in a file that its owner alone may read and that no backup holds.

It is kept with the machine it was given for, and is nobody else's. Before 0008 it lay in the database, in the clear.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ..coaches.address import machine
from ..drafts import draft
from ..errors import StorageFailed
from ..home import coach_key, database, database_url
from ..system import sync_folder
from .private import close, make_folder

OUT_SINCE = "0008"
BUSY_S = 10.0
IN_DATABASE = "server.key"


def kept(where: str) -> str:
    """Machine -> its key, "" where none is kept. Raises: StorageFailed where the file is damaged, OSError."""
    try:
        told = json.loads(coach_key().read_text(encoding="utf-8"))
        return str(told["key"]) if where and told["machine"] == where else ""
    except FileNotFoundError:
        return ""
    except (ValueError, LookupError, TypeError) as error:
        raise StorageFailed(f"{coach_key()} is damaged: delete it, and give the server's key again.") from error


def keep(where: str, key: str) -> None:
    """Machine, key -> the only one that is kept, whole or not at all; "" forgets it. Raises: OSError."""
    if not key:
        coach_key().unlink(missing_ok=True)
        return
    make_folder(coach_key().parent)
    with draft(coach_key().parent, ".part") as part:
        close(part)
        with part.open("w", encoding="utf-8") as file:
            json.dump({"machine": where, "key": key}, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(coach_key())
        sync_folder(coach_key().parent)


def take_out(connection: Connection) -> None:
    """Database of before 0008 -> its key is in the file, if it is the one in use, and in no row. Raises: OSError."""
    if not inspect(connection).has_table("setting"):
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    rows = connection.execute(text("SELECT key, value FROM setting WHERE key LIKE 'server.%'")).all()
    said: dict[str, str] = {row[0]: row[1] for row in rows}
    where, key = machine(said.get("server.address", "")), said.get(IN_DATABASE, "")
    if where and key and _in_use(connection) and not coach_key().exists():
        keep(where, key)
    connection.execute(text("DELETE FROM setting WHERE key = :key"), {"key": IN_DATABASE})


def overwrite(files: Iterable[Path]) -> None:
    """SQLite files of before 0008 -> the key is in none of them, not in what is free in them either, nor in a log.

    Raises: sqlite3.Error.
    """
    for path in files:
        with closing(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)) as db:
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'setting'").fetchone():
                db.execute("PRAGMA secure_delete=ON")
                db.execute("PRAGMA temp_store=MEMORY")
                db.execute("DELETE FROM setting WHERE key = ?", (IN_DATABASE,))
                db.execute("VACUUM")
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _in_use(connection: Connection) -> bool:
    """-> whether this is the player's own database, no backup's."""
    if connection.dialect.name != "sqlite":
        return True
    name = connection.engine.url.database
    return database_url() is None and name is not None and Path(name).resolve() == database().resolve()
