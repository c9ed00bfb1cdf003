"""A short film's decoded frames, kept for as long as its stages look at them: it is decoded once, not four times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from ..domain import Clip

MOST_BYTES = 400_000_000  # four seconds of 1080p30; a longer film is decoded again by each stage
Decode = Callable[[Clip], Iterator[tuple[int, Any]]]
_reel: ContextVar[Reel | None] = ContextVar("reel", default=None)


class Reel:
    """The frames of the film last looked at from end to end, if they are few enough."""

    def __init__(self) -> None:
        self._of: Clip | None = None
        self._frames = list[Any]()

    def frames(self, clip: Clip, decode: Decode) -> Iterator[tuple[int, Any]]:
        """Clip, what decodes it -> (frame number, decoded frame) for each frame of its take."""
        places = self._places(clip)
        if places is not None:
            yield from ((number, self._frames[at]) for number, at in zip(range(*clip.take), places, strict=True))
            return
        fresh: list[Any] = []
        keep = clip.take == (0, len(clip.time_s))
        for number, frame in decode(clip):
            keep = keep and len(clip.time_s) * sum(plane.buffer_size for plane in frame.planes) <= MOST_BYTES
            if keep:
                fresh.append(frame)
            yield number, frame
        if keep:
            self._of, self._frames = clip, fresh

    def _places(self, clip: Clip) -> list[int] | None:
        """Clip -> where the frames of its take are kept, None unless all are.

        By time, not by number: a clip made of some of a film's frames numbers them anew.
        """
        if self._of is None or self._of.sha256 != clip.sha256:
            return None
        wanted = clip.time_s[clip.take[0] : clip.take[1]]
        places = np.searchsorted(self._of.time_s, wanted - 1e-7)
        there = places[-1] < len(self._of.time_s) and np.allclose(self._of.time_s[places], wanted, rtol=0, atol=1e-6)
        return list(places.tolist()) if there else None


@contextmanager
def decoded_once() -> Iterator[None]:
    """-> a block in which a short film that was looked at from end to end is not decoded again."""
    token = _reel.set(Reel())
    try:
        yield
    finally:
        _reel.reset(token)


def through(clip: Clip, decode: Decode) -> Iterator[tuple[int, Any]]:
    """Clip, what decodes it -> its take's frames, from the reel where one is in use."""
    reel = _reel.get()
    return decode(clip) if reel is None else reel.frames(clip, decode)
