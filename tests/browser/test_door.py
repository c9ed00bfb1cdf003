"""The door in a real browser: a wrong password, the right one, the page that was asked for, and a film on it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from kicky import jobs
from kicky.service import clips, sessions, truth

from .. import numbered
from ..doors.served import PASSWORD, served
from .running import FLAGS, chromium, rested

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_door_opens_to_the_page_that_was_asked_for(own_home: Path) -> None:
    session = sessions.new(dt.date(2026, 11, 21), "Hackney Marshes")
    film = numbered.film(own_home / "clip.mp4", 30, numbered.uneven(30))
    truth.film_of(clips.add(session, film.name, film).id)
    jobs.work(0.01)
    with (
        served(own_home, "kicky.start", "--server.address", "0.0.0.0", KICKY_PASSWORD=PASSWORD) as app,
        sync_playwright() as playwright,
    ):
        context = playwright.chromium.launch(executable_path=chromium(), args=FLAGS).new_context()
        page = context.new_page()
        page.goto(f"http://localhost:{app.port}/Label?who=Ada")
        expect(page.get_by_label("Password")).to_be_focused()
        page.get_by_label("Password").fill("corner flag 1864")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("alert")).to_have_text("That is not the password.")
        for look in ("light", "dark"):
            page.emulate_media(color_scheme=look)
            assert [found["id"] for found in Axe().run(page).response["violations"]] == []
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Password").press("Enter")
        rested(page)
        assert "/Label?who=Ada" in page.url
        expect(page.locator(".stepper")).to_have_attribute("data-shown", re.compile(r"\d+"), timeout=60_000)
        page.reload()
        rested(page)
        expect(page.get_by_label("Password")).to_have_count(0)
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"http://localhost:{app.port}/")  # another page, and still no password
        page.get_by_text("Open it on your phone").click()
        code = page.get_by_role("img", name="QR code of")
        expect(code).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.clear_cookies()
        page.reload()
        expect(page.get_by_label("Password")).to_be_visible()
