"""What this machine knows of models beyond models/MODELS.toml: the player's own, pinned hashes, models he trusts.

KICKY_HOME/models/LOCAL.json: {"models": {name: entry}, "pins": {name: sha256}, "trust": {name: sha256}}. A list
"trusted" is an older version's: it did not say which model, nor look at every file, and counts no more.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .. import system
from ..errors import StorageFailed
from ..home import models
from . import names

PASSING, HELD = ".adding", ".held"


def known() -> dict[str, Any]:
    """-> the register as it stands, empty while there is none. Raises: StorageFailed, also for what we never wrote."""
    file = models() / "LOCAL.json"
    values: dict[str, Any] = {"models": {}, "pins": {}, "trust": {}}
    try:
        values |= dict(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return values
    except (OSError, ValueError, TypeError) as error:
        raise StorageFailed(f"{file} cannot be read ({error}): put a copy of it back, or move it away.") from error
    why = names.wrong(values["models"])
    if why or not all(isinstance(values[key], dict) for key in ("pins", "trust")):
        raise StorageFailed(f"{file} is not as this program writes it ({why or 'pins, trust'}): correct or remove it.")
    return values


@contextmanager
def changing() -> Iterator[dict[str, Any]]:
    """-> the register, written back whole at the end; two processes never lose each other's entry."""
    with _alone():
        values = known()
        yield values
        _write(values)


@contextmanager
def _alone() -> Iterator[None]:
    """-> a block in which no other process changes the register or the store's own folders."""
    try:
        models().mkdir(parents=True, exist_ok=True)
        with (models() / ".LOCAL.lock").open("a") as lock:
            system.lock(lock.fileno(), wait=True)
            yield
    except OSError as error:
        raise StorageFailed(f"{models()} cannot be written ({error}): allow writing there, or make room.") from error


def _write(values: dict[str, Any]) -> None:
    part = models() / ".LOCAL.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump(values, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(models() / "LOCAL.json")


def enter(name: str, about: dict[str, Any], made: Path) -> Path:
    """Name, entry, file or folder made for it -> in its place, both or neither. Raises: BadDataset, StorageFailed.

    The entry comes first: of whoever is killed in between an entry without its file is left, which says that it is
    missing and is filled when the model is added again.
    """
    with _alone():
        values = known()
        names.refuse(name, names.place(about), values["models"])
        before = json.loads(json.dumps(values))
        values["models"].pop(name, None)  # the newest comes last
        values["models"][name] = about
        values["trust"].pop(name, None)
        _write(values)
        try:
            made.replace(names.at(about))
        except OSError:
            _write(before)
            raise
        return names.at(about)


@contextmanager
def passing() -> Iterator[Path]:
    """-> a folder in the store that is gone at the end; those of processes that were killed are gone then too."""
    with _alone():
        for left in models().glob(PASSING + "*"):
            if not _alive(left):
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=models(), prefix=PASSING))
        held = (folder / HELD).open("w")
        system.lock(held.fileno(), wait=True)
    try:
        yield folder
    finally:
        held.close()
        shutil.rmtree(folder, ignore_errors=True)


def _alive(folder: Path) -> bool:
    """A folder made in passing -> whether the process that made it still holds it."""
    try:
        with (folder / HELD).open("r+") as held:
            return not system.lock(held.fileno())
    except OSError:  # killed before it came to hold it
        return False
