"""The replay's tab: what it hands to the browser, and what it says where there is nothing to replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kicky import jobs
from kicky.errors import NotFound
from kicky.service import replays, sharing, shots

from .filled import fill
from .test_pages import shot_page, texts, whole
from .test_stage import component

MADE: dict[str, Any] = {
    "why_not": "", "words": "The ball goes straight on.", "others_why_not": "",
    "goal": None, "ball": {"why_not": "", "t": [0.0]}, "shooter": {"why_not": "The shooter is *hidden*."},
}  # fmt: skip


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    films = own_home / "films"
    films.mkdir()
    return fill(films)


def test_the_scene_and_the_library_go_to_the_browser_and_what_is_left_out_is_told(
    taken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shots, "replay", lambda _: MADE)
    test = whole(shot_page(taken[2], "Replay"))
    given = component(test, "replay")
    assert given["scene"] == json.loads(json.dumps(MADE))
    assert given["on"] == taken[2]
    assert "hidden" in texts(test)
    assert "Pale limbs are a guess" in texts(test)
    for path in (given["three"], given["drawn"]):
        assert path.startswith("/")
        assert "//" not in path


def test_a_shot_that_cannot_be_replayed_says_why(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shots, "replay", lambda _: {"why_not": "No kick was seen."})
    test = whole(shot_page(taken[2], "Replay"))
    assert "There is no replay of this shot. No kick was seen" in texts(test)
    with pytest.raises(LookupError):
        component(test, "replay")


def test_another_shot_is_laid_beside_it_and_both_are_told(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    small = MADE | {"goal": {"width": 5.0, "height": 2.0}, "words": "The ball goes to the left."}
    kinds = {
        taken[0]: MADE | {"goal": {"width": 7.32, "height": 2.44}},
        taken[1]: small,
        taken[2]: {"why_not": "No kick."},
    }
    monkeypatch.setattr(shots, "replay", kinds.__getitem__)
    monkeypatch.setattr(replays, "view", kinds.__getitem__)
    test = whole(shot_page(taken[0], "Replay"))
    assert component(test, "replay")["beside"] is None
    choice = test.selectbox(key=f"replay_beside_{taken[0]}")
    assert choice.options[0].startswith("Ana's best: clip_6.mp4, 14 Nov 2026")
    choice.select(taken[1])
    whole(test.run())
    given = component(test, "replay")["beside"]
    assert given["scene"]["words"] == "The ball goes to the left."
    assert given["moved"] == [0, 0, 0]
    assert given["words"] == (
        "Solid: Ana, 7 Nov 2026. The ball goes straight on. Blue: Ana, 7 Nov 2026. The ball goes to the left."
    )
    assert "The goals differ" in texts(test)
    test.selectbox(key=f"replay_beside_{taken[0]}").select(taken[2])
    whole(test.run())
    assert component(test, "replay")["beside"] is None
    assert "there is no replay of it" in texts(test)


def test_without_a_goal_one_ball_lies_where_the_other_does() -> None:
    ball = MADE["ball"] | {"at": [[1.0, 0.1, 9.0]]}
    moved, note = replays._laid(MADE | {"ball": ball}, MADE | {"ball": ball | {"at": [[0.0, 0.1, 0.0]]}})
    assert moved == [1, 0, 9]
    assert "no goal marked" in note


def test_a_shot_that_is_gone_is_told_in_words(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: int) -> dict[str, Any]:
        raise NotFound("There is no shot 7.")

    monkeypatch.setattr(shots, "replay", gone)
    assert "There is no shot 7" in texts(whole(shot_page(taken[2], "Replay")))


def test_what_is_stored_of_a_shot_is_replayed_or_says_why_not(taken: list[int]) -> None:
    made = shots.replay(taken[0])
    assert made["why_not"] or made["fit"]["words"]


def test_the_replay_as_a_film_is_one_choice_and_one_button(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "ensure_worker", lambda *_: None)
    test = whole(shot_page(taken[0], "Replay"))
    choice = test.selectbox(key=f"replayed_{taken[0]}_view")
    assert choice.options[0] == "From the keeper's eyes"
    whole(choice.select("above").run().button(key=f"replayed_{taken[0]}_make").click().run())
    assert sharing.made(taken[0], "above").job is not None
    assert [bar.proto.text for bar in test.get("progress")] == ["Waiting"]


def test_a_shot_without_a_replay_has_no_keepers_film_and_says_why(taken: list[int]) -> None:
    test = whole(shot_page(taken[2], "Share"))
    test.button(key=f"sending_{taken[2]}_keeper").click().run()
    assert "There is no replay of this shot" in test.error[0].value
    assert sharing.made(taken[2], "keeper").job is None
