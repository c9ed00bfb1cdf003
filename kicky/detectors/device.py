"""What a model needs to run: its weights, and for a large one a graphics card."""

from __future__ import annotations

from pathlib import Path

from .. import weights
from ..domain import Clip
from ..errors import MissingWeights, TooSlow


def needed(name: str) -> Path:
    """Name in the model store -> its file or folder. Raises: MissingWeights, with the way that needs none."""
    try:
        return weights.path(name)
    except MissingWeights as error:
        raise MissingWeights(f"{str(error).rstrip('.')}, or choose the motion detector, which needs none.") from error


def graphics() -> bool:
    """-> whether there is a graphics card that torch can use."""
    import torch

    return bool(torch.cuda.is_available())


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
