"""A house whose clips are labelled, and runs over them made up by hand."""

from kicky import storage
from kicky.evaluation import Answer, Case, Run
from kicky.jobs import evaluating
from kicky.service import truth
from kicky.storage import runs

OUTCOMES = ("goal", "no_goal", "goal", "goal", "no_goal", "goal")


def label(count: int = len(OUTCOMES)) -> list[int]:
    """-> the clips of the filled house, the first so many labelled by Ana."""
    clips = sorted(item.id for item in truth.items())
    for clip_id, outcome in zip(clips, OUTCOMES[:count], strict=False):
        truth.answer(clip_id, "outcome", outcome, "Ana")
        truth.answer(clip_id, "foot", "right", "Ana")
        truth.answer(clip_id, "contact_frame", "6", "Ana")
    return clips


def run(said: tuple[str, ...], detector: str = "motion", downstream: str = "flight", **made_with: object) -> Run:
    """What a run says of each labelled clip -> the run, kept."""
    cases = []
    for (row, true, split, tags), outcome in zip(evaluating.truths_here(), said, strict=True):
        p = {"goal": 0.9, "no_goal": 0.1, "unsure": None}[outcome]
        failed = "The film is too short." if p is None else ""
        answer = Answer(
            outcome,
            None if failed else p,
            "unclear",
            f"It says {outcome}.",
            "right",
            0.1,
            6,
            True,
            failed=failed,
            ms=9.0,
        )
        session = storage.session_name(row.session_id)
        cases.append(Case(row.name, row.sha256, session, split or session, tags, true, answer))
    made = Run(evaluating.HERE, detector, downstream, tuple(cases), {"code": "abc", **made_with})
    runs.keep(made)
    return made


def house() -> list[int]:
    """-> the clips, with two runs over them: one right in all but the last, one that failed twice."""
    clips = label()
    run(OUTCOMES[:5] + ("no_goal",))
    run(("goal", "goal", "unsure", "unsure", "no_goal", "goal"), downstream="rules2d")
    return clips
