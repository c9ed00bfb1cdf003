"""Seed -> SyntheticShot: one shot with every answer known, and where the phone stood."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..domain import Floats, How, Verdict
from ..errors import UnknownPart
from . import launches
from .camera import VIEWS, Camera, goal_corners_px, place
from .cast import Cast, stand
from .handheld import moved
from .launches import KINDS
from .motion import kicker, walker
from .physics import BALL_RADIUS_M, GOALS, STEP_S, Flight, Goal
from .player import Body, angles_deg
from .setting import PLAIN, Setting
from .waiting import Approach, starts_s, wait

FEET = ("right", "left")
SIZES = ((1920, 1080), (1080, 1920))


@dataclass(frozen=True, eq=False, slots=True)
class SyntheticShot:
    """One shot and its truth.

    `contact_frame` is the last frame at or before the contact; the ball moves only after it. Frame times are
    the middle of the exposure. `ball_px` (T, 2) is the ball's centre, also when something hides it or it has
    left the picture, NaN behind the lens; `ball_diameter_px` is what it would measure without motion blur.
    `goal_corners_px`: TL TR BR BL in the (first) picture, inner edges. `joints_px` (T, 21, 2) and `joints_m` (T, 21, 3)
    are the shooter's, named in player.JOINTS. `crossing_m` is (x, z) where the ball's centre first passes the
    goal's plane. How's left and right are the shooter's. `cast` says who plays, None when nobody was asked for;
    `friend` is the body of the one who does not shoot, None when they are not in the picture. `setting` is what is
    drawn around the shot. `outcome` and `how` are None where the film does not show them, `contact_frame` and `foot`
    where there is no kick; then `contact_time_s` is only the moment that the bodies' time counts from. `carried` is
    where the ball is before the flight and after it, (n, 3) rows each STEP_S; without, it lies.
    """

    name: str
    seed: int
    view: str
    kind: str
    foot: str | None
    outcome: Verdict | None
    how: How | None
    speed_kmh: float | None
    crossing_m: tuple[float, float] | None
    contact_frame: int | None
    contact_time_s: float
    outcome_frame: int | None
    fps: float
    exposure_s: float
    night: bool
    size_wh_px: tuple[int, int]
    time_s: Floats
    ball_px: Floats
    ball_diameter_px: Floats
    ball_xyz_m: Floats
    goal_corners_px: Floats
    goal_size_m: tuple[float, float]
    angles_deg: dict[str, float]
    joints_px: Floats
    joints_m: Floats
    camera: Camera
    goal: Goal
    flight: Flight
    shooter: Body
    walkers: tuple[Body, ...]
    still_ball_m: tuple[float, float, float] | None
    cast: Cast | None = None
    friend: Body | None = None
    setting: Setting = PLAIN
    carried: tuple[Floats, Floats] | None = None

    @property
    def shows_a_shot(self) -> bool:
        return self.contact_frame is not None

    def ball_at(self, time_s: Floats) -> Floats:
        """(n,) seconds of the film -> (n, 3) where the ball is."""
        since = np.asarray(time_s) - self.contact_time_s
        if self.carried is None:
            return _along(self.flight.xyz_m, since)
        before, after = self.carried
        return _along(np.vstack([before, self.flight.xyz_m, after]), since + len(before) * STEP_S)


def _along(path: Floats, since_s: Floats) -> Floats:
    """Rows each STEP_S, (n,) seconds from the launch -> (n, 3), at rest before and after."""
    place_ = np.clip(since_s / STEP_S, 0, len(path) - 1.001)
    row = place_.astype(int)
    share = (place_ - row)[:, None]
    return np.asarray(path[row] * (1 - share) + path[row + 1] * share)


def choose(wish: str | None, options: Sequence[str], what: str, rng: np.random.Generator) -> str:
    """-> the wish if it is one of the options, one of them by chance when there is none.

    Raises: UnknownPart.
    """
    drawn = str(rng.choice(list(options)))
    if wish is None:
        return drawn
    if wish not in options:
        raise UnknownPart(f"There is no {what} {wish!r}; choose one of: {', '.join(options)}.")
    return wish


def sample(
    seed: int, *, view: str | None = None, kind: str | None = None, fps: float | None = None,
    size_wh: tuple[int, int] | None = None, night: bool | None = None, foot: str | None = None,
    name: str | None = None, cast: Cast | None = None, phone: tuple[Goal, Camera] | None = None,
    approach: Approach | None = None, phone_height_m: float | None = None,
) -> SyntheticShot:  # fmt: skip
    """Seed -> SyntheticShot; what is not given is drawn, and the same seed and wishes give the same shot.

    `phone`: the goal and the phone of an earlier shot, which this one is filmed by too. `approach`: what the kicker
    does before the run-up, in the picture; without one they come running. `phone_height_m`: of a phone placed anew.
    Raises: UnknownPart for a view, kind or foot that does not exist; ValueError for a size or rate no film has.
    """
    rng = np.random.default_rng([seed, 1863])
    view, kind = choose(view, VIEWS, "view", rng), choose(kind, KINDS, "kind", rng)
    foot = choose(foot, FEET, "foot", rng)
    drawn_fps, drawn_size = float(rng.choice([30, 60])), SIZES[int(rng.random() < (0.15 if view == "side" else 0.4))]
    drawn_night = bool(rng.random() < 0.35)
    rate, size = drawn_fps if fps is None else float(fps), drawn_size if size_wh is None else size_wh
    _check_film(rate, size)
    dark = drawn_night if night is None else night
    drawn_goal = GOALS[int(rng.choice(len(GOALS), p=[0.6, 0.2, 0.2]))]
    goal = drawn_goal if phone is None else phone[0]
    contact_s = float(rng.uniform(0.9, 1.4))
    exposure_s = float(np.exp(rng.uniform(math.log(1 / 1000), math.log(1 / 120)))) if not dark else 1 / 120
    stage = _Stage(view, kind, foot, size, goal, rate, cast, phone, approach, phone_height_m)
    flight, shooter, camera, time_s, contact_s = _staged(rng, stage, contact_s)
    walkers, still = _extras(rng, view, camera, flight)
    friend = stand(cast, rng, camera, goal, flight, shooter.joints(time_s - contact_s)) if cast else None
    verdict, how, settled_s = launches.ending(kind, flight, goal)
    since = time_s - contact_s
    xyz, joints = _along(flight.xyz_m, since), shooter.joints(since)
    depth = camera.depth_m(xyz)
    return SyntheticShot(
        name or f"{view}_{seed:02d}", seed, view, kind, foot, verdict, how,
        float(np.linalg.norm(flight.velocity_ms[0]) * 3.6), flight.crossing_m,
        int(np.flatnonzero(time_s <= contact_s)[-1]), contact_s, _frame_at(time_s, contact_s, settled_s),
        rate, exposure_s, dark, size, time_s,
        camera.project(xyz), np.where(depth > 0.1, camera.focal_px * 2 * BALL_RADIUS_M / depth, np.nan), xyz,
        goal_corners_px(camera, goal), (goal.width_m, goal.height_m),
        angles_deg(shooter.joints(np.zeros(1))[0], foot, shooter.ahead),
        camera.project(joints), joints, camera, goal, flight, shooter, walkers, still,
        cast, friend,
    )  # fmt: skip


def observed(shot: SyntheticShot) -> SyntheticShot:
    """SyntheticShot whose flight, bodies, times or phone were changed -> the same with its arrays seen anew."""
    moves, since = shot.setting.moves, shot.time_s - shot.contact_time_s
    xyz, joints, camera = shot.ball_at(shot.time_s), shot.shooter.joints(since), shot.camera
    depth = camera.depth_m(xyz)
    diameter = np.where(depth > 0.1, camera.focal_px * 2 * BALL_RADIUS_M / depth, np.nan)
    corners = goal_corners_px(camera, shot.goal)
    if moves is not None:
        diameter = diameter * np.sqrt(np.linalg.det(moves[..., :2]))
        corners = moved(corners[None], moves[:1])[0]
    return replace(
        shot, ball_px=moved(camera.project(xyz), moves), ball_diameter_px=diameter, ball_xyz_m=xyz,
        goal_corners_px=corners, joints_px=moved(camera.project(joints), moves), joints_m=joints,
    )  # fmt: skip


def _check_film(fps: float, size: tuple[int, int]) -> None:
    if fps <= 0 or min(size) < 64 or size[0] % 2 or size[1] % 2:
        raise ValueError(f"expected a rate above 0 and an even size of at least 64×64, got {fps} and {size}")


def _frame_at(time_s: Floats, contact_s: float, settled_s: float | None) -> int | None:
    """-> the first frame at or after what settled the shot, None when nothing did or the film ends before."""
    if settled_s is None or contact_s + settled_s > time_s[-1]:
        return None
    return int(np.searchsorted(time_s, contact_s + settled_s))


@dataclass(frozen=True, eq=False, slots=True)
class _Stage:
    """What a shot must be, before a flight, a body and a phone are found that fit together."""

    view: str
    kind: str
    foot: str
    size: tuple[int, int]
    goal: Goal
    fps: float
    cast: Cast | None
    phone: tuple[Goal, Camera] | None
    approach: Approach | None
    phone_height_m: float | None


def _staged(rng: np.random.Generator, stage: _Stage, contact_s: float) -> tuple[Flight, Body, Camera, Floats, float]:
    """-> a flight, its shooter, a phone that sees them, its film's times and the contact, drawn until they fit."""
    kind, goal, phone = stage.kind, stage.goal, stage.phone
    while True:
        launch, flight = launches.draw(kind, rng, goal)
        way = np.array([launch.velocity_ms[0], launch.velocity_ms[1], 0.0])
        steps = stage.approach.steps if stage.approach else 2 if kind == "from_goal" else 5
        shooter = kicker(
            int(rng.integers(1 << 31)), stage.foot, np.array(launch.position_m), way / np.linalg.norm(way),
            steps=steps, height_m=stage.cast.shooter.height_m if stage.cast else None,
        )  # fmt: skip
        if stage.approach and stage.approach.wait_s:
            start_s = starts_s(shooter)
            shooter, filmed_s = wait(shooter, stage.approach, rng)
            contact_s = filmed_s - start_s
        settled = launches.ending(kind, flight, goal)[2] or 0.0
        after = min(max(rng.uniform(1.7, 2.1), settled + 0.75), 2.6)
        time_s = np.arange(round((contact_s + after) * stage.fps)) / stage.fps
        path = _watched(shooter, contact_s, waits=bool(stage.approach and stage.approach.wait_s))
        for _ in range(6):
            camera = phone[1] if phone else place(
                stage.view, rng, stage.size, goal, launch.position_m, path, stage.phone_height_m
            )  # fmt: skip
            if camera is None or (phone is not None and not _seen(phone[1], launch.position_m, path)):
                continue
            if kind == "in_front" and not _passes_mouth(camera, goal, _along(flight.xyz_m, time_s)):
                continue
            return flight, shooter, camera, time_s, contact_s


def _watched(shooter: Body, contact_s: float, waits: bool) -> Floats:
    """-> (n, JOINTS, 3) the shooter over the film; who runs in may be out of the picture for the first third."""
    times = np.linspace(-contact_s, 1.2, 12)
    return shooter.joints(np.concatenate([np.full(6, -contact_s), times]) if waits else times)


def _seen(camera: Camera, ball: Sequence[float], path: Floats) -> bool:
    """-> does a phone that stands already see the ball and the shooter, and from far enough."""
    near = float(np.linalg.norm(path[..., :2] - camera.position_m[:2], axis=-1).min())
    return near > 1.5 and camera.sees(np.array([ball]), 0.03) and camera.sees(path[len(path) // 3 :, 0], 0.0)


def _passes_mouth(camera: Camera, goal: Goal, path_m: Floats) -> bool:
    """-> does the ball, in the picture, pass through the goal's mouth for a few frames."""
    corners, px = goal_corners_px(camera, goal), camera.project(path_m)
    edges = np.roll(corners, -1, axis=0) - corners
    gap = px[:, None, :] - corners[None]
    inside = (edges[None, :, 0] * gap[..., 1] - edges[None, :, 1] * gap[..., 0] > 0).all(axis=1)
    return int(inside.sum()) >= 3


def _extras(
    rng: np.random.Generator, view: str, camera: Camera, flight: Flight
) -> tuple[tuple[Body, ...], tuple[float, float, float] | None]:
    """-> people walking in the background, and a second ball lying still in the foreground."""
    walkers = []
    for _ in range(int(rng.choice([0, 1, 2], p=[0.5, 0.35, 0.15]))):
        sign = float(rng.choice([-1, 1]))
        if view == "side":
            away = -float(np.sign(camera.position_m[0]))
            spot, way = np.array([away * rng.uniform(9, 18), rng.uniform(-3, 12)]), np.array([0, sign, 0.0])
        else:
            deep = -rng.uniform(4.5, 14) if view != "behind_goal" else flight.xyz_m[0, 1] + rng.uniform(5, 14)
            spot, way = np.array([rng.uniform(-9, 9), deep]), np.array([sign, 0, 0.0])
        walkers.append(walker(int(rng.integers(1 << 31)), spot, way))
    if rng.random() > 0.35:
        return tuple(walkers), None
    start = flight.xyz_m[0]
    for _ in range(30):
        ahead, aside = rng.uniform(2.2, 7), rng.uniform(-0.28, 0.28)
        ground = camera.position_m + ahead * camera.rotation[2] + aside * ahead * camera.rotation[0]
        spot = np.array([ground[0], ground[1], BALL_RADIUS_M])
        clear = float(np.min(np.linalg.norm(flight.xyz_m[:, :2] - spot[:2], axis=1)))
        near = np.linalg.norm(camera.project(spot) - camera.project(start)) < 0.12 * min(camera.size_wh_px)
        if clear > 1.2 and not near and camera.sees(spot[None], 0.03):
            return tuple(walkers), (float(spot[0]), float(spot[1]), float(spot[2]))
    return tuple(walkers), None
