"""Four corners make a goal, or are refused in words."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from kicky import scene
from kicky.errors import BadScene
from kicky.scene.calibrate import calibrate

from .stand import stand

GOAL = [(100.0, 50.0), (300.0, 60.0), (300.0, 130.0), (100.0, 120.0)]


def test_corners_survive_the_round_trip_through_a_file(tmp_path: Path) -> None:
    made = scene.from_corners(GOAL, (5.0, 2.0), camera_height_m=0.4)
    file = tmp_path / "goal.json"
    file.write_text(json.dumps(scene.to_json(made)), encoding="utf-8")
    back = scene.read(file)
    assert back.goal_corners_px.tolist() == [list(corner) for corner in GOAL]
    assert (back.goal_size_m, back.camera_height_m, back.focal_px) == ((5.0, 2.0), 0.4, None)


def test_a_file_holds_what_was_said_not_what_was_worked_out() -> None:
    seen = stand("frontal", 1)
    worked_out = calibrate(seen.scene, seen.clip, seen.things)
    assert worked_out.camera is not None
    stored = scene.to_json(worked_out)
    assert set(stored) == {"goal_corners_px", "goal_size_m", "camera_height_m", "focal_px", "source"}
    assert (stored["camera_height_m"], stored["focal_px"]) == (None, None)
    assert scene.from_json(stored).camera is None


@pytest.mark.parametrize(
    ("corners", "words"),
    [
        ([(0, 0), (100, 0), (200, 0), (0, 80)], "one line"),
        ([(0, 0), (200, 0), (100, 100), (100, 30)], "between the other three"),
        ([(0, 0), (5, 0), (5, 5), (0, 5)], "too close"),
        (GOAL[:3], "four corners"),
        ([*GOAL[:3], (float("nan"), 0)], "four corners"),
    ],
)
def test_corners_that_make_no_goal_are_refused(corners: list[tuple[float, float]], words: str) -> None:
    with pytest.raises(BadScene, match=words):
        scene.from_corners(corners)


@pytest.mark.parametrize("clicked", list(permutations(range(4))))
@pytest.mark.parametrize("tilt_deg", [-30, 0, 30])
def test_four_corners_are_taken_as_they_lie_whatever_their_order(clicked: tuple[int, ...], tilt_deg: int) -> None:
    angle = np.radians(tilt_deg)
    turned = np.array(GOAL) @ [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]] + 400
    assert scene.from_corners(turned[list(clicked)]).goal_corners_px.tolist() == turned.tolist()


def test_a_goal_seen_from_far_aside_keeps_its_posts_upright() -> None:
    aside = [(100.0, 80.0), (160.0, 20.0), (160.0, 300.0), (100.0, 220.0)]
    assert scene.from_corners(aside[::-1]).goal_corners_px.tolist() == [list(corner) for corner in aside]


@pytest.mark.parametrize("size", [(0.1, 2.0), (7.32, 44.0)])
def test_a_goal_has_a_goals_size(size: tuple[float, float]) -> None:
    with pytest.raises(BadScene, match="metres"):
        scene.from_corners(GOAL, size)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no json", "no JSON"),
        ("[1, 2]", "goal_corners_px"),
        ('{"goal_corners_px": "here"}', "where a number should be"),
        ('{"goal_corners_px": [[1, 2], [3, 4]]}', "four corners"),
        ('{"goal_corners_px": [[10, 10], [90, 10], [90, 60], [10, 60]], "focal_px": 0}', "focal_px.* above 0"),
        ('{"goal_corners_px": [[10, 10], [90, 10], [90, 60], [10, 60]], "focal_px": "far"}', "focal_px.* 'far'"),
        ('{"goal_corners_px": [[10, 10], [90, 10], [90, 60], [10, 60]], "camera_height_m": -1}', "camera_height_m"),
        ('{"goal_corners_px": [[10, 10], [90, 10], [90, 60], [10, 60]], "ball_m": 7}', "ball_m"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_a_file_that_is_no_scene_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "goal.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadScene, match=words):
        scene.read(tmp_path / "goal.json")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadScene, match=r"goal\.json cannot be read"):
        scene.read(tmp_path / "goal.json")


def test_the_goal_drawn_back_starts_at_its_own_corners() -> None:
    lines = scene.goal_lines_px(scene.from_corners(GOAL))
    left_post, right_post = lines[0], lines[1]
    np.testing.assert_allclose(left_post, [GOAL[0], GOAL[3]], atol=1e-3)
    np.testing.assert_allclose(right_post, [GOAL[1], GOAL[2]], atol=1e-3)


def test_the_thirds_of_a_goal_seen_at_a_slant_crowd_at_its_far_side() -> None:
    slant = [(100.0, 0.0), (300.0, 40.0), (300.0, 120.0), (100.0, 200.0)]
    lines = scene.goal_lines_px(scene.from_corners(slant))
    first_third, second_third = lines[2][0, 0], lines[3][0, 0]
    assert first_third - 100 > second_third - first_third > 300 - second_third


def test_a_goal_file_with_a_mark_and_a_number_in_quotes_is_read(tmp_path: Path) -> None:
    values = {"goal_corners_px": [[10, 10], [90, 10], [90, 60], [10, 60]], "camera_height_m": "1.4", "focal_px": 900}
    (tmp_path / "goal.json").write_text(json.dumps(values), encoding="utf-8-sig")
    found = scene.read(tmp_path / "goal.json")
    assert (found.camera_height_m, found.focal_px) == (1.4, 900)
