"""Shot -> the moment of the kick."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from . import rules2d
from .domain import Floats, Shot, Track
from .errors import UnfitClip

HAND, BODY = HELD = ("hand", "body")  # sources that no flight overrules: a person, a foot seen at the lying ball
SURE_OF_BALL = 0.7  # less sure which ball was kicked, a person is asked
LEAST_FRAMES = 5  # at rest: in one place for this long
LEAST_AFTER = 8  # frames after the kick; fewer show no flight that could be judged
STRUCK_BEFORE, STRUCK_LATE = 7, 3  # frames looked at before the kick; frames by which it may be late
STILL_SHARE, STILL_PX = 0.12, 1.5  # one place: within this share of its diameter, and at least so many pixels


def find(shot: Shot, left: bool = False) -> Shot:
    """Shot, whether its ball's place is seen bare later -> the same with its kick frame, or why there is no kick.

    The kick is when the lying ball leaves; a ball that never lay still is kicked where its speed spikes.
    """
    frame, source = departure(shot.ball, left), "departure"
    route = rules2d.path(shot.ball)
    if frame is None and route is not None:
        frame, source = rules2d.kick_frame(route), "speed"
    if frame is None:
        few = f"The ball was seen in fewer than {rules2d.MIN_FRAMES} frames."
        return replace(shot, kick_why_not=few if route is None else "No kick was seen: the ball never speeds up.")
    return replace(shot, kick_frame=frame, kick_source=source)


def by_hand(shot: Shot, frame: int) -> Shot:
    """Shot, the kick's frame as a person saw it -> the same with that kick.

    Raises: UnfitClip when that frame is not in the take.
    """
    first, stop = shot.clip.take
    if not first <= frame < stop - 1:
        raise UnfitClip(f"The kick lies between frames {first} and {stop - 2} of this shot: choose one of those.")
    return replace(shot, kick_frame=frame, kick_source=HAND, kick_why_not="")


@dataclass(frozen=True, eq=False, slots=True)
class Spot:
    """Where the ball was struck: (2,) px, its diameter there, how surely, 1 s.d. in px; NaN where it was never seen."""

    px: Floats
    diameter_px: float
    sigma_px: float


def struck_at(shot: Shot) -> Spot:
    """Shot with its kick -> Spot.

    A ball that lay still until shortly before was struck where it lay, even if the kick's frame is a little late.
    One that was not seen to lie was struck where it is in that frame, give or take a frame of its way.
    """
    assert shot.kick_frame is not None
    ball = shot.ball
    if not np.isfinite(ball.size_px[:, 0]).any():
        return Spot(np.full(2, np.nan), np.nan, np.nan)
    there = ball.nearest_seen(shot.kick_frame)
    before = np.arange(max(there - STRUCK_BEFORE, 0), there + 1)
    rows = before[np.isfinite(ball.centre_px[before, 0]) & np.isfinite(ball.size_px[before, 0])]
    first = rows[: len(rows) - STRUCK_LATE]
    if len(first) >= 2:
        px, size = np.median(ball.centre_px[first], axis=0), float(np.median(ball.size_px[first].max(axis=1)))
        if np.linalg.norm(ball.centre_px[first] - px, axis=1).max() < max(STILL_PX, STILL_SHARE * size):
            return Spot(np.asarray(px), size, STILL_PX)
    after = ball.centre_px[there + 1 : there + 3]
    step = np.nanmin(np.linalg.norm(after - ball.centre_px[there], axis=1), initial=np.inf)
    size = float(ball.size_px[there].max())
    return Spot(np.asarray(ball.centre_px[there]), size, float(step) if np.isfinite(step) else size)


def contact(shot: Shot) -> tuple[float, float]:
    """Shot with its kick -> the moment of contact in seconds, 1 s.d.: by the flight, within the frame that was seen."""
    assert shot.kick_frame is not None
    time_s, kick = shot.clip.time_s, shot.kick_frame
    frame_s = shot.clip.frame_s
    end_s = float(time_s[kick + 1]) if kick + 1 < len(time_s) else float(time_s[kick]) + frame_s
    if shot.flight is None:
        return (float(time_s[kick]) + end_s) / 2, frame_s / 12**0.5
    at_s = float(np.clip(shot.flight.kick_time_s, time_s[kick], end_s))
    return at_s, min(max(shot.flight.kick_sigma_s, frame_s / 10), frame_s / 12**0.5)


def too_short(shot: Shot) -> str:
    """Shot with its kick -> why what follows the kick cannot be judged, in words; empty when it can."""
    if shot.kick_frame is None:
        return ""
    after = shot.clip.take[1] - 1 - shot.kick_frame
    if after >= LEAST_AFTER:
        return ""
    ends = f"{after} frame{'' if after == 1 else 's'} after the kick"
    if shot.clip.take[1] < len(shot.clip.time_s):
        return f"The take is cut off {ends}: leave two seconds more of it in the film."
    return f"The film ends {ends}: leave the phone running for two seconds more."


def departure(ball: Track, left: bool = False) -> int | None:
    """Ball, whether its place is seen bare later -> the last frame in which it lies where it lay first.

    None when it never lay still, or never leaves.
    """
    seen = np.flatnonzero(np.isfinite(ball.centre_px[:, 0]))
    if len(seen) < LEAST_FRAMES:
        return None
    spot = np.median(ball.centre_px[seen[:LEAST_FRAMES]], axis=0)
    reach = max(STILL_PX, STILL_SHARE * float(np.nanmedian(ball.size_px[seen[:LEAST_FRAMES]])))
    away = np.linalg.norm(ball.centre_px[seen] - spot, axis=1) > reach
    if away[:LEAST_FRAMES].any():
        return None
    away &= np.append(away[1:], True)  # one frame elsewhere and back again is a wrong sighting
    gone = int(np.argmax(away)) if away.any() else len(seen)
    last = int(seen[gone - 1])
    leaves = left or away.any() or last < len(ball.score) - LEAST_FRAMES
    return last if leaves else None
