"""Shot with the places where its ball may have lain -> which was the ball, its kick and its flight: chosen late.

No place is trusted by its look. What speaks for one is weighed together: how it looks, how long it lies, whether
somebody's foot is there as it leaves, whether it is part of a body, and how much of what was seen later a flight from
there explains. docs/decisions/choice.md says why so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from . import flight, kick, roles
from .body import legs
from .domain import NOTHING_SAID, Floats, Rest, Said, Scene, Shot, Track
from .errors import UnfitClip
from .tracking import Sighting, unseen

# Natural log odds, chosen on the even half of one drawn set and rendered seeds with an odd number.
FOOT_BALLS, FOOT = (1.2, 7.0), (2.0, -4.0)  # a body's feet so far from it as it leaves, in balls: what that says
LIES_S, LIES = (0.1, 0.6), (-1.5, 0.5)
PART = -5.0  # it lies in the upper part of a body all the while
LATER = -0.7  # it came to lie there while the film ran
FLIES, FLIGHT = (0, 8), (-1.5, 1.0)  # sightings after it left that go on from there
NOWHERE = -1.5  # that the ball was never seen to lie
PART_MOVES = (0.04, 0.12)  # of the body's height: so far a part of it moves in its box, and beyond it is none
WORN, WORN_S = 0.9, 0.45  # a foot comes to a ball: what is at a body's feet in nearly all frames, so long, is its boot
FOOT_SHARE = 0.35  # of a body, from the ground up, that may be at a ball
BEFORE_S, AFTER_S = 0.12, 0.15  # about the moment it leaves in which a foot is looked for
TRIED = 4  # places at most whose flight is worked out
BEST = -62.0  # squares: no flight explains much more than this
OFF_GROUND = -3.0  # the goal's camera does not see it on the ground
HAND_S, HAND = (0.1, 0.5), (0.0, -8.0)  # a person said when: it lay until about then
NO_KICK = -5.0  # it never leaves
POINTED, POINTED_PX = 1.0, 8.0  # a click is so near the ball's middle, in diameters and pixels beyond
BY_CHANCE, SURELY = 1.6, 4.5  # what a flight through clutter seems to explain; from here on it is none
NO_GOAL, KICKED = 1.0, 4.0  # where no flight can be worked out; the bar for a kick
NO_SHOT = (
    "No shot was seen in this film: no ball is seen to leave a foot and fly. If there is one, show the ball where it "
    "lies before the kick."
)
SOFT = 3.0  # squares are too sure of themselves by this factor, or the best of two bad ones would be certain


@dataclass(frozen=True, eq=False, slots=True)
class Claim:
    """A place of rest, None for a ball that lay nowhere, and the log odds that the ball kicked lay there.

    `foot_balls` is how far the nearest foot was as it left, in its diameters; infinite where nobody was seen.
    """

    rest: Rest | None
    odds: float
    foot_balls: float


@dataclass(frozen=True, eq=False, slots=True)
class Try:
    """A claim carried through: the shot with ball, kick and camera, and its flight or why there is none.

    `sure` is how likely this is the ball and the kick, next to all that was tried.
    """

    claim: Claim
    shot: Shot
    flown: flight.Attempt | str
    sure: float = 1.0

    @property
    def cost(self) -> float:
        """-> in squares, the less the better."""
        explained = self.flown.cost if isinstance(self.flown, flight.Attempt) else 0.0
        return explained / SOFT - 2 * self.claim.odds

    def evidence(self, struck: bool) -> float:
        """Whether the posed body has a foot at the ball -> what speaks for a kick at all, in natural log odds.

        A flight through what moves by chance explains a little; only one that explains much more counts fully. Without
        a goal, or where the film ends, there is none to explain anything.
        """
        foot = max(0.0, FOOT[0] - _foot(self.claim.foot_balls)) if struck else 0.0
        if self.shot.scene is None or kick.too_short(self.shot):
            return self.claim.odds + foot + NO_GOAL
        flown = self.flown.cost + flight.TRACKED_EARNS if isinstance(self.flown, flight.Attempt) else 0.0
        explained = max(-flown, 0.0) / 2 / SOFT
        return self.claim.odds + foot + min(explained, BY_CHANCE) + max(explained - SURELY, 0.0)

    def told(self) -> Shot:
        """-> the shot with its flight, or the reason why there is none."""
        if isinstance(self.flown, flight.Attempt):
            return replace(self.flown.flown(), ball_sure=self.sure)
        return replace(self.shot, flight_why_not=self.flown, ball_sure=self.sure)


def settled(seen: Sighting, scene: Scene | None, located: Callable[[Shot], Shot], said: Said = NOTHING_SAID) -> Try:
    """What was seen, the goal, what gives a shot its camera, what a person said -> the likeliest ball, with its flight.

    The likeliest place first; others only as long as they could still explain more. Raises: UnfitClip when a person
    said what cannot be.
    """
    shot = Shot(seen.clip, unseen(seen.clip), seen.players, scene, candidates=seen.candidates, rests=seen.rests)
    tries: list[Try] = []
    for claim in claims(shot, said):
        best = min(tries, key=lambda one: one.cost, default=None)
        hopeless = best is not None and best.cost < BEST / SOFT - 2 * claim.odds
        if hopeless or len(tries) == TRIED:
            break
        tries.append(_tried(shot, seen, claim, located, said))
    costs = np.array([one.cost for one in tries])
    likely = np.exp(-(costs - costs.min()) / 2)
    return replace(tries[int(costs.argmin())], sure=float(likely.max() / likely.sum()))


def kicked(found: Try, posed: Shot, said: Said = NOTHING_SAID) -> bool:
    """The likeliest ball, the shot with flight and pose, what a person said -> whether enough speaks for a kick.

    Who shows the ball or the kick has seen one.
    """
    if posed.kick_frame is None:
        return False
    return said != NOTHING_SAID or found.evidence(legs.strikes(posed)) > KICKED


def without_shot(shot: Shot) -> Shot:
    """Shot with too little evidence of a kick -> the same without one, and why."""
    why = shot.kick_why_not or NO_SHOT
    return replace(
        shot, kick_frame=None, kick_source="", kick_why_not=why, flight=None, flight_why_not=why, pose=None,
        shooter=None, shooter_why_not=why, looks=(),
    )  # fmt: skip


def claims(shot: Shot, said: Said = NOTHING_SAID) -> list[Claim]:
    """Shot with players and places of rest, what a person said -> what speaks for each before any flight, best first.

    Raises: UnfitClip when nothing lies where a person said that the ball does.
    """
    rests = shot.rests if said.ball_px is None else [pointed_at(shot.rests, np.array(said.ball_px))]
    found = [_claim(shot, rest, said) for rest in rests]
    nowhere = [] if said.ball_px is not None else [Claim(None, NOWHERE, np.inf)]
    return sorted([*found, *nowhere], key=lambda claim: -claim.odds)


def pointed_at(rests: Sequence[Rest], px: Floats) -> Rest:
    """Places of rest, where a person pointed (2,) -> the one meant. Raises: UnfitClip when nothing lies there."""
    away = [float(np.hypot(*(rest.centre_px - px))) - POINTED * rest.diameter_px for rest in rests]
    if not away or min(away) > POINTED_PX:
        raise UnfitClip(
            "No ball is seen to lie and leave where you pointed: point at its middle, just before the kick."
        )
    return rests[int(np.argmin(away))]


def _tried(shot: Shot, seen: Sighting, claim: Claim, located: Callable[[Shot], Shot], said: Said) -> Try:
    """A claim -> it carried through."""
    ball = seen.ball_from(claim.rest)
    there = replace(shot, ball=ball)
    left = claim.rest is not None and claim.rest.bare_frame is not None
    there = kick.find(there, left) if said.kick_frame is None else kick.by_hand(there, said.kick_frame)
    if there.kick_frame is None:
        flies = NO_KICK
    elif kick.too_short(there):
        flies = 0.0  # nobody can see what flies
    else:
        flies = float(np.interp(int(ball.measured[there.kick_frame + 1 :].sum()), FLIES, FLIGHT))
    there = located(there)
    odds = claim.odds + flies + (OFF_GROUND if there.scene is not None and there.scene.given_up else 0.0)
    # A ball that nobody saw lie may have been struck at anybody's feet at any time: only if it speeds up somewhere.
    anywhere = claim.rest is None and there.kick_frame is not None
    return Try(replace(claim, odds=odds), there, flight.attempt(there, anywhere=anywhere))


def _claim(shot: Shot, rest: Rest, said: Said) -> Claim:
    """A place -> what speaks for it: its look, how long it lies, who is there, when a person said it was struck."""
    time_s = shot.clip.time_s
    lies_s = float(time_s[rest.leaves] - time_s[rest.frames[0]])
    foot_balls = _foot_balls(shot, rest)
    foot = _foot(foot_balls)
    later = LATER if rest.frames[0] > shot.clip.take[0] + kick.LEAST_FRAMES else 0.0
    odds = rest.likely + foot + float(np.interp(lies_s, LIES_S, LIES)) + PART * _part_of_body(shot, rest) + later
    if said.kick_frame is not None:
        gap_s = abs(float(time_s[rest.leaves] - time_s[min(max(said.kick_frame, 0), len(time_s) - 1)]))
        odds += float(np.interp(gap_s, HAND_S, HAND))
    return Claim(rest, odds, foot_balls)


def _foot(balls: float) -> float:
    """How far the nearest feet are, in balls -> what that says; nothing where nobody was seen."""
    return float(np.interp(balls, FOOT_BALLS, FOOT)) if np.isfinite(balls) else 0.0


def _foot_balls(shot: Shot, rest: Rest) -> float:
    """-> how far the nearest feet are from it about when it leaves, in its diameters."""
    since = shot.clip.time_s - shot.clip.time_s[rest.leaves]
    frames = np.flatnonzero((since >= -BEFORE_S) & (since <= AFTER_S))
    at = np.tile(rest.centre_px, (len(frames), 1))
    away = roles.away(shot, frames, at, np.full(len(frames), rest.diameter_px))
    return float(away.min(initial=np.inf))


def _part_of_body(shot: Shot, rest: Rest) -> float:
    """-> the share of the frames it lies in in which it is the same part of the same body, its boots among them."""
    times = shot.clip.time_s[rest.frames]
    return max((_part_of(rest, player, times[-1] - times[0] >= WORN_S) for player in shot.players), default=0.0)


def _part_of(rest: Rest, player: Track, long: bool) -> float:
    """-> the same of one player: where a ball lies in somebody's box by chance, they walk and it stays."""
    centre, size = player.centre_px[rest.frames], player.size_px[rest.frames]
    share = (rest.centre_px - centre) / size[:, 1:]
    inside = (np.abs(rest.centre_px[0] - centre[:, 0]) < size[:, 0] / 2) & (np.abs(share[:, 1]) < 0.5)
    above = share[:, 1] < 0.5 - FOOT_SHARE
    worn = long and float((inside & ~above).mean()) > WORN
    inside &= ~above if worn else above
    if not inside.any():
        return 0.0
    moves = float(np.hypot(*share[inside].std(axis=0)))
    return float(inside.mean()) * float(np.interp(moves, PART_MOVES, (1.0, 0.0)))
