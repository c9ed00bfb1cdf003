"""The stage in a real browser: the film above the fold, stepped by keys and thumbs, and on to the next shot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kicky import storage
from kicky.home import media
from kicky.service import shots

from ..pages.filled import fill
from .running import FLAGS, chromium, rested, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
THUMB_PX = 44


@pytest.fixture
def opened(own_home: Path) -> Iterator[tuple[Browser, str]]:
    """-> a browser, and the address of the first shot of a filled home, with its drawing and without it."""
    films = own_home / "films"
    films.mkdir()
    first = fill(films, (960, 540))[0]
    bare = media() / "bare.mp4"
    bare.write_bytes((media() / "film_0.mp4").read_bytes())
    storage.change_clip(shots.one(first).clip_id, browser_copy=bare.name)
    with running_app(own_home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser, f"{address}/Shot?shot={first}"
        browser.close()
    assert "Traceback" not in (own_home / "server.log").read_text()


def at_the_shot(browser: Browser, address: str, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(60_000)
    expect.set_options(timeout=30_000)
    page.goto(address)
    expect(page.locator(".stepper.large[data-shown='0']")).to_have_count(1)  # the one before is gone, too
    rested(page)
    return page


def shows(page: Page, frame: int) -> None:
    page.locator(f".stepper.large[data-shown='{frame}']").wait_for()


def scale(page: Page) -> float:
    look = page.locator(".stepper.large video").evaluate("film => film.style.transform")
    return float(re.findall(r"scale\(([\d.]+)\)", look)[0])


def test_a_film_is_stepped_zoomed_and_left_for_the_next_shot(opened: tuple[Browser, str]) -> None:
    page = at_the_shot(*opened, 1024, 768)
    stage, film = page.locator(".stepper.large .stage"), page.locator(".stepper.large video")
    place = stage.bounding_box()
    assert place is not None
    assert place["y"] + place["height"] < 768, "the film stands above the fold"
    assert place["width"] > 500
    page.keyboard.press(".")
    shows(page, 1)
    page.keyboard.press("e")
    shows(page, 6)
    expect(page.locator(".stepper.large .mark")).to_have_text("Kick")
    page.keyboard.press("h")
    assert film.evaluate("film => film.playbackRate") == 0.5
    expect(page.locator(".stepper.large .mode")).to_have_text("½ speed")
    page.keyboard.press("b")
    assert scale(page) == 4
    page.keyboard.press("n")
    assert scale(page) > 1
    before = film.get_attribute("src")
    page.keyboard.press("d")
    expect(page.get_by_role("button", name="What was seen")).to_have_attribute("aria-pressed", "false")
    assert film.get_attribute("src") != before
    shows(page, 6)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator(".strip button", has_text="✕ No goal").click()
    expect(page.get_by_role("heading", name="No goal", exact=True)).to_be_visible()
    expect(page.locator(".stepper.large[data-shown='0']")).to_have_count(1)  # the one before is gone, too
    page.keyboard.press("ArrowRight")
    shows(page, 1)


def test_on_a_phone_thumbs_do_it(opened: tuple[Browser, str]) -> None:
    page = at_the_shot(*opened, 390, 844)
    stage = page.locator(".stepper.large .stage")
    place = stage.bounding_box()
    assert place is not None
    assert place["y"] + place["height"] < 844
    assert place["width"] > 340
    for button in page.locator(".stepper.large .moves button").all():
        size = button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= THUMB_PX, button.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Kick", exact=True).click()
    shows(page, 6)
    stage.click()
    expect(page.get_by_role("button", name="Play")).to_have_attribute("aria-pressed", "true")
    moves = "word => getComputedStyle(word).animationName"
    assert page.locator(".st-key-verdict h1").evaluate(moves) == "landed"
    page.emulate_media(reduced_motion="reduce")
    assert page.locator(".st-key-verdict h1").evaluate(moves) == "none"
    page.get_by_role("button", name="All of the body").click()
    expect(page.get_by_role("tab", name="Body")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="Body")).to_be_in_viewport()
    rested(page)
    page.get_by_role("tab", name="Body").focus()
    page.keyboard.press("ArrowRight")  # a key of the tabs, not of the film
    expect(page.get_by_role("tab", name="Coach")).to_be_focused()


def test_what_is_drawn_on_a_frame_is_kept_and_seen_when_the_film_stands_there(opened: tuple[Browser, str]) -> None:
    page = at_the_shot(*opened, 390, 844)
    page.get_by_role("button", name="Kick", exact=True).click()
    shows(page, 6)
    page.get_by_role("button", name="Draw on this frame").click()
    paper = page.locator(".sketch .paper")
    expect(paper.get_by_alt_text("Frame 6 of the film")).to_be_visible()
    rested(page)
    paper.scroll_into_view_if_needed()
    page.get_by_role("button", name="Angle").click()
    for x, y in ((60, 40), (120, 100), (200, 40)):
        paper.click(position={"x": x, "y": y})
    expect(paper.locator("text")).to_have_text("98°")
    page.get_by_role("button", name="Text", exact=True).click()
    page.get_by_label("Words").fill("<b>Lean</b>")
    paper.click(position={"x": 150, "y": 150})
    expect(page.locator(".sketch")).to_have_attribute("data-shapes", "2")
    page.locator(".sketch").focus()
    page.keyboard.press("Control+z")  # the text is taken back, and the angle stays
    expect(page.locator(".sketch")).to_have_attribute("data-shapes", "1")
    expect(page.get_by_role("button", name="Save this picture")).to_be_visible()
    rested(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    expect(page.locator(".stepper.large .sketched text")).to_have_count(0)
    expect(page.locator(".stepper.large[data-shown]")).to_have_count(1)
    page.get_by_role("button", name="Kick", exact=True).click()
    expect(page.locator(".stepper.large .sketched text")).to_have_text("98°")
