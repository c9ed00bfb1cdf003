"""Which foot struck: from every side, whatever the labels say, and never a guess."""

from dataclasses import replace

import numpy as np
import pytest

from kicky.body import foot
from kicky.body.fit import fitted
from kicky.body.heading import heading
from kicky.body.legs import legs
from kicky.domain import Floats, Foot, FootCall, Shot
from kicky.synthetic import VIEWS

from ..kicks import evidence, exchanged, flown, kick, mirrored

SEEDS = range(3)


def called(shot: Shot) -> FootCall:
    return foot.call(fitted(shot))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_foot_is_told_from_every_view(view: str, side: str) -> None:
    for seed in SEEDS:
        said = called(evidence(kick(seed, view, side)))
        assert said.foot == side, f"{view} {seed}: {said}"


@pytest.mark.parametrize("view", VIEWS)
def test_a_mirrored_film_mirrors_the_answer(view: str) -> None:
    shot = evidence(kick(1, view, "right"))
    here, there = called(shot).p_left, called(mirrored(shot)).p_left
    assert here == pytest.approx(1 - there, abs=0.05)
    assert there > 0.75


@pytest.mark.parametrize("view", ["behind", "behind_goal"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_labels_the_wrong_way_round_are_never_believed_against_the_body(view: str, side: str) -> None:
    """Somebody taken for facing the other way: where the ball flies says otherwise, and all labels are read so."""
    for seed in SEEDS:
        true = kick(seed, view, side)
        shot = replace(evidence(true, lambda _, px: exchanged(px, slice(None))), flight=flown(true, 0.02))
        way = heading(shot)
        if way is not None and abs(way.away) > 0.8:  # some shots of any view go across
            assert called(shot).foot == side, seed


@pytest.mark.parametrize("view", VIEWS)
def test_labels_that_flicker_are_outvoted(view: str) -> None:
    def flicker(since: Floats, px: Floats) -> Floats:
        return exchanged(px, (np.arange(len(since)) % 4 == 1) & (since > -0.2))

    said = [called(evidence(kick(seed, view, "left"), flicker)).foot for seed in SEEDS]
    assert Foot.RIGHT not in said
    assert said.count(Foot.LEFT) > len(said) / 2


def test_the_nearer_ankle_alone_is_the_articles_rule_and_from_the_side_it_is_often_wrong() -> None:
    right = [foot.nearer(evidence(kick(seed, "side", "left"))) == "left" for seed in range(12)]
    said = [called(evidence(kick(seed, "side", "left"))).foot == "left" for seed in range(12)]
    assert sum(right) < sum(said) - 2


def test_the_standing_leg_stands_beside_the_ball() -> None:
    true = kick(3, "behind", "right")
    found = legs(evidence(true))
    assert found is not None
    truth = true.camera.project(true.shooter.joints(np.zeros(1)))[0]
    left = truth[[15, 17, 19]].mean(axis=0)  # ankle, heel, toe
    assert np.linalg.norm(found.plant_px - left) < 0.1 * found.trunk_px
    assert found.stood > 0.8


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
        (replace(evidence(kick(4, "side", "left")), kick_frame=None, kick_why_not="No kick was seen."), "No kick"),
        (replace(evidence(kick(4, "side", "left")), pose=None), "No body"),
        (evidence(kick(4, "side", "left"), unseen), "No body"),
        (evidence(kick(4, "side", "left"), glimpsed), "too few frames"),
        (evidence(kick(4, "side", "left"), still), "Nobody is seen to stand beside the ball"),
    ],
    ids=["no kick", "no pose", "nobody", "a glimpse", "a bystander"],
)
def test_what_cannot_be_told_is_unsure_and_says_why(given: Shot, words: str) -> None:
    said = called(given)
    assert said.foot is Foot.UNSURE
    assert words in said.why
    assert said.p_left == 0.5


def test_when_both_feet_explain_it_nobody_guesses() -> None:
    shot = fitted(evidence(kick(4, "side", "left")))
    assert shot.body is not None
    said = foot.call(replace(shot, body=replace(shot.body, p_left=0.6)))
    assert (said.foot, said.p_left) == (Foot.UNSURE, 0.6)
    assert "Either foot" in said.why
