"""When the ball was struck, on balls whose every position is written down."""

from dataclasses import replace

import numpy as np
import pytest

from kicky import kick
from kicky.domain import Shot
from kicky.errors import UnfitClip

from .test_rules2d import KICK, SCORED, ball, clip, line, still


def test_the_kick_is_the_last_frame_in_which_the_ball_lies() -> None:
    assert kick.find(Shot(clip(), SCORED)).kick_frame == KICK


def test_a_ball_lost_at_once_was_struck_when_it_left() -> None:
    """A fast ball on a poor film: seen lying, then only once more, far away and late."""
    xy = SCORED.centre_px.copy()
    xy[KICK + 1 :] = np.nan
    assert kick.find(Shot(clip(), ball(xy))).kick_frame == KICK
    xy[KICK + 25] = (300, 150)
    assert kick.find(Shot(clip(), ball(xy))).kick_frame == KICK


def test_in_a_film_that_ends_at_the_kick_the_bare_place_tells_that_the_ball_left() -> None:
    xy = still((300.0, 330.0), 60)
    xy[-4:] = np.nan
    shot = Shot(clip(), ball(xy))
    assert kick.find(shot).kick_frame is None  # a leg may hide it
    assert kick.find(shot, left=True).kick_frame == 55


def test_a_lying_ball_may_tremble_and_be_mistaken_once() -> None:
    xy = SCORED.centre_px.copy()
    xy[: KICK + 1] += np.random.default_rng(0).normal(0, 0.4, (KICK + 1, 2))
    xy[9] = (40, 40)
    assert kick.find(Shot(clip(), ball(xy))).kick_frame == KICK


def test_a_rolling_ball_is_struck_where_it_spikes() -> None:
    xy = np.concatenate([line((100, 320), (190, 320), 30), line((190, 320), (300, 140), 8), still((300, 140), 22)])
    found = kick.find(Shot(clip(), ball(xy))).kick_frame
    assert found is not None
    assert abs(found - 29) <= 1


def test_what_told_the_kick_is_kept() -> None:
    assert kick.find(Shot(clip(), SCORED)).kick_source == "departure"
    xy = np.concatenate([line((100, 320), (190, 320), 30), line((190, 320), (300, 140), 8), still((300, 140), 22)])
    assert kick.find(Shot(clip(), ball(xy))).kick_source == "speed"
    assert kick.find(Shot(clip(), ball(still((300, 330), 60)))).kick_source == ""


def test_a_kick_set_by_hand_is_that_frame_whatever_was_seen() -> None:
    lost = kick.find(Shot(clip(), ball(still((300, 330), 60))))
    told = kick.by_hand(lost, 17)
    assert (told.kick_frame, told.kick_source, told.kick_why_not) == (17, kick.HAND, "")


@pytest.mark.parametrize("frame", [-1, 4, 49, 59, 60])
def test_a_kick_outside_the_take_is_refused(frame: int) -> None:
    shot = Shot(replace(clip(), take=(5, 50)), SCORED)
    with pytest.raises(UnfitClip, match="between frames 5 and 48"):
        kick.by_hand(shot, frame)


@pytest.mark.parametrize(
    ("xy", "words"),
    [
        (still((300, 330), 60), "never speeds up"),
        (np.full((60, 2), np.nan), "fewer than 5 frames"),
    ],
)
def test_without_a_kick_the_reason_is_kept(xy: np.ndarray, words: str) -> None:
    shot = kick.find(Shot(clip(), ball(xy)))
    assert shot.kick_frame is None
    assert words in shot.kick_why_not


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (0, "The film ends 0 frames after the kick"),
        (1, "The film ends 1 frame after the kick: leave the phone running for two seconds more."),
        (7, "The film ends 7 frames after the kick"),
        (8, ""),
    ],
)
def test_a_film_that_ends_in_flight_says_so(after: int, words: str) -> None:
    film = clip(KICK + after + 1)
    shot = Shot(film, ball(SCORED.centre_px[: len(film.time_s)]), kick_frame=KICK)
    assert (words in kick.too_short(shot)) if words else (kick.too_short(shot) == "")


def test_a_cut_in_flight_is_told_from_the_end_of_the_film() -> None:
    film = replace(clip(), take=(0, KICK + 5))
    assert "The take is cut off 4 frames after the kick" in kick.too_short(Shot(film, SCORED, kick_frame=KICK))
    assert kick.too_short(Shot(film, SCORED)) == ""
