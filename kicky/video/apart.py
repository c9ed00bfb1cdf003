"""A film from outside, read for the first time in a process of its own, with limits of memory and of silence.

A decoder is a large program in C that is fed whatever somebody names .mp4. One that hangs, swells or dies on a damaged
file takes its own process with it, and neither the app nor the worker.

    python -m kicky.video.apart    reads a line of JSON a film, and says what clip it is or why it is none
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import numpy as np

from .. import errors, system
from ..domain import Clip, Ints
from ..errors import KickyError, OutOfMemory, UnreadableClip
from ..home import PROJECT
from . import open_clip, open_listed, prove_whole
from .files import COPY_AGAIN

MEMORY_BYTES = 4 << 30  # a 16384 px picture takes 400 MB, and several are under way
_LAST_BYTES = 256 << 20  # two pictures of 7680 × 4320 in ten bits
SLOWEST_BYTES_S = 10e6
SILENT_S = 60.0  # a decoder that has given no frame for so long will give none
BEAT_S = 0.5
IDLE_S = float(os.environ.get("KICKY_READER_IDLE_S", "120"))  # then it ends; the next film starts another
CHUNK = 1 << 16
_NO_ROOM = "There is too little memory here to read {}: close other programs, or export it as 1920 × 1080."
PROGRAM = [sys.executable, "-m", "kicky.video.apart"]


def proved(path: Path, slow_motion: float | None = 1.0, silent_s: float = SILENT_S) -> Clip:
    """Film -> Clip, every frame of which could be decoded; `slow_motion` as `open_clip` takes it.

    Raises: UnreadableClip, UnfitClip, OutOfMemory.
    """
    return _clip(_asked("prove", path, slow_motion, silent_s))


def listed(path: Path, silent_s: float = SILENT_S) -> tuple[Clip, Ints]:
    """Film, of an hour perhaps -> as `open_listed` tells it. Raises: UnreadableClip, UnfitClip, OutOfMemory."""
    said = _asked("list", path, 1.0, silent_s)
    return _clip(said), np.array(said["keys"], dtype=np.int64)


def _clip(said: dict[str, Any]) -> Clip:
    size = int(said["size"][0]), int(said["size"][1])
    time_s = np.array(said["time_s"], dtype=float)
    return Clip(
        Path(said["path"]), said["sha256"], size, time_s, said["slow_motion"], lens_mm=said["lens_mm"],
        stated_slow=said["stated_slow"],
    )  # fmt: skip


class _Reader:
    """The other process: started when first asked, one film at a time, started anew after one that brought it down."""

    def __init__(self) -> None:
        self._lock, self._child = Lock(), None
        atexit.register(self.stop)

    _child: subprocess.Popen[bytes] | None

    def ask(self, asked: Mapping[str, Any], silent_s: float) -> dict[str, Any] | None:
        """What to read -> what it says; None when it died. Raises: TimeoutError when it is silent for so long."""
        with self._lock:
            try:
                said, left = self._tried(asked, silent_s)
                if left:  # it had waited long enough just then
                    said, _ = self._tried(asked, silent_s)
                return said
            except BaseException:
                self.stop()  # or its answer would be taken for the next one's
                raise

    def _tried(self, asked: Mapping[str, Any], silent_s: float) -> tuple[dict[str, Any] | None, bool]:
        """-> what it says, None when it is gone; whether it went of its own accord."""
        child = self._alive()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(json.dumps(asked).encode() + b"\n")
            child.stdin.flush()
        except BrokenPipeError:
            return None, child.wait() == 0
        heard = bytearray()
        while not heard.endswith(b"\n"):
            if not system.readable(child.stdout, silent_s):
                raise TimeoutError
            chunk = os.read(child.stdout.fileno(), CHUNK)
            if not chunk:
                return None, child.wait() == 0
            heard += chunk
        said: dict[str, Any] = json.loads(heard)
        return said, False

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.stop()
            self._child = subprocess.Popen(
                PROGRAM, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=os.environ | {"MALLOC_ARENA_MAX": "2"},  # else each thread of the decoder sets 64 MB aside
            )  # fmt: skip
        return self._child

    def was_killed(self) -> bool:
        """-> whether the system ended it, as it does with what takes the last of the memory."""
        return self._child is not None and system.was_killed(self._child.poll())

    def stop(self) -> None:
        """The process, if there is one, ended and forgotten."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()


_READER = _Reader()


def _asked(what: str, path: Path, slow_motion: float | None, silent_s: float) -> dict[str, Any]:
    """What is asked of the other process -> its answer, or its refusal raised here."""
    try:
        asked = {"what": what, "path": str(path.absolute()), "slow_motion": slow_motion}
        said = _READER.ask(asked, silent_s + _to_read_s(path))
    except TimeoutError as error:
        raise UnreadableClip(f"{path.name} keeps the decoder from ever ending: {COPY_AGAIN}.") from error
    if said is None and _READER.was_killed():
        raise OutOfMemory(_NO_ROOM.format(path.name))
    if said is None:
        raise UnreadableClip(f"{path.name} makes the decoder fail: {COPY_AGAIN}.")
    if "refused" in said:
        raise getattr(errors, said["refused"])(said["why"])
    return said | {"path": str(path)}


def _to_read_s(path: Path) -> float:
    """File -> seconds in which even a slow disk has read it once over, which is done in silence."""
    return path.stat().st_size / SLOWEST_BYTES_S if path.exists() else 0.0


def main() -> None:
    """The other process: a line a film is asked for, a line is the answer; spaces before it say that it goes on."""
    system.limit_memory(MEMORY_BYTES)
    while system.readable(sys.stdin, IDLE_S) and (line := sys.stdin.readline()):
        sys.stdout.write(json.dumps(_read(**json.loads(line))) + "\n")
        sys.stdout.flush()
        if system.near_limit(_LAST_BYTES):
            return  # the next film is to find all the room there is


def _read(what: str, path: str, slow_motion: float | None) -> dict[str, Any]:
    try:
        if what == "prove":
            clip = open_clip(Path(path), slow_motion)
            prove_whole(clip, _Beat())
            return _said(clip)
        clip, keys = open_listed(Path(path))
        return _said(clip) | {"keys": keys.tolist()}
    except UnreadableClip as error:
        if not system.near_limit(_LAST_BYTES):  # else libav calls a whole film damaged
            return {"refused": UnreadableClip.__name__, "why": str(error)}
        return {"refused": OutOfMemory.__name__, "why": _NO_ROOM.format(Path(path).name)}
    except KickyError as error:
        return {"refused": type(error).__name__, "why": str(error)}
    except MemoryError:
        return {"refused": OutOfMemory.__name__, "why": _NO_ROOM.format(Path(path).name)}


def _said(clip: Clip) -> dict[str, Any]:
    return {
        "path": str(clip.path), "sha256": clip.sha256, "size": clip.size_wh_px, "time_s": clip.time_s.tolist(),
        "slow_motion": clip.slow_motion, "lens_mm": clip.lens_mm,
        "stated_slow": clip.stated_slow,
    }  # fmt: skip


class _Beat:
    """Says twice a second that it is alive."""

    def __init__(self) -> None:
        self.at = monotonic()

    def __call__(self, _stage: str, _share: float) -> None:
        if monotonic() - self.at > BEAT_S:
            self.at = monotonic()
            sys.stdout.write(" ")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
