"""A wide speed sounds wide, is the hardest by its chance to be, and beats nothing that it may not have beaten."""

from __future__ import annotations

import random

import pytest

from kicky.speeds import (
    NOTHING,
    SURE,
    Speed,
    Unit,
    at_least,
    beats,
    chance_harder,
    given,
    hardest,
    known,
    others,
    told,
    words,
)
from kicky.storage import advice, settings

NAN = float("nan")


def speed(value: float, half: float) -> Speed:
    return Speed(value, value - half, value + half)


@pytest.mark.parametrize(
    ("half", "said"),
    [(5, "101 km/h (96–106)"), (12, "about 101 km/h (89–113)"), (25, "about 100 km/h (76–126)")],
)
def test_the_wider_the_less_is_said_of_the_middle(half: float, said: str) -> None:
    assert words(speed(101, half)) == said


def test_miles_are_the_same_speed() -> None:
    assert words(speed(100, 5), Unit.MPH) == "62 mph (59–65)"
    assert words(speed(100, 25), Unit.MPH) == "about 60 mph (47–78)"


@pytest.mark.parametrize("numbers", [(None, None, None), (90.0, None, 99.0), (NAN, 80.0, 99.0), (90.0, 80.0, NAN)])
def test_what_lacks_a_number_is_no_speed(numbers: tuple[float | None, ...]) -> None:
    assert known(*numbers) is None
    assert told(known(*numbers), None) == NOTHING


def test_without_a_flight_the_picture_proves_a_least() -> None:
    assert told(None, Speed(60, 46, 140)) == "at least 45 km/h"
    assert told(speed(90, 5), Speed(60, 46, 140)) == "90 km/h (85–95)"


def test_a_ball_that_hardly_moves_proves_nothing() -> None:
    assert at_least(Speed(9, 7, 34)) == ""
    assert given({}) is None


def test_the_chance_to_be_harder_is_what_drawing_gives() -> None:
    rng, one, other = random.Random(3), speed(95, 15), speed(85, 10)
    sd = {id(each): (each.high - each.value) / 1.645 for each in (one, other)}
    drawn = [rng.gauss(one.value, sd[id(one)]) > rng.gauss(other.value, sd[id(other)]) for _ in range(20_000)]
    assert chance_harder(one, other) == pytest.approx(sum(drawn) / len(drawn), abs=0.015)
    assert chance_harder(other, one) == pytest.approx(1 - chance_harder(one, other))


def test_the_hardest_is_the_likeliest_to_be_not_the_largest_middle() -> None:
    """Four about as hard share the chance to be the hardest; a wide one a little below has it for itself."""
    many = [speed(100, 3), speed(100, 3), speed(100, 3), speed(100, 3), speed(99, 40)]
    assert hardest(many) == (4, 4)
    assert hardest([speed(100, 3), speed(90, 3)]) == (0, 0)


def test_who_may_have_been_as_hard_is_counted_and_who_cannot_is_not() -> None:
    found = [speed(101, 25), speed(95, 25), speed(90, 20), speed(40, 10)]
    assert hardest(found) == (0, 2)
    assert others(2) == "two others may have been as hard"
    assert others(0) == ""
    assert hardest([]) is None


def test_very_many_shots_are_no_harder_to_choose_from() -> None:
    rng = random.Random(1)
    many = [speed(rng.uniform(50, 100), 15) for _ in range(5000)]
    place, count = hardest([*many, speed(150, 5)]) or (0, 0)
    assert (place, count) == (5000, 0)


def test_a_record_falls_only_where_the_intervals_say_so() -> None:
    best = [speed(90, 5), speed(70, 10)]
    assert beats(speed(101, 5), best)
    assert not beats(speed(101, 25), best)
    assert chance_harder(speed(101, 25), best[0]) < SURE
    assert not beats(speed(101, 5), [*best, speed(95, 30)])


def test_the_unit_is_kept_and_what_is_no_unit_is_kilometres(own_home: object) -> None:
    assert settings.speed_unit() is Unit.KMH
    settings.set_speed_unit(Unit.MPH)
    assert settings.speed_unit() is Unit.MPH
    settings.set_speed_unit(Unit.KMH)
    assert settings.speed_unit() is Unit.KMH
    advice.change_settings({settings.SPEED_UNIT: "knots"})
    assert settings.speed_unit() is Unit.KMH
