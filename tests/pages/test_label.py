"""The Label page, and rating, without a browser: what they say, ask for and refuse. The keys are tested in Chromium."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from kicky import jobs
from kicky.errors import BadLabel, Outdated, UnfitClip
from kicky.service import boxes, clips, sessions, truth, work
from kicky.ui.boxes import _decide

from .. import numbered
from .test_pages import app, texts, whole


@pytest.fixture
def clip_ids(own_home: Path) -> list[int]:
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    made = []
    for k in range(2):
        path = numbered.film(own_home / f"shot{k}.mp4", 30, numbered.uneven(30, k))
        made.append(clips.add(session, path.name, path).id)
    return made


def label(mode: str = "", **address: str) -> AppTest:
    test = whole(app("pages/3_Label.py", **address))
    if mode:
        whole(test.segmented_control(key="label_mode").set_value(mode).run())
    return test


def test_who_labels_is_asked_first(clip_ids: list[int]) -> None:
    test = label()
    assert "Enter your name to begin" in texts(test)
    whole(test.text_input(key="label_who").set_value("Ada").run())
    assert "clip 1 of 2" in texts(test)
    assert [job.kind for job in work.jobs()] == []  # the copy for the browser is nobody's line of work
    jobs.work(0.01)
    whole(test.run())
    assert truth.film_of(clip_ids[0])[0] is not None
    assert test.get("component") is not None


def test_a_note_and_a_shooter_are_typed(clip_ids: list[int]) -> None:
    label(who="Ada")  # the copy is asked for
    jobs.work(0.01)
    test = label(who="Ada")
    whole(test.text_input(key=f"label_note_{clip_ids[0]}_0").set_value("wind from the left").run())
    whole(test.text_input(key=f"label_shooter_{clip_ids[0]}_0").set_value("Zoë").run())
    assert truth.of_clip(clip_ids[0]) == {"note": "wind from the left", "shooter": "Zoë"}
    assert "You said: Note at" in texts(test)


def test_answers_that_contradict_each_other_are_told(clip_ids: list[int]) -> None:
    truth.answer(clip_ids[0], "outcome", "goal", "Ada")
    truth.answer(clip_ids[0], "how", "over", "Ada")
    label(who="Ada", clip=str(clip_ids[0]))
    jobs.work(0.01)
    test = label(who="Ada", clip=str(clip_ids[0]))
    assert "one is wrong" in "\n".join(warning.value for warning in test.warning)


def test_agreement_is_shown_and_disputes_are_settled(clip_ids: list[int]) -> None:
    test = label("Agreement")
    assert "needs two labellers" in texts(test)
    for who, value in (("Ada", "goal"), ("Ben", "no_goal")):
        truth.answer(clip_ids[0], "outcome", value, who)
        truth.answer(clip_ids[1], "outcome", "goal", who)
    test = label("Agreement")
    assert "Disputes (1)" in texts(test)
    whole(test.button(key=f"settle-{clip_ids[0]}-outcome-goal").click().run())
    assert truth.of_clip(clip_ids[0]) == {"outcome": "goal"}
    assert "Disputes (0)" in texts(test)


def test_labels_go_out_and_come_in(clip_ids: list[int]) -> None:
    test = label("Import and export")
    whole_button = next(button for button in test.button if button.label == "Make the file")
    whole_button.click().run()
    assert "Nothing is labelled yet" in test.error[0].value
    truth.answer(clip_ids[0], "outcome", "goal", "Ada")
    next(button for button in test.button if button.label == "Make the file").click().run()
    whole(test)
    assert test.session_state["labels_file"][1] == "labels.jsonl"


def test_clips_are_rated_in_order(clip_ids: list[int]) -> None:
    for clip_id, stars in zip(clip_ids, (2, 5), strict=True):
        truth.rate(clip_id, stars, "me")
    test = whole(app("pages/2_Clips.py"))
    whole(test.segmented_control(key="clips_mode").set_value("Rate").run())
    assert "2 of 2 rated" in texts(test)
    whole(test.segmented_control(key="rate_least").set_value(3).run())
    assert "**shot1" in texts(test)
    assert len(test.dataframe[0].value) == 1


def test_a_dispute_leads_to_its_clip(clip_ids: list[int]) -> None:
    for who, value in (("Ada", "goal"), ("Ben", "no_goal")):
        truth.answer(clip_ids[1], "outcome", value, who)
    test = label("Agreement", who="Ada")
    whole(test.button(key=f"disputed-{clip_ids[1]}-outcome").click().run())
    assert "**shot1" in texts(test)


def pictured(jpeg: bytes) -> int:
    return numbered.read(Image.open(io.BytesIO(jpeg)))


def test_what_two_differ_on_stands_side_by_side_each_with_its_frame(clip_ids: list[int]) -> None:
    for who, frame in (("Ada", "12"), ("Ben", "7")):
        truth.answer(clip_ids[0], "contact_frame", frame, who)
    shown = texts(label("Agreement"))
    assert shown.index("**Frame 7**") < shown.index("**Frame 12**")
    assert len(label("Agreement").get("image")) == 2
    for frame in (7, 12):
        assert pictured(truth.disputed_still(clip_ids[0], "contact_frame", str(frame))) == frame
    assert pictured(truth.disputed_still(clip_ids[0], "outcome", "goal")) == 15  # the middle: nothing was thought yet
    with pytest.raises(UnfitClip, match="there is no frame 99"):
        truth.disputed_still(clip_ids[0], "contact_frame", "99")


def test_what_is_drawn_is_kept_and_what_is_refused_is_told_with_what_is_stored(clip_ids: list[int]) -> None:
    label("Boxes", who="Ada")  # the copy is asked for
    jobs.work(0.01)
    test = label("Boxes", who="Ada")
    assert "**shot0" in texts(test)
    ball, film = ["ball", [10, 10, 20, 20], []], boxes.to_draw(clip_ids[0]).sha256
    told = {
        "id": "a",
        "on": clip_ids[0],
        "does": "boxes",
        "frame": 4,
        "film": film,
        "seen": 0,
        "value": [ball],
        "earlier": [],
    }
    state: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(st, "session_state", state)
        assert _decide("Ada", clip_ids, told) == "Saved: frame 4."
        number, things = boxes.stored(clip_ids[0], 4)
        assert things == [("ball", (10.0, 10.0, 20.0, 20.0), ())]
        with pytest.raises(Outdated):
            _decide("Ben", clip_ids, {**told, "id": "b", "value": []})
    assert state["boxes_told"] == [
        {"id": "a", "on": clip_ids[0], "frame": 4, "number": number},
        {"id": "b", "on": clip_ids[0], "frame": 4, "number": number, "things": things},
    ]


def test_a_clip_that_takes_no_boxes_says_why(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    label("Boxes", who="Ada")
    jobs.work(0.01)
    monkeypatch.setattr("kicky.service.stage.times", lambda _film: bytes(8 * 29))
    test = app("pages/3_Label.py", who="Ada").segmented_control(key="label_mode").set_value("Boxes").run()
    assert "has 29 frames in one place and 30 in another" in test.error[0].value


def test_a_new_clip_under_a_deleted_ones_number_takes_none_of_its_boxes(
    own_home: Path, make_film: Callable[..., Path]
) -> None:
    session = sessions.new(dt.date(2026, 11, 21))
    first = clips.add(session, "a.mp4", make_film("a.mp4", 1)).id
    film = boxes.to_draw(first).sha256
    clips.remove(first)
    assert clips.add(session, "b.mp4", make_film("b.mp4", 2)).id == first
    with pytest.raises(BadLabel, match="was replaced since you opened it"):
        boxes.keep(first, film, 3, [], "Ada", 0)
