"""The JSON of the command line: every key of the design, and never a NaN."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from kicky.domain import Foot, FootCall, How, Measure, Outcome, Report, Shot, Track, Verdict
from kicky.service.document import in_words, report_json
from kicky.speeds import Unit

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


SPEED = Measure("speed", "km/h", 101.0, 76.0, 127.0)
UNKNOWN = Measure("speed", "km/h", None, why_not="No kick was seen.")
FLOWN = (
    Measure("speed_at_line", "km/h", 80.0, 76.0, 84.0), Measure("time_to_line", "s", 0.61, 0.55, 0.67),
    Measure("rise", "deg", 12.0, 9.0, 15.0), Measure("curl", "m", -0.31, -0.62, -0.04),
)  # fmt: skip


@pytest.mark.parametrize(
    ("measures", "unit", "said"),
    [
        ((SPEED,), Unit.KMH, "Ball speed: about 100 km/h (76–127)"),
        ((SPEED,), Unit.MPH, "Ball speed: about 65 mph (47–79)"),
        ((UNKNOWN, Measure("speed_across", "km/h", 60.0, 46.0, 140.0)), Unit.KMH, "Ball speed: at least 45 km/h"),
        ((UNKNOWN,), Unit.KMH, "Ball speed: –"),
    ],
)
def test_how_hard_is_said_as_surely_as_it_is_known(
    make_report: Callable[..., Report], measures: tuple[Measure, ...], unit: Unit, said: str
) -> None:
    lines = in_words(report_json(make_report(measures=measures)), unit)
    assert said in lines
    assert any("No kick was seen." in line for line in lines) == (UNKNOWN in measures)


def test_the_balls_way_is_there_with_its_units_and_in_words(make_report: Callable[..., Report]) -> None:
    document = report_json(make_report(measures=(SPEED, *FLOWN)))
    assert [document[key]["value"] for key in ("speed_at_line_kmh", "time_to_line_s", "rise_deg", "curl_m")] == [
        80.0, 0.61, 12.0, -0.31,
    ]  # fmt: skip
    assert "rise" not in document["angles_deg"]
    lines = in_words(document)
    assert "Speed at the goal line: 80 km/h (76–84)" in lines
    assert "Time to the goal line: 0.61 s (0.55 to 0.67)" in lines
    assert "Rise off the foot: 12 ° (9 to 15)" in lines


def test_a_ball_that_was_stopped_did_nothing_at_the_line(make_report: Callable[..., Report]) -> None:
    saved = Outcome(Verdict.NO_GOAL, 0.1, How.SAVED, "The keeper stopped it.")
    document = report_json(make_report(measures=(SPEED, *FLOWN), outcome=saved))
    assert not [line for line in in_words(document) if "goal line" in line]
    older = report_json(make_report(measures=(SPEED,)))
    assert (older["curl_m"]["value"], older["curl_m"]["why_not"]) == (None, "This version does not measure it.")


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
