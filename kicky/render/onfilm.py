"""Shot -> its flight in the film's pixels, worked out once for all frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..camera import LOG_FOCAL, project
from ..domain import Floats, How, Shot

BALL_M = 0.22
STEP_S = 1 / 60


@dataclass(frozen=True, eq=False, slots=True)
class OnFilm:
    """Times, pixels of the likeliest path (n, 2), from the kick to the goal's plane or to where it was lost.

    `passes_s` is when it passes the plane, at the path's last point; None when it was lost before.
    `ball_px` is how wide the ball is there.
    """

    time_s: Floats
    path_px: Floats
    passes_s: float | None
    ball_px: float


def on_film(shot: Shot, how: How) -> OnFilm | None:
    """Shot, how it went -> its flight in pixels; None without one, or where part of it lies behind the lens."""
    flight, camera = shot.flight, shot.scene.camera if shot.scene else None
    if flight is None or camera is None:
        return None
    passes_s = float(flight.crossing[0, 0]) if len(flight.crossing) else np.nan
    stopped = how in (How.SAVED, How.SHORT, How.UNCLEAR) and flight.until_s < passes_s - shot.clip.frame_s
    passed = bool(np.isfinite(passes_s)) and not stopped
    end_s = passes_s if passed else flight.until_s
    time_s = np.append(np.arange(flight.kick_time_s, end_s, STEP_S), end_s)
    path_m = np.column_stack([np.interp(time_s, flight.time_s, axis) for axis in flight.xyz_m.T])
    path_m[0] = flight.xyz_m[max(int(np.searchsorted(flight.time_s, flight.kick_time_s, side="right")) - 1, 0)]
    if passed:
        path_m[-1] = flight.crossing[0, 1], 0.0, flight.crossing[0, 2]
    parameters = flight.cameras[0] if len(flight.cameras) else camera.parameters
    path_px, depth = project(parameters, path_m, camera.size_wh_px)
    if (depth < BALL_M).any():  # behind the lens there is nothing to draw on
        return None
    ball_px = BALL_M * float(np.exp(parameters[LOG_FOCAL])) / float(depth[-1])
    return OnFilm(time_s, path_px, passes_s if passed else None, ball_px)
