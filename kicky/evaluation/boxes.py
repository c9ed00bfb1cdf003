"""Boxes that were seen, boxes that are there -> how well each class is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..domain import Label
from .nouns import Box, Frame

if TYPE_CHECKING:
    import supervision as sv

NAMES = {int(label): label.name.lower() for label in Label}


def average_precision(frames: Sequence[Frame]) -> dict[str, float]:
    """Frames with boxes -> class: AP@50:95; a class of which there is no example has none."""
    from supervision.metrics import MeanAveragePrecision

    metric = MeanAveragePrecision()
    for frame in frames:
        metric.update(_seen(frame.seen), _there(frame.there))
    if not any(frame.there for frame in frames):
        return {}
    result = metric.compute()
    rows = zip(result.matched_classes, result.ap_per_class, strict=True)
    return {NAMES.get(int(number), str(number)): float(row.mean()) for number, row in rows if (row >= 0).all()}


def _there(boxes: Sequence[Box]) -> sv.Detections:
    import supervision as sv

    rows = np.array(boxes, dtype=np.float64).reshape(-1, 5)
    return sv.Detections(xyxy=rows[:, :4], class_id=rows[:, 4].astype(int))


def _seen(boxes: Sequence[Box]) -> sv.Detections:
    import supervision as sv

    rows = np.array(boxes, dtype=np.float64).reshape(-1, 6)
    return sv.Detections(xyxy=rows[:, :4], confidence=rows[:, 4], class_id=rows[:, 5].astype(int))
