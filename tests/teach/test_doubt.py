"""Doubtful labels: each kind of doubt is told and weighed, what is as it always is, is not doubted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kicky.teach.doubt import COUNT, LONE, PLACE, Doubt, doubts
from kicky.teach.labelled import BALL, GOAL, PLAYER, Picture, Thing


def thing(label: str, x: float, side: float = 20.0, **origin: Any) -> Thing:
    return Thing(label, (x, 50.0, x + side, 50.0 + side), origin={"source": "sam3", "score": 1.0} | origin)


def clip(name: str = "a", count: int = 9) -> list[Picture]:
    """-> a ball that rolls, a player who walks, a goal that stands."""
    return [
        Picture(
            f"train/{name}_{k:06d}.jpg", "train", name, k, k / 10, (640, 360),
            (thing(BALL, 40 + 30 * k), thing(PLAYER, 300 - 5 * k, 60), thing(GOAL, 400, 90)),
        )
        for k in range(count)
    ]  # fmt: skip


def told(pictures: Sequence[Picture]) -> list[Doubt]:
    return [doubt for _, doubt in doubts(pictures)]


def with_things(pictures: list[Picture], at: int, *things: Thing) -> list[Picture]:
    return [replace(each, things=things) if k == at else each for k, each in enumerate(pictures)]


def test_nothing_is_doubted_where_all_is_as_always() -> None:
    assert all(doubt.score == 0 for doubt in told(clip()))


def test_an_unsure_box_is_named_with_its_certainty() -> None:
    ball, player, goal = clip()[4].things
    found = told(with_things(clip(), 4, replace(ball, origin={"score": 0.31}), player, goal))
    assert round(found[4].score, 2) == 0.69
    assert found[4].why == "Ball: only 31% sure."
    assert [k for k, doubt in enumerate(found) if doubt.score > 0] == [4]


def test_what_only_one_of_two_models_saw_is_half_doubted() -> None:
    ball, player, goal = clip()[4].things
    found = told(with_things(clip(), 4, ball, replace(player, origin={"score": 0.9, "agreement": 0.0}), goal))
    assert found[4] == Doubt(LONE, "Player: only one of two models saw it.")


def test_a_box_four_times_as_large_as_usual_is_doubted_most() -> None:
    ball, player, _ = clip()[4].things
    found = told(with_things(clip(), 4, ball, player, thing(GOAL, 400, 360)))
    assert found[4] == Doubt(1.0, "Goal: 4.0 times as large as usual in this clip.")
    found = told(with_things(clip(), 4, ball, player, thing(GOAL, 400, 45)))
    assert found[4] == Doubt(0.5, "Goal: 2.0 times smaller than usual in this clip.")


def test_a_count_that_both_neighbours_gainsay_is_doubted() -> None:
    ball, player, goal = clip()[4].things
    assert told(with_things(clip(), 4, ball, player, thing(PLAYER, 20, 60), goal))[4] == Doubt(
        COUNT, "2 players here, 1 just before and after."
    )
    assert told(with_things(clip(), 4, player, goal))[4] == Doubt(COUNT, "No ball here, 1 just before and after.")


def test_a_ball_that_jumps_away_and_back_is_doubted_and_a_fast_one_is_not() -> None:
    _, player, goal = clip()[4].things
    found = told(with_things(clip(), 4, thing(BALL, 500), player, goal))
    assert found[4] == Doubt(PLACE, "Ball: elsewhere just before and after.")
    struck = [
        replace(each, things=(thing(BALL, 40 if k < 5 else 40 + 200 * (k - 4)),)) for k, each in enumerate(clip())
    ]
    assert all(doubt.score == 0 for doubt in told(struck))


def test_what_a_person_drew_is_not_doubted() -> None:
    _, player, goal = clip()[4].things
    assert told(with_things(clip(), 4, thing(BALL, 500, 80, source="person", score=0.1), player, goal))[4].score == 0


def test_clips_do_not_speak_of_each_other() -> None:
    large = [replace(each, things=(thing(BALL, 40 + 30 * k, 90),)) for k, each in enumerate(clip("b"))]
    assert all(doubt.score == 0 for doubt in told(clip() + large))


def test_nothing_upsets_it() -> None:
    rng = random.Random(5)
    for _ in range(50):
        wild = [
            replace(each, things=tuple(
                Thing(rng.choice([BALL, PLAYER, GOAL, "ball_in_goal", "player_with_ball"]),
                      (x := rng.uniform(-50, 600), y := rng.uniform(-50, 300), x + rng.uniform(0, 50), y + 9),
                      origin={"score": rng.choice([None, "high", -1, 0.5, 7]), "agreement": rng.choice([None, 0, 1])})
                for _ in range(rng.randrange(4))
            ))
            for each in clip(count=rng.randrange(1, 12))
        ]  # fmt: skip
        assert all(0 <= doubt.score <= 1 for doubt in told(wild))
