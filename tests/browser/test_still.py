"""Pages hold still while they are drawn: at the width of a large screen, light and dark, and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, sync_playwright

from ..pages.filled import fill
from .running import FLAGS, chromium, rested, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = ("", "Analyze", "Saturday", "Clips", "Label", "History", "Shot", "Evaluate", "Coach", "Teach")
MOST = 0.1  # cumulative layout shift that is called good
# The worst five seconds' shifts without a second's rest between them, as browsers count it.
WATCH = """window.moved = 0; let begun = 0, last = 0, sum = 0;
new PerformanceObserver((list) => { for (const shift of list.getEntries()) {
  if (shift.hadRecentInput) continue;
  if (shift.startTime - last > 1000 || shift.startTime - begun > 5000) { begun = shift.startTime; sum = 0; }
  last = shift.startTime; sum += shift.value; window.moved = Math.max(window.moved, sum);
} }).observe({ type: "layout-shift", buffered: true });"""


def moved(browser: Browser, address: str, wide: int, theme: Literal["light", "dark"]) -> float:
    """-> how much that page moves while it is drawn; nothing reaches out of it to the side."""
    page = browser.new_page(viewport={"width": wide, "height": 900}, color_scheme=theme)
    page.set_default_timeout(120_000)
    page.add_init_script(WATCH)
    page.goto(address)
    rested(page)
    page.wait_for_timeout(1500)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} reaches out at {wide} px"
    found = float(page.evaluate("moved"))
    page.close()
    return found


@pytest.mark.parametrize(("wide", "theme"), [(1600, "light"), (1600, "dark"), (390, "dark")])
def test_no_page_jumps_while_it_is_drawn(own_home: Path, wide: int, theme: Literal["light", "dark"]) -> None:
    (own_home / "films").mkdir()
    fill(own_home / "films", (960, 540))
    with running_app(own_home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        found = {name or "Home": moved(browser, f"{address}/{name}", wide, theme) for name in PAGES}
        browser.close()
    assert {name: round(by, 3) for name, by in found.items() if by > MOST} == {}


def test_a_page_that_jumps_is_seen_to_jump(tmp_path: Path) -> None:
    late = "setTimeout(() => document.querySelector('h1').style.marginTop = '300px', 500)"
    rested_app = (
        "<div data-testid=stApp data-test-script-state=notRunning style='height: 500px; background: teal'></div>"
    )
    jumps = tmp_path / "jumps.html"
    jumps.write_text(f"<h1>So</h1>{rested_app}<script>{late}</script>")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        assert moved(browser, jumps.as_uri(), 1600, "light") > MOST
        browser.close()
