"""Who somebody is taken for: by clothes on the same day, hardly by them on another, and nobody when it is not sure."""

import numpy as np
import pytest

from kicky.domain import Appearance
from kicky.players.knowing import REMEMBERED, SURE, Known, propose

from .looks import BLUE, RED, WHITE, look

ADA, BEN = Known(look(RED), 1, "Ada"), Known(look(BLUE, WHITE), 1, "Ben")


def who(seen: Appearance, named: list[Known], session: int = 1, denied: tuple[str, ...] = ()) -> str | None:
    (answer,) = propose([Known(seen, session)], named, [frozenset(denied)])
    return answer.name


def test_the_same_clothes_on_the_same_day_are_the_same_person() -> None:
    assert who(look(RED, seed=1), [ADA, BEN]) == "Ada"
    assert who(look(BLUE, WHITE, seed=1), [ADA, BEN]) == "Ben"


def test_one_named_shot_is_enough_and_the_other_friend_is_not_taken_for_them() -> None:
    assert who(look(RED, seed=1), [ADA]) == "Ada"
    assert who(look(BLUE, WHITE), [ADA]) is None


def test_how_surely_is_a_probability() -> None:
    (answer,) = propose([Known(look(RED, seed=1), 1)], [ADA, BEN])
    assert SURE <= answer.p < 1


def test_two_in_the_same_clothes_are_told_by_nobody() -> None:
    assert who(look(RED), [ADA, Known(look(RED, seed=2), 1, "Cem")]) is None


def test_on_another_day_the_same_shirt_alone_does_not_say_who_it_is() -> None:
    whole = look(RED, seed=1)
    nothing = np.full_like(whole.shirt, np.nan)
    shirt = Appearance("P1", whole.shirt, nothing, nothing, np.full(3, np.nan))
    assert who(shirt, [ADA, BEN]) == "Ada"
    assert who(shirt, [ADA, BEN], session=2) is None
    today, later = (propose([Known(shirt, day)], [ADA])[0].p for day in (1, 2))
    assert today > later > 0.5


def test_on_another_day_other_clothes_count_for_little_and_build_counts() -> None:
    """Ada comes back in blue: she is still rather the tall one than the child."""
    tall, child = Known(look(RED, height_m=1.9), 1, "Ada"), Known(look(WHITE, height_m=1.2), 1, "Kid")
    back = propose([Known(look(BLUE, height_m=1.9), 2)], [tall, child])[0]
    assert back.p > propose([Known(look(BLUE, height_m=1.2), 2)], [tall])[0].p
    assert propose([Known(look(BLUE, height_m=1.9), 2)], [child])[0].p < 0.3


def test_todays_shots_go_before_those_of_other_days() -> None:
    before = Known(look(BLUE, WHITE), 0, "Ada")
    assert who(look(RED, seed=1), [before, ADA, BEN]) == "Ada"


def test_who_it_was_said_not_to_be_is_not_proposed_again() -> None:
    assert who(look(RED, seed=1), [ADA, BEN], denied=("Ada",)) is None


def test_parts_that_were_not_seen_say_nothing() -> None:
    whole = look(RED, seed=1)
    nothing = np.full_like(whole.shirt, np.nan)
    half = Appearance("P1", whole.shirt, nothing, nothing, np.full(3, np.nan))
    assert who(half, [ADA, BEN]) == "Ada"
    unseen = Appearance("P1", nothing, nothing, nothing, np.full(3, np.nan))
    (answer,) = propose([Known(unseen, 1)], [ADA])
    assert (answer.name, answer.p) == (None, pytest.approx(0.5))


def test_without_names_nobody_is_proposed() -> None:
    assert [answer.name for answer in propose([Known(look(), 1), Known(look(), 2)], [])] == [None, None]
    assert propose([], [ADA]) == []


def test_looks_of_several_days_are_each_answered_as_if_alone() -> None:
    asked = [Known(look(RED, seed=1), 2), Known(look(BLUE, WHITE, seed=1), 1), Known(look(RED, seed=3), 1)]
    alone = [propose([one], [ADA, BEN])[0] for one in asked]
    together = propose(asked, [ADA, BEN])
    assert [one.name for one in together] == [one.name for one in alone]
    assert [one.p for one in together] == pytest.approx([one.p for one in alone])


def test_of_other_days_only_the_newest_looks_count_and_of_today_all() -> None:
    old = [Known(look(WHITE, height_m=1.2, seed=k), 0, "Ada") for k in range(9)]
    new = [Known(look(RED, height_m=1.9, seed=k), 1, "Ada") for k in range(REMEMBERED)]
    back = Known(look(RED, height_m=1.9, seed=99), 2)
    assert propose([back], old + new) == propose([back], new) != propose([back], new + old)
    here = Known(back.look, 1)
    changed = [Known(one.look, 1, "Ada") for one in old]
    assert propose([here], new + changed) == propose([here], changed + new) != propose([here], new)
