"""Two detectors on one's own clips, from evaluations that were run: who was right, and what each saw at the kick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import NotFound
from .evaluation import DEFAULT, scored_runs, whole_run

if TYPE_CHECKING:
    from ..evaluation import Case
    from ..storage.runs import ScoredRun

WIDTH, QUALITY = 640, 85


@dataclass(frozen=True, slots=True)
class Saw:
    """What one of two detectors made of a clip.

    `goal` and `foot` say whether it was right, None where nobody told; of `balls` marked by hand it found `found`.
    """

    outcome: str
    goal: bool | None
    foot: bool | None
    found: int
    balls: int
    failed: str


@dataclass(frozen=True, slots=True)
class TwoSaw:
    """A clip that two detectors saw; `apart` says whether they differ on it."""

    sha256: str
    clip: str
    session: str
    was: str
    frame: int | None
    one: Saw
    other: Saw
    apart: bool


def comparable() -> dict[str, ScoredRun]:
    """-> each detector that was run over the clips labelled here, with its newest run."""
    from ..jobs.evaluating import HERE

    runs = sorted(scored_runs(HERE), key=lambda run: run.made_at)
    return {run.detector: run for run in runs if run.downstream == DEFAULT}


def compared(one_id: int, other_id: int) -> list[TwoSaw]:
    """Two runs -> the clips both saw, those first on which they differ most. Raises: NotFound, BadLabel."""
    from ..evaluation.compare import disagreement, paired

    pairs = paired(whole_run(one_id), whole_run(other_id))
    found = [(_doubt(a, b, disagreement(a, b)), a, b) for a, b in pairs]
    found.sort(key=lambda row: -row[0])
    return [
        TwoSaw(
            a.sha256, a.clip, a.session, a.truth.outcome if a.judged else "", _frame(a, b), _saw(a), _saw(b), doubt > 0
        )
        for doubt, a, b in found
    ]  # fmt: skip


def at_contact(detectors: Sequence[str], sha256: str, frame: int | None) -> bytes:
    """Detectors, a clip, its frame -> JPEG of it with what each saw; drawn once, then kept.

    Nothing is looked at anew. Raises: NotFound when what was seen is not kept any more, UnreadableClip.
    """
    from ..jobs import evaluating
    from ..render import close, labels
    from ..storage import files
    from ..trials import kept
    from ..trials.running import Tester
    from . import stills

    clip = next((each for each in evaluating.here().clips if each.sha256 == sha256), None)
    seen = [Tester(name).seen(clip) for name in detectors] if clip is not None else [None]
    shown = [each for each in seen if each is not None]
    if not shown or len(shown) < len(seen):
        raise NotFound("What was seen of this clip is not kept any more: run the evaluation again.")
    clip_seen = shown[0][1].clip
    first, last = clip_seen.take[0], clip_seen.take[1] - 1
    number = min(max(first if frame is None else frame, first), last)

    def drawn() -> bytes:
        image = close.stills(shown[0][1], (number,))[number]
        frames = [found[number - shot.clip.take[0]] for _, shot, found in shown]
        return stills.jpeg(labels.beside(image, [found.xyxy.tolist() for found in frames], WIDTH), QUALITY)

    name = kept.key("contact", number, WIDTH, [each[0] for each in shown])
    return files.kept(kept.place("contacts", name, "jpg"), drawn)


def _doubt(one: Case, other: Case, apart: float) -> float:
    """A clip of two runs -> how much they differ: verdict, certainty and foot, then the balls they found."""
    balls = max(len(one.answer.ball_off), 1)
    return apart + abs(_found(one) - _found(other)) / balls


def _frame(one: Case, other: Case) -> int | None:
    """-> the contact as it was told, else as one of them saw it."""
    known = (one.truth.contact_frame, one.answer.kick_frame, other.answer.kick_frame)
    return next((frame for frame in known if frame is not None), None)


def _saw(case: Case) -> Saw:
    goal = case.right if case.judged else None
    foot = case.foot_right if case.footed else None
    return Saw(case.answer.outcome, goal, foot, _found(case), len(case.answer.ball_off), case.answer.failed)


def _found(case: Case) -> int:
    """-> how many of the balls marked by hand it has a candidate at, as a student is judged."""
    from ..evaluation.scores import NEAR_PX

    return sum(
        off is not None and off <= max(NEAR_PX, (wide or 0.0) / 2) for off, wide in case.answer.ball_off
    )  # fmt: skip
