"""Angles and the standing foot, from bodies whose every joint is known."""

from dataclasses import replace

import numpy as np
import pytest

from kicky.domain import Floats, Measure, Shot
from kicky.heading import heading
from kicky.measures import MEASURES, angles, plant
from kicky.registry import load
from kicky.swing import smooth
from kicky.synthetic import SyntheticShot
from kicky.synthetic.player import JOINT

from ..kicks import evidence, flown, kick, mirrored

ANGLES = ("kicking_knee", "support_knee", "trunk_lean", "hip_drive")
KNEES = ANGLES[:2]


def fit(count: int, foot: str = "right", fps: float = 30.0) -> list[tuple[SyntheticShot, Shot]]:
    """-> shots filmed nearly square to their way, with their evidence."""
    shots = ((true, evidence(true)) for seed in range(99) for true in [kick(seed, "side", foot, fps=fps)])
    return [pair for pair in shots if (way := heading(pair[1])) is not None and way.off_deg < 25][:count]


def in_plane(true: SyntheticShot) -> dict[str, float]:
    """-> the true angles at contact in the plane of the shot's way."""
    joints, ahead = true.shooter.joints(np.zeros(1))[0], true.shooter.ahead

    def middle(part: str) -> Floats:
        return np.asarray(joints[JOINT[f"left_{part}"]] + joints[JOINT[f"right_{part}"]]) / 2

    trunk = middle("shoulder") - middle("hip")
    thigh = joints[JOINT[f"{true.foot}_knee"]] - joints[JOINT[f"{true.foot}_hip"]]
    return {
        **{name: true.angles_deg[name] for name in KNEES},
        "trunk_lean": float(np.degrees(np.arctan2(trunk @ ahead, trunk[2]))),
        "hip_drive": float(np.degrees(np.arctan2(thigh @ ahead, -thigh[2]))),
    }


def measured(name: str, shot: Shot) -> Measure:
    return load(MEASURES, name)(shot)  # type: ignore[no-any-return]


@pytest.mark.parametrize("foot", ["left", "right"])
@pytest.mark.parametrize("name", ANGLES)
def test_seen_from_the_side_the_angle_is_the_true_one(name: str, foot: str) -> None:
    off = []
    for true, shot in fit(10, foot):
        given = measured(name, shot)
        assert given.value is not None, given.why_not
        assert given.low is not None
        assert given.high is not None
        assert given.low <= given.value <= given.high
        off.append(given.value - in_plane(true)[name])
    assert len(off) == 10
    # The thigh's true swing has a part across the shot's way that no side view shows.
    assert np.median(np.abs(off)) < (14 if name == "hip_drive" else 8)


def test_a_swing_of_a_tenth_of_a_second_is_not_blunted() -> None:
    """A low-pass that takes the jitter must leave the swing: an ankle that goes there and back in 0.1 s."""
    rng = np.random.default_rng(0)
    since = np.arange(-9, 10) / 30
    swung = 120 * np.exp(-((since / 0.06) ** 2))
    seen = np.column_stack([swung, np.zeros(19)]) + rng.normal(0, 2.0, (19, 2))
    out = smooth(seen, since, 40.0)
    assert np.max(np.abs(out[:, 0] - swung)) < 0.1 * 120
    still = np.abs(since) > 0.12
    assert out[still].std() < 0.9 * seen[still].std()


def test_a_joint_that_jumps_for_one_frame_is_passed_over() -> None:
    true, clean = fit(1)[0]

    def jumped(since: Floats, px: Floats) -> Floats:
        out = px.copy()
        out[np.abs(since - 0.05).argmin(), 25:27] += (0, 400)
        return out

    spoiled = evidence(true, jumped)
    assert measured("kicking_knee", spoiled).value == pytest.approx(measured("kicking_knee", clean).value, abs=6)


def test_labels_that_change_sides_do_not_change_the_angles() -> None:
    for _, shot in fit(4):
        for name in ANGLES:
            assert measured(name, mirrored(shot)).value == pytest.approx(measured(name, shot).value, abs=0.5)


def test_the_interval_widens_off_the_side_for_small_players_and_for_an_unsure_moment() -> None:
    _, shot = fit(1)[0]
    swung = angles.swing(shot)
    assert swung is not None
    assert swung.way is not None
    usual = angles.deviation(swung, "kicking_knee", 300.0)
    turned = replace(swung, way=replace(swung.way, turn_deg=135.0))
    small = replace(swung, person_px=70.0)
    later = replace(swung, contact_sd_s=0.03)
    for worse in (turned, small, later):
        assert angles.deviation(worse, "kicking_knee", 300.0) > 1.1 * usual
    assert angles.deviation(swung, "kicking_knee", 0.0) >= angles.FLOOR_DEG


def test_no_interval_reaches_beyond_what_a_joint_can_do() -> None:
    for _, shot in fit(8):
        knee = measured("support_knee", shot)
        assert knee.high is not None
        assert knee.high <= 180


def stance(true: SyntheticShot) -> dict[str, float]:
    """-> the true place of the standing foot's middle from the ball."""
    joints = true.shooter.joints(np.zeros(1))[0]
    other, side = ("left", 1) if true.foot == "right" else ("right", -1)
    foot = np.mean([joints[JOINT[f"{other}_{part}"]] for part in ("ankle", "heel", "toe")], axis=0)
    ahead = true.shooter.ahead
    aside = np.array([-ahead[1], ahead[0], 0.0]) * side
    way = foot - true.flight.xyz_m[0]
    return {"plant_behind": float(-way @ ahead), "plant_aside": float(-way @ aside)}


@pytest.mark.parametrize(("view", "name"), [("behind", "plant_aside"), ("side", "plant_behind")])
@pytest.mark.parametrize("foot", ["left", "right"])
def test_the_standing_foot_is_so_far_from_the_ball(view: str, name: str, foot: str) -> None:
    off, inside = [], []
    for seed in range(16):
        true = kick(seed, view, foot)
        given = measured(name, replace(evidence(true), flight=flown(true, 0.02)))
        if given.value is not None and given.low is not None and given.high is not None:
            off.append(abs(given.value - stance(true)[name]))
            inside.append(given.low <= stance(true)[name] <= given.high)
    assert len(off) >= 6
    assert np.median(off) < 0.04
    assert np.mean(inside) > 0.85


def seen_from(view: str, most_away: float, least_away: float) -> Shot:
    shots = (evidence(kick(seed, view, "right")) for seed in range(60))
    return next(s for s in shots if (w := heading(s)) is not None and least_away <= abs(w.away) <= most_away)


def test_what_does_not_show_from_here_is_withheld_and_says_from_where_it_would() -> None:
    behind, side = seen_from("behind", 1.0, 0.95), seen_from("side", 0.2, 0.0)
    for name in ANGLES:
        given = measured(name, behind)
        assert given.value is None
        assert "film from the side" in given.why_not
    assert "from the side" in measured("plant_behind", behind).why_not
    assert "from behind" in measured("plant_aside", side).why_not


def unseen_ball(shot: Shot) -> Shot:
    gone = shot.ball.centre_px.copy()
    gone[shot.kick_frame + 1 :] = np.nan  # type: ignore[operator]
    return replace(shot, ball=replace(shot.ball, centre_px=gone))


def test_a_player_too_small_to_measure_is_told_to_come_nearer() -> None:
    _, shot = fit(1)[0]
    assert shot.pose is not None
    shrunk = replace(
        shot,
        ball=replace(shot.ball, size_px=shot.ball.size_px / 9, centre_px=shot.ball.centre_px / 9),
        pose=replace(shot.pose, landmarks_px=shot.pose.landmarks_px / 9),
    )
    given = measured("kicking_knee", shrunk)
    assert given.value is None
    assert "pixels tall" in given.why_not
    assert "pixels wide" in measured("plant_behind", shrunk).why_not


@pytest.mark.parametrize("name", [*ANGLES, "plant_aside", "plant_behind"])
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda shot: replace(shot, kick_frame=None, kick_why_not="No kick was seen."), "No kick"),
        (lambda shot: replace(shot, pose=None), "No body"),
        (unseen_ball, "not seen to leave"),
    ],
    ids=["no kick", "no body", "no way"],
)
def test_what_cannot_be_told_is_withheld_with_a_reason(name: str, spoil, words: str) -> None:
    given = measured(name, spoil(fit(1)[0][1]))
    assert given.value is None
    assert words in given.why_not


def test_a_joint_out_of_sight_at_contact_is_said() -> None:
    true, _ = fit(1)[0]

    def hide(since: Floats, px: Floats) -> Floats:
        out = px.copy()
        out[np.abs(since) < 0.1, 11:13] = np.nan
        return out

    given = angles.trunk_lean(evidence(true, hide))
    assert given.value is None
    assert "not seen at contact" in given.why_not
    assert plant.plant_behind(evidence(true, hide)).value is not None
