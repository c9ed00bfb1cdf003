"""A Saturday in a real browser: a clip goes in, four corners are clicked, a verdict and a film that plays come out."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import ConsoleMessage, FloatRect, Page, expect, sync_playwright

from kicky import service, synthetic

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SHOT = synthetic.sample(11, view="behind", kind="goal", fps=30, size_wh=(960, 540))
ANALYSED_MS = 240_000  # two busy cores
NAMES = "chromium", "chromium-browser", "google-chrome"


def chromium() -> str:
    """-> the browser; a machine without one fails this test, it does not skip it."""
    path = os.environ.get("KICKY_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail("There is no Chromium on this machine: install it, or name it in KICKY_CHROMIUM.")
    return path


@pytest.fixture
def address(own_home: Path) -> Iterator[str]:
    """-> where the app answers, on a home of its own, with a worker."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    env = {key: value for key, value in os.environ.items() if key != "KICKY_NO_WORKER"}
    command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.headless=true", f"--server.port={port}"]
    log = own_home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
        try:
            wait_until_it_answers(f"http://localhost:{port}/_stcore/health", server, log)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(30)
    assert "Traceback" not in log.read_text()


def wait_until_it_answers(health: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if server.poll() is not None:
            pytest.fail(f"The app did not start:\n{log.read_text()}")
        try:
            with urlopen(health, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, TimeoutError):
            time.sleep(0.25)
    pytest.fail(f"The app did not answer within a minute:\n{log.read_text()}")


class Watch:
    """What the browser asked for and complained about."""

    def __init__(self, page: Page) -> None:
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)

    def _asked(self, url: str) -> None:
        if not url.startswith(("data:", "blob:")):  # these two carry their content with them
            self.hosts.add(urlsplit(url).hostname or url)

    def _console(self, message: ConsoleMessage) -> None:
        # On a reload of /Shot Streamlit first asks /Shot/_stcore/health where its root is, and is told: not there.
        probing = "404" in message.text and "/_stcore/" in message.location.get("url", "")
        if message.type == "error" and not probing:
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")


@pytest.fixture
def player(address: str) -> Iterator[tuple[Page, Watch]]:
    """-> a browser standing on the first page of the app, and what it asks for."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(30_000)
        watch = Watch(page)
        page.goto(address)
        yield page, watch
        browser.close()


def settled(page: Page, selector: str) -> FloatRect:
    """Selector -> where it stands, once it stands still: the picture takes the page's width when that is known."""
    before = None
    for _ in range(60):
        page.locator(selector).evaluate("element => element.scrollIntoView({block: 'center'})")
        place = page.locator(selector).bounding_box()
        if place is not None and place == before:
            return place
        before = place
        page.wait_for_timeout(500)
    pytest.fail(f"{selector} does not come to rest")


def click_corners(page: Page) -> None:
    """The four corners, each where the goal's really is in the picture."""
    for number, (x, y) in enumerate(SHOT.goal_corners_px):
        expect(page.get_by_text(f"Click corner {number + 1} of 4")).to_be_visible()
        place = settled(page, "canvas.upper-canvas")
        scale = place["width"] / SHOT.size_wh_px[0]
        page.mouse.click(place["x"] + x * scale, place["y"] + y * scale)
    expect(page.get_by_text("Goal kept for the whole session")).to_be_visible()


def bring_in(page: Page, film: Path) -> None:
    """From the first page to a clip in a new session."""
    page.get_by_role("button", name="Start with your own clips").click()
    page.get_by_label("Place").fill("Hackney Marshes")
    page.get_by_role("button", name="Create the session").click()
    page.locator("input[type=file]").set_input_files(film)
    page.get_by_role("button", name="Add 1 clip").click()
    expect(page.get_by_text("Click corner 1 of 4")).to_be_visible()


def check_film_plays(page: Page) -> None:
    film = page.locator("video")
    film.wait_for()
    page.wait_for_function("document.querySelector('video').readyState >= 2")
    assert film.evaluate("v => [v.videoWidth, v.videoHeight]") == list(SHOT.size_wh_px)
    assert film.evaluate("v => v.duration") == pytest.approx(SHOT.time_s[-1], abs=0.2)
    film.evaluate("async v => { v.muted = true; await v.play(); }")
    page.wait_for_function("document.querySelector('video').currentTime > 0.3")


def test_from_a_clip_to_a_verdict(player: tuple[Page, Watch], own_home: Path) -> None:
    page, watch = player
    film = synthetic.write(SHOT, own_home)
    bring_in(page, film)
    click_corners(page)
    (session,) = service.sessions()
    scene = service.scene(session.id)
    assert scene is not None
    assert [list(corner) for corner in scene.corners] == pytest.approx(SHOT.goal_corners_px, abs=1.5)

    page.get_by_role("button", name="Analyze 1 clip").click()
    page.get_by_role("link", name="See the shot").click(timeout=ANALYSED_MS)
    (shot,) = service.shots()
    verdict = {"goal": "Goal", "no_goal": "No goal", "unsure": "Not sure"}[shot.outcome]
    expect(page.get_by_role("heading", name=verdict, exact=True)).to_be_visible()
    check_film_plays(page)

    name = page.get_by_role("combobox", name="Who is")
    name.fill("Bo <b>Jackson</b>")
    name.press("Enter")
    for _ in range(60):
        if service.players():
            break
        page.wait_for_timeout(250)

    page.reload()
    expect(page.get_by_role("heading", name=verdict, exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Who is")).to_have_value("Bo <b>Jackson</b>")
    check_film_plays(page)
    page.get_by_role("link", name="Analyze").click()
    expect(page.get_by_text("Goal kept for the whole session")).to_be_visible()
    expect(page.get_by_text(film.name).first).to_be_visible()

    assert service.players() == ["Bo <b>Jackson</b>"]
    assert watch.hosts == {"localhost"}
    assert watch.complaints == []


def test_a_file_that_is_no_film_is_refused_and_the_page_goes_on(player: tuple[Page, Watch], own_home: Path) -> None:
    page, watch = player
    service.new_session(dt.date(2026, 11, 21), "Parc")
    bad = own_home / "holiday.mp4"
    bad.write_bytes(b"this is no film " * 100)
    page.get_by_role("link", name="Analyze").click()
    page.locator("input[type=file]").set_input_files(bad)
    page.get_by_role("button", name="Add 1 clip").click()
    expect(page.get_by_role("alert").filter(has_text="holiday.mp4")).to_be_visible()
    expect(page.get_by_text("Add the first clips above")).to_be_visible()
    assert service.clips(service.sessions()[0].id) == []
    assert watch.complaints == []
