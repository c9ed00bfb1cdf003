"""Two runs on the clips both saw: what each says of each, and what may be said of their difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import BadLabel
from .evaluation import whole_run

if TYPE_CHECKING:
    from ..evaluation import Case, Run
    from ..evaluation.compare import Comparison


@dataclass(frozen=True, slots=True)
class Side:
    """What one of two runs says of a clip."""

    outcome: str
    p_goal: float | None
    foot: str
    contact_off: int | None
    why: str
    right: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A clip that two runs saw: what is true of it, what each says, and how far apart they are."""

    sha256: str
    clip: str
    session: str
    split: str
    tags: tuple[str, ...]
    truth: str
    how: str
    foot: str
    one: Side
    other: Side
    apart: float


@dataclass(frozen=True, slots=True)
class Versus:
    """Two runs on the clips both saw, those on which they differ most first.

    `curves` are stretches of P(goal) with the share that were goals; `sentences` what may be said, a line a question.
    """

    names: tuple[str, str]
    sentences: tuple[str, ...]
    pairs: tuple[Pair, ...]
    curves: Mapping[str, Sequence[Mapping[str, Any]]]


def versus(one_id: int, other_id: int, by: str, part: str) -> Versus:
    """Two runs, the part of the clips meant -> what may be said of them. Raises: NotFound, BadLabel."""
    from ..evaluation import OVERALL, scores
    from ..evaluation.compare import disagreement, paired
    from ..reports.document import weighed

    one, other = whole_run(one_id), whole_run(other_id)
    chosen = scores.groups(one.cases, by).get(part, []) if part != OVERALL else list(one.cases)
    meant = {case.sha256 for case in chosen}
    both = [(a, b) for a, b in paired(one, other) if a.sha256 in meant]
    sentences = [each.told for each in _questions(one, other, tuple(meant))]
    pairs = [
        Pair(
            a.sha256, a.clip, a.session, a.split, a.tags, a.truth.outcome if a.judged else "", a.truth.how,
            a.truth.foot, _side(a, one), _side(b, other), disagreement(a, b),
        )
        for a, b in both
    ]  # fmt: skip
    names = (one.name, other.name if other.name != one.name else f"{other.name}, the other")
    curves = {
        name: [{"p": each.p, "share": each.share.to_json()} for each in scores.curve(cases)]
        for name, run, cases in zip(names, (one, other), zip(*both, strict=True), strict=False)
        if weighed(run)
    }
    return Versus(names, tuple(sentences), tuple(sorted(pairs, key=lambda pair: -pair.apart)), curves)


def _questions(one: Run, other: Run, clips: Sequence[str]) -> Iterator[Comparison]:
    """Two runs, the clips meant -> a comparison for each question that any of them answers."""
    from ..evaluation.compare import QUESTIONS, compare

    for question in QUESTIONS:
        with suppress(BadLabel):
            yield compare(one, other, question, clips)


def _side(case: Case, run: Run) -> Side:
    from ..reports.document import weighed

    answer = case.answer
    why = answer.failed or answer.why
    p_goal = answer.p_goal if weighed(run) else None
    return Side(answer.outcome, p_goal, answer.foot, case.contact_off, why, case.right)
