"""The day of a session: as its clips' files tell it, in the zone it was filmed in; two of one day are told apart."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from kicky.service import clips, sessions
from kicky.video.day import LOCAL, UTC, filmed_on, told

from .pages.filled import draw
from .pages.test_pages import app, texts, whole

TODAY = dt.date(2026, 11, 27)
SATURDAY = dt.date(2026, 11, 21)


@pytest.fixture
def in_london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """-> this computer stands in London."""
    with monkeypatch.context() as here:
        here.setitem(os.environ, "TZ", "Europe/London")
        time.tzset()
        yield
    time.tzset()


def noted(path: Path, moment: str) -> Path:
    """Film -> the same one, whose file notes when it was filmed."""
    drawn = draw(path.with_name(f"plain_{path.name}"), seed=len(path.name))
    with av.open(str(drawn)) as source, av.open(str(path), "w") as copy:
        copy.metadata[UTC] = moment
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    return path


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-07-18T23:30:00.000000Z", dt.date(2026, 7, 19)),  # summer time: half past midnight
        ("2026-11-21T23:30:00.000000Z", SATURDAY),
        ("2026-03-29T00:59:00Z", dt.date(2026, 3, 29)),  # the night the clocks went forward
    ],
)
@pytest.mark.usefixtures("in_london")
def test_utc_is_told_as_the_day_it_was_here(moment: str, day: dt.date) -> None:
    assert told({UTC: moment}, TODAY) == day


@pytest.mark.usefixtures("in_london")
def test_a_phone_that_notes_its_own_zone_is_believed_wherever_this_computer_stands() -> None:
    assert told({LOCAL: "2026-11-22T08:30:00+1300", UTC: "2026-11-21T19:30:00Z"}, TODAY) == dt.date(2026, 11, 22)


@pytest.mark.parametrize("moment", ["1904-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "soon", ""])
def test_a_clock_that_was_never_set_tells_nothing(moment: str) -> None:
    assert told({UTC: moment}, TODAY) is None


def test_the_day_is_read_off_a_file(tmp_path: Path) -> None:
    assert filmed_on(noted(tmp_path / "a.mp4", "2026-11-21T12:00:00Z")) == SATURDAY
    assert filmed_on(draw(tmp_path / "b.mp4", seed=2)) is None


def test_a_session_on_the_wrong_day_is_moved_by_one_tap(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 14), "Parc")
    clips.add(session, "a.mp4", noted(own_home / "a.mp4", "2026-11-21T12:00:00Z"))
    test = whole(app("pages/1_Analyze.py", session=str(session)))
    assert "filmed on Sat 21 Nov 2026" in test.warning[0].value
    next(button for button in test.button if button.label.startswith("Move the session")).click().run()
    assert not [each for each in whole(test).warning if "filmed on" in each.value]
    assert sessions.listed()[0].date == SATURDAY


def test_one_clip_of_another_day_is_named_and_nothing_is_moved(own_home: Path) -> None:
    session = sessions.new(SATURDAY, "Parc")
    clips.add(session, "a.mp4", noted(own_home / "a.mp4", "2026-11-21T12:00:00Z"))
    clips.add(session, "late.mp4", noted(own_home / "late.mp4", "2026-11-22T12:00:00Z"))
    test = whole(app("pages/1_Analyze.py", session=str(session)))
    assert "late\\.mp4 (Sun 22 Nov 2026)" in texts(test)
    assert not [button for button in test.button if button.label.startswith("Move the session")]


def test_two_sessions_of_one_day_are_told_apart(own_home: Path) -> None:
    for place in ("Parc", "Parc", "", ""):
        sessions.new(SATURDAY, place)
    assert {session.place for session in sessions.listed()} == {"Parc", "Parc (2)", "", "(2)"}
    moved = sessions.new(dt.date(2026, 11, 14), "Parc")
    sessions.change(moved, SATURDAY, "Parc")
    assert len({session.place for session in sessions.listed()}) == 5
    sessions.change(moved, SATURDAY, "Park")
    sessions.change(moved, SATURDAY, "Park")  # its own name is not another's
    assert next(session.place for session in sessions.listed() if session.id == moved) == "Park"
