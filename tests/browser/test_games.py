"""Players against each other in a real browser: who leads, and what was played for, drawn on the goal."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from ..pages.filled import fill
from .running import browsing, rested, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_challenge_is_chosen_and_drawn_on_the_goal(own_home: Path) -> None:
    (own_home / "films").mkdir()
    fill(own_home / "films")
    with running_app(own_home) as address, browsing(f"{address}/History", 390, 844) as page:
        rested(page)
        page.get_by_text("Against each other", exact=True).click()
        expect(page.get_by_role("heading", name="Leaderboard")).to_be_visible()
        page.get_by_text("Corners", exact=True).click()
        expect(page.get_by_text("Ana").first).to_be_visible()
        mouth = page.locator(".js-plotly-plot").first
        expect(mouth).to_be_visible()
        rested(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "Traceback" not in (own_home / "server.log").read_text()
