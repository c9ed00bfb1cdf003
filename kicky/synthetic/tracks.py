"""Seed -> TrackCase: a shot without a picture, only what a detector would have seen of it, and the truth.

Rolls, flights and bounces, goals with different nets, a phone anywhere around them at any height, a
lens that is no perfect pinhole, and a detector that misses the ball and takes limbs for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import supervision as sv

from ..domain import Clip, Floats, How, Scene, Verdict
from ..errors import UnknownPart
from .camera import goal_corners_m
from .goals import NETS, Net
from .launches import ending
from .physics import GOALS, STEP_S, Flight, Goal
from .sightings import Person, Scenery, look
from .stands import POSITIONS, SIZE_WH_PX, Lens, sees, stand
from .strikes import FILMED_S, FREQUENCY, KINDS, Strike, strike

BEFORE_S = 0.8  # filmed before the kick
LENS_MM = 26.0  # what a phone's usual lens says of itself
_TRIES = 400


@dataclass(frozen=True, eq=False, slots=True)
class TrackCase:
    """What the app would have of one shot, and the truth of it.

    `ball_px` (T, 2) and `ball_xyz_m` (T, 3) are the ball's centre in the middle of each exposure, seen or not;
    `kick_frame` the last frame at or before `kick_time_s`. `crossing_m` is (x, z) where the ball's centre first
    passes the goal's plane, at `plane_s`; `met_s` when it first meets anything but the ground. All times are the
    film's. `launch_m` and `launch_ms` are place and velocity off the foot, `plane_ms` the velocity at the plane.
    `camera` (7,) is as `domain.Camera` names it; `lens` bends and is shifted a little besides.
    """

    seed: int
    position: str
    kind: str
    clip: Clip
    detections: tuple[sv.Detections, ...]
    scene: Scene
    goal: Goal
    verdict: Verdict
    how: How
    speed_kmh: float
    kick_time_s: float
    kick_frame: int
    plane_s: float | None
    crossing_m: tuple[float, float] | None
    met_s: float | None
    launch_m: Floats
    launch_ms: Floats
    plane_ms: Floats | None
    ball_xyz_m: Floats
    ball_px: Floats
    camera: Floats
    lens: Lens

    @property
    def is_goal(self) -> bool:
        return self.verdict is Verdict.GOAL

    @property
    def net(self) -> str:
        return self.goal.net.name


def simulate_track(
    seed: int, *, position: str | None = None, kind: str | None = None, net: str | None = None, zoom: float = 1.0
) -> TrackCase:
    """Seed -> TrackCase; position, kind and net are drawn where not given. Raises: UnknownPart.

    `zoom` is how many times longer the phone's lens is than its usual one.
    """
    nets = {each.name: each for each in NETS}
    for what, name, known in (("position", position, POSITIONS), ("kind", kind, KINDS), ("net", net, tuple(nets))):
        _refuse_unknown(what, name, known)
    rng = np.random.default_rng(seed)
    drawn = (rng.choice(POSITIONS), rng.choice(KINDS, p=list(FREQUENCY.values())), rng.choice(list(nets)))
    position, kind, net = position or str(drawn[0]), kind or str(drawn[1]), net or str(drawn[2])
    goal = _goal(rng, nets[net], position)
    struck, lens = _drawn(rng, position, kind, goal, zoom)
    return _filmed(rng, seed, position, struck, lens, goal)


def simulate_session(seed: int, count: int, *, position: str | None = None, zoom: float = 1.0) -> list[TrackCase]:
    """Seed, how many -> shots before one phone that nobody touches, at one goal whose corners were clicked once.

    Raises: UnknownPart.
    """
    _refuse_unknown("position", position, POSITIONS)
    rng = np.random.default_rng(seed)
    position = position or str(rng.choice(POSITIONS))
    goal = _goal(rng, NETS[int(rng.integers(len(NETS)))], position)
    struck, lens = _drawn(rng, position, _kind(rng), goal, zoom)
    cases = [_filmed(rng, seed * count, position, struck, lens, goal)]
    for _ in range(count * _TRIES):
        if len(cases) == count:
            return cases
        another = strike(_kind(rng), rng, goal)
        if another is not None and sees(lens, np.array([another.launch.position_m]), 10, 1.5):
            case = _filmed(rng, seed * count + len(cases), position, another, lens, goal)
            cases.append(replace(case, scene=cases[0].scene))
    raise RuntimeError(f"seed {seed}: {count * _TRIES} draws gave no {count} shots that are seen from {position}")


def _refuse_unknown(what: str, name: str | None, known: tuple[str, ...]) -> None:
    if name is not None and name not in known:
        raise UnknownPart(f"There is no {what} {name}: choose one of {', '.join(known)}.")


def _kind(rng: np.random.Generator) -> str:
    return str(rng.choice(KINDS, p=list(FREQUENCY.values())))


def _goal(rng: np.random.Generator, net: Net, position: str) -> Goal:
    """-> a goal with that net; behind some hangs another, unless the phone stands there."""
    goal = GOALS[int(rng.choice(3, p=[0.6, 0.2, 0.2]))]
    backstop = 3.5 if rng.random() < 0.35 and position != "behind_goal" else None
    return replace(goal, net=net, backstop_m=backstop)


def _drawn(rng: np.random.Generator, position: str, kind: str, goal: Goal, zoom: float) -> tuple[Strike, Lens]:
    """-> a strike and a phone that has goal and ball in its picture."""
    for _ in range(_TRIES):
        struck = strike(kind, rng, goal)
        lens = stand(position, rng, goal, struck.launch.position_m, zoom) if struck is not None else None
        if struck is not None and lens is not None:
            return struck, lens
    raise RuntimeError(f"{_TRIES} draws gave no {kind} that is seen from {position}")


def _filmed(rng: np.random.Generator, seed: int, position: str, struck: Strike, lens: Lens, goal: Goal) -> TrackCase:
    """Strike, lens -> the case: the film's clock, what is seen at each tick, the truth."""
    fps = 60.0 if rng.random() < 0.15 else 30.0
    time_s = np.arange(round((BEFORE_S + FILMED_S) * fps)) / fps
    kick_frame = round(BEFORE_S * fps)
    kick_s = float(time_s[kick_frame] + rng.uniform(0, 1 / fps))
    exposure_s = math.exp(rng.uniform(math.log(1 / 800), math.log(1 / 60)))
    since_s = time_s - kick_s
    ball_m = struck.ball_at(since_s)
    lying = (since_s <= 0) & (struck.rolls_ms == (0.0, 0.0))
    scenery = Scenery(
        lens,
        goal,
        time_s,
        ball_m,
        struck.ball_at(since_s - exposure_s / 2),
        struck.ball_at(since_s + exposure_s / 2),
        np.asarray(lying),
        _people(rng, struck, since_s),
    )
    verdict, how, _ = ending("from_goal" if struck.kind == "away" else struck.kind, struck.flight, goal)
    if struck.blocked_s is not None and verdict is not Verdict.GOAL:
        how = How.SAVED

    def filmed(since_kick: float | None) -> float | None:
        return None if since_kick is None else kick_s + since_kick

    return TrackCase(
        seed,
        position,
        struck.kind,
        Clip(Path(f"simulated_{seed}.mp4"), f"{seed:064x}", SIZE_WH_PX, time_s, lens_mm=LENS_MM),
        look(scenery, rng),
        Scene(_clicked(rng, lens, goal), (goal.width_m, goal.height_m)),
        goal,
        verdict,
        how,
        3.6 * math.dist(struck.launch.velocity_ms, (0, 0, 0)),
        kick_s,
        kick_frame,
        filmed(struck.flight.plane_s),
        struck.flight.crossing_m,
        filmed(struck.met_s),
        np.array(struck.launch.position_m),
        np.array(struck.launch.velocity_ms),
        _at_plane(struck.flight),
        ball_m,
        lens.project(ball_m)[0],
        lens.parameters,
        lens,
    )


def _at_plane(flight: Flight) -> Floats | None:
    """-> (3,) the ball's velocity as it passes the goal's plane, None where it never does."""
    return None if flight.plane_s is None else flight.velocity_ms[int(flight.plane_s / STEP_S)]


def _clicked(rng: np.random.Generator, lens: Lens, goal: Goal) -> Floats:
    """-> (4, 2) the inner corners TL TR BR BL as the picture shows them, clicked with an error."""
    px, _ = lens.project(goal_corners_m(goal))
    px = px if px[0, 0] < px[1, 0] else px[[1, 0, 3, 2]]
    return np.asarray(px + rng.normal(0, rng.uniform(1, 3), (4, 2)))


def _people(rng: np.random.Generator, struck: Strike, since_s: Floats) -> tuple[Person, ...]:
    """-> the shooter, whoever blocks, and at times somebody walking by."""
    people = [_shooter(rng, struck, since_s)]
    unseen = np.full((len(since_s), 3), np.nan)
    if struck.blocked_m is not None:
        x, y, _ = struck.blocked_m
        sway = 0.05 * np.sin(2 * np.pi * (0.5 * since_s + rng.random()))
        ground = np.column_stack([x + rng.normal(0, 0.15) + sway, np.full(len(since_s), y - 0.25)])
        people.append(Person(ground, _height(rng), unseen))
    if rng.random() < 0.4:
        spot, angle = rng.uniform((-10, -12), (10, 25)), rng.uniform(0, 2 * np.pi)
        pace = rng.uniform(0.8, 1.6) * np.array([math.cos(angle), math.sin(angle)])
        people.append(Person(spot + since_s[:, None] * pace, _height(rng), unseen))
    return tuple(people)


def _shooter(rng: np.random.Generator, struck: Strike, since_s: Floats) -> Person:
    """-> runs up from behind and beside the ball, follows through for a metre, stands."""
    way = np.array(struck.launch.velocity_ms[:2]) / math.hypot(*struck.launch.velocity_ms[:2])
    aside = np.array([-way[1], way[0]]) * rng.choice([-1, 1])
    spot = np.array(struck.launch.position_m[:2])
    along = np.where(since_s < 0, -0.35 + 4 * since_s, np.minimum(-0.35 + 3 * since_s, 0.9))
    ground = spot + along[:, None] * way + 0.28 * aside
    swing = np.abs(since_s) < 0.12  # the boot goes through the ball and up
    reach = np.where(since_s < 0, 11 * since_s, 7 * since_s)[:, None] * way + spot - 0.2 * way
    boot = np.column_stack([reach, 0.12 + 30 * since_s**2])
    return Person(ground, _height(rng), np.where(swing[:, None], boot, np.nan))


def _height(rng: np.random.Generator) -> float:
    return float(np.clip(rng.normal(1.75, 0.08), 1.5, 1.95))
