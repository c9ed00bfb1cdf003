"""Which foot struck: from every side, whatever the labels say, and never a guess."""

from dataclasses import replace

import numpy as np
import pytest

from kicky import foot
from kicky.domain import Floats, Foot, Shot
from kicky.heading import heading
from kicky.legs import legs
from kicky.synthetic import VIEWS

from .kicks import evidence, exchanged, flown, kick, mirrored

SEEDS = range(8)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_foot_is_told_from_every_view(view: str, side: str) -> None:
    for seed in SEEDS:
        called = foot.call(evidence(kick(seed, view, side)))
        assert called.foot == side, f"{view} {seed}: {called}"


@pytest.mark.parametrize("view", VIEWS)
def test_a_mirrored_film_mirrors_the_answer(view: str) -> None:
    for seed in SEEDS:
        shot = evidence(kick(seed, view, "right"))
        here, there = foot.call(shot).p_left, foot.call(mirrored(shot)).p_left
        assert here == pytest.approx(1 - there, abs=0.05)
        assert there > 0.75


@pytest.mark.parametrize("view", ["behind", "behind_goal"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_somebody_taken_for_facing_the_other_way_is_put_right_by_where_the_other_foot_stands(view, side) -> None:
    for seed in SEEDS:
        true = kick(seed, view, side)
        shot = replace(evidence(true, lambda _, px: exchanged(px, slice(None))), flight=flown(true, 0.02))
        if abs(heading(shot).away) > 0.8:  # some shots of any view go across
            assert foot.call(shot).foot == side, seed


def test_a_way_that_only_the_ball_tells_and_a_body_that_faces_against_it_leave_it_open() -> None:
    called = [
        foot.call(evidence(kick(seed, "behind", "left"), lambda _, px: exchanged(px, slice(None)))) for seed in SEEDS
    ]
    assert sum(call.foot is Foot.UNSURE for call in called) > len(called) / 2


@pytest.mark.parametrize("view", VIEWS)
def test_labels_that_flicker_are_outvoted(view: str) -> None:
    def flicker(since: Floats, px: Floats) -> Floats:
        return exchanged(px, (np.arange(len(since)) % 4 == 1) & (since > -0.2))

    for seed in SEEDS:
        assert foot.call(evidence(kick(seed, view, "left"), flicker)).foot == "left", seed


def test_the_nearer_ankle_alone_is_the_articles_rule_and_from_the_side_it_is_often_wrong() -> None:
    right = [foot.nearer(evidence(kick(seed, "side", "left"))) == "left" for seed in range(24)]
    called = [foot.call(evidence(kick(seed, "side", "left"))).foot == "left" for seed in range(24)]
    assert sum(right) < sum(called) - 5


def test_the_standing_leg_stands_beside_the_ball() -> None:
    true = kick(3, "behind", "right")
    found = legs(evidence(true))
    assert found is not None
    truth = true.camera.project(true.shooter.joints(np.zeros(1)))[0]
    left = truth[[15, 17, 19]].mean(axis=0)  # ankle, heel, toe
    assert np.linalg.norm(found.plant_px - left) < 0.1 * found.trunk_px
    assert found.stood > 0.8


def side_on() -> Shot:
    """-> a left-footed shot straight across the picture, where the side of the standing foot tells nothing."""
    shots = (evidence(kick(seed, "side", "left")) for seed in range(60))
    return next(shot for shot in shots if (way := heading(shot)) is not None and abs(way.away) < 0.05)


def blind(shot: Shot) -> Shot:
    """Shot -> the same from the side, with legs that cannot be told apart by their labels."""
    assert shot.pose is not None
    return replace(shot, pose=replace(shot.pose, landmarks_px=exchanged(
        shot.pose.landmarks_px, np.arange(len(shot.pose.frames)) % 2 == 1)))  # fmt: skip


def still(since: Floats, px: Floats) -> Floats:
    """The body of somebody who only stands there, far from the ball."""
    return np.broadcast_to(px[:1], px.shape) + (2000.0, 0.0)


def unseen(since: Floats, px: Floats) -> Floats:
    return np.full_like(px, np.nan)


def glimpsed(since: Floats, px: Floats) -> Floats:
    return np.where((np.abs(since) < 0.04)[:, None, None], px, np.nan)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (blind(side_on()), "hide each other"),
        (replace(evidence(kick(4, "side", "left")), kick_frame=None, kick_why_not="No kick was seen."), "No kick"),
        (replace(evidence(kick(4, "side", "left")), pose=None), "No body"),
        (evidence(kick(4, "side", "left"), unseen), "No body"),
        (evidence(kick(4, "side", "left"), glimpsed), "too few frames"),
        (evidence(kick(4, "side", "left"), still), "Nobody is seen to stand beside the ball"),
    ],
    ids=["hidden legs", "no kick", "no pose", "nobody", "a glimpse", "a bystander"],
)
def test_what_cannot_be_told_is_unsure_and_says_why(given: Shot, words: str) -> None:
    called = foot.call(given)
    assert called.foot is Foot.UNSURE
    assert words in called.why
    assert 0.25 <= called.p_left <= 0.75
