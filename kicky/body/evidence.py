"""Shot -> Evidence: what the pictures show of one kick's body, by the part each joint plays, and what it is held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import camera as lens
from .. import kick
from ..domain import Bools, Floats, Ints, Pose, Shot
from ..rules2d import BALL_M
from .heading import ROUGH_DEG, USUAL_FOCAL, heading
from .legs import Legs, legs
from .limbs import HIPS, SHOULDERS
from .skeleton import ANKLES, CORE, HEIGHT_M, KNEES, MARKS, SEEN_SD, TOES, unit
from .splines import REACH_S

LEAST_FRAMES, NEAR_S = 4, 0.07  # frames that show the body, and how near one must be to contact
FARTHEST_BALLS = 5.0  # from the ball: nobody who stands farther strikes it
CAMERA_UP_M = (0.2, 2.5)  # of a phone whose height nothing tells
LIKE_SIZE = (0.6, 1.7)  # the ball on the ground may be so many times as far as its size says; else the size is believed
LEAST_SHOWN = 0.15  # visibility that the landmarker gives a joint it only guesses
APART_S = 0.06  # looks nearer together than this are one look: a landmarker errs alike in frames next to each other
WAY_SD_RAD = float(np.radians(6.0))  # beyond the ball's own scatter
ASIDE_MS = 6.0  # a foot that crosses the picture faster than this at contact swings along it
OTHERWISE_RAD = np.pi / 3
DEPTHS = ((2, 3), (0, 1), (2, 4), (3, 5), (4, 6), (5, 7), (6, 8), (7, 9))
"""Pairs of joints whose distance along the line of sight the landmarker's own guess tells a little about."""


@dataclass(frozen=True, slots=True)
class Way:
    """The shot's turn from the line of sight to the picture's right by its ball, with 1 s.d.; `rough` where the ball's
    look alone tells it. None of both where it was not seen to leave. `starts` are the turns that the fit sets out from.
    """

    turn_rad: float | None
    sd_rad: float
    rough: bool
    starts: tuple[float, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """n frames: `since_s` (n,) from contact, `px` (n, CORE, 2), `sigma_px` (CORE,), `shown` (n, CORE) visibility,
    `behind_m` (n, CORE) how much farther than the hips each joint is guessed to be, `weight` (n,) looks it is worth.

    `rows` (n,) are those of the pose. `camera` (7,) stands where the lying ball `ball_m` (3,) is as far from it as its
    size says; `sight` (3,) points from it to the ball, on the ground. `upper_left` (n,) says whether the kicking side's
    shoulder is the one labelled left, `left_kicks` whose leg the labels say swings, `label_odds` how surely, in log
    odds for the left one.
    """

    since_s: Floats
    rows: Ints
    px: Floats
    sigma_px: Floats
    shown: Floats
    behind_m: Floats
    weight: Floats
    camera: Floats
    size_wh_px: tuple[int, int]
    ball_m: Floats
    sight: Floats
    way: Way
    upper_left: Bools
    left_kicks: bool
    label_odds: float


RIGHT_ROUND, FACING = 2.0, 15.0  # log odds that labels are the right way round; a trunk's width between the shoulders
VOTES, ENOUGH_VOTES = 4.0, 6.0  # log odds of all frames agreeing on a label, once so many frames' worth have voted


def gathered(shot: Shot) -> Evidence | str:
    """Shot with its pose -> Evidence, or in words why there is too little."""
    if shot.kick_frame is None:
        return shot.kick_why_not or "No kick was seen."
    if shot.pose is None or not np.isfinite(shot.pose.landmarks_px).any():
        return "No body was found at contact."
    found, spot = legs(shot), kick.struck_at(shot)
    if found is None:
        return "The body was seen in too few frames around contact, or no foot of it stands still."
    if not np.isfinite(spot.diameter_px):
        return "The ball was not seen where it was struck, and it is the ruler."
    if np.linalg.norm(found.plant_px - spot.px) > FARTHEST_BALLS * spot.diameter_px:
        return "Nobody is seen to stand beside the ball at contact."
    if found.votes == 0:
        return "The legs are never seen apart around contact."
    since = shot.clip.time_s[shot.pose.frames] - kick.contact(shot)[0]
    rows = np.flatnonzero(np.isfinite(shot.pose.landmarks_px[:, 0, 0]) & (np.abs(since) < REACH_S))
    if len(rows) < LEAST_FRAMES or np.abs(since[rows]).min() > NEAR_S:
        return "The body was seen in too few frames around contact."
    return _of(shot, shot.pose, found, rows, since[rows])


def _of(shot: Shot, pose: Pose, found: Legs, rows: Ints, since: Floats) -> Evidence:
    camera, ball = placed(shot)
    upper_left = _trunk_left(pose, found.swings_left)
    marks = _roles(found.swings_left, upper_left)[rows]
    px, deep = pose.landmarks_px[rows[:, None], marks], pose.world_m[rows[:, None], marks, 2]
    depth = float((ball - camera[lens.PLACE]) @ lens.rotation(camera)[2])
    px_per_m = float(np.exp(camera[lens.LOG_FOCAL])) / depth
    share_left = found.votes_left / found.votes
    return Evidence(
        since_s=since,
        rows=rows,
        px=px,
        sigma_px=SEEN_SD * HEIGHT_M * px_per_m,
        shown=np.clip(pose.visibility[rows[:, None], marks], LEAST_SHOWN, 1.0),
        behind_m=deep - deep[:, list(HIPS)].mean(axis=1, keepdims=True),
        weight=np.minimum(1.0, np.abs(np.gradient(since)) / APART_S),
        camera=camera,
        size_wh_px=shot.clip.size_wh_px,
        ball_m=ball,
        sight=unit((ball - camera[lens.PLACE]) * np.array([1.0, 1.0, 0.0])),
        way=_way(shot, _aside_ms(px[:, ANKLES[0], 0], since, px_per_m)),
        upper_left=upper_left[rows],
        left_kicks=share_left > 0.5,
        label_odds=_believed(shot, pose, found) * VOTES * (2 * share_left - 1) * min(1.0, found.votes / ENOUGH_VOTES),
    )


def _believed(shot: Shot, pose: Pose, found: Legs) -> float:
    """-> how far the labels are the right way round: 1 surely, 0 unknown, -1 surely all left for right.

    Who shoots away from the camera has the left shoulder on the left, who shoots towards it on the right. A landmarker
    that takes a face for the back of a head has it the other way round, and then every label.
    """
    told = heading(shot)
    if told is None:
        return 1.0
    near = np.abs(shot.clip.time_s[pose.frames] - kick.contact(shot)[0]) < REACH_S
    left, right = (pose.landmarks_px[near, mark, 0] for mark in MARKS["shoulder"])
    apart = float(np.nanmean(right - left)) / found.trunk_px
    away = told.away * float(np.exp(-(np.radians(told.sigma_deg) ** 2) / 2))
    return float(np.tanh((RIGHT_ROUND + FACING * away * apart) / 2))


def _way(shot: Shot, aside_ms: float) -> Way:
    """Shot, how fast the striking foot crosses the picture at contact -> Way."""
    swung = float(np.copysign(np.pi / 2, aside_ms)) if abs(aside_ms) > ASIDE_MS else None
    told = heading(shot)
    if told is None:
        return Way(None, np.inf, True, (swung,) if swung is not None else (0.0, np.pi))
    turn, sd = float(np.radians(told.turn_deg)), float(np.hypot(np.radians(told.sigma_deg), WAY_SD_RAD))
    other = swung is not None and abs((turn - swung + np.pi) % (2 * np.pi) - np.pi) > OTHERWISE_RAD
    return Way(turn, sd, told.sigma_deg >= ROUGH_DEG, (turn, swung) if other and swung is not None else (turn,))


def _aside_ms(x_px: Floats, since: Floats, px_per_m: float) -> float:
    """The striking foot's way across the picture in the frames about contact -> m/s, to the right; 0 where unseen."""
    near = np.abs(since) <= 0.06
    if near.sum() < 2:
        return 0.0
    return float(np.polyfit(since[near], x_px[near], 1)[0]) / px_per_m


def placed(shot: Shot) -> tuple[Floats, Floats]:
    """Shot with its kick -> camera (7,) as domain.Camera has it, the lying ball (3,) in metres.

    The ball on the ground is the ruler: the camera is moved along the line of sight until the ball's size is right.
    Without a goal in the picture the lens is a phone's usual one, held level.
    """
    spot, size = kick.struck_at(shot), shot.clip.size_wh_px
    known = shot.scene.camera if shot.scene is not None else None
    if known is not None:
        camera = known.parameters.copy()
        away = known.focal_px * BALL_M / spot.diameter_px
        ray = lens.rays(camera, spot.px[None], size)[0]
        ground = (BALL_M / 2 - camera[lens.Z]) / ray[2] if ray[2] < -1e-3 else np.inf
        there = ground if LIKE_SIZE[0] < ground / away < LIKE_SIZE[1] else away
        ball = np.array([*(camera[lens.GROUND] + there * ray[:2]), BALL_M / 2])
    else:
        focal = USUAL_FOCAL * max(size)
        away = focal * BALL_M / spot.diameter_px
        up = float(np.clip((spot.px[1] - size[1] / 2) / focal * away + BALL_M / 2, *CAMERA_UP_M))
        tilt = np.arctan2(BALL_M / 2 - up, away) + np.arctan2(spot.px[1] - size[1] / 2, focal)
        camera = np.array([np.log(focal), 0.0, tilt, 0.0, 0.0, 0.0, up])
        ray = lens.rays(camera, spot.px[None], size)[0]
        ball = np.array([0.0, -away, BALL_M / 2])
    camera[lens.PLACE] = ball - away * ray
    return camera, ball


def _roles(swings_left: Bools, upper_left: Bools) -> Ints:
    """(n,) whether the left leg swings, whether the left shoulder is on its side -> (n, CORE) which landmark plays
    which part in each frame.

    """
    left, upper = np.where(swings_left, 0, 1), np.where(upper_left, 0, 1)
    marks = np.empty((len(left), CORE), dtype=int)
    for name, joints, side in (
        ("shoulder", SHOULDERS, upper), ("hip", HIPS, upper), ("knee", KNEES, left), ("ankle", ANKLES, left),
        ("toe", TOES, left),
    ):  # fmt: skip
        pair = np.array(MARKS[name])
        marks[:, joints[0]], marks[:, joints[1]] = pair[side], pair[1 - side]
    return marks


def _trunk_left(pose: Pose, swings_left: Bools) -> Bools:
    """-> (n,) whether the kicking side's hip and shoulder are those labelled left.

    The trunk's labels change all together or not at all: of both ways round, that which is nearer to the frame before;
    and most frames agree with the legs.
    """
    corners = pose.landmarks_px[:, [*MARKS["shoulder"], *MARKS["hip"]]]
    turned = np.zeros(len(corners), dtype=bool)
    before: Floats | None = None
    for row in np.flatnonzero(np.isfinite(corners[:, 0, 0])):
        both = (corners[row], corners[row][[1, 0, 3, 2]])
        if before is not None:
            turned[row] = (
                np.linalg.norm(both[1] - before, axis=1).sum() < np.linalg.norm(both[0] - before, axis=1).sum()
            )
        before = both[int(turned[row])]
    seen = np.isfinite(corners[:, 0, 0])
    return np.asarray(turned != (np.mean((turned != swings_left)[seen]) > 0.5))
