"""Clip -> ball, persons and goal posts as SAM 3 finds and follows them by their names, with masks, frame by frame.

The ball's box is the detector's own, and it is looked for in tiles of the frame too: a mask is too coarse for it.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import supervision as sv

from .. import packages, weights
from ..domain import Bools, Clip, Floats, Label
from ..errors import MissingWeights, OutOfMemory
from ..video import Image, frames
from . import closer
from .closer import Balls, Closer
from .device import Loaded, graphics, loaded, needed, refuse_slow
from .following import Following
from .masks import clear_up
from .motion import still_again

NAME = "sam3"
BALL = "ball"
PROMPTS = {BALL: Label.BALL, "person": Label.PLAYER, "goal post": Label.GOAL}
"""The article's own words."""
SECONDS_A_FRAME = 100.0
"""Without a graphics card: 84, 99 and 118 s on two busy cores, at full size (860 M parameters), random weights."""
BLANK = np.full((288, 512, 3), 128, np.uint8)
MOST_OBJECTS = 64  # followed at once; of more new ones the surest
FULL = "The graphics card has no room for SAM 3: close other programs that use it, or label without a teacher."


class Sam3:
    """Clip -> one sv.Detections a frame, with masks (of that frame only), `tracker_id` and where each comes from.

    `close` are the frames in which the ball is looked for in tiles too, None: all. Each of them takes longer.

    `no_ball` are the frames of the clip seen last in which no ball was found. Raises: MissingWeights when it is made;
    TooSlow without a graphics card unless forced, OutOfMemory.
    """

    def __init__(self, name: str = NAME, force: bool = False) -> None:
        self._name, self._force = name, force
        needed(name)
        packages.need("SAM 3")
        self._loaded: tuple[Any, Any] | None = None
        self.no_ball: list[int] = []

    def __call__(self, clip: Clip, close: Collection[int] | None = None) -> Iterator[sv.Detections]:
        """Clip -> what it shows, frame by frame. What is held does not grow with the clip."""
        refuse_slow("SAM 3", seconds_a_frame(clip, close), clip, self._force)
        self.no_ball = []
        memory: list[Floats] = []
        try:
            for number, found in enumerate(self._followed(clip, close), start=clip.take[0]):
                rest = at_rest(found, memory)
                if Label.BALL not in np.asarray(found.class_id):
                    self.no_ball.append(number)
                yield _described(found, rest, self._name)
        except self._no_room() as error:
            error.__traceback__ = None  # it holds the tensors
            self.free()
            raise OutOfMemory(FULL) from error

    def load(self) -> Loaded:
        """-> what was loaded. Raises: MissingWeights."""
        return loaded(self._model()[1])

    def in_picture(self, image: Image) -> sv.Detections:
        """BGR picture -> what is seen in it alone. Raises: MissingWeights, and whatever a network may."""
        following, nearer = self._following(), self._closer()
        self._frame(following, 0, image)
        return _detections(following.told(), nearer(image))

    def free(self) -> None:
        """Forget the weights."""
        import torch

        self._loaded = None
        gc.collect()
        torch.cuda.empty_cache()

    def _no_room(self) -> Any:
        import torch

        return torch.OutOfMemoryError

    def _model(self) -> tuple[Any, Any]:
        """-> processor and model, half as precise on a graphics card; nothing is fetched."""
        if self._loaded is None:
            weights.offline()
            clear_up()
            import torch
            from safetensors import SafetensorError
            from transformers import Sam3VideoModel, Sam3VideoProcessor

            folder = weights.path(self._name)
            kind = torch.bfloat16 if graphics() else torch.float32
            try:
                ours = {"trust_remote_code": False, "local_files_only": True}
                processor = Sam3VideoProcessor.from_pretrained(folder, **ours)
                model = Sam3VideoModel.from_pretrained(folder, dtype=kind, **ours)
            except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
                raise MissingWeights(
                    f"SAM 3 in {folder} cannot be read: run `python -m kicky models pull {self._name}` again, or "
                    "choose the motion detector, which needs no weights."
                ) from error
            model = model.to("cuda" if graphics() else "cpu").eval()
            model.max_num_objects = min(model.max_num_objects, MOST_OBJECTS)
            self._loaded = processor, model
        return self._loaded

    def _session(self, prompts: Sequence[str]) -> Any:
        processor, model = self._model()
        session = processor.init_video_session(inference_device=model.device, dtype=model.dtype)
        return processor.add_text_prompt(session, list(prompts))

    def _following(self) -> Following:
        return Following(*self._model(), self._session(list(PROMPTS)), exact=BALL)

    def _closer(self) -> Closer:
        return Closer(*self._model(), self._session([BALL]))

    def _followed(self, clip: Clip, close: Collection[int] | None) -> Iterator[sv.Detections]:
        """Clip, frames to look at closely -> what is seen in each frame, told once some later ones were looked at."""
        following, nearer = self._following(), self._closer()
        near: deque[Balls] = deque()
        for number, image in frames(clip):
            self._frame(following, number - clip.take[0], image)
            near.append(nearer(image) if close is None or number in close else closer.NONE)
            if following.ready:
                yield _detections(following.told(), near.popleft())
        while following.waits:
            yield _detections(following.told(), near.popleft())

    def _frame(self, following: Following, number: int, image: Image) -> None:
        """What follows, the frame's number in it, its picture -> looked at."""
        import torch

        processor, model = self._model()
        with torch.inference_mode():
            inputs = processor(images=np.ascontiguousarray(image[..., ::-1]), return_tensors="pt")
            inputs["pixel_values"] = inputs.pixel_values.to(model.dtype)
            following.look(number, inputs)


def default() -> str:
    """-> the name of its weights in the model store."""
    return NAME


def seconds_a_frame(clip: Clip, close: Collection[int] | None = None) -> float:
    """Clip, the frames to look at closely, None: all -> how long one takes on average without a graphics card, about.

    A tile is taken to need as long as a frame.
    """
    share = 1.0 if close is None else len(close) / max(1, clip.take[1] - clip.take[0])
    return SECONDS_A_FRAME * (1 + share * len(closer.corners(clip.size_wh_px)[0]))


def _detections(told: dict[str, Any], near: Balls) -> sv.Detections:
    """What the processor tells of a frame, the balls of its tiles -> detections without empty ones, boxes from masks, a
    ball's from the detector.
    """
    ids = told["object_ids"].cpu().numpy()
    masks: Bools = told["masks"].cpu().numpy().astype(bool)
    scores = told["scores"].float().cpu().numpy()
    of = {number: prompt for prompt, numbers in told["prompt_to_obj_ids"].items() for number in numbers}
    rows = [row for row, number in enumerate(ids) if int(number) in of and masks[row].any()]
    prompts = [of[int(ids[row])] for row in rows]
    boxes = sv.mask_to_xyxy(masks[rows]).astype(np.float64) if rows else np.empty((0, 4))
    boxes[:, 2:] += 1  # from the last pixel's left edge to its right one
    height, width = masks.shape[1:]
    for place, row in enumerate(rows):
        if int(ids[row]) in told["exact"]:
            boxes[place] = told["exact"][int(ids[row])] * [width, height, width, height]
    found = sv.Detections(
        xyxy=boxes,
        mask=masks[rows],
        confidence=np.clip(scores[rows], 0, 1).astype(np.float64),
        class_id=np.array([PROMPTS[prompt] for prompt in prompts], dtype=int),
        tracker_id=ids[rows].astype(int),
        data={"prompt": np.array(prompts, dtype=object)},
    )
    return closer.joined(found, near) if len(near.rows) else found


def at_rest(found: sv.Detections, memory: list[Floats]) -> Bools:
    """Detections, those of the last frames -> which are balls that have not moved for a while."""
    balls = np.flatnonzero(found.class_id == Label.BALL)
    rows = np.column_stack([found.xyxy[balls], np.zeros((len(balls), 3))])
    rest = np.zeros(len(found), dtype=bool)
    rest[balls] = still_again(rows, memory)[:, 6] > 0
    return rest


def _described(found: sv.Detections, rest: Bools, name: str) -> sv.Detections:
    """Detections -> the same with what the pipeline asks of each, and where it comes from."""
    sides = found.xyxy[:, 2:] - found.xyxy[:, :2]
    count = len(found)
    found.data |= {
        "at_rest": rest,
        "diameter_px": np.array([_diameter(found, row) for row in range(count)], dtype=np.float64)
        if count
        else sides[:, 0],
        "shown": np.ones(count),
        "source": np.array([NAME] * count, dtype=object),
        "model": np.array([name] * count, dtype=object),
    }
    return found


def _diameter(found: sv.Detections, row: int) -> float:
    """A ball's mask -> its width across the streak; where the box is narrower, and of anything else, the box's shorter
    side.
    """
    x0, y0, x1, y1 = found.xyxy[row]
    shorter = float(min(x1 - x0, y1 - y0))
    if found.mask is not None and np.asarray(found.class_id)[row] == Label.BALL:
        points = cv2.findNonZero(np.asarray(found.mask[row], dtype=np.uint8))
        if points is not None and len(points) >= 3:
            return min(float(min(cv2.minAreaRect(points)[1])) + 1.0, shorter)
    return shorter
