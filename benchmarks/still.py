"""How much pages move while they are drawn: `python -m benchmarks.still`, in Chromium, on a small home.

Cumulative layout shift of each page, one load each, at the width of a large screen, light and dark, and on a phone; 0.1
is called good. A busy machine draws later, so that more of a page is there to be moved.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.browser.running import FLAGS, chromium, rested, running_app

PAGES = ("", "Analyze", "Saturday", "Clips", "Label", "History", "Shot", "Evaluate", "Coach", "Teach")
Theme = Literal["light", "dark"]
LOOKS: tuple[tuple[int, Theme], ...] = ((1600, "light"), (1600, "dark"), (390, "light"), (390, "dark"))
# The worst five seconds' shifts without a second's rest between them, as browsers count it.
WATCH = """window.moved = 0; let begun = 0, last = 0, sum = 0;
new PerformanceObserver((list) => { for (const shift of list.getEntries()) {
  if (shift.hadRecentInput) continue;
  if (shift.startTime - last > 1000 || shift.startTime - begun > 5000) { begun = shift.startTime; sum = 0; }
  last = shift.startTime; sum += shift.value; window.moved = Math.max(window.moved, sum);
} }).observe({ type: "layout-shift", buffered: true });"""


def moved(browser: Browser, address: str, wide: int, theme: Theme) -> float:
    """-> how much that page moves while it is drawn."""
    page = browser.new_page(viewport={"width": wide, "height": 900}, color_scheme=theme)
    page.set_default_timeout(120_000)
    page.add_init_script(WATCH)
    page.goto(address)
    rested(page)
    page.wait_for_timeout(1500)
    found = float(page.evaluate("moved"))
    page.close()
    return found


def main() -> None:
    with TemporaryDirectory() as folder:
        os.environ["KICKY_HOME"] = folder
        from tests.pages.filled import fill  # it reads where the home is

        home = Path(folder)
        (home / "films").mkdir()
        fill(home / "films", (960, 540))
        with running_app(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            print("| page | " + " | ".join(f"{wide} px, {theme}" for wide, theme in LOOKS) + " |")
            print("|---" * (len(LOOKS) + 1) + "|")
            for name in PAGES:
                found = [moved(browser, f"{address}/{name}", *look) for look in LOOKS]
                print(f"| {name or 'Home'} | " + " | ".join(f"{by:.3f}" for by in found) + " |")
            browser.close()


if __name__ == "__main__":
    main()
