"""A shot -> which of its frames is shown when in a film to send: cut to what matters, the kick slowly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..domain import Bools, Floats, Ints, Shot

SLOW_BEFORE_S, SLOW_AFTER_S = 0.35, 0.25
SLOWEST, LEAST_SLOW, LEAST_FPS = 0.25, 0.5, 12.0
"""Of life's speed: as slow as still shows a dozen pictures of the film a second, within these."""
LONGEST_S = 12.0  # of life from the first frame shown: what is told later is told then
FPS = 30.0
DRAWN_S = 1.8
"""So long a frame stands that somebody has drawn on."""


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds shown before the kick and after the verdict, and how long the last picture stands at least."""

    before_s: float
    after_s: float
    read_s: float


SHORT, IN_REEL, KICK = Span(1.6, 1.8, 2.2), Span(1.0, 1.2, 1.8), Span(0.35, 0.5, 1.4)


@dataclass(frozen=True, eq=False, slots=True)
class Timeline:
    """Pictures in order: when each is shown (n,), the film's frame in it (n,), whether it is shown slowly (n,), whether
    it stands still for what is drawn on it (n,), and the moment in life's time that it shows (n,), which for a frame of
    the film is the next at the latest.

    `struck_s` is when the ball is kicked in this film, None where no kick was found; `told_s` when the verdict comes.
    `slow` is the share of life's speed where it is slow.
    """

    shown_s: Floats
    frames: Ints
    slowed: Bools
    held: Bools
    struck_s: float | None
    told_s: float
    slow: float
    life_s: Floats


def timeline(shot: Shot, told_s: float, span: Span, step_s: float | None = None, drawn: Sequence[int] = ()) -> Timeline:
    """Shot, the moment of its verdict in life's time, what of it, seconds a picture (None: as filmed, to 30 a second),
    the frames that somebody has drawn on.

    Without a kick nothing is slowed. A frame that is drawn on stands for DRAWN_S where it comes.
    """
    clip = shot.clip
    first, last = clip.take[0], clip.take[1] - 1
    kick_s = None if shot.kick_frame is None else float(clip.time_s[shot.kick_frame])
    begins_s = max(float(clip.time_s[first]), (told_s if kick_s is None else kick_s) - span.before_s)
    ends_s = min(float(clip.time_s[last]), max(told_s, kick_s or told_s) + span.after_s, begins_s + LONGEST_S)
    slow = float(np.clip(clip.frame_s * LEAST_FPS, SLOWEST, LEAST_SLOW))
    edges_s = [begins_s, ends_s]
    if kick_s is not None:
        slow_s = np.clip([kick_s - SLOW_BEFORE_S, kick_s + SLOW_AFTER_S], begins_s, ends_s)
        edges_s[1:1] = [float(edge) for edge in slow_s]
    lasts_s = np.diff(edges_s) / ([1.0, slow, 1.0] if kick_s is not None else [1.0])
    turns_s = np.concatenate([[0.0], np.cumsum(lasts_s)])
    stands = [frame for frame in sorted(drawn) if begins_s <= clip.time_s[frame] <= ends_s]
    pauses_s = np.interp(clip.time_s[stands], edges_s, turns_s)

    def comes(life_s: float) -> float:
        turn_s = float(np.interp(life_s, edges_s, turns_s))
        return turn_s + DRAWN_S * int((pauses_s < turn_s).sum())

    told_at_s = comes(told_s)
    step_s = step_s or clip.frame_s * max(1, round(1 / FPS / clip.frame_s))
    until_s = max(float(turns_s[-1]) + DRAWN_S * len(stands), told_at_s + span.read_s)
    shown_s = step_s * np.arange(int(np.ceil(until_s / step_s)) + 1, dtype=np.float64)
    paused_s = shown_s[:, None] - (pauses_s + DRAWN_S * np.arange(len(stands)))  # (n, k) since each pause began
    turned_s = shown_s - np.clip(paused_s, 0.0, DRAWN_S).sum(axis=1)
    life_s = np.interp(turned_s, turns_s, edges_s) if turns_s[-1] > 0 else np.full(len(shown_s), begins_s)
    frames = np.clip(np.searchsorted(clip.time_s, life_s + 1e-6, side="right") - 1, first, last)
    held = (paused_s >= 0) & (paused_s < DRAWN_S)
    slowed = np.zeros(len(shown_s), dtype=bool)
    if kick_s is not None:
        slowed = (turned_s >= turns_s[1]) & (turned_s < turns_s[2])
    struck_s = None if kick_s is None else comes(kick_s)
    return Timeline(shown_s, frames.astype(np.int64), slowed, held.any(axis=1), struck_s, told_at_s, slow, life_s)
