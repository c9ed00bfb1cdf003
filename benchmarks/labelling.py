"""How quickly one labels: key to picture, an hour's film opened, shots found in a session.

    python -m benchmarks.labelling [steps | boxes | film | shots] [--view diagonal --seed 43]

steps: a 1080p clip stepped through in Chromium, from the key to the picture. boxes: 200 frames of ball, two players and
goal drawn by a hand that knows the answers: presses and clicks, from the click to the box, and what it drew. film: an
hour of 1080p opened on the Clips page, and what the server's memory grows by. shots: a rendered session of 20 minutes
with 40 shots, in 1080p.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from playwright.sync_api import sync_playwright

from kicky import clipper, jobs, synthetic
from kicky.service import clips, sessions, truth
from tests.browser.running import FLAGS, chromium, free_port, start_app

from . import boxes
from .finding import matched

HD = (1920, 1080)


def main() -> None:
    """Arguments -> the figures asked for, a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="?", choices=["steps", "boxes", "film", "shots"])
    parser.add_argument("--view")
    parser.add_argument("--seed", type=int)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ |= {"KICKY_HOME": folder, "KICKY_NO_WORKER": "1"}
        if asked.what in (None, "steps"):
            steps(home)
        if asked.what in (None, "boxes"):
            boxes.rects(home)
        if asked.what in (None, "film"):
            film(home)
        if asked.what in (None, "shots"):
            views = [(asked.view, asked.seed or 43)] if asked.view else [("diagonal", 43), ("side", 32), ("behind", 33)]
            for view, seed in views:
                shots(home, view, seed)


def steps(home: Path, count: int = 200) -> None:
    shot = synthetic.sample(11, view="diagonal", kind="goal", fps=30, size_wh=HD)
    session = sessions.new(dt.date(2026, 11, 21), "Bench")
    clip = clips.add(session, "clip.mp4", synthetic.write(shot, home))
    truth.film_of(clip.id)
    jobs.work(0.01)
    port = free_port()
    server = start_app(home, port)
    took = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(f"http://localhost:{port}/Label?who=Ada", timeout=120_000)
            box = page.locator(".stepper[data-shown]")
            box.wait_for(timeout=120_000)
            page.wait_for_timeout(3000)
            for number in range(count):
                page.keyboard.press("." if number % 80 < 40 else ",")
                page.wait_for_timeout(100)
                took.append(float(box.get_attribute("data-ms") or "nan"))
            browser.close()
    finally:
        server.kill()
        server.wait(30)
    took.sort()
    print(
        f"steps: {count} on a 1080p clip, key to picture: median {statistics.median(took):.0f} ms, "
        f"95 % within {took[int(0.95 * count)]:.0f} ms, longest {took[-1]:.0f} ms",
        flush=True,
    )


def film(home: Path, minutes: int = 60) -> None:
    """An hour of 1080p, one minute of which is encoded and joined to itself."""
    rng = np.random.default_rng(0)
    path, minute = home / "hour.mp4", home / "minute.mp4"
    with av.open(str(minute), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast", "crf": "28", "bf": "0", "g": "30"})
        stream.width, stream.height, stream.pix_fmt = *HD, "yuv420p"
        still = rng.integers(60, 150, (HD[1], HD[0], 3), dtype=np.uint8)
        for number in range(60 * 30):
            still[200:260, (number * 7) % 1800 : (number * 7) % 1800 + 60] = rng.integers(0, 255, 3)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(still, format="bgr24")))
        out.mux(stream.encode())
    at = 0
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as out:
        target = None
        for _ in range(minutes):
            with av.open(str(minute)) as source:
                target = target or out.add_stream_from_template(source.streams.video[0])
                for packet in source.demux(video=0):
                    if packet.size:
                        packet.pts = packet.dts = at * packet.time_base.denominator // 30
                        packet.stream = target
                        out.mux(packet)
                        at += 1
    os.utime(path, (time.time() - 60, time.time() - 60))
    session = sessions.new(dt.date(2026, 11, 21), "Bench")
    port = free_port()
    server = start_app(home, port)
    try:
        _opened(server, port, session, path)
    finally:
        server.kill()
        server.wait(30)


def _opened(server: subprocess.Popen[bytes], port: int, session: int, path: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(120_000)
        page.goto(f"http://localhost:{port}/Clips?session={session}")
        page.get_by_role("textbox", name="Folder").fill(str(path.parent))
        page.keyboard.press("Enter")
        page.wait_for_timeout(3000)
        idle = resident(server.pid)
        page.get_by_role("combobox", name="Film").last.click()
        page.get_by_role("option", name=path.name).click()
        page.wait_for_timeout(2000)
        began = time.perf_counter()
        page.get_by_role("button", name="Open the film").click()
        page.locator(".stepper[data-shown='0']").wait_for()
        took = time.perf_counter() - began
        page.wait_for_timeout(2000)
        for _ in range(20):
            page.keyboard.press("ArrowUp")
            page.wait_for_timeout(300)
        grown = resident(server.pid) - idle
        print(
            f"film: {path.stat().st_size / 1e9:.1f} GB, an hour of 1080p, opened in {took:.1f} s; the server grew by "
            f"{grown:.0f} MB",
            flush=True,
        )
        browser.close()


def resident(pid: int) -> float:
    """Process -> MB it holds."""
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return float(line.split()[1]) / 1000


def shots(home: Path, view: str, seed: int, count: int = 40, length_s: float = 1200.0) -> None:
    path = home / f"{view}.mp4"
    kicks = np.array(synthetic.write_saturday(path, seed, count, length_s, view=view, film_wh=HD))
    os.utime(path, (time.time() - 60, time.time() - 60))
    first = synthetic.sample(seed, view=view, kind="goal", fps=30, size_wh=(960, 540), night=False)
    opened = clipper.open_film(path)
    began = time.perf_counter()
    found, _ = clipper.propose(opened.clip, first.goal_corners_px * HD[0] / 960)
    took = time.perf_counter() - began
    at = np.array([opened.clip.time_s[burst.kick] for burst in found])
    hit, right = matched(kicks, at, 1.0)
    print(
        f"shots: {view}, {opened.clip.time_s[-1] / 60:.0f} minutes of 1080p, seed {seed}: {hit} of {count} found, "
        f"{right} of {len(at)} proposals are shots, {opened.clip.time_s[-1] / took:.1f} × real time",
        flush=True,
    )
    path.unlink()


if __name__ == "__main__":
    main()
