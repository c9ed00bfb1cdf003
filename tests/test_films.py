"""A session's film through the service: opened, shots proposed and cut, exported with their place, faults told."""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path

import pytest

from kicky import jobs, storage
from kicky.errors import KickyError, UnfitClip, UnreadableClip
from kicky.jobs import lanes
from kicky.service import clips, films, sessions
from kicky.storage import answers, labels
from kicky.storage.views import FilmView

from . import numbered
from .clipper.test_film import settled
from .films import numbered as picture
from .films import write
from .test_slowed import CAPTURE, saying

FRAMES = 400
TIMES = numbered.uneven(FRAMES)


@pytest.fixture
def session_id() -> int:
    return sessions.new(dt.date(2026, 11, 21), "Park")


@pytest.fixture
def film(session_id: int, tmp_path: Path) -> FilmView:
    return films.open_film(session_id, settled(numbered.film(tmp_path / "saturday.mp4", FRAMES, TIMES)))


def work() -> None:
    jobs.work(0.01, lanes.FILMS)


def test_a_film_is_opened_where_it_lies(film: FilmView, session_id: int) -> None:
    assert (film.frames, film.width, film.height) == (FRAMES, *numbered.SIZE_WH)
    assert films.played(film) == (film.path, "")
    assert films.open_film(session_id, film.path).id == film.id
    assert films.listed(session_id) == [film]
    other = sessions.new(dt.date(2026, 11, 28))
    with pytest.raises(UnfitClip, match="in another session"):
        films.open_film(other, film.path)


def test_cuts_are_made_moved_taken_out_and_put_back(film: FilmView) -> None:
    cut = films.add_cut(film.id, 30, 120)
    assert cut.thumb is not None
    assert cut.thumb[:2] == b"\xff\xd8"
    moved = films.move_cut(cut.id, 40, 110)
    assert (moved.first, moved.last, moved.state) == (40, 110, films.KEPT)
    films.set_cut(cut.id, films.DISMISSED)
    assert films.cuts(film.id) == []
    films.put_back(cut)
    assert [(c.first, c.last, c.state) for c in films.cuts(film.id)] == [(30, 120, films.KEPT)]
    films.remove_cut(cut.id)
    films.put_back(cut)  # undo of what is gone does nothing
    assert films.cuts(film.id) == []


@pytest.mark.parametrize(
    ("first", "last", "why"), [(50, 40, "must come after"), (0, 9999, "in the film"), (50, 52, "takes from 0.6")]
)
def test_cuts_that_are_none_are_refused(film: FilmView, first: int, last: int, why: str) -> None:
    with pytest.raises(UnfitClip, match=why):
        films.add_cut(film.id, first, last)
    assert films.cuts(film.id) == []


def test_exported_clips_know_their_place(film: FilmView, session_id: int) -> None:
    with pytest.raises(UnfitClip, match="No cut is kept"):
        films.export_cuts(film.id)
    cut = films.add_cut(film.id, 120, 180)
    films.add_cut(film.id, 200, 260)
    films.export_cuts(film.id)
    assert films.export_cuts(film.id) == films.film_work(film.id)[0].id  # asked for twice, done once
    work()
    assert [(job.state, job.message) for job in films.film_work(film.id)] == [("done", "")]
    first, second = clips.listed(session_id)
    assert (first.frames, second.frames) == (61, 61)
    row = storage.clip(first.id)
    assert (row.film, row.film_start_s) == ("saturday.mp4", pytest.approx(TIMES[120], abs=1e-4))
    with pytest.raises(UnfitClip, match="is a clip already"):
        films.set_cut(cut.id, films.DISMISSED)
    films.put_back(cut)
    assert films.cuts(film.id)[0].state == films.EXPORTED


def test_a_cut_of_slow_motion_is_slow_motion(session_id: int, tmp_path: Path) -> None:
    path = write(tmp_path / "slow.mp4", [picture(i) for i in range(90)])
    film = films.open_film(session_id, settled(saying(path, CAPTURE, 23, struct.pack(">f", 120))))
    films.add_cut(film.id, 10, 69)
    films.export_cuts(film.id)
    work()
    (clip,) = clips.listed(session_id)
    assert (clip.frames, clip.slow_motion, clip.duration_s) == (60, 4, pytest.approx(60 / 30 / 4, abs=1e-3))
    assert storage.clip(clip.id).film_start_s == pytest.approx(10 / 30, abs=1e-3)  # as the film plays


def test_a_cut_in_a_damaged_place_does_not_spoil_the_others(session_id: int, tmp_path: Path) -> None:
    path = numbered.film(tmp_path / "saturday.mp4", FRAMES, TIMES)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 60_000] = bytes(60_000)
    path.write_bytes(data)
    film = films.open_film(session_id, settled(path))
    films.add_cut(film.id, 10, 60)
    films.add_cut(film.id, 100, 390)
    films.export_cuts(film.id)
    work()
    (job,) = films.film_work(film.id)
    assert job.state == "failed"
    assert "was not exported: saturday.mp4 is damaged" in job.message
    assert [clip.frames for clip in clips.listed(session_id)] == [51]
    assert [cut.state for cut in films.cuts(film.id)] == [films.EXPORTED, films.KEPT]


def test_a_film_that_changed_is_told(film: FilmView) -> None:
    films.add_cut(film.id, 10, 60)
    with film.path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(UnfitClip, match="has changed since"):
        films.played(film)
    films.export_cuts(film.id)
    work()
    assert "has changed since" in films.film_work(film.id)[0].message
    film.path.unlink()
    with pytest.raises(UnreadableClip, match="is gone"):
        films.add_cut(film.id, 70, 120)


def test_a_film_browsers_do_not_play_gets_a_copy(session_id: int, tmp_path: Path) -> None:
    from .clipper.test_film import encoded

    film = films.open_film(session_id, settled(encoded(tmp_path / "film.mkv", {})))
    path, why_not = films.played(film)
    assert (path, why_not[:21]) == (film.path, "Browsers do not play ")
    films.copy_film(film.id)
    work()
    path, why_not = films.played(films.listed(session_id)[0])
    assert (path.suffix, why_not) == (".mp4", "")


def test_proposals_stay_beside_what_is_there(film: FilmView, monkeypatch: pytest.MonkeyPatch) -> None:
    """The finder itself is tested elsewhere; here it is what becomes of what it found."""
    from kicky import clipper

    films.add_cut(film.id, 100, 160)
    found = [clipper.Burst(95, 165, 130, 9.0), clipper.Burst(250, 330, 280, 5.0)]
    monkeypatch.setattr(clipper, "propose", lambda *_: (found, ["saturday.mp4 is damaged 12.0 s after its start."]))
    films.find_shots(film.id)
    work()
    (job,) = films.film_work(film.id)
    assert "1 shots were found, but not all of the film could be looked at" in job.message
    kept, proposed = films.cuts(film.id)
    assert (kept.state, proposed.state, proposed.kick) == (films.KEPT, films.PROPOSED, 280)
    assert proposed.thumb is not None
    films.set_cut(proposed.id, films.KEPT)
    films.export_cuts(film.id)
    work()
    exported = films.cuts(film.id)[1]
    assert labels.get(exported.clip_id or 0, answers.CUT_KICK) == str(280 - 250)


def test_the_lane_of_films_does_not_keep_shots_waiting() -> None:
    assert {lanes.lane_of(kind) for kind in ("propose", "export", "film_copy")} == {lanes.FILMS}
    assert lanes.lane_of("analyze") == lanes.SHOTS


def test_no_such_film_is_told() -> None:
    for ask in (films.find_shots, films.export_cuts, films.copy_film):
        with pytest.raises(KickyError):
            ask(99)
