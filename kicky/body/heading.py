"""Shot -> Heading: which way the shot goes, as seen along the line from the camera to the ball."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import camera as pinhole
from ..domain import Flight, Floats, Shot
from ..rules2d import BALL_M

LEAST_SEEN, WITHIN_S = 3, 0.35
USUAL_FOCAL = 0.72  # of the picture's longer side
LOOSEST_DEG = 25.0  # a flight that knows its way worse than this is not asked
ROUGH_DEG = 10.0  # what lens and bounce add to the ball's own scatter
DRAWN = 100
SIZE_SD = 0.04  # ln of a ball's diameter as seen in one frame: blur and shadow


@dataclass(frozen=True, slots=True)
class Heading:
    """`turn_deg`: 0 straight away from the camera, 90 to the picture's right, ±180 at it, with 1 s.d."""

    turn_deg: float
    sigma_deg: float

    @property
    def off_deg(self) -> float:
        """-> angle between the line of sight and the normal of the plane of motion: 0 side-on, 90 from behind or front.

        >>> Heading(120, 5).off_deg
        30.0
        """
        return abs(90.0 - abs(self.turn_deg))

    @property
    def away(self) -> float:
        """-> 1 when the shooter's back is to the camera, -1 when they face it, 0 side-on."""
        return float(np.cos(np.radians(self.turn_deg)))


def heading(shot: Shot) -> Heading | None:
    """Shot -> its Heading by the fitted flight, else by how the ball moves and shrinks; None when it was not seen."""
    flown = _flown(shot.flight) if shot.flight is not None and _to_the_goal(shot.flight) else None
    if flown is not None and flown.sigma_deg < LOOSEST_DEG:
        return flown
    return _rolled(shot) or flown


def _to_the_goal(flight: Flight) -> bool:
    """-> whether it leaves towards the goal line; one that leaves away from it followed something else."""
    return bool(len(flight.launch_ms)) and float(np.median(flight.launch_ms[:, 1])) < 0


def _flown(flight: Flight) -> Heading:
    """Flight -> every likely launch against its own camera's line of sight."""
    sight = flight.samples_m[:, 0, :2] - flight.cameras[:, pinhole.GROUND]
    return _spread(_turn(flight.launch_ms[:, :2], sight))


def _turn(way: Floats, sight: Floats) -> Floats:
    """(n, 2), (n, 2) on the ground -> (n,) degrees, positive to the right. The world's axes are left-handed."""
    across = sight[:, 0] * way[:, 1] - sight[:, 1] * way[:, 0]
    return np.asarray(np.degrees(np.arctan2(across, (way * sight).sum(axis=1))))


def _spread(turns_deg: Floats) -> Heading:
    """(n,) angles -> their mean and spread on the circle."""
    mean = np.exp(1j * np.radians(turns_deg)).mean()
    sigma = np.degrees(np.sqrt(max(-2 * np.log(max(abs(mean), 1e-6)), 0.0)))
    return Heading(float(np.degrees(np.angle(mean))), float(sigma))


def _rolled(shot: Shot) -> Heading | None:
    """Shot -> from the ball's track after the kick: sideways in ball widths, away by how it shrinks."""
    if shot.kick_frame is None:
        return None
    ball, since = shot.ball, shot.clip.time_s - shot.clip.time_s[shot.kick_frame]
    there = np.isfinite(ball.centre_px[:, 0]) & np.isfinite(ball.size_px[:, 0])
    seen = np.flatnonzero(there & (since >= 0) & (since <= WITHIN_S) & (ball.measured | (since == 0)))
    if len(seen) < LEAST_SEEN:
        return None
    t, size = since[seen], ball.size_px[seen].min(axis=1)
    rng = np.random.default_rng(0)
    # A longer lens is farther away: sideways and away both grow, so the focal length matters little.
    focal = USUAL_FOCAL * max(shot.clip.size_wh_px)
    sizes = size * np.exp(SIZE_SD * rng.standard_normal((DRAWN, len(size))))
    depth = np.polynomial.polynomial.polyfit(t, (focal * BALL_M / sizes).T, 1)
    ray = (ball.centre_px[seen, 0] - shot.clip.size_wh_px[0] / 2) / focal
    across = np.polynomial.polynomial.polyfit(t, (ray * (depth[0][:, None] + depth[1][:, None] * t)).T, 1)
    way, sight = np.column_stack([across[1], depth[1]]), np.column_stack([across[0], depth[0]])
    turns = np.degrees(np.arctan2(way[:, 0], way[:, 1]) - np.arctan2(sight[:, 0], sight[:, 1]))
    found = _spread(turns)
    return Heading(found.turn_deg, float(np.hypot(found.sigma_deg, ROUGH_DEG)))
