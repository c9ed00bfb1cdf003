"""Report, name of a number -> Provenance: the frames and pixels that the number was worked out from.

Only what a number truly changes with is told: the tests move a marked pixel and see the number move, and move all the
others and see it stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from . import kick, ruler, rules2d
from .body.evidence import gathered
from .camera import LOG_FOCAL, project
from .domain import BODY_JOINTS, Flight, Floats, Report, Scene, Shot
from .measures import angles

CORNERS = ("goal, top left", "goal, top right", "goal, bottom right", "goal, bottom left")
SCENES = {"clicked": "clicked in the picture", "detected": "found in the picture", "inherited": "from the session"}


@dataclass(frozen=True, eq=False, slots=True)
class Mark:
    """`what` was seen at `px` (2,) of the film's frame `frame`, `size_px` across (0: a point).

    `off_px` is how far from there the fitted flight has it, NaN where nothing was fitted.
    """

    frame: int
    what: str
    px: Floats
    size_px: float = 0.0
    off_px: float = float("nan")


@dataclass(frozen=True, eq=False, slots=True)
class Provenance:
    """`rests` says in words what a number rests on; `marks`, in the order of their frames, where that was seen."""

    rests: str
    marks: tuple[Mark, ...]


def provenance(report: Report, name: str) -> Provenance:
    """Report, "outcome", "kick", "foot" or a measure's name -> Provenance. Raises: KeyError for another name."""
    found = TRAILS[name](report.shot)
    if name == "outcome":
        found = _decided(report, found)
    return Provenance(found.rests, tuple(sorted(found.marks, key=lambda mark: mark.frame)))


def _nothing(why: str) -> Provenance:
    return Provenance(why, ())


def _flown(shot: Shot) -> Provenance:
    """-> the sightings that the flight was fitted to, and the goal."""
    flight = shot.flight
    if flight is None:
        return _nothing(shot.flight_why_not or "No flight was worked out.")
    sightings = tuple(_sightings(shot, flight))
    first, last = (f"{shot.clip.time_s[frame]:.2f}" for frame in (flight.seen[0], flight.seen[-1]))
    usual = float(np.median([mark.off_px for mark in sightings]))
    words = (
        f"The ball in {len(sightings)} frames, {first} to {last} s, half of them within {usual:.1f} pixels of the "
        f"likeliest flight. Metres come from the goal's four corners, {_from(shot.scene)}."
    )
    return Provenance(words, sightings + _goal(shot, int(flight.seen[0])))


def _sightings(shot: Shot, flight: Flight) -> Iterator[Mark]:
    at = flight.rows(shot.clip.time_s[flight.seen])
    fitted, depth = project(flight.cameras[0], flight.xyz_m[at], shot.clip.size_wh_px)
    wide = np.exp(flight.cameras[0, LOG_FOCAL]) * rules2d.BALL_M / np.maximum(depth, 0.3)
    off_px = np.linalg.norm(fitted - flight.seen_px, axis=1)
    for frame, px, size, off in zip(flight.seen.tolist(), flight.seen_px, wide.tolist(), off_px, strict=True):
        yield Mark(frame, "ball", px, size, float(off))


def _goal(shot: Shot, frame: int) -> tuple[Mark, ...]:
    if shot.scene is None:
        return ()
    return tuple(Mark(frame, what, px) for what, px in zip(CORNERS, shot.scene.goal_corners_px, strict=True))


def _from(scene: Scene | None) -> str:
    return SCENES.get(scene.source, scene.source) if scene is not None else "which are not known"


def _tracked(shot: Shot) -> Provenance:
    """-> the ball as it was followed from the kick on, and the goal: what the simple rules look at."""
    seen = np.flatnonzero(shot.ball.measured & np.isfinite(shot.ball.centre_px[:, 0]))
    seen = seen[seen >= (shot.kick_frame or 0)]
    if not len(seen):
        return _nothing("The ball was not seen after the kick.")
    marks = tuple(_ball(shot, frame) for frame in seen.tolist())
    return Provenance(f"The ball as it was followed through {len(marks)} frames after the kick.", marks)


def _launched(shot: Shot) -> Provenance:
    """-> what the flight was fitted to; without one, the ball as its own ruler."""
    if shot.flight is not None:
        return _flown(shot)
    found = ruler.launch(shot)
    if isinstance(found, str):
        return _nothing(found)
    marks = tuple(Mark(frame, "ball", px) for frame, px in zip(found.seen.tolist(), found.seen_px, strict=True))
    words = (
        f"The ball in {len(marks)} frames after the kick. No goal gives the scale here; the lying ball does, "
        f"{kick.struck_at(shot).diameter_px:.1f} pixels wide and {rules2d.BALL_M * 100:.0f} cm across."
    )
    return Provenance(words, (*_lying(shot), *marks))


def _ball(shot: Shot, frame: int) -> Mark:
    return Mark(frame, "ball", shot.ball.centre_px[frame], float(np.nanmax(shot.ball.size_px[frame])))


def _judged(shot: Shot) -> Provenance:
    """-> what an outcome rests on: the flight where there is one, the track where not."""
    if shot.flight is not None:
        return _flown(shot)
    found = _tracked(shot)
    return Provenance(found.rests, found.marks + (_goal(shot, found.marks[0].frame) if found.marks else ()))


def _decided(report: Report, found: Provenance) -> Provenance:
    """-> the same with the frame in which the outcome was decided."""
    frame, ball = report.outcome.frame, report.shot.ball
    if frame is None or not found.marks:
        return found
    words = f"{found.rests} It was decided at {report.shot.clip.time_s[frame]:.2f} s (frame {frame})."
    known = frame < len(ball.centre_px) and np.isfinite(ball.centre_px[frame]).all()
    there = any(mark.frame == frame and mark.what == "ball" for mark in found.marks)
    return Provenance(words, found.marks + ((_ball(report.shot, frame),) if known and not there else ()))


def _kick(shot: Shot) -> Provenance:
    """-> the ball before and after it was struck."""
    if shot.kick_frame is None:
        return _nothing(shot.kick_why_not or "No kick was seen.")
    near = range(max(shot.kick_frame - 3, 0), min(shot.kick_frame + 4, len(shot.ball.score)))
    marks = tuple(_ball(shot, frame) for frame in near if np.isfinite(shot.ball.centre_px[frame]).all())
    told = {
        kick.HAND: "A person set it.", "flight": "The fitted flight begins there.",
        kick.BODY: "The kicking foot is at the lying ball there.", "speed": "The ball's speed jumps there.",
    }.get(shot.kick_source, "The ball lies in one place until then, and not after.")  # fmt: skip
    return Provenance(f"{told} Frame {shot.kick_frame} is the last before the ball leaves.", marks)


def _body(shot: Shot) -> Provenance:
    """-> the landmarks that the body was fitted to, frame by frame, and the ball that is its ruler."""
    told = gathered(shot)
    if isinstance(told, str) or shot.pose is None:
        return _nothing(told if isinstance(told, str) else "No body was found at contact.")
    frames = shot.pose.frames[told.rows].tolist()
    marks = tuple(
        Mark(frame, name, px)
        for frame, body in zip(frames, told.px, strict=True)
        for name, px in zip(BODY_JOINTS, body, strict=False)
    )
    spot = kick.struck_at(shot)
    words = (
        f"The shooter's joints in {len(frames)} frames about contact, all at once: one body of one size, whose "
        f"standing foot stays where it is and whose kicking foot is at the ball. That ball is the ruler, "
        f"{spot.diameter_px:.1f} pixels wide and {rules2d.BALL_M * 100:.0f} cm across."
    )
    return Provenance(words, (*marks, *_lying(shot)))


def _lying(shot: Shot) -> tuple[Mark, ...]:
    """-> where the ball was struck."""
    spot = kick.struck_at(shot)
    return (Mark(shot.kick_frame or 0, "ball where it was struck", spot.px, spot.diameter_px),)


TRAILS: Mapping[str, Callable[[Shot], Provenance]] = {
    "outcome": _judged, "kick": _kick, "foot": _body,
    "speed": _launched, "average_speed": _flown, "speed_across": _launched, "crossing_x": _flown, "crossing_z": _flown,
    "speed_at_line": _flown, "time_to_line": _flown, "speed_one_lens": _flown, "rise": _flown, "curl": _flown,
    **dict.fromkeys(angles.USUAL_SD, _body),
}  # fmt: skip
"""Name -> what tells its Provenance. Every measure has its line."""
