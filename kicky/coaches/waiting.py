"""Pieces that may be long in coming -> the same, with a sign of life while none comes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Final

EVERY_S = 1.0
_END: Final = object()


def ticking(pieces: Generator[str, None, None], every_s: float = EVERY_S) -> Iterator[str | None]:
    """Pieces -> the same in order, and None whenever `every_s` passed without one; what they raise is raised here.

    They are made in a thread of their own, so whoever waits can stop waiting: once this is closed, the pieces are
    closed as soon as the next one comes.
    """
    made: SimpleQueue[object] = SimpleQueue()
    left = Event()

    def work() -> None:
        try:
            with closing(pieces):
                for piece in pieces:
                    if left.is_set():
                        return
                    made.put(piece)
            made.put(_END)
        except BaseException as error:  # noqa: BLE001 it belongs to the thread that waits
            made.put(error)

    Thread(target=work, name="coach", daemon=True).start()
    try:
        while True:
            try:
                got = made.get(timeout=every_s)
            except Empty:
                yield None
                continue
            if isinstance(got, BaseException):
                raise got
            if got is _END:
                return
            yield str(got)
    finally:
        left.set()
