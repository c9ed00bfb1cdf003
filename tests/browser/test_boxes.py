"""Boxes in a real browser: no edit is lost however the server dies; two fingers zoom, one pans, and what is drawn then
lies where the picture says.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, sync_playwright

from kicky.truth import boxes

from .. import numbered
from .running import FLAGS, chromium, free_port, running_app, start_app
from .test_label import browser, filmed, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]
EDITS = int(os.environ.get("KICKY_LABEL_EDITS", "40"))  # `make bench` takes 300
KILLS = int(os.environ.get("KICKY_LABEL_KILLS", "3"))  # and 10
FRAMES = 60
Ball = tuple[int, ...] | None
Held = dict[int, Ball]
"""Frame: its ball, None where it was said that there is none."""
Change = tuple[int, Held, Held]
"""A frame, what it held before, and after."""


def opened(page: Page, address: str, clip_id: int) -> None:
    page.goto(f"{address}/Label?who=Ada&clip={clip_id}")
    page.get_by_text("Boxes", exact=True).click()
    page.locator(f".stepper[data-ready='{clip_id}'][data-shown]").wait_for()
    settled(page)


class Hand:
    """A hand that steps, draws, copies, clears, takes back and does again, and knows what each frame holds."""

    def __init__(self, page: Page, rng: random.Random) -> None:
        self.page, self.rng, self.held = page, rng, Held()
        self.done: list[Change] = []
        self.undone: list[Change] = []
        self.did: list[str] = []
        self.frame = 0

    def turn(self) -> None:
        """One step, or one edit."""
        draws = [self.draw] * 4
        does = self.rng.choice([self.step, self.step, *draws, self.none, self.copy, self.clear, self.undo, self.again])
        self.did.append(f"{does.__name__} {self.frame}")
        does()
        self.frame = shown(self.page)

    def step(self) -> None:
        self.page.keyboard.press(self.rng.choice([",", ".", "<", ">"]))

    def draw(self) -> None:
        self.page.locator("svg.over").evaluate("each => each.scrollIntoView({block: 'center'})")
        edge = self.page.locator("svg.over").bounding_box()
        assert edge is not None
        x, y = (round(self.rng.uniform(0.1, 0.6) * side) for side in numbered.SIZE_WH)
        right, low = x + self.rng.randrange(12, 60), y + self.rng.randrange(12, 40)
        scale = edge["width"] / numbered.SIZE_WH[0]
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("1")
        self.page.mouse.move(edge["x"] + x * scale, edge["y"] + y * scale)
        self.page.mouse.down()
        self.page.mouse.move(edge["x"] + right * scale, edge["y"] + low * scale, steps=2)
        self.page.mouse.up()
        self.put({self.frame: (x, y, right, low)})

    def none(self) -> None:
        self.page.keyboard.press("o")
        self.put({self.frame: None})

    def copy(self) -> None:
        self.page.keyboard.press("n")
        if self.held.get(self.frame) is not None and self.frame + 1 < FRAMES:
            self.put({self.frame + 1: self.held[self.frame]})

    def clear(self) -> None:
        self.page.get_by_role("button", name="Clear", exact=True).click()
        self.put({})

    def undo(self) -> None:
        self.page.keyboard.press("z")
        if self.done:
            self.undone.append(self.done.pop())
            frame, before, _ = self.undone[-1]
            self.now(frame, before)

    def again(self) -> None:
        self.page.keyboard.press("r")
        if self.undone:
            self.done.append(self.undone.pop())
            frame, _, after = self.done[-1]
            self.now(frame, after)

    def put(self, after: Held) -> None:
        """What a frame holds from now on, none named where it is cleared -> said, to be taken back."""
        frame = next(iter(after), self.frame)
        self.done.append((frame, {frame: self.held[frame]} if frame in self.held else {}, after))
        self.undone.clear()
        self.now(frame, after)

    def now(self, frame: int, holds: Held) -> None:
        self.held.pop(frame, None)
        self.held |= holds

    def anew(self) -> None:
        """The page found another server: it stands where it began, and has nothing to take back."""
        self.done.clear()
        self.undone.clear()
        self.frame = settled(self.page)


def shown(page: Page) -> int:
    """-> the frame shown, once it is the one asked for, whether what was drawn is saved or not."""
    page.wait_for_timeout(60)
    since, now = time.monotonic(), {}
    while time.monotonic() - since < 20:
        now = page.locator(".stepper").evaluate("(box) => ({...box.dataset})")
        if now.get("shown") == now.get("target") and now.get("shown") is not None:
            return int(now["shown"])
        page.wait_for_timeout(20)
    raise AssertionError(f"the film does not settle: {now}")


def differences(clip_id: int, held: Held) -> list[str]:
    """Clip, what its frames should hold -> those on the disk that differ; a mouse goes by the screen's whole pixels."""
    kept: Held = {}
    for frame, things in boxes.drawn(clip_id).items():
        ball = next((thing for thing in things if thing.label == "ball"), None)
        kept[frame] = None if ball is None else tuple(round(value) for value in ball.box_px)

    def alike(one: Ball, other: Ball) -> bool:
        return one is other or bool(one and other and all(abs(a - b) <= 2 for a, b in zip(one, other, strict=True)))

    return [
        f"frame {frame}: {kept.get(frame, 'nothing')} in place of {held.get(frame, 'nothing')}"
        for frame in sorted(kept.keys() | held.keys())
        if (frame in kept) != (frame in held) or not alike(kept.get(frame), held.get(frame))
    ]


def test_no_edit_is_lost_however_often_the_server_is_killed(own_home: Path) -> None:
    (clip_id,) = filmed(own_home, 1, FRAMES)
    port, killed, between = free_port(), 0, max(EDITS // (KILLS + 1), 1)
    with browser() as page:
        server = start_app(own_home, port)
        try:
            opened(page, f"http://localhost:{port}", clip_id)
            hand = Hand(page, random.Random(11))
            hand.anew()
            for turn in range(1, EDITS + 1):
                hand.turn()
                if turn % between or killed == KILLS:
                    continue
                if killed % 2 == 0:  # every other time in the midst of it
                    settled(page)
                before = page.locator(".stepper").get_attribute("data-server")
                server.kill()
                server.wait(30)
                if killed % 2 == 0:
                    assert not differences(clip_id, hand.held), f"on the disk after {hand.did}"
                killed += 1
                server = start_app(own_home, port)
                page.locator(f".stepper[data-ready='{clip_id}']:not([data-server='{before}'])").wait_for()
                hand.anew()
                assert not differences(clip_id, hand.held), f"told anew after {hand.did}"
            settled(page)
        finally:
            server.kill()
            server.wait(30)
    assert killed == KILLS
    assert len(hand.held) >= min(EDITS // 10, 10)
    assert not differences(clip_id, hand.held)
    assert "Traceback" not in (own_home / "server.log").read_text()


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
