"""Which ball was kicked: by bodies, by what a person says, by what flies; never by its look alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import supervision as sv

from kicky import choice, kick, tracking
from kicky.domain import Clip, Label, Said, Shot
from kicky.errors import UnfitClip

COUNT, KICK = 50, 24
BALL, HEAD = (200.0, 300.0), (420.0, 150.0)
Box = tuple[float, float, float, float]


def runs_up(frame: int) -> Box:
    """Somebody who stands with their head at HEAD for half a second, then comes to the ball and stays there."""
    x = 400 - 25.0 * np.clip(frame - 15, 0, 8)
    return x, 140.0, x + 40, 320.0


def detections(
    places: dict[tuple[float, float], tuple[float, int]], flies_from: tuple[float, float] | None = BALL
) -> list[sv.Detections]:
    """Where something lies: (how much like a ball, until which frame); from where one flies -> each frame's answers."""
    found = []
    for frame in range(COUNT):
        rows = [(*at, 22.0, score, True) for at, (score, until) in places.items() if frame <= until]
        since = frame - KICK
        if flies_from is not None and since > 0:
            rows.append((flies_from[0] + 14 * since, flies_from[1] - 9 * since, 22 / (1 + 0.04 * since), 0.7, False))
        people = [runs_up(frame)]
        box = [(x - d / 2, y - d / 2, x + d / 2, y + d / 2) for x, y, d, _, _ in rows] + people
        found.append(
            sv.Detections(
                xyxy=np.array(box, dtype=np.float64).reshape(-1, 4),
                confidence=np.array([row[3] for row in rows] + [0.8]),
                class_id=np.array([Label.BALL] * len(rows) + [Label.PLAYER]),
                data={
                    "at_rest": np.array([row[4] for row in rows] + [False]),
                    "diameter_px": np.array([row[2] for row in rows] + [40.0]),
                },
            )
        )
    return found


def seen(**changed: object) -> tracking.Sighting:
    clip = Clip(Path("written.mp4"), "", (640, 360), np.arange(COUNT) / 30)
    return tracking.link(clip, detections(**changed))  # type: ignore[arg-type]


def unlocated(shot: Shot) -> Shot:
    return shot


def place(found: choice.Try) -> tuple[float, ...]:
    assert found.claim.rest is not None
    return tuple(found.claim.rest.centre_px.tolist())


KICKER = {HEAD: (0.98, 15), BALL: (0.7, KICK)}


def test_the_head_of_a_kicker_who_waits_is_not_the_ball_however_round() -> None:
    sighting = seen(places=KICKER)
    assert tuple(sighting.rests[0].centre_px) == HEAD  # by its look it would be
    found = choice.settled(sighting, None, unlocated)
    assert place(found) == BALL
    assert found.shot.kick_frame == KICK
    assert found.sure > 0.9


def test_a_boot_of_a_kicker_who_waits_is_not_the_ball() -> None:
    boot = (420.0, 314.0)
    found = choice.settled(seen(places={boot: (0.98, 15), BALL: (0.7, KICK)}), None, unlocated)
    assert place(found) == BALL
    assert found.sure > 0.9


def test_what_lies_at_the_feet_of_a_kicker_who_came_to_it_is_the_ball() -> None:
    beside = seen(places={(BALL[0] + 12, 314.0): (0.7, KICK)}, flies_from=(BALL[0] + 12, 314.0))
    assert place(choice.settled(beside, None, unlocated)) == (BALL[0] + 12, 314.0)


def test_the_ball_is_where_a_foot_is_as_it_leaves() -> None:
    away = (300.0, 60.0)
    found = choice.settled(seen(places={away: (0.9, KICK - 4), BALL: (0.7, KICK)}), None, unlocated)
    assert place(found) == BALL


def test_two_that_are_alike_are_not_sure() -> None:
    beside = (BALL[0] + 30, BALL[1])
    found = choice.settled(seen(places={beside: (0.7, KICK), BALL: (0.7, KICK)}, flies_from=None), None, unlocated)
    assert found.sure < kick.SURE_OF_BALL


def test_where_a_person_points_is_the_ball() -> None:
    sighting = seen(places=KICKER)
    found = choice.settled(sighting, None, unlocated, Said(ball_px=(HEAD[0] + 5, HEAD[1] - 4)))
    assert place(found) == HEAD


def test_pointing_at_nothing_is_refused() -> None:
    with pytest.raises(UnfitClip, match="No ball is seen to lie and leave where you pointed"):
        choice.settled(seen(places=KICKER), None, unlocated, Said(ball_px=(50.0, 50.0)))


def test_a_kick_set_by_hand_keeps_the_ball_that_lay_until_then() -> None:
    found = choice.settled(seen(places=KICKER), None, unlocated, Said(kick_frame=KICK + 1))
    assert place(found) == BALL
    assert (found.shot.kick_frame, found.shot.kick_source) == (KICK + 1, "hand")


def test_what_was_kept_of_a_shot_gives_the_same_choice() -> None:
    first = choice.settled(seen(places=KICKER), None, unlocated)
    again = choice.settled(tracking.again(first.shot), None, unlocated)
    assert place(again) == BALL
    assert again.shot.kick_frame == KICK


def test_a_film_in_which_no_ball_leaves_a_foot_and_flies_has_no_shot() -> None:
    """A thing is taken away while nobody is near it, and nothing flies."""
    found = choice.settled(seen(places={(560.0, 200.0): (0.6, 8)}, flies_from=None), None, unlocated)
    assert not choice.kicked(found, found.told())
    told = choice.without_shot(found.told())
    assert told.kick_frame is None
    assert "No shot was seen in this film" in told.kick_why_not


def test_a_kick_that_a_person_saw_is_one() -> None:
    sighting = seen(places={(560.0, 200.0): (0.6, 8)}, flies_from=None)
    for said in (Said(kick_frame=8), Said(ball_px=(560.0, 200.0))):
        found = choice.settled(sighting, None, unlocated, said)
        assert choice.kicked(found, found.told(), said)


def test_a_film_that_ends_at_the_kick_has_one() -> None:
    """Nothing can be seen to fly: a foot at the ball that lay there and leaves is enough."""
    short = tracking.link(
        Clip(Path("written.mp4"), "", (640, 360), np.arange(KICK + 8) / 30),
        detections(places={BALL: (0.8, KICK)}, flies_from=None)[: KICK + 8],
    )
    found = choice.settled(short, None, unlocated)
    assert choice.kicked(found, found.told())


def test_a_kick_with_a_foot_and_a_flight_is_one() -> None:
    found = choice.settled(seen(places=KICKER), None, unlocated)
    assert choice.kicked(found, replace(found.told(), pose=None))
