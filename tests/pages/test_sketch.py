"""The tab Draw on the shot's page: what the picture is given, what becomes of a shape, refusals, the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kicky import storage
from kicky.home import media
from kicky.service import drawing, shots
from kicky.ui import sketch

from .filled import fill
from .test_pages import labelled, shot_page, whole
from .test_stage import component

LINE = {"kind": "line", "points": [[0.1, 0.2], [0.9, 0.2]], "words": ""}
TEXT = {"kind": "text", "points": [[0.5, 0.5]], "words": "elbow"}


@pytest.fixture
def shot(own_home: Path) -> int:
    films = own_home / "films"
    films.mkdir()
    return fill(films)[0]


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """-> what the picture to draw on was given last; `save` there is what the browser has drawn."""
    held: dict[str, Any] = {}

    def drawn(*, key: str, data: dict[str, Any], on_save_change: Any) -> None:
        held["data"] = data
        if "save" in held:
            sketch.st.session_state[key] = {"save": held.pop("save")}
            on_save_change()

    monkeypatch.setattr(sketch, "_sketch", drawn)
    return held


def draws(test: AppTest, paper: dict[str, Any], frame: int, *shapes: dict[str, Any]) -> AppTest:
    paper["save"] = {"frame": frame, "shapes": list(shapes)}
    test.run()
    return whole(test.run())


def test_a_shape_is_kept_and_shown_on_the_stage(shot: int, paper: dict[str, Any]) -> None:
    test = whole(shot_page(shot, "Draw"))
    assert (paper["data"]["frame"], paper["data"]["size"], paper["data"]["shapes"]) == (6, (320, 180), [])
    assert paper["data"]["picture"].startswith("data:image/jpeg;base64,")
    test = draws(test, paper, 6, LINE)
    assert [each.frame for each in drawing.of_shot(shot)] == [6]
    given = component(test, "stepper_shot")
    assert given["drawings"] == [{"frame": 6, "shapes": [LINE]}]
    assert [6, "Drawing"] in given["marks"]
    assert test.get("download_button")
    test = draws(test, paper, 6)  # all of it taken back
    assert drawing.of_shot(shot) == ()


def test_what_cannot_be_drawn_is_told_where_the_picture_is(shot: int, paper: dict[str, Any]) -> None:
    test = draws(whole(shot_page(shot, "Draw")), paper, 6, LINE)
    before = paper["data"]["of"]
    paper["save"] = {"frame": 6, "shapes": [TEXT | {"words": "x" * 61}]}
    (error,) = test.run().run().error
    assert "write it in at most 60" in error.value
    assert paper["data"]["of"] != before  # drawn anew from what is kept
    assert [len(each.shapes) for each in drawing.of_shot(shot)] == [1]


def test_drawings_are_gone_to_and_deleted(shot: int, paper: dict[str, Any]) -> None:
    drawing.draw(shot, 2, [TEXT])
    drawing.draw(shot, 6, [LINE])
    test = whole(shot_page(shot, "Draw"))
    assert paper["data"]["frame"] == 2
    whole(labelled(test, "the kick").click().run())
    assert paper["data"]["frame"] == 6
    whole(labelled(test, "Delete this drawing").click().run())
    assert [each.frame for each in drawing.of_shot(shot)] == [2]
    assert paper["data"]["shapes"] == []


def test_the_stage_opens_it_on_the_frame_shown(shot: int, paper: dict[str, Any]) -> None:
    test = whole(shot_page(shot))
    assert not paper
    test.session_state["shot_tab"] = "Draw"
    test.session_state[f"draw_frame_{shot}"] = 4
    whole(test.run())
    assert paper["data"]["frame"] == 4


def test_a_film_that_is_gone_cannot_be_drawn_on_and_says_so(shot: int, paper: dict[str, Any]) -> None:
    (media() / storage.clip(shots.one(shot).clip_id).file).unlink(missing_ok=True)
    (error,) = shot_page(shot, "Draw").error
    assert "is gone from" in error.value
    assert not paper
