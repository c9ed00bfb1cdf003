"""What the service says of coaches: asked, guarded, stored, thumbed; and what leaves this machine."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kicky import storage
from kicky.coaches.prompt import prompt_hash
from kicky.coaches.rules import Rules, sections
from kicky.domain import Brief, How, Image, Measure, Outcome, Report, Verdict
from kicky.errors import CoachFailed, KickyError, NotFound, UnknownPart
from kicky.service import briefs, clips, coaching, players, sessions

MakeFilm = Callable[..., Path]
MakeReport = Callable[..., Report]
MISS = {"verdict": Verdict.NO_GOAL, "outcome": Outcome(Verdict.NO_GOAL, 0.1, How.OVER, "Over.", 11, "flight")}


@pytest.fixture
def stored(make_film: MakeFilm, make_report: MakeReport) -> Callable[..., int]:
    """-> what stores one more shot of Adam's on a day, and gives its number."""
    count = 0

    def store(day: int = 7, kmh: float = 88.0, player: str = "Adam", **changes: Any) -> int:
        nonlocal count
        count += 1
        date = dt.date(2026, 11, day)
        same = [session.id for session in sessions.listed() if session.date == date]
        session_id = same[0] if same else sessions.new(date, "Park")
        clip_id = clips.add(session_id, f"{count}.mp4", make_film(f"{count}.mp4", count)).id
        speed = Measure("speed", "km/h", kmh, kmh - 4, kmh + 4, "by hand")
        shot_id = storage.save(make_report(**{"measures": (speed,)} | changes), clip_id, "motion")
        players.name(shot_id, player)
        return shot_id

    return store


def test_the_rules_are_ready_and_the_others_say_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KICKY_HOME", str(tmp_path / "bare"))
    rules, minicpm, server = coaching.coaches()
    assert (rules.name, rules.ready, rules.missing, rules.sends_to) == ("rules", True, "", "")
    assert not minicpm.ready
    assert "Fetch it once" in minicpm.missing
    assert minicpm.fetches == ("minicpm",)
    assert (minicpm.newer, rules.newer) == ("minicpm-4.7", "")
    assert not server.ready
    assert "address" in server.missing


def test_advice_streams_and_is_stored_once_it_is_whole(stored: Callable[..., int]) -> None:
    shot_id = stored()
    passages = list(coaching.advise(shot_id))
    [kept] = coaching.advice(shot_id)
    brief = briefs.of_shot(shot_id)
    assert tuple(passages) == kept.passages
    assert tuple(passage.text for passage in passages) == sections(brief)
    assert (kept.coach, kept.model, kept.prompt_hash, kept.thumbs) == ("rules", "", prompt_hash(brief), None)
    assert abs(kept.made_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    list(coaching.advise(shot_id))
    assert [one.id for one in coaching.advice(shot_id)] == [kept.id + 1, kept.id]


def test_who_leaves_early_leaves_nothing(stored: Callable[..., int]) -> None:
    shot_id = stored()
    passages = coaching.advise(shot_id)
    next(passages)
    passages.close()
    assert coaching.advice(shot_id) == []


def test_thumbs_are_kept_and_taken_back(stored: Callable[..., int]) -> None:
    shot_id = stored()
    list(coaching.advise(shot_id))
    number = coaching.advice(shot_id)[0].id
    for thumbs in (True, False, None):
        coaching.thumb(number, thumbs)
        assert coaching.advice(shot_id)[0].thumbs is thumbs
    with pytest.raises(NotFound):
        coaching.thumb(number + 1, True)


def test_advice_goes_with_its_shot(stored: Callable[..., int]) -> None:
    import sqlite3

    from kicky.home import database

    shot_id = stored()
    list(coaching.advise(shot_id))
    with closing(sqlite3.connect(database())) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("DELETE FROM clip")
        connection.commit()
        assert connection.execute("SELECT count(*) FROM advice").fetchone() == (0,)


@pytest.mark.parametrize("ask", [coaching.advise, lambda number: coaching.advise_session(number, "")])
def test_what_is_not_there_is_told(ask: Callable[[int], Iterator[Any]]) -> None:
    with pytest.raises(NotFound):
        list(ask(99))


def test_a_session_without_that_player_is_told(stored: Callable[..., int]) -> None:
    stored()
    with pytest.raises(NotFound, match="no shot of Zoë"):
        coaching.session_brief(1, "Zoë")


def test_an_unknown_coach_is_told_the_known_ones(stored: Callable[..., int]) -> None:
    with pytest.raises(UnknownPart, match="rules, minicpm, server"):
        list(coaching.advise(stored(), "mourinho"))


def test_a_coach_that_cannot_be_asked_stores_nothing(stored: Callable[..., int]) -> None:
    shot_id = stored()
    with pytest.raises(CoachFailed, match="No server is set"):
        list(coaching.advise(shot_id, "server"))
    assert coaching.advice(shot_id) == []


def test_what_a_coach_gets_wrong_is_replaced_and_marked(
    stored: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Sequence[Image]] = []

    class Wrong:
        def __call__(self, brief: Brief, pictures: Sequence[Image]) -> Iterator[str]:
            seen.append(pictures)
            yield from ("**Verdict:** No goal, ", "sorry.\n\n", *list(Rules()(brief))[1:])

    monkeypatch.setattr(coaching, "_made", lambda coach: Wrong())
    monkeypatch.setattr(coaching, "_model", lambda coach: "wrong-1b")
    shot_id = stored()
    list(coaching.advise(shot_id, "minicpm"))
    [kept] = coaching.advice(shot_id)
    assert [passage.replaced for passage in kept.passages] == [True, False, False, False]
    assert kept.passages[0].why == "speaks of a miss, it was a goal"
    assert kept.model == "wrong-1b"
    assert [picture.ndim for picture in seen[0]] == [3, 3, 3]


def test_the_strike_is_shown_before_at_and_after_contact(stored: Callable[..., int]) -> None:
    pictures = briefs.strike(stored())
    assert len(pictures) == 3
    assert all(max(picture.shape[:2]) <= 768 and picture.dtype == np.uint8 for picture in pictures)


def test_without_a_kick_there_are_no_pictures(stored: Callable[..., int], make_report: MakeReport) -> None:
    from dataclasses import replace

    shot = replace(make_report().shot, kick_frame=None, kick_why_not="No kick was seen.")
    assert briefs.strike(stored(shot=shot)) == []


def test_earlier_shots_of_the_same_player_alone_are_held_against_a_shot(stored: Callable[..., int]) -> None:
    for number in range(9):
        stored(day=1, kmh=60 + number)
        stored(day=1, kmh=140, player="Sam")
    newest = stored(day=7, kmh=95)
    told = briefs.of_shot(newest).fact("speed")
    assert told is not None
    assert told.own_flag == "high"
    assert told.own is not None
    assert told.own[1] < 70
    assert briefs.of_shot(stored(day=7, kmh=95, player="")).facts[0].own is None


def test_a_session_is_held_against_those_before_it(stored: Callable[..., int]) -> None:
    for kmh in (70, 71, 72):
        stored(day=1, kmh=kmh)
        stored(day=7, kmh=kmh + 25, **MISS)
    stored(day=14, kmh=20)  # later ones do not count
    session = next(one.id for one in sessions.listed() if one.date.day == 7)
    brief = coaching.session_brief(session, "Adam")
    assert brief.now is not None
    assert brief.before is not None
    assert (brief.now.goals, brief.now.shots, brief.before.goals, brief.before.shots) == (0, 3, 3, 3)
    assert {change.name for change in brief.changes if change.sure} == {"goals", "speed"}
    passages = list(coaching.advise_session(session, "Adam"))
    assert [passage.title for passage in passages] == ["The day", "Still open", "Train next", "Drill"]
    assert coaching.session_advice(session, "Adam")[0].passages == tuple(passages)
    assert coaching.session_advice(session, "Sam") == []


def test_the_server_is_off_until_it_is_set_and_then_says_where_pictures_go() -> None:
    assert coaching.server_settings() == coaching.ServerView()
    coaching.set_server(" http://192.168.1.5:8080/v1 ", "nemotron", "secret")
    assert coaching.server_settings() == coaching.ServerView("http://192.168.1.5:8080/v1", "nemotron", True)
    server = coaching.coaches()[-1]
    assert (server.ready, server.sends_to) == (True, "192.168.1.5:8080")
    assert "leave this program for 192.168.1.5:8080" in server.warning
    coaching.set_server("")
    assert coaching.server_settings() == coaching.ServerView()


def test_a_key_stays_with_its_machine() -> None:
    coaching.set_server("http://one:1/v1", "m", "secret")
    coaching.set_server("http://one:1/v2", "n")
    assert coaching.server_settings().has_key
    coaching.set_server("http://two:1/v1", "n")
    assert not coaching.server_settings().has_key


@pytest.mark.parametrize("address", ["localhost:8080", "ftp://one/v1", "http://", "file:///etc/passwd"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(KickyError, match="is no address"):
        coaching.set_server(address)
    assert coaching.server_settings() == coaching.ServerView()


def test_asking_what_an_absent_server_has_is_told() -> None:
    with pytest.raises(CoachFailed, match="No server is set"):
        coaching.server_models()
