"""Shot -> the moment of the kick."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import rules2d
from .domain import Shot, Track

LEAST_FRAMES = 5  # at rest: in one place for this long
LEAST_AFTER = 8  # frames after the kick; fewer show no flight that could be judged
STILL_SHARE, STILL_PX = 0.12, 1.5  # one place: within this share of its diameter, and at least so many pixels


def find(shot: Shot) -> Shot:
    """Shot -> the same with its kick frame, or the reason why there is no kick.

    The kick is when the lying ball leaves; a ball that never lay still is kicked where its speed spikes.
    """
    frame = departure(shot.ball)
    route = rules2d.path(shot.ball)
    if frame is None and route is not None:
        frame = rules2d.kick_frame(route)
    if frame is None:
        few = f"The ball was seen in fewer than {rules2d.MIN_FRAMES} frames."
        return replace(shot, kick_why_not=few if route is None else "No kick was seen: the ball never speeds up.")
    return replace(shot, kick_frame=frame)


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


def departure(ball: Track) -> int | None:
    """Ball -> the last frame in which it lies where it lay first; None when it never lay still, or never leaves."""
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
    leaves = away.any() or last < len(ball.score) - LEAST_FRAMES
    return last if leaves else None
