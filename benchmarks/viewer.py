"""What the replay's viewer costs in a browser that draws in software: `python -m benchmarks.viewer scene.json`.

The scene is what `python -m kicky replay shot.mp4 --scene goal.json --json` prints. Told: the first picture's
milliseconds, three.js already fetched; pictures a second at 800 x 450, in a loop, and what of the processors each
takes; and, with that many shots opened one after another, the page's memory and all of the browser's.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Annotated

import typer
from playwright.sync_api import Page, sync_playwright

from kicky import machine

UI = Path(__file__).parent.parent / "kicky" / "ui"
FILES = ("three/three.core.min.js", "three/three.module.min.js", "replay.js", "replay_drawn.js")
FLAGS = ("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
         "--js-flags=--expose-gc", "--enable-precise-memory-info")  # fmt: skip
WIDE, HIGH, PLAYED_MS, TELL_EVERY = 800, 450, 5000, 20
COUNTING = "window.counted = 0; (function next() { counted += 1; requestAnimationFrame(next); })()"
PAGE = """<!doctype html><style>{css} .picture {{ width: {wide}px !important; height: {high}px; }}</style>
<div id="here">{html}</div><script type="module">
import run from "./replay.js";
const parentElement = document.getElementById("here");
const scene = await (await fetch("./scene.json")).json();
window.shown = (on) => {{
  delete parentElement.querySelector(".replay").dataset.first;
  run({{ parentElement, data: {{ scene, on, stamp: "", picture: [0, 0, 1, 1], core: "./three.core.min.js",
    three: "./three.module.min.js", drawn: "./replay_drawn.js" }} }});
}};
window.shown(0);
</script>"""


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing of what it is asked for."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def opened(page: Page) -> float:
    """Page -> once its first picture is there, how many milliseconds that took."""
    page.locator(".replay[data-first]").wait_for()
    return float(page.locator(".replay").get_attribute("data-first") or "nan")


def resident_mb(profile: str) -> float:
    """The browser's profile -> what all of its processes hold, and those they share counted each time."""
    held = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if profile.encode() in (process / "cmdline").read_bytes():
                held += int((process / "statm").read_text(encoding="ascii").split()[1])
        except OSError:  # it ended meanwhile
            continue
    return held * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_s(profile: str) -> float:
    """The browser's profile -> the processor's seconds that all of its processes have had."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if profile.encode() in (process / "cmdline").read_bytes():
                ticks += sum(map(int, (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]))
        except OSError:  # it ended meanwhile
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def show(page: Page, profile: str, shots: int) -> None:
    """Page with the viewer, the browser's profile, so many shots -> all is printed."""
    opened(page)
    page.evaluate("shown(1)")
    print(f"first picture: {opened(page):.0f} ms")
    page.locator("[data-move='loop']").click()
    page.evaluate(COUNTING)
    spent_s = processor_s(profile)
    page.wait_for_timeout(PLAYED_MS)
    count, spent_s = page.evaluate("counted"), processor_s(profile) - spent_s
    rate = (
        f"{1000 * count / PLAYED_MS:.0f} pictures a second, {1000 * spent_s / max(count, 1):.0f} ms of processors each"
    )
    print(f"{rate}, load {os.getloadavg()[0]:.1f}", flush=True)
    page.locator("[data-move='play']").click()
    for number in range(2, shots + 2):
        page.evaluate("number => shown(number)", number)
        opened(page)
        if (number - 2) % TELL_EVERY == 0:
            page.evaluate("gc()")
            heap = page.evaluate("performance.memory.usedJSHeapSize / 1e6")
            print(f"{number - 1:4d} shots: page {heap:.1f} MB, browser {resident_mb(profile):.0f} MB", flush=True)


def main(
    scene: Annotated[Path, typer.Argument(help="A replay's scene as JSON.")],
    shots: Annotated[int, typer.Option(help="So many are opened one after another.")] = 200,
) -> None:
    """Open the viewer as the app does and print what it costs."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as profile, sync_playwright() as driver:
        for name in FILES:
            shutil.copy(UI / name, folder)
        shutil.copy(scene, Path(folder) / "scene.json")
        html, css = ((UI / f"replay.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
        (Path(folder) / "index.html").write_text(
            PAGE.format(css=css, html=html, wide=WIDE, high=HIGH), encoding="utf-8"
        )
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        Thread(target=server.serve_forever, daemon=True).start()
        browser = driver.chromium.launch_persistent_context(
            profile, executable_path=machine.chromium(), args=list(FLAGS), viewport={"width": 900, "height": 900}
        )
        page = browser.pages[0]
        page.set_default_timeout(120_000)
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        show(page, profile, shots)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    typer.run(main)
