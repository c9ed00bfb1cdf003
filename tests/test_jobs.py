"""The queue and its worker: what is asked for is done once, can be stopped, and survives a killed worker."""

import datetime as dt
import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, ClassVar

import pytest

from kicky import jobs
from kicky.drafts import draft
from kicky.errors import Cancelled, KickyError, NotFound, UnfitClip
from kicky.home import PROJECT, database
from kicky.jobs import doing, lanes
from kicky.jobs import worker as working
from kicky.jobs.crew import Crew, here
from kicky.service import clips, sessions, teaching, work
from kicky.storage.tables import JobRow
from kicky.storage.views import JobView

Tell = Callable[[str, float], None]


@pytest.fixture
def clip_ids(make_film: Callable[..., object]) -> list[int]:
    session_id = sessions.new(dt.date(2026, 11, 7), "Park")
    return [clips.add(session_id, f"{seed}.mp4", make_film(f"{seed}.mp4", seed)).id for seed in range(3)]


def job(job_id: int) -> JobView:
    return next(view for view in work.jobs() if view.id == job_id)


def handle(monkeypatch: pytest.MonkeyPatch, handler: Callable[[JobRow, Tell], int | None]) -> None:
    """What the worker does, instead of an analysis."""
    monkeypatch.setattr(doing, "load", lambda _register, _name: handler)


@contextmanager
def living_worker() -> Iterator[None]:
    """Somebody holds the worker's lock."""
    with (database().parent / "worker.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


# --- the queue --------------------------------------------------------------------------------


def test_jobs_wait_in_the_order_they_came_and_only_once(clip_ids: list[int]) -> None:
    first = work.analyze([clip_ids[1], clip_ids[0], clip_ids[1]])
    assert len(first) == 2
    assert work.analyze(clip_ids)[:2] == [first[1], first[0]]
    assert [view.id for view in work.jobs()] == [3, 2, 1]
    assert {view.state for view in work.jobs()} == {"queued"}
    assert job(first[0]).clip_name == "1.mp4"
    assert clips.listed(1)[1].job == job(first[0])


def test_a_queue_is_refused_whole(clip_ids: list[int]) -> None:
    with pytest.raises(NotFound, match="clip 99"):
        work.analyze([clip_ids[0], 99])
    with pytest.raises(KickyError, match="choose one of: motion"):
        work.analyze(clip_ids, "nope")
    assert work.jobs() == []


def test_jobs_of_a_session_and_jobs_under_way(clip_ids: list[int], make_film: Callable[..., object]) -> None:
    other = sessions.new(dt.date(2026, 11, 14))
    elsewhere = clips.add(other, "x.mp4", make_film("x.mp4", 9)).id
    ids = work.analyze([*clip_ids, elsewhere])
    work.cancel(ids[0])
    assert [view.id for view in work.jobs(other)] == [ids[3]]
    assert [view.id for view in work.jobs(active_only=True)] == [ids[3], ids[2], ids[1]]
    assert (job(ids[0]).state, job(ids[0]).active, job(ids[1]).active) == ("cancelled", False, True)


def test_cancelled_work_is_not_begun(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    handle(monkeypatch, lambda row, _tell: done.append(row.clip_id))
    ids = work.analyze(clip_ids)
    work.cancel(ids[1])
    jobs.work(0.01)
    assert done == [clip_ids[0], clip_ids[2]]
    assert [job(number).state for number in ids] == ["done", "cancelled", "done"]
    work.cancel(ids[0])
    assert job(ids[0]).state == "done"


def test_a_crew_is_renewed_before_it_has_grown(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "RENEWED_AFTER", 2)
    handle(monkeypatch, lambda _row, _tell: None)
    hired: list[Crew] = []

    @contextmanager
    def hire() -> Iterator[Crew]:
        with here() as crew:
            hired.append(crew)
            yield crew

    ids = work.analyze(clip_ids)
    jobs.work(0.01, crew=hire)
    assert [job(number).state for number in ids] == ["done"] * 3
    assert len(hired) == 2


def test_run_again_is_a_new_job_once_the_old_is_over(clip_ids: list[int]) -> None:
    (first,) = work.analyze(clip_ids[:1])
    assert work.run_again(first) == first
    work.cancel(first)
    again = work.run_again(first)
    assert again != first
    assert (job(first).state, job(again).state) == ("cancelled", "queued")


# --- the worker -------------------------------------------------------------------------------


def test_progress_is_seen_and_never_runs_backwards(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str, float]] = []
    monkeypatch.setattr(doing, "PROGRESS_S", 0)

    def handler(row: JobRow, tell: Tell) -> None:
        for stage, share in [("open", 0.1), ("detect", 0.5), ("film", 0.3), ("film", 7.0)]:
            tell(stage, share)
            view = job(row.id or 0)
            seen.append((view.state, view.stage, view.progress))

    handle(monkeypatch, handler)
    (number,) = work.analyze(clip_ids[:1])
    jobs.work(0.01)
    assert seen == [
        ("running", "open", 0.1),
        ("running", "detect", 0.5),
        ("running", "film", 0.5),
        ("running", "film", 1),
    ]
    assert (job(number).state, job(number).progress, job(number).message) == ("done", 1.0, "")


def test_few_writes_however_often_work_tells(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[int] = []
    real = doing._update
    monkeypatch.setattr(doing, "_update", lambda number, changes: writes.append(number) or real(number, changes))

    def handler(_row: JobRow, tell: Tell) -> None:
        for step in range(2000):
            tell("detect", step / 2000)

    handle(monkeypatch, handler)
    work.analyze(clip_ids[:1])
    jobs.work(0.01)
    assert 2 <= len(writes) <= 6


def test_running_work_stops_when_asked(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doing, "PROGRESS_S", 0)
    messages: list[str] = []

    def handler(row: JobRow, tell: Tell) -> None:
        tell("detect", 0.1)
        work.cancel(row.id or 0)
        messages.append(job(row.id or 0).message)
        tell("detect", 0.2)
        raise AssertionError("it went on")

    handle(monkeypatch, handler)
    ids = work.analyze(clip_ids[:2])
    work.cancel(ids[1])
    jobs.work(0.01)
    assert (job(ids[0]).state, messages) == ("cancelled", ["Stopping…"])
    again = work.run_again(ids[0])
    assert again != ids[0]


def test_what_fails_says_why_and_the_next_goes_on(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:  # fmt: skip # noqa: E501
    errors = iter([UnfitClip("The camera moves: put it on a tripod."), ZeroDivisionError("a bug"), None])

    def handler(_row: JobRow, _tell: Tell) -> None:
        if error := next(errors):
            raise error

    handle(monkeypatch, handler)
    ids = work.analyze(clip_ids)
    jobs.work(0.01)
    views = [job(number) for number in ids]
    assert [view.state for view in views] == ["failed", "failed", "done"]
    assert views[0].message == "The camera moves: put it on a tripod."
    assert views[1].message.startswith("Something went wrong that should not have; the log has the details: ")
    assert views[1].message.endswith("worker.log")
    assert "a bug" not in views[1].message
    assert "ZeroDivisionError: a bug" in caplog.text
    assert work.run_again(ids[0]) not in ids


def test_a_second_worker_leaves_at_once(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PATIENCE_S", 0.1)
    handle(monkeypatch, lambda _row, _tell: pytest.fail("two workers"))
    (number,) = work.analyze(clip_ids[:1])
    with living_worker():
        jobs.work(0.01)
        assert job(number).state == "queued"


def test_a_job_queued_while_the_worker_leaves_is_not_forgotten(
    clip_ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page saw a living worker and started none; the worker had made up its mind to go."""
    handle(monkeypatch, lambda _row, _tell: None)
    real, turns = working._wait_for_lock, []

    @contextmanager
    def late(lane: str) -> Iterator[bool]:
        with real(lane) as mine:
            yield mine
            if not turns:
                turns.append(work.analyze(clip_ids[:1]))

    monkeypatch.setattr(working, "_wait_for_lock", late)
    jobs.work(0.01)
    assert job(turns[0][0]).state == "done"


def test_what_a_dead_worker_left_is_found_interrupted(clip_ids: list[int]) -> None:
    ids = work.analyze(clip_ids)
    with closing(sqlite3.connect(database())) as connection:
        connection.execute("UPDATE job SET state = 'running' WHERE id IN (1, 2)")
        connection.execute("UPDATE job SET stop = 1 WHERE id = 2")
        connection.commit()
    with living_worker():
        assert job(ids[0]).state == "running"
    assert [job(number).state for number in ids] == ["interrupted", "cancelled", "queued"]
    assert job(ids[0]).message == "The work was interrupted, and was begun again."
    assert work.run_again(ids[0]) not in ids


def test_interrupted_work_is_begun_again_once(clip_ids: list[int]) -> None:
    """A film that brings the worker down must not do so for ever."""
    work.analyze(clip_ids[:1])
    for interrupted in (1, 2):
        with closing(sqlite3.connect(database())) as connection:
            connection.execute("UPDATE job SET state = 'running' WHERE state = 'queued'")
            connection.commit()
        states = Counter(each.state for each in work.jobs())
        assert states == {"interrupted": interrupted} | ({"queued": 1} if interrupted == 1 else {})
    newest = work.jobs()[0]
    assert newest.message == "The work was interrupted: run it again."
    again = work.run_again(newest.id)
    assert job(again).state == "queued"


def test_half_written_files_are_swept_away_unless_somebody_writes_them(clip_ids: list[int]) -> None:
    media = database().parent / "media"
    kept = sorted(media.iterdir())
    (media / ".old.part").touch()
    with draft(media, ".mp4") as held:
        jobs.work(0)
        assert sorted(media.iterdir()) == sorted([*kept, held])
    assert sorted(media.iterdir()) == kept


def test_a_clock_that_was_set_back_holds_up_no_job(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker was started a moment ago where its log is that old; a log of tomorrow tells nothing."""
    started: list[str] = []
    monkeypatch.setattr(jobs, "ensure_worker", lambda lane=lanes.SHOTS: started.append(lane))
    work.analyze(clip_ids[:1])
    log = database().parent / "worker.log"
    log.touch()
    for age_s, expected in ((1, []), (-3600, ["worker"]), (60, ["worker", "worker"])):
        os.utime(log, (time.time() - age_s,) * 2)
        jobs.repair()
        assert started[1:] == expected


# --- real processes ---------------------------------------------------------------------------

SLOW = """
import sys, time
sys.path.insert(0, {project!r})
from kicky.jobs import doing, worker
def slow(row, tell):
    for step in range(600):
        tell("detect", step / 600)
        time.sleep(0.05)
doing.load = lambda register, name: slow
worker.main()
"""


def slow_worker() -> subprocess.Popen[bytes]:
    """-> a real worker whose work takes half a minute."""
    return subprocess.Popen([sys.executable, "-c", SLOW.format(project=str(PROJECT))], start_new_session=True)


def test_a_worker_killed_in_the_middle(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    (number,) = work.analyze(clip_ids[:1])
    worker = slow_worker()
    until(lambda: job(number).progress > 0.01)
    assert job(number).state == "running"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    until(lambda: job(number).state == "interrupted")  # its process follows it within a moment
    with closing(sqlite3.connect(database())) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    handle(monkeypatch, lambda _row, _tell: None)
    again = work.run_again(number)
    jobs.work(0.01)
    assert job(again).state == "done"


def crew_of(worker: subprocess.Popen[bytes]) -> list[int]:
    """Worker -> the processes that do its jobs."""
    return [int(pid) for pid in Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()]


def test_a_process_that_dies_in_the_middle_takes_no_worker_with_it(clip_ids: list[int]) -> None:
    (number,) = work.analyze(clip_ids[:1])
    worker = slow_worker()
    until(lambda: job(number).progress > 0.01)
    (process,) = crew_of(worker)
    os.kill(process, signal.SIGKILL)
    until(lambda: job(number).state == "interrupted")
    until(lambda: work.jobs()[0].progress > 0.01)  # another took it up
    assert (work.jobs()[0].state, worker.poll()) == ("running", None)
    assert crew_of(worker) != [process]
    work.cancel(work.jobs()[0].id)
    assert worker.wait(timeout=20) == 0


def test_a_job_that_says_nothing_is_ended_and_the_next_is_done(clip_ids: list[int]) -> None:
    """A decoder's loop that hears nobody, in a real process: two times, then it is left."""
    ids = work.analyze(clip_ids[:2])
    stuck = SLOW.replace("for step in range(600):", "while row.clip_id == 1:").replace('tell("detect", step / 600)', "")
    worker = subprocess.Popen(
        [sys.executable, "-c", stuck.format(project=str(PROJECT))], env=os.environ | {"KICKY_WORKER_STUCK_S": "1"}
    )
    assert worker.wait(timeout=60) == 0
    again = work.jobs()[0]
    assert [job(number).state for number in ids] == ["interrupted", "done"]
    assert (again.clip_name, again.state, again.message) == ("0.mp4", "interrupted", lanes.INTERRUPTED)


def test_several_at_a_time_but_never_two_about_one_clip(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[int]] = []

    class Later(Executor):
        """Jobs that are done when the next is waited for."""

        waiting: ClassVar[list[tuple[Future[None], int]]] = []

        def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
            future: Future[Any] = Future()
            self.waiting.append((future, args[0]))
            return future

    def over(running: dict[Future[None], JobRow]) -> set[Future[None]]:
        if running:
            seen.append([number for _, number in Later.waiting])
        for future, number in Later.waiting:
            doing.do(number)
            future.set_result(None)
        Later.waiting.clear()
        return set(running)

    handle(monkeypatch, lambda _row, _tell: None)
    monkeypatch.setattr(working, "_over", over)
    jobs.submit("analyze", [*clip_ids, clip_ids[0]], {"detector": "motion"})
    (copy,) = jobs.submit("copy", [clip_ids[0]], {})
    (bundle,) = jobs.submit("bundle", [clip_ids[1]], {})  # changes every shot of the session
    jobs.work(0.01, crew=lambda: nullcontext(Crew(Later(), lambda: 4)))
    assert seen == [[1, 2, 3], [bundle], [copy]]


def test_a_running_worker_is_told_to_stop(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KICKY_WORKER_IDLE_S", "0.2")
    ids = work.analyze(clip_ids[:1])
    worker = slow_worker()
    until(lambda: job(ids[0]).progress > 0)
    work.cancel(ids[0])
    until(lambda: job(ids[0]).state == "cancelled")
    assert worker.wait(timeout=10) == 0  # idle for KICKY_WORKER_IDLE_S: it leaves by itself


def test_a_page_starts_a_worker_that_outlives_it(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The real one: its clip is gone from the disk, which it says in words."""
    monkeypatch.delenv("KICKY_NO_WORKER")
    for path in (database().parent / "media").glob("*.mp4"):
        path.unlink()
    page = f"""
import sys
sys.path.insert(0, {str(PROJECT)!r})
from kicky.service import work
print(work.analyze([{clip_ids[0]}]))
"""
    said = subprocess.run([sys.executable, "-c", page], capture_output=True, text=True, check=True, cwd="/")
    assert said.stdout.strip() == "[1]"
    until(lambda: not job(1).active, 40)
    assert (job(1).state, job(1).message[:22]) == ("failed", "The film of 0.mp4 is g")
    until(lambda: _lock_is_free())


def _lock_is_free() -> bool:
    with lanes.lock(lanes.SHOTS, looking=True) as free:
        return free


def test_the_error_that_stops_work_is_for_the_player() -> None:
    assert issubclass(Cancelled, KickyError)


# --- teaching has a lane of its own -----------------------------------------------------------


def test_shots_do_not_wait_for_a_training(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    handle(monkeypatch, lambda row, _tell: done.append(row.kind))
    number = jobs.begin("train", {"name": "first", "dataset": "park", "recipe": {}})
    assert jobs.begin("train", {"name": "first", "dataset": "park", "recipe": {}}) == number
    work.analyze(clip_ids[:1])
    jobs.work(0.01)
    assert done == ["analyze"]
    (view,) = jobs.lessons()
    assert (view.state, view.clip_id, view.clip_name) == ("queued", None, "first")
    assert number not in [view.id for view in work.jobs()]
    jobs.work(0.01, lanes.TEACH)
    assert done == ["analyze", "train"]


def test_a_dead_teacher_interrupts_no_shot(clip_ids: list[int]) -> None:
    ids = work.analyze(clip_ids[:1])
    number = jobs.begin("autolabel", {"name": "park"})
    with closing(sqlite3.connect(database())) as connection:
        connection.execute("UPDATE job SET state = 'running'")
        connection.commit()
    with living_worker():
        (taught,) = jobs.lessons()
        assert (taught.state, job(ids[0]).state) == ("interrupted", "running")
    assert jobs.run_again(number) != number


def test_teaching_starts_a_worker_of_its_own(clip_ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The real one: its film is gone from the disk, which it says in words."""
    monkeypatch.delenv("KICKY_NO_WORKER")
    for path in (database().parent / "media").glob("*.mp4"):
        path.unlink()
    number = teaching.label("park", clip_ids[:1], "measured")
    until(lambda: not teaching.teaching()[0].active, 60)
    (job_,) = teaching.teaching()
    assert (job_.id, job_.state, job_.message[:22]) == (number, "failed", "The film of 0.mp4 is g")
    assert (database().parent / "teach.log").exists()
    assert not (database().parent / "worker.log").exists()
    until(lambda: _teacher_is_gone(), 20)


def _teacher_is_gone() -> bool:
    with lanes.lock(lanes.TEACH, looking=True) as free:
        return free
