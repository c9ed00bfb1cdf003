"""What may be made of one detector's evidence: the whole of it, the article's rules, or all but one part.

To add one: a function and its line in DOWNSTREAMS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import supervision as sv

from .. import choice, kick, outcome, roles, rules2d, tracking
from ..body import fit, foot, heading
from ..domain import Foot, FootCall, Label, Measure, Outcome, Report, Shot
from ..evaluation import Answer
from ..evaluation.nouns import VIEWS
from ..measures.angles import kicking_knee
from ..measures.speed import speed

FROM_DEG = (30.0, 60.0, 120.0, 180.0)
"""Up to which angle between the line of sight and the shot's way each of VIEWS goes."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A clip as the pipeline saw it, and what gives the detector's own answers again."""

    shot: Shot
    again: Callable[[], Sequence[sv.Detections]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a downstream makes of a trial: its shot, verdict, foot and kick, and whether a body was found at contact."""

    shot: Shot
    outcome: Outcome
    foot: FootCall
    kick_frame: int | None
    posed: bool
    speed_kmh: tuple[float, float] | None = None
    knee_deg: tuple[float, float] | None = None

    def answer(self) -> Answer:
        """-> the same in plain values."""
        said, struck, at = self.outcome, self.foot, self.kick_frame
        return Answer(
            outcome=said.verdict.value, p_goal=float(said.p_goal), how=said.how.value, why=said.why,
            foot=struck.foot.value, p_left=float(struck.p_left), kick_frame=None if at is None else int(at),
            posed=self.posed, speed_kmh=self.speed_kmh, knee_deg=self.knee_deg, view=_view(self.shot),
        )  # fmt: skip

    def report(self) -> Report:
        """-> what can be drawn of it; no number was measured."""
        return Report(replace(self.shot, kick_frame=self.kick_frame), self.outcome, self.foot, (), {})


@dataclass(frozen=True, slots=True)
class Downstream:
    """How answers are worked out. `without` names the part left out of `base`, "" where none is."""

    judge: Callable[[Trial], Judged]
    about: str
    base: str = ""
    without: str = ""
    tiled: bool = True


def whole(trial: Trial) -> Judged:
    """All that KICKY has."""
    return _judged(trial.shot, outcome.decide(trial.shot))


def flat(trial: Trial, filtered: bool = True) -> Judged:
    """The article's rules on the same track: its kick, its verdict, the nearer ankle at the kick as KICKY found it."""
    shot = trial.shot
    nearer = foot.nearer(shot)
    p_left = {Foot.LEFT: 1.0, Foot.RIGHT: 0.0}.get(nearer, 0.5)
    said = rules2d.decide(shot.clip, shot.ball, shot.scene, filtered)
    route = rules2d.path(shot.ball, filtered)
    at = rules2d.kick_frame(route) if route is not None else None
    struck = FootCall(nearer, p_left, "The nearer ankle.")
    return Judged(replace(shot, flight=None), said, struck, at, _posed(shot))


def unfiltered(trial: Trial) -> Judged:
    """The article's rules, the ball's jumps left in."""
    return flat(trial, filtered=False)


def without_3d(trial: Trial) -> Judged:
    """No flight in metres: the kick by the lying ball, the verdict by the article's rules, the foot by ours."""
    bare = replace(trial.shot, flight=None, flight_why_not="Left out.", kick_frame=None, kick_source="")
    shot = kick.find(bare)
    return _judged(shot, rules2d.decide(shot.clip, shot.ball, shot.scene))


def without_woodwork(trial: Trial) -> Judged:
    """No ball touches post or bar: beside the frame is beside the goal."""
    return _judged(trial.shot, outcome.decide(trial.shot, woodwork=False))


def without_aftermath(trial: Trial) -> Judged:
    """Where the flight crosses the goal's plane decides alone, whatever the ball did after it."""
    return _judged(trial.shot, outcome.decide(trial.shot, aftermath=False))


def without_players(trial: Trial) -> Judged:
    """Ball and flight as if no body were in the picture; the pose stays as it was found."""
    before = trial.shot
    sighting = tracking.link(before.clip, [_balls(found) for found in trial.again()])
    found = choice.settled(sighting, before.scene, _as_it_is)
    shot = roles.assigned(replace(found.told(), pose=before.pose))
    return _judged(shot, outcome.decide(shot))


def _as_it_is(shot: Shot) -> Shot:
    """Shot whose goal has its camera already -> itself."""
    return shot


def _judged(shot: Shot, said: Outcome) -> Judged:
    shot = fit.fitted(shot)
    numbers = _interval(speed(shot)), _interval(kicking_knee(shot))
    return Judged(shot, said, foot.call(shot), shot.kick_frame, _posed(shot), *numbers)


def _interval(measure: Measure) -> tuple[float, float] | None:
    """-> the interval that is shown, None where no value is."""
    if measure.value is None or measure.low is None or measure.high is None:
        return None
    return float(measure.low), float(measure.high)


def _view(shot: Shot) -> str:
    """-> where the phone stood, by the way the shot went; "" where that was not seen."""
    went = heading.heading(shot)
    return "" if went is None else VIEWS[int(np.searchsorted(FROM_DEG[:-1], abs(went.turn_deg)))]


def _posed(shot: Shot) -> bool:
    """-> was a body found at the kick."""
    return shot.pose is not None and shot.kick_frame is not None and shot.pose.at(shot.kick_frame) is not None


def _balls(found: sv.Detections) -> sv.Detections:
    kept = found[found.class_id == Label.BALL]
    assert isinstance(kept, sv.Detections)
    return kept


FLIGHT, RULES = "flight", "rules2d"
DOWNSTREAMS = {
    FLIGHT: Downstream(whole, "KICKY: the flight in metres, what followed it, both feet"),
    RULES: Downstream(flat, "the article's rules in the picture, the nearer ankle"),
    "no-hampel": Downstream(unfiltered, "the article's rules, outliers left in", RULES, "the Hampel filter"),
    "no-3d": Downstream(without_3d, "no flight in metres", FLIGHT, "3-D"),
    "no-posts": Downstream(without_woodwork, "no ball touches post or bar", FLIGHT, "post evidence"),
    "no-aftermath": Downstream(without_aftermath, "nothing after the free flight", FLIGHT, "the aftermath"),
    "no-player-cue": Downstream(without_players, "no bodies to find the ball by", FLIGHT, "the player cue"),
    "no-tiles": Downstream(whole, "the detector looks at whole frames only", FLIGHT, "tiles", tiled=False),
}
WEIGHED = frozenset(DOWNSTREAMS) - {RULES, "no-hampel", "no-3d"}
"""Those whose P(goal) is a probability; a rule gives 1, 0 or, undecided, a half."""
ABLATIONS = tuple(name for name, each in DOWNSTREAMS.items() if each.without)
