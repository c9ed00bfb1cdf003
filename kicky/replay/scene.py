"""Report -> its replay as plain JSON: ball, shooter, everybody else, goal, pitch and phone, and how well that fits."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from .. import kick
from ..body.evidence import Evidence, gathered
from ..body.fit import with_body
from ..domain import BODY_JOINTS, Floats, Ints, Report, Shot
from . import agreement, around, flown, swung
from .phone import described, phone

VERSION = 1
AXES = "metres: x right as the shooter sees it, y up, z out of the goal towards the shooter; seconds from contact"
BEFORE_S, AFTER_S = 0.8, 0.5
NOTHING = "There is nothing to replay: neither a flight in metres nor a body."
OTHER_BALL = "Not replayed: the body stands beside another ball than the one that flew."


@dataclass(frozen=True, eq=False, slots=True)
class Fitting:
    """What of a shot is replayed: the camera (7,), the ball before contact (3,), the body (n, 15, 3) or why it is not.

    `shot` is without the flight, or the body, that does not fit.
    """

    shot: Shot
    camera: Floats
    ball_m: Floats
    joints_m: Floats | None
    seen: Evidence | None
    found: agreement.Agreement


def fitting(shot: Shot) -> Fitting | str:
    """Shot -> what of it is replayed, or why it is not."""
    if shot.kick_frame is None:
        return shot.kick_why_not or "No kick was seen."
    told = gathered(shot) if shot.body is not None else None
    seen = told if isinstance(told, Evidence) else None
    while True:
        camera = phone(shot)
        if camera is None or (shot.flight is None and shot.body is None):
            return shot.flight_why_not if shot.flight_why_not.startswith("Not replayed") else _neither(shot)
        ball = _ball(shot)
        if shot.body is not None and agreement.other_ball(shot, camera, ball):
            shot = replace(shot, body=None, body_why_not=OTHER_BALL)
        joints = None if shot.body is None else swung.placed(shot, camera, ball)
        found = agreement.agreement(shot, camera, joints, seen)
        no_ball, no_body = agreement.misfit(found)
        if not no_ball and not no_body:
            return Fitting(shot, camera, ball, joints, seen, found)
        if no_ball:
            shot = replace(shot, flight=None, flight_why_not=no_ball)
        else:
            shot = replace(shot, body=None, body_why_not=no_body)


def _neither(shot: Shot) -> str:
    """-> why there is neither: what keeps the ball back, what the body."""
    return " ".join(dict.fromkeys(why for why in (shot.flight_why_not, shot.body_why_not) if why)) or NOTHING


def _ball(shot: Shot) -> Floats:
    """Shot with a flight or a body -> (3,) where its ball lay."""
    if shot.flight is not None:
        return np.asarray(flown.path(shot.flight)[1][0])
    assert shot.body is not None
    return shot.body.ball_m


def scene(report: Report) -> dict[str, Any]:
    """Report -> its replay as docs/replay.md has it, plain values for JSON; `why_not` says why there is none."""
    what: dict[str, Any] = {"kicky": "replay", "version": VERSION, "axes": AXES}
    kept = fitting(report.shot)
    if isinstance(kept, str):
        return what | {"why_not": kept}
    shot = kept.shot
    contact_s = kick.contact(shot)[0]
    ball = flown.ball(shot, contact_s, kept.ball_m)
    span = _span(shot, contact_s, max([0.0, *ball["t"]]))
    others, others_why_not = around.others(shot, kept.camera, contact_s, around.frames(shot, span[0], span[-1]))
    shooter = swung.shooter(shot, kept.camera, kept.ball_m, kept.seen) | {
        "label": shot.shooter or "", "colour": around.shirt(shot, shot.shooter),
        "way": around.before_and_after(
            shot, kept.camera, kept.joints_m, contact_s, around.frames(shot, span[0], span[-1])
        ),
    }  # fmt: skip
    made = what | {
        "why_not": "", "joints": list(BODY_JOINTS), "outcome": str(report.outcome.verdict),
        "film": {
            "first": int(span[0]), "contact": int(shot.kick_frame or 0), "contact_s": round(contact_s, 4),
            "t": (np.round(shot.clip.time_s[span] - contact_s, 4) + 0.0).tolist(),
            "to_film": _to_film(shot, span),
        },
        "phone": described(kept.camera, shot.clip.size_wh_px), "goal": around.goal(shot), "lines": around.lines(shot),
        "ball": ball, "shooter": shooter, "others": others, "others_why_not": others_why_not,
        "fit": asdict(kept.found) | {"words": kept.found.words()},
    }  # fmt: skip
    return made | {"words": words(made)}


def stored(report: Report) -> dict[str, Any]:
    """Report as it is kept -> its replay, with the body that an older program left out."""
    return scene(replace(report, shot=with_body(report.shot)))


def _span(shot: Shot, contact_s: float, end_s: float) -> Ints:
    """Shot, contact, seconds until the ball's path ends -> the frames that are replayed, about contact."""
    time_s, (first, stop) = shot.clip.time_s, shot.clip.take
    low, high = np.searchsorted(time_s, [contact_s - BEFORE_S, contact_s + end_s + AFTER_S])
    return np.arange(max(int(low), first), min(max(int(high), int(low) + 1), stop))


def _to_film(shot: Shot, span: Ints) -> list[list[float]]:
    """Shot, frames -> of a camera that moved, row by row what takes its reference's pixels to each frame's own."""
    if shot.clip.steadying is None:
        return []
    turned = np.linalg.inv(shot.clip.steadying.homography[span])
    flat = (turned / turned[:, 2:, 2:]).reshape(-1, 9)
    return [[float(f"{value:.7g}") for value in row] for row in flat.tolist()]


def words(made: dict[str, Any]) -> str:
    """A replay -> what it shows, for who cannot see it."""
    ball, shooter = made["ball"], made["shooter"]
    foot = "left" if shooter["kicks_left"] else "right"
    told = [
        f"The shooter kicks with the {foot} foot." if shooter["t"] else "The shooter's body is not shown.",
        _ball_words(ball, made["goal"]),
    ]
    standing = [each["role"] for each in made["others"]]
    if "keeper" in standing:
        told.append("A keeper stands on the line.")
    if others := standing.count("other"):
        told.append(f"{others} more {'person stands' if others == 1 else 'people stand'} about.")
    return " ".join(told)


def _ball_words(ball: dict[str, Any], goal: dict[str, Any] | None) -> str:
    if ball["why_not"] or len(ball["t"]) < 2:
        return "Where the ball went is not shown."
    start, flown_m = (
        ball["at"][0],
        [at for at, since in zip(ball["at"], ball["t"], strict=True) if since <= ball["until"]],
    )
    highest, end = max(at[1] for at in ball["at"]), ball["at"][-1]
    side = "to the right" if end[0] > start[0] + 0.3 else "to the left" if end[0] < start[0] - 0.3 else "straight on"
    far = f"from {start[2]:.0f} m" if goal is not None else ""
    known = "" if ball["reaches"] else f" It is followed for {np.linalg.norm(np.subtract(flown_m[-1], start)):.0f} m."
    return f"The ball goes {side} {far}".rstrip() + f", at most {highest:.1f} m high.{known}"
