"""What a model needs to run: its weights, and for a large one a graphics card; and what it is once it is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import packages, weights
from ..domain import Clip
from ..errors import KickyError, MissingWeights, OutOfMemory, TooSlow

PROCESSOR = "the processor"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory: its class, what it works on, how many numbers it holds and how precise they are.

    0 and "" where it runs in a process of its own that does not say.
    """

    kind: str
    device: str
    numbers: int = 0
    precision: str = ""
    side_px: int = 0
    """Of the square that it sees."""


def needed(name: str) -> Path:
    """Name in the model store -> its file or folder. Raises: MissingWeights, with the way that needs none."""
    try:
        return weights.path(name)
    except MissingWeights as error:
        raise MissingWeights(f"{str(error).rstrip('.')}, or choose the motion detector, which needs none.") from error


def graphics() -> bool:
    """-> whether there is a graphics card that torch can use; where torch is not here, whether there is one."""
    if not packages.here():
        return packages.card.there()
    import torch

    return bool(torch.cuda.is_available())


def loaded(model: Any, *, kind: str = "", half: bool = False, side_px: int = 0) -> Loaded:
    """A torch module; where it is part of another class, that class's name; whether it works in bfloat16 whatever its
    weights are -> what it is.
    """
    first = next(model.parameters())
    numbers = sum(each.numel() for each in model.parameters())
    precision = "bfloat16" if half else str(first.dtype).removeprefix("torch.")
    return Loaded(kind or type(model).__name__, device_name(str(first.device)), numbers, precision, side_px)


def device_name(device: str) -> str:
    """A device as torch calls it -> in words."""
    if not device.startswith("cuda"):
        return PROCESSOR
    if not (packages.here() and graphics()):
        return "the graphics card"
    import torch

    return str(torch.cuda.get_device_name())


def card_bytes() -> int:
    """-> bytes in use on the graphics card, by whomever; 0 without one, or without torch to ask."""
    if not (packages.here() and graphics()):
        return 0
    import torch

    free, whole = torch.cuda.mem_get_info()
    return int(whole - free)


@contextmanager
def told(name: str) -> Iterator[None]:
    """Name of a model -> a block in which whatever goes wrong with it becomes one sentence with what to do."""
    try:
        yield
    except KickyError:
        raise
    except ModuleNotFoundError as error:
        raise KickyError(
            f"{name} needs the package {error.name}, which is not here: set up anew with `make clean` and `make run`."
        ) from error
    except Exception as error:
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
            error.__traceback__ = None  # it holds the tensors
            where = "The graphics card" if graphics() else "This machine"
            raise OutOfMemory(f"{where} has no room for {name}: close other programs that use its memory.") from error
        raise KickyError(
            f"{name} breaks down ({words(error)}): run `python -m kicky models verify {name}`, and fetch it again "
            "where that finds a fault."
        ) from error


def words(error: Exception) -> str:
    """Error -> its kind and its first line, short."""
    first = next(iter(str(error).splitlines()), "")[:120].strip()
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def refuse_slow(what: str, seconds_a_frame: float, clip: Clip, force: bool) -> None:
    """Model, its seconds a frame without a graphics card, clip -> nothing. Raises: TooSlow, unless forced."""
    if force or graphics():
        return
    long = _long((clip.take[1] - clip.take[0]) * seconds_a_frame)
    raise TooSlow(
        f"{what} needs a graphics card: without one {clip.path.name} would take about {long}; `--force` runs it anyway."
    )


def _long(seconds: float) -> str:
    """Seconds -> in words.

    >>> _long(90), _long(5400), _long(400_000)
    ('2 minutes', '1.5 hours', '4.6 days')
    """
    for unit, size in (("days", 86400.0), ("hours", 3600.0)):
        if seconds >= 1.2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{max(1, round(seconds / 60))} minutes"
