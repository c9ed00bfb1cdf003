"""One interval of a share: the published one, at whichever level it is asked for."""

import pytest

from kicky.coaches.saturday import tally
from kicky.shares import LEVELS, wilson


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]
)
def test_it_is_that_of_newcombe_1998(hits: int, tries: int, low: float, high: float) -> None:
    assert wilson(hits, tries, 0.95) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("goals", "count", "low", "high"), [(0, 10, 0.0, 0.213), (10, 10, 0.787, 1.0), (0, 0, 0.0, 1.0)]
)
def test_nine_times_in_ten_is_narrower(goals: int, count: int, low: float, high: float) -> None:
    assert wilson(goals, count, 0.90) == pytest.approx((low, high), abs=0.001)


def test_more_hits_than_tries_are_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2, 0.9)


def test_each_level_in_use_has_words() -> None:
    assert set(LEVELS) == {0.90, 0.95}
    assert (tally([]).low, tally([]).high) == (0.0, 1.0)
