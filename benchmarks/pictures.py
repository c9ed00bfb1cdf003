"""The app to look at: `python -m benchmarks.pictures` writes docs/pictures/*.png, drawn shots only.

`--every FOLDER` writes every page instead: empty, with two Saturdays, with five years of them (20 000 shots without
films), 390, 1024 and 1600 px wide, light and dark. Two Saturdays are made of rendered shots and analysed for it, which
takes a few minutes.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Annotated

import typer
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import years
from kicky import synthetic
from kicky.service import clips, gallery, players, scenes, sessions, shots, work
from tests.browser.running import FLAGS, ROOT, chromium, rested, running_app

PICTURES = ROOT / "docs" / "pictures"
PAGES = ("", "Analyze", "Saturday", "Clips", "Label", "History", "Shot", "Evaluate", "Coach", "Teach")
WIDTHS_PX = (390, 1024, 1600)
EARLIER, LATER = dt.date(2026, 11, 7), dt.date(2026, 11, 14)
PLAYERS = ("Ana", "Bo")
SHOTS = (("goal", "right"), ("wide", "left"), ("goal", "left"), ("over", "right"))


def fill() -> None:
    """-> two Saturdays in the present home: four shots, each from its own place for the phone, and the samples."""
    gallery.make_samples()
    earlier = sessions.new(EARLIER, "Hackney Marshes")
    with tempfile.TemporaryDirectory() as folder:
        goals = []
        for number, (kind, foot) in enumerate(SHOTS):
            shot = synthetic.sample(60 + number, view="behind", kind=kind, foot=foot, size_wh=(1280, 720), fps=30)
            film = synthetic.write(shot, Path(folder))
            clip = clips.add(earlier, film.name, film)
            goals.append((shot.goal_corners_px.tolist(), shot.goal_size_m, None, shot.size_wh_px))
            scenes.keep(earlier, *goals[-1])
            work.analyze([clip.id])
            wait_for_the_worker()  # the goal is read when the work begins, and the next clip has another
        scenes.keep(earlier, *goals[0])
    for sample in gallery.samples():
        later = gallery.try_sample(sample.name)
    wait_for_the_worker()
    sessions.change(later, LATER, "Parc")
    for number, shot_view in enumerate(shots.listed()):
        players.name(shot_view.id, PLAYERS[number % 2])


def wait_for_the_worker() -> None:
    while work.jobs(active_only=True):
        sleep(1)


@contextmanager
def home() -> Iterator[Path]:
    """-> a home for the time being, with the project's models."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        (Path(folder) / "models").symlink_to(ROOT / "models")
        before = os.environ.get("KICKY_HOME")
        os.environ["KICKY_HOME"] = folder
        os.environ["KICKY_WORKER_IDLE_S"] = "2"
        try:
            yield Path(folder)
        finally:
            wait_for_the_worker()
            sleep(4)  # an idle worker ends after two seconds; its folder goes after it
            if before is None:
                del os.environ["KICKY_HOME"]
            else:
                os.environ["KICKY_HOME"] = before


def sheet(browser: Browser, width_px: int, theme: str, height_px: int = 900) -> Page:
    """-> a window of that width, light or dark."""
    dark = "dark" if theme == "dark" else "light"
    return browser.new_page(viewport={"width": width_px, "height": height_px}, color_scheme=dark)


def rest(page: Page) -> None:
    """Page -> once its script has run and its charts are drawn."""
    rested(page)
    page.wait_for_timeout(1500)


def take(page: Page, address: str, path: Path, tall: bool = False) -> None:
    """Page of the app -> its picture, once it has come to rest; `tall` shows it down to its end."""
    page.goto(address)
    rest(page)
    size = page.viewport_size
    assert size is not None
    for _ in range(3 * tall):  # a taller window lets more be drawn, which may be taller still
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        if height <= page.evaluate("innerHeight"):
            break
        page.set_viewport_size({"width": size["width"], "height": min(max(height, 800), 5000)})
        page.wait_for_timeout(900)
    for film in page.locator("video").all():
        film.evaluate("v => { v.currentTime = 0.45 * v.duration; v.controls = false; }")
    page.wait_for_timeout(700)
    page.screenshot(path=path)
    page.set_viewport_size(size)
    print(path)


def for_the_readme(browser: Browser, address: str, folder: Path) -> None:
    """The pictures that the README shows."""
    goal = next((shot for shot in shots.listed() if shot.outcome == "goal"), shots.listed()[0])
    wide = sheet(browser, 1280, "light")
    take(wide, address, folder / "home.png")
    take(sheet(browser, 1280, "light", 1200), f"{address}/Shot?shot={goal.id}", folder / "shot.png")
    take(wide, f"{address}/History", folder / "history.png", tall=True)
    session = next(session for session in sessions.listed() if session.date == EARLIER)
    take(wide, f"{address}/Analyze?session={session.id}", folder / "analyze.png", tall=True)
    take(sheet(browser, 390, "dark", 844), f"{address}/Shot?shot={goal.id}", folder / "phone.png")


def everything(browser: Browser, address: str, folder: Path, state: str) -> None:
    """Every page, width and theme."""
    for theme in ("light", "dark"):
        for width in WIDTHS_PX:
            page = sheet(browser, width, theme)
            page.goto(f"{address}/Shot")
            rest(page)
            page.wait_for_timeout(4000 * (state == "filled"))  # balloons fly once a window
            for name in PAGES:
                take(page, f"{address}/{name}", folder / f"{name or 'Home'}_{state}_{width}_{theme}.png", tall=True)
            page.close()


def main(
    every: Annotated[Path | None, typer.Option(help="Folder for every page, width and theme instead.")] = None,
) -> None:
    """Write the pictures."""
    folder = every or PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    with home() as here, running_app(here) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        if every:
            everything(browser, address, folder, "empty")
        fill()
        if every:
            everything(browser, address, folder, "filled")
        else:
            for_the_readme(browser, address, folder)
        browser.close()
    if every:
        with home() as here:
            os.environ["KICKY_NO_WORKER"] = "1"
            years.fill()
            with running_app(here) as address, sync_playwright() as playwright:
                everything(playwright.chromium.launch(executable_path=chromium(), args=FLAGS), address, folder, "years")


if __name__ == "__main__":
    typer.run(main)
