"""Picture, phrases -> boxes as NVIDIA's LocateAnything-3B gives them; a clip frame by frame, nothing is followed.

The model brings program code of its own, which runs only after `models trust`. Its interface is the one of its model
card: processor.py_apply_chat_template, processor.process_vision_info, model.generate(tokenizer=…, generation_mode=…).
That code was written for transformers 4.57; here it was tried on a small model of the same interface, never on the
real weights.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import supervision as sv

from .. import weights
from ..domain import Clip, Floats
from ..errors import MissingWeights, OutOfMemory
from ..video import Image, frames
from .device import graphics, needed, refuse_slow
from .sam3 import PROMPTS, at_rest

NAME = "locate-anything-3b"
SECONDS_A_FRAME = 120.0
"""Without a graphics card. Not measured: taken from its size, three times SAM 3's, and the fifty words it writes."""
QUESTION = "Locate all the instances that matches the following description: {}."
BETWEEN = "</c>"
WHOLE = 1000  # the model's coordinates run from 0 to this, whatever the picture's size
SCORE = 0.5  # it gives none
CODE = "brings program code of its own"
MODE, MOST_TOKENS = "hybrid", 2048
FULL = "The graphics card has no room for LocateAnything: close other programs that use it, or label without it."
_PIECE = re.compile(r"<ref>(?P<name>.*?)</ref>|<box>(?P<box>.*?)</box>", re.DOTALL)
_NUMBER = re.compile(r"<\s*(\d+)\s*>|(\d+)")


class Locate:
    """Clip -> one sv.Detections a frame, boxes only. `in_picture` asks about a single picture.

    Raises: MissingWeights, Untrusted when it is made; TooSlow without a graphics card unless forced, OutOfMemory.
    """

    def __init__(self, name: str = NAME, force: bool = False) -> None:
        self._name, self._force = name, force
        needed(name)
        if not weights.trusted(name):
            raise weights.untrusted(name, CODE)
        self._loaded: tuple[Any, Any, Any] | None = None

    def __call__(self, clip: Clip) -> Iterator[sv.Detections]:
        """Clip -> what it shows, each frame by itself."""
        refuse_slow("LocateAnything", SECONDS_A_FRAME, clip, self._force)
        memory: list[Floats] = []
        for number, image in frames(clip):
            found = self.in_picture(image, tuple(PROMPTS), number)
            found.data["at_rest"] = at_rest(found, memory)
            yield found

    def in_picture(self, image: Image, phrases: Sequence[str], seed: int = 0) -> sv.Detections:
        """BGR picture, phrases of `PROMPTS`, what makes its answer repeatable -> where they are."""
        import torch

        tokenizer, processor, model = self._model()
        question = QUESTION.format(BETWEEN.join(phrases))
        try:
            torch.manual_seed(seed)
            answer = _answer(tokenizer, processor, model, image, question)
        except torch.OutOfMemoryError as error:
            error.__traceback__ = None  # it holds the tensors
            torch.cuda.empty_cache()
            raise OutOfMemory(FULL) from error
        height, width = image.shape[:2]
        return _detections(parse(answer, (width, height), phrases), self._name)

    def _model(self) -> tuple[Any, Any, Any]:
        if self._loaded is None:
            weights.offline()
            with weights.opened(self._name) as (folder, trusted):
                if not trusted:  # it was when this was made
                    raise weights.untrusted(self._name, CODE)
                self._loaded = _load(folder, self._name)
        return self._loaded


def _load(folder: Path, name: str) -> tuple[Any, Any, Any]:
    """Folder that is trusted, its name -> tokenizer, processor, model; its own code runs. Raises: MissingWeights."""
    import torch
    from safetensors import SafetensorError
    from transformers import AutoConfig, AutoProcessor, AutoTokenizer
    from transformers.dynamic_module_utils import get_class_from_dynamic_module
    from transformers.models.auto.auto_factory import add_generation_mixin_to_remote_model

    ours = {"trust_remote_code": True, "local_files_only": True}
    kind = torch.bfloat16 if graphics() else torch.float32
    try:
        if foreign := _foreign(folder):
            raise MissingWeights(f"{foreign} of {name} names code or weights of another model: take that out of it.")
        tokenizer = AutoTokenizer.from_pretrained(folder, **ours)
        processor = AutoProcessor.from_pretrained(folder, **ours)
        # AutoModel keeps to the first code it has seen with a configuration, also where other code lies there now.
        config = AutoConfig.from_pretrained(folder, **ours)
        code = get_class_from_dynamic_module(config.auto_map["AutoModel"], folder, local_files_only=True)
        model = add_generation_mixin_to_remote_model(code).from_pretrained(folder, config=config, dtype=kind, **ours)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ImportError, SafetensorError) as error:
        raise MissingWeights(
            f"LocateAnything in {weights.path(name)} cannot be loaded ({type(error).__name__}): run `python -m kicky "
            f"models pull {name}` again, or label with SAM 3 alone."
        ) from error
    return tokenizer, processor, model.to("cuda" if graphics() else "cpu").eval()


def _foreign(folder: Path) -> str:
    """Folder -> the file in it that has transformers load code or weights which are not in it, "" where none has."""
    for file in sorted(folder.glob("*config.json")):
        values = json.loads(file.read_text(encoding="utf-8"))
        if file.name == "adapter_config.json" or "--" in json.dumps(values.get("auto_map", {})):
            return file.name
    return ""


def default() -> str:
    """-> the name of its weights in the model store."""
    return NAME


def _answer(tokenizer: Any, processor: Any, model: Any, image: Image, question: str) -> str:
    """A question about a picture -> what the model writes, box by box."""
    import torch
    from PIL import Image as Pictures

    picture = Pictures.fromarray(np.ascontiguousarray(image[..., ::-1]))
    content = [{"type": "image", "image": picture}, {"type": "text", "text": question}]
    messages = [{"role": "user", "content": content}]
    text = processor.py_apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    images, videos = processor.process_vision_info(messages)
    inputs = processor(text=[text], images=images, videos=videos, return_tensors="pt").to(model.device)
    with torch.inference_mode():
        said = model.generate(
            pixel_values=inputs["pixel_values"].to(model.dtype), input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"], image_grid_hws=inputs.get("image_grid_hws"), tokenizer=tokenizer,
            max_new_tokens=MOST_TOKENS, use_cache=True, generation_mode=MODE, temperature=0.7, do_sample=True,
            top_p=0.9, repetition_penalty=1.1, verbose=False,
        )  # fmt: skip
    return str(said[0] if isinstance(said, tuple) else said)


def parse(answer: str, size_wh: tuple[int, int], phrases: Sequence[str]) -> list[tuple[str, Floats]]:
    """What the model wrote, the picture's size, what was asked for -> (phrase, box x0 y0 x1 y1 in pixels) each.

    A box belongs to the name last written before it, without one to the first phrase; corners in the wrong order are
    put right, boxes without area and names not asked for are left out, "none" is no box.

    >>> parse("<ref>ball</ref><box><500><500><510><520></box>", (1920, 1080), ["ball"])
    [('ball', array([960. , 540. , 979.2, 561.6]))]
    >>> parse("<ref>ball</ref><box>none</box>", (1920, 1080), ["ball"])
    []
    """
    found = []
    asked = {phrase.lower(): phrase for phrase in phrases}
    name: str | None = phrases[0] if phrases else None
    for piece in _PIECE.finditer(answer):
        if piece["name"] is not None:
            name = asked.get(piece["name"].strip().lower())
            continue
        numbers = [int(a or b) for a, b in _NUMBER.findall(piece["box"])]
        if name is None or len(numbers) != 4:
            continue
        corners = np.clip(np.array(numbers, dtype=np.float64), 0, WHOLE) / WHOLE * [*size_wh, *size_wh]
        box = np.concatenate([np.minimum(corners[:2], corners[2:]), np.maximum(corners[:2], corners[2:])])
        if (box[2:] - box[:2] > 0).all():
            found.append((name, box))
    return found


def _detections(found: Sequence[tuple[str, Floats]], model: str) -> sv.Detections:
    count = len(found)
    boxes = np.array([box for _, box in found]).reshape(-1, 4)
    prompts = [phrase for phrase, _ in found]
    sides = boxes[:, 2:] - boxes[:, :2]
    return sv.Detections(
        xyxy=boxes,
        confidence=np.full(count, SCORE),
        class_id=np.array([PROMPTS[phrase] for phrase in prompts], dtype=int),
        data={
            "prompt": np.array(prompts, dtype=object),
            "source": np.array(["locate"] * count, dtype=object),
            "model": np.array([model] * count, dtype=object),
            "at_rest": np.zeros(count, dtype=bool),
            "diameter_px": sides.min(axis=1) if count else np.empty(0),
            "shown": np.ones(count),
        },
    )
