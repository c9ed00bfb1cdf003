"""A lane's worker: takes its jobs one by one until there is nothing left to do."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sqlmodel import Session, col

from .. import storage
from ..errors import Cancelled, KickyError
from ..home import database, media
from ..registry import load
from ..storage.database import reading, writing
from ..storage.tables import UNLISTED, JobRow, now
from .handlers import HANDLERS
from .lanes import FILMS, SHOTS, interrupt, lane_of, lock, mine

log = logging.getLogger("kicky.worker")
PROGRESS_S = 0.2
PATIENCE_S = 2.0  # a page that looks whether a worker lives holds the lock for a moment
LEFTOVER_S = 24 * 3600
STUCK_S = 600  # a model takes a minute to load, no stage of a shot or a film longer to say something


def work(idle_s: float, lane: str = SHOTS, stuck_s: int = 0) -> None:
    """A lane's worker: takes its jobs, oldest first, until none came for `idle_s` seconds.

    A job that says nothing for `stuck_s` seconds (0: however long) takes the process with it, by a signal that no
    decoder's loop can hold up; it is then found interrupted, and the next worker goes on with the next job.
    """
    while True:
        with _wait_for_lock(lane) as ours:
            if not ours:
                return
            interrupt(lane)
            sweep()
            idle_since = time.monotonic()
            while time.monotonic() - idle_since < idle_s:
                if row := _claim(lane):
                    _run(row, stuck_s)
                    idle_since = time.monotonic()
                else:
                    time.sleep(0.1)
        # Who queued a job while the lock was still held has counted on this worker: look once more.
        if not _waiting(lane):
            return


def sweep() -> None:
    """Remove what killed processes left half-written in the media folder, once it is a day old."""
    for path in media().glob(".*"):
        if path.is_file() and time.time() - path.stat().st_mtime > LEFTOVER_S:
            path.unlink(missing_ok=True)
            log.info("removed %s, left half-written", path.name)


@contextmanager
def _wait_for_lock(lane: str) -> Iterator[bool]:
    """-> whether this is the one worker; pages that look hold the lock only for moments."""
    until = time.monotonic() + PATIENCE_S
    while True:
        with lock(fcntl.LOCK_EX, lane) as ours:
            if ours or time.monotonic() > until:
                yield ours
                return
        time.sleep(0.02)


def _waiting(lane: str) -> bool:
    with reading() as db:
        return db.exec(mine(lane).where(JobRow.state == "queued")).first() is not None


def _claim(lane: str) -> JobRow | None:
    """-> the oldest job that waits, now running; None when there is none. What nobody watches comes last."""
    if not _waiting(lane):
        return None
    with writing() as db:
        row = _oldest(db, lane)
        if row is not None:
            row.sqlmodel_update({"state": "running", "started_at": now()})
        return row


def _oldest(db: Session, lane: str) -> JobRow | None:
    waiting = mine(lane).where(JobRow.state == "queued")
    last = [col(JobRow.kind) == kind for kind in reversed(UNLISTED)]
    oldest: JobRow | None = db.exec(waiting.order_by(*last, col(JobRow.id))).first()
    return oldest


def _run(row: JobRow, stuck_s: int) -> None:
    """Job -> done, failed or cancelled, and the row says so."""
    number = row.id or 0
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
    try:
        _update(number, end | {"ended_at": now()})
    except KickyError:
        log.exception("job %d could not be marked as %s", number, end["state"])  # it will be found interrupted


def _update(number: int, changes: dict[str, Any]) -> bool:
    """Job, columns -> changed; returns whether the player wants it stopped."""
    with writing() as db:
        row = storage.found(db, JobRow, number, "job")
        stop = row.stop
        row.sqlmodel_update(changes)
    return stop


def _teller(number: int, stuck_s: int) -> Callable[[str, float], None]:
    """Job -> where its work reports to: a few writes a second, never backwards; raises Cancelled.

    Each report puts off the alarm that ends a worker which is stuck.
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


def main() -> None:
    """The worker process: KICKY_WORKER_IDLE_S is how long it waits for more work, KICKY_WORKER_STUCK_S for a word."""
    os.nice(5)  # the pages go first
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    lane = sys.argv[1] if len(sys.argv) > 1 else SHOTS
    import cv2

    cv2.setNumThreads(2)
    if lane == SHOTS:  # takes two seconds, and the first shot's film is looked through meanwhile
        threading.Thread(target=import_module, args=("mediapipe.tasks.python",), daemon=True).start()
    stuck_s = int(os.environ.get("KICKY_WORKER_STUCK_S", str(STUCK_S))) if lane in (SHOTS, FILMS) else 0
    work(float(os.environ.get("KICKY_WORKER_IDLE_S", "30")), lane, stuck_s)
