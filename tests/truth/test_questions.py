"""Answers that make sense are kept, others are refused in words."""

from __future__ import annotations

import pytest

from kicky.errors import BadLabel
from kicky.truth.questions import checked, contradiction


def test_answers_are_kept_as_they_are_meant() -> None:
    assert checked("outcome", " GOAL ", 90) == "goal"
    assert checked("shooter", "  Ada   Lovelace ", 90) == "Ada Lovelace"
    assert checked("contact_frame", "007", 90) == "7"
    assert checked("foot", "", 90) == ""


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("outcome", "maybe", "no answer to outcome: use one of goal, no_goal, unsure"),
        ("contact_frame", "90", "not in the clip, which has the frames 0 to 89"),
        ("contact_frame", "-1", "not in the clip"),
        ("weather", "rain", "Nobody asks for 'weather'"),
        ("note", "x" * 500, "400 are kept at most"),
    ],
)
def test_answers_that_are_none_are_refused(field: str, value: str, why: str) -> None:
    with pytest.raises(BadLabel, match=why):
        checked(field, value, 90)


def test_answers_that_cannot_all_be_true_are_told() -> None:
    assert "one is wrong" in contradiction({"outcome": "goal", "how": "over"})
    assert "one is wrong" in contradiction({"outcome": "no_goal", "how": "in_net"})
    assert "before or at the contact" in contradiction({"contact_frame": "40", "goal_frame": "39"})
    assert contradiction({"outcome": "goal", "how": "in_net", "contact_frame": "40", "goal_frame": "60"}) == ""
    assert contradiction({"outcome": "unsure", "how": "over"}) == ""
