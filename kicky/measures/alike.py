"""Shot -> its speed as if through the usual lens: what shots filmed by one phone are compared by.

From behind, a speed is as uncertain as the lens, and a phone's lens is the same in every shot. With the lens held, what
is left is what one shot was seen better or worse than another.
"""

from __future__ import annotations

import numpy as np

from ..camera import LOG_FOCAL
from ..domain import Floats, Measure, Shot
from ..scene.evidence import clicked_px
from ..scene.lens import GUESS_MM, LONG_SIDE_MM
from ..scene.marks import offered, worth
from .flown import SPEEDS_WIDER, Z_90, interval, why_none
from .speed import KMH, MODEL_SD

METHOD = f"flight: launch speed, had the lens been one of {GUESS_MM:g} mm"
# What is stated is known so well: a phone's lens with what a film loses of it, a spot on the ground, a ball's size.
LENS_SD, BALL_M, BALL_SHARE, SIZE_SD = 0.06, 0.3, 0.03, 0.03
STEEPEST = 1.5  # a speed grows no faster than this power of the focal length: fits of few samples may say so


def speed_one_lens(shot: Shot) -> Measure:
    """Shot -> launch speed in km/h through a lens of 26 mm, its interval without what the lens leaves open."""
    flight = shot.flight
    if flight is None:
        return Measure("speed_one_lens", "km/h", None, method=METHOD, why_not=why_none(shot))
    usual_px = max(shot.clip.size_wh_px) * GUESS_MM / LONG_SIDE_MM
    log_focal = flight.cameras[:, LOG_FOCAL] - np.log(usual_px)
    log_kmh = np.log(np.linalg.norm(flight.launch_ms, axis=1) * KMH)
    held = log_kmh - _slope(log_kmh, log_focal, flight.likely) * log_focal
    value, low, high = np.exp(interval(held, flight.likely, MODEL_SD, SPEEDS_WIDER))
    return Measure("speed_one_lens", "km/h", float(value), float(low), float(high), METHOD)


def sharper(shot: Shot) -> dict[str, float]:
    """Shot with a flight -> half the interval of its speed as a share of it: as it is (`now`), were the lens stated
    (`lens`), how far from the goal line the ball lay (`ball`), or the pitch's marks clicked (`lines`), as far as the
    picture shows them. Empty without a camera.
    """
    flight, scene = shot.flight, shot.scene
    if flight is None or scene is None or scene.camera is None:
        return {}
    log_focal, share = flight.cameras[:, LOG_FOCAL], flight.likely
    log_kmh = np.log(np.linalg.norm(flight.launch_ms, axis=1) * KMH)
    slope = _slope(log_kmh, log_focal, share)
    held = log_kmh - slope * log_focal
    own = float(np.sqrt(share @ (held - share @ held) ** 2))
    lens_sd = float(np.sqrt(share @ (log_focal - share @ log_focal) ** 2))
    away_m = max(abs(float(flight.xyz_m[0, 1])), 1.0)
    told = {"now": np.inf, "lens": LENS_SD, "ball": float(np.hypot(max(BALL_M, BALL_SHARE * away_m) / away_m, SIZE_SD))}
    known = {name: (lens_sd**-2 + sd**-2) ** -0.5 for name, sd in told.items()}
    if offered(scene.goal_size_m):
        known["lines"] = min(lens_sd, worth(scene.camera, clicked_px(shot.clip.size_wh_px)))
    spread = {name: SPEEDS_WIDER * np.hypot(own, slope * sd) for name, sd in known.items()}
    return {name: float(Z_90 * np.hypot(sd, MODEL_SD)) for name, sd in spread.items()}


def _slope(log_kmh: Floats, log_focal: Floats, share: Floats) -> float:
    """(s,) speeds, focal lengths, shares -> by which power of the focal length the speed grows."""
    off = log_focal - float(share @ log_focal)
    spread = float(share @ off**2)
    slope = float(share @ (off * log_kmh)) / spread if spread > 1e-8 else 1.0
    return float(np.clip(slope, 0.0, STEEPEST))
