"""How long a player waits for the app: `python -m benchmarks.start`, warm, on a home with two Saturdays.

From the command to the first page's title in Chromium, which is open already; and a page's script again, as every
click runs it, by Streamlit's own test runner.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from streamlit.testing.v1 import AppTest

from tests.browser.running import FLAGS, ROOT, chromium, free_port, start_app
from tests.pages.filled import fill

STARTS, RERUNS = 5, 20
LIBRARIES = "Python has Streamlit, SQLModel and pandas"


def main() -> None:
    with TemporaryDirectory() as folder:
        os.environ |= {"KICKY_HOME": folder, "KICKY_NO_WORKER": "1"}
        fill(Path(folder))
        print("| from the command to | s, median | least | most |\n|---|---|---|---|")
        bare, answers, titles = zip(*(started(Path(folder)) for _ in range(STARTS)), strict=True)
        asked = (LIBRARIES, bare), ("the server answers", answers), ("the first page's title", titles)
        for what, found in asked:
            print(f"| {what} | {statistics.median(found):.2f} | {min(found):.2f} | {max(found):.2f} |")
        print("\n| page | script again, ms, median | most |\n|---|---|---|")
        for page in ("Home.py", *sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))):
            found = reruns(page)
            print(f"| {page} | {1000 * statistics.median(found):.0f} | {1000 * max(found):.0f} |")


def started(home: Path) -> tuple[float, float, float]:
    """Home -> seconds for the libraries alone, until the server answers, and until the first page's title is there."""
    since = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import streamlit.web.cli, sqlmodel, pandas"], check=True)
    bare = time.perf_counter() - since
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium(), args=FLAGS).new_page()
        port, since = free_port(), time.perf_counter()
        server = start_app(home, port)
        try:
            answered = time.perf_counter() - since
            page.goto(f"http://localhost:{port}")
            page.locator("h1").first.wait_for(timeout=60_000)
            return bare, answered, time.perf_counter() - since
        finally:
            stop(server)


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(30)


def reruns(page: str) -> list[float]:
    """Page -> seconds of each of its scripts after the first."""
    test, found = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60).run(), []
    if page != "Home.py":
        test.switch_page(page).run()
    assert not test.exception
    for _ in range(RERUNS):
        since = time.perf_counter()
        test.run()
        found.append(time.perf_counter() - since)
    return found


if __name__ == "__main__":
    main()
