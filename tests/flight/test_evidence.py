"""Shot -> what a flight has to explain: its candidates, and the wholes that two of them may be halves of."""

from dataclasses import replace

import numpy as np
import pytest

from kicky import flight, kick
from kicky.domain import Candidates, Shot
from kicky.flight import evidence, starts

from .test_fit import known

NEAR_PX = 4.0


def halved(share: float = 0.45, upper: float = 1.0) -> tuple[np.ndarray, Shot]:
    """How large each half looks, and how much larger the upper one -> where the ball is seen from its kick on, the
    shot in which it shows there as two halves, one above the other."""
    case, shot = known("diagonal", "air")
    found = shot.candidates
    assert found is not None
    apart = np.linalg.norm(found.centre_px - case.ball_px[found.frame], axis=1)
    ball = (apart < NEAR_PX) & (case.clip.time_s[found.frame] > case.kick_time_s)
    diameter = found.diameter_px[ball]
    off = np.column_stack([np.zeros(len(diameter)), (1 - share) / 2 * diameter])
    parts = [
        (found.frame[~ball], found.centre_px[~ball], found.diameter_px[~ball], found.score[~ball]),
        (found.frame[ball], found.centre_px[ball] - off, share * upper * diameter, found.score[ball]),
        (found.frame[ball], found.centre_px[ball] + off, share * diameter, found.score[ball]),
    ]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return case.ball_px, replace(shot, candidates=Candidates(*(column[order] for column in columns)))


def wholes(shot: Shot, ball_px: np.ndarray) -> int:
    """-> in how many frames something is offered within a pixel or two of the ball's middle."""
    assert shot.scene is not None
    assert shot.scene.camera is not None
    seen = evidence.gather(shot, shot.scene.camera)
    return int((np.linalg.norm(seen.px - ball_px[seen.frame][:, None], axis=2) < 2.0).any(axis=1).sum())


def test_a_ball_of_which_two_rims_are_seen_flies_as_the_whole_does() -> None:
    ball_px, shot = halved()
    found = flight.fit(shot).flight
    assert found is not None
    off = np.linalg.norm(found.seen_px - ball_px[found.seen], axis=1)
    assert len(off) > 8
    assert np.mean(off < 3) > 0.8


@pytest.mark.parametrize(("share", "upper"), [(0.2, 1.0), (0.45, 2.0)], ids=["far apart", "unlike"])
def test_two_that_are_far_apart_or_unlike_are_no_halves(share: float, upper: float) -> None:
    ball_px, two = halved()
    _, none = halved(share, upper)
    assert wholes(none, ball_px) < 0.5 * wholes(two, ball_px)


def test_what_is_there_stays_first() -> None:
    px = np.array([[[0.0, 0.0], [10.0, 0.0]], [[0.0, 0.0], [np.nan, np.nan]]])
    diameter, score = np.array([[9.0, 9.0], [9.0, np.nan]]), np.array([[0.8, 0.6], [0.8, 0.0]])
    joined, sizes, scores = evidence._with_wholes(px, diameter, score)
    assert np.array_equal(joined[:, :2], px, equal_nan=True)
    assert joined[0, 2].tolist() == [5.0, 0.0]
    assert (sizes[0, 2], scores[0, 2]) == (19.0, 0.6)
    assert np.isnan(joined[1, 2]).all()
    assert np.isnan(sizes[1, 2])


def test_no_more_room_is_made_than_the_frame_with_most_wholes_needs() -> None:
    """A long film would else grow with the square of its length."""
    frames = 60
    px = np.tile([[0.0, 0.0], [10.0, 0.0]], (frames, 1, 1))
    joined, sizes, scores = evidence._with_wholes(px, np.full((frames, 2), 9.0), np.full((frames, 2), 0.8))
    assert joined.shape == (frames, 3, 2)
    assert np.isfinite(sizes).all()
    assert (scores > 0).all()


def wandering(wander_px: float) -> Shot:
    """-> a shot in which a ball sixty pixels large lies until it is kicked, last read so far from where it lies."""
    _, shot = known("diagonal", "air")
    frame = 20
    centre, size = shot.ball.centre_px.copy(), shot.ball.size_px.copy()
    measured = shot.ball.measured.copy()
    centre[: frame + 1], size[: frame + 1], measured[: frame + 1] = (400.0, 500.0), 60.0, True
    centre[frame] += [wander_px, 0.0]
    ball = replace(shot.ball, centre_px=centre, size_px=size, measured=measured)
    return replace(shot, ball=ball, kick_frame=frame, kick_source="departure")


@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize(("wander_px", "lay"), [(4.0, True), (12.0, False)])
def test_a_large_ball_may_wander_a_little_and_still_lie(wander_px: float, lay: bool, by_hand: bool) -> None:
    """Its circle is read to a few pixels; the flight starts at the middle of what was read."""
    shot = wandering(wander_px)
    assert shot.scene is not None
    assert shot.scene.camera is not None
    told = kick.by_hand(shot, 20) if by_hand else shot
    found = list(starts.lying(told, evidence.gather(told, shot.scene.camera)))
    still = [start for start in found if start.sigma_px < 1]
    assert bool(still) is lay
    assert all(start.px.tolist() == [400.0, 500.0] for start in still)
