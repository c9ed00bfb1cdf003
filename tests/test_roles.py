"""Who has the ball, who struck it, who keeps the goal: on bodies and balls whose every place is written down."""

from dataclasses import replace

import numpy as np
import pytest

from kicky import roles
from kicky.camera import project
from kicky.domain import Scene, Shot, Track

from .flights import corners_px, phone
from .test_rules2d import GOAL, KICK, SCORED, T, body, clip

WIDE = (1280, 720)


def shot(*players: Track, scene: Scene | None = None, kick: int | None = KICK) -> Shot:
    return Shot(clip(), SCORED, players, scene, kick_frame=kick)


def standing(label: str, x: float, y: float, height_m: float = 1.75, **lens: float) -> tuple[Track, Scene]:
    """A body that stands at x, y metres from the goal -> its track and the goal, both as one phone sees them."""
    camera = phone(**lens)
    ends, depth = project(camera.parameters, np.array([[x, y, 0.0], [x, y, height_m]]), WIDE)
    tall = float(ends[0, 1] - ends[1, 1])
    centre, size = np.tile(ends.mean(axis=0), (T, 1)), np.tile([0.35 * tall, tall], (T, 1))
    assert (depth > 0).all()
    track = Track(label, centre, size, np.ones(T), np.ones(T, dtype=bool))
    return track, Scene(corners_px(camera), camera=camera)


def keeper_at(x: float, y: float, height_m: float = 1.75, metres: bool = True, **lens: float) -> str | None:
    """-> who is told to keep the goal, when that body stands there and the shooter is elsewhere."""
    there, scene = standing("P2", x, y, height_m, **lens)
    if not metres:
        scene = replace(scene, camera=None, camera_why_not="The goal alone does not say.")
    seen = Shot(replace(clip(), size_wh_px=WIDE), SCORED, (body("P1", 300), there), scene, kick_frame=KICK)
    return roles.assigned(seen).keeper


def test_the_one_whose_feet_are_at_the_ball_has_it() -> None:
    owners = roles.possession(shot(body("P1", 340), body("P2", 305)))
    assert owners[0] == "P2"
    assert roles.possession(shot(body("P3", 500)))[0] is None
    assert roles.possession(shot()) == [None] * T


def test_a_ball_in_the_air_before_somebody_is_not_theirs() -> None:
    """It flies past the head of a body in the picture."""
    passing = SCORED.centre_px[KICK + 8]
    player = body("P1", float(passing[0]))
    high = replace(player, centre_px=np.where(np.isfinite(player.centre_px), [passing[0], passing[1] + 50.0], np.nan))
    assert roles.possession(shot(high))[KICK + 8] is None


def test_somebody_far_behind_the_ball_has_not_got_it() -> None:
    """Their feet meet the ball in the picture, but they are far smaller than who would stand there."""
    far = body("P1", 300)
    far = replace(far, size_px=far.size_px / 5, centre_px=far.centre_px + [0.0, 52.0])
    assert roles.possession(shot(far))[0] is None


def test_the_last_to_touch_it_before_the_kick_struck_it() -> None:
    passed = roles.assigned(shot(body("P1", 300, slice(0, 8)), body("P2", 310, slice(9, 30))))
    assert (passed.shooter, passed.shooter_why_not) == ("P2", "")
    assert roles.assigned(shot(body("P1", 300, slice(0, 8)))).shooter == "P1"


def test_who_stands_by_and_who_stops_it_later_did_not_strike_it() -> None:
    later = body("P3", 300, slice(KICK + 8, T))
    assert roles.assigned(shot(body("P2", 420), later, body("P1", 310))).shooter == "P1"


def test_a_missing_box_at_the_kick_does_not_matter() -> None:
    frames = np.r_[0 : KICK - 1, KICK + 2 : T]
    assert roles.assigned(shot(body("P1", 305, frames), body("P2", 420))).shooter == "P1"


@pytest.mark.parametrize(
    ("players", "words"),
    [((), "Nobody was seen in the picture"), ((body("P1", 600),), "Nobody was seen near enough")],
    ids=["an empty picture", "somebody far off"],
)
def test_without_a_shooter_the_reason_is_kept(players: tuple[Track, ...], words: str) -> None:
    told = roles.assigned(shot(*players))
    assert told.shooter is None
    assert words in told.shooter_why_not


def test_without_a_kick_nobody_struck_the_ball() -> None:
    told = roles.assigned(replace(shot(body("P1", 300), kick=None), kick_why_not="No kick was seen."))
    assert (told.shooter, told.keeper, told.shooter_why_not) == (None, None, "No kick was seen.")
    assert roles.assigned(shot(body("P1", 300), kick=None)).shooter_why_not


def test_a_shooter_cut_off_at_the_edge_is_still_the_shooter() -> None:
    """The ball lies at the bottom edge: of the shooter only the legs are in the picture."""
    legs = body("P1", 300)
    legs = replace(legs, size_px=legs.size_px * [1.0, 0.3], centre_px=legs.centre_px + [0.0, 70.0])
    assert legs.box_px(0)[3] > 358
    assert roles.assigned(shot(legs, body("P2", 420))).shooter == "P1"


def test_a_child_can_be_the_shooter() -> None:
    child = body("P1", 302)
    child = replace(child, size_px=child.size_px * [0.6, 0.35], centre_px=child.centre_px + [0.0, 42.0])
    assert roles.assigned(shot(child, body("P2", 420))).shooter == "P1"


def test_of_two_who_overlap_the_nearer_to_the_ball_struck_it() -> None:
    assert roles.assigned(shot(body("P1", 345), body("P2", 300))).shooter == "P2"


def test_a_tie_goes_to_who_is_more_in_the_picture() -> None:
    assert roles.assigned(shot(body("P1", 300), body("P2", 300))).shooter == "P1"


@pytest.mark.parametrize("metres", [True, False], ids=["by metres", "by the goal's picture"])
@pytest.mark.parametrize(
    ("x", "y", "keeps"),
    [(0.0, 0.4, True), (-2.5, 1.0, True), (3.6, 0.2, True), (0.5, 12.0, False), (7.5, 0.5, False), (1.0, -9.0, False)],
    ids=["middle", "left", "at a post", "far before it", "beside it", "behind it"],
)
def test_the_keeper_stands_in_the_goals_mouth_or_before_it(x: float, y: float, keeps: bool, metres: bool) -> None:
    assert keeper_at(x, y, metres=metres) == ("P2" if keeps else None)


def test_a_child_may_keep_the_goal_and_a_dog_may_not() -> None:
    assert keeper_at(0.0, 0.4, 1.2) == "P2"
    assert keeper_at(0.0, 0.4, 0.6) is None


def test_a_phone_in_the_grass_tells_a_keeper_by_the_goals_picture() -> None:
    """Seen edge-on, the ground does not say where feet stand."""
    assert keeper_at(1.0, 0.4, z=0.15) == "P2"
    assert keeper_at(7.5, 0.4, z=0.15) is None


def test_the_shooter_keeps_no_goal_and_without_a_goal_nobody_does() -> None:
    assert roles.assigned(shot(body("P1", 300), scene=GOAL)).keeper is None
    there, _ = standing("P2", 0.0, 0.4)
    assert roles.assigned(shot(body("P1", 300), there)).keeper is None
