"""Everything a player has -> one file, and back: into an empty home, or merged into one by the films' hashes.

The file is a tar: db/kicky.sqlite as SQLite's own backup gives it, db/media/, and last manifest.json with the size and
SHA-256 of each. Nothing of it is believed before all of it was read and fits. Models and data sets are not in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import insert, select

from .. import drafts
from ..errors import StorageFailed
from ..home import database, media
from . import merging
from .archive import sync_folder
from .database import prepare, reading, told
from .engines import Sqlite, copy_file, present
from .tables import Base, now

OnProgress = Callable[[str, float], None]
MANIFEST, FORMAT, BLOCK, HASHERS = "manifest.json", 1, 1 << 22, 2
TRUNCATED = "{} is not a whole backup of KICKY: copy it again from where it was made. Nothing was changed."


def backup(target: Path, on_progress: OnProgress) -> int:
    """File to write, whom to tell -> its bytes; a file that is there gives way only once the new one is whole.

    Stage told: backup. Raises: StorageFailed.
    """
    with told(target):
        prepare()
        target.parent.mkdir(parents=True, exist_ok=True)
        drafts.sweep(target.parent, ours=False)
        with drafts.draft(target.parent, ".part") as part, drafts.draft_folder(target.parent) as folder:
            copy = folder / "copy.sqlite"
            _snapshot(copy)
            kept = sorted(path for path in media().rglob("*") if path.is_file() and path.name[0] != ".")
            names = {f"db/media/{path.relative_to(media()).as_posix()}": path for path in kept}
            files = {"db/kicky.sqlite": copy, **names}
            _write(part, files, on_progress)
            part.replace(target)
            sync_folder(target.parent)
        return target.stat().st_size


def _snapshot(target: Path) -> None:
    """-> the database in use as a SQLite file, as it is at one moment."""
    store = present()
    if isinstance(store, Sqlite):
        copy_file(store.path, target)
        return
    prepare(Sqlite(target))
    with reading() as db, Sqlite(target).writer().begin() as copy:
        for table in Base.metadata.sorted_tables:
            if rows := [dict(row) for row in db.connection().execute(select(table)).mappings()]:
                copy.execute(insert(table), rows)


def _write(part: Path, files: dict[str, Path], on_progress: OnProgress) -> None:
    """Names with their files -> the tar; each is hashed beside being copied."""
    total = sum(path.stat().st_size for path in files.values()) or 1
    sizes: dict[str, int] = {}
    beside = ThreadPoolExecutor(HASHERS)
    try:
        digests = {name: beside.submit(_digest, path) for name, path in files.items()}
        with part.open("wb", buffering=0) as out:
            for name, path in files.items():
                with path.open("rb") as source:
                    sizes[name] = os.fstat(source.fileno()).st_size
                    _header(out, name, sizes[name])
                    _copied(source, out, sizes[name])
                    out.write(b"\0" * (-sizes[name] % tarfile.BLOCKSIZE))
                on_progress("backup", sum(sizes.values()) / total)
            contents = {name: [sizes[name], digest.result()] for name, digest in digests.items()}
            text = json.dumps({"format": FORMAT, "made_at": now().isoformat(), "files": contents}).encode()
            _header(out, MANIFEST, len(text))
            out.write(text + b"\0" * (-len(text) % tarfile.BLOCKSIZE) + b"\0" * 2 * tarfile.BLOCKSIZE)
            os.fsync(out.fileno())
    finally:
        beside.shutdown(cancel_futures=True)


def _header(out: Any, name: str, size: int) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode = size, 0o644
    out.write(about.tobuf(tarfile.PAX_FORMAT))


def _copied(source: Any, out: Any, size: int) -> int:
    """Open files, how many bytes -> so many copied; by the system itself, where it copies from file to file."""
    left = size
    while left:
        if sys.platform == "linux":
            sent = os.sendfile(out.fileno(), source.fileno(), None, min(left, 1 << 26))
        else:
            sent = out.write(source.read(min(left, BLOCK)))
        if not sent:
            raise StorageFailed("A film grew shorter meanwhile: wait until no work is under way, and try again.")
        left -= sent
    return size


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(source: Path, on_progress: OnProgress) -> dict[str, int]:
    """Backup -> how many sessions, clips and shots came from it; clips that are here already stay as they are.

    Into an empty home all of it goes as it was. Stage told: restore. Raises: StorageFailed for a file that is not whole
    or of a newer version, and then nothing is changed.
    """
    with told(source), _unpacked(source, on_progress) as (inside, files):
        prepare(Sqlite(inside / "db" / "kicky.sqlite"))
        came = merging.merge(inside / "db" / "kicky.sqlite", inside / "db" / "media")
        on_progress("restore", 1.0)
    return came | {"files": len(files)}


@contextmanager
def _unpacked(source: Path, on_progress: OnProgress) -> Iterator[tuple[Path, list[str]]]:
    """Backup -> a folder with all that is in it, every byte proved, and its names; the folder goes afterwards."""
    if not source.is_file():
        raise StorageFailed(f"There is no file {source}: correct its name.")
    database().parent.mkdir(parents=True, exist_ok=True)
    with drafts.draft_folder(database().parent) as inside:
        try:
            names = _unpack(source, inside, on_progress)
            yield inside, names
        except (tarfile.TarError, EOFError, KeyError, ValueError, TypeError) as error:
            raise StorageFailed(TRUNCATED.format(source.name)) from error


def _unpack(source: Path, inside: Path, on_progress: OnProgress) -> list[str]:
    found: dict[str, list[Any]] = {}
    manifest: dict[str, Any] | None = None
    whole = source.stat().st_size
    with tarfile.open(source, "r:") as tar:
        for member in tar:
            held = tar.extractfile(member)
            if held is None or not _ours(member.name):
                raise ValueError(member.name)
            if member.name == MANIFEST:
                manifest = json.loads(held.read())
                continue
            target = inside / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            found[member.name] = [member.size, _kept(held, target)]
            on_progress("restore", min(0.95 * member.offset_data / whole, 0.95))
    if manifest is None or found != manifest["files"] or "db/kicky.sqlite" not in found:
        raise ValueError("not what the manifest says")
    if manifest["format"] != FORMAT:
        raise StorageFailed(f"{source.name} was made by a newer version of KICKY: update the program to read it.")
    return list(found)


def _ours(name: str) -> bool:
    """Name in a backup -> does it stay inside, and is it one that we write."""
    parts = PurePosixPath(name).parts
    return (
        name == MANIFEST
        or (".." not in parts and name == "db/kicky.sqlite")
        or (parts[:2] == ("db", "media") and ".." not in parts and len(parts) > 2)
    )


def _kept(held: Any, target: Path) -> str:
    """An open member, a file -> written, and its SHA-256."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while block := held.read(BLOCK):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()
