"""A data set drawn by hand: a white ball, a dark player, a goal frame on grass, all of it known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from kicky.teach.dataset import Dataset
from kicky.teach.labelled import BALL, GOAL, PLAYER, Picture, Thing


def drawn(folder: Path, clips: dict[str, str] | None = None, count: int = 4, seed: int = 0) -> Dataset:
    """Folder, clip: split, pictures a clip -> the data set, its pictures on disk."""
    dataset, rng = Dataset(folder), np.random.default_rng(seed)
    clips = clips or {"a": "train", "b": "valid"}
    for clip, split in clips.items():
        (folder / split).mkdir(parents=True, exist_ok=True)
        dataset.add(clip, list(_pictures(folder, clip, split, count, rng)))
    about = {
        clip: {"name": f"{clip}.mp4", "split": split} for clip, split in (clips or {"a": "train", "b": "valid"}).items()
    }
    dataset.describe({"made_with": {"by": "hand"}, "every_s": 0.1, "clips": about, "failed": {}})
    return dataset


def _pictures(folder: Path, clip: str, split: str, count: int, rng: np.random.Generator) -> Iterator[Picture]:
    for frame in range(count):
        image = np.full((120, 160, 3), (40, 120, 40), np.uint8)
        x, y = (int(value) for value in rng.integers((15, 75), (145, 105)))
        left = int(rng.integers(5, 80))
        cv2.rectangle(image, (left, 10), (left + 60, 50), (255, 255, 255), 2)
        cv2.rectangle(image, (120, 40), (132, 90), (40, 20, 20), -1)
        cv2.circle(image, (x, y), 6, (230, 240, 250), -1)
        file = f"{split}/{clip}_{frame:06d}.jpg"
        cv2.imwrite(str(folder / file), image)
        things = (
            Thing(BALL, (x - 6.5, y - 6.5, x + 6.5, y + 6.5), origin={"source": "hand", "score": 1.0}),
            Thing(PLAYER, (120, 40, 133, 91), ((120, 40, 133, 40, 133, 91, 120, 91),), {"source": "hand"}),
            Thing(GOAL, (left, 10, left + 61, 51), (), {"source": "hand"}),
        )
        yield Picture(file, split, clip, frame, frame / 10, (160, 120), things)
