"""The JSON of the command line: every key of the design, and never a NaN."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from kicky.domain import Foot, FootCall, How, Measure, Outcome, Report, Shot, Track, Verdict
from kicky.service.document import in_words, report_json

KEYS = {
    *("outcome", "p_goal", "how", "kick_frame", "kick_time_s", "players", "shooter", "foot", "p_left"),
    *("speed_kmh", "crossing_m", "angles_deg", "ball_px", "made_with", "seconds"),
}


def test_every_key_of_the_design_is_there(make_report: Callable[..., Report]) -> None:
    document = report_json(make_report())
    assert set(document) >= KEYS
    assert (document["outcome"], document["how"], document["foot"], document["p_left"]) == (
        "goal",
        "in_net",
        "left",
        0.8,
    )
    assert (document["kick_frame"], document["kick_time_s"], document["shooter"]) == (3, pytest.approx(0.1), "P1")
    assert document["players"] == [{"label": "P1", "name": None, "role": "shooter"}]
    assert document["speed_kmh"] == {"value": 88.0, "low": 80.0, "high": 140.0, "method": "by hand", "why_not": ""}
    assert document["angles_deg"]["trunk_lean"]["value"] is None
    assert document["angles_deg"]["trunk_lean"]["why_not"] == "No body was found at contact."
    assert document["distances_m"] == {}
    assert document["crossing_m"]["x"] is None
    assert document["crossing_m"]["why_not"]
    assert document["ball_px"][3:5] == [[3, 20.0, 45.0, True], [4, 30.0, 45.0, True]]
    assert [row[0] for row in document["ball_px"]] == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]


def test_the_bodys_distances_are_there_in_metres_and_in_a_players_words(make_report: Callable[..., Report]) -> None:
    step, knee = Measure("last_step", "m", 1.24, 0.86, 1.62), Measure("support_knee", "deg", 136, 130, 142)
    hidden = (
        Measure("approach", "deg", None, why_not="It hides."),
        Measure("plant_aside", "m", None, why_not="It hides."),
    )
    document = report_json(make_report(measures=(step, knee, *hidden, Measure("crossing_x", "m", 1.0, 0.7, 1.3))))
    assert document["distances_m"]["last_step"]["value"] == 1.24
    assert document["distances_m"]["plant_aside"]["why_not"] == "It hides."
    assert "crossing_x" not in document["distances_m"]
    lines = in_words(document)
    assert "Last step: ≈ 124 cm (86 to 162)" in lines
    assert "Standing knee: 136 ° (130 to 142)" in lines
    assert "Not given: Run-up angle, Standing foot beside the ball. It hides." in lines


def test_a_place_in_the_goal_comes_with_its_doubt(make_report: Callable[..., Report]) -> None:
    measures = (Measure("crossing_x", "m", 1.0, 0.671, 1.329), Measure("crossing_z", "m", 2.0, 1.8355, 2.1645))
    crossing = report_json(make_report(measures=measures))["crossing_m"]
    assert crossing == {
        "x": 1.0, "z": 2.0, "sigma_x": pytest.approx(0.2), "sigma_z": pytest.approx(0.1), "why_not": "",
    }  # fmt: skip


def test_nothing_seen_is_null_and_json(make_report: Callable[..., Report]) -> None:
    full = make_report()
    count, nan = len(full.shot.clip.time_s), float("nan")
    never = np.full((count, 2), nan)
    blind = Shot(
        full.shot.clip, Track("ball", never, never, np.full(count, nan), np.zeros(count, bool)), kick_why_not="No."
    )
    document = report_json(
        make_report(
            shot=blind,
            outcome=Outcome(Verdict.UNSURE, nan, How.UNCLEAR, "No ball was seen."),
            foot=FootCall(Foot.UNSURE, nan, "No."),
            measures=(),
            made_with={"x": np.array([nan, 1.0]), "y": np.int64(2)},
        )
    )
    again = json.loads(json.dumps(document, allow_nan=False))
    assert again == document
    assert (again["p_goal"], again["p_left"], again["kick_frame"], again["ball_px"]) == (None, None, None, [])
    assert (again["players"], again["speed_kmh"]["value"], again["made_with"]) == ([], None, {"x": [None, 1.0], "y": 2})
    assert again["speed_kmh"]["why_not"]
