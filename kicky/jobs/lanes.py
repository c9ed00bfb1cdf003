"""The queue's lanes: whose a job is, the lock that says whether its worker lives, and what a dead one left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlmodel import Session, col, select

from .. import system
from ..home import database
from ..storage.columns import now
from ..storage.database import prepare, writing
from ..storage.kinds import EVALUATING, FETCHING, FILMING, SENDING, TEACHING
from ..storage.tables import JobRow

SHOTS, TEACH, FILMS, EVALUATE, SEND, FETCH = "worker", "teach", "films", "evaluate", "send", "fetch"
LANES = (SHOTS, TEACH, FILMS, EVALUATE, SEND, FETCH)
"""Each has a worker, a lock and a log of its name."""
KINDS = {TEACH: TEACHING, FILMS: FILMING, EVALUATE: EVALUATING, SEND: SENDING, FETCH: FETCHING}
"""What waits in a lane; whatever is in none of them is a shot's."""
INTERRUPTED = "The work was interrupted: run it again."
RESUMED = "The work was interrupted, and was begun again."


def lane_of(kind: str) -> str:
    """Kind of job -> the lane it waits in."""
    return next((lane for lane, kinds in KINDS.items() if kind in kinds), SHOTS)


@contextmanager
def lock(lane: str, *, looking: bool) -> Iterator[bool]:
    """Lane, whether somebody only looks (its worker does not) -> whether its lock was to be had."""
    prepare()
    with _opened(database().parent / f"{lane}.lock") as file:
        yield system.lock(file.fileno(), shared=looking)


def _opened(path: Path) -> IO[str]:
    """Lock's file -> opened; where nothing can be written it is looked at all the same, if it is there."""
    try:
        return path.open("a")
    except OSError:
        if not path.exists():
            raise
        return path.open()


def interrupt(lane: str, job_id: int | None = None) -> None:
    """Running rows of a lane, or one of them -> interrupted, and a shot's begun again; only for who holds its lock.

    What was interrupted the time before as well is left: it may be what brings the worker down.
    """
    with writing() as db:
        running = mine(lane).where(JobRow.state == "running")
        for row in db.exec(running if job_id is None else running.where(JobRow.id == job_id)).all():
            again = lane == SHOTS and not row.stop and not _interrupted_before(db, row)
            ended = ("cancelled", "") if row.stop else ("interrupted", RESUMED if again else INTERRUPTED)
            row.sqlmodel_update({"state": ended[0], "message": ended[1], "ended_at": now()})
            if again:
                db.add(JobRow(kind=row.kind, clip_id=row.clip_id, settings=row.settings))


def _interrupted_before(db: Session, row: JobRow) -> bool:
    """-> whether the same work ended so the last time it was tried."""
    same = select(JobRow).where(JobRow.kind == row.kind, JobRow.clip_id == row.clip_id, col(JobRow.id) < (row.id or 0))
    tried = (other for other in db.exec(same.order_by(col(JobRow.id).desc())).all() if other.settings == row.settings)
    last = next(tried, None)
    return last is not None and last.state == "interrupted"


def mine(lane: str) -> Any:
    """Lane -> the query for its jobs."""
    if lane in KINDS:
        return select(JobRow).where(col(JobRow.kind).in_(KINDS[lane]))
    return select(JobRow).where(col(JobRow.kind).not_in([kind for kinds in KINDS.values() for kind in kinds]))
