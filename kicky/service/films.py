"""Whole sessions' films: opened where they lie or sent here, shots proposed in them, cut and exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .. import arrivals
from .. import jobs as queue
from ..errors import NotFound, UnfitClip, UnreadableClip
from ..storage import files, removing
from ..storage import films as store
from ..storage.kinds import DISMISSED, EXPORT, EXPORTED, FILM_COPY, KEPT, PROPOSE, PROPOSED
from ..storage.views import CutView, FilmView, JobView
from . import stage

if TYPE_CHECKING:
    from ..clipper import SessionFilm

__all__ = ["DISMISSED", "EXPORTED", "KEPT", "PROPOSED"]

SHORTEST_S, LONGEST_S = 0.6, 60.0


def open_film(session_id: int, path: Path) -> FilmView:
    """Session, film on this machine -> it, where it lies: nothing is copied.

    Raises: UnreadableClip, also while it is still being copied there; UnfitClip, NotFound.
    """
    from .. import clipper

    film = clipper.open_film(path.expanduser().resolve())
    clip = film.clip
    number = store.add_film(
        session_id, clip.path, size_bytes=film.size_bytes, modified_ns=film.modified_ns, frames=len(clip.time_s),
        duration_s=float(clip.time_s[-1] + clip.frame_s), width=clip.size_wh_px[0], height=clip.size_wh_px[1],
    )  # fmt: skip
    return store.film(number)


def listed(session_id: int) -> list[FilmView]:
    """Session -> the films being cut for it, the newest first."""
    return store.films(session_id)


def played(film: FilmView) -> tuple[Path, str]:
    """Film -> the file a browser is to play and "", or itself and why a browser cannot."""
    from .. import clipper, video

    if copy := files.there(film.browser_copy):
        return copy, ""
    clipper.refuse_changed(film.path, film.size_bytes, film.modified_ns)
    if video.plays_in_browsers(film.path):
        return film.path, ""
    return film.path, "Browsers do not play this kind of film: a copy that they play has to be made first."


def cuts(film_id: int) -> list[CutView]:
    """Film -> its cuts in order; those dismissed are left out."""
    return [cut for cut in store.cuts(film_id) if cut.state != DISMISSED]


def add_cut(film_id: int, first: int, last: int) -> CutView:
    """Film, first and last frame -> a kept cut with its small picture. Raises: NotFound, UnfitClip."""
    from ..jobs.filming import thumbnail

    film = _unchanged(store.film(film_id))
    _refuse_odd(film, first, last)
    thumb = thumbnail(film, (first + last) // 2)
    return store.cut(store.add_cut(film_id, first, last, KEPT, by_hand=True, thumb=thumb))


def move_cut(cut_id: int, first: int, last: int) -> CutView:
    """Cut, its new ends -> the cut, kept. Raises: NotFound, UnfitClip."""
    cut = store.cut(cut_id)
    _refuse_exported(cut)
    _refuse_odd(_unchanged(store.film(cut.film_id)), first, last)
    store.change_cut(cut_id, first=first, last=last, state=KEPT)
    return store.cut(cut_id)


def set_ends(cut_id: int, begin_s: float, end_s: float) -> CutView:
    """Cut, seconds of its film -> the cut, kept, at the frames nearest to them. Raises: NotFound, UnfitClip."""
    time_s = seconds(store.film(store.cut(cut_id).film_id))
    first, last = (min(range(len(time_s)), key=lambda k: abs(time_s[k] - s)) for s in (begin_s, end_s))
    return move_cut(cut_id, first, last)


def seconds(film: FilmView) -> Sequence[float]:
    """Film -> the second at which each of its frames is shown. Raises: UnreadableClip, UnfitClip."""
    return memoryview(stage.times(played(film)[0])).cast("d")


def set_cut(cut_id: int, state: str) -> None:
    """Cut -> proposed, kept or dismissed. Raises: NotFound, UnfitClip when it is a clip already."""
    cut = store.cut(cut_id)
    if cut.state == state:
        return
    _refuse_exported(cut)
    store.change_cut(cut_id, state=state)


def put_back(cut: CutView) -> None:
    """A cut as it was -> so again: what undo does. One that is gone, or was exported meanwhile, stays as it is."""
    try:
        now = store.cut(cut.id)
    except NotFound:
        return
    if now.state != EXPORTED:
        store.change_cut(cut.id, first=cut.first, last=cut.last, state=cut.state)


def remove_cut(cut_id: int) -> None:
    """Cut made by hand -> gone. Raises: NotFound, UnfitClip when it is a clip already."""
    _refuse_exported(store.cut(cut_id))
    store.remove_cut(cut_id)


def find_shots(film_id: int, begin_s: float = 0.0, end_s: float | None = None) -> int:
    """Film, the part of it to look at -> the job that proposes its shots. Raises: NotFound, UnfitClip."""
    length_s = store.film(film_id).duration_s
    end_s = length_s if end_s is None else end_s
    if not 0 <= begin_s < end_s or begin_s >= length_s:
        raise UnfitClip("The part to look at must begin before it ends, and lie in the film.")
    return queue.begin(PROPOSE, _settings(film_id) | {"begin_s": begin_s, "end_s": end_s})


def export_cuts(film_id: int) -> int:
    """Film -> the job that makes its kept cuts clips. Raises: NotFound, UnfitClip when none is kept."""
    if not any(cut.state == KEPT for cut in store.cuts(film_id)):
        raise UnfitClip("No cut is kept: keep a proposal, or press I and O around a shot.")
    return queue.begin(EXPORT, _settings(film_id))


def copy_film(film_id: int) -> int:
    """Film -> the job that makes a copy every browser plays. Raises: NotFound."""
    return queue.begin(FILM_COPY, _settings(film_id))


def film_work(film_id: int) -> list[JobView]:
    """Film -> the work on it, newest first."""
    return queue.on_film(film_id)


def _settings(film_id: int) -> dict[str, object]:
    return {"film_id": film_id, "name": store.film(film_id).path.name}


def _unchanged(film: FilmView) -> SessionFilm:
    from .. import clipper

    return clipper.unchanged(film.path, film.size_bytes, film.modified_ns)


def _refuse_odd(film: SessionFilm, first: int, last: int) -> None:
    time_s = film.clip.time_s
    if not 0 <= first <= last < len(time_s):
        raise UnfitClip("The end of a cut must come after its beginning, and both lie in the film.")
    length_s = float(time_s[last] - time_s[first])
    if not SHORTEST_S <= length_s <= LONGEST_S:
        raise UnfitClip(f"That cut is {length_s:.1f} s long: a shot takes from {SHORTEST_S:g} to {LONGEST_S:g} s.")


def _refuse_exported(cut: CutView) -> None:
    if cut.state == EXPORTED and cut.clip_id is not None:
        raise UnfitClip("This cut is a clip already; cut it anew where it should begin or end elsewhere.")


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
