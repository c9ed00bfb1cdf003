"""Answers -> the brief a coach is given, and its prompt."""

import pytest

from benchmarks.replies import briefs
from kicky.coaches.brief import fact, shot_brief
from kicky.coaches.prompt import prompt, prompt_hash
from kicky.domain import Brief, Fact, Foot, How, Measure, Verdict
from kicky.speeds import Unit


def lean(value: float, half: float) -> Measure:
    return Measure("trunk_lean", "deg", value, value - half, value + half)


def test_a_measure_with_a_range_gets_its_flag_and_source() -> None:
    told = fact(Measure("plant_aside", "m", 0.45, 0.42, 0.48))
    assert (told.text, told.unit, told.flag) == ("45 cm (42–48)", "cm", "high")
    assert told.usual == pytest.approx((25.7, 39.7))
    assert "Scurr" in told.source
    assert told.note == "Above the published 26–40 cm."


def test_a_measure_nobody_knows_is_told_as_it_is() -> None:
    told = fact(Measure("ball_spin", "rev/s", 6.4, 5.0, 8.0))
    assert (told.title, told.text, told.flag, told.note) == ("Ball spin", "6 rev/s (5–8)", "", "")


def test_what_was_not_measured_keeps_its_reason() -> None:
    told = fact(Measure("kicking_knee", "deg", None, why_not="Hidden."))
    assert (told.value, told.text, told.why_not) == (None, "", "Hidden.")


@pytest.mark.parametrize(("value", "half", "flag"), [(30, 5, "high"), (1, 4, "low"), (12, 5, ""), (20, 15, "")])
def test_without_a_range_a_player_is_held_against_himself(value: float, half: float, flag: str) -> None:
    told = fact(lean(value, half), [8, 9, 10, 11, 12, 13, 14, 15])
    assert told.own_flag == flag
    assert "your own usual" in told.note
    assert told.flag == ""


def test_few_earlier_shots_say_nothing() -> None:
    told = fact(lean(60, 1), [8, 9, 10, 11, 12, 13, 14])
    assert (told.own, told.own_flag, told.note) == (None, "", "")


def test_a_fact_needs_a_value_or_a_reason() -> None:
    with pytest.raises(ValueError, match="no value and no reason"):
        Fact("speed", "Ball speed", "km/h")
    with pytest.raises(ValueError, match="needs an interval"):
        Fact("speed", "Ball speed", "km/h", 90)
    with pytest.raises(ValueError, match="expected shot or session"):
        Brief("week")


def test_the_prompt_holds_every_fact_and_the_form() -> None:
    brief = briefs()["goal_full"]
    system, user = prompt(brief)
    for title in ("**Verdict:**", "**Fix 1:**", "**Fix 2:**", "**Drill:**"):
        assert title in system
    assert "Verdict: GOAL" in user
    assert "struck with the right foot; the left leg is the standing leg" in user
    assert all(fact.text in user for fact in brief.facts if fact.value is not None)


def test_the_prompt_says_what_is_not_known() -> None:
    _, user = prompt(shot_brief(Verdict.UNSURE, How.UNCLEAR, Foot.UNSURE, [], why="The film ends too early."))
    assert "NOT SURE" in user
    assert "The film ends too early." in user
    assert "Do not name one" in user


def test_another_fact_is_another_hash() -> None:
    one, other = (shot_brief(Verdict.GOAL, How.IN_NET, Foot.LEFT, [lean(value, 5)]) for value in (10, 11))
    assert prompt_hash(one) != prompt_hash(other)
    assert len(prompt_hash(one)) == 64


def speed(half: float) -> Measure:
    return Measure("speed", "km/h", 100.0, 100.0 - half, 100.0 + half)


EARLIER = {"speed": [float(each) for each in range(125, 135)]}


def test_a_sharp_speed_is_held_against_the_players_own_and_a_wide_one_against_nothing() -> None:
    sharp, wide = (
        shot_brief(Verdict.GOAL, How.IN_NET, Foot.LEFT, [speed(half)], earlier=EARLIER).fact("speed")
        for half in (4, 15)
    )
    assert sharp is not None
    assert wide is not None
    assert (sharp.text, sharp.own_flag) == ("100 km/h (96–104)", "low")
    assert (wide.text, wide.own_flag, wide.own, wide.note) == ("about 100 km/h (85–115)", "", None, "A rough number.")


def test_miles_are_told_where_they_were_chosen() -> None:
    brief = shot_brief(Verdict.GOAL, How.IN_NET, Foot.LEFT, [speed(4)], earlier=EARLIER, speeds_in=Unit.MPH)
    told = brief.fact("speed")
    assert told is not None
    assert (told.text, told.unit) == ("62 mph (60–65)", "mph")
    assert "mph (10 earlier shots)" in told.note
    assert "km/h" not in prompt(brief)[1]


def test_what_nobody_coaches_is_not_told() -> None:
    brief = shot_brief(Verdict.GOAL, How.IN_NET, Foot.LEFT, [speed(4), Measure("curl", "m", 0.4, 0.1, 0.7)])
    assert [fact.name for fact in brief.facts] == ["speed"]
