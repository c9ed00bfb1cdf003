"""The pictures: the ball is where the truth says, and a pose model finds the shooter."""

import numpy as np
import pytest

from kicky.home import models
from kicky.synthetic import JOINTS, render, sample
from kicky.synthetic.paint import Painter

SMALL = (480, 270)
TRUNK = {"left_shoulder": 11, "right_shoulder": 12, "left_hip": 23, "right_hip": 24}


def blob(image: np.ndarray, empty: np.ndarray, near: np.ndarray, reach: int) -> np.ndarray:
    """-> centre of what differs from the empty picture near a point."""
    x, y = np.round(near).astype(int)
    top, left = max(y - reach, 0), max(x - reach, 0)
    rows, columns = slice(top, y + reach + 1), slice(left, x + reach + 1)
    weight = np.abs(image[rows, columns].astype(float) - empty[rows, columns]).max(axis=2)
    weight[weight < 30] = 0
    ys, xs = np.mgrid[rows.start : rows.start + weight.shape[0], columns.start : columns.start + weight.shape[1]]
    assert weight.sum() > 0, "nothing was painted there"
    return np.array([(xs * weight).sum(), (ys * weight).sum()]) / weight.sum()


@pytest.mark.parametrize(("view", "seed"), [("behind", 5), ("diagonal", 1), ("side", 4), ("behind_goal", 3)])
def test_the_painted_ball_is_where_the_truth_says(view, seed):
    shot = sample(seed, view=view, kind="over", size_wh=SMALL, fps=30, night=False)
    painter = Painter(shot)
    frames = [f for f in range(shot.contact_frame + 8, shot.contact_frame + 22, 3) if _apart(shot, f)]
    assert len(frames) >= 2
    for frame in frames:
        reach = int(shot.ball_diameter_px[frame]) + 4
        found = blob(painter.frame(frame), painter.still, shot.ball_px[frame], reach)
        assert np.linalg.norm(found - shot.ball_px[frame]) < 1.5


def _apart(shot, frame: int) -> bool:
    """-> is the ball in the picture, away from the shooter."""
    px, (w, h) = shot.ball_px[frame], shot.size_wh_px
    inside = (px > 12).all() and px[0] < w - 12 and px[1] < h - 12
    low, high = shot.joints_px[frame].min(axis=0) - 14, shot.joints_px[frame].max(axis=0) + 14
    return bool(inside and not ((px > low) & (px < high)).all())


def test_a_frame_is_the_size_asked_and_repeats_itself():
    shot = sample(1, size_wh=SMALL, kind="goal")
    one, two = (next(render(shot)) for _ in range(2))
    assert one.shape == (270, 480, 3)
    assert one.dtype == np.uint8
    np.testing.assert_array_equal(one, two)


def test_the_still_world_stays_still():
    shot = sample(2, view="behind", size_wh=SMALL, night=False)
    painter = Painter(shot)
    a, b = painter.frame(0).astype(int), painter.frame(4).astype(int)
    assert np.abs(a[:40] - b[:40]).max() < 25  # the sky: nothing but sensor noise
    assert np.abs(a - b).max() > 60  # the shooter runs


def test_a_ball_in_the_net_pushes_it_out():
    shot = sample(3, view="behind", kind="goal", size_wh=SMALL)
    painter = Painter(shot)
    pushed = int((shot.contact_time_s + shot.flight.net_s + 0.08) * shot.fps)
    x0, y0, x1, y1 = painter.netting.box
    moved = np.abs(painter.frame(pushed)[y0:y1, x0:x1].astype(int) - painter.still[y0:y1, x0:x1]).max(axis=2) > 20
    assert moved.sum() > np.pi / 4 * shot.ball_diameter_px[pushed] ** 2


def test_night_is_darker_than_day():
    day, night = (next(render(sample(4, view="behind", size_wh=SMALL, night=dark))).mean() for dark in (False, True))
    assert night < 0.8 * day


@pytest.mark.slow
def test_mediapipe_finds_the_shooter_with_right_and_left_right():
    model = models() / "pose_landmarker.task"
    if not model.exists():
        pytest.skip("models/pose_landmarker.task is missing: run `python -m kicky models pull pose`")
    mediapipe = pytest.importorskip("mediapipe")
    vision = mediapipe.tasks.vision
    options = vision.PoseLandmarkerOptions(mediapipe.tasks.BaseOptions(model_asset_path=str(model)))
    found = right = 0
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        for seed, view in ((0, "behind"), (3, "behind"), (4, "diagonal"), (5, "side")):
            shot = sample(seed, view=view, foot=("right", "left")[seed % 2], size_wh=(1920, 1080), night=False)
            painter = Painter(shot)
            for frame in (shot.contact_frame - 3, shot.contact_frame + 3):
                image, truth, low = _crop(painter.frame(frame), shot.joints_px[frame])
                answer = landmarker.detect(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image))
                if not answer.pose_landmarks:
                    continue
                found += 1
                marks = np.array([(p.x, p.y) for p in answer.pose_landmarks[0]]) * image.shape[1::-1] + low
                points = {name: marks[row] for name, row in TRUNK.items()}
                same = sum(np.linalg.norm(points[n] - truth[JOINTS.index(n)]) for n in TRUNK)
                swap = {n: n.replace("left", "?").replace("right", "left").replace("?", "right") for n in TRUNK}
                crossed = sum(np.linalg.norm(points[n] - truth[JOINTS.index(swap[n])]) for n in TRUNK)
                right += bool(same < crossed)
    assert found >= 7
    assert right >= found - 1


def _crop(image: np.ndarray, joints: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """-> RGB around the shooter, the joints, and the crop's corner."""
    middle, half = (joints.min(axis=0) + joints.max(axis=0)) / 2, 0.85 * np.ptp(joints, axis=0).max()
    low = np.maximum(middle - half, 0).astype(int)
    high = (middle + half).astype(int)
    return np.ascontiguousarray(image[low[1] : high[1], low[0] : high[0], ::-1]), joints, low
