"""The kicker's joints: bones keep their length, the foot is at the ball at contact, the angles are a kicker's."""

import numpy as np
import pytest

from kicky.synthetic.motion import kicker, walker
from kicky.synthetic.player import JOINT, SHANK, THIGH, angles_deg

BALL = np.array([1.0, 14.0, 0.11])
AHEAD = np.array([0.0, -1.0, 0.0])
TIMES = np.arange(-1.4, 2.0, 0.02)


def at(joints: np.ndarray, name: str) -> np.ndarray:
    return joints[..., JOINT[name], :]


@pytest.mark.parametrize("foot", ["right", "left"])
@pytest.mark.parametrize("seed", range(6))
def test_bones_keep_their_length_all_the_way(seed, foot):
    body = kicker(seed, foot, BALL, AHEAD)
    joints = body.joints(TIMES)
    for side in ("left", "right"):
        thigh = np.linalg.norm(at(joints, f"{side}_knee") - at(joints, f"{side}_hip"), axis=1)
        shank = np.linalg.norm(at(joints, f"{side}_ankle") - at(joints, f"{side}_knee"), axis=1)
        np.testing.assert_allclose(thigh, THIGH * body.height_m, atol=1e-6)
        np.testing.assert_allclose(shank, SHANK * body.height_m, atol=1e-6)
    assert joints[..., 2].min() > 0


@pytest.mark.parametrize("foot", ["right", "left"])
def test_right_is_right_of_the_way_they_face(foot):
    joints = kicker(4, foot, BALL, AHEAD).joints(np.array([-0.8, 0.0, 1.5]))
    for part in ("shoulder", "hip", "ear"):
        assert (at(joints, f"right_{part}")[:, 0] > at(joints, f"left_{part}")[:, 0]).all()


@pytest.mark.parametrize("foot", ["right", "left"])
@pytest.mark.parametrize("seed", range(8))
def test_only_the_kicking_foot_is_at_the_ball_at_contact(seed, foot):
    other = "left" if foot == "right" else "right"
    joints = kicker(seed, foot, BALL, AHEAD).joints(np.array([-0.08, 0.0]))

    def gap(name: str, row: int) -> float:
        ankle, toe = at(joints, f"{name}_ankle")[row], at(joints, f"{name}_toe")[row]
        return min(float(np.linalg.norm(ankle + s * (toe - ankle) - BALL)) for s in np.linspace(0, 1, 20))

    assert gap(foot, 1) < 0.20
    assert gap(foot, 0) > 0.35
    assert gap(other, 1) > 0.22
    assert at(joints, f"{other}_ankle")[1, 2] < 0.12


def test_the_angles_at_contact_are_a_kickers():
    rows = []
    for seed in range(40):
        foot = ("right", "left")[seed % 2]
        rows.append(list(angles_deg(kicker(seed, foot, BALL, AHEAD).joints(np.zeros(1))[0], foot, AHEAD).values()))
    kicking, support, lean, drive = np.array(rows).T
    assert abs(kicking.mean() - 156) < 6
    assert abs(support.mean() - 140) < 6
    assert 3 < kicking.std() < 10
    assert ((lean > 4) & (lean < 30)).all()
    assert ((drive > 20) & (drive < 60)).all()


def test_angles_are_what_their_names_say():
    joints = np.zeros((len(JOINT), 3))
    for name, place in {
        "left_hip": (-0.1, 0, 1), "right_hip": (0.1, 0, 1), "left_shoulder": (-0.2, -0.5, 1.5),
        "right_shoulder": (0.2, -0.5, 1.5), "right_knee": (0.1, -0.4, 1), "right_ankle": (0.1, -0.4, 0.6),
        "left_knee": (-0.1, 0, 0.5), "left_ankle": (-0.1, 0, 0.1),
    }.items():  # fmt: skip
        joints[JOINT[name]] = place
    expected = {"kicking_knee": 90, "support_knee": 180, "trunk_lean": 45, "hip_drive": 90}
    assert angles_deg(joints, "right", AHEAD) == pytest.approx(expected, abs=1e-4)
    assert angles_deg(joints, "right", -AHEAD)["hip_drive"] == pytest.approx(-90)


def test_a_walker_walks_where_they_are_going():
    joints = walker(3, np.array([2.0, -6.0]), np.array([1.0, 0.0, 0.0])).joints(np.array([0.0, 1.0, 2.0]))
    steps = np.diff(at(joints, "neck")[:, 0])
    assert ((steps > 0.8) & (steps < 1.8)).all()
    assert np.ptp(at(joints, "neck")[:, 1]) < 0.1


def test_a_walker_walks_all_through_a_film_that_waits_long_for_the_kick():
    joints = walker(3, np.array([2.0, -6.0]), np.array([1.0, 0.0, 0.0])).joints(np.arange(-8.0, 4.0))
    assert (np.diff(at(joints, "neck")[:, 0]) > 0.8).all()
