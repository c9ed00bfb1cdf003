"""Work that outlives a page: a queue in the database, and a worker process for each of its lanes.

Shots, teaching, whole films, evaluations, films to send and models to fetch are six lanes: a training of hours must
not keep Saturday's shots waiting. A worker gives its jobs to a crew: processes beside it, or a cluster. It holds a lock
on a file for as long as it lives, so a dead worker's lock is free by itself and a job that still says "running" while
its lane's lock is free was interrupted.

    python -m kicky.jobs [teach | films | evaluate | send | fetch]
                          a worker; it ends by itself when nothing is left to do

lanes: whose a job is. worker: who gives it away. crew: to whom. doing: how one is done. tasks, together, teaching,
filming, evaluating, comparing, sending, fetching: what there is to do.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from .. import storage, system
from ..errors import StorageFailed
from ..home import PROJECT, database, home
from ..storage.columns import now
from ..storage.database import reading, told, writing
from ..storage.kinds import EVALUATE, FILMING, REDRAW, RESTRIKE, TEACHING, UNLISTED
from ..storage.tables import ClipRow, JobRow
from ..storage.views import ACTIVE, JobView
from .handlers import HANDLERS
from .lanes import LANES, SHOTS, interrupt, lane_of, lock
from .worker import work

__all__ = [
    "HANDLERS",
    "begin",
    "cancel",
    "ensure_worker",
    "evaluations",
    "jobs",
    "latest",
    "lessons",
    "newest",
    "on_film",
    "repair",
    "run_again",
    "seconds_left",
    "submit",
    "teaching_now",
    "under_way",
    "work",
]  # fmt: skip

log = logging.getLogger("kicky.jobs")
LOG_BYTES = 2_000_000
JUST_NOW_S = 10
PACE_OF, SURE_FROM = 6, 0.2  # jobs that tell how long one takes; progress from which a first one tells it
# OMP: idle threads sleep instead of spinning, the pages need the other core. MALLOC: each clip's decoder has threads of
# its own, and what they freed stayed in pools that nobody emptied, 2.5 MB a clip.
QUIET = {"OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_OFFLINE": "1", "MALLOC_ARENA_MAX": "2"}
"""What a worker's process is started with."""


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


def begin(kind: str, settings: dict[str, Any]) -> int:
    """Kind, settings -> the job, which is about no clip; the same work that waits or runs is not queued twice."""
    with writing() as db:
        waiting = select(JobRow).where(JobRow.kind == kind, col(JobRow.state).in_(ACTIVE))
        row = next((r for r in db.exec(waiting).all() if r.settings == settings and not r.stop), None)
        row = row or JobRow(kind=kind, clip_id=None, settings=settings)
        db.add(row)
        db.flush()
        number = row.id or 0
    ensure_worker(lane_of(kind))
    return number


def lessons() -> list[JobView]:
    """-> the teaching there was and is, newest first."""
    repair()
    mine = select(JobRow).where(col(JobRow.kind).in_(TEACHING)).order_by(col(JobRow.id).desc())
    with reading() as db:
        return [storage.job_view(row, str(row.settings.get("name", ""))) for row in db.exec(mine).all()]


def teaching_now() -> list[dict[str, Any]]:
    """-> the settings of the teaching that waits or runs."""
    repair()
    with reading() as db:
        asked = select(JobRow.settings).where(col(JobRow.kind).in_(TEACHING), col(JobRow.state).in_(ACTIVE))
        return [dict(settings) for settings in db.exec(asked).all()]


def on_film(film_id: int) -> list[JobView]:
    """Session's film -> the work on it, newest first."""
    repair()
    mine = select(JobRow).where(col(JobRow.kind).in_(FILMING)).order_by(col(JobRow.id).desc())
    with reading() as db:
        rows = [row for row in db.exec(mine).all() if row.settings.get("film_id") == film_id]
    return [storage.job_view(row, str(row.settings.get("name", ""))) for row in rows]


def evaluations(kind: str = EVALUATE, settings: dict[str, Any] | None = None) -> list[JobView]:
    """Kind of work about no clip, what it is of (None: anything) -> the work there was and is, newest first."""
    repair()
    with reading() as db:
        rows = db.exec(select(JobRow).where(JobRow.kind == kind).order_by(col(JobRow.id).desc())).all()
    return [storage.job_view(row, "") for row in rows if settings is None or row.settings == settings]


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
    if row.clip_id is None:
        return begin(row.kind, row.settings)
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


def seconds_left(active: Sequence[JobView]) -> float | None:
    """Jobs that wait or run -> seconds until the last is done, by how long the newest like them took; None: unknown."""
    with reading() as db:
        kinds = col(JobRow.kind).in_({job.kind for job in active})
        ended = select(JobRow).where(kinds, JobRow.state == "done").order_by(col(JobRow.id).desc()).limit(PACE_OF)
        rows = db.exec(ended).all()
        under_way_ = db.exec(select(JobRow).where(col(JobRow.id).in_([job.id for job in active]))).all()
    took = [(row.ended_at - row.started_at).total_seconds() for row in rows if row.ended_at and row.started_at]
    took = took or [
        (now() - row.started_at).total_seconds() / row.progress
        for row in under_way_
        if row.started_at and row.progress > SURE_FROM
    ]
    if not took:
        return None
    at_once = max(1, sum(job.state == "running" for job in active))
    return sum(took) / len(took) * sum(1 - job.progress for job in active) / at_once


def newest(kind: str, session_id: int) -> JobView | None:
    """Kind, session -> its newest job of that kind, None when there was none."""
    repair()
    mine = select(JobRow, ClipRow.name).join(ClipRow).where(JobRow.kind == kind, ClipRow.session_id == session_id)
    with reading() as db:
        found = db.exec(mine.order_by(col(JobRow.id).desc())).first()
    return storage.job_view(*found) if found else None


def latest(kind: str, clip_id: int) -> JobView | None:
    """Kind, clip -> its newest job of that kind, None when there was none."""
    repair()
    mine = select(JobRow, ClipRow.name).join(ClipRow).where(JobRow.kind == kind, JobRow.clip_id == clip_id)
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


def repair() -> None:
    """Mark what a dead worker left running as interrupted, and see to it that what waits is worked on.

    Where nothing can be written all stays as it is: who only looks is not refused for that.
    """
    with reading() as db:
        active = db.exec(select(JobRow.kind, JobRow.state).where(col(JobRow.state).in_(ACTIVE)).distinct()).all()
    for lane in LANES:
        states = {state for kind, state in active if lane_of(kind) == lane}
        if states:
            try:
                _repair(lane, states)
            except StorageFailed as error:
                log.warning("the queue stays as it is: %s", error)


def _repair(lane: str, states: set[str]) -> None:
    """A lane, the states of its active jobs -> seen to. Raises: StorageFailed."""
    with told(database()), lock(lane, looking=True) as free:
        if free and "running" in states:
            interrupt(lane)
    # A worker that was started a moment ago may not hold its lock yet: do not start one with each look.
    started = database().parent / f"{lane}.log"
    # One that is dated ahead was started before the clock was set back.
    just_now = started.exists() and 0 <= time.time() - started.stat().st_mtime < JUST_NOW_S
    if free and "queued" in states and not just_now:
        ensure_worker(lane)


def ensure_worker(lane: str = SHOTS) -> None:
    """Start a lane's worker process unless one lives. It outlives this process and every page.

    KICKY_NO_WORKER keeps it from starting: tests look at the queue.
    """
    if os.environ.get("KICKY_NO_WORKER"):
        return
    path = database().parent / f"{lane}.log"
    with told(path):
        with lock(lane, looking=True) as free:
            pass
        if not free:
            return
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".old.log"))
        env = os.environ | QUIET | {"KICKY_HOME": str(home().resolve())}
        with path.open("ab") as output:
            os.utime(path)
            worker = subprocess.Popen(
                [sys.executable, "-m", "kicky.jobs", lane],
                cwd=PROJECT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                **system.group(),
            )
    threading.Thread(target=worker.wait, daemon=True).start()  # or it stays behind as a zombie
