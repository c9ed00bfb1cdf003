"""Runs made up for tests: what happened, and what was said of it."""

from collections.abc import Sequence
from dataclasses import replace

from kicky.evaluation import Answer, Case, Run, Truth

G, N, U = "goal", "no_goal", "unsure"


def case(number: int, truth: str, said: str, p: float | None = None, **more) -> Case:
    """Number, what happened, what was said -> a case; `more` changes its truth, its answer or itself."""
    p_goal = {G: 0.9, N: 0.1, U: 0.5}[said] if p is None else p
    answer = Answer(outcome=said, p_goal=p_goal, foot="left", p_left=0.9, kick_frame=30, posed=True, ms=10.0 + number)
    made = Case(f"clip_{number}", f"{number:064d}", "day", "test", (), Truth(truth, "", "left", 30), answer)
    for name, value in more.items():
        for noun in ("answer", "truth"):
            if hasattr(getattr(made, noun), name):
                made = replace(made, **{noun: replace(getattr(made, noun), **{name: value})})
                break
        else:
            made = replace(made, **{name: value})
    return made


def run(truths: Sequence[str], said: Sequence[str], detector: str = "motion", downstream: str = "flight") -> Run:
    """What happened and what was said, clip by clip -> a run."""
    pairs = zip(truths, said, strict=True)
    return Run("here", detector, downstream, tuple(case(k, *pair) for k, pair in enumerate(pairs)))
