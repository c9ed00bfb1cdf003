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
TOLD = 2.0  # what they must tell together: two that are surely the ball
LEAST_WAY = 1.0  # diameters
STAYS = "What was taken for the ball stays where it is."
TOO_FEW = "The ball was seen in too few frames after the kick."

__all__ = ["Launch", "across_ms", "launch"]


@dataclass(frozen=True, eq=False, slots=True)
class Launch:
    """Likely kicks: `speed_ms` (s,) off the foot, `across_ms` (s,) the part of it across the line of sight.

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
    velocity, place = fit.draw(modes, seen)
    return Launch(np.linalg.norm(velocity, axis=1), across_ms(velocity, place), seen.after.frame[rows], seen_px)


def across_ms(velocity_ms: Floats, sight: Floats) -> Floats:
    """(s, 3) velocities, (s, 3) from the phone to the ball -> (s,) the part across the line of sight.

    >>> across_ms(np.array([[3.0, 4.0, 12.0]]), np.array([[0.0, 0.0, 9.0]]))
    array([5.])
    """
    along = (velocity_ms * sight).sum(axis=1, keepdims=True) / (sight**2).sum(axis=1, keepdims=True)
    return np.asarray(np.linalg.norm(velocity_ms - along * sight, axis=1))
