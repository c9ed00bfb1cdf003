"""The pages by eye and by keyboard: contrast and names as WCAG 2.1 AA asks, by axe; a focus that can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from kicky import storage
from kicky.domain import Rest
from kicky.ui.answered import ARTICLE

from ..pages.filled import fill
from .running import FLAGS, chromium, rested, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = ("", "Analyze", "Saturday", "Clips", "Label", "History", "Shot", "Evaluate", "Coach", "Teach")
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
IN_THE_DARK = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}  # all else is the same in both themes
NOT_OURS = ("stFileUploaderDropzone", "media/balloon", 'id="portal"')  # Streamlit's: its box for files, its balloons
SEEN = """() => {
  let now = document.activeElement;
  while (now.shadowRoot?.activeElement) now = now.shadowRoot.activeElement;  // a component of our own
  const marked = (e) => {
    const look = getComputedStyle(e);
    return look.outlineStyle !== 'none' || look.boxShadow !== 'none' || e.hasAttribute('data-focus-visible');
  };
  // the page itself, which the arrow keys move; a film's controls, which the browser marks; the canvas's own toolbar
  const whole = ['BODY', 'MAIN', 'VIDEO'].includes(now.tagName) || now.className === 'dc-icon-button';
  return whole || [now, ...document.querySelectorAll(':focus-within')].some(marked) ? '' : now.outerHTML;
}"""

# Nothing waits to be drawn anew, and nothing fades in or out: half-way there its contrast is another.
STILL = """() => !document.querySelector('[data-stale=true]') && document.getAnimations().every(
  (one) => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)"""


@pytest.fixture
def opened(own_home: Path) -> Iterator[tuple[Browser, str]]:
    """-> a browser, and the address of the app on a filled home; the shot that is shown is not sure of its ball."""
    films = own_home / "films"
    films.mkdir()
    shot_id = fill(films)[3]
    report = storage.report(shot_id)
    lies = Rest(report.shot.ball.centre_px[6], 8.0, np.arange(7), np.ones(7), 1.0)
    storage.replace_report(shot_id, replace(report, shot=replace(report.shot, rests=(lies,), ball_sure=0.4)))
    with running_app(own_home) as address, sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium(), args=FLAGS), address


def rest(page: Page, address: str) -> None:
    page.goto(address)
    rested(page)
    page.wait_for_timeout(800)
    page.wait_for_function(STILL)


def unseen(page: Page) -> str:
    """-> what has the focus and does not show it, not even once the page has been drawn; else nothing."""
    try:
        page.wait_for_function(f"() => !({SEEN})()", timeout=3_000)
    except TimeoutError:
        return str(page.evaluate(SEEN))[:160]
    return ""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_names_and_order_are_what_aa_asks(opened: tuple[Browser, str], theme: str) -> None:
    browser, address = opened
    found = []
    for name in PAGES:
        page = browser.new_page(
            viewport={"width": 1280, "height": 2400}, color_scheme="dark" if theme == "dark" else "light"
        )
        rest(page, f"{address}/{name}")
        asked = AA if theme == "light" else IN_THE_DARK
        told = Axe().run(page, options=asked).response["violations"]
        if name == "Shot":
            page.get_by_role("tab", name="Draw").click()
            page.locator(".sketch").wait_for()
            page.wait_for_function(STILL)
            told += Axe().run(page, options=asked).response["violations"]
        found += [
            f"{name or 'Home'}: {rule['id']} {node['html'][:120]}"
            for rule in told for node in rule["nodes"] if not any(name in node["html"] for name in NOT_OURS)
        ]  # fmt: skip
        # One of the players is named like an address: nothing anybody typed leads out of the app.
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        found += [
            f"{name or 'Home'}: leads to {link}" for link in links if not link.startswith(address) and link != ARTICLE
        ]
        page.close()
    assert found == []


def test_axe_is_seen_to_bite(opened: tuple[Browser, str]) -> None:
    browser, address = opened
    page = browser.new_page()
    rest(page, address)
    page.add_style_tag(content="[data-testid=stMain] p {color: #ddd !important}")
    rules = {rule["id"] for rule in Axe().run(page, options=AA).response["violations"]}
    assert "color-contrast" in rules


def test_the_keyboard_reaches_what_a_page_offers_and_shows_where_it_is(opened: tuple[Browser, str]) -> None:
    browser, address = opened
    for name in PAGES:
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        rest(page, f"{address}/{name}")
        reached, lost = set(), set()
        for _ in range(60):
            page.keyboard.press("Tab")
            lost |= {unseen(page)} - {""}
            reached.add(page.evaluate("document.activeElement.tagName"))
        assert not lost, f"on {name or 'Home'} the focus cannot be seen on {lost}"
        assert {"A"} < reached, f"{name or 'Home'}: only {reached}"
        page.close()
