"""Pages hold still on a phone while what they are drawn with comes in: what is not there yet keeps its room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from ..pages.filled import fill
from .running import FLAGS, chromium, rested, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GOOD = 0.1  # of cumulative layout shift; 0.15 to 0.23 before rooms were kept
# All shifts are added up, however far apart: a machine's haste or leisure changes nothing.
WATCH = """window.moved = []; const where = (node) => node?.parentElement?.closest("[class*=st-key-]")?.className;
new PerformanceObserver((list) => { for (const shift of list.getEntries()) if (!shift.hadRecentInput)
  moved.push([shift.value, shift.sources.map((one) => where(one.node)).join(", ")]);
}).observe({ type: "layout-shift", buffered: true });"""
DRAWN = "() => !document.querySelector('[data-testid=stSkeleton]') && document.fonts.status === 'loaded'"


@pytest.fixture
def opened(own_home: Path) -> Iterator[tuple[Browser, str]]:
    """-> a browser, and the address of the app on a filled home."""
    films = own_home / "films"
    films.mkdir()
    fill(films, (960, 540))
    with running_app(own_home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser, address
        browser.close()
    assert "Traceback" not in (own_home / "server.log").read_text()


def held_back(page: Page, address: str) -> list[Route]:
    """-> the scripts that this page asks for late, not handed to it: only those it names itself are."""
    with urlopen(address) as answer:
        first = set(re.findall(r"static/js/[^\"']+", answer.read().decode()))
    held: list[Route] = []

    def asked(route: Route) -> None:
        if any(route.request.url.endswith(name) for name in first):
            route.continue_()
        else:
            held.append(route)

    page.route("**/static/js/*.js", asked)
    return held


def settled(page: Page, held: list[Route]) -> None:
    """Waits until nothing more is asked for."""
    known = -1
    while known != len(held):
        known = len(held)
        page.wait_for_timeout(1_500)


def let_go(page: Page, held: list[Route]) -> None:
    """Hands the page what it waits for, and what it asks for on account of that, until all of it is drawn."""
    while held:
        for route in [held.pop() for _ in range(len(held))]:
            route.continue_()
        settled(page, held)
    page.wait_for_function(DRAWN)
    page.wait_for_timeout(1_500)


@pytest.mark.parametrize("name", ["Shot", "Analyze", "Coach", "Clips"])
def test_a_page_holds_still_on_a_phone_however_late_its_scripts_come(opened: tuple[Browser, str], name: str) -> None:
    browser, address = opened
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(120_000)
    page.add_init_script(WATCH)
    held = held_back(page, address)
    page.goto(f"{address}/{name}")
    rested(page)
    settled(page, held)
    assert held, "nothing came late: nothing was tried"
    let_go(page, held)
    moved = page.evaluate("moved")
    assert sum(by for by, _ in moved) <= GOOD, moved
