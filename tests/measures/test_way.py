"""Hand-made flights -> speed and time at the line, rise and curl, each beside the reason for which it is not given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulated import judge
from kicky.domain import Flight, Measure, Shot
from kicky.measures import way
from kicky.synthetic.tracks import simulate_track
from tests import flights
from tests.outcome.test_outcome import shot

AT_THE_LINE = (way.speed_at_line, way.time_to_line, way.curl)


def flown(made: Shot) -> Flight:
    assert made.flight is not None
    return made.flight


def straight(made: Shot) -> Shot:
    """The same, each launch pointing along the ground from where the ball lay to where that sample crosses."""
    found = flown(made)
    ends = np.column_stack([found.crossing[:, 1], np.zeros(len(found.crossing))])
    along = ends - found.samples_m[:, 0, :2]
    return replace(made, flight=replace(found, launch_ms=np.column_stack([along, 0.5 * np.linalg.norm(along, axis=1)])))


def holds(measure: Measure, true: float) -> bool:
    return measure.low is not None and measure.high is not None and measure.low < true < measure.high


def test_each_holds_what_the_flight_was_made_with() -> None:
    made = straight(shot(to=(1.5, 1.2), spread_m=(0.1, 0.05)))
    ends = 3.6 * np.array([0.5, 13.0, 1.09 - 9.81 / 2 * flights.FLOWN_S**2]) / flights.FLOWN_S
    assert holds(way.speed_at_line(made), float(np.linalg.norm(ends)))
    assert way.time_to_line(made).value == pytest.approx(flights.FLOWN_S, abs=0.01)
    assert way.rise(made).value == pytest.approx(np.degrees(np.arctan(0.5)), abs=0.01)
    assert way.curl(made).value == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("aside", [0.8, -0.8])
def test_a_ball_that_ends_right_of_where_it_set_out_curls_to_the_right(aside: float) -> None:
    made = straight(shot(to=(1.5, 1.2), spread_m=(0.05, 0.05)))
    found = flown(made)
    bent = replace(found, crossing=found.crossing + [0.0, aside, 0.0])
    said = way.curl(replace(made, flight=bent))
    assert holds(said, aside)
    assert (said.value or 0.0) * aside > 0


def test_a_rolling_ball_does_not_rise() -> None:
    made = shot(to=(1.5, 0.11))
    flat = replace(flown(made), launch_ms=flown(made).launch_ms * [1, 1, 0])
    assert way.rise(replace(made, flight=flat)).value == 0.0


@pytest.mark.parametrize("measure", AT_THE_LINE)
def test_a_ball_short_of_the_line_has_nothing_there(measure: Callable[[Shot], Measure]) -> None:
    said = measure(shot(to=(0.5, 0.2), reaches=0.5))
    assert said.value is None
    assert "does not reach" in said.why_not
    assert way.rise(shot(to=(0.5, 0.2), reaches=0.5)).value is not None


@pytest.mark.parametrize("measure", [*AT_THE_LINE, way.rise])
def test_without_a_flight_the_reason_is_the_flights(measure: Callable[[Shot], Measure]) -> None:
    none = replace(shot(to=(1.5, 1.2)), flight=None, flight_why_not="The ball was not seen.")
    assert measure(none).value is None
    assert measure(none).why_not == "The ball was not seen."


def test_a_simulated_shot_is_measured_and_its_truth_told() -> None:
    case = simulate_track(17, position="diagonal", kind="air")
    found = judge(case, "known")
    for name in ("speed_at_line", "time_to_line", "rise", "curl"):
        value, low, high = found.said[name]
        assert low - 0.3 * (high - low) < found.truth[name] < high + 0.3 * (high - low)
        assert low < value < high


def test_a_blocked_ball_has_no_truth_at_the_line() -> None:
    case = next(each for each in (simulate_track(seed, kind="block") for seed in range(3, 40)) if each.met_s)
    truth = judge(case, "known").truth
    assert np.isnan(truth["speed_at_line"])
    assert np.isfinite(truth["rise"])


def test_a_flight_that_is_not_shown_as_far_as_the_line_has_no_speed_there() -> None:
    made = shot(to=(1.5, 1.2))
    found = flown(made)
    late = found.crossing + np.array([found.time_s[-1] - found.time_s[0] + 1.0, 0.0, 0.0])
    said = way.speed_at_line(replace(made, flight=replace(found, crossing=late)))
    assert said.value is None
    assert said.why_not == way.LOST
