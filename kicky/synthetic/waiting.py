"""What a kicker does before the run-up, where people film it: stands, hops, shifts, places the ball and walks back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..domain import Floats
from .player import ANKLE, Arm, Body, Curve, Leg, curve

HABITS = ("runs in", "stands", "shifts", "hops", "walks back", "places the ball")
# How often each was seen where friends film each other: standing is the rule, and only some are filmed running already.
_SHARES = (0.15, 0.38, 0.14, 0.1, 0.13, 0.1)
_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)
_STEP_SHARES = (0.1, 0.15, 0.2, 0.17, 0.15, 0.1, 0.08, 0.05)
_NEAR_M = 0.62  # from the middle of the ball to the pelvis of who has just laid it down


@dataclass(frozen=True, slots=True)
class Approach:
    """How the kicker comes to the ball: `steps` of a run, after `wait_s` in the picture doing what the habit says.

    Who lays the ball down is filmed from then on, however long the way back takes.
    """

    habit: str
    steps: int
    wait_s: float


def draw_approach(rng: np.random.Generator, wish: str | None = None) -> Approach:
    """-> an approach by chance, with the wished habit if there is one; who walks back is filmed for longer."""
    drawn = str(rng.choice(HABITS, p=_SHARES))
    habit = drawn if wish is None else wish
    steps = int(rng.choice(_STEPS, p=_STEP_SHARES))
    if habit == "runs in":
        return Approach(habit, max(4, steps), 0.0)
    if habit in ("stands", "shifts", "hops"):
        return Approach(habit, steps, float(rng.uniform(0.5, 2.5)))
    return Approach(habit, min(4, steps), float(rng.uniform(1.5, 3.5)))  # nobody films a way back of ten metres


def starts_s(body: Body) -> float:
    """Body of a kicker -> the second, before contact, at which the first foot leaves its stand."""
    firsts = [float(part.key_s[1]) for part in (body.kick_leg.ankle, body.support_leg.ankle, body.pelvis)]
    return min(firsts) - 0.05


def wait(body: Body, approach: Approach, rng: np.random.Generator) -> tuple[Body, float]:
    """Body that runs up from where it stands -> doing before that what the habit says, and the seconds filmed of it."""
    habit, start_s = approach.habit, starts_s(body)
    if habit == "runs in":
        return body, 0.0
    if habit in ("walks back", "places the ball"):
        return _walking_back(body, rng, start_s, approach)
    if habit == "shifts":
        return _shifting(body, rng, start_s), approach.wait_s
    idle = _swaying(body, rng, start_s)
    return (idle if habit == "stands" else _hopping(idle, rng, start_s)), approach.wait_s


def before(part: Curve, at_s: float, keys: Sequence[tuple[float, ...]]) -> Curve:
    """Curve, keys -> the curve from `at_s` on, the keys before; in between it stays as it was at `at_s`."""
    now = np.atleast_1d(part(np.array([at_s]))[0])
    held = [(at_s, *map(float, now))]
    after = [(float(t), *np.atleast_1d(part(np.array([t]))[0]).tolist()) for t in part.key_s if t > at_s + 1e-6]
    return curve(*(key for key in keys if key[0] < at_s - 1e-6), *held, *after)


def _at(part: Curve, at_s: float) -> Floats:
    return np.atleast_1d(part(np.array([at_s]))[0])


def _swaying(body: Body, rng: np.random.Generator, start_s: float) -> Body:
    """-> the weight goes from foot to foot, the arms hang, the head turns to the goal and back to the ball."""
    beats = start_s - 0.3 - np.cumsum(rng.uniform(0.5, 1.1, 12))
    x, y, z = _at(body.pelvis, start_s)
    aside = rng.uniform(0.015, 0.05) * np.where(np.arange(12) % 2, 1, -1)
    pelvis = [
        (float(t), x + 0.3 * float(d), y + float(d), z - abs(float(d)) * 0.2) for t, d in zip(beats, aside, strict=True)
    ]
    looks = [
        (float(t), *((0.2, 0.0, 0.1) if rng.random() < 0.5 else (9.0, float(rng.normal(0, 3)), 1.2))) for t in beats
    ]
    lean = [(float(t), float(rng.uniform(0, 9))) for t in beats]
    return replace(
        body,
        pelvis=before(body.pelvis, start_s, pelvis),
        look_at=before(body.look_at, start_s, looks),
        lean_deg=before(body.lean_deg, start_s, lean),
        kick_arm=_hanging(body.kick_arm, rng, start_s, beats),
        support_arm=_hanging(body.support_arm, rng, start_s, beats),
    )


def _hanging(arm: Arm, rng: np.random.Generator, start_s: float, beats: Floats) -> Arm:
    """-> the arm as people hold it who wait: down, or the hand before the belly."""
    bent = rng.random() < 0.3
    outward, elbow = (12.0, 75.0) if bent else (7.0, 14.0)
    forward = [(float(t), float(rng.normal(-16 if bent else 2, 5))) for t in beats]
    return Arm(
        before(arm.forward_deg, start_s, forward),
        before(arm.outward_deg, start_s, [(float(t), outward) for t in beats]),
        before(arm.elbow_deg, start_s, [(float(t), elbow) for t in beats]),
    )


def _hopping(body: Body, rng: np.random.Generator, start_s: float) -> Body:
    """-> two to five hops on the spot, both feet off the ground."""
    count, period, high = int(rng.integers(2, 6)), rng.uniform(0.36, 0.5), rng.uniform(0.05, 0.14)
    last_s = start_s - 0.15 - rng.uniform(0.0, 0.4)
    x, y, z = _at(body.pelvis, start_s)
    feet = [_at(leg.ankle, start_s) for leg in (body.kick_leg, body.support_leg)]
    pelvis: list[tuple[float, ...]] = [(last_s, x, y, z - 0.05)]
    keys: list[list[tuple[float, ...]]] = [[], []]
    for hop in range(count):
        down = last_s - hop * period
        pelvis += [(down - 0.5 * period, x, y, z + high), (down - period, x, y, z - 0.05)]
        for foot, ankle in zip(keys, feet, strict=True):
            a, b, c = ankle
            foot += [
                (down - 0.15 * period, a, b, c),
                (down - 0.5 * period, a, b, c + high + 0.02),
                (down - 0.85 * period, a, b, c),
            ]
    first = last_s - count * period - 0.4
    pelvis.append((first, x, y, z))
    legs = [
        Leg(before(leg.ankle, start_s, [*foot, (first, *map(float, _at(leg.ankle, start_s)))]), leg.point_deg)
        for leg, foot in zip((body.kick_leg, body.support_leg), keys, strict=True)
    ]
    return replace(body, pelvis=before(body.pelvis, start_s, pelvis), kick_leg=legs[0], support_leg=legs[1])


def _shifting(body: Body, rng: np.random.Generator, start_s: float) -> Body:
    """-> a few small steps about the place before they stand."""
    centre = _at(body.pelvis, start_s)[:2]
    spots = [centre]
    for _ in range(int(rng.integers(2, 5))):
        spots.append(spots[-1] + rng.normal(0, 0.22, 2))
    return stepping(body, start_s, start_s - rng.uniform(0.2, 0.7), spots, rng.uniform(0.5, 0.75))


def _walking_back(
    body: Body, rng: np.random.Generator, start_s: float, approach: Approach
) -> tuple[Body, float]:  # fmt: skip
    """-> from the ball back to where the run starts, facing the ball or turned away; before it, down at the ball."""
    centre = _at(body.pelvis, start_s)[:2]
    way = centre / max(float(np.linalg.norm(centre)), 1e-6)
    near = way * min(_NEAR_M, 0.6 * float(np.linalg.norm(centre)))
    count = max(2, round(float(np.linalg.norm(centre - near)) / rng.uniform(0.45, 0.65)))
    spots = [centre + (near - centre) * k / count for k in range(count + 1)]
    beat, done_s = rng.uniform(0.42, 0.56), start_s - rng.uniform(0.35, 1.1)
    back = stepping(body, start_s, done_s, spots, beat)
    begin_s = done_s - (count + 1) * beat
    if rng.random() < 0.4:
        back = _turned_away(back, start_s, begin_s, done_s, way)
    if approach.habit == "places the ball":
        return _crouching(back, begin_s, near), start_s - begin_s + 0.3 * approach.wait_s
    return back, min(approach.wait_s, start_s - begin_s)


def stepping(body: Body, start_s: float, done_s: float, spots: list[Floats], beat: float) -> Body:
    """Places of the pelvis from the last to the first, seconds for each step -> the body walks from there."""
    centre, (low, up) = spots[0], (ANKLE * body.height_m, float(_at(body.pelvis, start_s)[2]))
    rests = [_at(leg.ankle, start_s)[:2] - centre for leg in (body.kick_leg, body.support_leg)]
    feet: list[list[tuple[float, ...]]] = [[], []]
    pelvis: list[tuple[float, ...]] = [(done_s, *centre, up)]
    stands = [spots[0] + rests[0], spots[0] + rests[1]]
    for back in range(len(spots)):  # in reverse: step `back` ends at done_s - back beats and moves one foot
        which = back % 2
        ends, from_spot = done_s - back * beat, spots[min(back + 2, len(spots) - 1)] + rests[which]
        to = stands[which]
        middle = 0.5 * (from_spot + to)
        stride = float(np.linalg.norm(to - from_spot))
        feet[which] += [
            (ends, *to, low), (ends - 0.45 * beat, *middle, low + min(0.14, 0.05 + 0.12 * stride)),
            (ends - 0.95 * beat, *from_spot, low),
        ]  # fmt: skip
        stands[which] = from_spot
        pelvis.append((ends - beat, *spots[min(back + 1, len(spots) - 1)], up - 0.01))
    legs = [
        Leg(before(leg.ankle, start_s, keys), leg.point_deg)
        for leg, keys in zip((body.kick_leg, body.support_leg), feet, strict=True)
    ]
    beats = np.asarray(done_s - np.arange(len(spots) + 2) * beat, dtype=np.float64)
    arms = [_swinging(arm, start_s, beats, sign) for arm, sign in ((body.kick_arm, 1.0), (body.support_arm, -1.0))]
    return replace(
        body, pelvis=before(body.pelvis, start_s, pelvis), kick_leg=legs[0], support_leg=legs[1],
        kick_arm=arms[0], support_arm=arms[1],
    )  # fmt: skip


def _swinging(arm: Arm, start_s: float, beats: Floats, sign: float) -> Arm:
    """-> the arm of who walks."""
    swing = [(float(t), sign * (14.0 if i % 2 else -12.0)) for i, t in enumerate(beats)]
    return Arm(
        before(arm.forward_deg, start_s, swing),
        before(arm.outward_deg, start_s, [(float(beats[0]), 7.0)]),
        before(arm.elbow_deg, start_s, [(float(beats[0]), 18.0)]),
    )


def _turned_away(body: Body, start_s: float, begin_s: float, done_s: float, way: Floats) -> Body:
    """-> their back to the ball on the way, turned round over the last two steps."""
    yaw = float(body.yaw_deg(np.array([start_s]))[0])
    away = [(done_s - 0.9, yaw + 180.0), (begin_s + 0.4, yaw + 180.0), (begin_s - 0.3, yaw)]
    ahead = [(done_s - 0.9, *(30 * way), 1.5), (begin_s + 0.2, *(30 * way), 1.5), (begin_s - 0.3, 0.2, 0.0, 0.1)]
    return replace(
        body,
        yaw_deg=before(body.yaw_deg, start_s, [(done_s, yaw), *away]),
        shoulder_yaw_deg=before(body.shoulder_yaw_deg, start_s, [(done_s, yaw), *away]),
        look_at=before(body.look_at, start_s, [(done_s, 0.2, 0.0, 0.1), *ahead]),
    )


def _crouching(body: Body, begin_s: float, near: Floats) -> Body:
    """-> down at the ball, both hands at it, until the way back begins."""
    up = float(_at(body.pelvis, begin_s)[2])
    rise_s = begin_s - 0.05

    def also(part: Curve, *keys: tuple[float, ...]) -> Curve:
        kept = [(float(t), *np.atleast_1d(part(np.array([t]))[0]).tolist()) for t in part.key_s if t > rise_s]
        return curve(*keys, *kept)

    low = 0.33 * body.height_m
    lean, down = float(_at(body.lean_deg, begin_s)[0]), rise_s - 0.45
    arms = [
        Arm(
            also(arm.forward_deg, (rise_s, 0.0), (down, 95.0)),
            also(arm.outward_deg, (rise_s, 7.0), (down, 4.0)),
            also(arm.elbow_deg, (rise_s, 18.0), (down, 10.0)),
        )
        for arm in (body.kick_arm, body.support_arm)
    ]
    return replace(
        body,
        pelvis=also(body.pelvis, (rise_s, *map(float, near), up), (down, *map(float, near * 1.08), low)),
        lean_deg=also(body.lean_deg, (rise_s, lean), (down, 62.0)),
        kick_arm=arms[0],
        support_arm=arms[1],
    )
