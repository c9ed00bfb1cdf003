"""The benchmark's own sums, on candidates and truths that are written down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import accuracy
from benchmarks.accuracy import Case
from kicky.domain import Candidates

TRUTH = {
    "ball_px": [[10.0 * frame, 50.0] for frame in range(12)],
    "ball_diameter_px": [20.0] * 12,
    "size_wh_px": [95, 100],
    "contact_frame": 1,
    "outcome_frame": None,
    "crossing_m": [1.0, 1.5],
}
LABEL = {"clip": "one", "outcome": "goal", "how": "in_net", "foot": "left", "contact_frame": "1", "speed_kmh": "80"}
ANSWER = {
    "outcome": "goal", "p_goal": 0.8, "foot": "left", "kick_frame": 3, "speed_kmh": {"value": 100.0},
    "crossing_m": {"x": 1.3, "z": 1.9},
}  # fmt: skip


def places(*rows: tuple[int, float, float]) -> Candidates:
    """(frame, x, score) -> candidates on the ball's line."""
    frame, x, score = (np.array(column) for column in zip(*rows, strict=True))
    return Candidates(frame, np.column_stack([x, np.full(len(x), 50.0)]), np.full(len(x), 20.0), score)


def test_only_the_flight_within_the_picture_counts() -> None:
    """Frames 2 to 9 are in the picture after the contact; half a ball is near."""
    hits = places(*[(frame, 10.0 * frame + 9, 0.5) for frame in (0, 1, 2, 3, 4, 11)])
    assert accuracy._in_flight(hits, TRUTH) == pytest.approx(3 / 8)
    assert accuracy._in_flight(hits, {**TRUTH, "outcome_frame": 5}) == 1.0
    assert accuracy._in_flight(places(*[(f, 10.0 * f + 11, 0.5) for f in range(12)]), TRUTH) == 0.0


def test_the_top_is_taken_frame_by_frame() -> None:
    many = places(*[(frame, float(k), k / 100) for frame in (3, 4) for k in range(30)], (9, 7.0, 0.0))
    top = accuracy._top(many)
    assert [(top.frame == frame).sum() for frame in (3, 4, 9)] == [accuracy.TOP, accuracy.TOP, 1]
    assert top.score[top.frame == 3].min() == pytest.approx(0.10)


def test_a_row_says_what_was_right_and_what_was_shown() -> None:
    right = Case(
        LABEL, ANSWER, flat="no_goal", truth=TRUTH, found=True, recalled=(True, False), recalled_top=(True, False)
    )
    silent = replace(right, answer={**ANSWER, "outcome": "unsure", "speed_kmh": {"value": None}}, recalled=())
    said = dict(zip(accuracy.HEAD, accuracy.row("both", [right, silent]), strict=True))
    assert said["goal"].startswith("50 %")
    assert said["goal by P > ½"].startswith("100 %")
    assert said["unsure"].startswith("50 %")
    assert said["rules2d goal"].startswith("0 %")
    assert said["ball found"].startswith("100 %")
    assert said["ball recall"].startswith("50 %")
    assert said["crossing error med / p90"] == "0.5 / 0.5 m, shown 100 % of 2"
    assert said["speed error med / p90"] == "25 / 25 %, shown 50 % of 2"


def test_nothing_known_is_a_dash() -> None:
    refused = Case({**LABEL, "speed_kmh": "", "contact_frame": ""}, None, "too short")
    said = dict(zip(accuracy.HEAD, accuracy.row("none", [refused]), strict=True))
    assert said["goal"].startswith("0 %")
    for name in ("contact ±1", "ball found", "ball recall", "crossing error med / p90", "speed error med / p90"):
        assert said[name] == "–"


def test_a_film_without_a_shot_counts_for_invented_kicks_alone() -> None:
    label = {**LABEL, "outcome": "no_shot", "foot": "", "contact_frame": "", "speed_kmh": "", "note": "waits"}
    truth = {**TRUTH, "contact_frame": None, "crossing_m": None}
    invented = Case(label, {**ANSWER, "outcome": "unsure"}, truth=truth)
    silent = replace(invented, answer={**ANSWER, "outcome": "unsure", "kick_frame": None})
    said = dict(zip(accuracy.HEAD, accuracy.row("none", [invented, silent]), strict=True))
    assert said["kick invented"].startswith("50 %")
    assert said["goal"] == said["foot"] == said["contact ±1"] == said["ball found"] == "–"
    assert accuracy.wrong([invented, silent]) == ["- one: a kick at 3 in a film without one (waits)"]
    assert accuracy._in_flight(places((2, 20.0, 0.5)), truth) == 0.0


def test_a_film_that_ends_early_is_asked_for_its_contact_only() -> None:
    label = {**LABEL, "outcome": "", "foot": "left", "speed_kmh": "80", "how": ""}
    cut = Case(label, {**ANSWER, "kick_frame": 1}, truth={**TRUTH, "crossing_m": None})
    said = dict(zip(accuracy.HEAD, accuracy.row("cut", [cut]), strict=True))
    assert (said["goal"], said["kick invented"]) == ("–", "–")
    assert said["contact ±1"].startswith("100 %")
    assert accuracy.wrong([cut]) == []
