"""An iterator -> the same, worked out by other threads: a few steps ahead, or several at a time."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")
LOOK_S = 0.2


def ahead(things: Iterable[Thing], most: int = 4) -> Iterator[Thing]:
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

    # In the caller's context: the reel in use there is in use here.
    thread = threading.Thread(target=copy_context().run, args=(work,), daemon=True, name="ahead")
    thread.start()
    error: BaseException | None = None
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
        del error  # it holds this very frame, and with it all that its callers had: pictures, the film


def side_by_side(work: Callable[[Thing], Made], things: Iterable[Thing], threads: int) -> Iterator[Made]:
    """Work, things, threads -> what is made of each, in their order, so many at a time. The things are asked for here.

    >>> list(side_by_side(abs, [-1, 2, -3], 2))
    [1, 2, 3]
    """
    if threads < 2:
        yield from map(work, things)
        return
    with ThreadPoolExecutor(threads, "beside") as pool:
        waiting: deque[Future[Made]] = deque()
        for thing in things:
            waiting.append(pool.submit(work, thing))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _End(Exception):
    """There is nothing more."""
