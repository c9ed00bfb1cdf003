"""File or folder -> the SHA-256s that tell it, of what really lies there. A file is read again once it has changed."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePath

from ..errors import MissingWeights

MANIFEST = ".kicky.json"
"""Beside a fetched folder's files: {"revision": …, "files": {name: sha256}} as they were when they came."""
NOTES = ("*.metadata", "*.lock", "*.incomplete", ".gitignore", "CACHEDIR.TAG")
"""What the hub's client keeps under .cache/huggingface beside the files it fetched."""
SETTLED_NS = 2_000_000_000  # the coarsest clock of a file system: two changes within it may look like one


def digest(file: Path, how: str = "sha256") -> str:
    """File -> its hash in hexadecimal.

    Size and date can be put back after a change; the inode and the time of the change itself cannot.
    """
    about = file.stat()
    if time.time_ns() - about.st_ctime_ns < SETTLED_NS:
        return fresh(file, how)
    stamp = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
    return _digest(file, stamp, how)


@lru_cache(maxsize=1024)
def _digest(file: Path, _stamp: tuple[int, ...], how: str) -> str:
    return fresh(file, how)


def fresh(file: Path, how: str = "sha256") -> str:
    """File -> its hash, read now."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, how).hexdigest()


def contents(place: Path, read: Callable[[Path], str] = digest) -> dict[str, str]:
    """Folder of a model -> SHA-256 by name of every file in it that loading may read; of a single file {"": SHA-256}.

    Raises: MissingWeights for a link that leads out of the folder, for what is no file or cannot be read.
    """
    if place.is_file():
        return {"": read(place)}
    found = {}
    for inside, file in files(place):
        try:
            found[inside] = read(file)
        except OSError as error:
            raise MissingWeights(f"{place / inside} cannot be read ({error}): allow reading it.") from error
    return found


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Folder of a model -> the name in it and the file of all that loading may read. Raises: MissingWeights."""
    root = folder.resolve()
    for entry in sorted(root.rglob("*")):
        inside = entry.relative_to(root)
        if entry.is_symlink() and not (entry.is_file() and entry.resolve().is_relative_to(root)):
            raise MissingWeights(f"{folder / inside} is a link that leads elsewhere: put the file itself in its place.")
        if entry.is_file():
            if not _unread(inside):
                yield inside.as_posix(), entry
        elif not entry.is_dir():
            raise MissingWeights(f"{folder / inside} is no file: take it out of {folder.name}.")


def _unread(inside: PurePath) -> bool:
    """A file's name in its folder -> whether it is only a note about the others, of no use to who loads them."""
    if inside.parts[:2] == (".cache", "huggingface"):
        return any(inside.match(pattern) for pattern in NOTES)
    return inside.as_posix() in (MANIFEST, ".gitattributes")


def whole(hashes: Mapping[str, str]) -> str:
    """What `contents` gave -> one SHA-256 over all names and hashes; a single file's is its own."""
    return hashes[""] if "" in hashes else hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()
