"""Work of the fetching lane: a model is fetched, as `models pull` does it, in a process that alone goes online.

The worker itself stays offline, and a fetch that is cancelled ends at once; what came of it stays and is gone on with.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO

from .. import weights
from ..domain import OnProgress
from ..errors import MissingWeights
from ..home import PROJECT, home
from ..storage.tables import JobRow

LOOK_S = 0.3
PATIENCE_S = 5.0  # for a fetch that is told to end
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


def pull(job: JobRow, tell: OnProgress) -> None:
    """Job -> its model lies in the store. Settings: name. Raises: UnknownPart, and MissingWeights with what it said."""
    name = str(job.settings["name"])
    about = weights.entry(name)
    env = {key: value for key, value in os.environ.items() if key not in OFFLINE}
    command = [sys.executable, "-m", "kicky", "models", "pull", name]
    with TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=env | {"KICKY_HOME": str(home().resolve())}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=said,
        )  # fmt: skip
        try:
            while process.poll() is None:
                tell("pull", min(weights.so_far(name) / max(int(about["size"]), 1), 0.99))
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK_S)
        finally:
            _end(process)
        if process.returncode:
            raise MissingWeights(_last(said) or f"Fetching {name} ended early: try again.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """A fetch -> over, whether it wants to be or not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _last(said: IO[bytes]) -> str:
    """What a command printed as its errors -> the last line: a refusal is one sentence."""
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
