"""How a student is trained: its size and resolution, how long, with what it begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import BadDataset, UnknownPart

SIZES = {
    "nano": ("RFDETRSegNano", 312, 12), "small": ("RFDETRSegSmall", 384, 24), "medium": ("RFDETRSegMedium", 432, 24),
    "large": ("RFDETRSegLarge", 504, 24), "xlarge": ("RFDETRSegXLarge", 624, 24),
    "2xlarge": ("RFDETRSeg2XLarge", 768, 24),
}  # fmt: skip
"""Size -> rfdetr's class, its own resolution, what a resolution must be a multiple of."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. `start` is the model whose weights it begins with; "" begins with none, and then far more
    pictures are needed. `tiles`: the ball is learned at native resolution. `patience`: epochs without a better mAP
    after which it stops, 0 never. `architecture` changes rfdetr's own settings of that size (tests, small machines).
    """

    size: str = "small"
    resolution: int = 384
    epochs: int = 15
    batch: int = 4
    learning_rate: float = 1e-4
    tiles: bool = True
    whole: bool = True
    interactions: bool = False
    start: str = "rfdetr-seg-small"
    patience: int = 5
    seed: int = 0
    architecture: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            raise UnknownPart(f"There is no size {self.size!r}; choose one of: {', '.join(SIZES)}.")
        step = SIZES[self.size][2]
        if self.resolution < step or self.resolution % step:
            near = max(step, round(self.resolution / step) * step)
            raise BadDataset(f"A {self.size} student needs a resolution that is a multiple of {step}: try {near}.")
        if self.epochs < 1 or self.batch < 1:
            raise BadDataset("Train for at least one epoch, with at least one picture at a time.")
