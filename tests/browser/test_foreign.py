"""Text that is not ours in a real browser: letters, and no page asks the machine it names for anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from ..pages import hostile
from .running import FLAGS, chromium, rested, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LIVE = f"a[href*='{hostile.HOST}'], img[src*='{hostile.HOST}'], .katex"
LETTERS = f"![a](//{hostile.HOST}/a.png)"
TABLES = "[data-testid=stDataFrame]"
NAMED = {"Home", "Analyze", "Answers", "Agreement", "Shot", "Coach", "Clips"}  # where names or notes stand in the text
SHOWS = "letters => document.body.innerText.replaceAll('\u2060', '').includes(letters)"


def opened(page: Page, address: str, shots: list[int]) -> dict[str, str]:
    """-> what stands on each page, by what was opened."""
    ways = {
        "Home": "", "Analyze": "Analyze?session=1", "Clips": "Clips?session=1", "Answers": "Label?who=Ana",
        "Agreement": "Label?who=Ana", "History": "History", "Shot": f"Shot?shot={shots[0]}", "Evaluate": "Evaluate",
        "Coach": "Coach?session=1", "Teach": "Teach",
    }  # fmt: skip
    told = {}
    for name, where in ways.items():
        page.goto(f"{address}/{where}")
        rested(page)
        if name == "Agreement":
            page.get_by_text("Agreement", exact=True).click()
            page.get_by_text(re.compile(r"Disputes \([1-9]")).wait_for()
            rested(page)
        assert page.locator(LIVE).count() == 0, f"{name}: {page.locator(LIVE).first.evaluate('e => e.outerHTML')}"
        if name in NAMED:  # a script may have run before its last element is drawn
            page.wait_for_function(SHOWS, arg=LETTERS, timeout=30_000)
        told[name] = page.inner_text("body").replace("\u2060", "")
    return told


def test_hostile_text_is_letters_and_nobody_is_asked_for_it(own_home: Path) -> None:
    shots = hostile.house(own_home / "films")
    assert hostile.poison(hostile.name_or_note)
    asked: list[str] = []
    with running_app(own_home) as address, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium(), args=FLAGS).new_page()
        page.on("request", lambda request: asked.append(request.url))
        told = opened(page, address, shots)
        assert {name for name, text in told.items() if LETTERS in text} >= NAMED
        page.goto(f"{address}/History")
        rested(page)
        page.locator(TABLES).first.hover()
        page.get_by_label("Fullscreen").first.wait_for()  # the toolbar is there, without what would write formulas
        assert not page.get_by_label("Download as CSV").first.is_visible()
    assert asked
    assert [url for url in asked if hostile.HOST in url.partition("?")[0]] == []


def test_what_is_live_is_seen_to_be(own_home: Path) -> None:
    """The same look at a page where one name was let through as it is."""
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium(), args=FLAGS).new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(f"<div><img src='http://{hostile.HOST}/a.png'><a href='http://{hostile.HOST}/b'>b</a></div>")
        assert page.locator(LIVE).count() == 2
        assert [url for url in asked if hostile.HOST in url]
