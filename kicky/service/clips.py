"""The films of single shots: which there are, new ones taken in, their pace, one gone for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from .. import jobs as queue
from .. import storage
from ..errors import NotFound, StorageFailed
from ..storage.views import ClipView
from . import sessions, work

if TYPE_CHECKING:
    from ..storage.tables import ClipRow


def listed(session_id: int) -> list[ClipView]:
    """Session -> its clips, in the order they came. Raises: NotFound."""
    queue.repair()
    return storage.clips(session_id)


def are_here() -> bool:
    """-> whether there is any clip at all."""
    return storage.holds_clips()


def untried(clips: Iterable[ClipView]) -> list[int]:
    """Clips -> those that nobody tried to analyse yet; one that was tried in vain says so itself."""
    return [clip.id for clip in clips if clip.shot_id is None and clip.job is None]


def add(session_id: int, name: str, source: BinaryIO | Path, slow_motion: float | None = None) -> ClipView:
    """Session, the film's name, its bytes -> the clip, proved to be a whole film.

    `slow_motion` is how many times slower than real time it plays; None: what the film says, 1 where that is nothing.
    Raises: UnreadableClip, UnfitClip (also when the same bytes are here already), NotFound,
    StorageFailed; nothing is kept then.
    """
    from . import intake

    clip_id = intake.take_in(session_id, name, source, slow_motion)
    return next(clip for clip in storage.clips(session_id) if clip.id == clip_id)


def drop(name: str, source: BinaryIO | Path, slow_motion: float | None = None, shown: int | None = None) -> int:
    """The film's name, its bytes, the session that is shown -> the session of its day, in which it is a clip now.

    A film that does not tell its day goes to the session shown, without one to the last Saturday's. Raises:
    UnreadableClip, UnfitClip, NotFound, StorageFailed; nothing is kept then, no new session either.
    """
    from . import intake

    clip_id = intake.take_in(lambda day: _session(day, shown), name, source, slow_motion)
    return storage.clip(clip_id).session_id


def _session(day: dt.date | None, shown: int | None) -> int:
    here = next((session for session in storage.sessions() if session.id == shown), None)
    if here is not None and day in (None, here.date):
        return here.id
    return sessions.on(day or sessions.last_saturday())


def set_slow_motion(clip_id: int, slow_motion: float) -> None:
    """Clip, how many times slower than real time it plays -> so from now on; a shot it had is judged again.

    Raises: NotFound, UnfitClip where the number makes no sense.
    """
    from .intake import retime

    detector = retime(clip_id, slow_motion)
    if detector:
        work.analyze([clip_id], detector)


def films_in(folder: str) -> list[Path]:
    """Folder on this machine -> the films in it, by name. Raises: NotFound, StorageFailed."""
    path = Path(folder.strip()).expanduser()
    if not folder.strip() or not path.is_dir():
        raise NotFound(f"There is no folder {folder.strip() or 'without a name'} on this machine: correct the path.")
    from . import judging

    return judging.films_in(path)


def remove(clip_id: int) -> None:
    """Clip -> gone for good. Raises: NotFound, StorageFailed."""
    from ..storage.removing import remove_clip

    untaught([storage.clip(clip_id)])
    remove_clip(clip_id)


def untaught(clips: Sequence[ClipRow]) -> None:
    """Clips -> in no data set any more. Raises: StorageFailed, also while something is taught from one."""
    from ..teach import forgetting

    hashes = [clip.sha256 for clip in clips]
    sets = forgetting.holding(hashes)
    for job in queue.teaching_now():
        using = set(job["clip_ids"]) & {clip.id for clip in clips} if "clip_ids" in job else job.get("dataset") in sets
        if using:
            raise StorageFailed("It is being taught from just now: stop that on the Teach page first, then delete it.")
    forgetting.forget_clips(hashes)
