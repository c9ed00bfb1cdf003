"""The figures say what the rows say."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from kicky import charts

FIRST, SECOND = dt.date(2026, 11, 7), dt.date(2026, 11, 14)


def shot(number: int, day: dt.date, player: str | None, goal: bool | None, foot: str, speed: float | None) -> dict:
    """-> one row as service.history() gives it."""
    return {
        "shot_id": number,
        "session_id": 1 if day == FIRST else 2,
        "date": day,
        "place": "Parc",
        "clip": f"clip_{number}.mp4",
        "player": player,
        "outcome": {True: "goal", False: "no_goal", None: "unsure"}[goal],
        "goal": goal,
        "how": "in_net" if goal else "over",
        "foot": foot,
        "p_left": 0.5,
        "speed": speed,
        "speed_low": None if speed is None else speed - 5,
        "speed_high": None if speed is None else speed + 9,
    }


@pytest.fixture
def history() -> pd.DataFrame:
    rows = [
        shot(1, FIRST, "Ana", True, "right", 80.0),
        shot(2, FIRST, "Ana", False, "left", None),
        shot(3, FIRST, "Bo", None, "unsure", 70.0),
        shot(4, SECOND, "Ana", True, "right", 91.0),
        shot(5, SECOND, None, True, "left", 60.0),
    ]
    frame = pd.DataFrame(rows)
    return frame.astype({"goal": "boolean", "speed": float, "speed_low": float, "speed_high": float})


def test_wilson_is_the_published_interval() -> None:
    # Newcombe 1998, table I: 81 of 263 and 15 of 148.
    assert charts.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert charts.wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert charts.wilson(0, 20)[0] == 0.0


def test_conversion_in_words_drops_the_warning_when_there_are_many() -> None:
    assert "so few" in charts.conversion_words(5, 29)
    assert "so few" not in charts.conversion_words(5, 30)


def test_by_player_counts_unsure_shots_but_not_against_anyone(history: pd.DataFrame) -> None:
    table = charts.by_player(history).set_index("player")
    assert list(table.index) == ["Ana", charts.NOBODY, "Bo"]
    assert table.loc["Ana", ["shots", "goals", "hardest"]].tolist() == [3, 2, 91.0]
    assert table.loc["Ana", "conversion"] == pytest.approx(200 / 3)
    assert table.loc["Bo", "shots"] == 1
    assert pd.isna(table.loc["Bo", "conversion"])


def test_goals_by_saturday(history: pd.DataFrame) -> None:
    bar = charts.goals_by_saturday(history).data[0]
    assert list(bar.x) == ["7 Nov 26", "14 Nov 26"]
    assert list(bar.y) == [50.0, 100.0]
    low, high = charts.wilson(1, 2)
    assert bar.error_y.arrayminus[0] == pytest.approx(50 - 100 * low)
    assert bar.error_y.array[0] == pytest.approx(100 * high - 50)
    assert list(bar.customdata) == ["1 of 2 went in", "2 of 2 went in"]


def test_speed_shows_each_shot_with_its_interval_and_leaves_out_the_withheld(history: pd.DataFrame) -> None:
    figure = charts.measure_by_saturday(history, "speed", "Speed", "km/h")
    ana = next(trace for trace in figure.data if trace.name == "Ana")
    assert list(ana.y) == [80.0, 91.0]
    assert list(ana.error_y.array) == [9.0, 9.0]
    assert list(ana.error_y.arrayminus) == [5.0, 5.0]
    assert [round(x) for x in ana.x] == [0, 1]
    assert list(figure.layout.xaxis.ticktext) == ["7 Nov 26", "14 Nov 26"]


def test_shots_of_one_saturday_do_not_hide_each_other(history: pd.DataFrame) -> None:
    figure = charts.measure_by_saturday(history, "speed", "Speed", "km/h")
    places = [x for trace in figure.data for x in trace.x]
    assert len(set(places)) == 4


def test_foot_split(history: pd.DataFrame) -> None:
    figure = charts.foot_split(history)
    counts = {trace.name: dict(zip(trace.y, trace.x, strict=True)) for trace in figure.data}
    assert counts["Right"] == {"Ana": 2, "Bo": 0, charts.NOBODY: 0}
    assert counts["Left"] == {"Ana": 1, "Bo": 0, charts.NOBODY: 1}
    assert counts["Not sure"]["Bo"] == 1


def test_a_name_with_markup_stays_a_name(history: pd.DataFrame) -> None:
    history["player"] = "<b>Zo</b>"
    assert charts.foot_split(history).data[0].y[0] == "&lt;b&gt;Zo&lt;/b&gt;"
    assert charts.measure_by_saturday(history, "speed", "Speed", "km/h").data[0].name == "&lt;b&gt;Zo&lt;/b&gt;"


def test_no_shot_and_no_such_measure_make_an_empty_figure(history: pd.DataFrame) -> None:
    nothing = history.iloc[:0]
    assert charts.by_player(nothing).empty
    assert len(charts.goals_by_saturday(nothing).data[0].x) == 0
    assert not charts.measure_by_saturday(nothing, "speed", "Speed", "km/h").data
    assert not charts.measure_by_saturday(history, "spin_rpm", "Spin", "rpm").data
    assert charts.foot_split(nothing) is not None


def test_the_figures_leave_the_colours_to_the_page(history: pd.DataFrame) -> None:
    for figure in (charts.goals_by_saturday(history), charts.foot_split(history)):
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
        assert all(trace.marker.color is None for trace in figure.data)


def test_charts_know_no_page() -> None:
    assert "import streamlit" not in Path(charts.__file__).read_text(encoding="utf-8")
