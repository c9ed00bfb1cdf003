"""Every page on an empty and on a filled database; what the player does there; what is refused, in words."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kicky import home, storage
from kicky.domain import Foot, How, Measure, Verdict
from kicky.errors import KickyError
from kicky.service import clips, coaching, house, players, scenes, sessions, shots, work
from kicky.speeds import Unit
from kicky.ui import TABS
from kicky.ui.pace import way_words
from kicky.video import open_clip

from .filled import CORNERS, NASTY, draw, fill, report

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["Home.py", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py")))]


def app(page: str = "Home.py", **address: str) -> AppTest:
    """Page, address -> the app standing on that page."""
    test = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60).run()
    for key, value in address.items():
        test.query_params[key] = value
    return test if page == "Home.py" else test.switch_page(page).run()


def whole(test: AppTest) -> AppTest:
    """App -> itself, when nothing went wrong in it."""
    assert not test.exception
    assert [error.value for error in test.error] == []
    return test


def shot_page(shot_id: int, tab: str = "Ball") -> AppTest:
    """Shot, tab -> the app standing on that shot's page with that tab open; a tab that is shut draws nothing."""
    test = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60).run()
    test.query_params["shot"] = str(shot_id)
    test.session_state["shot_tab"] = tab
    return test.switch_page("pages/5_Shot.py").run()


def labelled(test: AppTest, label: str) -> Any:
    """App, label -> that button."""
    return next(button for button in test.button if button.label == label)


def texts(test: AppTest) -> str:
    """App -> all that stands on the page."""
    kinds = (test.title, test.header, test.subheader, test.markdown, test.caption, test.info, test.success, test.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def history(view: str = "All shots") -> AppTest:
    """Tab -> the History page with that tab open; a tab that is shut draws nothing."""
    test = whole(app("pages/4_History.py"))
    test.session_state["history_view"] = view
    return whole(test.run())


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    """-> the shots of the filled house."""
    films = own_home / "films"
    films.mkdir()
    return fill(films)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_on_an_empty_house_and_says_what_to_do(page: str) -> None:
    test = whole(app(page))
    assert test.title
    assert test.info or test.button, "an empty page must say what to do next"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_on_a_filled_house(page: str, taken: list[int]) -> None:
    test = whole(app(page))
    assert test.title
    assert taken


@pytest.mark.parametrize("page", PAGES)
def test_a_page_survives_numbers_in_the_address_that_mean_nothing(page: str, taken: list[int]) -> None:
    for number in ("999999", "²", *(("-1", "abc", "") if page == "pages/5_Shot.py" else ())):
        whole(app(page, shot=number, session=number))
    assert taken


@pytest.mark.parametrize("page", PAGES)
def test_a_page_never_lets_a_name_through_as_markup(page: str, taken: list[int]) -> None:
    shown = texts(whole(app(page, shot=str(taken[3]))))
    assert "![x](" not in shown
    assert "<b>Zo" not in shown
    assert "*school*" not in shown.replace("\\*", "")


@pytest.mark.parametrize("page", PAGES)
def test_a_database_that_cannot_be_read_is_told_in_words(page: str, own_home: Path) -> None:
    (own_home / "db").mkdir()
    (own_home / "db" / "kicky.sqlite").write_bytes(b"no database at all, but long enough to be one" * 40)
    test = app(page)
    assert not test.exception
    assert len(test.error) == 1


def test_home_shows_the_last_saturday(taken: list[int]) -> None:
    test = whole(app())
    shown = texts(test)
    assert "14 Nov 2026" in shown
    assert [metric.value for metric in test.metric] == ["3", "2"]
    assert "2 of 3 went in" in shown
    assert "about 90 km/h (83–140)" in shown.replace("\\", "")
    assert "two others may have been as hard" in shown
    assert taken


def test_home_promises_only_what_is_so() -> None:
    assert "Nothing leaves it." in texts(whole(app()))
    coaching.set_server("http://localhost:8080/v1")
    said = texts(whole(app()))
    assert "Only a coach's server that you name and ask is sent anything." in said
    assert "Nothing leaves it" not in said


def test_home_lists_what_waits(taken: list[int]) -> None:
    clip = next(clip for session in sessions.listed() for clip in clips.listed(session.id) if clip.shot_id is None)
    work.analyze([clip.id])
    assert "Waiting" in texts(whole(app()))
    assert taken


def test_a_new_session_is_kept_and_chosen() -> None:
    test = app("pages/1_Analyze.py")
    test.date_input[0].set_value(dt.date(2026, 11, 21))
    next(box for box in test.text_input if box.label == "Place").set_value("  Hackney Marshes ")
    labelled(test, "Create the session").click().run()
    (session,) = sessions.listed()
    assert (session.date, session.place) == (dt.date(2026, 11, 21), "Hackney Marshes")
    assert whole(test).selectbox[0].value == session.id

    test.date_input[0].set_value(dt.date(2026, 11, 21))
    next(box for box in test.text_input if box.label == "Place").set_value("Hackney Marshes")
    labelled(test, "Create the session").click().run()
    assert sessions.listed() == [session]


def test_clips_from_a_folder(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21))
    films = own_home / "films"
    films.mkdir()
    good = draw(films / "good.mp4", 1)
    (films / "bad.mp4").write_bytes(b"this is no film " * 50)
    test = app("pages/1_Analyze.py", session=str(session))
    next(box for box in test.text_input if box.label == "Folder").set_value(str(films)).run()
    test.multiselect[0].set_value([films / "bad.mp4", good]).run()
    next(button for button in test.button if button.label == "Add 2 clips").click().run()
    assert not test.exception
    assert [clip.name for clip in clips.listed(session)] == ["good.mp4"]
    assert len(test.error) == 1
    assert "bad" in test.error[0].value

    next(box for box in test.text_input if box.label == "Folder").set_value(str(films)).run()
    test.multiselect[0].set_value([good]).run()
    next(button for button in test.button if button.label == "Add 1 clip").click().run()
    assert [("bad" in error.value, "already" in error.value) for error in test.error] == [(True, False), (False, True)]
    assert len(clips.listed(session)) == 1
    labelled(test, "I have read it").click().run()
    assert not test.error


def test_a_folder_that_is_not_there_is_told() -> None:
    sessions.new(dt.date(2026, 11, 21))
    test = app("pages/1_Analyze.py")
    next(box for box in test.text_input if box.label == "Folder").set_value("/no/such/folder").run()
    assert not test.exception
    assert "/no/such/folder" in test.error[0].value


def one_clip(own_home: Path) -> tuple[int, int]:
    """-> a session with one clip, and that clip."""
    session = sessions.new(dt.date(2026, 11, 21))
    path = draw(own_home / "one.mp4", 1)
    return session, clips.add(session, path.name, path).id


def type_corners(test: AppTest, corners: list[tuple[float, float]]) -> AppTest:
    """App, corners -> typed into the eight boxes and sent."""
    boxes = [box for box in test.number_input if "pixels from" in box.label]
    for box, value in zip(boxes, [number for corner in corners for number in corner], strict=True):
        box.set_value(value)
    return next(button for button in test.button if button.label == "Use these corners").click().run()


def test_corners_by_keyboard_are_remembered_and_the_clip_can_be_analysed(own_home: Path) -> None:
    session, clip = one_clip(own_home)
    test = app("pages/1_Analyze.py")
    go = next(button for button in test.button if button.label.startswith("Analyze"))
    assert go.disabled
    whole(type_corners(test, CORNERS))
    scene = scenes.of_session(session)
    assert scene is not None
    assert scene.corners == tuple(CORNERS)
    assert scene.size_wh_px == (320, 180)
    assert [job.clip_id for job in work.jobs(active_only=True)] == [clip]  # without another word
    assert "Waiting" in texts(test)


def test_corners_in_a_line_are_refused_in_words(own_home: Path) -> None:
    session, _ = one_clip(own_home)
    left_top, right_top, _, left_foot = CORNERS
    between = ((left_top[0] + right_top[0]) / 2, left_top[1])
    test = type_corners(app("pages/1_Analyze.py"), [left_top, between, right_top, left_foot])
    assert not test.exception
    assert "in one line" in test.error[0].value
    assert scenes.of_session(session) is None


def test_without_a_goal_in_the_picture_the_work_goes_on(own_home: Path) -> None:
    _, clip = one_clip(own_home)
    test = app("pages/1_Analyze.py")
    whole(test.checkbox[0].check().run())
    assert [job.clip_id for job in work.jobs(active_only=True)] == [clip]


def test_a_queued_clip_can_be_cancelled_and_run_again(own_home: Path) -> None:
    _, clip = one_clip(own_home)
    work.analyze([clip])
    test = app("pages/1_Analyze.py")
    next(button for button in test.button if button.label == "Cancel").click().run()
    assert [job.state for job in work.jobs()] == ["cancelled"]
    next(button for button in whole(test).button if button.label == "Run again").click().run()
    assert [job.state for job in work.jobs()] == ["queued", "cancelled"]


def test_a_shot_is_chosen_by_its_address(taken: list[int]) -> None:
    test = whole(app("pages/5_Shot.py", shot=str(taken[1])))
    assert test.selectbox(key="shot_choice").value == taken[1]
    shown = texts(test)
    assert "No goal" in shown
    assert "Over the bar" in shown
    assert "87–140 km/h, nine times in ten" in shown


def test_a_shot_in_metres_says_where_how_fast_and_how_sure(taken: list[int]) -> None:
    test = whole(app("pages/5_Shot.py", shot=str(taken[0])))
    shown = texts(test)
    assert "91\u00a0% sure it went in" in shown
    assert "inside the right post" in shown
    assert "two people standing on the ground" in shown
    assert [tab.label for tab in test.tabs if tab.label not in TABS] == ["From above", "In 3-D"]
    cards = {metric.label: metric.value for metric in test.metric}
    assert cards["At the goal line"] == "Middle right"
    assert cards["Ball speed"] == "about 90 km/h"
    assert not {"Height at the goal", "Speed across the picture", "Average speed", "Curl", "Rise off the foot"} & set(
        cards
    )
    assert "At the goal line 70 km/h (66–74), 0.61 s after the kick (0.55–0.67)." in shown.replace("\\", "")
    assert "It curled 0.4 m to the right (0.1–0.7)." in shown.replace("\\", "")


def test_speeds_are_shown_in_the_unit_that_is_chosen_on_the_first_page(taken: list[int]) -> None:
    test = whole(app())
    control = next(each for each in test.segmented_control if each.key == "keeping_unit")
    assert control.value == "km/h"
    control.set_value("mph")
    whole(test.run())
    assert house.speed_unit() == "mph"
    shown = texts(whole(app("pages/5_Shot.py", shot=str(taken[0])))).replace("\\", "")
    assert "49–87 mph, nine times in ten" in shown
    assert "km/h" not in shown


def test_without_a_flight_the_shot_says_what_is_proved_or_why_nothing_is(taken: list[int]) -> None:
    def again(*measures: Measure) -> tuple[str, str]:
        storage.replace_report(taken[3], replace(storage.report(taken[3]), measures=measures))
        test = whole(app("pages/5_Shot.py", shot=str(taken[3])))
        return {each.label: each.value for each in test.metric}["Ball speed"], texts(test)

    none = Measure("speed", "km/h", None, why_not="The ball was lost.")
    proved, words = again(none, Measure("speed_across", "km/h", 60.0, 46.0, 140.0))
    assert proved == "at least 45 km/h"
    assert "Across the picture" in words
    unproved, words = again(none, Measure("speed_across", "km/h", None, why_not="Too few frames."))
    assert unproved == "–"
    assert "Not given. The ball was lost" in words.replace("\\", "")


def test_a_saved_shot_is_not_told_to_have_come_to_the_line(taken: list[int]) -> None:
    saved = replace(shots.one(taken[0]), how="saved")
    assert "goal line" in way_words(shots.one(taken[0]), Unit.KMH)
    assert "goal line" not in way_words(saved, Unit.KMH)


def test_a_miss_and_its_side(taken: list[int]) -> None:
    shown = texts(whole(app("pages/5_Shot.py", shot=str(taken[1]))))
    assert "92\u00a0% sure it did not go in" in shown
    assert "over the bar" in shown


def test_without_a_flight_no_chance_is_shown_but_the_reason(taken: list[int]) -> None:
    test = whole(app("pages/5_Shot.py", shot=str(taken[3])))
    shown = texts(test)
    assert "sure it went in" not in shown
    assert "The ball was lost on its way" in shown
    assert "Ball speed" in [metric.label for metric in test.metric]
    assert [tab.label for tab in test.tabs] == list(TABS)


def test_a_shot_without_its_tracks_or_numbers_is_still_a_page(taken: list[int]) -> None:
    for file in home.media().glob("*.npz"):
        file.unlink()
    shown = texts(whole(app("pages/5_Shot.py", shot=str(taken[0]))))
    assert "analyse it again" in shown


def test_a_withheld_number_shows_its_reason(taken: list[int]) -> None:
    shown = texts(whole(app("pages/5_Shot.py", shot=str(taken[2]))))
    assert "The ball was seen in too few frames after the kick" in shown
    assert "two takes" in texts(whole(shot_page(taken[2], "Details")))


def test_next_and_previous_stay_in_the_session(taken: list[int]) -> None:
    test = app("pages/5_Shot.py", shot=str(taken[0]))
    assert labelled(test, "Previous").disabled
    labelled(test, "Next").click().run()
    assert whole(test).selectbox(key="shot_choice").value == taken[1]
    labelled(test, "Next").click().run()
    assert test.selectbox(key="shot_choice").value == taken[2]
    assert labelled(test, "Next").disabled


def test_the_shooter_gets_a_name(taken: list[int]) -> None:
    test = shot_page(taken[2], "Correct")
    box = test.selectbox(key=f"shot_player_{taken[2]}__")
    box.set_value("Ana").run()  # a name nobody knows yet is typed in the browser test
    assert whole(test)
    assert shots.one(taken[2]).player == "Ana"


@pytest.mark.parametrize("view", ["Where they went", "Saturdays", "Shot by shot", "All shots"])
def test_a_tab_of_history_draws_what_it_says_and_no_other(view: str, taken: list[int]) -> None:
    test = history(view)
    charts = {"Where they went": "history_map", "Saturdays": "history_small", "Shot by shot": "history_each"}
    drawn = {element.proto.id for element in test.get("plotly_chart")}
    assert any(charts[view] in name for name in drawn) if view in charts else not drawn
    assert ("Tick a row" in texts(test)) is (view == "All shots")


def test_history_shows_a_few_numbers_of_the_body_until_more_are_asked_for(taken: list[int]) -> None:
    test = history()
    columns = list(test.dataframe[-1].value.columns)
    assert {"Kicking knee", "Standing foot beside the ball"} < set(columns)
    assert "Last step" not in columns
    test.multiselect(key="history_columns").set_value(["last_step"]).run()
    columns = list(whole(test).dataframe[-1].value.columns)
    assert "Last step" in columns
    assert "Kicking knee" not in columns


def test_history_says_where_each_speed_lies_and_none_where_it_is_not_known(taken: list[int]) -> None:
    rows = history().dataframe[-1].value.set_index("Clip")
    assert rows.loc["clip_1.mp4", ["Ball speed", "90 % range"]].tolist() == [90, "79–140"]
    assert rows.loc["clip_3.mp4", ["Ball speed", "90 % range"]].isna().all()
    people = history().dataframe[0].value.set_index("Player")
    assert people.loc["Ana", "Hardest"] == "about 95 km/h (87–140)"


def test_any_number_can_be_followed_over_the_saturdays(taken: list[int]) -> None:
    test = history("Saturdays")
    box = test.selectbox(key="history_what")
    assert box.options[:3] == ["Goals", "Ball speed", "Kicking knee"]
    assert "Run-up angle" in box.options
    assert "Pelvis tilt" not in box.options  # nobody's was given
    box.set_value("approach").run()
    assert "Run-up angle. The middle of each Saturday" in texts(whole(test)).replace("\\", "")


def test_history_filters(taken: list[int]) -> None:
    test = history()
    assert f"{len(taken)} shots" in texts(test)
    test.multiselect[0].set_value([NASTY]).run()
    assert "2 shots" in texts(whole(test))
    test.multiselect(key="history_foot").set_value(["right"]).run()
    assert "0 shots" in texts(whole(test))


def test_a_refusal_of_the_name_is_told(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise KickyError("The disk is *full*.")

    monkeypatch.setattr(storage, "name_shooter", refuse)
    test = shot_page(taken[2], "Correct")
    test.selectbox(key=f"shot_player_{taken[2]}__").set_value("Ana").run()
    assert test.error[0].value == "The disk is \\*full\\*\\."


def test_the_samples_never_stand_before_the_players_own(taken: list[int], own_home: Path) -> None:
    samples = sessions.new(dt.date(2027, 1, 2), sessions.SAMPLES)
    film = draw(own_home / "sample.mp4", 5, (336, 180))
    clip = clips.add(samples, film.name, film)
    kept = home.media() / storage.clip(clip.id).file
    sample = storage.save(report(open_clip(kept), Verdict.GOAL, How.IN_NET, Foot.LEFT, 50.0), clip.id, "motion")
    assert "14 Nov 2026" in texts(whole(app()))
    assert whole(app("pages/1_Analyze.py")).selectbox[0].value != samples
    assert whole(app("pages/5_Shot.py")).selectbox(key="shot_choice").value != sample
    every = history()
    assert f"{len(taken)} shots" in texts(every)
    every.toggle[0].set_value(True).run()
    assert f"{len(taken) + 1} shots" in texts(whole(every))


def test_a_refusal_in_the_list_of_work_is_told(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, clip = one_clip(own_home)
    work.analyze([clip])
    test = app("pages/1_Analyze.py")

    def refuse(_: int) -> None:
        raise KickyError("There is no job 1.")

    monkeypatch.setattr(work, "cancel", refuse)
    test.run()
    next(button for button in test.button if button.label == "Cancel").click().run()
    assert not test.exception
    assert [error.value for error in test.error] == ["There is no job 1\\."]


def test_after_deleting_it_is_said_that_backups_cannot_be_reached(taken: list[int]) -> None:
    test = whole(app())
    test.session_state["keeping_what"] = "Delete"
    test = whole(test.run())
    test.radio(key="keeping_kind").set_value("A person's name and looks").run()
    test.selectbox(key="keeping_forget").set_value("Ana").run()
    test.checkbox(key="keeping_sure").check().run()
    test = whole(test.button(key="keeping_delete").click().run())
    assert "Backups made before still contain it, and KICKY cannot reach them" in test.success[0].value
    assert "Ana" not in players.names()


def test_a_chart_that_was_zoomed_stays_so_when_its_page_is_drawn_anew(taken: list[int]) -> None:
    """Plotly keeps what was turned, zoomed or switched off as long as `uirevision` stays the same."""
    pages = [app(page) for page in PAGES] + [shot_page(taken[0], tab) for tab in TABS]
    drawn = [json.loads(chart.proto.spec) for page in pages for chart in page.get("plotly_chart") if chart.proto.spec]
    assert len(drawn) >= 5
    assert [figure["layout"].get("title") for figure in drawn if not figure["layout"].get("uirevision")] == []
