"""The kick on the shot's page: what told it, the frames to choose from, the work, the way back; and the card."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kicky import jobs, storage
from kicky.errors import KickyError
from kicky.home import media
from kicky.service import kicks, shots, work
from kicky.storage import labels

from .filled import fill
from .test_pages import shot_page, texts, whole

BACK = "Undo: let KICKY find the kick"


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    films = own_home / "films"
    films.mkdir()
    return fill(films)


def page(shot: int) -> AppTest:
    return whole(shot_page(shot, "Correct"))


def opened(shot: int) -> AppTest:
    test = shot_page(shot, "Correct")
    test.session_state[f"kick_open_{shot}"] = True
    return test.run()


def button(test: AppTest, label: str) -> bool:
    return any(one.label == label for one in test.button)


def test_folded_the_frames_are_not_decoded(taken: list[int]) -> None:
    page(taken[0])
    assert not list(media().glob("*.strip-*"))


def test_unfolded_the_frames_are_there_and_nothing_to_take_back(taken: list[int]) -> None:
    test = whole(opened(taken[0]))
    assert "last frame in which the ball still lies" in texts(test)
    assert len(list(media().glob("*.strip-6.json"))) == 1
    assert not button(test, BACK)


def test_a_moved_kick_is_told_and_can_be_taken_back(taken: list[int]) -> None:
    clip = shots.one(taken[0]).clip_id
    labels.put(clip, labels.CONTACT_FRAME, "6")
    test = whole(opened(taken[0]))
    assert "Frame 6 of the film, set by hand" in texts(test)
    next(one for one in test.button if one.label == BACK).click().run()
    assert kicks.by_hand(clip) is None
    assert [(job.kind, job.state) for job in work.jobs()] == [("analyze", "queued")]


def test_while_it_is_worked_out_the_page_says_so(taken: list[int]) -> None:
    kicks.move(taken[0], 8)
    assert "Frame 6 of the film." in texts(page(taken[0])).replace("\\", "")
    job = kicks.under_way(shots.one(taken[0]).clip_id)
    assert job is not None
    assert job.kind == "restrike"


def test_work_that_failed_says_why(taken: list[int]) -> None:
    kicks.move(taken[0], 8)
    (media() / storage.clip(shots.one(taken[0]).clip_id).file).unlink()
    jobs.work(0.01)
    test = shot_page(taken[0])
    assert not test.exception
    assert any("put it back there" in error.value for error in test.error)


def test_frames_that_cannot_be_had_are_told(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise KickyError("The film is *gone*.")

    monkeypatch.setattr(kicks, "strip", refuse)
    test = opened(taken[0])
    assert not test.exception
    assert [error.value for error in test.error] == ["The film is \\*gone\\*\\."]


def test_the_strike_card_stands_on_the_page_to_be_saved(taken: list[int]) -> None:
    test = whole(shot_page(taken[0], "Share"))
    assert "Strike card" in [part.value for part in test.header]
    (download,) = test.get("download_button")
    assert download.proto.label == "Save for your phone"
    assert len(list(media().glob("*.png"))) == 2


def test_without_its_film_the_page_says_so_in_the_cards_place(taken: list[int]) -> None:
    (media() / storage.clip(shots.one(taken[0]).clip_id).file).unlink()
    test = whole(shot_page(taken[0], "Share"))
    assert [info.value for info in test.info if "put it back there" in info.value.replace("\\", "")]
