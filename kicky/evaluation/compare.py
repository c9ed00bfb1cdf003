"""Two runs -> what may be said of their difference, on the clips that both judged, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import BadLabel
from .nouns import Case, Run
from .statistics import Interval, mcnemar, paired_bootstrap

TELLS, RAREST = 0.05, 10_000
"""p below which a difference is called one; how rare it is told at most."""
QUESTIONS: dict[str, tuple[str, Callable[[Case], bool], Callable[[Case], bool]]] = {
    "goal": ("outcome", lambda case: case.judged, lambda case: case.right),
    "foot": ("foot", lambda case: case.footed, lambda case: case.foot_right),
    "pose": ("body at contact", lambda _: True, lambda case: case.answer.posed),
    "contact": (
        "contact within a frame",
        lambda case: case.truth.contact_frame is not None,
        lambda case: case.contact_off is not None and abs(case.contact_off) <= 1,
    ),
}
"""Question: what it is called, which clips it is about, when it is right."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs on n clips: right by both, by only one, by neither; p by McNemar; how much better the other is."""

    question: str
    both: int
    only_one: int
    only_other: int
    neither: int
    p: float
    difference: Interval
    sentence: str

    @property
    def n(self) -> int:
        return self.both + self.only_one + self.only_other + self.neither

    @property
    def told(self) -> str:
        """-> the sentence, and how much better the other may be, in words."""
        gain = self.difference
        if (not self.only_one and not self.only_other) or gain.value is None:
            return self.sentence
        sign = -1 if gain.value < 0 else 1
        between = ""
        if gain.low is not None and gain.high is not None:
            low, high = sorted((100 * sign * gain.low, 100 * sign * gain.high))
            between = f" ({low:.0f} to {high:.0f})"
        more = "fewer" if sign < 0 else "more"
        return f"{self.sentence} Of a hundred clips the second gets {100 * abs(gain.value):.0f} {more} right{between}."


def compare(one: Run, other: Run, question: str = "goal", split: Sequence[str] | None = None) -> Comparison:
    """Two runs, one of QUESTIONS, the clips meant (None: all that both have) -> Comparison.

    Raises: BadLabel when they are of different labels, or no clip answers the question.
    """
    what, about, right = QUESTIONS[question]
    pairs = [pair for pair in paired(one, other) if about(pair[0]) and (split is None or pair[0].sha256 in split)]
    if not pairs:
        raise BadLabel(f"No clip that both runs saw has a label for the {what}: label some, or choose other runs.")
    hits = np.array([[right(a), right(b)] for a, b in pairs])
    a, b = hits.T
    counts = int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum()), int((~a & ~b).sum())
    p = mcnemar(counts[1], counts[2])
    said = _sentence(one, other, what, counts, p, [_alike(pair) for pair in pairs])
    return Comparison(question, *counts, p, paired_bootstrap(a.astype(float), b.astype(float)), said)


def paired(one: Run, other: Run) -> list[tuple[Case, Case]]:
    """Two runs -> the clips both have, with both cases. Raises: BadLabel when the labels differ."""
    there = {case.sha256: case for case in other.cases}
    pairs = [(case, there[case.sha256]) for case in one.cases if case.sha256 in there]
    changed = [a.clip for a, b in pairs if a.truth != b.truth]
    if changed:
        raise BadLabel(
            f"{changed[0]}{' and others' if len(changed) > 1 else ''} had other labels when one of these was run: "
            "run both again on the labels as they are."
        )
    return pairs


def disagreement(a: Case, b: Case) -> float:
    """One clip of two runs -> how far apart they are: 0 alike, from 1 upwards another verdict."""
    apart = abs(_p_goal(a) - _p_goal(b))
    return apart + (a.answer.outcome != b.answer.outcome) + 0.5 * (a.answer.foot != b.answer.foot)


def _p_goal(case: Case) -> float:
    return 0.5 if case.answer.p_goal is None else case.answer.p_goal


def _alike(pair: tuple[Case, Case]) -> bool:
    one, other = (case.answer for case in pair)
    return (one.outcome, one.p_goal, one.foot, one.kick_frame) == (
        other.outcome,
        other.p_goal,
        other.foot,
        other.kick_frame,
    )


def _sentence(
    one: Run, other: Run, what: str, counts: tuple[int, int, int, int], p: float, alike: Sequence[bool]
) -> str:
    both, only_one, only_other, _ = counts
    n, apart = sum(counts), only_other - only_one
    totals = f"{both + only_one} against {both + only_other} of {n}"
    if all(alike):
        return f"Identical runs: the same answer on {'the only clip' if n == 1 else f'all {n} clips'}."
    if only_one == only_other == 0:
        return f"Right and wrong on the same {n} clips ({what}, {totals}): no difference."
    if apart == 0:
        return f"As many right ({what}, {totals}), not the same ones: no difference you could tell."
    clips = "One clip" if abs(apart) == 1 else f"{abs(apart)} clips"
    if p >= TELLS:
        return f"{clips} apart ({what}, {totals}): no difference you could tell (p = {p:.2g})."
    better = other if apart > 0 else one
    rare = f"{min(round(1 / p), RAREST):,}".replace(",", " ")
    chance = f"less than once in {rare}" if p < 1 / RAREST else f"once in {rare}"
    return (
        f"{better.name} is better ({what}, {totals}): {max(only_one, only_other)} clips only it gets right against "
        f"{min(only_one, only_other)}, which chance alone does {chance} times (p = {p:.2g})."
    )
