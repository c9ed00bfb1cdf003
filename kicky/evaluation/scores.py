"""Cases -> Scores: every figure with its interval and n, for all of them or for a split, a session, a tag."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..domain import Floats
from .answered import Answered, answered
from .boxes import average_precision
from .nouns import GOAL, NO_GOAL, OVERALL, UNSURE, Case
from .statistics import Bin, Interval, brier, reliability, share

NEAR_PX = 4.0
CALLED = (GOAL, NO_GOAL, UNSURE)
BY = ("split", "session", "view", "light", "tag")
NO_SPLIT, NO_VIEW = "without a split", "view not known"
NIGHT, DAY = "night", "day"
"""By night is what has that tag; where nothing has, nothing is said of light."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares unless another unit is named. `contact_off` are frames (median, 90th percentile), None without any.

    `goal` counts the undecided as wrong, `goal_of_decided` leaves them out; `precision` and `recall` are of goals.
    `answered` holds what became of each question, out of all clips. `ball_half` and `ball_4px`: places of the ball with
    a candidate within half a ball, and within 4 px.
    """

    clips: int
    goal: Interval
    precision: Interval
    recall: Interval
    coverage: Interval
    goal_of_decided: Interval
    brier: Interval
    foot: Interval
    foot_of_decided: Interval
    pose: Interval
    contact_1: Interval
    contact_2: Interval
    contact_off: tuple[float, float] | None
    ball_half: Interval
    ball_4px: Interval
    ap: Mapping[str, float]
    boxed_frames: int
    ms: float | None
    memory_mb: float | None
    failed: tuple[tuple[str, str], ...]
    answered: tuple[Answered, ...]

    def to_json(self) -> dict[str, Any]:
        """-> plain values."""
        values = {name: getattr(self, name) for name in self.__slots__}
        plain = {name: v.to_json() if isinstance(v, Interval) else v for name, v in values.items()}
        return plain | {"answered": [each.to_json() for each in self.answered]}


def scores(cases: Sequence[Case]) -> Scores:
    """Cases -> Scores; a clip that failed is undecided, without a pose, and named."""
    judged, footed = [case for case in cases if case.judged], [case for case in cases if case.footed]
    decided = [case for case in judged if case.decided]
    timed = [case for case in cases if case.truth.contact_frame is not None]
    off = np.array([abs(case.contact_off) for case in timed if case.contact_off is not None])
    frames = [frame for case in cases for frame in case.answer.frames]
    p, happened = likely(judged)
    places = [place for case in cases for place in case.answer.ball_off]
    sized = [(away, wide) for away, wide in places if wide is not None]
    return Scores(
        clips=len(cases),
        goal=_share(judged, lambda case: case.right),
        precision=_share((c for c in judged if c.answer.outcome == GOAL), lambda c: c.right),
        recall=_share((c for c in judged if c.truth.outcome == GOAL), lambda c: c.right),
        coverage=_share(judged, lambda case: case.decided),
        goal_of_decided=_share(decided, lambda case: case.right),
        brier=brier(p, happened),
        foot=_share(footed, lambda case: case.foot_right),
        foot_of_decided=_share((c for c in footed if c.answer.foot != UNSURE), lambda c: c.foot_right),
        pose=_share(cases, lambda case: case.answer.posed),
        contact_1=_share(timed, lambda case: case.contact_off is not None and abs(case.contact_off) <= 1),
        contact_2=_share(timed, lambda case: case.contact_off is not None and abs(case.contact_off) <= 2),
        contact_off=(float(np.median(off)), float(np.percentile(off, 90))) if len(off) else None,
        ball_half=share(sum(away is not None and away <= wide / 2 for away, wide in sized), len(sized)),
        ball_4px=share(sum(away is not None and away <= NEAR_PX for away, _ in places), len(places)),
        ap=average_precision(frames) if frames else {},
        boxed_frames=len(frames),
        ms=_middle([case.answer.ms for case in cases if case.answer.ms is not None]),
        memory_mb=max((c.answer.memory_mb for c in cases if c.answer.memory_mb is not None), default=None),
        failed=tuple((case.clip, case.answer.failed) for case in cases if case.answer.failed),
        answered=tuple(answered(cases)),
    )


def likely(cases: Iterable[Case]) -> tuple[Floats, Floats]:
    """Judged cases -> (n,) P(goal), (n,) 1 where it was one; a clip that failed is told as a half."""
    rows = [(0.5 if c.answer.p_goal is None else c.answer.p_goal, c.truth.outcome == GOAL) for c in cases if c.judged]
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def curve(cases: Iterable[Case]) -> list[Bin]:
    """Cases -> the reliability curve of P(goal)."""
    p, happened = likely(cases)
    return reliability(p, happened.astype(np.int64))


def confusion(cases: Iterable[Case]) -> dict[tuple[str, str], list[Case]]:
    """Cases -> (what happened, what was called): the clips, for every cell."""
    table: dict[tuple[str, str], list[Case]] = {(there, said): [] for there in (GOAL, NO_GOAL) for said in CALLED}
    for case in cases:
        if case.judged:
            table[case.truth.outcome, case.answer.outcome].append(case)
    return table


def groups(cases: Sequence[Case], by: str) -> dict[str, list[Case]]:
    """Cases, one of BY -> name: its cases, in order of first sight, then all of them; a clip may have many tags."""
    found: dict[str, list[Case]] = {}
    lit = any(NIGHT in case.tags for case in cases)
    for case in cases:
        names = {
            "split": (case.split or NO_SPLIT,), "session": (case.session,), "tag": case.tags,
            "view": (case.answer.view or NO_VIEW,), "light": (NIGHT if NIGHT in case.tags else DAY,) * lit,
        }[by]  # fmt: skip
        for name in names:
            found.setdefault(name, []).append(case)
    return found | {OVERALL: list(cases)}


def _share(cases: Iterable[Case], good: Callable[[Case], bool]) -> Interval:
    kept = list(cases)
    return share(sum(map(good, kept)), len(kept))


def _middle(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if values else None
