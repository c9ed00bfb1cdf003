"""Shot -> what stands on the ground and is of known size, the ball at rest and people: it ties ground to picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..camera import LOG_FOCAL, PLACE, Z, rays, rotation
from ..domain import Bools, Floats, Shot, Told, Track

BALL_M, BALL_RADIUS_M = 0.22, 0.11
BALL_SHARE, BALL_PX = 0.035, 0.8  # of its diameter: its true size, and how its rim is read by day and by night
GRASS_M = 0.02  # how deep a ball or a foot sinks
PERSON_M, PERSON_SD_M = 1.75, 0.10
RUNNER_M, RUNNER_SD_M = 1.70, 0.15  # people seen by a detector: they run crouched at 1.55-1.85, boxes are rough
SLIM, STOUT = 1.7, 4.5  # height to width of a box that holds one whole person who stands or runs
LEAST_SEEN = 5  # frames in which a ball lies or a person stands before they count
STILL_PX = 2.0  # how far the middle of a lying ball wanders
MOST_PEOPLE = 4


@dataclass(frozen=True, eq=False, slots=True)
class Anchor:
    """One thing on the ground: `at_px` (2,) the ball's centre or a person's feet, `size_px` diameter or height.

    A person's head is `size_px` above the feet in the picture. `size_m` is the true size, `share` the standard
    deviation of `size_px / size_m` as a share of it, `spot_px` that of `at_px`. `told` is how far from the goal line a
    person says that a ball lay.
    """

    kind: Literal["ball", "person"]
    at_px: Floats
    size_px: float
    size_m: float
    share: float
    spot_px: float
    told: Told | None = None


def ball(centre_px: Floats, diameter_px: float) -> Anchor:
    """Where a ball of 22 cm lies and how wide it is -> Anchor."""
    share = math.hypot(BALL_SHARE, BALL_PX / diameter_px)
    return Anchor("ball", np.asarray(centre_px, dtype=float), float(diameter_px), BALL_M, share, 1.0)


def person(feet_px: Floats, head_px: Floats, size_m: float = PERSON_M, sd_m: float = PERSON_SD_M) -> Anchor:
    """Feet and top of the head of someone who stands upright -> Anchor."""
    feet, head = np.asarray(feet_px, dtype=float), np.asarray(head_px, dtype=float)
    height = float(feet[1] - head[1])
    return Anchor("person", feet, height, size_m, math.hypot(sd_m / size_m, 4.0 / height), 3.0)


def anchors(shot: Shot) -> list[Anchor]:
    """Shot -> the ball where it lay before the kick (if it did) and the people who are seen whole."""
    lying = _lying_ball(shot)
    people = [found for player in shot.players if (found := _whole_person(player, shot.clip.size_wh_px))]
    people.sort(key=lambda one: -one.size_px)
    return ([lying] if lying else []) + people[:MOST_PEOPLE]


def places_m(
    parameters: Floats, things: Sequence[Anchor], size_wh_px: tuple[int, int], bias_px: Floats | float = 0.0
) -> tuple[Floats, Floats]:
    """(..., 7), n anchors -> (..., n, 3) where each is by its size, (..., n) its depth along the axis in metres.

    A ball's place is its centre, a person's the feet. `bias_px` (...) is how much too wide balls are seen.
    """
    at = np.array([thing.at_px for thing in things])
    seen_px, size_m = np.array([[thing.size_px, thing.size_m] for thing in things]).T
    stands = np.array([thing.kind == "person" for thing in things])
    size_px = np.maximum(seen_px - np.where(stands, 0.0, np.asarray(bias_px)[..., None]), seen_px / 4)
    focal = np.exp(parameters[..., LOG_FOCAL, None])
    lens = rotation(parameters)
    feet = (at[:, 1] - size_wh_px[1] / 2) / focal
    head = feet - size_px / focal
    up_down, up_ahead = lens[..., 1, 2, None], lens[..., 2, 2, None]
    # A person: the head is size_m of the world's up above the feet; its row in the picture gives the depth.
    depth = np.where(stands, size_m * (head * up_ahead - up_down) * focal / size_px, focal * size_m / size_px)
    directions = rays(parameters, np.broadcast_to(at, (*parameters.shape[:-1], *at.shape)), size_wh_px)
    return parameters[..., None, PLACE] + depth[..., None] * directions, depth


def heights(
    parameters: Floats, things: Sequence[Anchor], size_wh_px: tuple[int, int], bias_px: Floats | float = 0.0
) -> tuple[Floats, Floats]:
    """(..., 7), n anchors -> (..., n) how far each floats above where it should be, and its standard deviation, m."""
    places, depth = places_m(parameters, things, size_wh_px, bias_px)
    above = places[..., 2] - np.array([BALL_RADIUS_M if thing.kind == "ball" else 0.0 for thing in things])
    share, spot = np.array([[thing.share, thing.spot_px] for thing in things]).T
    drop = places[..., 2] - parameters[..., None, Z]
    metre_px = np.exp(parameters[..., LOG_FOCAL, None]) / depth
    return above, np.sqrt((drop * share) ** 2 + (spot / metre_px) ** 2 + GRASS_M**2)


def _lying_ball(shot: Shot) -> Anchor | None:
    """-> the ball at its place before the kick, None when it rolled or was hardly seen."""
    if shot.kick_frame is None:
        return None
    seen = slice(shot.clip.take[0], shot.kick_frame + 1)
    sure = shot.ball.measured[seen] & np.isfinite(shot.ball.size_px[seen, 0])
    centre, size = shot.ball.centre_px[seen][sure], shot.ball.size_px[seen][sure]
    if len(centre) < LEAST_SEEN:
        return None
    middle = np.median(centre, axis=0)
    close = np.linalg.norm(centre - middle, axis=1) <= STILL_PX
    if close.sum() < max(LEAST_SEEN, len(centre) / 2):
        return None
    return ball(np.median(centre[close], axis=0), float(np.median(size[close].mean(axis=1))))


def _whole_person(player: Track, size_wh_px: tuple[int, int]) -> Anchor | None:
    """Track -> the person where they stand tallest, None when never seen whole."""
    whole = _whole(player, size_wh_px)
    if whole.sum() < LEAST_SEEN:
        return None
    centre, size = player.centre_px[whole], player.size_px[whole]
    row = int(np.argsort(size[:, 1])[round(0.95 * (len(size) - 1))])  # the middle of the tallest tenth
    feet, half = centre[row], size[row, 1] / 2
    return person(feet + [0, half], feet - [0, half], RUNNER_M, RUNNER_SD_M)


def _whole(player: Track, size_wh_px: tuple[int, int]) -> Bools:
    """-> in which frames the box is seen, of a standing person's shape, clear of the picture's edge."""
    low, high = player.centre_px - player.size_px / 2, player.centre_px + player.size_px / 2
    edge = 0.005 * max(size_wh_px)
    with np.errstate(invalid="ignore", divide="ignore"):
        slender = player.size_px[:, 1] / player.size_px[:, 0]
        inside = (low > edge).all(axis=1) & (high < np.array(size_wh_px) - edge).all(axis=1)
        shaped = (slender > SLIM) & (slender < STOUT) & (player.size_px[:, 1] > 0.03 * max(size_wh_px))
    return np.asarray(player.measured & inside & shaped)
