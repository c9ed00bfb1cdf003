"""The app as a player has it open all evening: neither its server nor its pages ask anybody but this machine."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from .. import traced
from ..pages.filled import fill
from .running import FLAGS, OURS, ROOT, chromium, rested, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = ("", *(path.stem.split("_", 1)[1] for path in sorted((ROOT / "pages").glob("*.py"))))
OPENED_TO_THE_HOUSE = (*OURS, "--server.address=0.0.0.0")
STREAMLITS = (sys.executable, "-m", "streamlit", "run", "Home.py")


def test_no_page_asks_anybody_else(own_home: Path, tmp_path: Path) -> None:
    """Every page, looked at in Chromium: what its server asks, and what the page itself does."""
    films = own_home / "films"
    films.mkdir()
    fill(films)
    log, asked = tmp_path / "asked", list[str]()
    with running_app(own_home, [*traced.under_strace(log), *OURS]) as address, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium(), args=FLAGS).new_page()
        page.on("request", lambda request: asked.append(request.url))
        for name in PAGES:
            page.goto(f"{address}/{name}")
            rested(page)
    assert traced.asked_of_others(log) == []
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts <= {"localhost", "127.0.0.1"}


@pytest.mark.parametrize("start", [OPENED_TO_THE_HOUSE, STREAMLITS, (*STREAMLITS, "--server.address=0.0.0.0")])
def test_no_start_asks_anybody_else(
    start: Sequence[str], own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it is started, also on a machine without a display."""
    monkeypatch.setenv("KICKY_PASSWORD", "twelve letters")
    monkeypatch.delenv("DISPLAY", raising=False)
    log = tmp_path / "asked"
    with running_app(own_home, [*traced.under_strace(log), *start]) as address, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium(), args=FLAGS).new_page()
        page.goto(address)
        page.get_by_text("KICKY").first.wait_for(timeout=60_000)
    assert traced.asked_of_others(log) == []
