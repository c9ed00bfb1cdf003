"""One job, in whatever process: done, failed or cancelled, and its row says so."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from .. import storage
from ..errors import Cancelled, KickyError
from ..home import database
from ..registry import load
from ..storage.columns import now
from ..storage.database import reading, writing
from ..storage.tables import JobRow
from .handlers import HANDLERS
from .lanes import FILMS, SHOTS, lane_of

log = logging.getLogger("kicky.worker")
PROGRESS_S = 0.2
_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
STUCK_S = 600  # a model takes a minute to load, no stage of a shot or a film longer to say something


@lru_cache(maxsize=1)
def ready(lane: str = SHOTS) -> None:
    """Lane -> this process as its jobs need it, once: they leave the pages a core, and a shot's libraries are there."""
    import cv2

    cv2.setNumThreads(2)
    if lane == SHOTS:  # takes two seconds, and the first shot's film is looked through meanwhile
        threading.Thread(target=import_module, args=("mediapipe.tasks.python",), daemon=True).start()


def do(number: int, stuck_s: int = 0) -> None:
    """Job -> done, failed or cancelled, and the row says so; one that is no longer to be done is left.

    A job that says nothing for `stuck_s` seconds (0: however long) takes the process with it, by a signal that no
    decoder's loop can hold up.
    """
    with reading() as db:
        row = storage.found(db, JobRow, number, "job")
    if row.state != "running":
        return
    end: dict[str, Any]
    try:
        shot_id = load(HANDLERS, row.kind)(row, _teller(number, stuck_s))
        end = {"state": "done", "progress": 1.0, "message": "", "shot_id": shot_id}
    except Cancelled:
        end = {"state": "cancelled", "message": ""}
    except KickyError as error:
        end = {"state": "failed", "message": str(error)}
    except Exception:  # a bug in one job must not take the queue with it
        log.exception("job %d (%s) failed", number, row.kind)
        where = database().parent / f"{lane_of(row.kind)}.log"
        end = {
            "state": "failed",
            "message": f"Something went wrong that should not have; the log has the details: {where}",
        }
    signal.alarm(0)
    _give_back()
    try:
        _update(number, end | {"ended_at": now()})
    except KickyError:
        log.exception("job %d could not be marked as %s", number, end["state"])  # it will be found interrupted


def _give_back() -> None:
    """Memory that this job freed goes back to the system, where its C library can do that: pools keep it otherwise.

    What only a circle of references kept goes first. Nothing large should: the collector counts objects, not their
    bytes, and would come by too late during a job.
    """
    gc.collect()
    if _TRIM is not None:
        _TRIM(0)


def _update(number: int, changes: dict[str, Any]) -> bool:
    """Job, columns -> changed while it runs; returns whether to stop: the player wants it, or it was given up."""
    with writing() as db:
        row = storage.found(db, JobRow, number, "job")
        if row.state != "running":
            return True
        stop = row.stop
        row.sqlmodel_update(changes)
    return stop


def _teller(number: int, stuck_s: int) -> Callable[[str, float], None]:
    """Job -> where its work reports to: a few writes a second, never backwards; raises Cancelled.

    Each report puts off the alarm that ends a process which is stuck.
    """
    last = {"at": 0.0, "progress": 0.0}
    signal.alarm(stuck_s)

    def tell(stage: str, progress: float) -> None:
        signal.alarm(stuck_s)
        last["progress"] = max(last["progress"], min(1.0, progress))
        if time.monotonic() - last["at"] < PROGRESS_S:
            return
        last["at"] = time.monotonic()
        if _update(number, {"stage": stage, "progress": last["progress"]}):
            raise Cancelled("Stopped.")

    return tell


def patience(lane: str) -> int:
    """Lane -> seconds after which a job of it that says nothing is stuck; KICKY_WORKER_STUCK_S, 0 for however long."""
    return int(os.environ.get("KICKY_WORKER_STUCK_S", str(STUCK_S))) if lane in (SHOTS, FILMS) else 0
