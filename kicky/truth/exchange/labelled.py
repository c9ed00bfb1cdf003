"""A clip with all that is said of it, as every format is made of it and gives it back."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ... import reading
from ...domain import Floats
from ...errors import BadDataset, BadLabel
from ...teach.foreign.found import sound
from ...teach.labelled import BASE, Thing

Answers = Mapping[str, Mapping[str, str]]
"""Labeller: question: answer."""


@dataclass(frozen=True, eq=False, slots=True)
class Labelled:
    """A clip by name and hash ("" where a format has none), its answers, its boxes by frame, times of frames named.

    `left_out` counts what the file holds and is not taken: classes that are none of ours, shapes that are not read.
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


def fitting(found: Labelled, size_wh_px: tuple[int, int]) -> Labelled:
    """What a file says of a clip, the clip's own size -> the same. Raises: BadLabel for boxes that are not of it."""
    if not found.boxes:
        return found
    stated, real = (f"{wide} × {high}" for wide, high in (found.size_wh_px, size_wh_px))
    if all(found.size_wh_px) and found.size_wh_px != size_wh_px:
        raise BadLabel(
            f"{found.clip} is {real} px here, and the file's boxes are of {stated}: export at the film's size."
        )
    for frame, things in found.boxes.items():
        for thing in things:
            if thing.label not in BASE:
                raise BadLabel(
                    f"{found.clip}, frame {frame}: {thing.label!r} is none of {', '.join(BASE)}: correct it."
                )
            try:
                json.dumps(dict(thing.origin), allow_nan=False, ensure_ascii=False).encode()
            except (TypeError, ValueError) as error:
                raise BadLabel(
                    f"{found.clip}, frame {frame}: the origin holds what is no text or number: correct it."
                ) from error
            try:
                sound(thing, size_wh_px, f"{found.clip}, frame {frame}")
            except BadDataset as error:
                raise BadLabel(str(error)) from error
    return found


def _gap(time_s: Floats, frame: int) -> float:
    near = [abs(float(time_s[other] - time_s[frame])) for other in (frame - 1, frame + 1) if 0 <= other < len(time_s)]
    return min(near)


def file_stem(clip: str) -> str:
    """Clip's name -> what a file of its labels is called."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", clip)[:80]


def number(text: object, what: str) -> float:
    """-> it as a number. Raises: BadLabel.

    >>> number("0.5", "x")
    0.5
    """
    try:
        found = float(str(text))
    except ValueError as error:
        comma = re.fullmatch(r"\s*-?\d+,\d+\s*", str(text))
        todo = "write it with a point" if comma else "correct it"
        raise BadLabel(f"{what} is {text!r}, which is no number: {todo}.") from error
    if not math.isfinite(found):
        raise BadLabel(f"{what} is {text!r}, which is no number: correct it.")
    return found


def whole(text: object, what: str) -> int:
    """-> it as a whole number, 0 or more; 46.0 is 46. Raises: BadLabel."""
    found = reading.whole(str(text))
    if found is None:
        raise BadLabel(f"{what} is {str(text)!r}, which is no whole number: correct it.")
    return found
