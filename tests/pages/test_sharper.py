"""Phone, zoom and the ball's place: asked in a fold, kept with the session, remembered, read off the film."""

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kicky import storage
from kicky.errors import BadScene
from kicky.service import clips, phones, scenes, sessions
from kicky.service.goals import values
from kicky.service.phones import StatedView
from kicky.storage import settings

from ..test_video_filmed import APPLE, BARE_ANDROID, noted
from .filled import CORNERS, draw
from .test_goal import ANALYZE, HOME, LARGE, analyze, choose, press, shown

LARGER = [(4 * x, 4 * y) for x, y in CORNERS]
ELEVEN = (7.32, 2.44)


def option(test: AppTest, label: str) -> str:
    return next(box for box in test.selectbox if box.label == label).value


def captions(test: AppTest) -> str:
    return " ".join(each.value for each in test.caption).replace("\\", "")


def count(test: AppTest, label: str, number: float | None) -> AppTest:
    test = next(box for box in test.number_input if box.label == label).set_value(number).run()
    assert not test.exception
    return test


def test_nothing_need_be_said(own_home: Path) -> None:
    test, session = analyze(own_home)
    assert "What makes the speed sharper" in [fold.label for fold in test.expander]
    assert {option(test, label) for label in ("Phone", "Zoom", "Where did the ball lie?")} == {"I don't know"}
    press(test, "Keep this goal")
    kept = values(session)
    assert [kept[key] for key in ("phone", "zoom", "lens_mm", "lens_log_sd", "lens_words", "ball_m")] == [None] * 6


def test_phone_and_zoom_are_kept_with_what_they_mean(own_home: Path) -> None:
    test, session = analyze(own_home)
    test = press(test, "Keep this goal")
    test = choose(test, "Phone", "iPhone 13")
    test = choose(test, "Zoom", "0.5×")
    assert not test.exception
    assert "iPhone 13, 0.5×: 14 mm ± 6 %" in captions(test)
    kept = values(session)
    assert (kept["phone"], kept["zoom"], kept["lens_words"]) == ("iPhone 13", "0.5×", "iPhone 13, 0.5×")
    assert (kept["lens_mm"], kept["lens_log_sd"]) == pytest.approx((14.3, 0.059))
    assert scenes.lens(session) == kept["lens_mm"]
    test = choose(test, "Phone", "iPhone 7")  # which has no such lens
    assert option(test, "Zoom") == "I don't know"
    assert (values(session)["phone"], values(session)["lens_mm"]) == ("iPhone 7", None)


def test_where_the_ball_lay_is_kept(own_home: Path) -> None:
    test, session = analyze(own_home)
    test = press(test, "Keep this goal")
    test = choose(test, "Where did the ball lie?", "spot")
    assert values(session)["ball_m"] == [11.0, 0.3]
    assert values(session)["ball_said"] == {"choice": "spot", "number": None, "words": "the penalty spot"}
    test = choose(test, "Where did the ball lie?", "steps")
    assert values(session)["ball_m"] is None  # nobody counted yet
    test = count(test, "Steps, to the ball", 20)
    assert values(session)["ball_m"] == pytest.approx([16.0, 1.92])
    test = choose(test, "Goal, metres", "Futsal")
    assert values(session)["ball_said"]["choice"] == "steps"
    fresh = AppTest.from_file(str(HOME), default_timeout=60).run().switch_page(ANALYZE).run()
    assert option(fresh, "Where did the ball lie?") == "steps"
    assert next(box.value for box in fresh.number_input if box.label == "Steps, to the ball") == 20


def test_a_mark_that_another_goal_lacks_is_not_taken_over(own_home: Path) -> None:
    test, session = analyze(own_home)
    test = choose(press(test, "Keep this goal"), "Where did the ball lie?", "box")
    assert values(session)["ball_m"] == [16.5, 0.5]
    test = choose(test, "Goal, metres", "Futsal")
    assert not test.exception
    assert option(test, "Where did the ball lie?") == "I don't know"
    assert values(session)["ball_m"] is None


def test_the_phone_is_remembered_for_the_next_session(own_home: Path) -> None:
    test, _ = analyze(own_home)
    test = choose(press(test, "Keep this goal"), "Phone", "Google Pixel 8")
    choose(test, "Zoom", "1×")
    assert phones.yours() == "Google Pixel 8"
    later = sessions.new(dt.date(2026, 11, 28))
    clips.add(later, "two.mp4", draw(own_home / "two.mp4", 2, LARGE))
    test = AppTest.from_file(str(HOME), default_timeout=60).run().switch_page(ANALYZE).run()
    assert option(test, "Phone") == "Google Pixel 8"
    assert option(test, "Zoom") == "I don't know"  # which is another one each time
    press(test, "Keep this goal")
    assert (values(later)["phone"], values(later)["lens_mm"]) == ("Google Pixel 8", None)


def named(own_home: Path, boxes: bytes) -> AppTest:
    """-> the page with one clip whose film carries these tags, where another phone was stated last."""
    before = sessions.new(dt.date(2026, 11, 14))
    clips.add(before, "before.mp4", draw(own_home / "before.mp4", 3, LARGE))
    scenes.keep(before, LARGER, ELEVEN, phone="Huawei P30")
    session = sessions.new(dt.date(2026, 11, 21))
    clips.add(session, "one.mp4", noted(draw(own_home / "one.mp4", 1, LARGE), boxes, b"moov"))
    return AppTest.from_file(str(HOME), default_timeout=60).run().switch_page(ANALYZE).run()


def test_the_film_itself_names_the_phone(own_home: Path) -> None:
    test = named(own_home, APPLE)
    assert option(test, "Phone") == "iPhone 13 Pro"
    test = choose(test, "Phone", "Huawei P30")
    assert "This film was made with iPhone 13 Pro, by its own data." in captions(test)


def test_a_film_that_names_none_leaves_your_phone(own_home: Path) -> None:
    assert option(named(own_home, BARE_ANDROID), "Phone") == "Huawei P30"


def test_a_scene_of_an_older_program_opens_as_it_was_said(own_home: Path) -> None:
    test, session = analyze(own_home)
    press(test, "Keep this goal")
    kept = {
        key: value for key, value in values(session).items() if not key.startswith(("phone", "zoom", "lens_", "ball"))
    }
    storage.set_scene(session, kept | {"lens_mm": 13.0}, LARGE)
    assert phones.stated(session) == StatedView(None, "0.5×", None, asked=False)
    test = AppTest.from_file(str(HOME), default_timeout=60).run().switch_page(ANALYZE).run()
    assert not test.exception
    assert option(test, "Zoom") == "0.5×"
    assert "Goal kept" in shown(test)


def test_what_contradicts_itself_is_refused_and_nothing_kept(own_home: Path) -> None:
    _, session = analyze(own_home)
    for said in ({"phone": "iPhone 7", "zoom": "0.5×"}, {"ball": ("steps", 400.0)}, {"ball": ("metres", None)}):
        with pytest.raises(BadScene):
            scenes.keep(session, LARGER, ELEVEN, **said)
    with pytest.raises(BadScene):
        scenes.keep(session, LARGER, (6.40, 2.13), ball=("spot", None))
    assert scenes.of_session(session) is None


def test_your_phone_is_forgotten_when_the_table_has_it_no_longer(own_home: Path) -> None:
    settings.set_your_phone("Nokia 3310")
    assert phones.yours() is None
    assert settings.kept_here("phone.yours")
