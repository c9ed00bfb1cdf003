"""Films in which frames are repeated: which are new, where takes end, how answers come back to the film's frames."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from kicky.domain import Candidates, Clip, Flight, Foot, FootCall, How, Outcome, Pose, Report, Shot, Track, Verdict
from kicky.footage import first_take, in_film, new_number, only_new, shot_of_new, survey
from kicky.footage.repeats import new_frames
from kicky.video import frames, open_clip

from . import films
from .films import Image, textured

WIDTH, HEIGHT = 320, 180
Filmed = Callable[[list[Image], int], Clip]


def walk(count: int, start: float, step: float = 2.5) -> list[Image]:
    """A still field and somebody who walks through it."""
    field = textured(WIDTH, HEIGHT, seed=2)
    images = []
    for t in range(count):
        image = field.copy()
        left = round(start + step * t) % (WIDTH - 30)
        cv2.rectangle(image, (left, 60), (left + 26, 140), (40, 40, 180), -1)
        images.append(image)
    return images


def shown(images: list[Image], new: int, of: int) -> list[Image]:
    """Images -> the same with so many new ones in so many shown."""
    return [images[k * new // of] for k in range(len(images) * of // new)]


@pytest.fixture
def filmed(tmp_path: Path) -> Filmed:
    def write(images: list[Image], rate: int) -> Clip:
        path = films.write(tmp_path / "kick.mp4", images, tick=Fraction(1, rate), options={"crf": "26", "g": "40"})
        return open_clip(path)

    return write


@pytest.mark.parametrize(("new", "of", "rate"), [(2, 5, 60), (1, 2, 60), (1, 4, 30), (5, 6, 30)])
def test_a_still_film_with_repeats_is_one_take(filmed: Filmed, new: int, of: int, rate: int) -> None:
    clip = filmed(shown(walk(40, 10), new, of), rate)
    footage = survey(clip)
    assert footage.takes == ((0, len(clip.time_s)),)
    assert footage.new is not None
    pictures = np.arange(len(clip.time_s)) * new // of
    middle = slice(12, -12)  # nobody knows what comes before the first movement and after the last
    np.testing.assert_array_equal(footage.new[middle], (np.diff(pictures, prepend=-1) > 0)[middle])


@pytest.mark.parametrize(("new", "of", "rate"), [(2, 5, 60), (1, 2, 60), (1, 4, 30), (1, 1, 30)])
def test_a_cut_among_repeats_is_found_where_it_is(filmed: Filmed, new: int, of: int, rate: int) -> None:
    clip = filmed(shown(walk(30, 10) + walk(30, 200), new, of), rate)
    cut = int(np.flatnonzero(np.arange(len(clip.time_s)) * new // of == 30)[0])
    assert survey(clip).takes == ((0, cut), (cut, len(clip.time_s)))


def test_an_ordinary_film_has_no_repeats(filmed: Filmed) -> None:
    clip = filmed(walk(20, 10) + [walk(1, 60)[0]] * 12 + walk(20, 60), 30)  # somebody stops for a moment
    footage = survey(clip)
    assert footage.new is None
    taken = first_take(clip, footage)
    assert only_new(taken) is taken
    assert new_number(taken, 17) == 17


def test_two_pictures_that_happen_to_be_alike_are_no_slow_motion() -> None:
    differs = np.full(60, 40.0)
    differs[[20, 41]] = 1.0
    assert new_frames(differs) is None
    differs[5:60:5] = 1.0
    found = new_frames(differs)
    assert found is not None
    assert not found[[10, 20, 50]].any()
    assert found[[11, 22]].all()


def test_the_new_frames_make_a_clip_of_their_own(filmed: Filmed) -> None:
    whole = filmed(shown([films.numbered(k, WIDTH, HEIGHT) for k in range(30)], 1, 2), 60)
    new = np.arange(60) % 2 == 0
    clip = Clip(whole.path, whole.sha256, whole.size_wh_px, whole.time_s, take=(4, 40), new=new)
    alone = only_new(clip)
    assert alone.take == (2, 20)
    assert alone.frame_s == pytest.approx(1 / 30)
    assert [(number, films.number_in(image)) for number, image in frames(alone)] == [(k, k) for k in range(2, 20)]
    assert [new_number(clip, frame) for frame in (0, 1, 2, 3, 59)] == [0, 0, 1, 1, 29]


def shot_of(clip: Clip) -> Shot:
    count = len(clip.time_s)
    places = np.column_stack([np.arange(count) * 10.0, np.full(count, 5.0)])
    track = Track("ball", places, np.full((count, 2), 4.0), np.ones(count), np.ones(count, dtype=bool))
    seen = np.array([2, 3])
    flight = Flight(
        clip.time_s[:2], np.zeros((2, 3)), np.zeros((2, 3)), 0.1, 0.01, 0.2, seen, np.ones((2, 2)), np.zeros((1, 2, 3)),
        np.zeros((1, 7)), np.zeros((1, 3)), np.zeros((1, 3)), 0.5,
    )  # fmt: skip
    return Shot(
        clip, track, (track,), kick_frame=3, flight=flight,
        pose=Pose(seen, np.zeros((2, 33, 2)), np.zeros((2, 33, 3)), np.zeros((2, 33))),
        candidates=Candidates(seen, np.ones((2, 2)), np.ones(2), np.ones(2)),
    )  # fmt: skip


def test_answers_come_back_to_the_film_s_own_frames_and_go_there_again() -> None:
    new = np.array([1, 0, 0, 1, 0, 1, 0, 0, 1, 0], dtype=bool)
    whole = Clip(Path("kick.mp4"), "0", (64, 36), np.arange(10) / 60, new=new)
    shot = shot_of(only_new(whole))
    outcome = Outcome(Verdict.GOAL, 0.9, How.IN_NET, "", frame=2)
    report = in_film(Report(shot, outcome, FootCall(Foot.LEFT, 0.9, ""), (), {}), whole)
    told = report.shot
    assert (told.kick_frame, report.outcome.frame) == (8, 5)
    np.testing.assert_array_equal(told.ball.centre_px[:, 0], [0, 0, 0, 10, 10, 20, 20, 20, 30, 30])
    np.testing.assert_array_equal(told.ball.measured, new)  # a repeat is no second sighting
    assert told.candidates is not None
    assert told.pose is not None
    assert told.flight is not None
    for numbers in (told.candidates.frame, told.pose.frames, told.flight.seen):
        assert numbers.tolist() == [5, 8]
    back = shot_of_new(told)
    assert back.kick_frame == 3
    np.testing.assert_array_equal(back.ball.centre_px, shot.ball.centre_px)
    np.testing.assert_array_equal(back.clip.time_s, shot.clip.time_s)
    assert back.candidates is not None
    assert back.candidates.frame.tolist() == [2, 3]


def test_a_film_without_repeats_keeps_its_frames() -> None:
    plain = Clip(Path("kick.mp4"), "0", (64, 36), np.arange(10) / 60)
    outcome = Outcome(Verdict.GOAL, 0.9, How.IN_NET, "", frame=2)
    same = Report(shot_of(plain), outcome, FootCall(Foot.LEFT, 0.9, ""), (), {})
    assert in_film(same, plain) is same
    assert shot_of_new(same.shot) is same.shot
