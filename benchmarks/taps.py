"""How long a tap takes until the page shows what it did: `python -m benchmarks.taps`, medians in Chromium.

A sample is tried, a shot opened, somebody named, an answer corrected, the film stepped through and a corner of the goal
put right, on a home of its own with its worker. What is waited for is what a player would look for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import typer
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.pictures import home
from kicky import synthetic
from kicky.service import gallery, shots, work
from kicky.service.work import silent
from tests.browser.running import FLAGS, chromium, rested, running_app
from tests.browser.test_journey import SHOT, bring_in, click_corners, settled

PATIENCE_MS = 40_000
NAMES = ("Ada", "Bo", "Cem", "Dilan", "Eve")
STEPS, SAMPLES = 30, 3
VERDICT, CHECK, SHOWN = ".st-key-verdict h1", "img[alt^='Close-up of the still']", ".stepper[data-shown]"
STEP_JS = """async (box, steps) => {
  const took = [];
  for (let step = 0; step < steps; step++) {
    const before = box.dataset.shown, since = performance.now(), key = step < steps / 2 ? "ArrowRight" : "ArrowLeft";
    box.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, composed: true}));
    while (box.dataset.shown === before && performance.now() - since < 5000) await new Promise(requestAnimationFrame);
    took.push(performance.now() - since);
  }
  return took;
}"""


def timed(do: Callable[[], object], seen: Callable[[], object]) -> float:
    """What is tapped, what waits for its effect -> seconds."""
    since = time.perf_counter()
    do()
    seen()
    return time.perf_counter() - since


def tried(page: Page, address: str, number: int) -> float:
    """-> seconds from a tap on a sample that was never tried to its verdict."""
    page.goto(address)
    rested(page)
    button = page.locator("[class*='st-key-try-'] button").nth(number)
    button.scroll_into_view_if_needed()
    return timed(button.click, page.locator(VERDICT).first.wait_for)


def opened(page: Page) -> float:
    """-> seconds from the link to a shot to its verdict and the film's first picture; then back to the page before."""
    link = page.get_by_role("link", name="See the shot")
    link.wait_for()
    rested(page)
    took = timed(link.click, lambda: (page.locator(VERDICT).first.wait_for(), page.locator(SHOWN).first.wait_for()))
    page.get_by_role("link", name="Add clips").first.click()
    return took


def named(page: Page, number: int) -> float:
    """-> seconds from Enter after a new name until the page calls the shooter so."""
    box, name = page.get_by_role("combobox", name="Who is"), NAMES[number % len(NAMES)]
    rested(page)
    box.fill(name)
    tile = page.locator("[class*='st-key-answer']", has_text=name).or_(page.get_by_role("button", name=name)).first
    return timed(lambda: box.press("Enter"), tile.wait_for)


def corrected(page: Page, number: int) -> float:
    """-> seconds from a tap on the other outcome to the page's title."""
    title = ("No goal", "Goal")[number % 2]
    rested(page)
    tap = (
        page.get_by_role("radio", name=title, exact=True).or_(page.get_by_role("button", name=title, exact=True)).first
    )
    return timed(tap.click, lambda: expect(page.locator(VERDICT).first).to_have_text(title))


def moved(page: Page, number: int) -> float:
    """-> seconds from a click beside a corner until the goal is drawn through it."""
    place = settled(page, "canvas.upper-canvas")
    scale, (x, y) = place["width"] / SHOT.size_wh_px[0], SHOT.goal_corners_px[number % 4]
    before = page.locator(CHECK).first.get_attribute("src") or ""
    return timed(
        lambda: page.mouse.click(place["x"] + (x + 3) * scale, place["y"] + (y + 2 + number) * scale),
        lambda: expect(page.locator(CHECK).first).not_to_have_attribute("src", before),
    )


def main(times: int = 5) -> None:
    """Print the table."""
    with home() as here, running_app(here) as address, sync_playwright() as playwright:
        gallery.make(gallery.folder(), SAMPLES, silent)
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        took = {"a sample, to its verdict": [tried(page, address, number) for number in range(SAMPLES)]}
        page.goto(address)
        bring_in(page, synthetic.write(SHOT, here))
        click_corners(page)
        while any(job.active for job in work.jobs()) or not shots.listed():
            page.wait_for_timeout(500)
        took["See the shot, to its verdict and film"] = [opened(page) for _ in range(times)]
        took["a corner of the goal"] = [moved(page, number) for number in range(times)]
        while any(job.active for job in work.jobs()):
            page.wait_for_timeout(500)
        page.get_by_role("link", name="See the shot").click()
        page.locator(SHOWN).first.wait_for()
        rested(page)
        took["a step of the film"] = [ms / 1000 for ms in page.locator(SHOWN).first.evaluate(STEP_JS, STEPS)]
        page.get_by_role("tab", name="Correct").click()
        took["naming the shooter"] = [named(page, number) for number in range(times)]
        took["a correction"] = [corrected(page, number) for number in range(times)]
        browser.close()
    print("| tap | s, median | least | most | n |\n|---|---|---|---|---|")
    for what, seconds in took.items():
        print(f"| {what} | {median(seconds):.2f} | {min(seconds):.2f} | {max(seconds):.2f} | {len(seconds)} |")


if __name__ == "__main__":
    typer.run(main)
