"""Who shot: what looks propose is told as such, and one tap says yes or no."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kicky import storage, ui
from kicky.service import players, shots

from ..players.looks import BLUE, RED, WHITE, look
from .filled import fill
from .test_pages import app, history, shot_page, texts, whole


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    """-> the filled house; the first shot, named by hand, and the third, not named, look alike."""
    films = own_home / "films"
    films.mkdir()
    numbers = fill(films)
    for number, seen in ((numbers[0], look(RED)), (numbers[2], look(RED, seed=1)), (numbers[1], look(BLUE, WHITE))):
        report = storage.report(number)
        storage.replace_report(number, replace(report, shot=replace(report.shot, looks=(seen,))))
    return numbers


def press(test: AppTest, label: str) -> AppTest:
    next(button for button in test.button if button.label == label).click().run()
    return whole(test)


def test_a_proposal_is_told_as_one_and_yes_makes_it_a_name(taken: list[int]) -> None:
    test = whole(shot_page(taken[2], "Correct"))
    assert "looks like **Ana**" in texts(test)
    assert test.selectbox(key=f"shot_player_{taken[2]}_look_").value is None
    press(test, "Yes, Ana")
    assert (shots.one(taken[2]).player, shots.one(taken[2]).player_by) == ("Ana", "hand")
    assert "looks like" not in texts(test)
    assert test.selectbox(key=f"shot_player_{taken[2]}_hand_Ana").value == "Ana"


def test_no_takes_it_back_and_another_name_corrects_it(taken: list[int]) -> None:
    test = press(shot_page(taken[2], "Correct"), "No")
    assert shots.one(taken[2]).player is None
    assert "looks like" not in texts(test)


def test_a_yes_that_comes_too_late_is_refused_in_words(taken: list[int]) -> None:
    test = shot_page(taken[2], "Correct")
    players.deny(taken[2])
    next(button for button in test.button if button.label == "Yes, Ana").click().run()
    assert not test.exception
    assert "Nobody is proposed" in test.error[0].value


def test_where_nobody_shot_the_reason_stands(taken: list[int]) -> None:
    report = storage.report(taken[2])
    nobody = replace(report.shot, shooter=None, shooter_why_not="Nobody was seen in the picture.", looks=())
    storage.replace_report(taken[2], replace(report, shot=nobody))
    assert "Nobody was seen in the picture" in texts(whole(shot_page(taken[2], "Correct")))


def test_analyze_says_who_is_proposed_and_takes_a_yes(taken: list[int]) -> None:
    session = shots.one(taken[2]).session_id
    test = whole(app("pages/1_Analyze.py", session=str(session)))
    assert "P1 looks like Ana" in texts(test)
    assert "Ana shot" in texts(test)
    press(test, "Yes, Ana")
    assert shots.one(taken[2]).player_by == "hand"


def test_the_first_shooter_of_a_session_is_named_on_analyze(taken: list[int]) -> None:
    session = shots.one(taken[2]).session_id
    for shot in shots.listed(session):
        players.name(shot.id, "")
    players.name(next(s.id for s in shots.listed() if s.session_id != session), "Zoe")
    test = whole(app("pages/1_Analyze.py", session=str(session)))
    asked = next(box for box in test.selectbox if box.label.startswith("Who is P1 in "))
    asked.set_value("Zoe").run()
    first = min(shots.listed(session), key=lambda shot: shot.clip_id)
    assert (first.player, first.player_by) == ("Zoe", "hand")
    test = whole(app("pages/1_Analyze.py", session=str(session)))
    label = next(box.label for box in test.selectbox if box.label.startswith("Who is P1 in "))
    assert ui.plain(first.clip_name) not in label  # the next one who looks like nobody known


def test_all_proposals_of_a_session_are_agreed_to_by_one_tap(taken: list[int]) -> None:
    session = shots.one(taken[2]).session_id
    mine = [shot.id for shot in shots.listed(session)]
    for number in mine:
        players.name(number, "Ana" if number == mine[0] else "")
    for number in mine:
        report = storage.report(number)
        storage.replace_report(number, replace(report, shot=replace(report.shot, looks=(look(RED, seed=number),))))
    test = whole(app("pages/1_Analyze.py", session=str(session)))
    assert {shots.one(number).player for number in mine} == {"Ana"}
    next(button for button in test.button if button.label.startswith("Yes to all")).click().run()
    whole(test)
    assert {shots.one(number).player_by for number in mine} == {"hand"}
    assert not [button for button in test.button if button.label.startswith("Yes")]


def test_agreeing_to_what_is_proposed_no_more_changes_nothing(taken: list[int]) -> None:
    players.confirm_all({taken[2]: "Somebody else"})
    assert shots.one(taken[2]).player_by == "look"
    players.deny(taken[2])
    players.confirm_all({taken[2]: "Ana"})
    assert shots.one(taken[2]).player is None


def test_history_and_home_count_proposals_and_mark_them(taken: list[int]) -> None:
    test = history()
    assert "A name with ? was proposed by looks" in texts(test)
    assert "Ana ?" in test.dataframe[-1].value["Player"].tolist()
    players.confirm(taken[2])
    assert "proposed by looks" not in texts(history())
