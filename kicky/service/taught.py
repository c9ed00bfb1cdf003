"""What a page is told of teaching: plain values, no arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ClipChoice:
    """A clip that may be labelled. `analysed`: its ball is known without a teacher."""

    id: int
    name: str
    session: str
    analysed: bool


@dataclass(frozen=True, slots=True)
class LabellerView:
    """Who can label, what it costs and is good for; `fetches` are the models that would help it.

    `why_not` says what is in the way, "" when nothing is.
    """

    name: str
    title: str
    why_not: str
    worth: str
    fetches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A data set: per split its pictures and things by class; clips that failed, with the reason; the no-ball rows."""

    name: str
    made_by: str
    counts: Mapping[str, Mapping[str, int]]
    failed: Mapping[str, str]
    no_ball: Sequence[Mapping[str, Any]]
    rejected: int
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class ThingView:
    """One thing in a picture: its class, box x0 y0 x1 y1 in pixels, and who says so how surely."""

    label: str
    box_px: tuple[float, float, float, float]
    said_by: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A labelled picture as it will be learned from; `rejected`: it will not be. `doubt` says why to look at it."""

    file: str
    path: Path
    clip: str
    frame: int
    split: str
    size_wh_px: tuple[int, int]
    things: tuple[ThingView, ...]
    rejected: bool
    corrected: bool
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class RunView:
    """A training: what it learned from and how, how it ended, how well it and the student before it find each class."""

    name: str
    state: str
    dataset: str
    size: str
    resolution: int
    epochs: int
    notes: Sequence[str]
    judged: Mapping[str, Mapping[str, Any]]
