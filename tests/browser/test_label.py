"""Labelling in a real browser: what frame it shows is proved, a clip takes four keys, and no answer is ever lost."""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from sqlmodel import col, select

from kicky import jobs
from kicky.service import clips, sessions, truth
from kicky.storage import answers, labels
from kicky.storage.database import reading
from kicky.storage.tables import LabelRow

from .. import numbered
from .running import FLAGS, chromium, free_port, running_app, start_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FRAMES = 400
RESTARTS = int(os.environ.get("KICKY_LABEL_RESTARTS", "3"))  # `make bench` takes 20
STEPS = int(os.environ.get("KICKY_LABEL_STEPS", "30"))  # `make bench` takes 300
KEYS = (",", ".", "<", ">", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Shift+ArrowLeft", "Shift+ArrowRight")


def filmed(home: Path, count: int, frames: int = 60) -> list[int]:
    """-> clips of numbered frames at uneven times, ready to be stepped through; where to look first is told."""
    session = sessions.new(dt.date(2026, 11, 21), "Hackney Marshes")
    made = []
    for k in range(count):
        path = numbered.film(home / f"clip{k}.mp4", frames, numbered.uneven(frames, k))
        clip = clips.add(session, path.name, path)
        labels.put(clip.id, answers.CUT_KICK, str(10 + k))
        truth.film_of(clip.id)
        made.append(clip.id)
    jobs.work(0.01)
    return made


@contextmanager
def browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = started.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        page.set_default_timeout(120_000)
        yield page
        started.close()


def settled(page: Page) -> int:
    """-> the frame shown, once it is the one that was asked for and nothing waits to be saved."""
    since, now = time.monotonic(), {}
    while time.monotonic() - since < 20:
        now = page.locator(".stepper").evaluate("(box) => ({...box.dataset})")
        if now.get("shown") == now.get("target") and now.get("shown") is not None and now.get("waits") == "0":
            return int(now["shown"])
        page.wait_for_timeout(20)
    raise AssertionError(f"the film does not settle: {now}")


def pictured(page: Page) -> int:
    """-> the number that stands in the picture which the browser shows."""
    picture = Image.open(io.BytesIO(page.locator(".stage").screenshot()))
    wide = min(picture.width, round(picture.height * numbered.SIZE_WH[0] / numbered.SIZE_WH[1]))
    left = (picture.width - wide) // 2
    return numbered.read(picture.crop((left, 0, left + wide, picture.height)))


def pictures(page: Page, frame: int) -> bool:
    """-> whether that frame's number stands in the picture: a frame told of is drawn at the screen's next turn."""
    return any(pictured(page) == frame for _ in range(5))


def contacts(clip_id: int) -> list[int]:
    """Clip -> every contact frame that Python was told, in order."""
    mine = select(LabelRow).where(LabelRow.clip_id == clip_id, LabelRow.field == "truth:contact_frame")
    with reading() as db:
        return [int(row.value) for row in db.exec(mine.order_by(col(LabelRow.id))).all()]


def test_every_frame_shown_is_the_one_python_hears_of(own_home: Path) -> None:
    (clip_id,) = filmed(own_home, 1, FRAMES)
    rng = random.Random(7)
    seen: list[int] = []
    with running_app(own_home) as address, browser() as page:
        page.goto(f"{address}/Label?who=Ada")
        page.locator(".stepper[data-shown]").wait_for()
        assert settled(page) == 10  # where the kick was seen when it was cut out
        for _ in range(STEPS):
            for _ in range(rng.choice([1, 1, 1, 2, 5])):
                page.keyboard.press(rng.choice(KEYS))
            frame = settled(page)
            assert pictures(page, frame), pictured(page)
            page.keyboard.press("c")
            seen.append(settled(page))
            assert seen[-1] == frame
    expected = [frame for k, frame in enumerate(seen) if not k or frame != seen[k - 1]]
    assert contacts(clip_id) == expected
    assert len(set(seen)) > STEPS // 3
    assert "Traceback" not in (own_home / "server.log").read_text()


def test_a_clip_takes_four_keys_where_the_proposal_is_right(own_home: Path) -> None:
    made = filmed(own_home, 5)
    answers_ = [("g", "goal"), ("n", "no_goal"), ("u", "unsure"), ("g", "goal"), ("n", "no_goal")]
    pressed = 0
    with running_app(own_home) as address, browser() as page:
        page.goto(f"{address}/Label?who=Ada")
        for k, (key, _) in enumerate(answers_):
            page.get_by_text(f"clip {k + 1} of 5").wait_for()
            page.locator(f".stepper[data-shown='{10 + k}']").wait_for()
            for each in (key, "r", "c", "Enter"):
                page.keyboard.press(each)
                pressed += 1
        until = time.monotonic() + 30
        while len(truth.truths()) < 5 and time.monotonic() < until:
            page.wait_for_timeout(200)
        settled(page)
    assert pressed == 4 * 5
    for k, clip_id in enumerate(made):
        assert truth.of_clip(clip_id) == {"outcome": answers_[k][1], "foot": "right", "contact_frame": str(10 + k)}


def test_an_answer_confirmed_outlives_the_server_each_time(own_home: Path) -> None:
    (clip_id,) = filmed(own_home, 1)
    port = free_port()
    keys = [("g", "outcome", "goal"), ("n", "outcome", "no_goal"), ("l", "foot", "left"), ("r", "foot", "right")]
    with browser() as page:
        server = start_app(own_home, port)
        try:
            page.goto(f"http://localhost:{port}/Label?who=Ada")
            for turn in range(RESTARTS):
                key, field, value = keys[turn % len(keys)]
                page.locator(".stepper[data-shown][data-waits='0']").wait_for()
                page.keyboard.press(key)
                page.locator(".stepper[data-waits='0']").wait_for()
                before = page.locator(".stepper").get_attribute("data-server")
                server.kill()
                server.wait(30)
                assert truth.of_clip(clip_id)[field] == value, f"turn {turn}"
                if (
                    turn == RESTARTS - 1
                ):  # what is said while no server is there waits in the page, and is told to the next one
                    page.locator("video").evaluate(
                        "film => film.dispatchEvent(new Event('error'))"
                    )  # its server is gone too
                    page.keyboard.press("u")
                    page.wait_for_timeout(500)
                    assert page.locator(".stepper").get_attribute("data-waits") == "1"
                server = start_app(own_home, port)
                page.locator(f".stepper:not([data-server='{before}'])").wait_for()  # the page has found the new one
            until = time.monotonic() + 60
            while truth.of_clip(clip_id)["outcome"] != "unsure" and time.monotonic() < until:
                page.wait_for_timeout(300)
            assert truth.of_clip(clip_id)["outcome"] == "unsure"
        finally:
            server.kill()
            server.wait(30)


def test_the_second_of_two_tabs_is_told(own_home: Path) -> None:
    (clip_id,) = filmed(own_home, 1)
    with running_app(own_home) as address, browser() as page:
        other = page.context.new_page()
        other.set_default_timeout(120_000)
        for tab in (page, other):
            tab.goto(f"{address}/Label?who=Ada")
            tab.locator(".stepper[data-shown]").wait_for()
            settled(tab)
        page.bring_to_front()
        page.keyboard.press("g")
        page.locator(".saved", has_text="Saved").wait_for()
        other.bring_to_front()
        other.keyboard.press("n")
        other.get_by_text("in another window it is goal now").wait_for()
        settled(other)  # the refusal is drawn above the film before the film hears of it
        assert truth.of_clip(clip_id)["outcome"] == "goal"
        other.keyboard.press("n")  # he has seen it now: what he says counts
        other.locator(".saved", has_text="Saved").wait_for()
        assert truth.of_clip(clip_id)["outcome"] == "no_goal"
