"""An iterator -> the same, worked out a few steps ahead in a thread of its own, so that nobody waits for a decoder."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

Thing = TypeVar("Thing")
LOOK_S = 0.2


def ahead(things: Iterable[Thing], most: int) -> Iterator[Thing]:
    """Things, how many to keep -> the same in their order; what goes wrong in the thread goes wrong here.

    The thread ends with the iterator, also when that is left in the middle.

    >>> list(ahead(range(5), 2))
    [0, 1, 2, 3, 4]
    """
    kept: queue.Queue[tuple[Thing | None, BaseException | None]] = queue.Queue(most)
    left = threading.Event()

    def put(thing: Thing | None, error: BaseException | None) -> None:
        while not left.is_set():
            try:
                kept.put((thing, error), timeout=LOOK_S)
            except queue.Full:
                continue
            return

    def work() -> None:
        try:
            for thing in things:
                put(thing, None)
                if left.is_set():
                    return
            put(None, _End())
        except BaseException as error:  # noqa: BLE001 - it is raised where the things are wanted
            put(None, error)

    thread = threading.Thread(target=work, daemon=True, name="ahead")
    thread.start()
    try:
        while True:
            thing, error = kept.get()
            if isinstance(error, _End):
                return
            if error is not None:
                raise error
            yield thing  # type: ignore[misc] # None only beside an error
    finally:
        left.set()
        thread.join()


class _End(Exception):
    """There is nothing more."""
