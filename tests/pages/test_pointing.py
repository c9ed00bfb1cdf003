"""The ball on the shot's page: asked for openly where the program is unsure of it, else in a fold; and the way back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from kicky import jobs, storage
from kicky.domain import Rest
from kicky.errors import KickyError, UnfitClip
from kicky.jobs import tasks
from kicky.service import balls, shots, work
from kicky.storage import labels
from kicky.ui import pointing

from .filled import fill
from .test_pages import app, shot_page, texts, whole

BACK, ASKS = "Undo: let KICKY find the ball", "Which ball is it? Click it."


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    films = own_home / "films"
    films.mkdir()
    return fill(films)


@pytest.fixture
def unsure(taken: list[int]) -> int:
    """-> a shot that is not sure of its ball, which lies at one of two places."""
    report = storage.report(taken[0])
    lies = Rest(report.shot.ball.centre_px[6], 8.0, np.arange(7), np.ones(7), 1.0)
    other = replace(lies, centre_px=np.array([40.0, 90.0]))
    storage.replace_report(taken[0], replace(report, shot=replace(report.shot, rests=(lies, other), ball_sure=0.4)))
    return taken[0]


@pytest.fixture
def pictured(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """-> what the picture to click is given, each time it is drawn; a test may answer for the browser with `saves`."""
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(pointing, "_pointer", lambda *, data, **_: given.append(data))
    return given


def page(shot: int) -> AppTest:
    return whole(shot_page(shot, "Correct"))


def button(test: AppTest, label: str) -> bool:
    return any(one.label == label for one in test.button)


def test_who_is_sure_asks_nothing_and_decodes_nothing(taken: list[int], pictured: list[dict[str, Any]]) -> None:
    test = page(taken[0])
    assert ASKS not in [part.value for part in test.header]
    assert "Not this ball? Show the ball" in [fold.label for fold in test.expander]
    assert pictured == []


def test_in_the_fold_the_ball_can_be_shown(taken: list[int], pictured: list[dict[str, Any]]) -> None:
    test = shot_page(taken[0], "Correct")
    test.session_state[f"ball_open_{taken[0]}"] = True
    whole(test.run())
    assert "the wrong moment? **Move the kick** instead." in texts(test)
    (data,) = pictured
    assert (data["frame"], data["size"], data["places"], data["said"], data["busy"]) == (6, (320, 180), [], None, False)
    assert not button(test, BACK)


def test_who_is_unsure_asks_openly_with_the_places_in_the_picture(unsure: int, pictured: list[dict[str, Any]]) -> None:
    test = page(unsure)
    assert ASKS in [part.value for part in test.header]
    assert "Not this ball? Show the ball" not in [fold.label for fold in test.expander]
    assert [(place["x"], place["chosen"]) for place in pictured[0]["places"]] == [(160.0, True), (40.0, False)]
    assert pictured[0]["picture"].startswith("data:image/jpeg;base64,")


def test_without_a_kick_it_is_asked_too(taken: list[int]) -> None:
    report = storage.report(taken[0])
    nothing = replace(report.shot, kick_frame=None, kick_why_not="No foot came near a ball.", flight=None)
    storage.replace_report(taken[0], replace(report, shot=nothing))
    test = page(taken[0])
    assert ASKS in [part.value for part in test.header]
    assert "No kick was found." in texts(test)


def test_a_click_that_is_saved_is_worked_out(unsure: int, pictured: list[dict[str, Any]]) -> None:
    pointing._ask(unsure, (41.0, 88.0))
    assert [(job.kind, job.state) for job in work.jobs()] == [("restrike", "queued")]
    page(unsure)
    assert pictured[-1]["busy"]


def test_a_word_that_is_kept_can_be_taken_back(unsure: int, pictured: list[dict[str, Any]]) -> None:
    clip = shots.one(unsure).clip_id
    labels.put(clip, labels.BALL_PX, "40.0,90.0")
    test = page(unsure)
    assert pictured[0]["said"] == {"x": 40.0, "y": 90.0}
    next(one for one in test.button if one.label == BACK).click().run()
    assert balls.by_hand(clip) is None
    assert [(job.kind, job.state) for job in work.jobs()] == [("analyze", "queued")]
    assert (pictured[0]["heard"], pictured[-1]["heard"]) == (
        0,
        1,
    )  # so that the picture stops waiting, however it ended


@pytest.mark.parametrize("place", [(1.0, 1.0), (41.0, 88.0)])
def test_a_place_where_nothing_lies_is_told_on_the_page(
    place: tuple[float, float], unsure: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise UnfitClip("No ball is seen to lie *there*.")

    monkeypatch.setattr(tasks.pipeline, "analyze", nothing)
    monkeypatch.setattr(tasks.pipeline, "resettled", nothing)
    balls.show(unsure, place)
    jobs.work(0.01)
    test = shot_page(unsure)
    assert not test.exception
    assert [error.value for error in test.error] == ["No ball is seen to lie \\*there\\*\\."]


def test_a_refusal_is_told_where_the_picture_is(unsure: int, pictured: list[dict[str, Any]]) -> None:
    test = shot_page(unsure)
    test.session_state[f"ball_refusal_{unsure}"] = "That is *outside* the picture."
    test.run()
    assert [error.value for error in test.error] == ["That is \\*outside\\* the picture\\."]


def test_a_still_that_cannot_be_had_is_told(unsure: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise KickyError("The film is *gone*.")

    monkeypatch.setattr(balls, "still", refuse)
    test = shot_page(unsure)
    assert not test.exception
    assert [error.value for error in test.error] == ["The film is \\*gone\\*\\."]


def test_on_the_analyze_page_the_clips_line_says_so(unsure: int) -> None:
    session = shots.one(unsure).session_id
    test = whole(app("pages/1_Analyze.py", session=str(session)))
    links = [link.proto.label for link in test.get("page_link")]
    assert links.count("Which ball was it? Show it") == 1
    assert links.count("See the shot") == 3


def test_what_was_left_out_of_the_camera_is_told(taken: list[int]) -> None:
    report = storage.report(taken[0])
    scene = report.shot.scene
    assert scene is not None
    told = replace(scene, given_up="The ball that lies there does not fit the goal.")
    assert "does not fit the goal" not in texts(whole(shot_page(taken[0])))
    storage.replace_report(taken[0], replace(report, shot=replace(report.shot, scene=told)))
    assert "The ball that lies there does not fit the goal" in texts(whole(shot_page(taken[0])))
