"""Teaching in a real browser: a ball that nobody labelled is drawn on the picture, kept, and in the data set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from kicky.service import looking, teaching

from ..teach.pictures import drawn
from .running import FLAGS, chromium, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OPENS_S = 300


@pytest.fixture
def opened(own_home: Path) -> Iterator[Page]:
    """-> a browser on the Teach page of a home with a data set."""
    drawn(own_home / "db" / "datasets" / "park")
    with running_app(own_home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(120_000)
        expect.set_options(timeout=60_000)
        page.goto(f"{address}/Teach")
        page.get_by_text("1 to 8 of 8").wait_for(timeout=1000 * OPENS_S)
        yield page
        browser.close()
    assert "Traceback" not in (own_home / "server.log").read_text()


def test_a_box_drawn_in_the_browser_is_in_the_data_set(opened: Page) -> None:
    (first, *_), _ = looking.pictures("park")
    before = [(thing.label, thing.box_px) for thing in first.things]
    opened.get_by_role("button", name="Fix").first.click()
    canvas = opened.locator("canvas.upper-canvas").first
    canvas.wait_for()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    scale = box["width"] / first.size_wh_px[0]
    opened.mouse.move(box["x"] + 5 * scale, box["y"] + 60 * scale)
    opened.mouse.down()
    opened.mouse.move(box["x"] + 12 * scale, box["y"] + 66 * scale, steps=4)
    opened.mouse.move(box["x"] + 17 * scale, box["y"] + 72 * scale, steps=4)
    opened.mouse.up()
    opened.wait_for_timeout(1500)  # the canvas tells of what was drawn after a moment
    opened.get_by_role("button", name="Keep").click()
    expect(opened.get_by_text("corrected").first).to_be_visible()
    (again, *_), _ = looking.pictures("park")
    assert again.corrected
    now = [(thing.label, thing.box_px) for thing in again.things]
    new = [each for each in now if each not in before]
    assert len(now) == len(before) + 1
    ((label, drawn_px),) = [each for each in new if abs(each[1][0] - 5) < 2]
    assert label == "ball"
    assert drawn_px == pytest.approx((5, 60, 17, 72), abs=1.5)


def test_a_picture_thrown_out_can_be_taken_back(opened: Page) -> None:
    opened.get_by_role("button", name="Discard").first.click()
    expect(opened.get_by_text("discarded", exact=False).first).to_be_visible()
    assert teaching.data_set("park").rejected == 1
    opened.get_by_role("button", name="Take back").first.click()
    expect(opened.get_by_role("button", name="Take back")).to_have_count(0)
    assert teaching.data_set("park").rejected == 0


def test_a_key_throws_a_picture_out_and_shows_the_next(opened: Page) -> None:
    (first, *_), _ = looking.pictures("park")
    opened.get_by_text("One by one, by keys").click()
    opened.get_by_text("1 of 8", exact=True).wait_for()
    opened.keyboard.press("x")
    opened.get_by_text("2 of 8", exact=True).wait_for()
    assert [picture.file for picture in looking.pictures("park")[0] if picture.rejected] == [first.file]
    opened.keyboard.press("ArrowLeft")
    opened.get_by_text("1 of 8", exact=True).wait_for()
    opened.keyboard.press("z")
    expect(opened.get_by_text("discarded", exact=False)).to_have_count(0)
    assert teaching.data_set("park").rejected == 0
