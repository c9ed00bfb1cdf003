"""Picture, phrases -> boxes as NVIDIA's LocateAnything-3B gives them; a clip frame by frame, nothing is followed.

The model runs beside this program, in a process of its own: its code was written for transformers 4.57. Two programs
can run it: `locate_runner.py` in the environment that `models pull` makes for it, with NVIDIA's own weights and code,
which runs only after `models trust`; or `locate-anything-cli` of locate-anything.cpp with a GGUF file, which is numbers
alone. Both were tried here on stand-ins that answer as documented, never on the real weights.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import supervision as sv

from .. import weights
from ..domain import Clip, Floats
from ..errors import MissingWeights, OutOfMemory, TeacherFailed
from ..video import Image, frames
from ..weights import environment
from . import locate_runner
from .beside import Beside, once
from .device import Loaded, device_name, needed, refuse_slow
from .sam3 import PROMPTS, at_rest

NAME, GGUF = "locate-anything-3b", "locate-anything-gguf"
CLI, CLI_VARIABLE = "locate-anything-cli", "KICKY_LOCATE_CLI"
TITLE = "LocateAnything"
TRANSFORMERS = "4.57."
RUNNER = Path(locate_runner.__file__)
LOADING_S, ANSWER_S = 900.0, 300.0
"""How long it may load, and think about one picture, before it is given up; `--force` without a card waits longer."""
SLOWER = 10
SECONDS_A_FRAME = 120.0
"""Without a graphics card. Not measured: taken from its size, three times SAM 3's, and the fifty words it writes."""
QUESTION = "Locate all the instances that matches the following description: {}."
BETWEEN = "</c>"
WHOLE = 1000  # the model's coordinates run from 0 to this, whatever the picture's size
LONGEST_PX, CELL_PX = 1536, 28  # the picture it is shown: its longer side at most; each side a multiple of a cell
SCORE = 0.5  # it gives none
CODE = "brings program code of its own"
FULL = "The graphics card has no room for LocateAnything: close other programs that use it, or label without it."
_PIECE = re.compile(r"<ref>(?P<name>.*?)</ref>|<box>(?P<box>.*?)</box>", re.DOTALL)
_NUMBER = re.compile(r"<\s*(\d+)\s*>|(\d+)")

Ask = Callable[[Path, str, tuple[int, int]], str]
"""File of a picture, question, the picture's size -> what the model writes."""


class Locate:
    """Clip -> one sv.Detections a frame, boxes only. `in_picture` asks about a single picture.

    Raises: MissingWeights, Untrusted when it is made; TooSlow without a graphics card unless forced, OutOfMemory, and
    TeacherFailed where the process ends, hangs or talks nonsense. `free` ends the process.
    """

    def __init__(self, name: str = "", force: bool = False) -> None:
        self._name, self._force = name or default(), force
        files = sorted(needed(self._name).rglob("*.gguf")) or [needed(self._name)]
        self._slower = SLOWER if force else 1
        self._open = ExitStack()
        self._end = weakref.finalize(self, self._open.close)
        self._loaded: Ask | None = None
        self._beside: Beside | None = None
        if files[0].suffix == ".gguf":
            self._loaded = _Cli(program(), files[0], (LOADING_S + ANSWER_S) * self._slower)
            return
        environment.python(NAME, weights.entry(NAME))
        if not weights.trusted(self._name):
            raise weights.untrusted(self._name, CODE)

    def __call__(self, clip: Clip) -> Iterator[sv.Detections]:
        """Clip -> what it shows, each frame by itself."""
        refuse_slow(TITLE, SECONDS_A_FRAME, clip, self._force)
        memory: list[Floats] = []
        for _, image in frames(clip):
            found = self.in_picture(image, tuple(PROMPTS))
            found.data["at_rest"] = at_rest(found, memory)
            yield found

    def load(self) -> Loaded:
        """-> what was loaded, as far as its process says. Raises as `in_picture` does."""
        self._model()
        return Loaded(TITLE, device_name(self._beside.begin())) if self._beside else Loaded(CLI, "")

    def in_picture(self, image: Image, phrases: Sequence[str] = tuple(PROMPTS)) -> sv.Detections:
        """BGR picture, phrases of `PROMPTS` -> where they are, the same each time."""
        ask = self._model()
        question = QUESTION.format(BETWEEN.join(phrases))
        height, width = image.shape[:2]
        with tempfile.TemporaryDirectory(prefix="kicky-") as own:
            file = Path(own) / "picture.png"
            size = shown_size((width, height))
            cv2.imwrite(str(file), cv2.resize(image, size, interpolation=cv2.INTER_AREA))
            answer = ask(file, question, size)
        return _detections(parse(answer, (width, height), phrases), self._name)

    def free(self) -> None:
        """The process is gone; the next question starts another."""
        self._open.close()
        if self._loaded is not None and not isinstance(self._loaded, _Cli):
            self._loaded = self._beside = None

    def _model(self) -> Ask:
        if self._loaded is None:
            folder, trusted = self._open.enter_context(weights.opened(self._name))
            if not trusted:  # it was when this was made
                self._open.close()
                raise weights.untrusted(self._name, CODE)
            if foreign := _foreign(folder):
                self._open.close()
                raise MissingWeights(
                    f"{foreign} of {self._name} names code or weights of another model: take that out of it."
                )
            self._beside = _runner(folder, self._open, self._slower)
            self._loaded = _by(self._beside)
        return self._loaded


def program() -> str:
    """-> the locate-anything.cpp program: the one that KICKY_LOCATE_CLI names, else the one on the path.

    Raises: MissingWeights.
    """
    found = shutil.which(os.environ.get(CLI_VARIABLE) or CLI)
    if found is None:
        raise MissingWeights(
            f"LocateAnything as a GGUF file needs the program {CLI}: build it as docs/gpu.md says, and put it on the "
            f"path or its place into {CLI_VARIABLE}."
        )
    return found


def shown_size(size_wh: tuple[int, int]) -> tuple[int, int]:
    """Picture's size -> as the model is shown it: it counts in cells, and what it says is told in parts of the whole.

    >>> shown_size((1920, 1080)), shown_size((160, 90))
    ((1512, 868), (168, 84))
    """
    scale = min(1.0, LONGEST_PX / max(size_wh))
    most = LONGEST_PX // CELL_PX
    width, height = (CELL_PX * min(most, max(1, round(side * scale / CELL_PX))) for side in size_wh)
    return width, height


def _runner(folder: Path, until: ExitStack, slower: int) -> Beside:
    """Folder that is trusted, what ends the process -> the model's own code, in the environment made for it."""
    python = environment.python(NAME, weights.entry(NAME))
    own = until.enter_context(tempfile.TemporaryDirectory(prefix="kicky-"))  # where the code is copied to, and found
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_MODULES_CACHE": own}
    command = [str(python), "-I", str(RUNNER), str(folder), TRANSFORMERS]
    beside = Beside(command, os.environ | offline, TITLE, LOADING_S * slower, ANSWER_S * slower)
    until.callback(beside.close)
    return beside


def _by(beside: Beside) -> Ask:
    """The model's process -> what asks it."""

    def ask(file: Path, question: str, _: tuple[int, int]) -> str:
        said = beside.ask({"picture": str(file), "question": question})
        if isinstance(answer := said.get("answer"), str):
            return answer
        why = str(said.get("error", "it says neither"))
        if why.startswith("OutOfMemoryError"):
            beside.close()
            raise OutOfMemory(FULL)
        raise TeacherFailed(f"{TITLE} broke down over a picture ({why}).")

    return ask


class _Cli:
    """Picture, question -> what locate-anything.cpp finds, as the model itself would have written it."""

    def __init__(self, cli: str, gguf: Path, seconds: float) -> None:
        self._cli, self._gguf, self._seconds = cli, gguf, seconds

    def __call__(self, file: Path, question: str, size: tuple[int, int]) -> str:
        out = file.with_name("boxes.json")
        told = ["--model", str(self._gguf), "--input", str(file), "--prompt", question, "--output", str(out)]
        once([self._cli, "detect", *told, "--mode", "hybrid"], os.environ, TITLE, self._seconds)
        try:
            return spoken(json.loads(out.read_text(encoding="utf-8")), size)
        except (OSError, ValueError, TypeError, LookupError) as error:
            raise TeacherFailed(f"{TITLE} left no list of boxes ({type(error).__name__}).") from error


def spoken(told: Mapping[str, Any], size_wh: tuple[int, int]) -> str:
    """{"detections": [{"label", "box": x0 y0 x1 y1 in pixels}]}, the picture's size -> in the model's own words.

    Its boxes were whole thousandths before the program made pixels of them: nothing is lost.

    >>> spoken({"detections": [{"label": "ball", "box": [84, 42, 168, 84]}]}, (168, 84))
    '<ref>ball</ref><box><500><500><1000><1000></box>'
    """
    pieces = []
    for each in told["detections"]:
        box = [
            round(float(value) / side * WHOLE) for value, side in zip(each["box"], (*size_wh, *size_wh), strict=True)
        ]
        pieces.append(f"<ref>{each['label']}</ref><box>{''.join(f'<{max(0, value)}>' for value in box)}</box>")
    return "".join(pieces)


def _foreign(folder: Path) -> str:
    """Folder -> the file in it that has transformers load code or weights which are not in it, "" where none has."""
    for file in sorted(folder.glob("*config.json")):
        values = json.loads(file.read_text(encoding="utf-8"))
        if file.name == "adapter_config.json" or "--" in json.dumps(values.get("auto_map", {})):
            return file.name
    return ""


def default() -> str:
    """-> the name of its weights in the model store: NVIDIA's own, or the GGUF file where only that is here."""
    return GGUF if weights.there(GGUF) and not weights.there(NAME) else NAME


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
