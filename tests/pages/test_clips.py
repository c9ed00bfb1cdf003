"""The Clips page without a browser: films sent and opened, cuts in seconds. The keys are tested in Chromium."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kicky import arrivals, jobs
from kicky.arrivals import Coming
from kicky.errors import NotFound, UnfitClip, UnreadableClip
from kicky.jobs import lanes
from kicky.service import films, sessions, work

from .. import numbered
from ..clipper.test_film import settled
from .test_pages import app, texts, whole


def sent(folder: Path, name: str, content: bytes) -> Path:
    """-> a film that has come, all of it."""
    (folder / "phone").write_bytes(content)
    coming = Coming(name, len(content), arrivals.mark(folder / "phone"))
    arrivals.append(coming, 0, content)
    return arrivals.finish(coming, 0.0)


def test_the_clips_page_opens_a_film_and_says_what_to_do(own_home: Path) -> None:
    sessions.new(dt.date(2026, 11, 21), "Park")
    folder = own_home / "films"
    folder.mkdir()
    settled(numbered.film(folder / "saturday.mp4", 60))
    test = whole(app("pages/2_Clips.py"))
    whole(test.text_input(key="clips_folder").set_value(str(folder)).run())
    whole(test.button(key="clips_open_film").click().run())
    assert "press I where a shot begins" in texts(test).replace("Press", "press")
    film = films.listed(1)[0]
    films.add_cut(film.id, 5, 50)
    whole(test.run())
    export = next(button for button in test.button if button.label == "Export 1 cut as clips")
    whole(export.click().run())
    assert [job.kind for job in films.film_work(film.id)] == ["export"]


def test_a_film_that_cannot_be_opened_is_told(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kicky.clipper.film.SETTLES_S", 60.0)
    sessions.new(dt.date(2026, 11, 21), "Park")
    (own_home / "films").mkdir()
    numbered.film(own_home / "films" / "fresh.mp4", 30)
    test = whole(app("pages/2_Clips.py"))
    numbered.film(own_home / "films" / "other.mp4", 30)
    whole(test.text_input(key="clips_folder").set_value(str(own_home / "films")).run())
    assert test.button(key="clips_open_film").disabled
    whole(test.selectbox(key="clips_pick").set_value(own_home / "films" / "fresh.mp4").run())
    next(button for button in test.button if button.label == "Open the film").click().run()
    assert "still being copied" in test.error[0].value
    assert films.listed(1) == []


def test_a_folder_without_films_is_told(own_home: Path) -> None:
    sessions.new(dt.date(2026, 11, 21), "Park")
    (own_home / "films").mkdir()
    test = whole(app("pages/2_Clips.py"))
    whole(test.text_input(key="clips_folder").set_value(str(own_home / "films")).run())
    assert "no film in this folder" in texts(test)


def test_cuts_are_shown_and_set_in_seconds(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    path = settled(numbered.film(own_home / "saturday.mp4", 120, [k / 30 for k in range(120)]))
    film = films.open_film(session, path)
    cut = films.add_cut(film.id, 15, 75)
    test = whole(app("pages/2_Clips.py"))
    assert "0:00.5 to 0:02.5 · 2.0 s · kept" in texts(test).replace("\\", "")
    whole(test.number_input(key=f"cut_ends_{cut.id}_15_75").set_value(3.02).run())
    assert [(each.first, each.last) for each in films.cuts(film.id)] == [(15, 91)]
    assert "0:00.5 to 0:03.0" in texts(test).replace("\\", "")
    test.number_input(key=f"cut_begins_{cut.id}_15_91").set_value(3.02).run()
    assert "a shot takes from 0.6 to 60 s" in test.error[0].value.replace("\\", "")
    assert [(each.first, each.last) for each in films.cuts(film.id)] == [(15, 91)]


def test_only_the_part_that_is_chosen_is_looked_at(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    path = settled(numbered.film(own_home / "saturday.mp4", 140, [k / 2 for k in range(140)]))
    film = films.open_film(session, path)
    test = whole(app("pages/2_Clips.py"))
    whole(test.slider(key=f"clips_part_{film.id}").set_value((dt.time(0, 0, 12), dt.time(0, 0, 40))).run())
    whole(next(button for button in test.button if button.label == "Look for shots").click().run())
    looked: list[tuple[int, int]] = []
    monkeypatch.setattr("kicky.clipper.propose", lambda clip, *_: looked.append(clip.take) or ([], []))
    jobs.work(0.01, lanes.FILMS)
    assert looked == [(24, 81)]


def test_what_was_sent_is_gone_on_with_opened_and_removed(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    content = numbered.film(own_home / "phone.mp4", 60).read_bytes()
    coming = Coming("saturday.mp4", len(content), arrivals.mark(own_home / "phone.mp4"))
    arrivals.append(coming, 0, content[:1000])
    test = whole(app("pages/2_Clips.py"))
    assert "0 MB of " in texts(test)
    assert "choose the same film again" in texts(test)
    arrivals.append(coming, 1000, content[1000:])
    path = arrivals.finish(coming, 0.0)
    whole(test.run())
    whole(test.button(key="arrival_open_saturday.mp4").click().run())
    (film,) = films.listed(session)
    assert (film.path, film.frames) == (path, 60)
    assert films.arrivals_left() == []
    whole(test.button(key="clips_remove").click().run())
    assert (films.listed(session), arrivals.arrived()) == ([], [])


def test_half_a_film_is_deleted_when_asked(own_home: Path) -> None:
    sessions.new(dt.date(2026, 11, 21), "Park")
    half = Coming("saturday.mp4", 10, "00000000")
    arrivals.append(half, 0, b"12345")
    test = whole(app("pages/2_Clips.py"))
    whole(test.button(key=f"arrival_delete_{half.part}").click().run())
    assert arrivals.halves() == []


def test_what_is_no_film_is_told_and_gone(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    path = sent(own_home, "saturday.mp4", b"to buy: oranges" * 100)
    with pytest.raises(UnreadableClip, match=r"saturday\.mp4"):
        films.take_film(path, str(session))
    assert arrivals.arrived() == []


def test_a_film_sent_again_is_the_one_that_is_here_and_of_its_session(own_home: Path) -> None:
    session, other = (sessions.new(dt.date(2026, 11, day), "Park") for day in (14, 21))
    content = numbered.film(own_home / "film.mp4", 30).read_bytes()
    path = sent(own_home, "saturday.mp4", content)
    film = films.take_film(path, str(session))
    assert sent(own_home, "again.mp4", content) == path
    assert films.take_film(path, str(session)) == film
    with pytest.raises(UnfitClip, match="being cut in another session"):
        films.take_film(path, str(other))
    with pytest.raises(UnfitClip, match="is being cut"):
        films.drop_arrival(path.name)
    assert path.exists()


def test_a_film_for_a_session_that_is_gone_waits_to_be_opened(own_home: Path) -> None:
    path = sent(own_home, "saturday.mp4", numbered.film(own_home / "film.mp4", 30).read_bytes())
    with pytest.raises(NotFound):
        films.take_film(path, "99")
    assert [(left.name, left.whole) for left in films.arrivals_left()] == [("saturday.mp4", True)]


def test_with_its_session_goes_the_film_that_was_sent_and_not_one_that_lies_elsewhere(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    lies = settled(numbered.film(own_home / "lies.mp4", 30))
    path = sent(own_home, "saturday.mp4", numbered.film(own_home / "film.mp4", 40).read_bytes())
    films.take_film(path, str(session))
    films.open_film(session, lies)
    sessions.remove(session)
    assert (path.exists(), lies.exists()) == (False, True)


def test_a_film_that_is_worked_on_is_not_removed(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    film = films.open_film(session, settled(numbered.film(own_home / "saturday.mp4", 30)))
    films.find_shots(film.id)
    with pytest.raises(UnfitClip, match="under way"):
        films.remove_film(film.id)
    work.cancel(films.film_work(film.id)[0].id)
    films.remove_film(film.id)
    assert films.listed(session) == []
    assert film.path.exists()


@pytest.mark.parametrize(("begin_s", "end_s"), [(-1.0, 0.5), (0.8, 0.2), (50.0, 60.0)])
def test_a_part_that_is_none_is_refused(own_home: Path, begin_s: float, end_s: float) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    film = films.open_film(session, settled(numbered.film(own_home / "saturday.mp4", 30)))
    with pytest.raises(UnfitClip, match="part to look at"):
        films.find_shots(film.id, begin_s, end_s)
