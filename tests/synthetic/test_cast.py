"""Two friends: told apart by their clothes, in turn, never in the ball's way."""

import csv
import json
from collections import Counter

import numpy as np
import pytest

from kicky.synthetic import film, sample, synthesize
from kicky.synthetic.cast import CLEAR_OF_BALL_M, Cast, casts, draw_friends
from kicky.synthetic.paint import Painter
from kicky.synthetic.player import JOINT

FRIENDS = draw_friends(np.random.default_rng(1))


@pytest.mark.parametrize("seed", range(20))
def test_friends_wear_different_shirts(seed):
    one, other = draw_friends(np.random.default_rng(seed))
    assert one.dress.shirt != other.dress.shirt
    assert one.name != other.name


def test_each_shoots_from_every_view_with_both_feet_and_each_role_comes():
    seen = Counter()
    for number in range(24):
        cast = casts(FRIENDS, number, 4)
        seen[cast.shooter.name, number % 4] += 1
        seen[cast.role] += 1
    assert min(seen[name, view] for name in ("Ada", "Ben") for view in range(4)) >= 2
    assert seen["keeper"] == seen["watcher"] == seen[None] == 8


@pytest.mark.parametrize("role", ["keeper", "watcher"])
@pytest.mark.parametrize("seed", range(6))
def test_the_friend_is_where_the_role_says_and_out_of_the_balls_way(seed, role):
    shot = sample(seed, view="diagonal", kind="goal", cast=Cast(*FRIENDS, role))
    if shot.friend is None:
        pytest.skip("no room for the friend in this picture")
    joints = shot.friend.joints(np.linspace(-1, 1.5, 20))
    feet = joints[:, [JOINT["left_ankle"], JOINT["right_ankle"]]].mean(axis=(0, 1))
    gap = np.linalg.norm(shot.flight.xyz_m[:, None, :2] - joints[:, JOINT["left_hip"], :2], axis=2).min()
    assert gap > CLEAR_OF_BALL_M - 0.25
    assert (feet[1] < 1.2) == (role == "keeper")
    assert shot.camera.sees(joints[10], -0.1)


def test_nobody_else_when_the_role_is_none():
    assert sample(3, cast=Cast(*FRIENDS, None)).friend is None


def test_the_friend_is_painted_in_their_clothes_and_a_cast_changes_nothing_else():
    alone, cast = (sample(2, view="diagonal", kind="goal", cast=c) for c in (None, Cast(*FRIENDS, "keeper")))
    assert alone.camera.focal_px == cast.camera.focal_px
    painter = Painter(cast)
    assert painter.bodies[0][1] is FRIENDS[0].dress
    assert cast.friend is None or painter.bodies[-1][1] is FRIENDS[1].dress


def test_a_session_is_filmed_with_its_friends(tmp_path, monkeypatch):
    small = {"size_wh": (160, 90), "fps": 30}
    monkeypatch.setattr(film, "sample", lambda seed, **wish: sample(seed, **(wish | small)))
    painted = film.render
    monkeypatch.setattr(film, "render", lambda shot: (i for i, _ in zip(painted(shot), range(3), strict=False)))
    synthesize(tmp_path, 8, 5, friends=True)
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert {row["shooter"] for row in rows} == {"Ada", "Ben"}
    for row, true in zip(rows, truth, strict=True):
        assert (true["friend_px"] is not None) == bool(row["friend"])
        assert len(true["joints_at_contact_m"]) == len(JOINT)
