"""A shot and a Saturday made ready to send: one button each, its progress, then the file; what cannot be is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kicky import jobs, storage
from kicky.home import media
from kicky.jobs import sending as making
from kicky.service import clips, sharing, shots
from kicky.ui import share

from .filled import fill
from .test_pages import app, history, shot_page, texts, whole


@pytest.fixture
def taken(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """-> the shots of the filled house; what is drawn to be sent is a copy of the first film, at once."""
    (own_home / "films").mkdir()
    numbers = fill(own_home / "films")
    film = (own_home / "films" / "clip_1.mp4").read_bytes()

    def drawn(_what: Any, _seen: Any, path: Path, tell: Any, **_how: Any) -> None:
        tell("film", 0.5)
        path.write_bytes(film)

    monkeypatch.setattr(making.render, "short", drawn)
    monkeypatch.setattr(making.render, "reel", drawn)
    return numbers


def saturday() -> AppTest:
    """-> the page of the last one."""
    return app().switch_page("pages/9_Saturday.py").run()


def press(test: AppTest, key: str) -> AppTest:
    return test.button(key=key).click().run()


def saves(test: AppTest) -> list[str]:
    return [button.label for button in test.get("download_button")]


def test_one_tap_makes_a_film_that_can_be_saved(taken: list[int]) -> None:
    test = whole(shot_page(taken[0], "Share"))
    assert "Send it" in [header.value for header in test.header]
    assert "Save" not in saves(test)
    whole(press(test, f"sending_{taken[0]}_upright"))
    assert sharing.made(taken[0], "upright").job is not None
    assert "Waiting" in [bar.proto.text for bar in test.get("progress")]
    jobs.work(0.01, "send")
    whole(test.run())
    assert "Save" in saves(test)


def test_where_the_browser_may_share_a_button_for_it_stands_beside(
    taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "may_share", lambda url: True)
    test = whole(shot_page(taken[0], "Share"))
    before = len(test.get("bidi_component"))
    press(test, f"sending_{taken[0]}_filmed")
    jobs.work(0.01, "send")
    whole(test.run())
    assert len(test.get("bidi_component")) == before + 1
    file = sharing.made(taken[0], "filmed").file
    assert file is not None
    data = share._data(share._of_shot(shots.one(taken[0]), "filmed"), file)
    assert data["name"] == f"kicky-ana-2026-11-07-{taken[0]}.mp4"
    assert data["mime"] == "video/mp4"


def test_a_film_that_is_gone_is_one_sentence_and_no_button(taken: list[int]) -> None:
    (media() / storage.clip(shots.one(taken[0]).clip_id).file).unlink()
    test = shot_page(taken[0], "Share")
    assert not test.exception
    assert texts(test).count("is gone from") >= 1
    assert not [button for button in test.button if (button.key or "").startswith("sending_")]


def test_what_went_wrong_is_told_where_it_was_asked_for(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    test = whole(shot_page(taken[0], "Share"))
    press(test, f"sending_{taken[0]}_upright")
    (media() / storage.clip(shots.one(taken[0]).clip_id).file).rename(media() / "elsewhere.mp4")
    jobs.work(0.01, "send")
    (media() / "elsewhere.mp4").rename(media() / storage.clip(shots.one(taken[0]).clip_id).file)
    test.run()
    assert any("is gone from" in error.value.replace("\\", "") for error in test.error)
    whole(press(test, f"sending_{taken[0]}_upright"))  # again
    jobs.work(0.01, "send")
    assert "Save" in saves(whole(test.run()))


def test_a_saturday_has_its_reel_where_it_is_told(taken: list[int]) -> None:
    session = shots.one(taken[5]).session_id
    test = history("Saturdays")
    assert session in [int(number) for box in test.selectbox if box.key == "send_session" for number in [box.value]]
    whole(press(test, f"reel_{session}_make"))
    jobs.work(0.01, "send")
    assert "Save" in saves(whole(test.run()))
    again = whole(saturday())
    assert "Save" not in saves(again)  # asked for there, not here
    assert f"reel_{session}_make" in [button.key for button in again.button]


def test_a_session_of_two_shots_is_refused_in_words(taken: list[int]) -> None:
    clips.remove(shots.one(taken[4]).clip_id)
    session = shots.one(taken[5]).session_id
    test = press(whole(saturday()), f"reel_{session}_make")
    assert not test.exception
    assert any("A reel takes 3 shots" in error.value for error in test.error)
    assert f"reel_{session}" not in test.session_state
