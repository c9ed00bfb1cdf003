"""MiniCPM-V 4.6 or 4.7 on this machine: facts and pictures -> advice, token by token; nothing leaves the process."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from .. import packages, weights
from ..detectors.device import Loaded, loaded
from ..domain import Brief, Image
from ..errors import CoachFailed, MissingWeights, UnknownPart
from .prompt import prompt
from .waiting import ticking

NAME, NEWER = "minicpm", "minicpm-4.7"
VERSIONS = {NAME: "4.6", NEWER: "4.7"}
DOWNSAMPLE = "KICKY_MINICPM_DOWNSAMPLE"
"""Names the environment variable that says how far a picture is condensed: by 16, as it comes, or by 4, which shows
the model four times as much of it and takes it longer."""
MODES = ("16x", "4x")
MOST_TOKENS = 400
LONGEST_WAIT_S = 300.0  # for one token; a processor without a GPU needs a while for three pictures
FULL = "The graphics card ran out of memory: close other programs that use it, or choose another coach."
BROKEN = "MiniCPM could not answer: free the models and try again, or choose another coach."
SLOW = "MiniCPM runs on the processor here, without a graphics card: an answer takes minutes."

_loading = Lock()  # one model a process
_answering = Lock()  # and one answer at a time: two would share its memory
_loaded: dict[Path, tuple[Any, Any]] = {}


class MiniCPM:
    """Brief, pictures -> the advice as the model writes it. The weights stay in memory until `free`.

    `downsample_mode` is one of MODES, "" as DOWNSAMPLE says, else as the model comes. Raises: UnknownPart for another.
    """

    def __init__(self, name: str = "", downsample_mode: str = "") -> None:
        self._name = name or default()
        self._mode = downsample_mode or os.environ.get(DOWNSAMPLE, "")
        if self._mode and self._mode not in MODES:
            raise UnknownPart(f"MiniCPM cannot condense pictures by {self._mode!r}; choose one of: {', '.join(MODES)}.")

    def load(self) -> Loaded:
        """-> what was loaded. Raises: MissingWeights, CoachFailed (no memory)."""
        return loaded(_load(weights.path(self._name))[1])

    def __call__(self, brief: Brief, pictures: Sequence[Image]) -> Iterator[str]:
        """Brief, pictures -> the advice, an empty piece each second while the model loads or reads.

        Raises: MissingWeights, CoachFailed (no memory left, broke off).

        Closing the iterator stops the model after the token that it is at.
        """
        folder = weights.path(self._name)
        for piece in ticking(_said(folder, brief, pictures, self._mode)):
            yield piece or ""


def default() -> str:
    """-> the model to use when none is named: 4.7 where it was fetched, else 4.6."""
    return NEWER if weights.state(NEWER) == "here" else NAME


def _said(folder: Path, brief: Brief, pictures: Sequence[Image], mode: str) -> Generator[str, None, None]:
    with _answering:
        processor, model = _load(folder)
        yield from _stream(processor, model, _messages(brief, pictures), mode)


def warning() -> str:
    """-> what the player should know before he asks: that it will be slow; empty with a graphics card.

    A page asks this each time it is drawn, so torch, which takes seconds to import, is not asked.
    """
    return "" if packages.card.there() else SLOW


def free() -> None:
    """Forget the weights; waits for an answer that is under way."""
    with _answering, _loading:
        _forget()


def _forget() -> None:
    _loaded.clear()
    gc.collect()
    torch = sys.modules.get("torch")  # where it was never imported, it holds nothing
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def _load(folder: Path) -> tuple[Any, Any]:
    """Folder -> processor and model, on the graphics card where there is one. Nothing is fetched."""
    with _loading:
        if folder not in _loaded:
            packages.need("MiniCPM")
            weights.offline()
            import torch
            from safetensors import SafetensorError
            from transformers import AutoModelForImageTextToText, AutoProcessor

            try:
                # Said outright: where nothing is said, it asks on the terminal whether to run a folder's own code.
                ours = {"trust_remote_code": False, "local_files_only": True}
                processor = AutoProcessor.from_pretrained(folder, **ours)
                model = AutoModelForImageTextToText.from_pretrained(folder, dtype="auto", **ours)
                _loaded.clear()
                _loaded[folder] = processor, model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
            except torch.OutOfMemoryError as error:
                _forget()
                raise CoachFailed(FULL) from error
            except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
                name = NEWER if folder == weights.names.at(weights.entry(NEWER)) else NAME
                again = f"delete the folder and run `python -m kicky models pull {name}` again"
                raise MissingWeights(f"The MiniCPM model in {folder} cannot be read: {again}.") from error
        return _loaded[folder]


def _messages(brief: Brief, pictures: Sequence[Image]) -> list[dict[str, Any]]:
    from PIL import Image as Pictures

    system, user = prompt(brief)
    seen = [{"type": "image", "image": Pictures.fromarray(picture[..., ::-1].copy())} for picture in pictures]
    return [
        {"role": "system", "content": [{"type": "text", "text": system}]},
        {"role": "user", "content": [*seen, {"type": "text", "text": user}]},
    ]


def _asked(processor: Any, messages: list[dict[str, Any]], mode: str) -> Any:
    """Processor, messages, how far pictures are condensed -> what the model gets; 4.7 is told not to think first."""
    spoken = {"enable_thinking": False} if "enable_thinking" in str(processor.chat_template) else {}
    condensed = {"images_kwargs": {"downsample_mode": mode}} if mode else {}
    return processor.apply_chat_template(
        messages, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt",
        processor_kwargs=condensed, **spoken,
    )  # fmt: skip


def _stream(processor: Any, model: Any, messages: list[dict[str, Any]], mode: str) -> Iterator[str]:
    """Processor, model, messages, how far pictures are condensed -> pieces of text; the model works in a thread of its
    own that ends with this.
    """
    from transformers import StoppingCriteriaList, TextIteratorStreamer

    inputs = _asked(processor, messages, mode).to(model.device)
    how = {"downsample_mode": mode} if mode else {}
    streamer = TextIteratorStreamer(
        processor.tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=LONGEST_WAIT_S
    )
    stop, failures = Event(), []

    def work() -> None:
        try:
            model.generate(
                **inputs, **how, max_new_tokens=MOST_TOKENS, do_sample=False, streamer=streamer,
                stopping_criteria=StoppingCriteriaList([lambda *_, **__: stop.is_set()]),
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001 whatever it is belongs to the thread that reads
            failures.append(error)
        finally:
            streamer.end()

    thread = Thread(target=work, name="minicpm", daemon=True)
    thread.start()
    try:
        yield from streamer
    finally:
        stop.set()
        thread.join()
    if failures:
        raise _told(failures[0]) from failures[0]


def _told(error: Exception) -> CoachFailed:
    """What went wrong in the model -> a sentence; what it held of the memory is given back."""
    import torch

    error.__traceback__ = None  # it holds the tensors of the answer
    with _loading:
        _forget()
    return CoachFailed(FULL if isinstance(error, torch.OutOfMemoryError) else BROKEN)
