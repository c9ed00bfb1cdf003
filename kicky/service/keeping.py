"""Everything in one file and back; a clip, a session or a person gone for good; a name changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import jobs as queue
from .. import storage
from ..errors import StorageFailed

if TYPE_CHECKING:
    from ..domain import OnProgress
    from ..storage.tables import ClipRow


def backup(target: Path, on_progress: OnProgress) -> int:
    """File to write -> its bytes. Raises: StorageFailed."""
    from ..storage.backup import backup

    return backup(target.expanduser(), on_progress)


def restore(source: Path, on_progress: OnProgress) -> dict[str, int]:
    """Backup -> how many sessions, clips and shots came; what is here stays. Raises: StorageFailed."""
    from ..storage.backup import restore

    return restore(source.expanduser(), on_progress)


def remove_clip(clip_id: int) -> None:
    """Clip -> gone for good. Raises: NotFound, StorageFailed."""
    from ..storage.removing import remove_clip

    _forget([storage.clip(clip_id)])
    remove_clip(clip_id)


def remove_session(session_id: int) -> None:
    """Session -> gone for good, with its clips. Raises: NotFound, StorageFailed."""
    from ..storage.removing import remove_session

    _forget(storage.clip_rows([clip.id for clip in storage.clips(session_id)]))
    remove_session(session_id)


def forget_player(name: str) -> int:
    """Name -> gone, with looks, advice and labels; of how many shots it was taken. Raises: StorageFailed."""
    from ..storage.removing import forget_player
    from ..teach import forgetting

    forgetting.forget_person(name)
    return forget_player(name)


def rename_player(name: str, new: str) -> None:
    """Name, another -> the other's from now on; two that are known become one. Raises: StorageFailed."""
    from ..storage.removing import rename_player

    rename_player(name, new)


def _forget(clips: Sequence[ClipRow]) -> None:
    """Clips -> in no data set any more. Raises: StorageFailed, also while something is taught from one."""
    from ..teach import forgetting

    hashes = [clip.sha256 for clip in clips]
    sets = forgetting.holding(hashes)
    for job in queue.teaching_now():
        using = set(job["clip_ids"]) & {clip.id for clip in clips} if "clip_ids" in job else job.get("dataset") in sets
        if using:
            raise StorageFailed("It is being taught from just now: stop that on the Teach page first, then delete it.")
    forgetting.forget_clips(hashes)
