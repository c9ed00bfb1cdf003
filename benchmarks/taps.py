"""What a tap costs in a browser: `python -m benchmarks.taps` times what a player does most, medians of 5.

On a small house made by hand, without an analysis: opening a shot from its Saturday, naming its shooter, putting a
verdict right, a corner of the goal by a click, a step of the film. Each from the press to what it is to show.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from statistics import median
from time import monotonic

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.pictures import home, sheet
from kicky.service import players, sessions, shots
from tests.browser.running import FLAGS, chromium, rested, running_app
from tests.pages.filled import fill

TIMES = 5
ASKED_S = {"See the shot": 1.5, "A corner": 0.5, "Naming": 0.7, "A correction": 0.8, "A step": 0.06}
CANVAS = "canvas.upper-canvas"


def waited(done: Callable[[], bool], page: Page) -> None:
    """Returns once it is done. Raises: TimeoutError after a minute."""
    until = monotonic() + 60
    while not done():
        if monotonic() > until:
            raise TimeoutError
        page.wait_for_timeout(10)


def opened(page: Page, address: str) -> float:
    """-> seconds from the press on "See the shot" to its verdict."""
    page.goto(f"{address}/Analyze")
    rested(page)
    link = page.get_by_role("link", name="See the shot").first
    link.scroll_into_view_if_needed()
    began = monotonic()
    link.click()
    page.locator(".st-key-verdict h1").wait_for()
    return monotonic() - began


def at_correct(page: Page, address: str, shot: int) -> None:
    """The page of that shot, its tab Correct open."""
    page.goto(f"{address}/Shot?shot={shot}")
    rested(page)
    page.locator(".stepper.large[data-shown]").wait_for()
    page.get_by_role("tab", name="Correct").click()
    page.get_by_role("combobox", name="Who is").wait_for()
    rested(page)


def named(page: Page, shot: int, name: str) -> float:
    """-> seconds from Enter to the name in the tile at the film's side."""
    box = page.get_by_role("combobox", name="Who is")
    box.fill(name)
    began = monotonic()
    box.press("Enter")
    expect(page.locator(".st-key-answer-who")).to_contain_text(name)
    took = monotonic() - began
    waited(lambda: shots.one(shot).player == name, page)
    return took


def corrected(page: Page, turn: int) -> float:
    """-> seconds from the press to another verdict in the page's head."""
    word = ("No goal", "Goal")[turn % 2]
    button = page.locator("[data-testid=stButtonGroup]").get_by_role("radio", name=word, exact=True)
    button.scroll_into_view_if_needed()
    rested(page)
    began = monotonic()
    button.click()
    expect(page.locator(".st-key-verdict h1")).to_have_text(word)
    return monotonic() - began


def corner(page: Page, turn: int) -> float:
    """-> seconds from a click on the goal's picture to the question for the next corner."""
    expect(page.get_by_text(f"Click corner {turn + 1} of 4")).to_be_visible()
    rested(page)
    page.locator(CANVAS).scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    at = {"x": 60.0 + 60 * (turn in (1, 2)), "y": 60.0 + 50 * (turn > 1)}
    began = monotonic()
    page.locator(CANVAS).click(position=at)
    expect(page.get_by_text("Goal kept" if turn == 3 else f"Click corner {turn + 2} of 4").first).to_be_visible()
    return monotonic() - began


def corners(page: Page, address: str) -> list[float]:
    """-> seconds of each of TIMES clicks, on goals that are cleared before."""
    found: list[float] = []
    while len(found) < TIMES:
        page.goto(f"{address}/Analyze")
        rested(page)
        page.get_by_role("button", name="Clear the goal").click()
        again = page.get_by_role("button", name="Click it myself")
        expect(again.or_(page.get_by_text("Click corner 1 of 4")).first).to_be_visible()
        if again.is_visible():
            again.click()
        found += [corner(page, turn) for turn in range(3)]
    return found[:TIMES]


def stepped(page: Page) -> float:
    """-> seconds from the key to the next frame of the film, as the page itself takes them."""
    film = page.locator(".stepper.large")
    film.focus()
    before = int(film.get_attribute("data-shown") or 0)
    page.keyboard.press(".")
    page.locator(f".stepper.large[data-shown='{before + 1}']").wait_for()
    page.wait_for_timeout(200)
    return float(film.get_attribute("data-ms") or "nan") / 1000


def all_of_it(page: Page, address: str) -> dict[str, list[float]]:
    """-> what was done -> the seconds of each time."""
    newest = sessions.last()
    assert newest is not None
    shot = shots.listed(newest.id)[0].id
    found = {"See the shot": [opened(page, address) for _ in range(TIMES)]}
    found["A corner"] = corners(page, address)
    at_correct(page, address, shot)
    found["A step"] = [stepped(page) for _ in range(TIMES)]
    found["Naming"] = [named(page, shot, f"Player {turn}") for turn in range(TIMES)]
    found["A correction"] = [corrected(page, turn) for turn in range(TIMES)]
    assert f"Player {TIMES - 1}" in players.names()
    return found


def main() -> None:
    """Print the table."""
    with home() as here:
        os.environ["KICKY_NO_WORKER"] = "1"
        (here / "films").mkdir()
        fill(here / "films", (960, 540))
        with running_app(here) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = sheet(browser, 1280, "light")
            page.set_default_timeout(60_000)
            expect.set_options(timeout=60_000)
            began, found = os.getloadavg()[0], all_of_it(page, address)
            browser.close()
    print(f"Load {began:.1f} before, {os.getloadavg()[0]:.1f} after.\n")
    print("| What | Median s | All | Asked |\n|---|---|---|---|")
    for what, asked in ASKED_S.items():
        each = ", ".join(f"{second:.2f}" for second in sorted(found[what]))
        print(f"| {what} | {median(found[what]):.2f} | {each} | {asked:g} |")


if __name__ == "__main__":
    main()
