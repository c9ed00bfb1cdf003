"""Shot -> where and when its ball may have been struck: where it lay and left, or at somebody's feet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..domain import Floats, Shot
from ..kick import HELD, struck_at
from .evidence import Evidence

REST_SIGMA_PX = 0.7
HIDDEN_S, LONGEST_HIDDEN_S = 0.3, 0.9  # a leg may hide the ball where it lies or leaves; at most, somebody's body
REST_EARNS, REST_MOST = 2.5, 12  # a frame in which the ball is seen where the flight begins; how many count
TRACKED_EARNS = 36.0  # the same when the tracker knows it: the place itself changed when the ball left
LATE = 14.0  # price of a kick not seen to leave at once, when the tracker says when the ball left
FOOT_PRICE = 6.0  # of a start at which nobody saw the ball lie
FOOT_STEP_S = 0.2
KICK_SOFT_S, HAND_SOFT = 0.02, 0.1  # 1 s.d. beyond the moments of a start: of one seen, s; of one told, frames
HAND_PLACE_S = 0.15  # how long before a kick that a person saw the ball is looked for where it was struck


@dataclass(frozen=True, eq=False, slots=True)
class Start:
    """Where and when the ball may have been struck.

    `diameter_px` is NaN where the ball was not seen to lie: then `px` is somebody's foot. `price` is what this
    start costs beside others, less what it explains by itself. `soft_s` is how far beyond its moments it may lie.
    """

    px: Floats
    sigma_px: float
    diameter_px: float
    from_s: float
    to_s: float
    price: float
    soft_s: float = KICK_SOFT_S


def lying(shot: Shot, evidence: Evidence) -> Iterator[Start]:
    """Shot -> starts from where the ball lay and left, as its track has it: at once, or hidden by somebody until later.

    When a person, or a foot at the ball, said when it was struck, only then.
    """
    if shot.kick_source in HELD:
        yield from _at_settled_kick(shot)
        return
    tracked = _tracked(shot)
    if tracked is None:
        return
    yield tracked
    last = int(np.searchsorted(shot.clip.time_s, tracked.from_s))
    until_s = min(float(shot.clip.time_s[_left(evidence, last, tracked.px)]), _bare_s(shot, tracked.px))
    if until_s > tracked.to_s + HIDDEN_S:  # somebody hid it: it may have been struck unseen
        yield replace(tracked, to_s=until_s, price=LATE - TRACKED_EARNS)


def _bare_s(shot: Shot, px: Floats) -> float:
    """-> when the place is first seen empty: it was struck by then. Infinite where that was not seen."""
    there = [rest for rest in shot.rests if np.linalg.norm(rest.centre_px - px) < rest.diameter_px / 2]
    return min((float(shot.clip.time_s[r.bare_frame]) for r in there if r.bare_frame is not None), default=np.inf)


def elsewhere(shot: Shot, evidence: Evidence) -> Iterator[Start]:
    """Shot -> starts from the other places where a ball may have lain; those of a settled kick if it lay until then."""
    told = _moment(shot) if shot.kick_source in HELD else None
    at, time_s = None if shot.kick_frame is None else struck_at(shot), shot.clip.time_s
    for rest in shot.rests:
        if at is not None and np.linalg.norm(rest.centre_px - at.px) < rest.diameter_px:
            continue
        price = -REST_EARNS * min(len(rest.frames), REST_MOST)
        left_s = float(time_s[rest.leaves])
        if told is None:
            until = float(time_s[_left(evidence, rest.leaves, rest.centre_px)])
            yield Start(rest.centre_px, REST_SIGMA_PX, rest.diameter_px, left_s, until, price)
        elif abs(left_s - told["from_s"]) < LONGEST_HIDDEN_S:
            yield Start(rest.centre_px, REST_SIGMA_PX, rest.diameter_px, price=price, **told)


def feet(shot: Shot, evidence: Evidence) -> Iterator[Start]:
    """Shot -> starts at people's feet, all through the film: for a ball struck moving, or never seen to lie.

    When a person, or a foot at the ball, said when it was struck, only then.
    """
    told = _moment(shot) if shot.kick_source in HELD else None
    moments = np.arange(evidence.time_s[0] + FOOT_STEP_S, evidence.time_s[-1] - 0.3, FOOT_STEP_S)
    for player in shot.players:
        for moment in moments if told is None else [told["from_s"]]:
            row = int(np.abs(shot.clip.time_s - moment).argmin())
            x0, _, x1, y1 = player.box_px(row)
            if np.isfinite(x0 + y1):
                foot, near = np.array([(x0 + x1) / 2, y1]), 0.5 * (x1 - x0) + 5.0
                when = told or {"from_s": moment - FOOT_STEP_S / 2, "to_s": moment + FOOT_STEP_S / 2}
                yield Start(foot, near, np.nan, price=FOOT_PRICE, **when)


def _moment(shot: Shot) -> dict[str, float]:
    """Shot whose kick is settled -> from when to when it may have been struck, and how softly that holds."""
    assert shot.kick_frame is not None
    time_s = shot.clip.time_s
    from_s, to_s = (float(time_s[min(shot.kick_frame + k, len(time_s) - 1)]) for k in (0, 1))
    return {"from_s": from_s, "to_s": to_s, "soft_s": HAND_SOFT * shot.clip.frame_s}


def _at_settled_kick(shot: Shot) -> Iterator[Start]:
    """Shot whose kick is settled -> where the ball was seen just then."""
    told, ball = _moment(shot), shot.ball
    assert shot.kick_frame is not None
    since = shot.clip.time_s[: shot.kick_frame + 1]
    near = np.flatnonzero(ball.measured[: shot.kick_frame + 1] & (since > told["from_s"] - HAND_PLACE_S))
    if len(near):
        struck, diameter = ball.centre_px[near[-1]], float(np.median(ball.size_px[near]))
        still = np.linalg.norm(ball.centre_px[near] - struck, axis=1).max() < max(1.5, 0.1 * diameter)
        spot = np.median(ball.centre_px[near], axis=0) if still else struck
        price = -TRACKED_EARNS if still and len(near) > 1 else 0.0
        yield Start(spot, REST_SIGMA_PX if still else 0.3 * diameter, diameter, price=price, **told)


def _tracked(shot: Shot) -> Start | None:
    """Shot -> where the tracked ball lay until it was struck; None when it never lay still or was not seen to leave."""
    kick, ball, time_s = shot.kick_frame, shot.ball, shot.clip.time_s
    if kick is None:
        return None
    near = np.flatnonzero(ball.measured[: kick + 1])[-REST_MOST:]
    if len(near) < 2:
        return None
    spot, diameter = np.median(ball.centre_px[near], axis=0), float(np.median(ball.size_px[near]))
    if np.linalg.norm(ball.centre_px[near] - spot, axis=1).max() > max(1.5, 0.1 * diameter):
        return None
    last = int(near[-1])
    moved = np.flatnonzero(ball.measured & (time_s > time_s[last]) & (time_s < time_s[last] + LONGEST_HIDDEN_S))
    until = float(time_s[moved[0]]) if len(moved) else float(time_s[last]) + HIDDEN_S
    until = max(min(until, _bare_s(shot, spot)), float(time_s[min(last + 1, len(time_s) - 1)]))
    return Start(spot, REST_SIGMA_PX, diameter, float(time_s[last]), min(until, float(time_s[-1])), -TRACKED_EARNS)


def _left(evidence: Evidence, last: int, spot: Floats) -> int:
    """-> the first frame in which the ball has surely left: a while after nobody hides its place any more."""
    hidden = evidence.excused(np.broadcast_to(spot, (1, len(evidence.frame), 2)))[0]
    row = int(np.searchsorted(evidence.frame, last))
    since = evidence.time_s - evidence.time_s[row]
    covered = np.flatnonzero(hidden & (since > 0) & (since < LONGEST_HIDDEN_S))
    free_s = since[covered[-1]] if len(covered) and since[covered[0]] < HIDDEN_S else 0.0
    return int(evidence.frame[min(int(np.searchsorted(since, free_s + HIDDEN_S)), len(evidence.frame) - 1)])
