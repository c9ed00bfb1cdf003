"""A lane's worker: gives its jobs to its crew until there is nothing left to do."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from sqlmodel import Session, col, select

from .. import system
from ..errors import NoScheduler
from ..storage import files
from ..storage.columns import now
from ..storage.database import reading, writing
from ..storage.kinds import BUNDLE, UNLISTED
from ..storage.tables import ClipRow, JobRow
from .crew import Crew, here, hired
from .doing import do, patience
from .lanes import SHOTS, interrupt, lock, mine

log = logging.getLogger("kicky.worker")
PATIENCE_S = 2.0  # a page that looks whether a worker lives holds the lock for a moment
LOOK_S = 0.1
RENEWED_AFTER = 100  # jobs: what libraries keep of each, some 2.6 MB, goes with the process


def work(
    idle_s: float, lane: str = SHOTS, stuck_s: int = 0, crew: Callable[[], AbstractContextManager[Crew]] = here
) -> None:
    """A lane's worker: has its jobs done, oldest first, until none came for `idle_s` seconds.

    Who does them is told by `crew`: this process, unless others are hired. `stuck_s` as for `do`; a job whose process
    ends with it is interrupted, and the next crew goes on with the next job.
    """
    while True:
        with _wait_for_lock(lane) as ours:
            if not ours:
                return
            interrupt(lane)
            sweep()
            try:
                while not _worked(idle_s, lane, stuck_s, crew):
                    pass
            except NoScheduler as error:
                log.warning("%s", error)
                _refuse(lane, str(error))
        # Who queued a job while the lock was still held has counted on this worker: look once more.
        if not _waiting(lane):
            return


def _worked(idle_s: float, lane: str, stuck_s: int, hire: Callable[[], AbstractContextManager[Crew]]) -> bool:
    """-> whether the lane is done; False when another crew is to be hired: it broke down or has done enough.

    Raises: NoScheduler.
    """
    idle_since, over = time.monotonic(), 0
    running: dict[Future[None], JobRow] = {}
    with hire() as crew:
        while running or (over < RENEWED_AFTER and time.monotonic() - idle_since < idle_s):
            try:
                while (
                    over + len(running) < RENEWED_AFTER
                    and len(running) < crew.places()
                    and (row := _claim(lane, running.values()))
                ):
                    running[crew.executor.submit(do, row.id or 0, stuck_s)] = row
                for future in _over(running):
                    _see(future, running.pop(future), lane)
                    idle_since, over = time.monotonic(), over + 1
            except BrokenProcessPool:
                log.exception("a process of the %s lane ended in the middle of a job", lane)
                interrupt(lane)
                return False
    return over < RENEWED_AFTER


def _over(running: Iterable[Future[None]]) -> set[Future[None]]:
    """Futures -> those that are done, after a moment's wait for one."""
    if not running:
        time.sleep(LOOK_S)
        return set()
    return wait(running, LOOK_S, FIRST_COMPLETED).done


def _see(future: Future[None], row: JobRow, lane: str) -> None:
    """What is over -> seen to: whoever could not say how his job ended was interrupted. Raises: BrokenProcessPool."""
    try:
        future.result()
    except BrokenProcessPool:
        raise
    except (Exception, CancelledError):  # whatever a cluster says of a worker that is gone
        log.exception("job %d (%s) was interrupted", row.id, row.kind)
        interrupt(lane, row.id)


def _refuse(lane: str, why: str) -> None:
    """What waits in a lane that nobody works on -> failed, and says why."""
    interrupt(lane)
    with writing() as db:
        for row in db.exec(mine(lane).where(JobRow.state == "queued")).all():
            row.sqlmodel_update({"state": "failed", "message": why, "ended_at": now()})


def sweep() -> None:
    """Remove what killed processes left half-written."""
    for path in files.sweep():
        log.info("removed %s, left half-written", path.name)


@contextmanager
def _wait_for_lock(lane: str) -> Iterator[bool]:
    """-> whether this is the one worker; pages that look hold the lock only for moments."""
    until = time.monotonic() + PATIENCE_S
    while True:
        with lock(lane, looking=False) as ours:
            if ours or time.monotonic() > until:
                yield ours
                return
        time.sleep(0.02)


def _waiting(lane: str) -> bool:
    with reading() as db:
        return db.exec(mine(lane).where(JobRow.state == "queued")).first() is not None


def _claim(lane: str, running: Iterable[JobRow]) -> JobRow | None:
    """Lane, its jobs under way -> the oldest that waits, now running; None when there is none.

    What nobody watches comes last. No two jobs are about the same clip, and what changes all shots of a session runs
    when no other job of that session does.
    """
    if not _waiting(lane):
        return None
    with writing() as db:
        busy = _taken(db, running)
        last = [col(JobRow.kind) == kind for kind in reversed(UNLISTED)]
        for row in db.exec(mine(lane).where(JobRow.state == "queued").order_by(*last, col(JobRow.id))).all():
            if not busy & _taken(db, [row]):
                row.sqlmodel_update({"state": "running", "started_at": now()})
                return row  # type: ignore[no-any-return] # the query of a lane is untyped
    return None


def _taken(db: Session, rows: Iterable[JobRow]) -> set[int]:
    """Jobs -> the clips they are about; of one that is about its session, all clips of that."""
    taken: set[int] = set()
    for row in rows:
        clips = [row.clip_id]
        if row.kind == BUNDLE:
            session = select(ClipRow.session_id).where(ClipRow.id == row.clip_id)
            clips = list(db.exec(select(ClipRow.id).where(col(ClipRow.session_id).in_(session))).all())
        taken |= {clip for clip in clips if clip is not None}
    return taken


def main() -> None:
    """The worker process: KICKY_WORKER_IDLE_S is how long it waits for more work."""
    system.step_back()  # the pages go first
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    lane = sys.argv[1] if len(sys.argv) > 1 else SHOTS
    work(float(os.environ.get("KICKY_WORKER_IDLE_S", "30")), lane, patience(lane), partial(hired, lane))
