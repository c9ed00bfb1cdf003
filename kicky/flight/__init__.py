"""Shot -> the ball's flight in metres: every candidate is held against physics, none is trusted alone.

Method: track before detect in three dimensions from where the ball lay (or the shooter's foot), then a fit of
launch, nuisances and camera together, with the posterior drawn around it. docs/decisions/flight.md says why so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from .. import kick
from ..domain import Flight, Floats, Shot
from ..shown import NO_GOAL_MARKED
from . import posterior, refine, search
from .evidence import Evidence, gather
from .refine import Modes
from .starts import TRACKED_EARNS, Start, elsewhere, feet, lying

SURE, UNSURE = -60.0, -45.0  # a fit this good needs no other start, or none at a foot; each sighting earns up to 4
AGREE = 2  # frames
MOST_FEET = 2  # starts at feet that are fitted, of all that are searched
LEAST = -6.0  # a fit worse than this is none
NOTHING = "No flight of a ball explains what was seen."

__all__ = ["TRACKED_EARNS", "Attempt", "attempt", "fit"]


@dataclass(frozen=True, eq=False, slots=True)
class Attempt:
    """A shot, and the flight from one start that explains most of what was seen, not drawn yet.

    `cost` is in squares: e to the minus half of it is what speaks for this flight, next to others of the same film.
    """

    shot: Shot
    evidence: Evidence
    start: Start
    modes: Modes

    @property
    def cost(self) -> float:
        return float(self.modes.cost[0])

    def flown(self) -> Shot:
        """-> the shot with its flight, and the kick as that has it."""
        flown = posterior.flight(self.shot.clip, self.evidence, self.start, self.modes)
        frame, source = _kick(self.shot, flown)
        return replace(
            self.shot, flight=flown, flight_why_not="", kick_frame=frame, kick_source=source, kick_why_not=""
        )


def fit(shot: Shot, *, anywhere: bool = True) -> Shot:
    """Shot with candidates and a scene with a camera -> the same with its flight, or the reason why there is none.

    `anywhere` as in `attempt`.
    """
    best = attempt(shot, anywhere=anywhere)
    return best.flown() if isinstance(best, Attempt) else replace(shot, flight_why_not=best)


def attempt(shot: Shot, *, anywhere: bool = True) -> Attempt | str:
    """Shot -> the flight that explains most, or why there is none.

    From where its ball lay; and, `anywhere`, where that explains little, also from other places and people's feet.
    """
    if shot.scene is None:
        return NO_GOAL_MARKED
    if shot.scene.camera is None:
        return shot.scene.camera_why_not
    if shot.candidates is None or not len(shot.candidates.frame):
        return "The ball was not seen."
    if short := kick.too_short(shot):
        return short
    evidence = gather(shot, shot.scene.camera)
    best = _best(shot, evidence, anywhere)
    return NOTHING if best is None else Attempt(shot, evidence, *best)


def _kick(shot: Shot, flown: Flight) -> tuple[int, str]:
    """-> the kick's frame and what told it: a person, a foot at the ball, the ball seen to leave, else the flight."""
    frame = int(np.searchsorted(shot.clip.time_s, flown.kick_time_s, side="right")) - 1
    frame = int(np.clip(frame, shot.clip.take[0], shot.clip.take[1] - 1))
    known = shot.kick_frame
    # The ball seen to leave tells the frame better; the flight tells which ball.
    if known is not None and (shot.kick_source in kick.HELD or abs(frame - known) <= AGREE):
        return known, shot.kick_source
    return frame, "flight"


def _best(shot: Shot, evidence: Evidence, anywhere: bool) -> tuple[Start, Modes] | None:
    """-> the start whose fit explains most, with the fit."""
    best: tuple[Start, Modes] | None = None
    for start in chain(lying(shot, evidence), elsewhere(shot, evidence) if anywhere else ()):
        best = _better(best, _fitted(evidence, [(start, search.best(evidence, start)[0])]))
        if best is not None and best[1].cost[0] < SURE:
            return best
    if anywhere and (best is None or best[1].cost[0] > UNSURE):
        tried = [(start, *search.best(evidence, start)) for start in feet(shot, evidence)]
        likely = sorted(tried, key=lambda one: -one[2])[:MOST_FEET]
        best = _better(best, _fitted(evidence, [(start, thetas) for start, thetas, _ in likely]))
    return best if best is not None and best[1].cost[0] < LEAST else None


def _better(one: tuple[Start, Modes] | None, other: tuple[Start, Modes] | None) -> tuple[Start, Modes] | None:
    """-> whichever costs less."""
    return min([each for each in (one, other) if each is not None], key=lambda each: each[1].cost[0], default=None)


def _fitted(evidence: Evidence, guessed: Sequence[tuple[Start, Floats]]) -> tuple[Start, Modes] | None:
    """Starts with their guesses -> the one whose fit costs least."""
    fits = [(start, refine.fit(evidence, start, thetas)) for start, thetas in guessed if len(thetas)]
    return min(((s, m) for s, m in fits if m is not None), key=lambda one: one[1].cost[0], default=None)
