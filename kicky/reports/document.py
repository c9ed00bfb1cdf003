"""Runs -> everything a report says, as plain values: figures, comparisons, what it rests on, what went wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import BadLabel
from ..evaluation import OVERALL, Case, Run
from ..evaluation.compare import QUESTIONS, compare
from ..evaluation.nouns import GOAL
from ..evaluation.reference import ladder, references
from ..evaluation.scores import curve, groups, scores
from ..trials.downstream import DOWNSTREAMS, WEIGHED
from . import tables


def document(
    runs: Sequence[Run], by: Sequence[str], notes: Sequence[str], provenance: Mapping[str, Any], command: str = ""
) -> dict[str, Any]:
    """Runs of one label set, how to divide it, what was left out, where labels come from, the command -> values.

    Every run is compared with the first, and one that leaves a part out with the one that has it.
    """
    return {
        "label_set": runs[0].label_set,
        "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "command": command,
        "notes": [*notes, *warnings(runs)],
        "provenance": dict(provenance),
        "runs": [_run(run, by) for run in runs],
        "comparisons": [each for pair in pairs(runs) for each in compared(*pair)],
        "ablations": ablations(runs),
        "reference": [tables.reference_row(line) for line in references()],
        "ladder": ladder(),
        "wrong": [_wrong(whole_ones(runs), number) for number in wrong(runs)],
        "clips": len(runs[0].cases),
    }


def warnings(runs: Sequence[Run]) -> list[str]:
    """Runs -> what keeps their figures from being more than they are."""
    said = [f"Something was chosen on {split}: its figures are no test." for split in runs[0].tuned]
    for run in runs:
        taught = run.made_with.get("taught", {})
        if taught:
            names = ", ".join(list(taught)[:5]) + (" and others" if len(taught) > 5 else "")
            said.append(
                f"{run.detector} learned from {len(taught)} of these clips or was chosen on them ({names}): "
                "its figures there are no test."
            )
        for case in run.cases:
            if case.answer.failed:
                said.append(f"{run.name} failed on {case.clip}, which counts as undecided: {case.answer.failed}")
    for name, cases in groups(runs[0].cases, "split").items():
        judged = [case for case in cases if case.judged]
        if judged and not any(case.truth.outcome == GOAL for case in judged):
            said.append(f"{name} holds no goal: precision and recall say nothing there.")
        elif judged and all(case.truth.outcome == GOAL for case in judged):
            said.append(f"{name} holds goals only: who always says goal is always right there.")
    return list(dict.fromkeys(said))


def pairs(runs: Sequence[Run]) -> list[tuple[Run, Run]]:
    """Runs -> which are held against each other: whole downstreams, each with the first."""
    entire = whole_ones(runs)
    return [(entire[0], other) for other in entire[1:]]


def whole_ones(runs: Sequence[Run]) -> list[Run]:
    """Runs -> those that leave no part out; all of them where each does."""
    return [run for run in runs if not DOWNSTREAMS[run.downstream].without] or list(runs)


def compared(one: Run, other: Run) -> list[dict[str, Any]]:
    """Two runs -> a comparison for each question that any clip answers."""
    found = []
    for question in QUESTIONS:
        try:
            each = compare(one, other, question)
        except BadLabel:
            continue
        found.append(
            {
                "one": one.name,
                "other": other.name,
                "question": QUESTIONS[question][0],
                "n": each.n,
                "both": each.both,
                "only_one": each.only_one,
                "only_other": each.only_other,
                "neither": each.neither,
                "mcnemar_p": each.p,
                "difference": each.difference.to_json(),
                "sentence": each.told,
            }
        )
    return found


def ablations(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Runs -> for each that leaves a part out, what that part is worth: the whole against it."""
    there = {(run.detector, run.downstream): run for run in runs}
    found = []
    for run in runs:
        about = DOWNSTREAMS[run.downstream]
        base = there.get((run.detector, about.base))
        if not about.without or base is None:
            continue
        try:
            each = compare(base, run)
        except BadLabel:
            continue
        found.append(
            {
                "detector": run.detector,
                "without": about.without,
                "of": about.base,
                "n": each.n,
                "with": each.both + each.only_one,
                "left": each.both + each.only_other,
                "lost": each.only_one,
                "gained": each.only_other,
                "mcnemar_p": each.p,
                "brier_with": scores(base.cases).brier.value,
                "brier_without": scores(run.cases).brier.value,
                "sentence": each.sentence,
            }
        )
    return found


def weighed(run: Run) -> bool:
    """Run -> are its chances weighed, not those of rules."""
    return run.downstream in WEIGHED


def wrong(runs: Sequence[Run]) -> list[int]:
    """Runs -> places of the clips of which any is wrong, those on which they differ most first."""
    entire = whole_ones(runs)
    off = {}
    for number, cases in enumerate(zip(*(run.cases for run in entire), strict=True)):
        if cases[0].judged and not all(case.right for case in cases):
            p = [0.5 if case.answer.p_goal is None else case.answer.p_goal for case in cases]
            verdicts = len({case.answer.outcome for case in cases})
            off[number] = (verdicts, max(p) - min(p), -sum(case.right for case in cases))
    return sorted(off, key=off.__getitem__, reverse=True)


def _run(run: Run, by: Sequence[str]) -> dict[str, Any]:
    divided = {each: {name: scores(cases).to_json() for name, cases in groups(run.cases, each).items()} for each in by}
    bins = [{"p": each.p, "share": each.share.to_json()} for each in curve(run.cases)]
    return {
        "name": run.name, "detector": run.detector, "downstream": run.downstream, "made_at": run.made_at,
        "about": DOWNSTREAMS[run.downstream].about, "without": DOWNSTREAMS[run.downstream].without,
        "weighed": weighed(run), "made_with": dict(run.made_with), "tuned": list(run.tuned),
        "scores": divided or {"split": {OVERALL: scores(run.cases).to_json()}}, "reliability": bins,
    }  # fmt: skip


def _wrong(runs: Sequence[Run], number: int) -> dict[str, Any]:
    case = runs[0].cases[number]
    return {
        "clip": case.clip, "session": case.session, "split": case.split, "tags": list(case.tags),
        "truth": case.truth.outcome, "how": case.truth.how,
        "said": {run.name: _said(run.cases[number], weighed(run)) for run in runs},
    }  # fmt: skip


def _said(case: Case, weighed: bool) -> dict[str, Any]:
    """-> what is said of a clip; a rule's 1 or 0 is no probability and is not told as one."""
    answer = case.answer
    return {
        "outcome": answer.outcome, "p_goal": answer.p_goal if weighed else None, "right": case.right,
        "why": answer.failed or answer.why,
    }  # fmt: skip
