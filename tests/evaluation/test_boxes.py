"""AP of boxes is that of the COCO evaluation itself."""

import contextlib
import io

import numpy as np
import pytest

from kicky.evaluation import Frame
from kicky.evaluation.boxes import average_precision


def drawn(seed: int, count: int) -> list[Frame]:
    """Frames with balls, players and goals; seen are most of them, moved a little, and some that are not there."""
    rng = np.random.default_rng(seed)
    frames = []
    for number in range(count):
        there, seen = [], []
        for label, side, most in ((0, 14, 2), (1, 150, 4), (2, 400, 2)):
            for _ in range(int(rng.integers(0, most + 1))):
                low = rng.uniform(0, 800, 2)
                box = np.concatenate([low, low + side * rng.uniform(0.7, 1.4, 2)])
                there.append((*box.tolist(), float(label)))
                if rng.random() < 0.85:
                    moved = box + rng.normal(0, side * 0.06, 4)
                    seen.append((*moved.tolist(), float(rng.random()), float(label)))
            if rng.random() < 0.3:
                low = rng.uniform(0, 800, 2)
                seen.append((*low.tolist(), *(low + side).tolist(), float(rng.random()), float(label)))
        frames.append(Frame(number, tuple(there), tuple(seen)))
    return frames


def coco(frames: list[Frame]) -> dict[str, float]:
    """Frames -> AP@50:95 of each class by pycocotools."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def box(row: tuple[float, ...]) -> list[float]:
        return [row[0], row[1], row[2] - row[0], row[3] - row[1]]

    truth = COCO()
    truth.dataset = {
        "info": {}, "images": [{"id": f.number} for f in frames], "categories": [{"id": k} for k in range(3)],
        "annotations": [
            {"id": k + 1, "image_id": f.number, "category_id": int(row[4]), "bbox": box(row), "iscrowd": 0,
             "area": (row[2] - row[0]) * (row[3] - row[1])}
            for k, (f, row) in enumerate((f, row) for f in frames for row in f.there)
        ],
    }  # fmt: skip
    seen = [
        {"image_id": f.number, "category_id": int(row[5]), "bbox": box(row), "score": row[4]}
        for f in frames for row in f.seen
    ]  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        judged = COCOeval(truth, truth.loadRes(seen), "bbox")
        judged.evaluate()
        judged.accumulate()
    precision = judged.eval["precision"][:, :, :, 0, -1]
    names = ("ball", "player", "goal")
    return {names[k]: float(precision[:, :, k].mean()) for k in range(3) if (precision[:, :, k] > -1).any()}


@pytest.mark.parametrize("seed", range(6))
def test_average_precision_is_that_of_coco(seed: int) -> None:
    frames = drawn(seed, 30)
    assert average_precision(frames) == pytest.approx(coco(frames), abs=1e-6)


def test_a_class_that_is_nowhere_has_none() -> None:
    alone = [
        Frame(0, ((0.0, 0.0, 10.0, 10.0, 0.0),), ((0.0, 0.0, 10.0, 10.0, 0.9, 0.0), (0.0, 0.0, 9.0, 9.0, 0.9, 1.0)))
    ]
    assert average_precision(alone) == pytest.approx({"ball": 1.0})


def test_what_was_not_seen_is_zero_and_nothing_drawn_is_nothing_said() -> None:
    assert average_precision([Frame(0, ((0.0, 0.0, 10.0, 10.0, 0.0),))]) == {"ball": 0.0}
    assert average_precision([]) == {}
