"""RF-DETR's weights -> what they see in pictures, batch by batch. The steps around the network are kept thin."""

from __future__ import annotations

import logging
import pickle
import warnings
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from .. import weights
from ..domain import Floats, Ints, Label
from ..errors import MissingWeights, OutOfMemory
from ..video import Image
from .classes import labels
from .device import needed

LEAST_SCORE = 0.05  # what is fainter says nothing; the flight fit chooses among the rest
ON_GPU, ON_CPU = 32, 8  # pictures in one batch, to begin with


class Network:
    """A student's weights. `resolution` is the side of the square it sees; `labels` what its classes are to us."""

    def __init__(self, name: str) -> None:
        """Name in the model store -> loaded. Raises: MissingWeights, Untrusted, UnknownPart, StorageFailed."""
        import torch

        model = _load(name)
        context = model.model
        self._torch, self._name = torch, name
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._net: Any = context.model.to(self._device).eval()
        self._net.segmentation_head = None  # nobody looks at the masks, and the boxes do not need them
        self._select = context.postprocess
        self.resolution = int(context.resolution)
        self.labels: dict[int, Label] = labels(_names(model, name), name)
        self._means = torch.tensor(model.means, device=self._device).view(1, 3, 1, 1)
        self._stds = torch.tensor(model.stds, device=self._device).view(1, 3, 1, 1)
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
        half = torch.autocast("cuda", dtype=torch.float16, enabled=self._device.type == "cuda")
        with torch.inference_mode(), half:
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


def _load(name: str) -> Any:
    """Name -> rfdetr's own model of it, on the processor. Nothing is fetched; no program in the file is run, unless
    the player trusts it.
    """
    needed(name)
    weights.offline()
    with weights.opened(name) as (place, trusted), warnings.catch_warnings():
        file = weights.checkpoint(name, place)
        warnings.simplefilter("ignore")
        import rfdetr  # it warns of what is old in it

        for logger in ("rf-detr", "rfdetr"):
            logging.getLogger(logger).setLevel(logging.ERROR)
        try:
            return rfdetr.RFDETR.from_checkpoint(file, trust_checkpoint=trusted, device="cpu")
        except (
            RuntimeError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            ImportError,
            OSError,
            EOFError,
        ) as error:
            if "safely load" in str(error) and _is_pickle(file):
                raise weights.untrusted(name, "holds more than weights and could run code of its own") from error
            again = f"remove it with `models remove {name}` and get it again, or choose the motion detector"
            raise MissingWeights(f"{file.name} cannot be read as an RF-DETR model: {again}.") from error
        except pickle.UnpicklingError as error:
            raise MissingWeights(f"{file.name} is no whole model file: get it again.") from error


def _is_pickle(file: Any) -> bool:
    """File -> whether it is a whole checkpoint, which only its contents keep from being read safely."""
    import zipfile

    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return any(name.endswith("data.pkl") for name in archive.namelist()) and archive.testzip() is None


def _names(model: Any, name: str) -> dict[int, str]:
    """rfdetr's model, its name here -> its classes by the number it gives them; COCO's have gaps.

    What the player said of them when he added it counts first. Raises: MissingWeights for a file that does not say:
    rfdetr then names COCO's, whatever the model learned, and its ball would pass for a person.
    """
    from rfdetr.assets.coco_classes import COCO_CLASSES

    count = int(model.model.args.num_classes)
    if given := weights.entry(name).get("classes"):
        if len(given) > count:
            raise MissingWeights(
                f"{name} has {count} classes, not {len(given)}: add it again with all of them, in order."
            )
        return dict(enumerate(given))
    names = list(model.class_names)
    if names != list(COCO_CLASSES.values()):
        return dict(enumerate(names))
    if count < len(names):
        raise MissingWeights(
            f"{name} does not say what its {count} classes are: remove it, and add it again with "
            "`--classes ball,player,goal`, in the order it was taught."
        )
    return dict(COCO_CLASSES) if count > len(names) else dict(enumerate(names))
