"""File or folder -> the SHA-256 that tells it. A file is read again only when its size or date has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

MANIFEST = ".kicky.json"
"""Beside a fetched folder's files: {"revision": …, "files": {name: sha256}} as they were when they came."""


def digest(file: Path, how: str = "sha256") -> str:
    """File -> its hash in hexadecimal."""
    about = file.stat()
    return _digest(file, about.st_size, about.st_mtime_ns, how)


@lru_cache(maxsize=256)
def _digest(file: Path, _size: int, _changed: int, how: str) -> str:
    return fresh(file, how)


def fresh(file: Path, how: str = "sha256") -> str:
    """File -> its hash, read now."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, how).hexdigest()


def of_files(files: Iterable[Path], root: Path) -> str:
    """Files -> one SHA-256 over their names and contents."""
    whole = hashlib.sha256()
    for file in sorted(files):
        whole.update(f"{file.relative_to(root).as_posix()} {digest(file)}\n".encode())
    return whole.hexdigest()


def of_folder(folder: Path) -> str:
    """Folder of a model -> a SHA-256 over what it holds: by its manifest, without one by names, sizes and config."""
    manifest = folder / MANIFEST
    if manifest.exists():
        return hashlib.sha256(
            json.dumps(json.loads(manifest.read_text())["files"], sort_keys=True).encode()
        ).hexdigest()
    whole = hashlib.sha256()
    for file in sorted(folder.glob("*.json")):
        whole.update(f"{file.name} {digest(file)}\n".encode())
    for file in sorted(each for each in folder.rglob("*") if each.suffix in WEIGHTS):
        whole.update(f"{file.relative_to(folder).as_posix()} {file.stat().st_size}\n".encode())
    return whole.hexdigest()


WEIGHTS = (".safetensors", ".pth", ".pt", ".bin", ".ckpt")
