"""The nouns of an evaluation, and how they are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

GOAL, NO_GOAL, UNSURE = "goal", "no_goal", "unsure"
OUTCOMES, FEET = (GOAL, NO_GOAL), ("left", "right")
OVERALL = "overall"
NO_SHOT = "no_shot"
"""The tag of a film that shows no shot: it has no outcome to be right about."""
VIEWS = ("behind", "diagonal", "side", "in front")
"""Where the phone stood, seen from the shooter and the way the shot went."""

Box = tuple[float, ...]
"""x0 y0 x1 y1, then the label's number; of one that was seen, its score before that."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a person says happened; "" and None where nobody said.

    `sure` is False where the labeller was not: such an outcome is left out. Speed off the foot and the kicking knee at
    contact are known of few films: of drawn ones, or where somebody measured.
    """

    outcome: str = ""
    how: str = ""
    foot: str = ""
    contact_frame: int | None = None
    sure: bool = True
    speed_kmh: float | None = None
    knee_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame in which things were drawn by hand: boxes `there`, and those `seen` by the detector, with scores."""

    number: int
    there: tuple[Box, ...]
    seen: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one detector, with one downstream, says of one clip.

    `p_goal` and `p_left` are None where it failed. `posed`: a body was found at contact. `ball_off` holds, for each
    place of the ball marked by hand, how far in px the nearest candidate is (None: none in that frame) and the ball's
    diameter there in px (None: not told). `speed_kmh` and `knee_deg` are the 90 % interval that is shown, None where
    none is. `view` is where the phone stood, one of VIEWS, "" where that is not known. `ms` is what detection took a
    frame, `memory_mb` the most it held, None where the system does not tell. `failed` is why there is no answer at all:
    it counts as undecided.
    """

    outcome: str = UNSURE
    p_goal: float | None = None
    how: str = "unclear"
    why: str = ""
    foot: str = UNSURE
    p_left: float | None = None
    kick_frame: int | None = None
    posed: bool = False
    ball_off: tuple[tuple[float | None, float | None], ...] = ()
    frames: tuple[Frame, ...] = ()
    speed_kmh: tuple[float, float] | None = None
    knee_deg: tuple[float, float] | None = None
    view: str = ""
    ms: float | None = None
    memory_mb: float | None = None
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled clip, and what a run says of it."""

    clip: str
    sha256: str
    session: str
    split: str
    tags: tuple[str, ...]
    truth: Truth
    answer: Answer

    @property
    def judged(self) -> bool:
        """-> does its outcome count: a person said it, and was sure."""
        return self.truth.outcome in OUTCOMES and self.truth.sure

    @property
    def footed(self) -> bool:
        return self.truth.foot in FEET

    @property
    def decided(self) -> bool:
        return self.answer.outcome in OUTCOMES

    @property
    def right(self) -> bool:
        """-> was the outcome called, and as it was: undecided is not right."""
        return self.answer.outcome == self.truth.outcome

    @property
    def foot_right(self) -> bool:
        return self.answer.foot == self.truth.foot

    @property
    def contact_off(self) -> int | None:
        """-> frames by which the contact is late, None where it was not found or nobody said when it was."""
        if self.truth.contact_frame is None or self.answer.kick_frame is None:
            return None
        return self.answer.kick_frame - self.truth.contact_frame


@dataclass(frozen=True, slots=True)
class Run:
    """One detector with one downstream over one label set. `tuned` are splits that something was chosen on."""

    label_set: str
    detector: str
    downstream: str
    cases: tuple[Case, ...]
    made_with: Mapping[str, Any] = field(default_factory=dict)
    tuned: tuple[str, ...] = ()
    made_at: str = ""

    @property
    def name(self) -> str:
        return f"{self.detector} + {self.downstream}"

    def to_json(self) -> dict[str, Any]:
        """-> plain values."""
        return asdict(self) | {"made_with": dict(self.made_with)}


def run_from_json(values: Mapping[str, Any]) -> Run:
    """What `to_json` gave, perhaps by way of a file -> the run."""
    cases = tuple(_case(each) for each in values["cases"])
    return Run(**{**values, "cases": cases, "tuned": tuple(values["tuned"])})


def answer_from_json(values: Mapping[str, Any]) -> Answer:
    """Plain values -> the answer."""
    off = tuple((a, b) for a, b in values["ball_off"])
    frames = tuple(Frame(f["number"], _boxes(f["there"]), _boxes(f["seen"])) for f in values["frames"])
    ranges = {name: _range(values.get(name)) for name in ("speed_kmh", "knee_deg")}
    return Answer(**{**values, "ball_off": off, "frames": frames, **ranges})


def _range(ends: Sequence[float] | None) -> tuple[float, float] | None:
    return None if ends is None else (ends[0], ends[1])


def _case(values: Mapping[str, Any]) -> Case:
    truth, answer = Truth(**values["truth"]), answer_from_json(values["answer"])
    return Case(**{**values, "tags": tuple(values["tags"]), "truth": truth, "answer": answer})


def _boxes(rows: Sequence[Sequence[float]]) -> tuple[Box, ...]:
    return tuple(tuple(row) for row in rows)
