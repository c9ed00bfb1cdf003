"""The figures say what the rows say."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from kicky import charts
from kicky.charts.look import OUTCOMES, PATH
from kicky.shares import wilson
from kicky.speeds import Speed, Unit
from kicky.storage.flights import CameraView, CrossingView, FlightView, PlaceView

FIRST, SECOND = dt.date(2026, 11, 7), dt.date(2026, 11, 14)


def shot(number: int, day: dt.date, player: str | None, goal: bool | None, foot: str, speed: float | None) -> dict:
    """-> one row as service.saturdays.per_shot() gives it."""
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


def test_conversion_in_words_drops_the_warning_when_there_are_many() -> None:
    assert "so few" in charts.conversion_words(5, 29)
    assert charts.conversion_words(5, 29).endswith("nine times in ten.")
    assert "so few" not in charts.conversion_words(5, 30)


def test_by_player_counts_unsure_shots_but_not_against_anyone(history: pd.DataFrame) -> None:
    table = charts.by_player(history).set_index("player")
    assert list(table.index) == ["Ana", charts.NOBODY, "Bo"]
    assert table.loc["Ana", ["shots", "goals", "hardest"]].tolist() == [3, 2, "91 km/h (86–100)"]
    assert table.loc["Ana", "conversion"] == pytest.approx(200 / 3)
    assert table.loc["Bo", "shots"] == 1
    assert pd.isna(table.loc["Bo", "conversion"])


def test_goals_by_saturday(history: pd.DataFrame) -> None:
    bar = charts.goals_by_saturday(history).data[0]
    assert list(bar.x) == ["7 Nov 26", "14 Nov 26"]
    assert list(bar.y) == [50.0, 100.0]
    low, high = wilson(1, 2, charts.LEVEL)
    assert bar.error_y.arrayminus[0] == pytest.approx(50 - 100 * low)
    assert bar.error_y.array[0] == pytest.approx(100 * high - 50)
    assert list(bar.customdata) == ["1 of 2 went in", "2 of 2 went in"]


def test_a_players_hardest_is_told_in_the_chosen_unit_and_missing_without_a_speed(history: pd.DataFrame) -> None:
    slow = history.assign(speed=np.nan, speed_low=np.nan, speed_high=np.nan)
    assert charts.by_player(history, Unit.MPH).set_index("player").loc["Ana", "hardest"] == "57 mph (53–62)"
    assert charts.by_player(slow)["hardest"].isna().all()


def test_the_bar_of_a_speed_reaches_over_its_interval_on_one_scale() -> None:
    figure = charts.speed_bar(Speed(101, 76, 155))
    assert figure.layout.xaxis.range == (0, 140)
    assert list(figure.data[1].x) == [76, 140]  # what lies beyond the scale stands at its end
    assert list(figure.data[2].x) == [101]
    assert "about 100 km/h (76–155)" in figure.data[1].hovertemplate
    miles = charts.speed_bar(Speed(101, 96, 106), Unit.MPH)
    assert miles.layout.xaxis.range == (0, 90)
    assert list(miles.data[1].x) == pytest.approx([59.65, 65.87], abs=0.01)


def test_a_dot_of_the_map_is_as_large_as_the_shot_was_hard_at_least(history: pd.DataFrame) -> None:
    there = history.assign(crossing_x=0.5, crossing_z=1.0)
    wide = there.assign(speed_low=there["speed"] - 40)
    dots = [[trace for trace in charts.shot_map(rows).data if trace.customdata] for rows in (there, wide)]
    sizes = [max(max(trace.marker.size) for trace in traces) for traces in dots]
    assert sizes[0] > sizes[1]
    hover = [text for trace in dots[0] for _, _, text, _ in trace.customdata]
    assert {"91 km/h (86–100)", "speed not known"} <= set(hover)


def test_the_map_holds_what_went_high_and_wide_and_tells_its_outcome_by_more_than_colour(
    history: pd.DataFrame,
) -> None:
    far = history.assign(crossing_x=-20.0, crossing_z=5.5)
    figure = charts.shot_map(far)
    (left, right), (_, top) = figure.layout.xaxis.range, figure.layout.yaxis.range
    dots = [trace for trace in figure.data if trace.customdata]
    assert top > 5.5
    assert all(left < x < right for trace in dots for x in trace.x)
    assert {point[3] for trace in dots for point in trace.customdata} == {5.5}
    assert len({trace.marker.symbol for trace in dots}) == len(dots)


def test_a_single_saturday_stands_on_an_axis_of_days(history: pd.DataFrame) -> None:
    one = history[history["date"] == history["date"].iloc[0]]
    axis = charts.small_multiples(one, "goal", "Goals").layout.xaxis
    assert len(axis.ticktext) == 1
    assert pd.Timestamp(axis.range[1]) - pd.Timestamp(axis.range[0]) >= pd.Timedelta(days=2)


def test_the_saturdays_of_a_speed_are_as_uncertain_as_its_shots(history: pd.DataFrame) -> None:
    figure = charts.small_multiples(history, "speed", "Speed")
    ana = next(trace for trace in figure.data if 91.0 in list(trace.y))
    at = list(ana.y).index(91.0)
    assert (ana.error_y.array[at], ana.error_y.arrayminus[at]) == (9.0, 5.0)
    assert ana.text[at] == "middle 91 km/h (86–100)"


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
    for path in Path(charts.__file__).parent.glob("*.py"):
        assert "import streamlit" not in path.read_text(encoding="utf-8")


# --- one shot in metres -----------------------------------------------------------------------

CAMERA = CameraView((2.0, 24.0, 1.4), (0.1, 0.2, 0.1), ((-0.5, -0.87), (0.4, -0.9)), 50.0, 0.05, "you said", "you said")
SPOTS = (PlaceView("P1", "shooter", 0.5, 13.4, True), PlaceView("P2", "keeper", 0.1, 0.5, True))


def flown(x: float = 2.4, z: float = 1.6, reached: bool = True, **changes: object) -> FlightView:
    """-> a straight path from 13 m out to that place, and one sample beside it."""
    crossing = CrossingView(1.0, x, z, (0.3, 0.2), 0.5, reached, "top right" if abs(x) < 3.66 and z < 2.44 else "")
    path = ((1.0, 13.0, 0.11), ((1 + x) / 2, 6.5, z), (x, 0.0, z))
    parts = {
        "time_s": (0.0, 0.5, 1.0), "path_m": path, "sigma_m": ((0.1, 0.1, 0.1),) * 3, "seen": (False, True, False),
        "until_s": 0.5, "samples_m": (path,), "crossing": crossing, "camera": CAMERA, "places": SPOTS,
    }  # fmt: skip
    return FlightView((7.32, 2.44), **(parts | changes))


def named(figure: go.Figure, name: str) -> go.Scatter:
    return next(trace for trace in figure.data if trace.name == name)


def test_the_ball_in_the_mouth_is_where_it_crossed_and_to_scale() -> None:
    figure = charts.goal_mouth(flown(), "goal")
    ball = named(figure, "ball")
    assert (min(ball.x), max(ball.x)) == pytest.approx((2.29, 2.51), abs=1e-3)
    assert (min(ball.y), max(ball.y)) == pytest.approx((1.49, 1.71), abs=1e-3)
    assert figure.layout.yaxis.scaleanchor == "x"
    assert ball.line.color == OUTCOMES["goal"] != named(charts.goal_mouth(flown(), "no_goal"), "ball").line.color


def test_the_ellipse_holds_nine_in_ten() -> None:
    outline = named(charts.goal_mouth(flown(), "goal"), "nine in ten")
    away = np.column_stack([outline.x, outline.y]) - [2.4, 1.6]
    covariance = np.array([[0.09, 0.03], [0.03, 0.04]])
    # chi-square with two degrees of freedom: 4.605 is its 90 % point
    np.testing.assert_allclose(np.einsum("ni,ij,nj->n", away, np.linalg.inv(covariance), away), 4.605, atol=0.01)


def test_the_mouth_makes_room_for_a_miss_and_tints_no_zone() -> None:
    inside, wide = charts.goal_mouth(flown(), "goal"), charts.goal_mouth(flown(-7.0, 4.0), "no_goal")
    assert wide.layout.xaxis.range[0] < -7.5 < inside.layout.xaxis.range[0]
    assert wide.layout.yaxis.range[1] > 4.3 > inside.layout.yaxis.range[1]
    assert len(wide.layout.shapes) == len(inside.layout.shapes) - 1
    zone = inside.layout.shapes[-1]
    assert (zone.x0, zone.y0) == pytest.approx((1.22, 0.8133), abs=1e-3)


def test_where_it_was_only_heading_is_hollow_and_an_empty_goal_is_empty() -> None:
    heading = charts.goal_mouth(flown(reached=False), "no_goal")
    assert named(heading, "ball").fillcolor == "rgba(0,0,0,0)"
    assert named(heading, "nine in ten").line.dash == "dot"
    assert not charts.goal_mouth(flown(crossing=None), "no_goal").data


def test_the_flight_in_3d_is_not_mirrored() -> None:
    """Plotly's axes are right-handed, ours are not: y is turned, and right stays right."""
    figure = charts.flight_3d(flown(), "goal")
    at_goal = named(figure, "at the goal")
    assert (at_goal.x[0], at_goal.y[0], at_goal.z[0]) == (2.4, 0.0, 1.6)
    seen = named(figure, "the ball was seen here")
    assert seen.y[0] == -6.5
    assert figure.layout.scene.camera.eye.y < 0  # the shooter's side
    ratio, scene = figure.layout.scene.aspectratio, figure.layout.scene
    across, out = (axis.range[1] - axis.range[0] for axis in (scene.xaxis, scene.yaxis))
    assert ratio.x / ratio.y == pytest.approx(across / out)


def test_what_was_not_flown_is_dotted() -> None:
    for figure in (
        charts.flight_3d(flown(reached=False), "no_goal"),
        charts.pitch_map(flown(reached=False), "no_goal"),
    ):
        assert dashes(figure) == [("solid", 2), ("dot", 2)]
    assert dashes(charts.flight_3d(flown(), "goal")) == [("solid", 3)]


def dashes(figure: go.Figure) -> list[tuple[str, int]]:
    """Figure -> how each part of the path is drawn, and its points."""
    lines = [trace for trace in figure.data if isinstance(trace, go.Scatter | go.Scatter3d) and trace.mode == "lines"]
    return [(line.line.dash, len(line.x)) for line in lines if line.line.dash and line.line.color == PATH]


def test_a_phone_far_away_is_on_the_map_only() -> None:
    near = flown(camera=replace(CAMERA, xyz_m=(2.0, 14.0, 1.4)))
    assert "the phone" in [trace.name for trace in charts.flight_3d(near, "goal").data]
    assert "the phone" not in [trace.name for trace in charts.flight_3d(flown(), "goal").data]


def test_the_map_shows_who_stood_where_and_has_the_goal_at_the_top() -> None:
    figure = charts.pitch_map(flown(), "goal")
    words = {trace.text[0]: (trace.x[0], trace.y[0]) for trace in figure.data if trace.text}
    assert words["P1 shooter"] == (0.5, 13.4)
    assert words["P2 keeper"] == (0.1, 0.5)
    assert words["at the goal"] == (2.4, 0.0)
    bottom, top = figure.layout.yaxis.range
    assert bottom > 24.0 > 0.0 > top


def test_the_areas_belong_to_a_full_goal() -> None:
    full, small = (charts.pitch_map(replace(flown(), goal_size_m=size), "goal") for size in ((7.32, 2.44), (3.0, 2.0)))
    deep = [max(trace.y) for trace in full.data if trace.mode == "lines" and trace.x[0] in (-9.16, -20.16)]
    assert deep == [5.5, 16.5]
    assert len(small.data) == len(full.data) - 3


def test_a_flight_without_anything_is_still_a_figure() -> None:
    nothing = FlightView((3.66, 1.83), why_not="The ball was not seen.")
    for draw in (charts.goal_mouth, charts.flight_3d, charts.pitch_map):
        assert draw(nothing, "unsure").layout.height


MARKED = '<b>x</b><a href="//hostile.example">y</a> z'


def test_no_name_is_markup_in_any_figure(history: pd.DataFrame) -> None:
    history["player"] = history["clip"] = MARKED
    history[["crossing_x", "crossing_z", "trunk_lean", "trunk_lean_low", "trunk_lean_high"]] = 1.0
    share = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 4, "k": 2}
    figures = [
        charts.shot_map(history), charts.small_multiples(history, "goal", "Goals"), charts.foot_split(history),
        charts.measure_by_saturday(history, "trunk_lean", "Trunk", "°"), charts.goals_by_saturday(history),
        charts.reliability({MARKED: [{"p": 0.5, "share": share}]}), charts.students({MARKED: {"ball": 0.5}}, {}),
    ]  # fmt: skip
    for figure in figures:
        written = figure.to_json()
        assert "<a href" not in written.replace("\\u003c", "<")
        assert "x</b" not in written.replace("\\u003c", "<")


@pytest.mark.parametrize(
    ("x", "y", "side"),
    [(0.4, 11.3, "bottom right"), (-0.4, 11.3, "bottom left"), (1.5, 9.0, "top right"), (6.0, 11.0, "bottom left")],
)
def test_nobodys_name_stands_at_the_penalty_mark(x: float, y: float, side: str) -> None:
    view = flown()
    somebody = replace(view.places[0], x_m=x, y_m=y)
    figure = charts.pitch_map(replace(view, places=(somebody,)), "goal")
    (name,) = [trace for trace in figure.data if trace.text and trace.text[0].startswith("P1")]
    assert name.textposition == side
    (mark,) = [trace for trace in figure.data if tuple(trace.x or ()) == (0.0,) and tuple(trace.y) == (11.0,)]
    assert mark.marker.size < name.marker.size / 3
    assert mark.marker.symbol != name.marker.symbol
