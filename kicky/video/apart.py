"""A film from outside, read for the first time in a process of its own, with limits of memory and of silence.

A decoder is a large program in C that is fed whatever somebody names .mp4. One that hangs, swells or dies on a damaged
file takes its own process with it, and neither the app nor the worker.

    python -m kicky.video.apart prove FILE SLOW_MOTION    every frame decoded; the clip as JSON, or why it is none
    python -m kicky.video.apart list FILE                 of an hour's film: its list of frames and where key frames are
"""

from __future__ import annotations

import json
import os
import resource
import select
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from .. import errors
from ..domain import Clip, Ints
from ..errors import KickyError, UnreadableClip
from ..home import PROJECT
from . import COPY_AGAIN, open_clip, open_listed, prove_whole

MEMORY_BYTES = 4 << 30  # a 16384 px picture takes 400 MB, and several are under way
SILENT_S = 60.0  # a decoder that has given no frame for so long will give none
BEAT_S = 0.5
CHUNK = 1 << 16


def proved(path: Path, slow_motion: float = 1.0, silent_s: float = SILENT_S) -> Clip:
    """Film -> Clip, every frame of which could be decoded. Raises: UnreadableClip, UnfitClip."""
    return _clip(_asked(["prove", str(path), repr(slow_motion)], path, silent_s))


def listed(path: Path, silent_s: float = SILENT_S) -> tuple[Clip, Ints]:
    """Film, of an hour perhaps -> as `open_listed` tells it. Raises: UnreadableClip, UnfitClip."""
    said = _asked(["list", str(path)], path, silent_s)
    return _clip(said), np.array(said["keys"], dtype=np.int64)


def _clip(said: dict[str, Any]) -> Clip:
    size = int(said["size"][0]), int(said["size"][1])
    time_s = np.array(said["time_s"], dtype=float)
    return Clip(Path(said["path"]), said["sha256"], size, time_s, said["slow_motion"], lens_mm=said["lens_mm"])


def _program(words: list[str]) -> list[str]:
    return [sys.executable, "-m", "kicky.video.apart", *words]


def _asked(words: list[str], path: Path, silent_s: float) -> dict[str, Any]:
    """What is asked of the other process -> its answer, or its refusal raised here."""
    with subprocess.Popen(_program(words), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout is not None
        heard = bytearray()
        while True:
            if not select.select([child.stdout], [], [], silent_s)[0]:
                child.kill()
                raise UnreadableClip(f"{path.name} keeps the decoder from ever ending: {COPY_AGAIN}.")
            chunk = os.read(child.stdout.fileno(), CHUNK)
            if not chunk:
                break
            heard += chunk
    if child.returncode or not heard.strip():
        raise UnreadableClip(f"{path.name} makes the decoder fail: {COPY_AGAIN}.")
    said: dict[str, Any] = json.loads(heard)
    if "refused" in said:
        raise getattr(errors, said["refused"])(said["why"])
    return said


def main() -> None:
    """The other process: what it was asked, answered on its standard output, a space twice a second meanwhile."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    what, path = sys.argv[1], Path(sys.argv[2])
    try:
        if what == "prove":
            clip = open_clip(path, float(sys.argv[3]))
            prove_whole(clip, _Beat())
            said = _said(clip)
        else:
            clip, keys = open_listed(path)
            said = _said(clip) | {"keys": keys.tolist()}
    except KickyError as error:
        said = {"refused": type(error).__name__, "why": str(error)}
    sys.stdout.write(json.dumps(said))


def _said(clip: Clip) -> dict[str, Any]:
    return {
        "path": str(clip.path), "sha256": clip.sha256, "size": clip.size_wh_px, "time_s": clip.time_s.tolist(),
        "slow_motion": clip.slow_motion, "lens_mm": clip.lens_mm,
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
