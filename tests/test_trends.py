"""A trend is called one only where it is larger than the numbers are uncertain; feet, targets and corrections count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kicky import charts, jobs, storage
from kicky.errors import BadLabel, NotFound
from kicky.service import saturdays, sessions, shots
from kicky.service.saturdays import summary, trends
from kicky.service.shots import correct
from kicky.shares import wilson
from kicky.shown import CENTIMETRES, DEGREES
from kicky.speeds import Speed
from kicky.storage import labels

from .pages.filled import fill


def taken(
    means: list[float], each: int = 10, spread: float = 6.0, half: float = 8.0, seed: int = 0,
    name: str = "kicking_knee",
) -> pd.DataFrame:  # fmt: skip
    """A number's mean on each Saturday -> its shots, half of them goals, right and left in turn."""
    rng = np.random.default_rng(seed)
    rows = []
    for day, mean in enumerate(means):
        for number in range(each):
            value = float(rng.normal(mean, spread))
            when = pd.Timestamp("2026-03-07") + pd.Timedelta(weeks=day)
            row = {
                "shot_id": 100 * day + number, "session_id": day, "date": when, "player": "Ana", "proposed": False,
                "goal": number % 2 == 0, "outcome": "goal" if number % 2 == 0 else "no_goal",
                "how": ("in_net", "saved", "in_net", "over")[number % 4],
                "foot": ("right", "right", "left")[number % 3], "crossing_x": 0.5 * number - 2, "crossing_z": 1.0,
            }  # fmt: skip
            plant = 0.3 + 0.01 * number
            told = (("speed", 80.0 + number, 5.0), ("plant_aside", plant, 0.05), (name, value, half))
            for each_name, middle, wide in told:
                row |= {each_name: middle, f"{each_name}_low": middle - wide, f"{each_name}_high": middle + wide}
            rows.append(row)
    return pd.DataFrame(rows).astype({"goal": "boolean"})


def knee(found: list, name: str = "kicking_knee") -> object:
    return next(trend for trend in found if trend.name == name)


def test_a_large_change_is_called_one() -> None:
    trend = knee(trends(taken([130, 130, 160, 160])))
    assert trend.sure
    assert trend.change == pytest.approx(30, abs=5)
    assert trend.low < trend.change < trend.high
    assert trend.shots == (20, 20)


@pytest.mark.parametrize("seed", range(20))
def test_a_change_under_ten_degrees_of_a_knee_is_none_however_many_shots(seed: int) -> None:
    assert not knee(trends(taken([140, 140, 147, 147], each=200, half=1.0, seed=seed))).sure


@pytest.mark.parametrize("name", DEGREES)
def test_every_angle_of_the_body_needs_ten_degrees(name: str) -> None:
    assert not knee(trends(taken([20, 20, 27, 27], each=200, half=1.0, name=name)), name).sure
    assert knee(trends(taken([20, 20, 50, 50], name=name)), name).sure


@pytest.mark.parametrize("name", CENTIMETRES)
def test_every_distance_of_the_body_has_its_trend(name: str) -> None:
    known = {"spread": 0.05, "half": 0.05, "name": name}
    assert knee(trends(taken([0.3, 0.3, 0.8, 0.8], **known)), name).sure
    assert not knee(trends(taken([0.3, 0.3, 0.32, 0.32], **known)), name).sure


def test_a_change_within_what_a_camera_may_be_off_is_none() -> None:
    """Twelve degrees, shot by shot the same: a session's camera errs alike in all of them."""
    assert not knee(trends(taken([140, 152], each=200, spread=1.0, half=20.0))).sure


def test_no_change_is_called_one_in_at_most_one_of_twenty() -> None:
    rng = np.random.default_rng(5)
    called = 0
    for seed in range(200):
        made = taken([140] * 6, seed=seed)
        made["goal"] = pd.array(rng.random(len(made)) < 0.5, dtype="boolean")
        called += sum(trend.sure for trend in trends(made))
    assert called <= 0.05 * 200 * 2


def test_one_saturday_or_too_few_shots_show_no_trend() -> None:
    assert trends(taken([140])) == []
    assert trends(taken([140, 150], each=2)) == []


def test_a_players_row() -> None:
    row = summary(taken([140, 140], each=12)).iloc[0]
    assert (row["player"], row["shots"], row["goals"], row["right"], row["left"]) == ("Ana", 24, 12, 16, 8)
    assert row["conversion"] == 50
    assert row["on_target"] == 75
    assert (row["low"], row["high"]) == pytest.approx(tuple(100 * edge for edge in wilson(12, 24, 0.90)))
    assert (row["speed"], row["hardest"]) == (Speed(85.5, 80.5, 90.5), Speed(91.0, 86.0, 96.0))
    assert row["as_hard"] > 0
    assert row["weak_foot"] == pytest.approx(0.0)
    assert row["plant_spread"] == pytest.approx(3.5, abs=0.1)
    assert summary(taken([140])[:0]).empty


def test_the_map_holds_each_shot_with_its_number() -> None:
    figure = charts.shot_map(taken([140], each=8))
    numbers = sorted(point[0] for trace in figure.data for point in trace.customdata)
    assert numbers == list(range(8))
    assert {trace.name for trace in figure.data if len(trace.x)} == {"goal", "no goal"}
    hardest = max(range(8), key=lambda k: 80 + k)
    assert max(trace.marker.size.max() for trace in figure.data if len(trace.x)) > 7
    assert hardest == 7


def test_a_small_figure_a_player_and_quarters_for_many_saturdays() -> None:
    two = pd.concat([taken([140, 150]), taken([140, 150]).assign(player="Bo")])
    figure = charts.small_multiples(two, "kicking_knee", "Knee")
    assert len(figure.data) == 2
    assert [len(trace.x) for trace in figure.data] == [2, 2]
    many = charts.small_multiples(taken([140.0] * 140, each=3), "goal", "Goals")
    assert len(many.data[0].x) < 15
    assert not charts.small_multiples(two[:0], "goal", "Goals").data


# --- what a person puts right ------------------------------------------------------------------


@pytest.fixture
def numbers(own_home: Path) -> list[int]:
    """-> the shots of the filled house."""
    (own_home / "films").mkdir()
    return fill(own_home / "films")


def test_an_outcome_put_right_counts_everywhere_and_can_be_taken_back(numbers: list[int]) -> None:
    before = shots.one(numbers[2])
    goals = sum(session.goals for session in sessions.listed())
    assert correct(numbers[2], "outcome", "goal") is not None
    shot = shots.one(numbers[2])
    assert (shot.outcome, shot.how, shot.p_goal, shot.by_hand) == ("goal", "in_net", None, ("outcome",))
    assert shot.thought == {"outcome": before.outcome}
    row = saturdays.per_shot().set_index("shot_id").loc[numbers[2]]
    assert (row["goal"], row["how"], row["by_hand"]) == (True, "in_net", True)
    assert sum(session.goals for session in sessions.listed()) == goals + 1
    assert correct(numbers[2], "outcome", "goal") is None  # nothing new
    correct(numbers[2], "outcome", "")
    assert shots.one(numbers[2]) == before
    assert sum(session.goals for session in sessions.listed()) == goals


def test_a_foot_put_right_outlives_another_analysis(numbers: list[int]) -> None:
    correct(numbers[0], "foot", "left")
    shot = shots.one(numbers[0])
    assert (shot.foot, shot.p_left) == ("left", None)
    storage.save(storage.report(numbers[0]), shot.clip_id, "motion")
    assert shots.one(numbers[0]).foot == "left"
    assert str(storage.report(numbers[0]).foot.foot) == "right"  # what the program thought stays what it thought


def test_the_film_is_drawn_anew_with_the_word_of_the_person(
    numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(
        "kicky.jobs.tasks.render.film",
        lambda report, path, _tell, **_: (drawn.append(str(report.outcome.verdict)), path.write_bytes(b"film")),
    )
    correct(numbers[0], "outcome", "no_goal")
    jobs.work(0.01)
    assert drawn == ["no_goal"]
    assert str(storage.report(numbers[0]).outcome.verdict) == "goal"


def test_what_is_no_answer_is_refused(numbers: list[int]) -> None:
    with pytest.raises(BadLabel, match="'maybe' is no outcome"):
        correct(numbers[0], "outcome", "maybe")
    with pytest.raises(BadLabel):
        correct(numbers[0], "speed", "90")
    with pytest.raises(NotFound):
        correct(999, "outcome", "goal")
    assert labels.get(1, labels.OUTCOME) == ""
