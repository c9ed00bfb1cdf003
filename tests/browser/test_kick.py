"""Kick and ball put right by hand in a real browser: saving works the shot out anew, and it can be undone."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kicky import jobs, synthetic
from kicky.service import balls, clips, kicks, scenes, sessions, shots, work

from .running import browsing, shot_address

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOT = synthetic.sample(11, view="diagonal", kind="goal", fps=30, size_wh=(960, 540))
OPENS_S, WORKED_S = 300, 300  # two busy cores: imports alone can take a minute


@pytest.fixture
def shot_id(own_home: Path) -> int:
    """-> an analysed shot, its goal marked."""
    session = sessions.new(dt.date(2026, 11, 21), "Hackney Marshes")
    clip = clips.add(session, "kick.mp4", synthetic.write(SHOT, own_home))
    scenes.keep(session, SHOT.goal_corners_px.tolist(), (7.32, 2.44))
    work.analyze([clip.id])
    jobs.work(0.01)
    (shot,) = shots.listed()
    return shot.id


@pytest.fixture
def address(own_home: Path, shot_id: int) -> Iterator[str]:
    with shot_address(own_home, shot_id) as address:
        yield address


@pytest.fixture
def opened(address: str) -> Iterator[Page]:
    """-> a browser on the shot's page with the frames unfolded."""
    with browsing(address, 1280, 1000) as page:
        page.get_by_role("tab", name="Correct").click(timeout=1000 * OPENS_S)
        page.get_by_text("Move the kick").click()
        page.locator(".kick .save").wait_for()
        yield page


def where(page: Page) -> str:
    return page.locator(".kick .where").inner_text()


def wait_for_the_kick(page: Page, shot_id: int, frame: int) -> None:
    until = time.monotonic() + WORKED_S
    while shots.one(shot_id).kick_frame != frame and time.monotonic() < until:
        page.wait_for_timeout(500)
    assert [job.message for job in work.jobs()] == [""] * len(work.jobs())
    assert shots.one(shot_id).kick_frame == frame


def check_the_card_can_be_saved(page: Page, shot_id: int) -> None:
    page.get_by_role("tab", name="Share").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save for your phone").click()
    assert coming.value.suggested_filename == f"kicky-2026-11-21-{shot_id}.png"
    assert Path(coming.value.path()).read_bytes() == shots.card(shot_id, phone=True)


def check_the_ball_can_be_shown(page: Page, shot_id: int) -> None:
    """A thumb misses, the close-up puts it right, two arrows, Enter: only the last asks for anything."""
    clip_id, jobs_before = shots.one(shot_id).clip_id, len(work.jobs())
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_text("Not this ball? Show the ball").click()
    ball = page.locator(".pointing")
    picture, loupe = ball.locator("img"), ball.locator(".loupe")
    ball.get_by_role("button", name="This is the ball").wait_for()
    x, y = SHOT.ball_px[0].tolist()
    wide = picture.evaluate("one => one.clientWidth")
    picture.click(position={"x": (x + 45) * wide / 960, "y": y * wide / 960})
    expect(ball.locator(".where")).not_to_contain_text("Tap the ball")
    side = loupe.evaluate("one => one.clientWidth")
    told = ball.locator(".where").inner_text().partition(" ·")[0]
    off_px = x - float(told.partition(",")[0])
    shown = loupe.evaluate("one => Number(one.dataset.shown)")
    loupe.click(position={"x": side / 2 + off_px * side / shown, "y": side / 2})
    expect(ball.get_by_role("button", name="Place 1, taken for the ball")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    expect(ball.get_by_role("button", name="Place 1, taken for the ball")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("ArrowUp")
    assert len(work.jobs()) == jobs_before
    assert balls.by_hand(clip_id) is None
    page.keyboard.press("Enter")
    until = time.monotonic() + WORKED_S
    while balls.by_hand(clip_id) is None and time.monotonic() < until:
        page.wait_for_timeout(500)
    said = balls.by_hand(clip_id)
    assert said is not None
    assert said == pytest.approx((x + 1, y - 1), abs=2)
    assert [job.message for job in work.jobs()] == [""] * len(work.jobs())
    expect(page.get_by_role("button", name="This is the ball you showed")).to_be_disabled()
    expect(page.get_by_role("button", name="Undo: let KICKY find the ball")).to_be_visible()


def test_two_keys_move_the_frame_and_saving_works_it_out_again(opened: Page, shot_id: int) -> None:
    page = opened
    before = shots.one(shot_id)
    kick = before.kick_frame
    assert kick is not None
    assert where(page).startswith(f"Frame {kick} ")
    expect(page.get_by_text("The kick now")).to_be_visible()

    for key in (",", ",", ",", "."):
        page.keyboard.press(key)
    assert where(page).startswith(f"Frame {kick - 2} ")
    assert where(page).endswith("2 before the kick")
    page.get_by_role("button", name="One frame later").click()
    assert where(page).startswith(f"Frame {kick - 1} ")
    page.locator(".kick").focus()
    page.keyboard.press("ArrowLeft")
    assert where(page).startswith(f"Frame {kick - 2} ")
    assert kicks.by_hand(before.clip_id) is None  # nothing but saving asks for anything
    assert work.jobs()[0].kind == "analyze"

    page.get_by_role("combobox", name="Who is").press_sequentially("A.B,")
    assert where(page).startswith(f"Frame {kick - 2} ")  # who types a name moves no frame

    page.keyboard.press("Escape")  # or the list of names hides the page from who asks for buttons by name

    expect(page.get_by_role("button", name=f"Save: the kick is in frame {kick - 2}")).to_be_enabled()
    page.locator(".kick .save").click()
    wait_for_the_kick(opened, shot_id, kick - 2)
    assert kicks.by_hand(before.clip_id) == kick - 2
    expect(page.get_by_text(f"Frame {kick - 2} of the film, set by hand.")).to_be_visible()
    expect(page.get_by_role("button", name="This is the kick you set")).to_be_disabled()
    after = shots.one(shot_id)
    assert after.kick_time_s == pytest.approx((kick - 2) / 30, abs=0.01)
    assert after.measures != before.measures

    page.get_by_role("button", name="Undo").click()
    wait_for_the_kick(opened, shot_id, kick)
    expect(page.get_by_text(f"Frame {kick} of the film.")).to_be_visible()
    assert kicks.by_hand(before.clip_id) is None
    check_the_ball_can_be_shown(page, shot_id)
    check_the_card_can_be_saved(page, shot_id)
