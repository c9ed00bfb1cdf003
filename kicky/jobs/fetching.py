"""Work of the fetching lane: a model, or packages, are fetched by their command in a process that alone goes online.

The worker itself stays offline, and a fetch that is cancelled ends at once; what came of it stays and is gone on with.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from tempfile import TemporaryFile
from typing import IO

from .. import packages, system, weights
from ..domain import OnProgress
from ..errors import KickyError, MissingPackages, MissingWeights
from ..home import PROJECT, home
from ..packages import fetching
from ..storage.kinds import INSTALLING
from ..storage.tables import JobRow
from ..weights import environment

LOOK_S = 0.3
PATIENCE_S = 5.0  # for a fetch that is told to end
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


def pull(job: JobRow, tell: OnProgress) -> None:
    """Job -> its model lies in the store, or the packages do. Settings: name.

    Raises: UnknownPart, and MissingWeights or MissingPackages with what it said.
    """
    name = str(job.settings["name"])
    if name == packages.NAME:
        _run("packages", "fetch", size=packages.fetches()[1], so_far=fetching.so_far, tell=tell, lacks=MissingPackages)
    else:
        size, so_far = int(weights.entry(name)["size"]), partial(weights.so_far, name)
        told = _installing(name, tell, time.time())
        _run("models", "pull", name, size=size, so_far=so_far, tell=told, lacks=MissingWeights)


def _installing(name: str, tell: OnProgress, since: float) -> OnProgress:
    """Model, where its fetch reports to, when that began -> the same; while its environment is made it says so."""

    def told(stage: str, share: float) -> None:
        tell(INSTALLING if environment.begun(name) >= since else stage, share)

    return told


def _run(*words: str, size: int, so_far: Callable[[], int], tell: OnProgress, lacks: type[KickyError]) -> None:
    """A command of ours, how much it fetches, what says how much of that is here -> done. Raises: `lacks`."""
    env = {key: value for key, value in os.environ.items() if key not in OFFLINE}
    command = [sys.executable, "-m", "kicky", *words]
    with TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=env | {"KICKY_HOME": str(home().resolve())}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=said, **system.group(),
        )  # fmt: skip
        try:
            while process.poll() is None:
                tell("pull", min(so_far() / max(size, 1), 0.99))
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK_S)
        finally:
            _end(process)
        if process.returncode:
            raise lacks(_last(said) or f"Fetching {words[-1]} ended early: try again.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """A fetch -> over, whether it wants to be or not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            system.end(process)
            process.wait()


def _last(said: IO[bytes]) -> str:
    """What a command printed as its errors -> the last line: a refusal is one sentence."""
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
