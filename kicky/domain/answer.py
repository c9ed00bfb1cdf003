"""The nouns of the answer, and the sockets that give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from .seen import Clip
from .shot import Shot
from .words import Foot, How, Verdict

if TYPE_CHECKING:  # it brings OpenCV and SciPy with it, for which no page should wait
    import supervision as sv


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the shot. `why` is one sentence in words, always there when unsure."""

    verdict: Verdict
    p_goal: float
    how: How
    why: str
    frame: int | None = None
    method: str = "rules2d"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number with its unit, its 90 % interval and how it was got, or the reason it is not given."""

    name: str
    unit: str
    value: float | None
    low: float | None = None
    high: float | None = None
    method: str = ""
    why_not: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.why_not:
            raise ValueError(f"Measure {self.name}: no value and no reason")
        if self.value is not None and (self.low is None or self.high is None):
            raise ValueError(f"Measure {self.name}: a value needs an interval")


@dataclass(frozen=True, slots=True)
class FootCall:
    """Which foot struck, with P(left); `why` says what it rests on or why it is unsure."""

    foot: Foot
    p_left: float
    why: str


@dataclass(frozen=True, eq=False, slots=True)
class Report:
    """The answer, and all that is stored: evidence, verdict, numbers, and what they were made with."""

    shot: Shot
    outcome: Outcome
    foot: FootCall
    measures: tuple[Measure, ...]
    made_with: Mapping[str, Any]
    seconds: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def measure(self, name: str) -> Measure:
        """Name -> that measure."""
        return next(m for m in self.measures if m.name == name)


Detector: TypeAlias = "Callable[[Clip], Iterator[sv.Detections]]"
MeasureFn = Callable[[Shot], Measure]
OnProgress = Callable[[str, float], None]
"""Stage name and share of it done, 0..1; may raise Cancelled to stop the work."""
