"""A short film made with one tap, saved and given to the share sheet, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from playwright.sync_api import Page, expect

from kicky.service import sharing

from ..pages.filled import fill
from .running import browsing, shot_address

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OPENS_S, MADE_S = 300, 240  # two busy cores: imports alone can take a minute, and the worker has to start
PHONE = """
navigator.canShare = ({ files }) => files.length === 1 && files[0].type === "video/mp4";
navigator.share = async ({ files, title }) => { window.shared = [files[0].name, files[0].size, title]; };
"""


@pytest.fixture
def shot_id(own_home: Path) -> int:
    """-> a goal of Ana's in the filled house."""
    (own_home / "films").mkdir()
    return fill(own_home / "films")[0]


@pytest.fixture
def address(own_home: Path, shot_id: int) -> Iterator[str]:
    with shot_address(own_home, shot_id) as address:
        yield address


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """-> a phone's browser on the shot's page."""
    with browsing(address, 390, 844) as page:
        opened(page)
        yield page


def opened(page: Page) -> None:
    """Page of a shot -> with the tab open in which it is shared."""
    page.get_by_role("tab", name="Share").click(timeout=1000 * OPENS_S)
    page.get_by_role("button", name="Film for a phone").wait_for(timeout=1000 * OPENS_S)


def test_one_tap_makes_a_film_to_save_and_to_share(page: Page, shot_id: int, own_home: Path) -> None:
    page.get_by_role("button", name="Film for a phone").click()
    save = page.get_by_role("button", name="Save", exact=True)
    save.wait_for(timeout=1000 * MADE_S)
    share = page.get_by_role("button", name="Share", exact=True)
    expect(share).to_have_count(0)  # this browser has no share sheet: no dead button
    with page.expect_download() as coming:
        save.click()
    assert coming.value.suggested_filename == saved_name(shot_id)
    saved = own_home / "saved.mp4"
    coming.value.save_as(saved)
    kept = sharing.made(shot_id, sharing.UPRIGHT).file
    assert kept is not None
    assert saved.read_bytes() == kept.read_bytes()
    with av.open(str(saved)) as film:
        context = film.streams.video[0].codec_context
        assert (context.name, context.width, context.height) == ("h264", 720, 1280)

    page.add_init_script(PHONE)
    page.reload()
    opened(page)
    page.get_by_role("button", name="Film for a phone").click()
    share.click()
    until = time.monotonic() + 20
    while page.evaluate("window.shared") is None and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert page.evaluate("window.shared") == [saved_name(shot_id), saved.stat().st_size, "Ana, 7 Nov 2026"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390  # nothing hangs over the edge of a phone


def saved_name(shot_id: int) -> str:
    return f"kicky-ana-2026-11-07-{shot_id}.mp4"
