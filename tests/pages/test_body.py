"""The body on the Shot page: turned by buttons, moved through the swing, beside another; or why there is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ..figures import seen
from ..test_body_figure import stored
from .test_pages import shot_page, texts, whole

TITLE = "The body in 3-D"


def page(shot_id: int) -> AppTest:
    return whole(shot_page(shot_id, "Body"))


def figure(test: AppTest) -> Any:
    """App -> the body's figure, as it is sent to the browser."""
    drawn = [json.loads(element.proto.spec) for element in test.get("plotly_chart")]
    return next((each for each in drawn if each.get("frames")), None)


def moment(test: AppTest) -> str:
    return str(figure(test)["layout"]["annotations"][0]["text"])


def test_a_body_is_shown_at_contact_with_its_words(own_home: Path) -> None:
    test = page(stored(own_home, seen()))
    assert TITLE in [header.value for header in test.header]
    assert "contact" in moment(test)
    assert "Orange kicks, with the right foot" in texts(test)
    chart = next(
        element for element in test.get("plotly_chart") if element.proto.spec and "frames" in element.proto.spec
    )
    assert "At contact" in str(chart.proto)


def test_buttons_turn_it_and_go_through_the_swing(own_home: Path) -> None:
    test = page(stored(own_home, seen()))
    before = figure(test)["layout"]["scene"]["camera"]["eye"]
    test.segmented_control(key="body_1_view").set_value("Above").run()
    assert figure(whole(test))["layout"]["scene"]["camera"]["eye"]["z"] > before["z"] + 1
    test.segmented_control(key="body_1_moment").set_value(0).run()
    assert "0.20 s before" in moment(whole(test))


def test_a_left_footer_beside_a_right_footer_is_mirrored_and_that_is_said(own_home: Path) -> None:
    this, other = stored(own_home, seen()), stored(own_home, seen(left=True))
    test = page(this)
    test.selectbox(key=f"body_{this}_other").set_value(other).run()
    assert "Mirrored so that both kick with the right foot" in texts(whole(test))
    test.toggle(key=f"body_{this}_mirror").set_value(False).run()
    assert "Mirrored" not in texts(whole(test))
    assert figure(test)["data"][-1]["name"] == "the other"


def test_another_without_a_body_is_told(own_home: Path) -> None:
    this, other = stored(own_home, seen()), stored(own_home, None, why_not="No body was found at contact.")
    test = page(this)
    test.selectbox(key=f"body_{this}_other").set_value(other).run()
    assert "The other shot has no figure: No body was found at contact" in texts(whole(test)).replace("\\", "")


@pytest.mark.parametrize("why_not", ["No body was found at contact.", ""])
def test_without_a_body_the_page_says_why(own_home: Path, why_not: str) -> None:
    test = page(stored(own_home, None, why_not=why_not))
    assert figure(test) is None
    assert "No figure: " in texts(test)


def pair(one: int, other: int) -> None:
    from kicky.service import shots
    from kicky.ui.body import beside

    beside(shots.one(one), other)


def both(one: int, other: int) -> AppTest:
    """Two shots -> what stands under their film."""
    return whole(AppTest.from_function(pair, kwargs={"one": one, "other": other}, default_timeout=60).run())


def test_two_shots_beside_each_other_are_one_figure_too(own_home: Path) -> None:
    test = both(stored(own_home, seen()), stored(own_home, seen(left=True)))
    assert figure(test)["data"][-1]["name"] == "the other"
    assert "Mirrored so that both kick with the right foot" in texts(test)


def test_where_one_of_them_has_no_body_there_is_no_such_figure(own_home: Path) -> None:
    one, none = stored(own_home, seen()), stored(own_home, None, why_not="No body was found at contact.")
    assert figure(both(one, none)) is None
    assert figure(both(none, one)) is None
