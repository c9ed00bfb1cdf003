"""RF-DETR's weights -> what they see in pictures, batch by batch. The steps around the network are kept thin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from ..domain import Floats, Ints, Label
from ..errors import OutOfMemory
from ..video import Image
from . import checkpoint
from .classes import labels
from .device import loaded

LEAST_SCORE = 0.05  # what is fainter says nothing; the flight fit chooses among the rest
ON_GPU, ON_CPU = 32, 8  # pictures in one batch, to begin with


class Network:
    """A student's weights. `resolution` is the side of the square it sees; `labels` what its classes are to us;
    `loaded` what was loaded.

    On a graphics card it works half as precisely, in bfloat16, where the card can: float16 loses objects. `exact` keeps
    to float32, for judging.
    """

    def __init__(self, name: str, exact: bool = False) -> None:
        """Name in the model store -> loaded. Raises as `checkpoint.load` does."""
        model, names = checkpoint.load(name)
        import torch

        context = model.model
        self._torch, self._name = torch, name
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._net: Any = context.model.to(self._device).eval()
        self._net.segmentation_head = None  # nobody looks at the masks, and the boxes do not need them
        self._select = context.postprocess
        self.resolution = int(context.resolution)
        self.labels: dict[int, Label] = labels(names, name)
        self._means = torch.tensor(model.means, device=self._device).view(1, 3, 1, 1)
        self._stds = torch.tensor(model.stds, device=self._device).view(1, 3, 1, 1)
        self._half = not exact and half(self._device.type)
        self.loaded = loaded(self._net, kind=type(model).__name__, half=self._half, side_px=self.resolution)
        self.batch = ON_GPU if self._device.type == "cuda" else ON_CPU

    def __call__(self, images: Sequence[Image]) -> list[Floats]:
        """BGR pictures of any size -> for each (n, 6): x0 y0 x1 y1 in its pixels, score, Label.

        Raises: OutOfMemory when the graphics card has no room for a single picture.
        """
        found: list[Floats] = []
        while len(found) < len(images):
            part = images[len(found) : len(found) + self.batch]
            try:
                found += self._look(part)
            except self._torch.OutOfMemoryError as error:
                error.__traceback__ = None  # it holds the tensors
                self._torch.cuda.empty_cache()
                if self.batch == 1:
                    raise OutOfMemory(
                        f"The graphics card has no room for {self._name}: close other programs that use it, or choose "
                        "the motion detector."
                    ) from error
                self.batch //= 2
        return found

    def _look(self, images: Sequence[Image]) -> list[Floats]:
        torch = self._torch
        side = (self.resolution, self.resolution)
        squashed = np.stack([cv2.resize(image, side, interpolation=cv2.INTER_LINEAR) for image in images])
        batch = torch.from_numpy(squashed).to(self._device).permute(0, 3, 1, 2).flip(1)
        sizes = torch.tensor([image.shape[:2] for image in images], device=self._device)
        brief = torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._half)
        with torch.inference_mode(), brief:
            seen = self._net((batch / 255.0 - self._means) / self._stds)
            boxes = {key: seen[key].float() for key in ("pred_logits", "pred_boxes")}
            chosen = self._select(boxes, target_sizes=sizes)
            # Three transfers in all, not three a picture: each waits for the card.
            parts = [torch.stack([each[key] for each in chosen]).cpu().numpy() for key in ("boxes", "scores", "labels")]
        return [self._rows(*part) for part in zip(*parts, strict=True)]

    def _rows(self, box: Floats, score: Floats, ids: Ints) -> Floats:
        kept = score > LEAST_SCORE
        box, score, ids = box[kept], score[kept], ids[kept]
        known = np.array([int(number) in self.labels for number in ids], dtype=bool)
        ours = np.array([self.labels[int(number)] for number in ids[known]], dtype=np.float64)
        return np.column_stack([box[known], score[known], ours]).astype(np.float64).reshape(-1, 6)


def half(device: str) -> bool:
    """Kind of device -> whether it works in bfloat16 faster than in float32."""
    import torch

    return device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
