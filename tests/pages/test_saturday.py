"""The Saturday page, the days on the first page, and films that are dropped."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from kicky import storage
from kicky.errors import UnreadableClip
from kicky.service import clips, intake, players, sessions, shots, truth, work
from kicky.service.highlights import records_beaten
from kicky.storage.database import writing
from kicky.storage.tables import JobRow

from .filled import CORNERS, draw, fill
from .test_pages import app, labelled, texts, type_corners, whole

SATURDAY = dt.date(2026, 11, 21)


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    """-> the shots of the filled house."""
    films = own_home / "films"
    films.mkdir()
    return fill(films)


def grid(test: Any) -> list[str]:
    """App -> which button would play the shots, which counts what the grid shows."""
    return [button.label for button in test.button if button.label.startswith("Play")]


def test_a_saturday_shows_its_shots_and_chips_leave_some(taken: list[int]) -> None:
    test = whole(app("pages/9_Saturday.py"))
    assert "14 Nov 2026" in texts(test)
    assert grid(test) == ["Play all 3"]
    chips = test.button_group[0]
    chips.set_value([("outcome", "goal")]).run()
    assert grid(whole(test)) == ["Play these 2"]
    test.button_group[0].set_value([("outcome", "goal"), ("player", "Ana")]).run()
    assert grid(whole(test)) == ["Play it"]
    test.button_group[0].set_value([("outcome", "no_goal"), ("player", "Ana")]).run()
    assert "No shot is like that" in texts(whole(test))
    assert taken


def test_a_shot_is_put_right_where_it_stands(taken: list[int]) -> None:
    test = app("pages/9_Saturday.py")
    test.session_state["saturday_open"] = test.session_state["saturday_shown"] = taken[4]
    whole(test.run())
    next(group for group in test.button_group if group.label == "It was").set_value("goal").run()
    assert shots.one(taken[4]).outcome == "goal"


def test_a_verdict_that_its_label_denies_says_so_and_leads_there(taken: list[int]) -> None:
    shot = shots.one(taken[4])
    truth.answer(shot.clip_id, "outcome", "goal", "Ada")
    test = app("pages/9_Saturday.py")
    test.session_state["saturday_open"] = test.session_state["saturday_shown"] = taken[4]
    whole(test.run())
    assert "Its label says: goal." in [warning.value for warning in test.warning]
    (link,) = [link for link in test.get("page_link") if link.proto.label == "See its label"]
    assert f"clip={shot.clip_id}" in link.proto.query_string


def test_a_new_session_does_not_hide_the_last_saturday(taken: list[int]) -> None:
    sessions.new(SATURDAY, "Parc")
    last = sessions.last()
    assert last is not None
    assert last.date == dt.date(2026, 11, 14)
    assert taken


def test_the_first_page_leads_to_every_day_with_shots(taken: list[int]) -> None:
    labels = [link.proto.label for link in whole(app()).get("page_link")]
    assert {"Sat 14 Nov 2026", "Sat 7 Nov 2026"} <= set(labels)
    assert taken


def test_a_record_is_beaten_only_by_more_than_before(taken: list[int]) -> None:
    newest = sessions.listed()[0]
    assert [each.title for each in records_beaten(newest.id)] == []  # one goal of hers on either day
    shots.correct(taken[4], "outcome", "goal")
    players.name(taken[4], "Ana")
    (record,) = records_beaten(newest.id)
    assert (record.who, record.text) == ("Ana", "2 goals, before 1")


def test_a_film_goes_to_its_day_and_makes_a_session_only_where_none_is(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "filmed_on", lambda _: SATURDAY)
    first = clips.drop("a.mp4", draw(own_home / "a.mp4", 1))
    assert clips.drop("b.mp4", draw(own_home / "b.mp4", 2)) == first
    other = sessions.new(dt.date(2026, 11, 14))
    assert clips.drop("c.mp4", draw(own_home / "c.mp4", 3), shown=other) == first
    monkeypatch.setattr(intake, "filmed_on", lambda _: None)
    assert clips.drop("d.mp4", draw(own_home / "d.mp4", 4), shown=other) == other
    assert {session.date for session in sessions.listed()} == {SATURDAY, dt.date(2026, 11, 14)}


def test_what_is_no_film_makes_no_session(own_home: Path) -> None:
    bad = own_home / "bad.mp4"
    bad.write_bytes(b"this is no film " * 50)
    with pytest.raises(UnreadableClip):
        clips.drop("bad.mp4", bad)
    assert sessions.listed() == []


def test_a_dropped_film_waits_for_the_goal_and_then_for_nothing(own_home: Path) -> None:
    test = app("pages/1_Analyze.py")
    film = draw(own_home / "a.mp4", 1)
    test.file_uploader[0].upload(film.name, film.read_bytes(), "video/mp4").run()
    (session,) = sessions.listed()
    (clip,) = clips.listed(session.id)
    assert not work.jobs()
    whole(type_corners(test, CORNERS))
    assert [job.clip_id for job in work.jobs(active_only=True)] == [clip.id]


def test_a_clip_that_failed_stands_in_nobodys_way(taken: list[int]) -> None:
    session = sessions.listed()[0]
    (clip_id,) = clips.untried(clips.listed(session.id))
    assert sessions.untried() == {session.id: 1}
    assert any("not analysed yet" in link.proto.label for link in whole(app()).get("page_link"))
    with writing() as db:
        db.add(JobRow(kind="analyze", clip_id=clip_id, settings={}, state="failed", message="No ball was seen."))
    assert sessions.untried() == {}
    assert not any("not analysed yet" in link.proto.label for link in whole(app()).get("page_link"))
    shown = texts(whole(app("pages/1_Analyze.py", session=str(session.id))))
    assert "No ball was seen" in shown
    assert taken


def test_work_is_told_as_a_whole(taken: list[int]) -> None:
    session = sessions.listed()[0]
    assert sessions.batch(session.id) is None
    filmed = storage.clips(session.id)
    start = dt.datetime(2026, 11, 14, 15, 0, tzinfo=dt.UTC)
    done = {"state": "done", "started_at": start, "ended_at": start + dt.timedelta(seconds=20)}
    with writing() as db:
        db.add(JobRow(kind="analyze", clip_id=filmed[0].id, settings={}, **done))
        db.add(JobRow(kind="analyze", clip_id=filmed[1].id, settings={}, state="queued"))
        db.add(JobRow(kind="analyze", clip_id=filmed[2].id, settings={}, state="queued"))
    assert sessions.batch(session.id) == sessions.Batch(1, 3, 40.0)
    test = app("pages/1_Analyze.py", session=str(session.id))
    assert [bar.proto.text for bar in test.get("progress")][:1] == ["1 of 3, about 40 s"]
    assert labelled(test, "Cancel")
    assert taken
