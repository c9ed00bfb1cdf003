"""Shot without a goal in its picture -> how fast the ball left, with the ball itself as the ruler.

The lying ball is 22 cm wide: that is the scale where it is struck. Each candidate afterwards is held against a ball
that flies or rolls from there; what the picture leaves open (lens, tilt, depth) is drawn as wide as it is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..domain import Floats, Ints, Shot
from . import fit, search
from .kicks import KICK
from .seen import look

LEAST = 2  # sightings in flight
TOLD = 2.25  # what they must tell together: two on the picture's own path, or two and more beside it
LEAST_WAY = 1.0  # diameters
STAYS = "What was taken for the ball stays where it is."
TOO_FEW = "The ball was seen in too few frames after the kick."

__all__ = ["Launch", "launch"]


@dataclass(frozen=True, eq=False, slots=True)
class Launch:
    """Likely kicks: `speed_ms` (s,) off the foot, `across_ms` (s,) the part of it in the picture's plane.

    `seen` (k,) are the frames in which a candidate lies on the likeliest, `seen_px` (k, 2) where.
    """

    speed_ms: Floats
    across_ms: Floats
    seen: Ints
    seen_px: Floats


@lru_cache(maxsize=1)
def launch(shot: Shot) -> Launch | str:
    """Shot with its kick and candidates -> Launch, or why the ball tells nothing. Kept for whoever asks next."""
    seen = look(shot)
    if isinstance(seen, str):
        return seen
    guesses, rolls = search.best(seen)
    if not len(guesses):
        return TOO_FEW
    modes = fit.fit(seen, guesses, rolls)
    on = modes.found.on[0] & (seen.after.time_s > modes.phi[0, KICK])
    if on.sum() < LEAST or search.weight(modes.found, seen)[0, on].sum() < TOLD:
        return TOO_FEW
    rows = np.flatnonzero(on)
    seen_px = seen.after.px[rows, modes.found.row[0][rows]]
    if np.linalg.norm(seen_px - seen.start.px, axis=1).max() < LEAST_WAY * seen.start.diameter_px:
        return STAYS
    velocity = fit.draw(modes, seen)
    return Launch(np.linalg.norm(velocity, axis=1), np.hypot(*velocity.T[:2]), seen.after.frame[rows], seen_px)
