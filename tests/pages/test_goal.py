"""The goal's dialogue: offered, kept or put away, asked about, checked, cleared."""

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kicky.service import clips, scenes, sessions, stating, work

from .filled import CORNERS, draw

HOME, ANALYZE = Path(__file__).parents[2] / "Home.py", "pages/1_Analyze.py"
LARGE = (1280, 720)


def analyze(own_home: Path, size_wh: tuple[int, int] = LARGE) -> tuple[AppTest, int]:
    """-> the page with one clip in one session, and the session."""
    session = sessions.new(dt.date(2026, 11, 21))
    clips.add(session, "one.mp4", draw(own_home / "one.mp4", 1, size_wh))
    return AppTest.from_file(str(HOME), default_timeout=60).run().switch_page(ANALYZE).run(), session


def press(test: AppTest, label: str) -> AppTest:
    test = next(button for button in test.button if button.label == label).click().run()
    assert not test.exception
    return test


def shown(test: AppTest) -> str:
    """-> what the page says, as it is read: without the signs that keep letters from being Markdown."""
    said = " ".join(part.value for part in [*test.info, *test.success, *test.warning, *test.error, *test.markdown])
    return said.replace("\\", "")


def choose(test: AppTest, label: str, option: str) -> AppTest:
    return next(box for box in test.selectbox if box.label == label).set_value(option).run()


def test_the_goal_is_offered_and_kept_by_one_click(own_home: Path) -> None:
    test, session = analyze(own_home)
    assert "We think the goal is here" in shown(test)
    assert scenes.of_session(session) is None
    assert next(button for button in test.button if button.label == "Analyze 1 clip").disabled
    test = press(test, "Keep this goal")
    scene = scenes.of_session(session)
    assert scene is not None
    for corner, (x, y) in zip(scene.corners, CORNERS, strict=True):
        assert corner == pytest.approx((4 * x, 4 * y), abs=3)
    assert "Goal kept" in shown(test)
    assert len(work.jobs(session, active_only=True)) == 1


def test_an_offer_that_is_put_away_does_not_come_back(own_home: Path) -> None:
    test, session = analyze(own_home)
    test = press(test, "Click it myself")
    assert "Click corner 1 of 4" in shown(test)
    assert "Click corner 1 of 4" in shown(test.run())
    assert scenes.of_session(session) is None


def test_what_is_said_of_the_phones_place_is_kept(own_home: Path) -> None:
    test, session = analyze(own_home)
    test = press(test, "Keep this goal")
    assert (scene := scenes.of_session(session))
    assert (scene.camera_height_m, scenes.lens(session)) == (None, None)
    test = choose(test, "Where does the phone stand?", "In the grass (15 cm)")
    assert (scene := scenes.of_session(session))
    assert (scene.camera_height_m, scenes.lens(session)) == (0.15, None)
    test = choose(test, "Where does the phone stand?", "On a tripod or wall: type the height")
    next(box for box in test.number_input if box.label == "Lens over the ground, cm").set_value(120).run()
    assert (scene := scenes.of_session(session))
    assert scene.camera_height_m == pytest.approx(1.2)


def test_the_check_says_where_the_phone_stands_or_that_no_such_goal_fits(own_home: Path) -> None:
    test, _ = analyze(own_home)  # the drawn goal is two and a half times as wide as high
    assert "fit no goal of 7.32 × 2.44 m" in shown(test)
    test = choose(test, "Goal, metres", "5 × 2 m")
    assert "fit no goal" not in shown(test)
    assert "The phone stands" in shown(test)
    assert "from the goal" in shown(test)


def test_a_cleared_goal_is_gone(own_home: Path) -> None:
    test, session = analyze(own_home)
    test = press(press(test, "Keep this goal"), "Clear the goal")
    assert scenes.of_session(session) is None
    assert "Click corner 1 of 4" in shown(test)


def test_corners_settle_on_the_posts(own_home: Path) -> None:
    test, session = analyze(own_home)
    boxes = [box for box in test.number_input if "pixels from" in box.label]
    for box, value in zip(boxes, [4 * number + 2 for corner in CORNERS for number in corner], strict=True):
        box.set_value(float(value))
    test = press(press(test, "Use these corners"), "Snap to the posts")
    assert (scene := scenes.of_session(session))
    assert scene.corners[0] == pytest.approx((4 * CORNERS[0][0], 4 * CORNERS[0][1]), abs=1.5)


def typed(test: AppTest, corners: list[tuple[float, float]]) -> AppTest:
    """-> the page once these corners were typed, in this order."""
    boxes = [box for box in test.number_input if "pixels from" in box.label]
    for box, value in zip(boxes, [number for corner in corners for number in corner], strict=True):
        box.set_value(float(value))
    return press(test, "Use these corners")


def test_corners_in_any_order_are_taken_as_they_lie(own_home: Path) -> None:
    test, session = analyze(own_home)
    corners = [(4 * x, 4 * y) for x, y in CORNERS]
    test = typed(test, [corners[2], corners[0], corners[3], corners[1]])
    assert (scene := scenes.of_session(session))
    assert [tuple(corner) for corner in scene.corners] == corners
    shown_now = [box.value for box in test.number_input if "pixels from" in box.label]
    assert shown_now == [number for corner in corners for number in corner]


def test_corners_that_make_no_goal_are_refused_in_one_sentence(own_home: Path) -> None:
    test, session = analyze(own_home)
    test = typed(test, [(100, 100), (300, 100), (500, 100), (100, 300)])
    assert "Three of the corners lie in one line" in shown(test)
    assert scenes.of_session(session) is None


def test_without_a_goal_that_stands_out_the_player_clicks(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "propose", lambda clip_id: None)
    test, _ = analyze(own_home)
    assert "Click corner 1 of 4" in shown(test)


def mark(test: AppTest, kind: str, points: list[tuple[float, float]]) -> AppTest:
    """-> the page once the points of one of the pitch's marks were typed."""
    test = next(box for box in test.radio if box.label == "What you see").set_value(kind).run()
    toggle = next(box for box in test.toggle if box.label == "Type the points instead")
    test = toggle.set_value(True).run()
    for number, (x, y) in enumerate(points, 1):
        for way, value in (("left", x), ("top", y)):
            title = f"Point {number}, pixels from the {way}"
            next(box for box in test.number_input if box.label == title).set_value(value)
    return press(test, "Use these points")


def test_lines_of_the_pitch_are_clicked_kept_and_removed(own_home: Path) -> None:
    test, session = analyze(own_home)
    test = press(test, "Keep this goal")
    test.session_state[f"marks_open_{session}"] = True
    test = test.run()
    test = mark(test, "goal_area", [(200.0, 500.0), (1100.0, 510.0)])
    assert scenes.marks(session, LARGE) == {"goal_area": [(200.0, 500.0), (1100.0, 510.0)]}
    assert "Kept for the whole session" in shown(test)
    test = mark(test, "spot", [(640.0, 600.0)])
    assert set(scenes.marks(session, LARGE)) == {"goal_area", "spot"}
    test = choose(test, "Where does the phone stand?", "In the grass (15 cm)")
    assert set(scenes.marks(session, LARGE)) == {"goal_area", "spot"}  # what else is said of the goal leaves them
    press(test, "Remove the spot")
    assert set(scenes.marks(session, LARGE)) == {"goal_area"}


def test_lines_of_a_goal_that_has_none_are_not_asked_for(own_home: Path) -> None:
    test, session = analyze(own_home)
    test = choose(press(test, "Keep this goal"), "Goal, metres", "5 × 2 m")
    assert "Click the pitch's lines" not in [fold.label for fold in test.expander]
    assert scenes.marks(session, LARGE) == {}


def test_lines_go_with_the_size_of_the_picture_and_with_their_goal(own_home: Path) -> None:
    test, session = analyze(own_home)
    press(test, "Keep this goal")
    stating.mark(session, "spot", [(320.0, 300.0)], (LARGE[0] // 2, LARGE[1] // 2))
    assert scenes.marks(session, LARGE) == {"spot": [(640.0, 600.0)]}
    corners = [(x + 200, y) for x, y in scenes.of_session(session).corners]  # another goal
    scenes.keep(session, corners, (7.32, 2.44), size_wh=LARGE)
    assert scenes.marks(session, LARGE) == {}
