"""Seed -> Body: someone who runs up and kicks, someone who walks by."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..domain import Floats
from .player import ANKLE, HIP, SHANK, THIGH, Arm, Body, Curve, Leg, curve

PLANT_S = -0.13
_BOOT_M = 0.045
_STEP_S = (0.0, 0.36, 0.31, 0.30, 0.32, 0.36, 0.40)  # from one footfall back to the one before
_STEP_M = (0.0, 1.45, 1.15, 0.95, 0.72, 0.42, 0.05)

Key = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Strike:
    """How the body is at contact, in its own frame (ahead, aside, up), before the curves are drawn."""

    height_m: float
    pelvis: tuple[float, float, float]
    plant: tuple[float, float]
    kick_ankle: tuple[float, float, float]
    yaw_deg: float
    tilt_deg: float
    lean_deg: float
    sway_deg: float
    approach_deg: float


def _leg_reach(knee_deg: float, height_m: float) -> float:
    """-> hip to ankle when the knee has this interior angle."""
    a, b = THIGH * height_m, SHANK * height_m
    return math.sqrt(a * a + b * b - 2 * a * b * math.cos(math.radians(knee_deg)))


def _try_strike(rng: np.random.Generator, height_m: float | None = None) -> _Strike | None:
    """-> a body whose knees have drawn angles with one foot on the ground and the other at the ball, if it can be.

    Both legs' lengths put the pelvis on two circles; where they meet is how far the body leans away.
    """
    drawn = rng.uniform(1.68, 1.9)
    height = drawn if height_m is None else height_m
    knees = np.clip(rng.normal((158, 138), (6, 5)), (138, 124), (172, 150))
    kick, support = (_leg_reach(k, height) for k in knees)
    yaw, tilt = rng.uniform(2, 14), rng.uniform(3, 9)
    ankle = (-0.14 - _BOOT_M, rng.uniform(0.0, 0.05), rng.uniform(0.17, 0.21))
    plant = (rng.uniform(-0.1, 0.02), rng.uniform(-0.38, -0.3))
    ahead = rng.uniform(-0.26, -0.14)
    half, turn, lift = HIP * height, math.radians(yaw), math.radians(tilt)
    hip_ahead, hip_aside, hip_up = (
        -half * math.sin(turn) * math.cos(lift), half * math.cos(turn) * math.cos(lift), half * math.sin(lift),
    )  # fmt: skip
    rest_k, rest_s = kick**2 - (ahead + hip_ahead - ankle[0]) ** 2, support**2 - (ahead - hip_ahead - plant[0]) ** 2
    a = np.array([plant[1] + hip_aside, ANKLE * height + hip_up])
    b = np.array([ankle[1] - hip_aside, ankle[2] - hip_up])
    gap = float(np.linalg.norm(b - a))
    share = (gap**2 + rest_s - rest_k) / (2 * gap)
    if rest_s <= share**2:
        return None
    along = (b - a) / gap
    aside, up = a + share * along + math.sqrt(rest_s - share**2) * np.array([-along[1], along[0]])
    lean = math.degrees(math.atan2(plant[1] - (aside - hip_aside), up - ANKLE * height))
    if not (2 < lean < 26 and 0.4 * height < up < 0.52 * height):
        return None
    return _Strike(
        height, (ahead, float(aside), float(up)), plant, ankle, yaw, tilt,
        rng.normal(10, 4), rng.normal(13, 3), rng.uniform(18, 38),
    )  # fmt: skip


def kicker(seed: int, foot: str, ball_m: Floats, ahead: Floats, steps: int = 5, height_m: float | None = None) -> Body:
    """Seed, foot, ball, the shot's horizontal direction -> Body; its time 0 is the contact.

    `steps` is how many steps the run-up has (1 to 12); the height is drawn unless it is given.
    """
    rng = np.random.default_rng(seed)
    strike = None
    while strike is None:
        strike = _try_strike(rng, height_m)
    run = _Run(strike, steps, rng.uniform(0.88, 1.05))
    s, h = strike, strike.height_m
    arms = _arms(run)
    return Body(
        h, np.array([ball_m[0], ball_m[1], 0.0]), np.asarray(ahead, dtype=float), 1 if foot == "right" else -1,
        pelvis=_pelvis(s, run),
        yaw_deg=curve((-9, s.approach_deg), (-0.45, s.approach_deg), (-0.15, s.approach_deg + 14), (0, s.yaw_deg),
                      (0.15, -14), (0.35, -22), (0.6, -8), (0.9, 0)),
        tilt_deg=curve((-0.4, 0), (-0.13, -4), (0, s.tilt_deg), (0.2, 8), (0.5, 0)),
        lean_deg=curve((run.touch_s[-1] - 0.4, 2), (run.touch_s[-1] + 0.3, 12), (-0.4, 12), (-0.13, -3),
                       (0, s.lean_deg), (0.12, s.lean_deg + 12), (0.3, 16), (0.6, 6), (1.0, 2)),
        sway_deg=curve((-0.5, 0), (-0.13, 9), (0, s.sway_deg), (0.15, 9), (0.4, 2), (0.7, 0)),
        shoulder_yaw_deg=curve((-9, s.approach_deg), (-0.45, s.approach_deg), (-0.14, s.approach_deg - 26),
                               (0, 4), (0.15, 26), (0.4, 10), (0.8, 0)),
        look_at=curve((-9, 0.2, 0, 0.1), (0.03, 0.2, 0, 0.1), (0.3, 5, 0, 1.0), (0.6, 9, 0, 1.6)),
        kick_leg=Leg(_kick_ankle(s, run), curve((-0.5, 15), (-0.14, 30), (-0.03, 48), (0.1, 48), (0.4, 15))),
        support_leg=Leg(_support_ankle(s, run), curve((-9, 15), (9, 15))),
        kick_arm=arms[0], support_arm=arms[1],
    )  # fmt: skip


class _Run:
    """Where and when each foot lands; step 0 is the plant, odd steps are the kicking foot's."""

    def __init__(self, strike: _Strike, steps: int, scale: float) -> None:
        more = max(0, steps + 1 - len(_STEP_S))  # of a long run the strides at speed come again
        metres = (*_STEP_M[:3], *(_STEP_M[2],) * more, *_STEP_M[3:])
        seconds = (*_STEP_S[:3], *(_STEP_S[2],) * more, *_STEP_S[3:])
        back = np.cumsum(metres[: steps + 1]) * scale
        self.touch_s = [PLANT_S - float(t) for t in np.cumsum(seconds[: steps + 1])]
        angle = math.radians(strike.approach_deg)
        self.way = np.array([math.cos(angle), math.sin(angle)])
        square = np.array([-self.way[1], self.way[0]])
        # The line of the run goes through where the pelvis will be as the foot is planted.
        middle = np.array([strike.pelvis[0], strike.pelvis[1]]) - 0.52 * self.way
        self.middle = middle
        start = float(self.way @ (np.array(strike.plant) - middle))
        self.centre = [middle + self.way * (start - float(b)) for b in back]
        self.feet = [c + square * (0.08 if i % 2 else -0.08) for i, c in enumerate(self.centre)]
        self.feet[0] = np.array(strike.plant)
        # They stand with both feet together before they start.
        self.stand = self.centre[-1] + square * (-0.08 if steps % 2 else 0.08)

    def stay_s(self, step: int) -> float:
        """-> how long that foot stays down."""
        return min(0.3, 0.17 + 0.02 * step)


def _stance_keys(run: _Run, first: int, height_m: float) -> list[Key]:
    """Ankle keys of every second footfall from `first` back to the start, with the swings between them."""
    low = ANKLE * height_m
    keys: list[Key] = []
    last = len(run.touch_s) - 1
    rest = run.feet[last] if (last - first) % 2 == 0 else run.stand
    for step in range(first, last + 1, 2):
        touch, spot = run.touch_s[step], run.feet[step]
        off = touch + run.stay_s(step)
        if step:
            keys += [(touch, *spot, low), (off, *(spot + 0.03 * run.way), low + 0.03)]
        before = run.feet[step + 2] if step + 2 <= last else rest
        begin = run.touch_s[step + 2] + run.stay_s(step + 2) if step + 2 <= last else touch - 0.45
        gap = touch - begin
        stride = float(np.linalg.norm(spot - before))
        keys.append((begin + 0.38 * gap, *(before + 0.36 * (spot - before)), low + min(0.40, 0.22 * stride)))
        keys.append((begin + 0.78 * gap, *(before + 0.84 * (spot - before)), low + min(0.16, 0.09 * stride)))
        if step + 2 > last:
            keys.append((begin, *rest, low))
    keys.append((-9.0, *rest, low))
    return keys


def _support_ankle(s: _Strike, run: _Run) -> Curve:
    low = ANKLE * s.height_m
    after = [(PLANT_S, *s.plant, low), (0.3, *s.plant, low), (0.42, s.plant[0] + 0.1, s.plant[1], low + 0.13),
             (0.62, 0.6, -0.42, low + 0.15), (0.82, 0.95, -0.42, low)]  # fmt: skip
    return curve(*_stance_keys(run, 0, s.height_m), *after)


def _kick_ankle(s: _Strike, run: _Run) -> Curve:
    low, (a, b, c) = ANKLE * s.height_m, s.kick_ankle
    keys = _stance_keys(run, 1, s.height_m) if len(run.touch_s) > 1 else [(-9.0, *run.stand, low)]
    back = run.middle - 0.55 * run.way + 0.14 * np.array([-run.way[1], run.way[0]])
    swing = [(-0.15, *back, 0.66), (-0.075, a - 0.62, b - 0.02, 0.47), (-0.03, a - 0.34, b - 0.02, c + 0.09),
             (0, a, b, c), (0.03, a + 0.33, b - 0.02, c + 0.02), (0.08, 0.42, -0.05, 0.42), (0.16, 0.68, -0.22, 0.8),
             (0.25, 0.74, -0.34, 0.9), (0.42, 0.7, -0.28, 0.5), (0.6, 0.82, -0.1, low)]  # fmt: skip
    return curve(*keys, *swing)


def _pelvis(s: _Strike, run: _Run) -> Curve:
    h = s.height_m
    ahead, aside, up = s.pelvis
    keys: list[Key] = [(-9.0, *((run.centre[-1] + run.stand) / 2), 0.525 * h)]
    for step in range(len(run.touch_s) - 1, 0, -1):
        middle = run.touch_s[step] + 0.5 * run.stay_s(step)
        keys.append((middle, *run.centre[step], (0.5 if step == 1 else 0.505) * h))
    if len(keys) > 2:
        first = run.touch_s[-1]
        keys.append((first - 0.3, *((run.centre[-1] + run.stand) / 2), 0.522 * h))
    keys += [(PLANT_S, *run.middle, max(up + 0.02, 0.475 * h)), (0, ahead, aside, up),
             (0.1, ahead + 0.2, aside + 0.06, up + 0.02), (0.28, 0.14, aside + 0.13, 0.5 * h),
             (0.6, 0.62, -0.32, 0.495 * h), (0.95, 0.88, -0.26, 0.52 * h)]  # fmt: skip
    return curve(*keys)


def _arms(run: _Run) -> tuple[Arm, Arm]:
    """-> kicking-side and support-side arm: against the legs in the run, then balancing the kick."""
    kick: list[Key] = [(run.touch_s[-1] - 0.5, 4)]
    support: list[Key] = [(run.touch_s[-1] - 0.5, 4)]
    for step in range(1, len(run.touch_s)):
        swing = 38 if step % 2 else -38  # an odd step brings the kicking leg forward, so its arm goes back
        kick.append((run.touch_s[step], -swing + 6))
        support.append((run.touch_s[step], swing + 6))
    kick += [(-0.14, 30), (0, -22), (0.12, -42), (0.3, -28), (0.65, 8), (1, 4)]
    support += [(-0.14, -24), (0, 14), (0.12, 48), (0.3, 44), (0.65, 8), (1, 4)]
    calm, run_out = (run.touch_s[-1] - 0.5, 7.0), (run.touch_s[-1], 14.0)
    bent = ((run.touch_s[-1] - 0.5, 12.0), (run.touch_s[-1], 75.0), (-0.45, 80.0))
    return (
        Arm(curve(*kick), curve(calm, run_out, (-0.45, 14), (-0.14, 28), (0, 36), (0.12, 34), (0.35, 22), (1, 7)),
            curve(*bent, (-0.14, 55), (0, 34), (0.3, 40), (1, 14))),
        Arm(curve(*support), curve(calm, run_out, (-0.45, 16), (-0.14, 74), (0, 62), (0.12, 36), (0.35, 16), (1, 7)),
            curve(*bent, (-0.14, 26), (0, 30), (0.15, 48), (0.35, 66), (1, 14))),
    )  # fmt: skip


def walker(seed: int, start_m: Floats, ahead: Floats, speed_ms: float | None = None) -> Body:
    """Seed, where they are at contact, way, speed (drawn if None) -> Body that walks straight on."""
    rng = np.random.default_rng(seed)
    h, speed, beat = rng.uniform(1.62, 1.88), rng.uniform(1.0, 1.5), rng.uniform(0.5, 0.58)
    speed = speed if speed_ms is None else speed_ms
    low, stride = ANKLE * h, speed * beat
    feet: tuple[list[Key], list[Key]] = ([], [])
    swings: tuple[list[Key], list[Key]] = ([], [])
    pelvis: list[Key] = []
    for step in range(-24, 20):  # for as long as the longest film, before and after the contact
        touch, ahead_m = step * beat, step * stride
        side = 0.075 if step % 2 else -0.075
        mine = feet[step % 2]
        mine += [(touch, ahead_m, side, low), (touch + 1.15 * beat, ahead_m + 0.04, side, low + 0.05),
                 (touch + 1.5 * beat, ahead_m + 0.85 * stride, side, low + 0.13)]  # fmt: skip
        pelvis += [(touch, ahead_m - 0.5 * stride, 0, 0.505 * h), (touch + 0.5 * beat, ahead_m, 0, 0.52 * h)]
        swings[step % 2].append((touch, -18))
        swings[1 - step % 2].append((touch, 22))
    still, elbow = curve((0, 7)), curve((0, 18))
    legs = [Leg(curve(*f), curve((0, 10))) for f in feet]
    arms = [Arm(curve(*s), still, elbow) for s in swings]
    nothing = curve((0, 0))
    return Body(
        h, np.array([start_m[0], start_m[1], 0.0]), np.asarray(ahead, dtype=float), 1,
        pelvis=curve(*pelvis), yaw_deg=nothing, tilt_deg=nothing, lean_deg=curve((0, 4)), sway_deg=nothing,
        shoulder_yaw_deg=nothing, look_at=curve((-5, -2, 0, 1.5), (8, 14, 0, 1.5)),
        kick_leg=legs[1], support_leg=legs[0], kick_arm=arms[1], support_arm=arms[0],
    )  # fmt: skip
