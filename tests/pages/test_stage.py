"""The stage on the shot's page: its film and what that is stepped by, five answers and their tabs, the strip."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from kicky import storage
from kicky.domain import Foot, FootCall, How, Outcome, Track, Verdict
from kicky.home import media
from kicky.service import shots, stage
from kicky.service.stage import StageView, thumb
from kicky.shown import NO_GOAL_MARKED
from kicky.storage import labels
from kicky.storage.flights import CrossingView
from kicky.storage.views import MeasureView
from kicky.ui import TABS
from kicky.ui.answers import _body
from kicky.ui.places import fits, near

from .. import films
from .filled import fill
from .test_pages import labelled, shot_page, texts, whole

ANSWERS = {
    "Where it went": "Ball", "Name the shooter": "Correct", "Why this foot": "Body", "How fast, and why": "Ball",
    "All of the body": "Body",
}  # fmt: skip
HOLDS = {
    "Ball": "inside the right post", "Body": "The ankle nearer the ball at contact", "Coach": "**Drill",
    "Share": "Strike card", "Correct": "Correct it", "Details": "Decided by",
}  # fmt: skip
GOAL_M = (7.32, 2.44)


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    films = own_home / "films"
    films.mkdir()
    return fill(films)


def tiles(test: AppTest) -> dict[str, str]:
    """Page -> each answer's title and what its tile says."""
    found = [part.value.replace("\\", "") for part in test.markdown if part.value.startswith(":small[")]
    return {title.removeprefix(":small["): rest for title, _, rest in (text.partition("]  \n") for text in found)}


def component(test: AppTest, key: str) -> Any:
    """Page, a component's key -> what it is given."""
    for element in test.get("bidi_component"):
        if key in element.proto.id:
            return json.loads(element.proto.json)
    raise LookupError(key)


def goalless(shot_id: int) -> None:
    report = storage.report(shot_id)
    outcome = Outcome(Verdict.UNSURE, 0.5, How.UNCLEAR, NO_GOAL_MARKED)
    storage.replace_report(
        shot_id, replace(report, outcome=outcome, shot=replace(report.shot, scene=None, flight=None))
    )


def test_five_answers_stand_at_a_glance(taken: list[int]) -> None:
    said = tiles(whole(shot_page(taken[0])))
    assert list(said) == ["Goal or not", "Who", "Foot", "How hard", "Body"]
    assert said["Goal or not"] == "**Goal**  \n91 % sure, middle right"
    assert said["Who"] == "**Ana**"
    assert said["Foot"] == "**Right**  \n94 % sure"
    assert said["How hard"] == "**about 90 km/h**  \n79–140 km/h"
    assert said["Body"] == "**40°**  \nThigh out to the side, above the published range"


def test_answers_that_are_not_known_say_so(taken: list[int]) -> None:
    said = tiles(whole(shot_page(taken[2])))
    assert said["Goal or not"] == "**Not sure**"
    assert said["Who"] == "**P1**  \nnot named yet"
    assert said["Foot"] == "**Not sure**"
    assert said["How hard"].startswith("**–**")


@pytest.mark.parametrize(
    ("p_left", "under"),
    [
        (0.5, ""),
        (0.55, ""),
        (0.27, "  \nmore likely right, 73 %"),
        (0.73, "  \nmore likely left, 73 %"),
    ],
)
def test_a_foot_that_is_not_sure_says_which_is_likelier(taken: list[int], p_left: float, under: str) -> None:
    report = storage.report(taken[0])
    storage.replace_report(taken[0], replace(report, foot=FootCall(Foot.UNSURE, p_left, "Either foot.")))
    assert tiles(whole(shot_page(taken[0])))["Foot"] == "**Not sure**" + under


def test_an_answer_opens_what_it_rests_on(taken: list[int]) -> None:
    test = shot_page(taken[0], "Details")
    for taps, (answer, tab) in enumerate(ANSWERS.items(), 1):
        labelled(test, answer).click().run()
        assert whole(test).session_state["shot_tab"] == tab
        assert component(test, "shot_seeker") == {"seek": taps}


def test_a_tab_is_drawn_only_while_it_is_open(taken: list[int]) -> None:
    test, shown = shot_page(taken[0]), {}
    for tab in TABS:
        test.session_state["shot_tab"] = tab
        shown[tab] = texts(whole(test.run())).replace("\\", "")
    for tab, words in HOLDS.items():
        assert [name for name, said in shown.items() if words in said] == [tab]


def test_the_film_is_stepped_by_kick_goal_line_ball_and_body(taken: list[int]) -> None:
    given = component(whole(shot_page(taken[0])), "stepper_shot")
    assert [reel["first"] for reel in given["films"]] == [0]  # there is no copy yet: with its drawing alone
    assert given["films"][0]["film"].startswith("/handed/")
    assert (given["contact"], given["size"], given["picture"]) == (6, [320, 180], [0, 0, 1, 1])
    assert given["marks"][0] == [6, "Kick"]
    assert given["ball"][6] == [6, 0.5, 0.8333]
    assert len(given["body"][0]) == 4
    assert given["stage"] is True


def test_a_film_that_is_gone_is_told_and_the_numbers_stay(taken: list[int]) -> None:
    (media() / "film_0.mp4").unlink()
    test = whole(shot_page(taken[0]))
    assert "no longer on this computer" in texts(test)
    assert len(tiles(test)) == 5
    with pytest.raises(LookupError):
        component(test, "stepper_shot")


def test_a_film_that_cannot_be_read_is_told_in_its_place(taken: list[int]) -> None:
    (media() / "film_0.mp4").write_bytes(b"no film at all" * 99)
    test = whole(shot_page(taken[0]))
    assert [info.value for info in test.info if "film_0" in info.value.replace("\\", "")]
    assert len(tiles(test)) == 5


def test_an_upright_film_between_bars_is_shown_without_them(taken: list[int]) -> None:
    upright = np.zeros((180, 320, 3), np.uint8)
    upright[:, 110:210] = 120
    film = films.write(media() / "bars.mp4", [upright] * 4)
    view = stage.of_shot(replace(shots.one(taken[0]), copy=film))
    assert view.picture == pytest.approx((0.344, 0, 0.656, 1), abs=0.01)
    assert stage.of_shot(shots.one(taken[0])).picture == (0, 0, 1, 1)


def test_without_its_tracks_the_film_is_still_stepped_through(taken: list[int]) -> None:
    storage.evidence_file(taken[0]).unlink()
    assert stage.of_shot(shots.one(taken[0])) == StageView((320, 180))


def test_the_shooter_that_is_nowhere_is_not_zoomed_on(taken: list[int]) -> None:
    report = storage.report(taken[0])
    never = np.full((24, 2), np.nan)
    gone = tuple(Track(p.label, never, never, np.zeros(24), np.zeros(24, bool)) for p in report.shot.players)
    storage.replace_report(taken[0], replace(report, shot=replace(report.shot, players=gone)))
    assert stage.of_shot(shots.one(taken[0])).body == ()


def test_the_strip_names_each_shot_and_what_became_of_it(taken: list[int]) -> None:
    given = component(whole(shot_page(taken[1])), "shot_strip")
    assert given["current"] == taken[1]
    assert [(each["name"], each["word"]) for each in given["shots"]] == [
        ("1 · Ana", "✓ Goal"), ("2 · Ana", "✕ No goal"), ("3 · clip_3.mp4", "? Not sure"),
    ]  # fmt: skip
    assert len({each["thumb"] for each in given["shots"]}) == 3


def test_a_small_still_is_made_once(taken: list[int]) -> None:
    made = thumb(taken[0])
    assert made.startswith(b"\xff\xd8")
    (media() / storage.clip(shots.one(taken[0]).clip_id).file).unlink()
    assert thumb(taken[0]) == made


def test_without_a_goal_in_the_picture_it_is_a_shot_for_body_and_kick(taken: list[int]) -> None:
    goalless(taken[0])
    test = whole(shot_page(taken[0]))
    assert "Body and kick only" in [title.value for title in test.title]
    assert tiles(test)["Goal or not"].startswith("**Not in the picture**")
    assert component(test, "shot_strip")["shots"][0]["word"] == "Body and kick only"
    assert "Not sure" not in texts(test)


def test_what_a_person_says_of_it_goes_before(taken: list[int]) -> None:
    goalless(taken[0])
    labels.put(shots.one(taken[0]).clip_id, labels.OUTCOME, "goal")
    test = whole(shot_page(taken[0]))
    assert "Goal" in [title.value for title in test.title]
    assert tiles(test)["Goal or not"].startswith("**Goal**  \nyou said so")


def crossing(x_m: float, z_m: float, sigma_m: float, zone: str = "") -> CrossingView:
    return CrossingView(1.0, x_m, z_m, (sigma_m, sigma_m), 0.0, True, zone)


@pytest.mark.parametrize(
    ("x_m", "z_m", "sigma_m", "words"),
    [
        (3.8, 1.0, 0.3, "Close to the right post"), (-3.5, 1.0, 0.3, "Close to the left post"),
        (0.0, 2.5, 0.1, "Close to the bar"), (4.5, 1.0, 0.2, ""), (0.0, 1.0, 0.2, ""),
    ],
)  # fmt: skip
def test_what_part_of_the_frame_a_path_comes_near(x_m: float, z_m: float, sigma_m: float, words: str) -> None:
    assert near(crossing(x_m, z_m, sigma_m), GOAL_M) == words


def test_place_and_verdict_are_told_as_one(taken: list[int]) -> None:
    """Of a shot that is likely a goal it is not said that it passed outside, nor once a person has said what it was."""
    outside, inside = crossing(3.8, 1.0, 0.3), crossing(2.0, 1.0, 0.3, "middle right")
    goal, miss = shots.one(taken[0]), shots.one(taken[1])
    unsure = replace(goal, outcome="unsure", p_goal=0.69)
    assert not fits(outside, GOAL_M, goal)
    assert not fits(outside, GOAL_M, unsure)
    assert not fits(inside, GOAL_M, replace(miss, how="over"))
    assert fits(inside, GOAL_M, replace(miss, how="saved"))
    assert fits(inside, GOAL_M, goal)
    assert fits(outside, GOAL_M, miss)
    labels.put(miss.clip_id, labels.OUTCOME, "goal")
    test = whole(shot_page(taken[1]))
    told = {metric.label: metric.value for metric in test.metric}["At the goal line"]
    assert told == "Not as the path says"
    assert "You said what it was, and that counts" in texts(test)
    assert "outside the goal" not in texts(test).lower()


def test_a_foot_ahead_of_the_ball_is_not_minus_so_much_behind_it(taken: list[int]) -> None:
    ahead = MeasureView("plant_behind", "m", -0.12, -0.2, -0.05, "", "")
    value, under = _body(replace(shots.one(taken[0]), measures={"plant_behind": ahead}))
    assert value.removeprefix("≈ ") == "12 cm"
    assert under.startswith("Standing foot ahead of the ball")
