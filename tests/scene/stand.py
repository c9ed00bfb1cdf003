"""Phones stood where players stand them: what they see of goal, ball and people, and the truth."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kicky.camera import rotation
from kicky.domain import Clip, Floats, Scene, Shot, Track
from kicky.scene.anchors import Anchor, ball, person
from kicky.scene.calibrate import goal_corners_m
from kicky.scene.lens import GUESS_MM, KINDS, LONG_SIDE_MM
from kicky.synthetic.camera import Camera, look_at

PHONE_PX = 26 / 34.6 * 1920  # the usual lens in a film 1920 px long


@dataclass(frozen=True)
class Stand:
    """One phone, and the parameters it truly has."""

    phone: Camera
    truth: Floats
    clip: Clip
    scene: Scene
    ball_m: Floats
    things: list[Anchor]


def film(size: tuple[int, int] = (1920, 1080), lens_mm: float | None = None, frames: int = 60) -> Clip:
    return Clip(Path("kick.mp4"), "", size, np.arange(frames) / 30, lens_mm=lens_mm)


def truth_of(phone: Camera) -> Floats:
    """Phone -> its parameters as `domain.Camera` names them."""
    ahead = phone.rotation[2]
    parameters = np.array([math.log(phone.focal_px), math.atan2(ahead[0], -ahead[1]), math.asin(ahead[2]), 0, 0, 0, 0])
    level = rotation(parameters)
    parameters[3] = math.atan2(phone.rotation[0] @ level[1], phone.rotation[0] @ level[0])
    parameters[4:] = phone.position_m
    return parameters


def corners_px(phone: Camera, goal_m: tuple[float, float] = (7.32, 2.44), corners_m: Floats | None = None) -> Floats:
    px = phone.project(goal_corners_m(goal_m) if corners_m is None else corners_m)
    return px if px[0, 0] < px[1, 0] else px[[1, 0, 3, 2]]


def _place(view: str, rng: np.random.Generator, ball_m: Floats) -> list[float]:
    if view == "frontal":
        return [rng.normal(0, 2), ball_m[1] + rng.uniform(4, 12)]
    if view == "behind":
        return [rng.normal(0, 1.5), -rng.uniform(6, 13)]
    angle, away = math.radians(rng.uniform(25, 55)) * rng.choice([-1, 1]), rng.uniform(14, 28)
    return [math.sin(angle) * away, math.cos(angle) * away]


def _focal_px(rng: np.random.Generator, log_sd: float | None) -> float:
    """-> that of a main lens, spread so far, at 0 the usual one; None: of any lens that phones film with."""
    if log_sd is not None:
        usual = GUESS_MM * 1920 / LONG_SIDE_MM if log_sd else PHONE_PX
        return usual * math.exp(rng.normal(0, log_sd))
    kind = KINDS[int(rng.choice(len(KINDS), p=[one.share for one in KINDS]))]
    return 1920 / LONG_SIDE_MM * kind.mm * math.exp(rng.normal(0, kind.log_sd))


def _phone(view: str, rng: np.random.Generator, log_sd: float | None) -> tuple[Camera, Floats]:
    """-> a phone 0.2 to 2 m high with goal and ball in the picture, the ball's place."""
    while True:
        ball_m = np.array([rng.uniform(-5, 5), rng.uniform(8, 18), 0.11])
        height, focal_px = rng.uniform(0.2, 2.0), _focal_px(rng, log_sd)
        position = np.array([*_place(view, rng, ball_m), height])
        target = np.array([0.3 * ball_m[0], 0.3 * ball_m[1], height + rng.normal(0, 0.3)])
        phone = look_at(position, target, rng.normal(0, 1.5), focal_px, (1920, 1080))
        if phone.sees(goal_corners_m((7.32, 2.44)), 0.01) and phone.sees(ball_m[None], 0.01):
            return phone, ball_m


def stand(view: str, seed: int, *, log_sd: float | None = None, click_px: float = 2.0) -> Stand:
    """frontal, oblique or behind the goal -> what is clicked and seen there: clicks wrong by 2 px, the ball by 3 %."""
    rng = np.random.default_rng(seed)
    phone, ball_m = _phone(view, rng, log_sd)
    corners = corners_px(phone) + rng.normal(0, click_px, (4, 2))
    diameter = phone.focal_px * 0.22 / phone.depth_m(ball_m) * (1 + rng.normal(0, 0.03)) + rng.normal(0, 0.7)
    seen = ball(phone.project(ball_m) + rng.normal(0, 0.7, 2), max(2.0, float(diameter)))
    return Stand(phone, truth_of(phone), film(), Scene(corners), ball_m, [seen])


def standing(phone: Camera, x: float, y: float, tall_m: float = 1.75) -> Anchor:
    return person(phone.project(np.array([x, y, 0.0])), phone.project(np.array([x, y, tall_m])))


def track(label: str, centre_px: Floats, size_px: Floats) -> Track:
    """(T, 2) places and sizes, NaN where not seen -> Track."""
    seen = np.isfinite(centre_px[:, 0])
    return Track(label, centre_px, size_px, np.where(seen, 1.0, np.nan), seen)


def shot_of(clip: Clip, scene: Scene | None, centre_px: Floats, diameter_px: float, kick_frame: int = 20) -> Shot:
    """-> a ball that lies there until it is kicked and is not seen after."""
    place, size = np.full((len(clip.time_s), 2), np.nan), np.full((len(clip.time_s), 2), np.nan)
    place[: kick_frame + 1], size[: kick_frame + 1] = centre_px, diameter_px
    return Shot(clip, track("ball", place, size), scene=scene, kick_frame=kick_frame)
