"""Work that outlives a page: a queue in the database, and one worker process that empties it.

The worker holds a lock on a file for as long as it lives, so a dead worker's lock is free by itself
and a job that still says "running" while the lock is free was interrupted.

    python -m kicky.jobs        the worker; it ends by itself when there is nothing left to do
"""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlmodel import Session, col, select

from .. import storage
from ..errors import Cancelled, KickyError
from ..home import PROJECT, database, home, media
from ..registry import load
from ..storage.database import prepare, reading, told, writing
from ..storage.tables import BUNDLE, COPY, REDRAW, RESTRIKE, UNLISTED, ClipRow, JobRow, now
from ..storage.views import ACTIVE, JobView

log = logging.getLogger("kicky.worker")
PROGRESS_S = 0.2
PATIENCE_S = 2.0  # a page that looks whether a worker lives holds the lock for a moment
LOG_BYTES = 2_000_000
LEFTOVER_S = 24 * 3600
HANDLERS = {
    "analyze": "kicky.jobs.tasks:analyze",
    RESTRIKE: "kicky.jobs.tasks:restrike",
    BUNDLE: "kicky.jobs.tasks:bundle",
    REDRAW: "kicky.jobs.tasks:redraw",
    COPY: "kicky.jobs.tasks:copy",
}
INTERRUPTED = "The work was interrupted: run it again."


def submit(kind: str, clip_ids: Sequence[int], settings: dict[str, Any]) -> list[int]:
    """Kind, clips, settings -> the jobs' numbers; a clip that waits for the same work already is not queued twice."""
    numbers = []
    with writing() as db:
        for clip_id in dict.fromkeys(clip_ids):
            storage.found(db, ClipRow, clip_id, "clip")
            waiting = select(JobRow).where(
                JobRow.clip_id == clip_id, JobRow.kind == kind, col(JobRow.state).in_(ACTIVE)
            )
            row = next((r for r in db.exec(waiting).all() if r.settings == settings and not r.stop), None)
            row = row or JobRow(kind=kind, clip_id=clip_id, settings=settings)
            db.add(row)
            db.flush()
            numbers.append(row.id or 0)
    ensure_worker()
    return numbers


def cancel(job_id: int) -> None:
    """Job -> cancelled at once when it waits, as soon as the worker notices when it runs. Raises: NotFound."""
    repair()
    with writing() as db:
        row = storage.found(db, JobRow, job_id, "job")
        if row.state == "queued":
            row.sqlmodel_update({"state": "cancelled", "ended_at": now()})
        elif row.state == "running":
            row.sqlmodel_update({"stop": True, "message": "Stopping…"})


def run_again(job_id: int) -> int:
    """Job -> a new job for the same work, or itself while it is not over. Raises: NotFound."""
    repair()
    with reading() as db:
        row = storage.found(db, JobRow, job_id, "job")
    return submit(row.kind, [row.clip_id], row.settings)[0]


def jobs(session_id: int | None = None, active_only: bool = False) -> list[JobView]:
    """-> jobs, newest first; none is shown as running whose worker is gone."""
    repair()
    asked = select(JobRow, ClipRow.name).join(ClipRow).where(col(JobRow.kind).not_in(UNLISTED))
    query = asked.order_by(col(JobRow.id).desc())
    if session_id is not None:
        query = query.where(ClipRow.session_id == session_id)
    if active_only:
        query = query.where(col(JobRow.state).in_(ACTIVE))
    with reading() as db:
        return [storage.job_view(row, name) for row, name in db.exec(query).all()]


def newest(kind: str, session_id: int) -> JobView | None:
    """Kind, session -> its newest job of that kind, None when there was none."""
    repair()
    mine = select(JobRow, ClipRow.name).join(ClipRow).where(JobRow.kind == kind, ClipRow.session_id == session_id)
    with reading() as db:
        found = db.exec(mine.order_by(col(JobRow.id).desc())).first()
    return storage.job_view(*found) if found else None


def under_way(clip_id: int) -> JobView | None:
    """Clip -> the work that waits or runs and will change its shot, the nearest to its end; None when there is none."""
    repair()
    kinds = ("analyze", RESTRIKE, REDRAW)
    mine = select(JobRow, ClipRow.name).join(ClipRow).where(JobRow.clip_id == clip_id, col(JobRow.kind).in_(kinds))
    with reading() as db:
        found = db.exec(mine.where(col(JobRow.state).in_(ACTIVE)).order_by(col(JobRow.id))).first()
    return storage.job_view(*found) if found else None


@contextmanager
def _lock(how: int) -> Iterator[bool]:
    """LOCK_EX (the worker) or LOCK_SH (who looks) -> whether it was to be had."""
    prepare(database())
    with (database().parent / "worker.lock").open("a") as file:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def repair() -> None:
    """Mark what a dead worker left running as interrupted, and see to it that what waits is worked on."""
    with reading() as db:
        states = set(db.exec(select(JobRow.state).where(col(JobRow.state).in_(ACTIVE)).distinct()).all())
    if not states:
        return
    with told(database()), _lock(fcntl.LOCK_SH) as free:
        if free and "running" in states:
            _interrupt()
    # A worker that was started a moment ago may not hold its lock yet: do not start one with each look.
    started = database().parent / "worker.log"
    if free and "queued" in states and not (started.exists() and time.time() - started.stat().st_mtime < 10):
        ensure_worker()


def _interrupt() -> None:
    """Running rows -> interrupted; only for who holds the lock."""
    with writing() as db:
        for row in db.exec(select(JobRow).where(JobRow.state == "running")).all():
            ended = ("cancelled", "") if row.stop else ("interrupted", INTERRUPTED)
            row.sqlmodel_update({"state": ended[0], "message": ended[1], "ended_at": now()})


def ensure_worker() -> None:
    """Start a worker process unless one lives. It outlives this process and every page.

    KICKY_NO_WORKER keeps it from starting: tests look at the queue.
    """
    if os.environ.get("KICKY_NO_WORKER"):
        return
    path = database().parent / "worker.log"
    with told(path):
        with _lock(fcntl.LOCK_SH) as free:
            pass
        if not free:
            return
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".old.log"))
        # OMP: idle threads sleep instead of spinning, the pages need the other core.
        env = os.environ | {"KICKY_HOME": str(home().resolve()), "OMP_WAIT_POLICY": "PASSIVE"}
        with path.open("ab") as output:
            os.utime(path)
            worker = subprocess.Popen(
                [sys.executable, "-m", "kicky.jobs"],
                cwd=PROJECT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
    threading.Thread(target=worker.wait, daemon=True).start()  # or it stays behind as a zombie


def work(idle_s: float) -> None:
    """The worker: takes jobs, oldest first, until none came for `idle_s` seconds."""
    while True:
        with _wait_for_lock() as mine:
            if not mine:
                return
            _interrupt()
            sweep()
            idle_since = time.monotonic()
            while time.monotonic() - idle_since < idle_s:
                if row := _claim():
                    _run(row)
                    idle_since = time.monotonic()
                else:
                    time.sleep(0.1)
        # Who queued a job while the lock was still held has counted on this worker: look once more.
        if not _waiting():
            return


def sweep() -> None:
    """Remove what killed processes left half-written in the media folder, once it is a day old."""
    for path in media().glob(".*"):
        if path.is_file() and time.time() - path.stat().st_mtime > LEFTOVER_S:
            path.unlink(missing_ok=True)
            log.info("removed %s, left half-written", path.name)


@contextmanager
def _wait_for_lock() -> Iterator[bool]:
    """-> whether this is the one worker; pages that look hold the lock only for moments."""
    until = time.monotonic() + PATIENCE_S
    while True:
        with _lock(fcntl.LOCK_EX) as mine:
            if mine or time.monotonic() > until:
                yield mine
                return
        time.sleep(0.02)


def _waiting() -> bool:
    with reading() as db:
        return db.exec(select(JobRow.id).where(JobRow.state == "queued")).first() is not None


def _claim() -> JobRow | None:
    """-> the oldest job that waits, now running; None when there is none. What nobody watches comes last."""
    if not _waiting():
        return None
    with writing() as db:
        row = _oldest(db)
        if row is not None:
            row.sqlmodel_update({"state": "running", "started_at": now()})
        return row


def _oldest(db: Session) -> JobRow | None:
    waiting = select(JobRow).where(JobRow.state == "queued")
    last = [col(JobRow.kind) == kind for kind in reversed(UNLISTED)]
    return db.exec(waiting.order_by(*last, col(JobRow.id))).first()


def _run(row: JobRow) -> None:
    """Job -> done, failed or cancelled, and the row says so."""
    number = row.id or 0
    end: dict[str, Any]
    try:
        shot_id = load(HANDLERS, row.kind)(row, _teller(number))
        end = {"state": "done", "progress": 1.0, "message": "", "shot_id": shot_id}
    except Cancelled:
        end = {"state": "cancelled", "message": ""}
    except KickyError as error:
        end = {"state": "failed", "message": str(error)}
    except Exception:  # a bug in one job must not take the queue with it
        log.exception("job %d (%s) failed", number, row.kind)
        where = database().parent / "worker.log"
        end = {
            "state": "failed",
            "message": f"Something went wrong that should not have; the log has the details: {where}",
        }
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


def _teller(number: int) -> Callable[[str, float], None]:
    """Job -> where its work reports to: a few writes a second, never backwards; raises Cancelled."""
    last = {"at": 0.0, "progress": 0.0}

    def tell(stage: str, progress: float) -> None:
        last["progress"] = max(last["progress"], min(1.0, progress))
        if time.monotonic() - last["at"] < PROGRESS_S:
            return
        last["at"] = time.monotonic()
        if _update(number, {"stage": stage, "progress": last["progress"]}):
            raise Cancelled("Stopped.")

    return tell


def main() -> None:
    """The worker process: KICKY_WORKER_IDLE_S is how long it waits for more work."""
    os.nice(5)  # the pages go first
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    import cv2

    cv2.setNumThreads(2)
    work(float(os.environ.get("KICKY_WORKER_IDLE_S", "30")))
