"""Model that wants other versions of its packages -> a Python environment of its own, beside the models.

KICKY_HOME/models/.envs/NAME; its `.kicky.json` says what was asked for, and is written when all of it is there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..errors import MissingWeights
from ..home import models
from .fetching import room_for

DONE = ".kicky.json"
SIZE = 9e9
"""Bytes that PyTorch for a graphics card and the rest of it need, the fetched archives counted; estimated."""


def place(name: str) -> Path:
    """Name of a model -> where its environment is or would be."""
    return models() / ".envs" / name


def python(name: str, about: dict[str, Any]) -> Path:
    """Name, entry -> the environment's own Python. Raises: MissingWeights where it is not made, or not for this."""
    if not _made(name, about):
        raise MissingWeights(
            f"The environment that {name} runs in is not made yet: run `python -m kicky models pull {name}`."
        )
    return place(name) / "bin" / "python"


def _made(name: str, about: dict[str, Any]) -> bool:
    try:
        return bool(json.loads((place(name) / DONE).read_text(encoding="utf-8")) == about["environment"])
    except (OSError, ValueError):
        return False


def begun(name: str) -> float:
    """Name of a model -> when its environment was begun or added to, in seconds of the clock; 0 where there is none."""
    try:
        return place(name).stat().st_mtime
    except OSError:
        return 0.0


def make(name: str, about: dict[str, Any]) -> None:
    """Name, entry with the `environment` it wants -> made, unless it is. Raises: MissingWeights, StorageFailed."""
    if _made(name, about):
        return
    folder = place(name)
    room_for(int(SIZE), folder.parent, f"The environment of {name}")
    shutil.rmtree(folder, ignore_errors=True)
    wanted = [str(each) for each in about["environment"]]
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted]
    try:
        for command in ([sys.executable, "-m", "venv", str(folder)], pip):
            subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        lines = str(getattr(error, "stderr", "") or error).strip().splitlines()
        raise MissingWeights(
            f"The environment of {name} could not be made ({lines[-1][:200] if lines else error}): go online and run "
            f"`python -m kicky models pull {name}` again."
        ) from error
    (folder / DONE).write_text(json.dumps(wanted), encoding="utf-8")


def remove(name: str) -> None:
    """Name -> its environment is gone."""
    shutil.rmtree(place(name), ignore_errors=True)
