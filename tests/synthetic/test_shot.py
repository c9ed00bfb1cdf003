"""Sampling: the kinds are what they claim, the truth fits together, the same seed gives the same shot."""

import numpy as np
import pytest

from kicky.domain import How, Verdict
from kicky.errors import KickyError, UnknownPart
from kicky.synthetic import KINDS, VIEWS, SyntheticShot, sample
from kicky.synthetic.camera import goal_corners_px
from kicky.synthetic.physics import BALL_RADIUS_M, POST_RADIUS_M

SMALL = (480, 270)


@pytest.fixture(scope="module")
def shots() -> list[SyntheticShot]:
    """-> a few of each kind from each view."""
    return [
        sample(seed, view=view, kind=kind, size_wh=SMALL if seed % 2 else (270, 480), fps=(30, 60)[seed % 2])
        for seed in range(3)
        for view in VIEWS
        for kind in KINDS
        if not (seed % 2 == 0 and view == "side")  # upright, a side view shows too little
    ]


def test_each_kind_ends_as_it_must(shots):
    for shot in shots:
        half, height = shot.goal_size_m[0] / 2, shot.goal_size_m[1]
        beyond = shot.ball_xyz_m[:, 1] < -(BALL_RADIUS_M + POST_RADIUS_M)
        assert (shot.outcome is Verdict.GOAL) == (shot.kind == "goal")
        if shot.kind in ("goal", "over", "wide"):
            x, z = shot.crossing_m
            clear = {
                "goal": min(half - abs(x), height - z) - BALL_RADIUS_M,
                "over": z - BALL_RADIUS_M - height - 2 * POST_RADIUS_M - 0.15,
                "wide": abs(x) - BALL_RADIUS_M - half - 2 * POST_RADIUS_M - 0.15,
            }
            assert clear[shot.kind] > 0, (shot.name, shot.kind)
            assert beyond.any()
        if shot.kind == "goal":
            assert (np.abs(shot.ball_xyz_m[beyond, 0]) < half + 1).all()
            assert (shot.ball_xyz_m[beyond, 2] < height + 0.5).all()
        if shot.kind in ("short", "in_front", "from_goal"):
            assert shot.crossing_m is None
            assert shot.ball_xyz_m[:, 1].min() > 0
        if shot.kind == "post":
            assert shot.flight.frame_s is not None


def test_how_is_named_from_the_shooters_side(shots):
    expected = {"goal": How.IN_NET, "over": How.OVER, "post": How.POST, "short": How.SHORT, "in_front": How.SHORT,
                "from_goal": How.UNCLEAR}  # fmt: skip
    for shot in shots:
        assert shot.how is expected.get(shot.kind, shot.how)
        if shot.kind == "wide":
            assert shot.how is (How.WIDE_RIGHT if shot.crossing_m[0] > 0 else How.WIDE_LEFT)


def test_a_ball_in_front_passes_through_the_mouth_in_the_picture(shots):
    for shot in (s for s in shots if s.kind == "in_front"):
        a, b = shot.goal_corners_px.min(axis=0), shot.goal_corners_px.max(axis=0)
        assert ((shot.ball_px > a) & (shot.ball_px < b)).all(axis=1).any()


def test_the_picture_holds_the_goal_and_the_ball(shots):
    for shot in shots:
        for px in (*shot.goal_corners_px, shot.ball_px[0]):
            assert (px > 0).all()
            assert (px < shot.size_wh_px).all()


def test_truth_fits_together(shots):
    for shot in shots:
        np.testing.assert_allclose(shot.goal_corners_px, goal_corners_px(shot.camera, shot.goal))
        np.testing.assert_allclose(shot.camera.project(shot.ball_xyz_m), shot.ball_px)
        assert shot.speed_kmh == pytest.approx(3.6 * np.linalg.norm(shot.flight.velocity_ms[0]))
        assert 2.4 < shot.time_s[-1] < 4.1
        assert 0.85 < shot.contact_time_s < 1.45
        assert 0.3 <= shot.camera.position_m[2] <= 1.6


def test_the_ball_moves_only_after_contact(shots):
    for shot in shots:
        before = shot.ball_px[: shot.contact_frame + 1]
        np.testing.assert_allclose(before, np.broadcast_to(before[0], before.shape), atol=1e-9)
        assert np.linalg.norm(shot.ball_xyz_m[shot.contact_frame + 2] - shot.ball_xyz_m[0]) > 0.1
        assert shot.time_s[shot.contact_frame] <= shot.contact_time_s < shot.time_s[shot.contact_frame + 1]


def test_early_flight_has_the_launch_speed(shots):
    for shot in shots:
        after = np.array([shot.contact_time_s, shot.contact_time_s + 0.02])
        way = np.diff(shot.ball_at(after), axis=0)[0]
        assert np.linalg.norm(way) / 0.02 * 3.6 == pytest.approx(shot.speed_kmh, rel=0.03)


def test_by_chance_both_feet_and_every_view_and_kind_come():
    drawn = [sample(seed, size_wh=SMALL) for seed in range(40)]
    assert {s.foot for s in drawn} == {"left", "right"}
    assert {s.view for s in drawn} == set(VIEWS)
    assert {s.kind for s in drawn} == set(KINDS)
    assert {s.night for s in drawn} == {True, False}
    assert len({s.goal_size_m for s in drawn}) == 3


def test_the_same_seed_is_the_same_shot_and_another_is_not():
    a, b, c = sample(5, size_wh=SMALL), sample(5, size_wh=SMALL), sample(6, size_wh=SMALL)
    np.testing.assert_array_equal(a.ball_px, b.ball_px)
    np.testing.assert_array_equal(a.joints_px, b.joints_px)
    assert a.ball_px.shape != c.ball_px.shape or not np.allclose(a.ball_px, c.ball_px)


@pytest.mark.parametrize(
    ("wish", "choices"),
    [({"view": "above"}, VIEWS), ({"kind": "lob"}, KINDS), ({"foot": "both"}, ("right", "left"))],
)
def test_what_does_not_exist_is_refused_with_the_choices(wish, choices):
    with pytest.raises(UnknownPart, match=", ".join(choices)) as caught:
        sample(1, **wish)
    assert isinstance(caught.value, KickyError)


@pytest.mark.parametrize("wish", [{"fps": 0}, {"size_wh": (481, 270)}, {"size_wh": (20, 20)}])
def test_a_film_that_cannot_be_is_refused(wish):
    with pytest.raises(ValueError, match="even size"):
        sample(1, **wish)
