"""Files under their names <-> a tar with a manifest, last, of the size and SHA-256 of each.

Whoever made it may mean harm: only plain files are read, one after the other as they lie, and none before all headers,
the manifest and the room on the disk were found to fit. What is read by hand here `tarfile` would follow: links,
devices, files with holes, headers without end.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import StorageFailed
from .columns import now
from .files import is_bare
from .foreign import short

OnProgress = Callable[[str, float], None]
MANIFEST, DATABASE, MEDIA, FORMAT = "manifest.json", "db/kicky.sqlite", "db/media/", 1
FILMS = "films"
BLOCK, HASHERS = 1 << 22, 2
MOST_FILES, LONGEST_MANIFEST, LONGEST_HEADER = 500_000, 100 << 20, 4096
SPARE_BYTES = 100 << 20  # left free on the disk in any case
SHA256 = re.compile(r"[0-9a-f]{64}")
GONE = "was replaced or deleted meanwhile: try again once no work is under way."
BROKEN = "{} is not a whole backup of KICKY ({}): copy it again from where it was made. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a tar: where its bytes begin there, and how many there are."""

    name: str
    begin: int
    size: int


# --- writing ---------------------------------------------------------------------------------------


def write(part: Path, files: Mapping[str, Path], on_progress: OnProgress) -> None:
    """Where, names with their files -> the tar; each is hashed beside being copied. Stage told: backup.

    The files must stay as they are meanwhile. Raises: OSError, StorageFailed when one grows shorter.
    """
    sizes: dict[str, int] = {}
    beside = ThreadPoolExecutor(HASHERS)
    try:
        total = sum(path.stat().st_size for path in files.values()) or 1
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
    except FileNotFoundError as error:
        raise StorageFailed(f"{Path(error.filename).name} {GONE}") from error
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
            raise StorageFailed(f"A film {GONE}")
        left -= sent
    return size


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- reading ---------------------------------------------------------------------------------------


def unpack(source: Path, inside: Path, on_progress: OnProgress) -> dict[str, str]:
    """Tar, an empty folder -> the database in it, the media in FILMS, every byte proved; SHA-256 of each of those.

    Stage told: restore. Raises: StorageFailed, and then the folder holds leftovers; OSError.
    """
    with source.open("rb") as file:
        try:
            *members, last = [*_members(file)] or [Member("", 0, 0)]
            told = _manifest(file, last, source.name)
            if {member.name: member.size for member in members} != {name: size for name, (size, _) in told.items()}:
                raise ValueError("it does not hold the files that it lists")
            if DATABASE not in told:
                raise ValueError("it holds no database")
        except (tarfile.TarError, ValueError, RecursionError) as error:
            raise StorageFailed(BROKEN.format(source.name, error)) from error
        total = sum(member.size for member in members)
        if total + SPARE_BYTES > shutil.disk_usage(inside).free:
            raise StorageFailed(f"{source.name} needs {total / 1e9:.1f} GB: make room on the disk, then try again.")
        digests, done = {}, 0
        (inside / FILMS).mkdir()
        for member in members:
            where = inside / "kicky.sqlite" if member.name == DATABASE else inside / FILMS / _bare(member.name)
            digests[member.name] = _kept(file, member, where)
            if digests[member.name] != told[member.name][1]:
                raise StorageFailed(BROKEN.format(source.name, f"{member.name} is not as it was"))
            done += member.size
            on_progress("restore", 0.8 * done / max(total, 1))
    return {_bare(name): digest for name, digest in digests.items() if name != DATABASE}


def _bare(name: str) -> str:
    return name.removeprefix(MEDIA)


def _members(file: BinaryIO) -> Iterator[Member]:
    """Open tar -> its files in order, the manifest among them; none is read. Raises: TarError, ValueError."""
    whole, names, said = os.fstat(file.fileno()).st_size, set[str](), dict[str, str]()
    while True:
        block = file.read(tarfile.BLOCKSIZE)
        try:
            about = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except tarfile.HeaderError:
            if block and not block.strip(b"\0"):
                return  # the end
            raise
        begin = file.tell()
        if about.type == tarfile.XHDTYPE and not said and about.size <= LONGEST_HEADER:
            said = _records(file.read(about.size))
        elif about.type in (tarfile.REGTYPE, tarfile.AREGTYPE):
            name, size = said.get("path", about.name), int(said.get("size", about.size))
            if not _is_ours(name) or name.lower() in names:
                raise ValueError(f"it holds {short(name)}, which KICKY does not write")
            if not 0 <= size <= whole - begin:
                raise ValueError(f"{short(name)} is cut short")
            names.add(name.lower())  # some disks do not tell a.mp4 from A.mp4
            about.size, said = size, {}
            yield Member(name, begin, size)
        else:
            raise ValueError(f"{short(about.name)} in it is no plain file")
        if len(names) > MOST_FILES:
            raise ValueError("it holds too many files")
        file.seek(begin + -(-about.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE)


def _records(text: bytes) -> dict[str, str]:
    """Content of a PAX header -> what it says of the next file: its name and size, where they do not fit the header.

    >>> _records(b"17 path=long.mp4\\n17 size=12345678\\n")
    {'path': 'long.mp4', 'size': '12345678'}
    """
    found = {}
    while text:
        length = int(text[: text.index(b" ")])
        record, text = text[:length], text[length:]
        key, is_there, value = record.partition(b" ")[2].decode().partition("=")
        if len(record) != length or length < 5 or not is_there or value[-1:] != "\n" or key not in ("path", "size"):
            raise ValueError("it has a header that KICKY does not write")
        found[key] = value[:-1]
    return found


def _is_ours(name: str) -> bool:
    """Name in a backup -> is it one that we write."""
    return name in (MANIFEST, DATABASE) or (name.startswith(MEDIA) and is_bare(_bare(name)))


def _manifest(file: BinaryIO, member: Member, name: str) -> dict[str, list[Any]]:
    """Open tar, its last file, what the tar is called -> name: size and SHA-256. Raises: ValueError, StorageFailed."""
    if member.name != MANIFEST or member.size > LONGEST_MANIFEST:
        raise ValueError("it has no list of its files")
    file.seek(member.begin)
    told = json.loads(file.read(member.size))
    files: dict[str, list[Any]] | None = told.get("files") if isinstance(told, dict) else None
    if not isinstance(files, dict) or type(told.get("format")) is not int:
        raise ValueError("it has no list of its files")
    if told["format"] != FORMAT:
        raise StorageFailed(f"{name} was made by a newer version of KICKY: update the program to read it.")
    for pair in files.values():
        if not (isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is int and isinstance(pair[1], str)):
            raise ValueError("it has no list of its files")
        if not SHA256.fullmatch(pair[1]):
            raise ValueError("it has no list of its files")
    return files


def _kept(file: BinaryIO, member: Member, target: Path) -> str:
    """Open tar, one of its files, where -> written, and its SHA-256."""
    digest, left = hashlib.sha256(), member.size
    file.seek(member.begin)
    with target.open("wb") as out:
        while left and (block := file.read(min(BLOCK, left))):
            digest.update(block)
            out.write(block)
            left -= len(block)
    return digest.hexdigest()
