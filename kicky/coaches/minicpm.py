"""MiniCPM-V 4.6 on this machine: facts and pictures -> advice, token by token; nothing leaves the process."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from .. import packages, weights
from ..detectors.device import Loaded, loaded
from ..domain import Brief, Image
from ..errors import CoachFailed, MissingWeights
from .prompt import prompt
from .waiting import ticking

NAME = "minicpm"
MOST_TOKENS = 400
LONGEST_WAIT_S = 300.0  # for one token; a processor without a GPU needs a while for three pictures
FULL = "The graphics card ran out of memory: close other programs that use it, or choose another coach."
BROKEN = "MiniCPM could not answer: free the models and try again, or choose another coach."
SLOW = "MiniCPM runs on the processor here, without a graphics card: an answer takes minutes."

_loading = Lock()  # one model a process
_answering = Lock()  # and one answer at a time: two would share its memory
_loaded: dict[Path, tuple[Any, Any]] = {}


class MiniCPM:
    """Brief, pictures -> the advice as the model writes it. The weights stay in memory until `free`."""

    def __init__(self, name: str = NAME) -> None:
        self._name = name

    def load(self) -> Loaded:
        """-> what was loaded. Raises: MissingWeights, CoachFailed (no memory)."""
        return loaded(_load(weights.path(self._name))[1])

    def __call__(self, brief: Brief, pictures: Sequence[Image]) -> Iterator[str]:
        """Brief, pictures -> the advice, an empty piece each second while the model loads or reads.

        Raises: MissingWeights, CoachFailed (no memory left, broke off).

        Closing the iterator stops the model after the token that it is at.
        """
        folder = weights.path(self._name)
        for piece in ticking(_said(folder, brief, pictures)):
            yield piece or ""


def _said(folder: Path, brief: Brief, pictures: Sequence[Image]) -> Generator[str, None, None]:
    with _answering:
        processor, model = _load(folder)
        yield from _stream(processor, model, _messages(brief, pictures))


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
                again = f"delete the folder and run `python -m kicky models pull {NAME}` again"
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


def _stream(processor: Any, model: Any, messages: list[dict[str, Any]]) -> Iterator[str]:
    """Processor, model, messages -> pieces of text; the model works in a thread of its own that ends with this."""
    from transformers import StoppingCriteriaList, TextIteratorStreamer

    inputs = processor.apply_chat_template(
        messages, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
    ).to(model.device)
    streamer = TextIteratorStreamer(
        processor.tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=LONGEST_WAIT_S
    )
    stop, failures = Event(), []

    def work() -> None:
        try:
            model.generate(
                **inputs, max_new_tokens=MOST_TOKENS, do_sample=False, streamer=streamer,
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
