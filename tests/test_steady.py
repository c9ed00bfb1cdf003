"""A camera that moved a little: pictures laid on one frame, and places told in the film's own again."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from kicky import render, video
from kicky.domain import (
    Candidates,
    Clip,
    Floats,
    Foot,
    FootCall,
    How,
    Outcome,
    Report,
    Scene,
    Shot,
    Steadying,
    Track,
    Verdict,
)
from kicky.errors import StorageFailed
from kicky.footage import as_filmed, only_new
from kicky.scene import clicked
from kicky.storage import archive
from kicky.video.steady import Steadied, scaling

from .films import textured

WIDTH, HEIGHT, COUNT, REFERENCE = 320, 180, 12, 5
PAN_PX = 3.0


def panned(larger: float = 1.0) -> Floats:
    """-> (T, 3, 3): the scenery goes left by PAN_PX a frame, and a frame after the reference is so much larger."""
    laid = np.tile(np.eye(3), (COUNT, 1, 1))
    for frame in range(COUNT):
        scale = larger ** (frame - REFERENCE)
        laid[frame] = [[1 / scale, 0, PAN_PX * (frame - REFERENCE)], [0, 1 / scale, 0], [0, 0, 1]]
    return laid


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    """A film of a still field that a slow pan goes over."""
    wide = textured(WIDTH + 100, HEIGHT, seed=3)
    path = tmp_path / "pan.mp4"
    with video.FilmWriter(path, (WIDTH, HEIGHT), np.arange(COUNT) / 30) as film:
        for frame in range(COUNT):
            left = round(PAN_PX * frame)
            film.add(np.ascontiguousarray(wide[:, left : left + WIDTH]), frame / 30)
    return replace(video.open_clip(path), steadying=Steadying(panned(), REFERENCE))


def track(label: str, x: float, y: float, side: float = 8.0) -> Track:
    """-> something that lies still at (x, y) of the reference."""
    places, seen = np.tile([x, y], (COUNT, 1)), np.ones(COUNT)
    return Track(label, places, np.full((COUNT, 2), side), seen, seen.astype(bool))


@pytest.mark.parametrize("side", [None, 160])
def test_what_stands_still_lies_in_the_same_place_in_every_picture(clip: Clip, side: int | None) -> None:
    pictures = dict(video.frames(clip, gray=True, max_side_px=side))
    edge = 8  # where compression of the border shows
    for frame, image in pictures.items():
        apart = cv2.absdiff(image, pictures[REFERENCE])[edge:-edge, edge:-edge].astype(float)
        assert apart.mean() < 4, frame
    bare = dict(video.frames(clip, gray=True, max_side_px=side, as_filmed=True))
    assert cv2.absdiff(bare[0], bare[REFERENCE]).astype(float).mean() > 12
    np.testing.assert_array_equal(bare[REFERENCE], pictures[REFERENCE])


def test_what_a_frame_does_not_show_is_as_the_reference_has_it(clip: Clip) -> None:
    reference = video.still(clip, REFERENCE)
    shown = np.full((HEIGHT, WIDTH, 3), 9, np.uint8)
    assert clip.steadying is not None
    moved = Steadied(clip.steadying, (WIDTH, HEIGHT), reference)(0, shown)
    covered = round(WIDTH - REFERENCE * PAN_PX)
    assert (moved[4:-4, 4 : covered - 4] == 9).all()
    np.testing.assert_array_equal(moved[:, covered:], reference[:, covered:])


def test_a_camera_that_stood_still_is_not_touched(clip: Clip) -> None:
    still = replace(clip, steadying=None)
    for (_, image), (_, same) in zip(video.frames(still), video.frames(still, as_filmed=True), strict=True):
        np.testing.assert_array_equal(image, same)


def test_a_smaller_picture_s_pixels_lie_where_they_are_in_the_film() -> None:
    onto = scaling((8, 4), (2, 1))
    np.testing.assert_allclose(onto @ [1.5, 1.5, 1], [0, 0, 1])  # the middle of the first 4 by 4 pixels


def test_places_come_back_to_the_film_s_own_frames() -> None:
    laid = Steadying(panned(larger=1.02), REFERENCE)
    bare = Clip(Path("kick.mp4"), "0", (WIDTH, HEIGHT), np.arange(COUNT) / 30, steadying=laid)
    seen = np.array([0, REFERENCE, 9])
    found = Candidates(seen, np.tile([100.0, 50.0], (3, 1)), np.full(3, 8.0), np.ones(3))
    corners = np.array([[200, 40], [300, 42], [300, 92], [200, 90]], dtype=float)
    shot = Shot(bare, track("ball", 100, 50), (track("P1", 60, 80, 40),), Scene(corners), candidates=found)
    told = as_filmed(shot)
    assert told.clip.steadying is None
    for frame in range(COUNT):
        scale = 1.02 ** (frame - REFERENCE)
        x = (100 - PAN_PX * (frame - REFERENCE)) * scale
        np.testing.assert_allclose(told.ball.centre_px[frame], [x, 50 * scale])
        np.testing.assert_allclose(told.ball.size_px[frame], 8 * scale)
        np.testing.assert_allclose(laid.to_reference(frame, told.ball.centre_px[frame]), [100, 50])
    assert told.candidates is not None
    np.testing.assert_allclose(told.candidates.centre_px, told.ball.centre_px[seen])
    np.testing.assert_allclose(told.candidates.diameter_px, told.ball.size_px[seen, 0])
    assert told.scene is not None
    np.testing.assert_allclose(laid.to_reference(0, told.scene.goal_corners_px), corners)
    still = replace(shot, clip=replace(bare, steadying=None))
    assert as_filmed(still) is still


def test_the_film_is_drawn_on_as_it_was_filmed(clip: Clip, tmp_path: Path) -> None:
    corners = np.array([[200, 40], [300, 42], [300, 92], [200, 90]], dtype=float)
    shot = Shot(clip, track("ball", 100, 120), (), Scene(corners))
    report = Report(
        shot, Outcome(Verdict.UNSURE, 0.5, How.UNCLEAR, "", COUNT - 1), FootCall(Foot.UNSURE, 0.5, ""), (), {}
    )
    plain = replace(report, shot=replace(shot, ball=track("ball", np.nan, np.nan)))
    for number in (1, 10):
        drawn, bare = (np.full((HEIGHT, WIDTH, 3), 90, np.uint8) for _ in range(2))
        render.Artist(report, [None] * COUNT).draw_ball(drawn, number)
        assert (drawn != 90).any()
        drawn = bare.copy()
        render.Artist(report, [None] * COUNT).draw(drawn, number)
        without = bare.copy()
        render.Artist(plain, [None] * COUNT).draw(without, number)
        _, columns = np.nonzero((drawn != without).any(axis=2))
        assert columns.mean() == pytest.approx(100 - PAN_PX * (number - REFERENCE), abs=1.5)


def test_a_steadying_is_kept_with_its_shot(clip: Clip, tmp_path: Path) -> None:
    whole = replace(clip, new=np.arange(COUNT) % 2 == 0)
    archive.write(tmp_path / "shot.npz", Shot(whole, track("ball", 1, 1)))
    read = archive.read(tmp_path / "shot.npz", clip.path).clip
    assert read.steadying is not None
    assert read.new is not None
    assert read.steadying.reference == REFERENCE
    np.testing.assert_array_equal(read.steadying.homography, panned())
    np.testing.assert_array_equal(read.new, whole.new)
    assert archive.is_steadied(tmp_path / "shot.npz")
    half = only_new(read)
    assert half.steadying is not None
    assert half.steadying.reference == 2  # frame 4 comes next before it
    archive.write(tmp_path / "still.npz", Shot(replace(clip, steadying=None), track("ball", 1, 1)))
    still = archive.read(tmp_path / "still.npz", clip.path).clip
    assert (still.steadying, still.new) == (None, None)
    assert not archive.is_steadied(tmp_path / "still.npz")


def test_evidence_whose_pictures_lie_on_a_line_is_refused(clip: Clip, tmp_path: Path) -> None:
    flat = replace(clip, steadying=Steadying(np.zeros((COUNT, 3, 3)), REFERENCE))
    archive.write(tmp_path / "shot.npz", Shot(flat, track("ball", 1, 1)))
    with pytest.raises(StorageFailed, match="is damaged: analyse its clip again"):
        archive.read(tmp_path / "shot.npz", clip.path)


@pytest.mark.parametrize("frame", [0, 9])
def test_a_goal_is_carried_from_the_frame_it_was_clicked_on(
    clip: Clip, frame: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody says on which picture he clicked: it is the one from which the corners come to lie on the wood."""
    corners = np.array([[110, 50], [230, 50], [230, 110], [110, 110]], dtype=float)
    picture = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    for one, other in ((0, 1), (1, 2), (3, 0)):
        outward = {0: (0, -2), 1: (2, 0), 3: (-2, 0)}[one]
        ends = [tuple((corners[k] + outward).astype(int).tolist()) for k in (one, other)]
        cv2.line(picture, ends[0], ends[1], (240, 240, 240), 4)
    monkeypatch.setattr(clicked, "still_picture", lambda _clip: picture)
    assert clip.steadying is not None
    scene = Scene(clip.steadying.to_film(frame, corners))
    np.testing.assert_allclose(clicked.steadied(scene, clip).goal_corners_px, corners, atol=PAN_PX / 2)
    assert clicked.steadied(scene, replace(clip, steadying=None)) is scene
