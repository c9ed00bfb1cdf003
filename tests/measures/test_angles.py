"""Angles and distances of the body: read rightly, with honest doubt, and withheld only where looking tells nothing."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from kicky.body.fit import fitted
from kicky.domain import Body, Floats, Measure, Shot
from kicky.measures import MEASURES, angles
from kicky.measures.reading import ANGLES, DISTANCES, Swung
from kicky.registry import load
from kicky.synthetic.player import JOINT

from ..kicks import evidence, flown, kick, mirrored

BODY = tuple(angles.USUAL_SD)
PARTS = ("shoulder", "hip", "knee", "ankle", "toe")


@cache
def seen(seed: int, view: str, foot: str) -> Shot:
    true = kick(seed, view, foot)
    return fitted(replace(evidence(true), flight=flown(true, 0.02)))


def measured(name: str, shot: Shot) -> Measure:
    return load(MEASURES, name)(shot)  # type: ignore[no-any-return]


def upright(**moved: Floats) -> Swung:
    """Somebody who stands straight and faces +x, his kicking side at +y, some joints moved by so much."""
    places = {
        "shoulder": (0.0, 0.18, 1.4), "hip": (0.0, 0.1, 0.9), "knee": (0.0, 0.1, 0.5), "ankle": (0.0, 0.1, 0.08),
        "toe": (0.2, 0.1, 0.02),
    }  # fmt: skip
    joints = []
    for part in PARTS:
        for side, sign in (("kicking", 1), ("standing", -1)):
            x, y, z = places[part]
            joints.append(np.array([x, sign * y, z]) + moved.get(f"{side}_{part}", np.zeros(3)))
    way = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    return Swung(np.array(joints)[None, None], way[0][None, None], way[1][None, None], np.array([0.1, 0.25, 0.11]))


def read(name: str, body: Swung) -> float:
    return float({**ANGLES, **DISTANCES}[name](body)[0, 0])


def test_somebody_who_stands_straight_has_no_angle() -> None:
    body = upright()
    assert read("kicking_knee", body) == pytest.approx(180.0, abs=0.1)
    for name in (
        "trunk_lean",
        "trunk_side",
        "hip_drive",
        "hip_abduction",
        "swing_plane",
        "pelvis_tilt",
        "shoulder_tilt",
    ):
        assert read(name, body) == pytest.approx(0.0, abs=1e-6)
    assert read("plant_aside", body) == pytest.approx(0.35)
    assert read("plant_behind", body) == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("name", "moved", "sign"),
    [
        ("trunk_lean", {"kicking_shoulder": (0.2, 0, 0), "standing_shoulder": (0.2, 0, 0)}, 1),
        ("trunk_side", {"kicking_shoulder": (0, -0.2, 0), "standing_shoulder": (0, -0.2, 0)}, 1),
        ("hip_drive", {"kicking_knee": (0.2, 0, 0)}, 1),
        ("hip_drive", {"kicking_knee": (-0.2, 0, 0)}, -1),
        ("hip_abduction", {"kicking_knee": (0, 0.2, 0)}, 1),
        ("swing_plane", {"kicking_ankle": (0, 0.3, 0)}, 1),
        ("pelvis_tilt", {"kicking_hip": (0, 0, 0.05)}, 1),
        ("shoulder_tilt", {"standing_shoulder": (0, 0, 0.05)}, -1),
    ],
)
def test_a_sign_says_which_way(name: str, moved: dict[str, tuple[float, float, float]], sign: int) -> None:
    value = read(name, upright(**{joint: np.array(by) for joint, by in moved.items()}))
    assert sign * value > 5


def test_a_thigh_that_swings_forward_is_not_out_to_the_side() -> None:
    """In the picture from behind it would be: a thigh that is nearly level hides how long it is."""
    out = read("hip_abduction", upright(kicking_knee=np.array([0.0, 0.15, 0.0])))
    forward = read("hip_abduction", upright(kicking_knee=np.array([0.35, 0.15, 0.15])))
    assert forward == pytest.approx(out, abs=4)
    assert read("hip_abduction", upright(kicking_knee=np.array([0.35, 0.0, 0.2]))) == pytest.approx(0.0, abs=1e-6)


def test_a_right_angle_at_the_knee_is_ninety_degrees() -> None:
    bent = upright(kicking_ankle=np.array([-0.42, 0.0, 0.42]))
    assert read("kicking_knee", bent) == pytest.approx(90.0, abs=1e-6)


@pytest.mark.parametrize("view", ["behind", "behind_goal", "side", "diagonal"])
def test_every_view_has_a_card_of_at_least_six_numbers(view: str) -> None:
    shot = seen(1, view, "right")
    given = [m for m in (measured(name, shot) for name in BODY) if m.value is not None]
    assert len(given) >= 6, [m.name for m in given]
    for measure in given:
        assert measure.low is not None
        assert measure.high is not None
        assert measure.value is not None
        assert measure.low < measure.value < measure.high


def wide(name: str, shot: Shot) -> float:
    """-> how wide the interval is; where it is withheld, as wide as can be."""
    given = measured(name, shot)
    return np.inf if given.low is None or given.high is None else given.high - given.low


def test_each_view_is_surest_of_what_lies_across_it() -> None:
    behind, side = seen(2, "behind", "right"), seen(2, "side", "right")
    for name in ("trunk_lean", "plant_behind"):
        assert wide(name, side) < wide(name, behind), name
    for name in ("trunk_side", "swing_plane", "plant_aside"):
        assert wide(name, behind) < wide(name, side), name


def test_a_mirrored_film_has_the_same_angles() -> None:
    true = kick(1, "side", "right")
    shot = evidence(true)
    here, there = fitted(shot), fitted(mirrored(shot))
    for name in ("kicking_knee", "support_knee", "trunk_lean", "hip_drive"):
        assert measured(name, there).value == pytest.approx(measured(name, here).value, abs=3)


def test_no_interval_reaches_beyond_what_a_joint_can_do() -> None:
    for seed in (0, 1, 2):
        knee = measured("support_knee", seen(seed, "behind", "right"))
        assert knee.high is None or knee.high <= 180


def spread(body: Body, times: float) -> Body:
    middle = body.samples_m.mean(axis=0)
    return replace(body, samples_m=middle + times * (body.samples_m - middle))


def test_a_number_as_open_as_before_anybody_looked_is_withheld() -> None:
    shot = seen(1, "side", "right")
    assert shot.body is not None
    assert measured("trunk_lean", shot).value is not None
    given = measured("trunk_lean", replace(shot, body=spread(shot.body, 5.0)))
    assert given.value is None
    assert "does not show" in given.why_not


def test_a_swing_not_seen_to_its_end_has_no_follow_through() -> None:
    shot = seen(1, "side", "right")
    assert shot.body is not None
    assert measured("follow_height", shot).value is not None
    first = shot.body.since_s < 0.1
    short = replace(shot.body, since_s=shot.body.since_s[first], joints_m=shot.body.joints_m[first],
                    samples_m=shot.body.samples_m[:, first])  # fmt: skip
    given = measured("follow_height", replace(shot, body=short))
    assert given.value is None
    assert "after the kick" in given.why_not


def test_the_foot_comes_up_after_the_kick_as_high_as_it_does() -> None:
    true = kick(1, "side", "right")
    ankle = true.shooter.joints(np.linspace(0.02, 0.3, 30))[:, JOINT["right_ankle"], 2].max()
    given = measured("follow_height", seen(1, "side", "right"))
    assert given.value == pytest.approx(ankle, abs=0.15)


@pytest.mark.parametrize("name", BODY)
def test_without_a_body_every_number_says_why(name: str) -> None:
    bare = fitted(replace(evidence(kick(1, "side", "right")), pose=None))
    given = measured(name, bare)
    assert given.value is None
    assert given.why_not == "No body was found at contact."
    assert "not worked out" in measured(name, replace(bare, body_why_not="")).why_not
