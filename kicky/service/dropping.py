"""Films that were dropped -> clips of the day they were filmed on; how far the work on a day is, as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .. import jobs as queue
from .. import storage
from ..storage.views import ClipView

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """How many of a session's clips are done, of how many, and how many seconds are left, None while nobody knows."""

    done: int
    total: int
    left_s: float | None


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
    return session_on(day or last_saturday())


def session_on(day: dt.date, place: str | None = None) -> int:
    """Day, place (None: anywhere) -> the newest session there, a new one only where there is none."""
    from . import SAMPLES

    there = [session for session in storage.sessions() if session.date == day and session.place != SAMPLES]
    found = next((session for session in there if place is None or session.place == place.strip()), None)
    return found.id if found else storage.add_session(day, (place or "").strip())


def last_saturday() -> dt.date:
    """-> today where it is one, else the last before."""
    today = dt.date.today()
    return today - dt.timedelta(days=(today.weekday() - SATURDAY) % 7)


def untried(clips: Iterable[ClipView]) -> list[int]:
    """Clips -> those that nobody tried to analyse yet; one that was tried in vain says so itself."""
    return [clip.id for clip in clips if clip.shot_id is None and clip.job is None]


def batch(session_id: int) -> Batch | None:
    """Session -> how far the work on its clips is; None while there is none. Raises: NotFound."""
    clips = storage.clips(session_id)
    active = [clip.job for clip in clips if clip.job is not None and clip.job.active]
    if not active:
        return None
    over = [clip for clip in clips if clip.job is not None and not clip.job.active and clip.job.state == "done"]
    return Batch(len(over), len(over) + len(active), queue.seconds_left(active))
