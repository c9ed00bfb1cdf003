"""A club's machines: a scheduler and two workers take a Saturday's clips, and one of them is killed."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from benchmarks.soak import saturday
from kicky.home import PROJECT, media
from kicky.jobs import crew, lanes
from kicky.jobs import worker as working
from kicky.service import clips, sessions, shots, work
from kicky.storage.views import JobView

from .browser.running import free_port

CLIPS = int(os.environ.get("KICKY_CLUSTER_CLIPS", "6"))  # `make bench` takes 24
QUIET = ("--no-dashboard",)


def dask(*words: str) -> subprocess.Popen[bytes]:
    """Words -> that part of Dask, running for this test's home."""
    with (media().parent / f"{words[0]}.log").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words, *QUIET],
            cwd=PROJECT,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def log(part: str) -> str:
    """Part of Dask -> what it has said so far."""
    return (media().parent / f"{part}.log").read_text(encoding="utf-8")


def end(process: subprocess.Popen[bytes]) -> None:
    """A process and all it started -> gone, without a word of farewell."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def cluster(count: int) -> Iterator[tuple[str, subprocess.Popen[bytes], list[subprocess.Popen[bytes]]]]:
    """How many workers -> the scheduler's address, itself, and them."""
    media().mkdir(parents=True, exist_ok=True)
    address = f"tcp://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    parts = [dask("scheduler", "--host", "127.0.0.1", "--port", port)]
    try:
        until(lambda: "Scheduler at:" in log("scheduler"))
        for _ in range(count):
            parts.append(dask("worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--nworkers", "1"))
        yield address, parts[0], parts[1:]
    finally:
        for part in parts:
            end(part)


def analyses() -> list[JobView]:
    return [job for job in work.jobs() if job.kind == "analyze"]


def states() -> Counter[str]:
    return Counter(job.state for job in analyses())


@contextmanager
def foreman() -> Iterator[subprocess.Popen[bytes]]:
    """-> the lane's worker, which gives its jobs away."""
    process = subprocess.Popen([sys.executable, "-m", "kicky.jobs"], cwd=PROJECT, start_new_session=True)
    try:
        yield process
    finally:
        end(process)


def test_every_clip_ends_once_though_a_worker_is_killed_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    _, filmed = saturday(CLIPS, (480, 270))
    work.analyze(filmed)
    with cluster(2) as (address, _, workers):
        monkeypatch.setenv(crew.SCHEDULER, address)
        with foreman():
            until(lambda: states()["running"] == 2)
            until(lambda: states()["done"] >= CLIPS // 2)
            end(workers[0])
            until(lambda: states()["queued"] + states()["running"] == 0)
    done = Counter(job.clip_id for job in analyses() if job.state == "done")
    assert done == dict.fromkeys(filmed, 1)
    assert sorted(shot.clip_id for shot in shots.listed()) == filmed
    assert all(shot.film is not None and shot.film.exists() for shot in shots.listed())


def test_a_scheduler_that_does_not_answer_is_named(
    make_film: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = clips.add(sessions.new(dt.date(2026, 11, 7)), "kick.mp4", make_film()).id
    (number,) = work.analyze([clip])
    monkeypatch.setattr(crew, "ANSWER_S", 1)
    monkeypatch.setenv(crew.SCHEDULER, f"tcp://127.0.0.1:{free_port()}")
    working.work(1.0, crew=lambda: crew.hired(lanes.SHOTS))
    (job,) = work.jobs()
    assert (job.id, job.state) == (number, "failed")
    assert job.message.startswith("No scheduler answers at tcp://127.0.0.1:")


def test_a_scheduler_that_goes_away_is_told_and_leaves_nothing_waiting(
    make_film: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No worker has come yet: the clip waits for one, until the scheduler is gone too."""
    clip = clips.add(sessions.new(dt.date(2026, 11, 7)), "kick.mp4", make_film()).id
    work.analyze([clip])
    monkeypatch.setattr(crew, "ANSWER_S", 2)
    with cluster(0) as (address, scheduler, _):
        monkeypatch.setenv(crew.SCHEDULER, address)

        def connected() -> bool:
            return "Receive client connection" in log("scheduler")

        with ThreadPoolExecutor(1) as beside:
            waits = beside.submit(working.work, 30.0, crew=lambda: crew.hired(lanes.SHOTS))
            until(connected, 30)
            time.sleep(1)
            seen = states()
            end(scheduler)
            waits.result(timeout=60)
    assert seen == {"queued": 1}
    assert states() == {"failed": 1}


def until(true: Callable[[], bool], seconds: float = 300) -> None:
    stop = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < stop, "waited in vain"
        time.sleep(0.2)
