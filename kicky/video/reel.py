"""A short film's decoded frames, kept for as long as its stages look at them: it is decoded once, not four times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ..domain import Clip

MOST_BYTES = 400_000_000  # four seconds of 1080p30; a longer film is decoded again by each stage
Decode = Callable[[Clip], Iterator[tuple[int, Any]]]
_reel: ContextVar[Reel | None] = ContextVar("reel", default=None)


class Reel:
    """The frames of the film last looked at from end to end, if they are few enough."""

    def __init__(self) -> None:
        self._of, self._frames = "", list[Any]()

    def frames(self, clip: Clip, decode: Decode) -> Iterator[tuple[int, Any]]:
        """Clip, what decodes it -> (frame number, decoded frame) for each frame of its take."""
        if self._of == clip.sha256:
            yield from ((number, self._frames[number]) for number in range(*clip.take))
            return
        fresh: list[Any] = []
        keep = clip.take == (0, len(clip.time_s))
        for number, frame in decode(clip):
            keep = keep and len(clip.time_s) * sum(plane.buffer_size for plane in frame.planes) <= MOST_BYTES
            if keep:
                fresh.append(frame)
            yield number, frame
        if keep:
            self._of, self._frames = clip.sha256, fresh


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
