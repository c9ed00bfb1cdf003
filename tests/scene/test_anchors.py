"""What stands on the ground is found in the tracks; what rolls, stoops or is cut off is not used."""

from dataclasses import replace

import numpy as np
import pytest

from kicky.domain import Floats, Shot
from kicky.scene.anchors import RUNNER_M, anchors, ball, heights, person, places_m

from .stand import film, shot_of, stand, track

FRAMES = 60
LIES = np.array([900.0, 700.0])


def someone(centre: tuple[float, float], size: tuple[float, float], frames: int = FRAMES) -> Floats:
    """-> (FRAMES, 4) the same box in the first `frames`, NaN after."""
    rows = np.full((FRAMES, 4), np.nan)
    rows[:frames] = [*centre, *size]
    return rows


def with_person(rows: Floats) -> Shot:
    lying = shot_of(film(), None, LIES, 40.0)
    return replace(lying, players=(track("P1", rows[:, :2], rows[:, 2:]),))


def test_the_lying_ball_is_where_and_as_wide_as_it_usually_was() -> None:
    shot = shot_of(film(), None, LIES, 40.0)
    place, size = shot.ball.centre_px.copy(), shot.ball.size_px.copy()
    place[3], size[5] = [1200, 300], [80, 80]  # one wrong sighting, one wrong size
    found = anchors(replace(shot, ball=track("ball", place, size)))
    assert [thing.kind for thing in found] == ["ball"]
    assert found[0].at_px.tolist() == [900, 700]
    assert found[0].size_px == 40.0


def test_what_is_seen_after_the_kick_does_not_count() -> None:
    shot = shot_of(film(), None, LIES, 40.0, kick_frame=20)
    place, size = shot.ball.centre_px.copy(), shot.ball.size_px.copy()
    place[21:], size[21:] = [300, 300], 10.0
    assert anchors(replace(shot, ball=track("ball", place, size)))[0].at_px.tolist() == [900, 700]


def test_a_ball_that_rolls_is_no_anchor() -> None:
    shot = shot_of(film(), None, LIES, 40.0)
    place = shot.ball.centre_px + np.arange(FRAMES)[:, None] * [3.0, 0.0]
    assert anchors(replace(shot, ball=track("ball", place, shot.ball.size_px))) == []


def test_without_a_kick_nobody_knows_that_the_ball_lay() -> None:
    assert anchors(replace(shot_of(film(), None, LIES, 40.0), kick_frame=None, kick_why_not="no ball")) == []


def test_a_ball_seen_for_a_moment_is_no_anchor() -> None:
    assert anchors(shot_of(film(), None, LIES, 40.0, kick_frame=3)) == []


def test_a_person_counts_with_feet_and_head_where_they_stand_tallest() -> None:
    rows = someone((500.0, 600.0), (70.0, 190.0))
    rows[30:40] = [510.0, 590.0, 80.0, 210.0]
    found = anchors(with_person(rows))
    assert [thing.kind for thing in found] == ["ball", "person"]
    assert found[1].at_px.tolist() == [510, 695]
    assert (found[1].size_px, found[1].size_m) == (210, RUNNER_M)


@pytest.mark.parametrize(
    ("why", "rows"),
    [
        ("cut by the picture's edge", someone((500.0, 980.0), (70.0, 200.0))),
        ("stooping or two people", someone((500.0, 600.0), (150.0, 200.0))),
        ("a pole", someone((500.0, 600.0), (20.0, 200.0))),
        ("too small to measure", someone((500.0, 600.0), (15.0, 40.0))),
        ("seen for a moment", someone((500.0, 600.0), (70.0, 200.0), frames=4)),
    ],
)
def test_who_is_not_seen_whole_is_no_anchor(why: str, rows: Floats) -> None:
    assert [thing.kind for thing in anchors(with_person(rows))] == ["ball"], why


@pytest.mark.parametrize("view", ["frontal", "oblique", "behind"])
def test_things_of_known_size_are_where_they_are(view: str) -> None:
    """A person's depth comes from their height whatever the tilt and the roll, but for the lean in the picture."""
    seen = stand(view, 12)
    feet = np.array([0.5, 4.0, 0.0])
    upright = person(seen.phone.project(feet), seen.phone.project(feet + [0, 0, 1.75]))
    lying = ball(seen.phone.project(seen.ball_m), float(seen.phone.focal_px * 0.22 / seen.phone.depth_m(seen.ball_m)))
    places, depth = places_m(seen.truth, [upright, lying], (1920, 1080))
    np.testing.assert_allclose(places, [feet, seen.ball_m], atol=0.05)
    assert depth[1] == pytest.approx(seen.phone.depth_m(seen.ball_m))
    above, sigma = heights(seen.truth, [upright, lying], (1920, 1080))
    assert (np.abs(above) < 0.02).all()
    assert (sigma > 0.02).all()


def test_a_ball_seen_too_wide_is_put_right() -> None:
    seen = stand("frontal", 12)
    true_px = float(seen.phone.focal_px * 0.22 / seen.phone.depth_m(seen.ball_m))
    wide = ball(seen.phone.project(seen.ball_m), true_px + 2.0)
    off = [abs(heights(seen.truth, [wide], (1920, 1080), bias)[0][0]) for bias in (0.0, 2.0)]
    assert off[1] < 1e-6 < off[0]
