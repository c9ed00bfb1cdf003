"""A clip with all that is said of it, as every format is made of it and gives it back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...domain import Floats
from ...errors import BadLabel
from ...teach.labelled import Thing

Answers = Mapping[str, Mapping[str, str]]
"""Labeller: question: answer."""


@dataclass(frozen=True, eq=False, slots=True)
class Labelled:
    """A clip by name and hash ("" where a format has none), its answers, its boxes by frame, times of frames named.

    `left_out` counts things of classes that are none of ours.
    """

    clip: str
    sha256: str = ""
    frames: int = 0
    size_wh_px: tuple[int, int] = (0, 0)
    answers: Answers = field(default_factory=dict)
    boxes: Mapping[int, tuple[Thing, ...]] = field(default_factory=dict)
    time_s: Mapping[int, float] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


def proved(found: Labelled, time_s: Floats) -> Labelled:
    """What a file says of a clip, the clip's own times -> the same. Raises: BadLabel naming both numbers.

    A stated time may be off by less than half the way to the next frame.
    """
    for frame, stated in sorted(found.time_s.items()):
        if not 0 <= frame < len(time_s):
            raise BadLabel(f"{found.clip} has the frames 0 to {len(time_s) - 1}: the file labels frame {frame}.")
        nearest = int(abs(time_s - stated).argmin())
        if nearest != frame or abs(time_s[frame] - stated) > 0.5 * _gap(time_s, frame):
            raise BadLabel(
                f"{found.clip}: the file says frame {frame} is shown at {stated:.3f} s, but here frame {frame} is at "
                f"{time_s[frame]:.3f} s and frame {nearest} is the one near {stated:.3f} s. Was another cut labelled?"
            )
    for frame in found.boxes:
        if not 0 <= frame < len(time_s):
            raise BadLabel(f"{found.clip} has the frames 0 to {len(time_s) - 1}: the file labels frame {frame}.")
    return found


def _gap(time_s: Floats, frame: int) -> float:
    near = [abs(float(time_s[other] - time_s[frame])) for other in (frame - 1, frame + 1) if 0 <= other < len(time_s)]
    return min(near)


def file_stem(clip: str) -> str:
    """Clip's name -> what a file of its labels is called."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", clip)[:80]


def number(text: object, what: str) -> float:
    """-> it as a number. Raises: BadLabel."""
    try:
        return float(str(text))
    except ValueError as error:
        raise BadLabel(f"{what} is {text!r}, which is no number: correct it.") from error
