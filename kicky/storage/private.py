"""What is the player's own is nobody else's on this machine to read: folders 0700, the database 0600."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077


def make_folder(path: Path) -> None:
    """Folder -> there, closed to others where it is new; those above it as is usual. Raises: OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


def make_file(path: Path) -> None:
    """File -> there, closed to others from its first byte on. Raises: OSError."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def close(path: Path) -> bool:
    """File or folder -> closed to others, where it is there and ours to close; whether it was open.

    By its name: whoever opens and closes a SQLite file beside it takes the locks of this process off it.
    """
    with suppress(OSError):  # another's, on a disk that takes no change: it can be read all the same
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(mode & 0o700)
            return True
    return False
