"""How often KICKY answers, and rightly: of one run, and of two beside each other on the clips both saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import storage
from ..errors import BadLabel
from .evaluation import ALWAYS, DEFAULT, RULES, is_here, whole_run

if TYPE_CHECKING:
    from ..evaluation import Case, Run
    from ..evaluation.compare import Comparison
    from ..storage.runs import ScoredRun


@dataclass(frozen=True, slots=True)
class WrongClip:
    """A clip whose outcome was called wrong or not at all. `shot_id` is None where no shot of it is kept here."""

    clip: str
    was: str
    said: str
    why: str
    clip_id: int | None = None
    shot_id: int | None = None


def newest(runs: Sequence[ScoredRun], downstream: str = DEFAULT) -> ScoredRun | None:
    """Runs -> the newest of this downstream, that of the motion detector before a student's; None without any."""
    mine = [run for run in runs if run.downstream == downstream]
    return max(mine, key=lambda run: (run.detector == ALWAYS, run.made_at), default=None)


def headline(runs: Sequence[ScoredRun]) -> str:
    """Runs -> on how many clips KICKY calls the outcome right, the article's rules beside it, and whether chance does.

    Nothing where neither was run on the same labels, or no clip has an outcome to be right about.
    """
    from ..evaluation.compare import TELLS, compare

    ours, theirs = newest(runs), newest(runs, RULES)
    if ours is None or theirs is None:
        return ""
    try:
        found = compare(whole_run(ours.id), whole_run(theirs.id))
    except BadLabel:
        return ""
    right, beside = found.both + found.only_one, found.both + found.only_other
    clips = f"{found.n} clip{'s' * (found.n != 1)}"
    told = f"Goal or not: KICKY is right on {right} of {clips}, the article's rules on {beside}."
    if found.p >= TELLS:
        return f"{told} With so few that differ, this may be chance: label more clips to know."
    better = "KICKY is" if right > beside else "The article's rules are"
    return f"{told} That is no accident: {better} better on these clips."


def by_correction(run: ScoredRun) -> str:
    """Run -> what it means that some of its labels were given by putting a shot right, "" where none were."""
    from ..jobs.evaluating import BY_CORRECTION
    from ..truth.told import only_corrected

    clips = only_corrected() if is_here(run.label_set) else 0
    return BY_CORRECTION.format(clips=f"{clips} clip{'s' * (clips != 1)}") if clips else ""


def questions() -> dict[str, str]:
    """-> each question as it is called, and its key."""
    from ..evaluation.answered import QUESTIONS

    return {title: key for key, (title, _) in QUESTIONS.items()}


def bars(run: ScoredRun, by: str, part: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Run, how its clips are divided, which part -> each question as it is called, and its counts.

    Nothing of a run made before these were counted.
    """
    from ..evaluation.answered import QUESTIONS

    counted = run.scores.get(by, {}).get(part, {}).get("answered", ())
    return [(QUESTIONS[each["question"]][0], each) for each in counted if each["question"] in QUESTIONS]


def by_part(run: ScoredRun, by: str, question: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Run, how its clips are divided, a question -> each part and its counts, all clips left out."""
    from ..evaluation import OVERALL

    return [
        (name, each)
        for name, figures in run.scores.get(by, {}).items()
        for each in figures.get("answered", ())
        if name != OVERALL and each["question"] == question
    ]


def went_wrong(run: ScoredRun) -> list[WrongClip]:
    """Run -> its clips whose outcome it did not call right: those called wrong and sure first, then the undecided."""
    whole: Run = whole_run(run.id)
    cases = [case for case in whole.cases if case.judged and not case.right]
    clips = _clips() if is_here(run.label_set) and cases else {}
    return [
        WrongClip(
            case.clip, case.truth.outcome, case.answer.outcome, case.answer.failed or case.answer.why,
            *clips.get(case.sha256, (None, None)),
        )
        for case in sorted(cases, key=lambda case: (not case.decided, -abs((case.answer.p_goal or 0.5) - 0.5)))
    ]  # fmt: skip


def _clips() -> dict[str, tuple[int | None, int | None]]:
    """-> a clip's hash: its number, and that of its newest shot."""
    from ..jobs.evaluating import truths_here

    shots = {shot.clip_id: shot.id for shot in sorted(storage.shots(), key=lambda shot: shot.id)}
    return {row.sha256: (row.id, shots.get(row.id or 0)) for row, *_ in truths_here()}


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
