"""A goal clicked on a picture of another size is taken to the film's own, or refused; never judged by as it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from kicky.domain import Clip, Report
from kicky.errors import BadScene
from kicky.scene import from_corners, from_json, read, to_json
from kicky.scene.sized import in_film, refuse_other_size
from kicky.service import judging

from .. import films

SIZE = 1280, 720
CORNERS = np.array([(410, 250), (890, 254), (892, 412), (406, 408)], dtype=float)


@pytest.fixture
def clip() -> Clip:
    return Clip(Path("kick.mp4"), "ab" * 32, SIZE, np.arange(9) / 30)


def pitch(size: tuple[int, int] = SIZE) -> Any:
    """-> a still picture with a goal at CORNERS, of whatever size."""
    picture = cv2.GaussianBlur(films.textured(*SIZE) // 4 + 40, (0, 0), 3)
    post = np.round((CORNERS[[3, 0, 1, 2]] + [(-4, 0), (-4, -4), (4, -4), (4, 0)]) * 16).astype(np.int32)
    cv2.polylines(picture, [post], False, (240, 240, 240), 8, cv2.LINE_AA, 4)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("scale", [1.0, 0.5, 2.0, 2 / 3])
def test_corners_go_along_with_the_size_of_their_picture(clip: Clip, scale: float) -> None:
    size = [round(side * scale) for side in SIZE]
    values = {"goal_corners_px": (CORNERS * scale).tolist(), "picture_px": size, "focal_px": 1000 * scale}
    scene = from_json(json.loads(json.dumps(values)))
    assert to_json(scene)["picture_px"] == size
    mine = in_film(scene, clip)
    np.testing.assert_allclose(mine.goal_corners_px, CORNERS, atol=0.5)
    assert mine.focal_px == pytest.approx(1000, rel=1e-3)
    assert mine.picture_wh_px is None
    assert "picture_px" not in to_json(mine)
    np.testing.assert_array_equal(in_film(mine, clip).goal_corners_px, mine.goal_corners_px)


def test_a_picture_of_another_shape_is_refused(clip: Clip) -> None:
    scene = from_json({"goal_corners_px": CORNERS.tolist(), "picture_px": [960, 720]})
    with pytest.raises(BadScene, match=r"^kick\.mp4 is 1280 × 720, but .* 960 × 720: click its"):
        in_film(scene, clip)


@pytest.mark.parametrize("given", ["wide", [0, 720], [1280], 5, [1280, -1], [float("inf"), 1]])
def test_a_size_that_is_none_is_refused(given: Any) -> None:
    with pytest.raises(BadScene, match="picture_px"):
        from_json({"goal_corners_px": CORNERS.tolist(), "picture_px": given})


@pytest.mark.parametrize(
    ("shift", "kept"), [((0, 0), True), ((500, 0), True), ((900, 0), False), ((0, -700), False), ((-800, 0), False)]
)
def test_corners_far_outside_are_refused(clip: Clip, shift: tuple[int, int], kept: bool) -> None:
    scene = from_corners(CORNERS + shift)
    if kept:
        assert in_film(scene, clip) is scene
    else:
        with pytest.raises(BadScene, match=r"far outside the picture of kick\.mp4, which is 1280 × 720 pixels: click"):
            in_film(scene, clip)


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (1920, 1080), (2560, 1440)])
def test_posts_and_bar_tell_that_the_corners_are_of_another_size(size: tuple[int, int]) -> None:
    picture, scale = pitch(size), size[0] / SIZE[0]
    scene = from_corners(CORNERS)
    if scale == 1:
        refuse_other_size(scene, picture)
    elif scale > 1:
        with pytest.raises(BadScene, match=rf"picture of 1280 × 720, but this film is {size[0]} × {size[1]}"):
            refuse_other_size(scene, picture)
    refuse_other_size(from_corners(CORNERS * scale), picture)


def test_a_goal_that_nothing_is_seen_of_is_not_doubted() -> None:
    refuse_other_size(from_corners(CORNERS), pitch() // 40)
    refuse_other_size(from_corners(CORNERS + (37, 61)), pitch())


def test_the_film_a_goal_was_clicked_on_tells_its_size(
    make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("kicky.pipeline.analyze", lambda *given, **_: asked.append(given[2]) or make_report())
    film = films.write(tmp_path / "kick.mp4", [films.numbered(i) for i in range(9)])
    half = films.write(tmp_path / "half.mp4", [films.numbered(i, 80, 48) for i in range(9)])
    goal = tmp_path / "goal.json"
    corners = [(20, 10), (60, 10), (60, 30), (20, 30)]
    for stated, taken in ((None, (80, 48)), ([160, 96], (160, 96))):
        goal.write_text(json.dumps({"goal_corners_px": corners, "picture_px": stated}))
        judging.analyze_file(film, goal, clicked_on=half)
        assert asked[-1].picture_wh_px == taken
    assert read(goal).picture_wh_px == (160, 96)
