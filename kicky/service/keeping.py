"""Everything in one file and back; a clip, a session or a person gone for good; a name changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import StorageFailed

if TYPE_CHECKING:
    from ..domain import OnProgress


def backup(target: Path, on_progress: OnProgress) -> int:
    """File to write -> its bytes. Raises: StorageFailed."""
    from ..storage.backup import backup

    target = target.expanduser()
    if target.is_dir():
        raise StorageFailed(f"{target} is a folder: name a file in it, such as {target / 'saturdays.kicky'}.")
    return backup(target, on_progress)


def restore(source: Path, on_progress: OnProgress) -> dict[str, int]:
    """Backup -> how many sessions, clips and shots came; what is here stays. Raises: StorageFailed."""
    from ..storage.backup import restore

    return restore(source.expanduser(), on_progress)


def remove_clip(clip_id: int) -> None:
    """Clip -> gone for good. Raises: NotFound, StorageFailed."""
    from ..storage.removing import remove_clip

    remove_clip(clip_id)


def remove_session(session_id: int) -> None:
    """Session -> gone for good, with its clips. Raises: NotFound, StorageFailed."""
    from ..storage.removing import remove_session

    remove_session(session_id)


def forget_player(name: str) -> int:
    """Name -> gone, with looks, advice and labels; of how many shots it was taken. Raises: StorageFailed."""
    from ..storage.removing import forget_player

    return forget_player(name)


def rename_player(name: str, new: str) -> None:
    """Name, another -> the other's from now on; two that are known become one. Raises: StorageFailed."""
    from ..storage.removing import rename_player

    rename_player(name, new)
