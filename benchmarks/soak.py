"""A hard week: `python -m benchmarks.soak kills|together|flat`, each on a home of its own.

kills: 100 jobs, the worker, the app or both killed at random; every clip must end with one shot and a film that plays.
together: two browsers and a command line at one database for ten minutes; nobody may be told that it is locked.
flat: 500 analyses by one worker; its memory and open files must stay where they are. With --clips FOLDER, of the films
there, by a process that is not renewed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import sync_playwright

from benchmarks.pictures import home, wait_for_the_worker
from benchmarks.speed import memory_mb
from kicky import storage, synthetic, video
from kicky.errors import KickyError
from kicky.home import PROJECT, database, media
from kicky.jobs import QUIET
from kicky.service import clips, scenes, sessions, shots, work
from kicky.storage.tables import JobRow, ShotRow
from tests.browser.running import FLAGS, chromium, free_port, rested, running_app, start_app

app = typer.Typer(add_completion=False)
SIZE_WH, FPS = (640, 360), 30
PAGES = ("", "Analyze", "History", "Shot", "Label", "Coach")


def saturday(count: int, size_wh: tuple[int, int] = SIZE_WH) -> tuple[int, list[int]]:
    """How many clips -> their session and numbers, in the present home: one rendered film, other bytes behind each."""
    shot = synthetic.sample(11, view="behind", kind="goal", fps=FPS, size_wh=size_wh, night=False)
    film = synthetic.write(shot, media().parent)
    session = sessions.new(storage.columns.now().date(), "Soak")
    content, numbers = film.read_bytes(), []
    for number in range(count):
        path = film.with_name(f"{number}.mp4")
        path.write_bytes(content + b"\0\0\0\x10free" + number.to_bytes(8, "big"))
        numbers.append(clips.add(session, path.name, path).id)
        path.unlink()
    scenes.keep(session, shot.goal_corners_px.tolist(), shot.goal_size_m, None, shot.size_wh_px)
    return session, numbers


def workers(here: Path) -> list[int]:
    """Home -> its worker processes."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words, about = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        if b"kicky.jobs" in words and f"KICKY_HOME={here.resolve()}".encode() in about:
            found.append(int(process.name))
    return found


@app.command()
def kills(count: Annotated[int, typer.Option(help="Clips.")] = 100, seed: Annotated[int, typer.Option()] = 0) -> None:
    """Print what was killed, and what is left of it."""
    rng, killed = random.Random(seed), Counter[str]()
    with home() as here:
        _, filmed = saturday(count)
        port = free_port()
        server = start_app(here, port)
        work.analyze(filmed)
        since = time.monotonic()
        while work.jobs(active_only=True) or _again():
            time.sleep(rng.uniform(2.0, 16.0))  # a shot takes some four
            what = rng.choice(["worker", "worker", "app", "both"])
            if what in ("worker", "both"):
                here_now = workers(here)  # the worker, and the process that does its job
                for process in rng.sample(here_now, rng.randint(min(1, len(here_now)), len(here_now))):
                    os.kill(process, signal.SIGKILL)
                    killed["worker"] += 1
            if what in ("app", "both"):
                server.kill()
                server.wait()
                killed["app"] += 1
                server = start_app(here, port)
        server.terminate()
        server.wait()
        print(f"{count} clips in {time.monotonic() - since:.0f} s; killed: {dict(killed)}.")
        print(f"Jobs: {dict(Counter(job.state for job in work.jobs()))}.")
        _left(filmed)


def _again() -> bool:
    """What was interrupted and not yet run again is, as a player would press it -> whether there was any."""
    newest = {}
    for job in sorted(work.jobs(), key=lambda job: job.id):
        newest[job.clip_id] = job
    stopped = [job for job in newest.values() if job.state == "interrupted"]
    for job in stopped:
        work.run_again(job.id)
    return bool(stopped)


def _left(filmed: list[int]) -> None:
    """Clips that were all analysed -> told what is wrong with any. Raises: SystemExit."""
    with closing(sqlite3.connect(database())) as db:
        whole = db.execute("PRAGMA integrity_check").fetchone()[0]
        taken = Counter(clip for (clip,) in db.execute(f"SELECT clip_id FROM {ShotRow.__tablename__}"))  # noqa: S608
    bad = [clip for clip in filmed if taken[clip] != 1]
    broken = []
    for shot in shots.listed():
        try:
            video.prove_whole(video.open_clip(shot.film or media()))
            storage.evidence(shot.id)
        except KickyError as error:
            broken.append(f"{shot.clip_name}: {error!r}")
    print(f"Integrity: {whole}. Clips without just one shot: {len(bad)}. Films or tracks broken: {len(broken)}.")
    if whole != "ok" or bad or broken:
        raise SystemExit("\n".join(broken) or f"lost or doubled: {bad}")


@app.command()
def together(minutes: Annotated[float, typer.Option()] = 10.0) -> None:
    """Print how often each did what, and what any was told."""
    with home() as here, running_app(here) as address, sync_playwright() as playwright:
        session, filmed = saturday(12)
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        windows = [browser.new_context().new_page() for _ in range(2)]
        until, rounds, told = time.monotonic() + 60 * minutes, Counter[str](), Counter[str]()
        while time.monotonic() < until:
            work.analyze([random.choice(filmed)])
            asked = subprocess.Popen(
                [sys.executable, "-m", "kicky", "models"], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for number, page in enumerate(windows):
                name = PAGES[(rounds["pages"] + number) % len(PAGES)]
                page.goto(f"{address}/{name}?session={session}")
                rested(page)
                for said in page.locator("[data-testid=stAlertContentError]").all_inner_texts():
                    told[said] += 1
                rounds["pages"] += 1
            _, error = asked.communicate()
            told[error.decode().strip()] += bool(asked.returncode)
            rounds["commands"] += 1
        wait_for_the_worker()
        told += Counter(job.message for job in work.jobs() if job.state == "failed")
        log = (here / "server.log").read_text(encoding="utf-8") + database().with_name("worker.log").read_text()
        print(f"{minutes:g} minutes: {dict(rounds)}, {len(work.jobs())} jobs. Told: {dict(+told) or 'nothing'}.")
        print(f"'locked' in the logs: {log.count('locked')}; tracebacks: {log.count('Traceback')}.")


@app.command()
def flat(
    count: Annotated[int, typer.Option(help="Analyses.")] = 500,
    every: Annotated[int, typer.Option(help="Rendered clips, and analyses a line.")] = 40,
    filmed: Annotated[list[Path] | None, typer.Option(help="Folder of films: those, one process for all.")] = None,
) -> None:
    """Print memory and open files of the worker and of the process that does its jobs, as they go on."""
    if filmed:
        _unrenewed(count, [film for folder in filmed for film in sorted(folder.glob("*.mp4"))])
        return
    with home() as here:
        _, numbers = saturday(every)
        print("| analyses | worker MB | its process MB, now | at most | open files |\n" + "| --- " * 5 + "|")
        for number in range(every, count + every, every):
            work.analyze(numbers)
            wait_for_the_worker()
            worker, *others = sorted(workers(here), key=_age)
            cells = [number, memory_mb("VmRSS", worker), memory_mb("VmRSS", others[-1]), memory_mb("VmHWM", others[-1])]
            files = [_open_files(process) for process in (worker, others[-1])]
            print("| " + " | ".join(f"{cell:.0f}" for cell in cells) + f" | {files[0]} + {files[1]} |", flush=True)


def _unrenewed(count: int, films: list[Path]) -> None:
    """How many, films -> each analysed in turn by one process: told what it holds between jobs, and its most."""
    with home() as here, _one_process(here):
        days: dict[tuple[Path, int], int] = {}
        idle, most = list[float](), list[tuple[float, str]]()
        print("| analyses | worker MB | its process MB, idle | at most since | with | open files |")
        print("| --- " * 6 + "|")
        for number in range(1, count + 1):
            film = films[(number - 1) % len(films)]
            work.analyze([_another(film, number, here, days)])
            _wait_for_all()
            worker, process = sorted(workers(here), key=_age)
            idle.append(memory_mb("VmRSS", process))
            most.append((memory_mb("VmHWM", process), film.stem))
            Path(f"/proc/{process}/clear_refs").write_text("5")  # its most begins anew
            if number == 1 or number % 10 == 0 or number == count:
                held = f"{memory_mb('VmRSS', worker):.0f} | {idle[-1]:.0f} | {max(most[-10:])[0]:.0f}"
                print(f"| {number} | {held} | {max(most[-10:])[1]} | {_open_files(process)} |", flush=True)
        settled = idle[9:] or idle
        print(
            f"Idle from the tenth on {min(settled):.0f} to {max(settled):.0f} MB; at most %.0f MB, with %s." % max(most)
        )
        print(f"Jobs: {dict(Counter(job.state for job in work.jobs()))}.")


def _open_files(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


@contextmanager
def _one_process(here: Path) -> Iterator[None]:
    """Home -> a block in which it has one worker, whose process is never renewed."""
    program = "from kicky.jobs import worker; worker.RENEWED_AFTER = 10**9; worker.main()"
    env = os.environ | QUIET | {"KICKY_WORKER_IDLE_S": "3600"}
    os.environ["KICKY_NO_WORKER"] = "1"
    with (here / "worker.log").open("ab") as log:
        worker = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, env=env, stdout=log, stderr=log)
    try:
        yield
    finally:
        worker.kill()
        worker.wait()
        del os.environ["KICKY_NO_WORKER"]


def _another(film: Path, number: int, here: Path, days: dict[tuple[Path, int], int]) -> int:
    """Film, number -> a clip of its pictures and other bytes; four make a session, with the goal that lies beside."""
    scene = film.with_name(f"{film.stem.partition('_')[0]}.scene.json")
    own = scene, (number - 1) // 4
    if own not in days:
        days[own] = sessions.new(storage.columns.now().date(), f"{scene.stem} {own[1]}")
    copy = here / f"{film.stem}-{number}.mp4"
    copy.write_bytes(film.read_bytes() + b"\0\0\0\x10free" + number.to_bytes(8, "big"))
    clip = clips.add(days[own], copy.name, copy).id
    copy.unlink()
    if scene.exists() and scenes.of_session(days[own]) is None:
        goal = json.loads(scene.read_text(encoding="utf-8"))
        scenes.keep(days[own], goal["goal_corners_px"], tuple(goal["goal_size_m"]), clip_id=clip)
    return clip


def _wait_for_all() -> None:
    """Waits for what no page lists, too: copies for browsers, films drawn again."""
    waiting = f"SELECT 1 FROM {JobRow.__tablename__} WHERE state IN ('queued', 'running')"  # noqa: S608
    with closing(sqlite3.connect(database())) as db:
        while db.execute(waiting).fetchone():
            time.sleep(0.1)
    time.sleep(0.5)  # the last job is done before its memory is given back


def _age(process: int) -> int:
    """Process -> when it began, in ticks since the machine did."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19])


if __name__ == "__main__":
    app()
