"""Boxes in a real browser, by touch: two fingers zoom, one pans, and what is drawn then lies where the picture says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, sync_playwright

from kicky.truth import boxes

from .. import numbered
from .running import FLAGS, chromium, running_app
from .test_label import filmed, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def opened(page: Page, address: str, clip_id: int) -> None:
    page.goto(f"{address}/Label?who=Ada&clip={clip_id}")
    page.get_by_text("Boxes", exact=True).click()
    page.locator(f".stepper[data-ready='{clip_id}'][data-shown]").wait_for()
    settled(page)


def touch(cdp: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    about = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(points)]
    cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": about})


def swept(cdp: CDPSession, *ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """Fingers, each from here to there -> put down together, moved, lifted."""
    touch(cdp, "touchStart", *(start for start, _ in ways))
    for share in (0.25, 0.5, 0.75, 1.0):
        touch(cdp, "touchMove", *(tuple(a + share * (b - a) for a, b in zip(*way, strict=True)) for way in ways))  # type: ignore[arg-type]
    touch(cdp, "touchEnd")


def seen(page: Page) -> tuple[float, ...]:
    """-> what part of the film is shown: left, top, width, height in its pixels."""
    return tuple(float(value) for value in (page.locator("svg.over").get_attribute("viewBox") or "").split())


def test_fingers_zoom_about_their_middle_pan_and_draw(own_home: Path) -> None:
    (clip_id,) = filmed(own_home, 1)
    with running_app(own_home) as address, sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        about: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
        page = started.new_context(**about).new_page()
        page.set_default_timeout(120_000)
        opened(page, address, clip_id)
        width, height = numbered.SIZE_WH

        def at(x: float, y: float) -> tuple[float, float]:
            edge = page.locator("svg.over").bounding_box()  # the page scrolls
            assert edge is not None
            return edge["x"] + x * edge["width"], edge["y"] + y * edge["height"]

        def choose(tool: str) -> None:
            page.locator(f"button[data-tool={tool}]").evaluate("each => each.click()")
            page.locator("svg.over").evaluate("each => each.scrollIntoView({block: 'center'})")
            page.wait_for_timeout(300)

        choose("ball")
        cdp = page.context.new_cdp_session(page)
        swept(cdp, (at(0.5, 0.4), at(0.4, 0.4)), (at(0.6, 0.4), at(0.8, 0.4)))  # thrice as far apart, about 0.55 → 0.6
        page.wait_for_timeout(200)
        x, y, w, h = seen(page)
        zoomed = width / w
        assert zoomed == pytest.approx(4.0, rel=0.05)
        assert x + 0.6 * w == pytest.approx(0.55 * width, abs=0.01 * width)  # what was between the fingers still is
        assert y + 0.4 * h == pytest.approx(0.4 * height, abs=0.01 * height)
        choose("choose")
        swept(cdp, (at(0.3, 0.5), at(0.5, 0.6)))
        page.wait_for_timeout(200)
        x1, y1, w1, h1 = seen(page)
        assert (w1, h1) == pytest.approx((w, h))
        assert (x1, y1) == pytest.approx((x - 0.2 * w, y - 0.1 * h), abs=2)
        choose("player")
        swept(cdp, (at(0.2, 0.3), at(0.7, 0.8)))
        page.locator(".saved", has_text="Saved").wait_for(timeout=20_000)
        started.close()
    ((player,),) = boxes.drawn(clip_id).values()
    assert player.label == "player"
    wanted = (x1 + 0.2 * w1, y1 + 0.3 * h1, x1 + 0.7 * w1, y1 + 0.8 * h1)
    assert player.box_px == pytest.approx(wanted, abs=2)
