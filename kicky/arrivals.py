"""Films on their way here from another device: what has come of each is kept until all of it is here.

A film is known by its size and its mark, a sum over three places of it, so that the rest can be sent from another page,
under another name, or days later. What is not all here yet has a name that ends in .part.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import Outdated, StorageFailed, UnfitClip, UnreadableClip
from .home import films
from .system import sync_folder

FILM_ENDINGS = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp")
PLACE_BYTES = 64 << 10  # the mark is taken at the beginning, in the middle and at the end; upload.js takes the same
SPARE_BYTES = 256 << 20  # of the disk, that no film may take: the database has to be written, too
LONGEST = 200  # bytes of a name: a file system takes 255
SETTLED_S = 60.0  # a film that has just come is not taken for one that is still being copied
PART = re.compile(r"(?P<name>.+)\.(?P<size>[1-9][0-9]*)-(?P<mark>[0-9a-f]{8})\.part")
_writing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Coming:
    """A film that is being sent."""

    name: str
    size_bytes: int
    mark: str

    @property
    def part(self) -> str:
        """-> the name of what has come of it."""
        return f"{self.name}.{self.size_bytes}-{self.mark}.part"


def announced(name: str, size: str, mark: str) -> Coming:
    """What a page says of a film -> Coming. Raises: UnfitClip, also for a name with a path in it; UnreadableClip."""
    bare = name.isprintable() and not set(name) & set("/\\") and name[:1] not in ("", ".", " ")
    if not bare or len(name.encode(errors="replace")) > LONGEST:
        shown = "".join(sign for sign in name if sign.isprintable())[:60]
        raise UnfitClip(
            f"KICKY cannot keep a film named {shown}: give it a short name without slashes, and choose it again."
        )
    if not name.lower().endswith(FILM_ENDINGS):
        raise UnfitClip(f"{name} is no film by its name: choose one that ends in {', '.join(FILM_ENDINGS)}.")
    if not re.fullmatch(r"[0-9]{1,15}", size) or not re.fullmatch(r"[0-9a-f]{8}", mark):
        raise UnfitClip(f"{name} was not announced as this version of KICKY does it: load the page again.")
    if not int(size):
        raise UnreadableClip(f"{name} is empty, 0 bytes: copy it again from the phone.")
    return Coming(name, int(size), mark)


def here(coming: Coming) -> int:
    """Film -> how many of its bytes are here. Raises: StorageFailed where the disk has no room for the others."""
    if whole(coming) is not None:
        return coming.size_bytes
    part = _part(coming)
    have = part.stat().st_size if part.exists() else 0
    _refuse_full(coming.size_bytes - have)
    return have


def append(coming: Coming, at: int, block: bytes | bytearray) -> int:
    """Film, where in it, its bytes there -> kept; how many are here now.

    Raises: Outdated where they do not follow on what is here, StorageFailed.
    """
    with _writing, _on_disk():
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        part = _part(coming)
        have = part.stat().st_size if part.exists() else 0
        if have != at or at + len(block) > coming.size_bytes:
            raise Outdated(f"{coming.name} is being sent from another page, too: go on there, or close that page.")
        _refuse_full(len(block))
        with part.open("ab") as file:
            file.write(block)
    return at + len(block)


def finish(coming: Coming, modified_s: float) -> Path:
    """Film of which all has come, when it was made -> where it is now, on the disk; one that was here before stays.

    Raises: Outdated when there is more to come, UnreadableClip when it is not what was sent, StorageFailed.
    """
    with _writing, _on_disk():
        if (before := whole(coming)) is not None:
            return before
        part = _part(coming)
        if not part.exists() or part.stat().st_size != coming.size_bytes:
            raise Outdated(f"Not all of {coming.name} is here yet.")
        if mark(part) != coming.mark:
            part.unlink()
            raise UnreadableClip(f"{coming.name} did not arrive as it was sent: choose it again.")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        latest = time.time() - SETTLED_S
        made_s = modified_s if 0 < modified_s < latest else latest
        os.utime(part, (made_s, made_s))
        target = _free(coming.name)
        part.replace(target)
        sync_folder(_folder())
        return target


def whole(coming: Coming) -> Path | None:
    """Film -> where all of it is here, None while it is not."""
    return next((path for path in arrived() if _same(path, coming)), None)


def arrived() -> list[Path]:
    """-> the films that are all here, by name."""
    return [path for path in _lying() if not PART.fullmatch(path.name)]


def halves() -> list[tuple[Coming, int]]:
    """-> the films that are not all here, and how many bytes are."""
    found = [(PART.fullmatch(path.name), path) for path in _lying()]
    return [(Coming(of["name"], int(of["size"]), of["mark"]), path.stat().st_size) for of, path in found if of]


def is_ours(path: Path) -> bool:
    """Film -> whether it came so, and is here for KICKY alone."""
    return path.parent == _folder()


def delete(name: str) -> None:
    """Name of what lies here, all or not -> gone; nothing of that name is gone already. Raises: StorageFailed."""
    with _writing, _on_disk():
        for path in _lying():
            if path.name == name:
                path.unlink(missing_ok=True)


def mark(path: Path) -> str:
    """Film -> the sum by which it is known again, with its size."""
    size, total = path.stat().st_size, 0
    with path.open("rb") as file:
        for place in (0, max((size - PLACE_BYTES) // 2, 0), max(size - PLACE_BYTES, 0)):
            file.seek(place)
            total = zlib.crc32(file.read(PLACE_BYTES), total)
    return f"{total:08x}"


def _same(path: Path, coming: Coming) -> bool:
    return path.stat().st_size == coming.size_bytes and mark(path) == coming.mark


def _folder() -> Path:
    return films().resolve()


def _lying() -> list[Path]:
    folder = _folder()
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _part(coming: Coming) -> Path:
    """-> where what has come of it lies, under whichever name it began to come."""
    known = (other for other, _ in halves() if (other.size_bytes, other.mark) == (coming.size_bytes, coming.mark))
    return _folder() / next(known, coming).part


def _free(name: str) -> Path:
    """Name -> a path that nothing has: "day.mp4", else "day (2).mp4"."""
    path, number = _folder() / name, 1
    while path.exists():
        number += 1
        path = _folder() / f"{Path(name).stem} ({number}){Path(name).suffix}"
    return path


def _refuse_full(bytes_: int) -> None:
    folder = next(path for path in (_folder(), *_folder().parents) if path.exists())
    free = shutil.disk_usage(folder).free - SPARE_BYTES
    if bytes_ > free:
        raise StorageFailed(
            f"The disk has no room for this film: {size_words(bytes_)} to come, {size_words(max(free, 0))} free. "
            "Delete what you do not need, then choose the film again: it goes on where it stopped."
        )


def size_words(bytes_: int) -> str:
    """Bytes -> in words.

    >>> size_words(0), size_words(3_400_000), size_words(4_250_000_000)
    ('0 MB', '3 MB', '4.2 GB')
    """
    return f"{bytes_ / 1e9:.1f} GB" if bytes_ >= 1e9 else f"{bytes_ / 1e6:.0f} MB"


@contextmanager
def _on_disk() -> Iterator[None]:
    """-> a block whose failures of the disk are told in words."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "The disk is full" if full else f"The disk does not take the film ({error.strerror})"
        raise StorageFailed(
            f"{why}: put that right, then choose the film again: it goes on where it stopped."
        ) from error
