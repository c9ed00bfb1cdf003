"""Who does a lane's jobs: an Executor, and how many jobs it takes at a time.

On one machine a pool of processes; with KICKY_SCHEDULER set, the workers of a Dask cluster, through its client's own
Executor. Nothing else in the program knows the difference.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from ..errors import NoScheduler
from ..system import cores
from .doing import ready
from .lanes import SHOTS

SCHEDULER, WORKERS = "KICKY_SCHEDULER", "KICKY_WORKERS"
ANSWER_S = 10
WORTH_ONE = 4  # things worth a process of their own: it needs two seconds to get ready

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, eq=False)
class Crew:
    """An Executor and its places, asked anew each time: a cluster's workers come and go."""

    executor: Executor
    places: Callable[[], int]


class Here(Executor):
    """Jobs one by one in this very process: `submit` returns when the job is done."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@contextmanager
def here() -> Iterator[Crew]:
    """-> a crew of one, in this process."""
    yield Crew(Here(), lambda: 1)


@contextmanager
def hired(lane: str) -> Iterator[Crew]:
    """Lane -> its crew, at work until the block ends. Raises: NoScheduler when the cluster does not answer."""
    address = os.environ.get(SCHEDULER)
    with _cluster(address) if address else _pool(lane) as crew:
        yield crew


@contextmanager
def _pool(lane: str) -> Iterator[Crew]:
    """Lane -> processes of this machine: KICKY_WORKERS for shots, one for what fills the machine by itself."""
    count = max(1, int(os.environ.get(WORKERS) or 1)) if lane == SHOTS else 1
    # Forked, a process has all of this one's imports at once; elsewhere than on Linux that is not safe.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(count, context, _settle, (lane,)) as executor:
        executor.submit(ready, lane)  # starts the first, which gets ready while the queue is read
        yield Crew(executor, lambda: count)


def shared(do: Callable[[Thing], Answer], things: Sequence[Thing]) -> Iterator[Answer]:
    """What is to be done with each thing -> the answers in their order, by as many processes as there are cores.

    Raises whatever `do` raises; what was not begun by then is not done.
    """
    count = min(cores(), len(things) // WORTH_ONE)
    if count < 2:
        yield from map(do, things)
        return
    # Spawned, not forked: whoever asks has threads by now.
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _end_with_parent) as executor:
        try:
            yield from executor.map(do, things)
        finally:
            executor.shutdown(cancel_futures=True)


def _settle(lane: str) -> None:
    """What a process of the pool does first."""
    _end_with_parent()
    ready(lane)


def _end_with_parent() -> None:
    """A process of a pool ends with the one that started it, killed or not."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.join,), daemon=True).start()


def _follow(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)


@contextmanager
def _cluster(address: str) -> Iterator[Crew]:
    """Scheduler's address -> whoever works for it now. Raises: NoScheduler."""
    try:
        dask: Any = import_module("distributed")
    except ImportError as error:
        raise NoScheduler(f"{SCHEDULER} is set and Dask is not installed: run `make club`, or unset it.") from error
    silent = NoScheduler(f"No scheduler answers at {address}: start it there, or unset {SCHEDULER}.")
    try:
        client = dask.Client(address, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise silent from error
    with client:
        client.register_worker_callbacks(ready)  # those that come later too
        yield Crew(client.get_executor(pure=False), partial(_threads, client, silent))


def _threads(client: Any, silent: NoScheduler) -> int:
    """Dask's client -> how many jobs its workers take together. Raises: NoScheduler."""
    try:
        return sum(client.nthreads().values())
    except (OSError, ValueError, RuntimeError) as error:
        raise silent from error
