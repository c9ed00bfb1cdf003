"""Kappa against worked examples; what counts as true when two say things."""

from __future__ import annotations

import pytest

from kicky.truth.agreement import agreements, disputed, kappa, truth

SETTLED = "settled"


def test_kappa_is_the_textbooks() -> None:
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(pairs) == pytest.approx(0.4)  # 35 of 50 alike, 0.5 expected by chance
    assert kappa([("a", "a"), ("b", "b")]) == 1.0
    assert kappa([("a", "b"), ("b", "a")]) == -1.0


def test_kappa_is_withheld_where_it_says_nothing() -> None:
    assert kappa([]) is None
    assert kappa([("goal", "goal")] * 9) is None


def test_neighbouring_frames_are_one_moment() -> None:
    said = {"Ada": {"contact_frame": "40", "goal_frame": "60"}, "Ben": {"contact_frame": "41", "goal_frame": "61"}}
    assert disputed(said, SETTLED) == {}
    assert truth(said, SETTLED) == {"contact_frame": "40", "goal_frame": "61"}
    said["Ben"]["contact_frame"] = "42"
    assert disputed(said, SETTLED) == {"contact_frame": {"Ada": "40", "Ben": "42"}}
    assert "contact_frame" not in truth(said, SETTLED)


def test_what_was_settled_counts() -> None:
    said = {"Ada": {"outcome": "goal", "foot": "left"}, "Ben": {"outcome": "no_goal"}, SETTLED: {"outcome": "no_goal"}}
    assert truth(said, SETTLED) == {"outcome": "no_goal", "foot": "left"}
    assert disputed(said, SETTLED) == {}


def test_agreement_counts_what_both_answered() -> None:
    clips = [
        {"Ada": {"outcome": "goal", "contact_frame": "10"}, "Ben": {"outcome": "goal", "contact_frame": "11"}},
        {"Ada": {"outcome": "no_goal", "contact_frame": "10"}, "Ben": {"outcome": "no_goal", "contact_frame": "30"}},
        {"Ada": {"outcome": "goal"}, "Ben": {"foot": "left"}},
    ]
    outcome, contact = agreements(clips, "Ada", "Ben")
    assert (outcome.field, outcome.clips, outcome.alike, outcome.kappa) == ("outcome", 2, 1.0, 1.0)
    assert (contact.field, contact.clips, contact.alike, contact.kappa) == ("contact_frame", 2, 0.5, None)
