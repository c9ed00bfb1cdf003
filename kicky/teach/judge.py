"""A student, pictures it did not learn from -> how well it finds each class, and the ball by where its middle is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import cv2
import numpy as np
import supervision as sv

from ..detectors import tiles
from ..detectors.network import Network
from ..domain import Floats, Label
from ..errors import BadDataset
from ..video import Image
from .dataset import Dataset
from .labelled import BASE, CLASSES, Picture

MOST = 60  # pictures judged by, evenly spread over what there is
OVERLAP = 0.5
NEAR_PX = 4.0  # a ball found so near, or half a ball, is found

Look = Callable[[Image], Floats]
"""BGR picture -> (n, 6): x0 y0 x1 y1, score, Label."""


def judge(look: Look, dataset: Dataset, splits: Sequence[str] = ("valid", "test"), most: int = MOST) -> dict[str, Any]:
    """What looks, data set, its splits -> "AP" and "AP50" by class, "ball_recall" and "balls", "pictures".

    A class without an example has no AP. Raises: BadDataset when those splits have no picture.
    """
    from supervision.metrics import MeanAveragePrecision

    pictures = [picture for picture in dataset.pictures() if picture.split in splits]
    if not pictures:
        raise BadDataset(f"{dataset.name} has no pictures to judge by: label more clips, or change their split.")
    spread = np.unique(np.linspace(0, len(pictures) - 1, min(most, len(pictures))).round().astype(int))
    metric, near, balls = MeanAveragePrecision(), 0, 0
    for picture in (pictures[k] for k in spread):
        image = cv2.imread(str(dataset.folder / picture.file))
        if image is None:
            raise BadDataset(f"The picture {picture.file} of {dataset.name} is gone: label its clip anew.")
        seen, there = look(np.asarray(image, dtype=np.uint8)), truth(picture)
        metric.update(_boxes(seen), there)
        for ball in there.xyxy[there.class_id == Label.BALL]:
            balls += 1
            near += hits(seen[seen[:, 5] == Label.BALL], ball)
    result = metric.compute()
    rows = {int(number): row for number, row in zip(result.matched_classes, result.ap_per_class, strict=True)}
    found = {CLASSES[number]: row for number, row in rows.items() if (row >= 0).all()}
    return {
        "AP": {name: round(float(row.mean()), 4) for name, row in found.items()},
        "AP50": {name: round(float(row[0]), 4) for name, row in found.items()},
        "ball_recall": near / balls if balls else None, "balls": balls, "pictures": len(spread),
    }  # fmt: skip


def looking(network: Network) -> Look:
    """A student's network -> what looks at single pictures: whole for players and goals, in tiles for balls."""

    def look(image: Image) -> Floats:
        size_wh = (image.shape[1], image.shape[0])
        corners = everywhere(size_wh, network.resolution)
        whole, *close = network([image, *tiles.cut(image, corners, network.resolution)])
        near = tiles.join(close, corners, size_wh, network.resolution)
        balls = np.vstack([whole[whole[:, 5] == Label.BALL], near[near[:, 5] == Label.BALL]])
        kept = balls[sv.box_non_max_suppression(balls[:, :5], OVERLAP)] if len(balls) else balls
        return np.vstack([kept, whole[whole[:, 5] != Label.BALL]])

    return look


def everywhere(size_wh: tuple[int, int], side: int) -> list[tuple[int, int]]:
    """Picture's size, tile's side -> corners of tiles that overlap and leave nothing out."""
    step = side * (1 - 2 * tiles.MARGIN)
    across, down = (
        np.linspace(0, max(0, whole - side), max(1, int(np.ceil((whole - side) / step)) + 1)).round().astype(int)
        for whole in size_wh
    )
    return [(int(x), int(y)) for y in down for x in across]


def hits(candidates: Floats, ball: Iterable[float]) -> bool:
    """(n, ≥4) boxes, the ball's box -> whether one's middle is within half a ball of its, NEAR_PX at least."""
    x0, y0, x1, y1 = ball
    middle = (candidates[:, :2] + candidates[:, 2:4]) / 2
    apart = np.hypot(middle[:, 0] - (x0 + x1) / 2, middle[:, 1] - (y0 + y1) / 2)
    return bool((apart <= max(NEAR_PX, min(x1 - x0, y1 - y0) / 2)).any())


def truth(picture: Picture) -> sv.Detections:
    """Labelled picture -> its things as detections of the three classes."""
    things = picture.things
    boxes = np.array([thing.box_px for thing in things], dtype=np.float64).reshape(-1, 4)
    ids = np.array([CLASSES.index(BASE[thing.label]) for thing in things], dtype=int)
    return sv.Detections(xyxy=boxes, class_id=ids)


def _boxes(rows: Floats) -> sv.Detections:
    return sv.Detections(xyxy=rows[:, :4], confidence=rows[:, 4], class_id=rows[:, 5].astype(int))
