"""The replay in a real browser: looked at from elsewhere, in step with the film; without WebGL its film is offered."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from ..pages.filled import fill
from .running import FLAGS, chromium, rested, running_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DRAWING = [flag for flag in FLAGS if flag != "--disable-gpu"]
DRAWING += ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
NO_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null"


def at_the_replay(page: Page, address: str) -> None:
    page.set_default_timeout(120_000)
    expect.set_options(timeout=60_000)
    page.goto(address)
    rested(page)
    page.get_by_role("tab", name="Replay").click()


def test_it_is_looked_at_from_elsewhere_follows_the_film_and_offers_one_without_webgl(own_home: Path) -> None:
    films = own_home / "films"
    films.mkdir()
    shot = fill(films, (960, 540))[0]
    with running_app(own_home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=DRAWING)
        page = browser.new_page(viewport={"width": 1024, "height": 768})
        at_the_replay(page, f"{address}/Shot?shot={shot}")
        replay = page.locator(".replay[data-first]")
        replay.wait_for()
        page.locator(".replay [data-view='above']").click()
        expect(replay).to_have_attribute("data-view", "above")
        expect(page.locator(".replay [aria-pressed=true]", has_text="Above")).to_have_count(1)
        assert page.locator(".replay").get_attribute("aria-pressed") is None
        page.locator(".stepper.large").focus()
        page.keyboard.press("e")
        page.locator(".stepper.large[data-shown='6']").wait_for()
        expect(page.locator(".replay .where")).to_have_text("The kick")
        page.keyboard.press(".")
        expect(replay).to_have_attribute("data-frame", "7")
        expect(page.locator(".replay .where")).to_contain_text("after the kick")
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.locator(".replay .clock")).to_be_hidden()
        page.locator(".replay input[type=range]").press("Home")
        expect(page.locator(".replay .where")).to_contain_text("before the kick")
        if page.locator(".replay .said").is_visible():
            said, picture = (page.locator(f".replay {name}").bounding_box() for name in (".said", ".picture"))
            assert said is not None
            assert picture is not None
            assert said["y"] + said["height"] < picture["y"] + 0.12 * picture["height"], "it stands over no body"
        page.close()
        plain = browser.new_page(viewport={"width": 390, "height": 844})
        plain.add_init_script(NO_WEBGL)
        at_the_replay(plain, f"{address}/Shot?shot={shot}")
        expect(plain.locator(".replay .lost")).to_contain_text("does not draw in three dimensions")
        expect(plain.get_by_role("button", name="Make the film")).to_be_visible()
        browser.close()
    assert "Traceback" not in (own_home / "server.log").read_text()
