"""What this machine knows of models beyond models/MODELS.toml: the player's own, pinned hashes, files he trusts.

KICKY_HOME/models/LOCAL.json: {"models": {name: entry}, "pins": {name: sha256}, "trusted": [sha256]}
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import StorageFailed
from ..home import models

EMPTY: dict[str, Any] = {"models": {}, "pins": {}, "trusted": []}


def known() -> dict[str, Any]:
    """-> the register as it stands, empty while there is none. Raises: StorageFailed."""
    file = models() / "LOCAL.json"
    try:
        return EMPTY | dict(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return dict(EMPTY)
    except (OSError, ValueError) as error:
        raise StorageFailed(f"{file} cannot be read ({error}): put a copy of it back, or move it away.") from error


@contextmanager
def changing() -> Iterator[dict[str, Any]]:
    """-> the register, written back whole at the end; two processes never lose each other's entry."""
    try:
        models().mkdir(parents=True, exist_ok=True)
        with (models() / ".LOCAL.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            values = json.loads(json.dumps(known()))
            yield values
            part = models() / ".LOCAL.part"
            with part.open("w", encoding="utf-8") as file:
                json.dump(values, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            part.replace(models() / "LOCAL.json")
    except OSError as error:
        raise StorageFailed(f"{models()} cannot be written ({error}): allow writing there, or make room.") from error
