"""A Saturday in a real browser: a clip goes in, four corners are clicked, a verdict and a film that plays come out."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, FloatRect, Page, expect, sync_playwright

from kicky import render, synthetic
from kicky.service import clips, players, scenes, sessions, shots, work

from .running import FLAGS, chromium, rested, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOT = synthetic.sample(11, view="behind", kind="goal", fps=30, size_wh=(960, 540))
ANALYSED_S = 240  # two busy cores


@pytest.fixture
def address(own_home: Path) -> Iterator[str]:
    """-> where the app answers, on a home of its own, with a worker."""
    with running_app(own_home) as address:
        yield address
    assert "Traceback" not in (own_home / "server.log").read_text()


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
    before, found = None, page.locator(selector)
    for _ in range(60):
        place = None
        if found.count() == 1:  # while the page is drawn anew, the old one stays
            found.last.evaluate("element => element.scrollIntoView({block: 'center'})")
            place = found.last.bounding_box()
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
    """From the first page to a clip in a session of its day."""
    page.get_by_role("button", name="Add clips").click()
    page.get_by_role("heading", name="Add clips", exact=True).wait_for()
    page.locator("input[type=file]").set_input_files(film)
    page.get_by_role("button", name="Click it myself").wait_for()
    settled(page, "canvas.upper-canvas")
    page.get_by_role("button", name="Click it myself").click()
    expect(page.get_by_text("Click corner 1 of 4")).to_be_visible(timeout=20_000)


def wait_for_the_work(page: Page) -> None:
    """Until the worker is done; what it says when it fails belongs into the test's own report."""
    until = time.monotonic() + ANALYSED_S
    while time.monotonic() < until:
        jobs = work.jobs()
        if jobs and not jobs[0].active:
            break
        page.wait_for_timeout(500)
    assert [(job.state, job.message) for job in jobs] == [("done", "")]


def check_film_plays(page: Page) -> None:
    page.locator(".stepper[data-shown]").wait_for()
    film = page.locator(".stepper video")
    assert film.evaluate("v => [v.videoWidth, v.videoHeight]") == list(SHOT.size_wh_px)
    assert -0.2 < film.evaluate("v => v.duration") - SHOT.time_s[-1] < render.HOLD_S + 0.2  # held for the verdict
    before = film.evaluate("async v => { await v.play(); return v.currentTime; }")
    page.wait_for_timeout(500)
    assert film.evaluate("v => v.currentTime") > before


def test_from_a_clip_to_a_verdict(player: tuple[Page, Watch], own_home: Path) -> None:
    page, watch = player
    film = synthetic.write(SHOT, own_home)
    bring_in(page, film)
    click_corners(page)
    (session,) = sessions.listed()
    scene = scenes.of_session(session.id)
    assert scene is not None
    assert [list(corner) for corner in scene.corners] == pytest.approx(SHOT.goal_corners_px, abs=1.5)

    wait_for_the_work(page)
    page.get_by_role("link", name="See the shot").click()
    (shot,) = shots.listed()
    verdict = {"goal": "Goal", "no_goal": "No goal", "unsure": "Not sure"}[shot.outcome]
    expect(page.get_by_role("heading", name=verdict, exact=True)).to_be_visible()
    check_film_plays(page)

    page.get_by_role("tab", name="Correct").click()
    name = page.get_by_role("combobox", name="Who is")
    name.fill("Bo <b>Jackson</b>")
    name.press("Enter")
    for _ in range(60):
        if players.names():
            break
        page.wait_for_timeout(250)

    rested(page)  # who reloads a page that is still being drawn breaks off its pictures, and the browser complains
    page.reload()
    rested(page)
    expect(page.get_by_role("heading", name=verdict, exact=True)).to_be_visible()
    page.get_by_role("tab", name="Correct").click()
    expect(page.get_by_role("combobox", name="Who is")).to_have_value("Bo <b>Jackson</b>")
    check_film_plays(page)
    rested(page)
    page.get_by_role("link", name="Add clips").click()
    expect(page.get_by_text("Goal kept for the whole session")).to_be_visible()
    expect(page.get_by_text(film.name).first).to_be_visible()

    assert players.names() == ["Bo <b>Jackson</b>"]
    assert watch.hosts == {"localhost"}
    assert watch.complaints == []


def test_a_goal_stays_when_its_page_comes_back(player: tuple[Page, Watch], own_home: Path) -> None:
    """The canvas forgets its clicks with its page."""
    page, _ = player
    bring_in(page, synthetic.write(SHOT, own_home))
    click_corners(page)
    rested(page)
    page.get_by_role("link", name="History").click()
    page.get_by_role("heading", name="History", exact=True).wait_for()
    rested(page)
    page.get_by_role("link", name="Add clips").first.click()
    page.get_by_role("heading", name="Add clips", exact=True).wait_for()
    expect(page.get_by_text("Goal kept for the whole session")).to_be_visible()
    rested(page)
    expect(page.get_by_text("Goal kept for the whole session")).to_be_visible()


def test_a_file_that_is_no_film_is_refused_and_the_page_goes_on(player: tuple[Page, Watch], own_home: Path) -> None:
    page, watch = player
    sessions.new(dt.date(2026, 11, 21), "Parc")
    bad = own_home / "holiday.mp4"
    bad.write_bytes(b"this is no film " * 100)
    page.get_by_role("link", name="Add clips").click()
    page.get_by_role("heading", name="Add clips", exact=True).wait_for()
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_role("alert").filter(has_text="holiday.mp4")).to_be_visible()
    expect(page.get_by_text("Add the first clips above")).to_be_visible()
    assert clips.listed(sessions.listed()[0].id) == []
    assert watch.complaints == []
