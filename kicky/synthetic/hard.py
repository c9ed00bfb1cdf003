"""Seed -> SyntheticShot as people film: kickers who wait, balls of any colour, clutter, glare, films without a shot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .bystanders import draw_bystanders
from .clutter import Thing, draw_things
from .glare import draw_glare, horizon_px
from .handheld import draw_moves
from .leather import draw_leather
from .pastime import without_a_shot
from .player import Body
from .setting import Grade, Setting
from .shot import SIZES, SyntheticShot, choose, observed, sample
from .solids import Colour
from .waiting import HABITS, draw_approach

# How often. Every tenth film is of a phone that moves, so that a benchmark can leave them out and still have enough.
_NO_SHOT, _ENDS_EARLY, _MOVES, _LOW_PHONE, _UPRIGHT, _FAST = 0.12, 0.1, 0.1, 0.35, 0.45, 0.15
_LATEST_S = 0.3  # of a film that ends early: seconds shown after the contact
_CLEAR_M = 0.6  # what lies about is not where somebody runs or the ball rolls


def sample_hard(seed: int, *, habit: str | None = None, pastime: str | None = None, **wish: Any) -> SyntheticShot:
    """Seed -> SyntheticShot; the other wishes are those of `sample`.

    `habit`: what the kicker does before the run-up, one of HABITS; `pastime`: what is done instead of a shot, one
    of PASTIMES. Raises: UnknownPart, ValueError.
    """
    rng = np.random.default_rng([seed, 1904])
    if habit is not None:
        choose(habit, HABITS, "habit", rng)
    approach, low = draw_approach(rng, habit), rng.random() < _LOW_PHONE
    drawn: dict[str, Any] = {
        "approach": approach,
        "phone_height_m": float(rng.uniform(0.12, 0.35) if low else rng.uniform(0.35, 1.7)),
        "fps": 60.0 if rng.random() < _FAST else 30.0,
        "size_wh": SIZES[int(rng.random() < _UPRIGHT and wish.get("view") != "side")],
    }
    shot = sample(seed, **(drawn | wish))
    words = [approach.habit, f"{approach.steps} steps"] + (["phone in the grass"] if low else [])
    if rng.random() < _NO_SHOT or pastime is not None:
        pastime, shot = without_a_shot(rng, shot, pastime)
        words = [pastime] + (words if pastime in ("waits", "breaks off") else words[2:])
    elif rng.random() < _ENDS_EARLY:
        shot = _ended_early(rng, shot)
        words.append("ends early")
    people = draw_bystanders(rng, shot)
    walkers = (*shot.walkers, *(body for _, body in people))
    roles = (*("walker",) * len(shot.walkers), *(role for role, _ in people))
    shot = replace(shot, walkers=walkers)
    setting, more = _setting(rng, shot, roles)
    words += [role for role, _ in people] + more
    return observed(replace(shot, setting=replace(setting, added=tuple(words))))


def _ended_early(rng: np.random.Generator, shot: SyntheticShot) -> SyntheticShot:
    """-> the film breaks off at the contact or soon after: the kick is shown, how it ended is not."""
    if shot.contact_frame is None:
        return shot
    last = shot.contact_frame + int(rng.integers(0, round(_LATEST_S * shot.fps) + 1))
    time_s = shot.time_s[: last + 1]
    if shot.outcome_frame is not None and shot.outcome_frame <= last:
        return replace(shot, time_s=time_s)
    crosses_s = shot.flight.plane_s
    crossed = crosses_s is not None and shot.contact_time_s + crosses_s <= float(time_s[-1])
    return replace(
        shot, time_s=time_s, outcome=None, how=None, outcome_frame=None, crossing_m=shot.crossing_m if crossed else None
    )


def _setting(
    rng: np.random.Generator, shot: SyntheticShot, roles: tuple[str, ...]
) -> tuple[Setting, list[str]]:  # fmt: skip
    """-> the setting by chance, and the words for it."""
    leather = draw_leather(rng)
    ball = shot.flight.xyz_m[0]
    things = tuple(t for t in draw_things(rng, shot.camera, shot.goal, ball) if _out_of_the_way(t, shot))
    horizon = horizon_px(shot.camera.rotation, shot.camera.focal_px, shot.size_wh_px)
    glare = draw_glare(rng, shot.size_wh_px, horizon, shot.night)
    sun_deg = float(rng.uniform(9, 75))
    words = [f"{leather.name} ball", *dict.fromkeys(f"second {t.word}" if t.word == "ball" else t.word for t in things)]
    words += dict.fromkeys(g.word for g in glare)
    words += [] if shot.night else ["long shadows"] if sun_deg < 22 else ["short shadows"] if sun_deg > 55 else []
    moves = None
    if rng.random() < _MOVES:
        until = len(shot.time_s) if shot.contact_frame is None else shot.contact_frame + 1
        shown = np.concatenate([shot.goal_corners_px, shot.camera.project(shot.ball_at(shot.time_s[:until:5]))])
        found = draw_moves(rng, shot.time_s, shot.size_wh_px, shown[np.isfinite(shown).all(axis=1)])
        if found is not None:
            words.append(found[0])
            moves = found[1]
    return Setting(
        leather, things, glare, sun_deg, _grass(rng, shot.night), _grade(rng, shot.night), moves, roles
    ), words


def _grass(rng: np.random.Generator, night: bool) -> Colour:
    """-> from lush to dry to the grey of turf under lamps, BGR."""
    green = rng.uniform(85, 132)
    dry = rng.uniform(0.55, 1.0)
    pale = rng.uniform(0.4, 0.95 if night else 0.75)
    return float(green * pale), float(green), float(green * dry)


def _grade(rng: np.random.Generator, night: bool) -> Grade:
    """-> noise, brightness, contrast and compression as phones have them, worse at night."""
    noise = rng.uniform(2.2, 6.0) if night else rng.uniform(1.2, 3.2)
    gain = rng.uniform(0.85, 1.3) if night else rng.uniform(0.8, 1.12)
    return Grade(float(noise), float(gain), float(rng.uniform(0.75, 1.15)), int(rng.integers(20, 30)))


def _out_of_the_way(thing: Thing, shot: SyntheticShot) -> bool:
    """-> nobody stumbles over it, the ball does not roll into it, and it hides neither ball nor people.

    Things are painted into the still world, behind everybody: what would be nearer than they must not overlap them.
    """
    spot = thing.ends_m().mean(axis=0)
    times = shot.time_s[:: max(1, len(shot.time_s) // 60)]
    since = times - shot.contact_time_s
    bodies: list[Body] = [shot.shooter, *shot.walkers]
    joints = np.concatenate([body.joints(since) for body in bodies])
    ball = shot.ball_at(times)
    feet = np.concatenate([joints[:, 15:].reshape(-1, 3), ball[ball[:, 2] < 0.4]])
    goal_part = thing.word == "wheel"
    if (
        not goal_part
        and len(feet)
        and float(np.linalg.norm(feet[:, :2] - spot[:2], axis=1).min()) < _CLEAR_M * (thing.word != "leaf")
    ):
        return False
    px = shot.camera.project(np.concatenate([thing.ends_m(), spot[None]]))
    if np.isnan(px).any():
        return False
    margin = max(thing.radii_m()) * shot.camera.focal_px / float(shot.camera.depth_m(spot)) + 4
    low, high = px.min(axis=0) - margin, px.max(axis=0) + margin
    depth = float(shot.camera.depth_m(spot))
    moving = np.concatenate([joints.reshape(-1, 3), ball])
    at = shot.camera.project(moving)
    covered = (at > low).all(axis=1) & (at < high).all(axis=1) & (shot.camera.depth_m(moving) > depth)
    return not bool(covered.any())
