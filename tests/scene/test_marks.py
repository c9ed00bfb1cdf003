"""The pitch's marks, clicked: what they tell of the camera, where they contradict, and how they are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kicky.camera import project
from kicky.domain import Scene
from kicky.errors import BadScene
from kicky.scene import from_json, marks, to_json
from kicky.scene.calibrate import calibrate

from .stand import Stand, stand
from .test_calibrate import calibrated


def clicked(seen: Stand, *kinds: str, off_m: float = 0.0, click_px: float = 1.0) -> Scene:
    """-> the stand's goal with those marks clicked, in a picture that shows them so far from where they are."""
    rng, size = np.random.default_rng(1), seen.clip.size_wh_px
    values = to_json(seen.scene) | {"marks": {}}
    for name in kinds:
        kind = marks.KINDS[name]
        xs = np.linspace(-0.9, 0.9, 19) * kind.half_m if kind.clicks > 1 else np.zeros(1)
        px, depth = project(seen.truth, np.array([[x, kind.away_m + off_m, 0.0] for x in xs]), size)
        there = px[(depth > 1) & (px > 0).all(axis=1) & (px < size).all(axis=1)]
        if len(there) >= kind.clicks:
            ends = there[[0, -1][: kind.clicks]]
            values["marks"][name] = (ends + rng.normal(0, click_px, ends.shape)).tolist()
    return from_json(values)


def errors(*kinds: str) -> tuple[float, float]:
    """-> the median error of the focal length without and with these marks, as a share of it."""
    off = []
    for seed in range(20):
        seen = stand("frontal", seed)
        with_marks = clicked(seen, *kinds)
        if len(with_marks.marks) == len(kinds):
            both = calibrated(seen), calibrated(replace(seen, scene=with_marks))
            off.append([abs(one.parameters[0] - seen.truth[0]) for one in both])
    assert len(off) > 5
    without, known = np.median(off, axis=0)
    return float(without), float(known)


@pytest.mark.parametrize("kinds", [("goal_area",), ("spot",), ("goal_area", "spot")])
def test_a_line_tells_the_lens_from_the_distance(kinds: tuple[str, ...]) -> None:
    without, known = errors(*kinds)
    assert known < 0.7 * without


def test_what_they_would_be_worth_is_what_they_are() -> None:
    """Told beforehand, from a camera found without them."""
    ratios = []
    for seed in range(12):
        seen = stand("frontal", seed)
        scene = clicked(seen, *marks.KINDS)
        before, after = calibrated(seen), calibrated(replace(seen, scene=scene))
        ratios.append(marks.worth(before, 2.0) / np.sqrt(after.covariance[0, 0]))
    assert 0.4 < float(np.median(ratios)) < 2.0


def test_marks_that_contradict_the_goal_are_left_out_and_named() -> None:
    seen = stand("oblique", 4)
    wrong = clicked(seen, "goal_area", off_m=9.0)
    assert wrong.marks
    placed = calibrate(wrong, seen.clip, seen.things)
    assert placed.camera is not None
    assert placed.given_up.startswith("The lines or the spot that were clicked do not fit the goal")
    assert placed.camera.parameters == pytest.approx(calibrated(seen).parameters, abs=0.05)


def test_a_goal_seen_from_behind_has_its_marks_beyond_it() -> None:
    seen = stand("frontal", 2)
    scene = clicked(seen, "goal_area", "box")
    placed = calibrate(scene, seen.clip, seen.things)
    assert placed.camera is not None
    turned = placed.camera.parameters * np.array([1, 1, 1, 1, -1, -1, 1]) + np.array([0, np.pi, 0, 0, 0, 0, 0])
    both = np.stack([placed.camera.parameters, turned])
    rows = marks.off(both, scene.marks, scene.goal_corners_px, seen.clip.size_wh_px, 2.0)
    np.testing.assert_allclose(np.abs(rows[0]), np.abs(rows[1]), atol=1e-6)


def test_they_go_with_the_goal_where_the_picture_shifts_or_is_scaled() -> None:
    scene = clicked(stand("frontal", 2), "goal_area")
    (mark,) = scene.marks
    before = marks.placed(mark, scene.goal_corners_px)
    np.testing.assert_allclose(marks.placed(mark, scene.goal_corners_px / 2 + [30, -4]), before / 2 + [30, -4])


def test_they_are_drawn_where_the_pitch_has_them() -> None:
    seen = stand("frontal", 2)
    scene = clicked(seen, "goal_area", click_px=0.0)
    camera = calibrated(replace(seen, scene=scene))
    (way,) = marks.drawn_px(camera, scene.marks)
    for point in marks.placed(scene.marks[0], scene.goal_corners_px):
        start, along = way[:-1], np.diff(way, axis=0)
        share = np.clip(((point - start) * along).sum(axis=1) / (along**2).sum(axis=1), 0, 1)[:, None]
        assert np.hypot(*(start + share * along - point).T).min() < 3


GOAL = {"goal_corners_px": [[100, 50], [200, 50], [200, 90], [100, 90]]}


@pytest.mark.parametrize(
    "bad", [{"moon": [[1, 2]]}, {"box": [[1, 2]]}, {"spot": [[1, float("nan")]]}, {"spot": [[1, 2, 3]]}]
)
def test_what_is_no_mark_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(BadScene):
        from_json(GOAL | {"marks": bad})


def test_no_other_goal_than_a_full_sized_one_has_marks_of_known_place() -> None:
    assert set(marks.offered((7.32, 2.44))) == {"goal_area", "box", "spot"}
    assert marks.offered((5.0, 2.0)) == {}


def test_a_scene_keeps_them_in_its_file() -> None:
    scene = clicked(stand("frontal", 2), "goal_area", "box")
    again = from_json(to_json(scene))
    assert scene.marks
    for before, after in zip(scene.marks, again.marks, strict=True):
        assert before.kind == after.kind
        np.testing.assert_allclose(after.at, before.at, atol=1e-3)


def test_a_ball_that_does_not_fit_takes_no_line_with_it() -> None:
    seen = stand("oblique", 4)
    scene = replace(clicked(seen, "goal_area", "box"), camera_height_m=float(seen.truth[6]))
    wide = replace(seen.things[0], size_px=5 * seen.things[0].size_px)
    placed = calibrate(scene, seen.clip, [wide])
    assert placed.camera is not None
    assert "ball" in placed.given_up
    alone = calibrate(scene, seen.clip, []).camera
    assert alone is not None
    assert placed.camera.parameters == pytest.approx(alone.parameters, abs=0.5)
