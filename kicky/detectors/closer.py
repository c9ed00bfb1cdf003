"""Frame -> the balls that SAM 3's detector sees in tiles of it at native resolution; and these with those it follows.

Of a frame squashed to SAM 3's square one pixel of a mask is 7 x 4 px at 1080p: as much as a far ball. Tiles show it two
or three times as large. Nothing is followed in them, and nobody but the ball is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import supervision as sv

from ..domain import Bools, Floats, Label
from ..video import Image
from . import tiles

SQUARE = 1008  # pixels of the square that SAM 3 sees
STRETCH = 1.1  # a tile may be so much larger: 1080p then takes two of them in place of six
SAME = 0.1  # of overlap, and two boxes are one ball: as the model itself has it
UNFOLLOWED = -1  # the track of a ball that a tile alone shows


@dataclass(frozen=True, eq=False, slots=True)
class Balls:
    """Balls of one frame: (n, 5) x0 y0 x1 y1 score in its pixels, and of each the part of its box that is ball."""

    rows: Floats
    masks: tuple[Bools, ...] = ()


NONE = Balls(np.empty((0, 5)))


def corners(size_wh: tuple[int, int], square: int = SQUARE) -> tuple[list[tuple[int, int]], int]:
    """A frame's size, the model's square -> the tiles that show all of it, and their side; none where one would."""
    shorter = min(size_wh)
    side = shorter if shorter <= STRETCH * square else square
    found = tiles.cover(size_wh, side)
    return (found if len(found) > 1 else []), side


class Closer:
    """BGR frame -> the balls in its tiles, each once. `session` is one in which the ball alone was asked for."""

    def __init__(self, processor: Any, model: Any, session: Any) -> None:
        self._processor, self._model, self._session = processor, model, session
        self._square = int(processor.image_processor.size["height"])

    def __call__(self, image: Image) -> Balls:
        """BGR frame -> the balls in its tiles."""
        size_wh = (image.shape[1], image.shape[0])
        places, side = corners(size_wh, self._square)
        found: list[Floats] = []
        masks: list[Bools] = []
        for tile in tiles.cut(image, places, side):
            rows, drawn = self._tile(tile, side)
            found.append(np.column_stack([rows, len(masks) + np.arange(len(rows))]))
            masks += drawn
        whole = tiles.join(found, places, size_wh, side)
        kept = whole[sv.box_non_max_suppression(whole[:, :5], SAME)] if len(whole) else whole
        return Balls(kept[:, :5], tuple(masks[int(number)] for number in kept[:, 5]))

    def _tile(self, tile: Image, side: int) -> tuple[Floats, list[Bools]]:
        """A tile, its side -> (n, 5) the balls in it, in its pixels, and of each the part of its box that is ball."""
        import torch

        model = self._model
        with torch.inference_mode():
            inputs = self._processor(images=np.ascontiguousarray(tile[..., ::-1]), return_tensors="pt")
            seen = model.detector_model.get_vision_features(inputs.pixel_values.to(model.device, model.dtype))
            [found] = model.run_detection(inference_session=self._session, vision_embeds=seen).values()
        solid = (found["bbox"][:, 2:] > found["bbox"][:, :2]).all(dim=1)
        sure = solid & (found["scores"] >= model.new_det_thresh)  # as a new track has to be: nothing confirms it later
        boxes = found["bbox"][sure].float().cpu().numpy().astype(np.float64).clip(0, 1) * side
        scores = found["scores"][sure].float().cpu().numpy()
        drawn = found["mask"][sure].float().cpu().numpy()
        masks = [_within(box, cv2.resize(mask, (side, side)) > 0) for box, mask in zip(boxes, drawn, strict=True)]
        return np.column_stack([boxes, scores]), masks


def joined(found: sv.Detections, near: Balls) -> sv.Detections:
    """What is followed in a frame, the balls of its tiles -> one list. A ball in both keeps its track; its box and its
    mask are the tile's.
    """
    ids = np.asarray(found.class_id, dtype=int)
    free = ids == Label.BALL
    xyxy, masks = found.xyxy.copy(), np.asarray(found.mask, dtype=bool).copy()
    scores = np.asarray(found.confidence, dtype=np.float64).copy()
    alone = []
    for number in np.argsort(-near.rows[:, 4], kind="stable"):
        box, score = near.rows[number, :4], near.rows[number, 4]
        shared = np.where(free, sv.box_iou_batch(box[None], xyxy)[0], 0.0) if len(found) else np.zeros(1)
        row = int(shared.argmax())
        if shared[row] <= SAME:
            alone.append(number)
            continue
        free[row], xyxy[row], scores[row] = False, box, max(scores[row], score)
        masks[row] = _pasted(box, near.masks[number], masks.shape[1:])
    more = [_pasted(near.rows[number, :4], near.masks[number], masks.shape[1:]) for number in alone]
    prompts = np.array([*found.data["prompt"], *["ball"] * len(alone)], dtype=object)
    return sv.Detections(
        xyxy=np.vstack([xyxy, near.rows[alone, :4]]),
        mask=np.concatenate([masks, more]) if more else masks,
        confidence=np.concatenate([scores, near.rows[alone, 4]]),
        class_id=np.concatenate([ids, [int(Label.BALL)] * len(alone)]).astype(int),
        tracker_id=np.concatenate([np.asarray(found.tracker_id), [UNFOLLOWED] * len(alone)]).astype(int),
        data={"prompt": prompts},
    )


def _cells(box: Floats) -> tuple[slice, slice]:
    """Box -> the rows and columns of the pixels that it touches."""
    x0, y0 = np.floor(box[:2]).astype(int)
    x1, y1 = np.ceil(box[2:4]).astype(int)
    return slice(y0, y1), slice(x0, x1)


def _within(box: Floats, mask: Bools) -> Bools:
    """Box, mask of its tile -> the mask's part in the box."""
    return np.asarray(mask[_cells(box)]).copy()


def _pasted(box: Floats, part: Bools, shape: tuple[int, ...]) -> Bools:
    """Box, the part of it that is ball, the frame's height and width -> the frame's mask."""
    mask = np.zeros(shape, dtype=bool)
    place = mask[_cells(box)]
    place |= part[: place.shape[0], : place.shape[1]]
    return mask
