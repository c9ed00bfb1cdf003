"""Clip -> labels from the large models: SAM 3, and LocateAnything where it saw nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import supervision as sv

from ..domain import Clip, Label
from .labelled import BALL, GOAL, PLAYER, Thing, outline_of
from .teacher import Teacher

NAMES = {Label.BALL: BALL, Label.PLAYER: PLAYER, Label.GOAL: GOAL}


class Taught:
    """Clip, frames -> labels, as the teacher sees them."""

    def __init__(self, teacher: Teacher) -> None:
        self._teacher = teacher

    def __call__(self, clip: Clip, frames: tuple[int, ...]) -> Iterator[tuple[int, tuple[Thing, ...]]]:
        """Clip, frames -> each with what is in it, where each thing comes from and how sure that is."""
        for frame, found in self._teacher(clip, frames):
            yield frame, things(found)

    def report(self) -> dict[str, Any]:
        """-> of the clip seen last: in how many frames who found a ball."""
        return dict(self._teacher.report())


def things(found: sv.Detections) -> tuple[Thing, ...]:
    """One frame's detections -> things, with outlines where there are masks."""
    return tuple(_thing(found, row) for row in range(len(found)))


def _thing(found: sv.Detections, row: int) -> Thing:
    x0, y0, x1, y1 = (round(float(value), 2) for value in found.xyxy[row])
    mask = None if found.mask is None else np.asarray(found.mask[row], dtype=bool)
    outline = outline_of(mask) if mask is not None and mask.any() else ()
    ids, scores = np.asarray(found.class_id), np.asarray(found.confidence)
    origin = {key: _plain(values[row]) for key, values in found.data.items() if key in ORIGIN}
    return Thing(
        NAMES[Label(int(ids[row]))], (x0, y0, x1, y1), outline, origin | {"score": round(float(scores[row]), 4)}
    )


ORIGIN = ("source", "model", "revision", "prompt", "agreement")


def _plain(value: Any) -> Any:
    """Value of an array -> as JSON has it, None for what was not measured."""
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not np.isfinite(plain) else plain
