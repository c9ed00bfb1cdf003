"""Files while they are being written: hidden, held under a lock until they have their name, and swept once nobody does.

The system frees the lock when its process dies, however it dies: what is hidden and not held is left over.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from . import system

# A SQLite file's own companions: they are of the file without that ending.
COMPANION = re.compile(r"-(?:wal|shm|journal)$")
ABANDONED_S = 86_400.0  # where no lock says it
DRAFT = re.compile(r"\.draft-[0-9a-f]{32}(?:\..*)?")
# As they were called before: .HEX.part, .restore-HEX, .STEM-xxxxxxxx.mp4, X.part; told so in folders of ours alone.
BEFORE = re.compile(r"\.[0-9a-f]{8}(?:[0-9a-f]{24})?\..*|\.restore-[0-9a-f]{8}|\..+-\w{8}\.mp4|.+\.part(?:\.mp4)?")


@contextmanager
def draft(folder: Path, ending: str) -> Iterator[Path]:
    """Folder, ending -> an empty hidden file in it; gone when the block ends, unless it was renamed by then.

    Raises: OSError.
    """
    path, held = _made(folder, ending, lambda path: path.touch(exist_ok=False))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        os.close(held)


@contextmanager
def draft_folder(folder: Path) -> Iterator[Path]:
    """Folder -> an empty hidden folder in it, gone with all that is in it when the block ends. Raises: OSError."""
    path, held = _made(folder, "", Path.mkdir)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)


def _made(folder: Path, ending: str, make: Callable[[Path], None]) -> tuple[Path, int]:
    """-> what was made, and the open handle that holds it."""
    while True:
        path = folder / f".draft-{uuid4().hex}{ending}"
        make(path)
        try:
            held = _taken(path, shared=True)
        except OSError:
            path.unlink() if path.is_file() else path.rmdir()
            raise
        if held is not None:
            return path, held


def _taken(path: Path, *, shared: bool) -> int | None:
    """File or folder -> the open handle that holds it; None where somebody else does, or it is gone by now."""
    if not system.locks_what_moves():
        return _taken_by_age(path, shared=shared)
    try:
        held = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        if system.lock(held, shared=shared) and path.stat().st_ino == os.fstat(held).st_ino:
            return held
    except FileNotFoundError:
        pass
    os.close(held)
    return None


def _taken_by_age(path: Path, *, shared: bool) -> int | None:
    """The same where what is locked cannot be renamed: nobody takes what another wrote to within the last day."""
    try:
        old = time.time() - path.stat().st_mtime > ABANDONED_S
    except FileNotFoundError:
        return None
    return os.open(os.devnull, os.O_RDONLY) if shared or old else None


def sweep(folder: Path, *, ours: bool) -> list[Path]:
    """Folder, is it one of ours -> what was left half-written in it, gone; what somebody holds stays. Raises: OSError.

    A folder of the player's own has files by all names: only what is surely a draft goes there.
    """
    gone = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        whose = path.with_name(COMPANION.sub("", path.name))
        if not (DRAFT.fullmatch(whose.name) or (ours and BEFORE.fullmatch(whose.name))):
            continue
        held = None
        if whose.exists() and not whose.is_symlink() and (held := _taken(whose, shared=False)) is None:
            continue
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            gone.append(path)
        finally:
            if held is not None:
                os.close(held)
    return gone


def write_whole(path: Path, content: bytes) -> None:
    """Path, content -> the file, on the disk and whole before it has its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with draft(path.parent, ".part") as part:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        system.sync_folder(path.parent)
