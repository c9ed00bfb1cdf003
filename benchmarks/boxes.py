"""200 frames of ball, two players and goal, drawn in Chromium by a hand that knows where everything is."""

from __future__ import annotations

import datetime as dt
import statistics
from pathlib import Path
from typing import Any

import numpy as np
import supervision as sv
from playwright.sync_api import Page, sync_playwright

from kicky import jobs, synthetic
from kicky.service import boxes, clips, sessions, truth, work
from kicky.synthetic.film import truth as synthetic_truth
from kicky.truth import boxes as filled
from tests.browser.running import FLAGS, chromium, free_port, start_app

HD = (1920, 1080)
PLACES = "all => all.map(rect => ['x', 'y', 'width', 'height'].map(name => Number(rect.getAttribute(name))))"


def rects(home: Path, count: int = 200, every: int = 20) -> None:
    """A film of 207 frames with two people in it all the while, drawn in by who sees where everything is."""
    shot = synthetic.sample(37, view="diagonal", kind="goal", fps=60, size_wh=HD)
    told = synthetic_truth(shot)
    session = sessions.new(dt.date(2026, 11, 21), "Bench")
    clip = clips.add(session, "boxes.mp4", synthetic.write(shot, home))
    work.analyze([clip.id])
    truth.film_of(clip.id)
    jobs.work(0.01)
    port = free_port()
    server = start_app(home, port)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1600, "height": 1400})
            page.set_default_timeout(120_000)
            page.goto(f"http://localhost:{port}/Label?who=Ada&clip={clip.id}")
            page.get_by_text("Boxes", exact=True).click()
            page.locator(f".stepper[data-ready='{clip.id}'][data-shown]").wait_for()
            hand = _Hand(page, told)
            hand.draw(count, every)
            page.locator(".stepper[data-waits='0']").wait_for()
            browser.close()
    finally:
        server.kill()
        server.wait(30)
    _compared(clip.id, told, count, hand)


class _Hand:
    """A hand that knows where everything is: its presses and clicks are counted, and from each how long it took."""

    def __init__(self, page: Page, told: dict[str, Any]) -> None:
        self.page, self.told, self.box = page, told, page.locator(".stepper")
        self.count, self.accepted = 0, 0
        self.steps: list[float] = []
        self.drew: list[float] = []
        edge = page.locator("svg.over").bounding_box()
        assert edge is not None
        self.edge, self.scale = edge, edge["width"] / HD[0]

    def draw(self, count: int, every: int) -> None:
        """Players in every so many frames, the goal in the first; then the ball, frame by frame."""
        self.go(0)
        self.press("3")
        corners = np.array(self.told["goal_corners_px"])
        self.drag([*corners.min(axis=0), *corners.max(axis=0)])
        self.press("2")
        for frame in range(0, count, every):
            self.go(frame)
            self.players(frame)
        self.go(count - 1)
        self.players(count - 1)
        self.press("1")
        self.go(0)
        for frame in range(count):
            self.ball(frame)

    def players(self, frame: int) -> None:
        for person in self.told["people"]:
            self.drag(person["box_px"][frame])

    def ball(self, frame: int) -> None:
        x, y = self.told["ball_px"][frame]
        near = max(0.35 * self.told["ball_diameter_px"][frame], 2.0)
        offered = self.page.locator("svg.over rect.ball.dashed").evaluate_all(PLACES)
        if any(abs(left + w / 2 - x) < near and abs(top + h / 2 - y) < near for left, top, w, h in offered):
            self.accepted += 1
            self.press("a")
        else:
            self.page.mouse.click(*self.screen(x, y))
            self.count += 1
            self.noted(self.drew, "data-drew-ms")
        self.shown(frame + 1)
        self.noted(self.steps, "data-ms")

    def go(self, frame: int) -> None:
        """By keys, the quickest way there: a second back, five frames, one."""
        while (by := frame - int(self.box.get_attribute("data-target") or 0)) != 0:
            size = abs(by)
            self.press("ArrowDown" if by <= -40 else "<>"[by > 0] if size >= 5 else ",."[by > 0])
            self.page.wait_for_timeout(15)
        self.shown(frame)

    def shown(self, frame: int) -> None:
        self.page.locator(f".stepper[data-shown='{frame}'][data-target='{frame}']").wait_for()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def drag(self, box: list[float]) -> None:
        self.page.mouse.move(*self.screen(*box[:2]))
        self.page.mouse.down()
        self.page.mouse.move(*self.screen(*box[2:]), steps=3)
        self.page.mouse.up()
        self.count += 1
        self.noted(self.drew, "data-drew-ms")

    def noted(self, times: list[float], name: str) -> None:
        self.page.wait_for_timeout(60)
        times.append(float(self.box.get_attribute(name) or "nan"))

    def screen(self, x: float, y: float) -> tuple[float, float]:
        return self.edge["x"] + x * self.scale, self.edge["y"] + y * self.scale


def _compared(clip_id: int, told: dict[str, Any], count: int, hand: _Hand) -> None:
    """What was drawn, filled in as it is for learning, against the truth -> the figures."""
    whole = filled.completed(filled.drawn(clip_id), boxes.clip_times(clip_id))
    complete = [frame for frame in range(count) if len(whole.get(frame, ())) == 2 + len(told["people"])]
    off, alike = [], []
    for frame in complete:
        things = whole[frame]
        (ball,) = (thing for thing in things if thing.label == "ball")
        x0, y0, x1, y1 = ball.box_px
        off.append(
            float(np.hypot((x0 + x1) / 2 - told["ball_px"][frame][0], (y0 + y1) / 2 - told["ball_px"][frame][1]))
        )
        seen = np.array([thing.box_px for thing in things if thing.label == "player"])
        there = np.array([person["box_px"][frame] for person in told["people"]])
        alike += sv.box_iou_batch(there, seen).max(axis=1).tolist()
    drew, steps = sorted(hand.drew), sorted(hand.steps)
    print(
        f"boxes: {len(complete)} of {count} frames complete by {hand.count} presses and clicks ({hand.accepted} balls "
        f"accepted); click to box: median {statistics.median(drew):.0f} ms, longest {drew[-1]:.0f} ms; step: median "
        f"{statistics.median(steps):.0f} ms, 95 % within {steps[int(0.95 * len(steps))]:.0f} ms; the ball is off by "
        f"{statistics.median(off):.1f} px (median), {max(off):.1f} at worst; players overlap by "
        f"{statistics.median(alike):.2f} (median), {min(alike):.2f} at worst",
        flush=True,
    )
