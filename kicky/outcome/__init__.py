"""Shot -> Outcome: goal, no goal or unsure, how, and why in words.

Where the free flight crosses the goal's plane decides; what the ball does afterwards supports or vetoes it
(`weigh`). Nets differ too much for their physics to be simulated: docs/decisions/outcome.md.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..body.legs import strikes
from ..domain import Flight, Floats, How, Outcome, Scene, Shot, Verdict
from ..kick import SURE_OF_BALL
from ..scene import lens
from ..shown import NO_GOAL_MARKED
from .aftermath import NOTHING_SEEN, Aftermath, follow
from .weigh import Odds, likely, margins_m, weigh

SURE = 0.8  # P(goal) from which it is called one; the same of no goal
LEAST_SEEN, SURE_OF_FEW = 5, 0.85  # frames of flight; with fewer it takes this much
LEAST_P = 0.02  # less is not said of what was not seen from foot to goal
CLOSE_M = 0.3  # further from post and bar it is no close call, only an uncertain one
PASSAGE_S = 0.1  # a ball last seen so long before the goal's plane was seen to pass it
METHOD = "flight"


def decide(shot: Shot, *, woodwork: bool = True, aftermath: bool = True) -> Outcome:
    """Shot -> Outcome; unsure with the reason where there is no flight to judge.

    To learn what they are worth, `woodwork` (a ball may touch post or bar) and `aftermath` (what the ball did after
    its free flight) can be left out.
    """
    if shot.scene is None:
        return _unsure(NO_GOAL_MARKED)
    if shot.flight is None:
        return _unsure(shot.kick_why_not or shot.flight_why_not or "No flight of the ball was worked out.")
    after = follow(shot, shot.flight) if aftermath else NOTHING_SEEN
    odds = weigh(shot.flight, shot.scene.goal_size_m, after, woodwork)
    frame = _frame(shot, shot.flight)
    how = _how(odds, shot.flight, shot.scene)
    p_goal = believed(odds.goal, shot, after)
    needed = SURE if len(shot.flight.seen) >= LEAST_SEEN else SURE_OF_FEW
    if 1 - needed < p_goal < needed:
        why = _doubt(shot, shot.flight, shot.scene, odds)
        return Outcome(Verdict.UNSURE, p_goal, How.UNCLEAR if p_goal < SURE else how, why, frame, METHOD)
    verdict = Verdict.GOAL if p_goal >= SURE else Verdict.NO_GOAL
    return Outcome(verdict, p_goal, how, _why(shot.flight, how, after), frame, METHOD)


def weighed(shot: Shot) -> Shot:
    """Shot -> the same, each path of its flight weighed by what the ball did after it, and by the lenses that phones
    have where nobody told it; as it is without a flight.
    """
    if shot.scene is None or shot.flight is None or shot.candidates is None:
        return shot
    shares = likely(shot.flight, shot.scene.goal_size_m, follow(shot, shot.flight))
    return lens.of_phones(replace(shot, flight=replace(shot.flight, likely=shares)))


def believed(p_goal: float, shot: Shot, after: Aftermath) -> float:
    """P(goal) of the flight as it is, its shot, what followed -> P(goal): it may have been another ball or kick.

    Nothing is nearly certain unless ball, foot and passage were all seen.
    """
    mixed = shot.ball_sure * p_goal + (1 - shot.ball_sure) * 0.5
    flight = shot.flight
    crossed = flight is not None and bool(
        np.nanmin(flight.crossing[:, 0], initial=np.inf) <= flight.until_s + PASSAGE_S
    )
    seen = shot.kick_source != "flight" and strikes(shot) and (crossed or after.stays is not None or after.kinked)
    return mixed if seen else float(np.clip(mixed, LEAST_P, 1 - LEAST_P))


def _unsure(why: str) -> Outcome:
    return Outcome(Verdict.UNSURE, 0.5, How.UNCLEAR, why, None, METHOD)


def _frame(shot: Shot, flight: Flight) -> int | None:
    """-> the first frame at or after the ball crossed the goal's plane, None when it never did in the film."""
    crossed = float(flight.crossing[0, 0])
    if not np.isfinite(crossed) or crossed > shot.clip.time_s[-1]:
        return None
    return int(np.searchsorted(shot.clip.time_s, crossed))


def _how(odds: Odds, flight: Flight, scene: Scene) -> How:
    """What most likely became of it."""
    likely = max(odds.parts, key=odds.parts.__getitem__)
    if likely is not How.OVER:
        return likely
    x, z = np.nanmedian(flight.crossing[:, 1:], axis=0)
    width, height = scene.goal_size_m
    if z - height > abs(x) - width / 2:
        return How.OVER
    return How.WIDE_LEFT if x < 0 else How.WIDE_RIGHT


def _doubt(shot: Shot, flight: Flight, scene: Scene, odds: Odds) -> str:
    """Why it cannot be told."""
    seen = len(flight.seen)
    if shot.ball_sure < SURE_OF_BALL:
        return "Which ball was kicked is not sure: show the ball where it lies before the kick."
    if seen < LEAST_SEEN:
        return f"Only {seen} frames of the flight were seen."
    if odds.parts.get(How.SAVED, 0.0) > 0.2:
        return "The ball changes course before the goal: whether it still went in cannot be seen."
    last = float(np.interp(flight.until_s, flight.time_s, flight.xyz_m[:, 1]))
    if last > 3.0 and flight.until_s > shot.clip.time_s[-1] - 2 * shot.clip.frame_s:
        return f"The film ends with the ball still {last:.0f} m before the goal."
    if last > 3.0:
        return f"The ball was lost from sight {last:.0f} m before the goal."
    return _close(margins_m(flight.crossing, scene.goal_size_m))


def _close(margins: Floats) -> str:
    """(s,) how far inside the frame each path passes, not a number for one that falls short -> why it is left open."""
    passing = margins[np.isfinite(margins)]
    if len(passing) < len(margins) / 2:
        return "Whether the ball came as far as the goal is too uncertain to tell."
    low, middle, high = (float(margin) for margin in np.percentile(passing, [5, 50, 95]))
    if abs(middle) <= CLOSE_M:
        return f"It passed about {100 * abs(middle):.0f} cm from post or bar, too close to tell."
    if low < 0 < high:
        return (
            "Where it passed the goal is too uncertain to tell: "
            f"anywhere from {-low:.1f} m outside the frame to {high:.1f} m inside it."
        )
    side = "inside" if middle > 0 else "outside"
    return f"The flight passes {side} the frame, but what the ball did next does not bear that out."


def _why(flight: Flight, how: How, after: Aftermath) -> str:
    """What the verdict rests on."""
    x, z = np.nanmedian(flight.crossing[:, 1:], axis=0) if np.isfinite(flight.crossing).any() else (np.nan, np.nan)
    side = "left" if x < 0 else "right"
    where = f"{abs(x):.1f} m {side} of the middle, {max(z, 0.0):.1f} m high"
    stopped = " and stays in the net" if after.stays else ""
    return {
        How.IN_NET: f"The flight passes between the posts, {where}{stopped}.",
        How.OVER: f"The flight passes over the bar, {max(z, 0.0):.1f} m high.",
        How.WIDE_LEFT: f"The flight passes left of the goal, {where}.",
        How.WIDE_RIGHT: f"The flight passes right of the goal, {where}.",
        How.POST: f"The ball hits the frame, {where}, and does not go in.",
        How.SAVED: "The ball is stopped or turned away before the line.",
        How.SHORT: "The ball never reaches the goal line.",
    }[how]
