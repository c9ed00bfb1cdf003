"""The weekly flow in a browser: `python -m benchmarks.weekly` counts the clicks from a folder of clips to a page.

Twelve rendered shots of two friends, filmed by one phone, go through the app as a player would take them through it;
every click is counted, the three in the browser's own window for files too, and nothing but names is typed.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page, expect, sync_playwright

from benchmarks.pictures import home, sheet
from kicky import synthetic
from kicky.service import shots, work
from kicky.synthetic.cast import Cast, draw_friends
from tests.browser.running import FLAGS, chromium, running_app

SEED, CLIPS, FPS, SIZE_WH = 72, 12, 30, (1280, 720)
KINDS = ("goal", "wide", "goal", "over", "goal", "short")
DIALOG_CLICKS = 2  # the folder, and Open, after the click that brings the browser's window for files up
PATIENCE_MS = 60_000
NAMES = "Ada", "Ben"  # who shoots in turn


def films(folder: Path) -> list[Path]:
    """Folder -> a Saturday's clips in it, the two friends in turn."""
    friends = draw_friends(np.random.default_rng(SEED))
    first = synthetic.sample(SEED, view="diagonal", kind="goal", fps=FPS, size_wh=SIZE_WH, night=False)
    made = []
    for number in range(CLIPS):
        who, other = friends if number % 2 == 0 else friends[::-1]
        shot = synthetic.sample(
            SEED * 1009 + number, view="diagonal", kind=KINDS[number % len(KINDS)], fps=FPS, size_wh=SIZE_WH,
            night=False, phone=(first.goal, first.camera), cast=Cast(who, other, None), name=f"clip_{number + 1:02}",
        )  # fmt: skip
        made.append(synthetic.write(replace(shot, seed=first.seed, exposure_s=first.exposure_s), folder))
    return made


class Player:
    """Somebody at the browser, whose clicks and typed words are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0
        self.typed: list[str] = []

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def button(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name))

    def bring(self, paths: list[Path]) -> None:
        with self.page.expect_file_chooser() as window:
            self.click(self.page.locator("button", has_text="Upload"))
        window.value.set_files(paths)
        self.clicks += DIALOG_CLICKS

    def name(self, name: str) -> None:
        box = self.page.get_by_role("combobox", name="Who is").first
        self.click(box)
        box.fill(name)
        box.press("Enter")
        self.typed.append(name)


def keep_goal(player: Player) -> None:
    """The goal is kept as it was found. Raises: SystemExit where none was."""
    found = player.page.get_by_role("button", name="Keep this goal")
    asked = player.page.get_by_text("Click corner 1 of 4")
    expect(found.or_(asked).first).to_be_visible(timeout=PATIENCE_MS)
    if not found.is_visible():
        raise SystemExit("No goal was found in the picture: this Saturday would take four clicks for it, not one.")
    player.click(found)


def saturday(player: Player, paths: list[Path]) -> Path:
    """Player, the clips -> the page to send, saved."""
    player.bring(paths)
    keep_goal(player)
    while [job for job in work.jobs() if job.active] or len(shots.listed()) < len(paths):
        player.page.wait_for_timeout(1000)
    for name in NAMES:
        player.name(name)
        player.page.wait_for_timeout(3000)
    agree = player.page.get_by_role("button", name="Yes to all")
    player.click(agree)
    expect(agree).to_be_hidden(timeout=PATIENCE_MS)
    with player.page.expect_download() as saved:
        player.button("Save a page to send")
    return Path(saved.value.path())


def main() -> None:
    """Print the table."""
    with home() as here, running_app(here) as address, sync_playwright() as playwright:
        paths = films(here)
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = sheet(browser, 1280, "light")
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        player, started = Player(page), time.monotonic()
        report = saturday(player, paths)
        took, text = time.monotonic() - started, report.read_text()
        taken = shots.listed()
        right = sum(shot.player == NAMES[(int(shot.clip_name[5:7]) - 1) % 2] for shot in taken)
        browser.close()
        print("| Clips | Clicks | Typed | Named right | Minutes | Page to send | Asks the network |")
        print("|---|---|---|---|---|---|---|")
        network = "no" if "http://" not in text and "https://" not in text else "yes"
        print(
            f"| {len(taken)} | {player.clicks} | {', '.join(player.typed)} | {right}/{len(taken)} | {took / 60:.1f} "
            f"| {len(text) / 1e6:.1f} MB | {network} |"
        )


if __name__ == "__main__":
    main()
