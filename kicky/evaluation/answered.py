"""Cases -> how often each question is answered, and rightly, out of all clips: the figure everything is steered by.

An answer that is not given is not right; one whose interval is wide and holds the truth is. Where nobody knows the
truth, an answer is counted as given and as nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .nouns import FEET, NO_SHOT, OUTCOMES, Case
from .statistics import Interval, share

RIGHT, WRONG, GIVEN, NONE = "right", "wrong", "given", "none"
STATES = (RIGHT, WRONG, GIVEN, NONE)
"""Right, wrong, given with no truth to hold it against, not given."""


def _goal(case: Case) -> str:
    return _called(case.answer.outcome, case.truth.outcome if case.truth.sure else "", OUTCOMES)


def _foot(case: Case) -> str:
    return _called(case.answer.foot, case.truth.foot, FEET)


def _called(said: str, true: str, words: Sequence[str]) -> str:
    if said not in words:
        return NONE
    if true not in words:
        return GIVEN
    return RIGHT if said == true else WRONG


def _speed(case: Case) -> str:
    return _held(case.answer.speed_kmh, case.truth.speed_kmh)


def _knee(case: Case) -> str:
    return _held(case.answer.knee_deg, case.truth.knee_deg)


def _held(said: tuple[float, float] | None, true: float | None) -> str:
    if said is None:
        return NONE
    if true is None:
        return GIVEN
    return RIGHT if said[0] <= true <= said[1] else WRONG


QUESTIONS: dict[str, tuple[str, Callable[[Case], str]]] = {
    "goal": ("Goal or not", _goal), "foot": ("Which foot", _foot), "speed": ("How hard", _speed),
    "knee": ("Kicking knee", _knee),
}  # fmt: skip
"""Question: what it is called, and what became of it in one clip. To add one, add its line."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question over some clips: how many were right, wrong, given without a truth to hold them against, not given.

    >>> few = Answered("goal", right=9, wrong=1, given=0, none=2)
    >>> few.clips, few.words
    (12, '9 of 12 answered and right, 1 wrong, 2 not answered')
    """

    question: str
    right: int
    wrong: int
    given: int
    none: int

    @property
    def clips(self) -> int:
        return self.right + self.wrong + self.given + self.none

    @property
    def share(self) -> Interval:
        """-> answered and right, out of all clips whose truth is known or that were not answered."""
        return share(self.right, self.clips - self.given)

    @property
    def words(self) -> str:
        """-> the counts in a sentence's words."""
        parts = [f"{self.right} of {self.clips} answered and right"] if self.right or self.wrong else []
        parts += [f"{self.wrong} wrong"] if self.wrong else []
        parts += [f"{self.given} of {self.clips} answered, and nobody knows the truth"] if self.given else []
        parts += [f"{self.none} not answered"] if self.none else []
        return ", ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """-> plain values."""
        counts = {state: getattr(self, state) for state in STATES}
        return {"question": self.question, **counts, "share": self.share.to_json()}


def answered(cases: Sequence[Case]) -> list[Answered]:
    """Cases -> Answered for each question that is asked of any of them.

    A film without a shot, as somebody labelled it, is asked nothing; an outcome its labeller was unsure of neither.
    """
    found = []
    for question, (_, state) in QUESTIONS.items():
        states = [state(case) for case in cases if _asked(question, case)]
        if states:
            found.append(Answered(question, *(states.count(each) for each in STATES)))
    return found


def _asked(question: str, case: Case) -> bool:
    if NO_SHOT in case.tags:
        return False
    return case.judged if question == "goal" else case.footed if question == "foot" else True
