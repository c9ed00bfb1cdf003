"""Session films sent here from another device: taken in, gone on with, deleted. Part of the face of `service`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .. import arrivals
from .. import jobs as queue
from ..errors import UnfitClip, UnreadableClip
from ..storage import films as store
from ..storage import removing
from ..storage.views import FilmView
from .films import open_film


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """A film that was sent and is not being cut: all of it is here, or `have_bytes`."""

    file: str
    name: str
    size_bytes: int
    have_bytes: int

    @property
    def whole(self) -> bool:
        """-> whether it only waits to be opened."""
        return self.have_bytes == self.size_bytes


def take_film(path: Path, session_id: str) -> int:
    """Film that has come, the session it is for -> its number. What is no film is deleted again.

    Raises: UnreadableClip, UnfitClip, NotFound.
    """
    try:
        return open_film(int(session_id), path).id
    except UnreadableClip:
        arrivals.delete(path.name)
        raise


def arrivals_left() -> list[ArrivalView]:
    """-> what was sent and is not being cut, by name."""
    known = store.paths()
    halves = [ArrivalView(half.part, half.name, half.size_bytes, have) for half, have in arrivals.halves()]
    wholes = [(path, path.stat().st_size) for path in arrivals.arrived() if str(path) not in known]
    return sorted(
        halves + [ArrivalView(path.name, path.name, size, size) for path, size in wholes], key=lambda a: a.name
    )


def open_arrival(session_id: int, file: str) -> int:
    """Session, a film that is all here -> its number. Raises: UnreadableClip, UnfitClip, NotFound."""
    return take_film(next((p for p in arrivals.arrived() if p.name == file), Path(file)), str(session_id))


def drop_arrival(file: str) -> None:
    """What was sent -> deleted. Raises: UnfitClip for a film that is being cut, StorageFailed."""
    if file not in {left.file for left in arrivals_left()}:
        raise UnfitClip(f"{file} is no longer here, or is being cut: load the page again.")
    arrivals.delete(file)


def sent_here(film: FilmView) -> bool:
    """Film -> whether it was sent here, and so is deleted with what is known of it."""
    return arrivals.is_ours(film.path)


def remove_film(film_id: int) -> None:
    """Film -> it is cut no longer, and deleted if it was sent here; its clips stay.

    Raises: NotFound, UnfitClip while it is worked on, StorageFailed.
    """
    if any(job.active for job in queue.on_film(film_id)):
        raise UnfitClip("Work on this film is under way: wait for it, or cancel it, then remove the film.")
    removing.remove_film(film_id)
