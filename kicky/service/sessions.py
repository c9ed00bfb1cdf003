"""The days: which there are, a new one, one changed or gone, and how far the work on it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .. import jobs as queue
from .. import storage
from ..storage.views import SessionView

SAMPLES = "Samples"
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """How many of a session's clips are done, of how many, and how many seconds are left, None while nobody knows."""

    done: int
    total: int
    left_s: float | None


def listed() -> list[SessionView]:
    """-> every session, newest first."""
    return storage.sessions()


def last() -> SessionView | None:
    """-> the newest session with shots, else with clips; the samples only when there is nothing of the player's own."""
    filled = [session for session in storage.sessions() if session.clips]
    ranked = sorted(filled, key=lambda session: (session.place == SAMPLES, not session.shots))
    return ranked[0] if ranked else None


def untried() -> dict[int, int]:
    """-> session: how many of its clips nobody tried to analyse yet."""
    return storage.untried()


def new(date: dt.date, place: str = "") -> int:
    """Date, place -> the new session's number; where that day had one there already, its place gets a number too."""
    return storage.add_session(date, _apart(date, place.strip()))


def change(session_id: int, date: dt.date, place: str) -> None:
    """Session -> with another date or place. Raises: NotFound."""
    storage.change_session(session_id, date=date, place=_apart(date, place.strip(), but=session_id))


def _apart(date: dt.date, place: str, but: int | None = None) -> str:
    """Day, place -> the place as no other session of that day is known by: two of one day are told apart."""
    taken = {session.place for session in storage.sessions() if session.date == date and session.id != but}
    names = (f"{place} ({number})".strip() for number in range(2, len(taken) + 3))
    return place if place not in taken else next(name for name in names if name not in taken)


def on(day: dt.date, place: str | None = None) -> int:
    """Day, place (None: anywhere) -> the newest session there, a new one only where there is none."""
    there = [session for session in storage.sessions() if session.date == day and session.place != SAMPLES]
    found = next((session for session in there if place is None or session.place == place.strip()), None)
    return found.id if found else storage.add_session(day, (place or "").strip())


def last_saturday() -> dt.date:
    """-> today where it is one, else the last before."""
    today = dt.date.today()
    return today - dt.timedelta(days=(today.weekday() - SATURDAY) % 7)


def batch(session_id: int) -> Batch | None:
    """Session -> how far the work on its clips is; None while there is none. Raises: NotFound."""
    clips = storage.clips(session_id)
    active = [clip.job for clip in clips if clip.job is not None and clip.job.active]
    if not active:
        return None
    over = [clip for clip in clips if clip.job is not None and not clip.job.active and clip.job.state == "done"]
    return Batch(len(over), len(over) + len(active), queue.seconds_left(active))


def remove(session_id: int) -> None:
    """Session -> gone for good, with its clips. Raises: NotFound, StorageFailed."""
    from ..storage.removing import remove_session
    from .clips import untaught

    untaught(storage.clip_rows([clip.id for clip in storage.clips(session_id)]))
    remove_session(session_id)
