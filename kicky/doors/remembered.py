"""Who has given the password, by what his browser brings: signed, with an end, worth nothing under another password.

Nothing is kept here but one secret of this machine. It takes that file and the password to sign; with the password
alone, or with what a browser brings alone, nothing can be signed and no password tried out.
"""

from __future__ import annotations

import hmac
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

DAYS = 90
KEPT_S = DAYS * 24 * 3600
LENGTH, LONGEST = 32, 200


def secret(path: Path) -> bytes:
    """File -> this machine's secret in it, made where there is none; one that lasts as long as this process where the
    disk takes none.
    """
    with suppress(OSError):
        kept = _read(path)
        if kept is None:
            _make(path)
            kept = _read(path)
        if kept is not None:
            return kept
    return secrets.token_bytes(LENGTH)


def _read(path: Path) -> bytes | None:
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return None
    return found if len(found) == LENGTH else None


def _make(path: Path) -> None:
    """File -> whole and readable by nobody else, or not there. Raises: OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Remembered:
    """Signs and knows what browsers bring, by a secret and the password."""

    secret: bytes
    password: str
    clock: Callable[[], float] = time.time

    def signed(self) -> str:
        """-> what a browser that has given the password is to bring from now on."""
        text = f"{int(self.clock()) + KEPT_S}.{secrets.token_urlsafe(16)}"
        return f"{text}.{self._signature(text)}"

    def knows(self, brought: str) -> bool:
        """What a browser brings -> whether it was signed here, under this password, and has not ended."""
        if len(brought) > LONGEST:
            return False
        text, _, signature = brought.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(text).encode()):
            return False
        return self.clock() < int(text.partition(".")[0])  # signed by us: it is a number

    def _signature(self, text: str) -> str:
        key = hmac.digest(self.secret, b"kicky door\0" + self.password.encode(errors="surrogateescape"), sha256)
        return hmac.new(key, text.encode(errors="surrogateescape"), sha256).hexdigest()
