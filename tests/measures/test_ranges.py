"""In or out of a published range, given how surely the number is known."""

import pytest

from kicky.domain import Measure
from kicky.measures import MEASURES
from kicky.measures.ranges import RANGES, Flag, flag


def knee(value: float, half: float) -> Measure:
    return Measure("kicking_knee", "deg", value, value - half, value + half)


@pytest.mark.parametrize(
    ("value", "half", "answer"),
    [
        (156, 5, Flag.IN),
        (156, 40, Flag.UNCLEAR),
        (130, 10, Flag.LOW),
        (130, 60, Flag.UNCLEAR),
        (176, 8, Flag.HIGH),
        (147, 10, Flag.UNCLEAR),
        (147, 0, Flag.IN),
    ],
)
def test_the_interval_decides_what_may_be_said(value: float, half: float, answer: Flag) -> None:
    assert flag(knee(value, half)) is answer


def test_what_has_no_published_range_has_no_flag() -> None:
    assert flag(Measure("trunk_lean", "deg", 12, 5, 19)) is None


def test_what_was_not_measured_has_no_flag() -> None:
    assert flag(Measure("kicking_knee", "deg", None, why_not="No body was found at contact.")) is None


def test_every_range_is_one_and_names_its_source() -> None:
    for given in RANGES.values():
        assert given.low < given.high
        assert given.source


def test_every_range_is_of_a_measure_we_take() -> None:
    assert set(RANGES) <= set(MEASURES)
