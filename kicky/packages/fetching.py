"""Index -> the packages that `make run` left out, whole or not at all: into a hidden folder, which then gets its name.

uv fetches them, held to the hashes of the lock file. PyTorch for machines without a graphics card comes from PyTorch's
own index and is held to the hashes that this gives. What is whole when a fetch breaks off stays in a cache beside them,
and is not fetched again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from .. import drafts, system
from ..errors import MissingPackages, StorageFailed
from ..home import PROJECT
from ..weights.fetching import room_for
from . import DONE, NAME, PROOF, elsewhere, fetches, locked, old, place, told

OnProgress = Callable[[str, float], None]
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
SOURCES = "pypi.org", "download.pytorch.org"
LOOK_S = 0.5
LARGER = "python -m kicky packages fetch --card"


def sources(for_card: bool | None = None) -> str:
    """Whether for a graphics card (None: as this machine has one) -> the machines that are asked."""
    return " and ".join(SOURCES if elsewhere(for_card) else SOURCES[:1])


def fetch(on_progress: OnProgress, for_card: bool | None = None) -> Path:
    """Whether for a graphics card (None: as this machine has one) -> the folder with all of them.

    Raises: MissingPackages when they cannot be had, StorageFailed; then all is as it was, but for the cache.
    """
    bare = elsewhere(for_card)
    if told(place()) == {"card": not bare}:
        return place()
    try:
        return _fetched(on_progress, for_card, bare)
    except OSError as error:
        raise StorageFailed(
            f"{place().parent} cannot be written ({error}): allow writing there, or make room."
        ) from error


def _fetched(on_progress: OnProgress, for_card: bool | None, bare: bool) -> Path:
    envs = place().parent
    room_for(fetches(for_card)[1] - so_far(), envs, "What teaches and coaches")
    with _alone(envs):
        drafts.sweep(envs, ours=False)
        with drafts.draft_folder(envs) as folder:
            work = _Work(folder, fetches(for_card)[1], on_progress)
            if bare:
                work.torch()
            work.rest(card=not bare)
            if lacking := [name for name in PROOF if not (folder / name).exists()]:
                raise MissingPackages(f"What was fetched lacks {', '.join(lacking)}: nothing was installed; try again.")
            (folder / DONE).write_text(json.dumps({"card": not bare}), encoding="utf-8")
            shutil.rmtree(place(), ignore_errors=True)
            folder.replace(place())
        for path in [*old(), cache()]:
            shutil.rmtree(path, ignore_errors=True)
    on_progress("packages", 1.0)
    return place()


@contextmanager
def _alone(envs: Path) -> Iterator[None]:
    """Folder -> a block in which nobody else fetches into it. Raises: MissingPackages."""
    with (envs / f".{NAME}.lock").open("a") as lock:
        if not system.lock(lock.fileno()):
            raise MissingPackages("They are being fetched already, in another window: wait for that.")
        yield


def cache() -> Path:
    """-> where uv keeps what it fetched until all is whole; the folder's files are links to those."""
    return place().parent / f".{NAME}-cache"


def so_far() -> int:
    """-> bytes of what was fetched by now, unpacked."""
    return _below(cache())


def _below(folder: Path) -> int:
    """Folder -> bytes of all files in it; those that vanish meanwhile do not count."""
    size = 0
    try:
        for entry in os.scandir(folder):
            size += _below(Path(entry)) if entry.is_dir(follow_symlinks=False) else entry.stat().st_size
    except OSError:
        return size
    return size


class _Work:
    """Folder to fill, bytes that it will hold, whom to tell -> what uv is asked to do for it."""

    def __init__(self, folder: Path, size: int, on_progress: OnProgress) -> None:
        self._folder, self._size, self._tell = folder, size, on_progress
        self._uv = uv()

    def torch(self) -> None:
        """PyTorch without a graphics card's libraries, of the versions that the lock has."""
        asked, hashed = self._folder / "asked.txt", self._folder / "hashed.txt"
        asked.write_text(locked.torch(), encoding="utf-8")
        there = ["--default-index", CPU_INDEX]
        instead = f", or take the larger ones with `{LARGER}`"
        self._run(["compile", str(asked), "--no-deps", "--generate-hashes", "-o", str(hashed), *there], instead)
        self._install(hashed, there, instead)
        asked.unlink()

    def rest(self, card: bool) -> None:
        """All others, as the lock names them byte for byte."""
        hashed = self._folder / "hashed.txt"
        hashed.write_text(locked.rest(card), encoding="utf-8")
        self._install(hashed)

    def _install(self, hashed: Path, there: Sequence[str] = (), instead: str = "") -> None:
        how = ["--no-deps", "--no-build", "--require-hashes", "--target", str(self._folder)]
        self._run(["install", *how, "-r", str(hashed), *there], instead)
        hashed.unlink()

    def _run(self, words: Sequence[str], instead: str = "") -> None:
        """What uv is to do -> done. Raises: MissingPackages; what was begun ends with whatever ends this."""
        command = [self._uv, "pip", *words, "--quiet", "--python", sys.executable, "--cache-dir", str(cache())]
        with TemporaryFile() as said:
            process = subprocess.Popen(
                command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said,
                **system.group(),
            )  # fmt: skip
            try:
                while process.poll() is None:
                    self._tell("packages", min(so_far() / max(self._size, 1), 0.99))
                    time.sleep(LOOK_S)
            finally:
                if process.poll() is None:
                    system.end(process)
                    process.wait()
            if process.returncode:
                said.seek(0)
                raise MissingPackages(_why(said.read().decode(errors="replace"), instead))


def uv() -> str:
    """-> uv: what runs this, else what is on the path, else what `make run` brought. Raises: MissingPackages."""
    own = PROJECT / ".uv" / "bin" / "uv"
    found = os.environ.get("UV") or shutil.which("uv") or (str(own) if own.exists() else None)
    if found is None:
        raise MissingPackages("uv, which fetches packages, is not here: start the program once with `make run`.")
    return found


def _why(said: str, instead: str) -> str:
    """What uv said when it failed -> one sentence."""
    lines = [line.strip().removeprefix("Caused by: ") for line in said.splitlines() if line.strip()]
    if "Hash mismatch" in said:
        return (
            "A package is not the file that the lock names, byte for byte, so nothing was installed: try again later."
        )
    if "No space left" in said:
        return "The disk is full, so nothing was installed: make room, and go on fetching."
    why = lines[-1][:200].rstrip(".") if lines else "uv was ended"
    return (
        f"The packages could not be fetched ({why}), and nothing was installed: see whether this machine is online, "
        f"and go on fetching{instead}."
    )
