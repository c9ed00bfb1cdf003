"""Five years of Saturdays: `python -m benchmarks.years` times every page on 20 000 shots by 12 players.

The rows are drawn at random, without films. Script seconds are those of Streamlit's own test runner; Chromium's are
from the address typed to the first chart drawn.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import resource
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import sync_playwright
from streamlit.testing.v1 import AppTest

from kicky.domain import Appearance
from kicky.home import database
from kicky.measures import MEASURES
from kicky.players.knowing import PARTS
from kicky.service import players
from kicky.storage.database import prepare
from kicky.storage.names import BUILD, packed
from tests.browser.running import FLAGS, ROOT, chromium, running_app

SHOTS, PLAYERS, SATURDAYS = 20_000, 12, 260
NUMBERS = {
    "speed": ("km/h", 85, 12, 8), "average_speed": ("km/h", 70, 10, 7), "speed_across": ("km/h", 60, 12, 30),
    "crossing_x": ("m", 0, 2.4, 0.3), "crossing_z": ("m", 1.4, 0.9, 0.25), "kicking_knee": ("deg", 150, 9, 12),
    "support_knee": ("deg", 140, 9, 12), "trunk_lean": ("deg", 12, 7, 9), "hip_drive": ("deg", 20, 8, 12),
    "plant_aside": ("m", 0.33, 0.08, 0.05), "plant_behind": ("m", 0.05, 0.07, 0.06), "trunk_side": ("deg", 6, 7, 10),
    "hip_abduction": ("deg", 25, 9, 14), "swing_plane": ("deg", 28, 7, 10), "pelvis_tilt": ("deg", 7, 4, 12),
    "shoulder_tilt": ("deg", -6, 8, 10), "approach": ("deg", 30, 12, 20), "follow_across": ("m", 0.1, 0.15, 0.25),
    "follow_height": ("m", 0.6, 0.18, 0.15), "last_step": ("m", 1.2, 0.25, 0.4),
}  # fmt: skip
"""Measure: its unit, its mean, how shots spread about it, and half its interval."""
MISSES = ("over", "wide_left", "saved", "post")
NOW = "2026-11-21 12:00:00.000000"
CLIP = "id session_id sha256 name file width height frames duration_s slow_motion added_at"
SHOT = (
    "id clip_id detector method outcome p_goal how why kick_frame kick_time_s kick_why_not foot p_left foot_why "
    "shooter players player_id player_by evidence made_with seconds notes made_at"
)
MEASURE = "shot_id name place unit value low high method why_not"


def fill(shots: int = SHOTS, people: int = PLAYERS, saturdays: int = SATURDAYS) -> None:
    """-> a database of so many shots in the present home, the newest Saturday's the last."""
    prepare()
    rng = np.random.default_rng(0)
    first, each = dt.date(2021, 12, 4), -(-shots // saturdays)
    days = [(first + dt.timedelta(weeks=k)).isoformat() for k in range(saturdays)]
    clips, rows, measures = [], [], []
    for number in range(1, shots + 1):
        sha = hashlib.sha256(str(number).encode()).hexdigest()
        session = (number - 1) // each + 1
        clips.append((number, session, sha, f"clip_{number}.mp4", "none", 1280, 720, 90, 3.0, 1.0, NOW))
        rows.append(_shot(number, people, rng))
        measures += [_measure(number, place, name, rng) for place, name in enumerate(MEASURES)]
    with closing(sqlite3.connect(database())) as db:
        places = [(k + 1, day, ("Parc", "School", "")[k % 3]) for k, day in enumerate(days)]
        insert(db, "session", "id date place", places)
        insert(db, "player", "id name", [(k + 1, f"Player {k + 1}") for k in range(people)])
        insert(db, "clip", CLIP, clips)
        insert(db, "shot", SHOT, rows)
        insert(db, "measure", MEASURE, measures)
        db.commit()


def insert(db: sqlite3.Connection, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    names = columns.split()
    marks = ", ".join("?" * len(names))
    db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)  # noqa: S608 our own words


def _shot(number: int, people: int, rng: np.random.Generator) -> tuple[object, ...]:
    outcome = str(rng.choice(["goal", "no_goal", "unsure"], p=[0.4, 0.5, 0.1]))
    how = {"goal": "in_net", "unsure": "unclear"}.get(outcome) or str(rng.choice(MISSES))
    foot, who = str(rng.choice(["right", "left"], p=[0.8, 0.2])), int(rng.integers(1, people + 1))
    judged = (outcome, float(rng.random()), how, "It passed.", 40, 1.3, "", foot, 0.1, "")
    return number, number, "motion", "flight", *judged, "P1", '["P1"]', who, "hand", "none.npz", "{}", "{}", "[]", NOW


def _measure(number: int, place: int, name: str, rng: np.random.Generator) -> tuple[object, ...]:
    unit, mean, spread, half = NUMBERS[name]
    value = float(rng.normal(mean, spread))
    kept = rng.random() < 0.7
    numbers = (value, value - half, value + half) if kept else (None, None, None)
    return number, name, place, unit, *numbers, "", "" if kept else "Hidden."


def scripts() -> None:
    """-> how long each page's script runs, the first time and after."""
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=300).run()
    print("| page | first s | again s |\n| --- | --- | --- |")
    for page in ("Home.py", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py")))):
        took = []
        for _ in range(3):
            since = time.perf_counter()
            app = app.run() if page == "Home.py" else app.switch_page(page).run()
            took.append(time.perf_counter() - since)
        broken = " (broken)" if app.exception else ""
        print(f"| {Path(page).stem}{broken} | {took[0]:.2f} | {max(took[1:]):.2f} |", flush=True)


def memory(count: int = 50) -> None:
    """-> what this process grew by over so many reruns of the History page."""
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=300).run().switch_page("pages/4_History.py").run()
    for _ in range(5):
        app.run()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for _ in range(count):
        app.run()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nHistory run {count} times: {before:.0f} MB before, {after:.0f} MB after.")


def chart(home: Path) -> None:
    """-> seconds in Chromium to the first chart of History."""
    with running_app(home) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(  # as a player's own: it keeps what it has loaded
            home / "browser", executable_path=chromium(), args=FLAGS, viewport={"width": 1280, "height": 900}
        )
        took = []
        for _ in range(6):
            page = browser.new_page()
            since = time.perf_counter()
            page.goto(f"{url}/History")
            page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=120_000)
            took.append(time.perf_counter() - since)
            page.close()
        browser.close()
    first, *then = took
    print(f"\nHistory in Chromium, to the first chart: {first:.1f} s just after the app was started, then ", end="")
    print(f"{np.median(then):.1f} s (median of {len(then)}, {max(then):.1f} s at most).")


def naming() -> None:
    """-> seconds in which a name is given where half of all shots are named by looks, and what this process holds."""
    rng, bins = np.random.default_rng(1), 32
    kits = [[rng.dirichlet(np.full(bins, 0.3)) for _ in PARTS] for _ in range(PLAYERS)]
    builds = rng.normal((1.7, 0.4, 0.9), (0.13, 0.07, 0.06), (PLAYERS, BUILD))
    with closing(sqlite3.connect(database())) as db:
        rows = []
        for shot, who in db.execute("SELECT id, player_id FROM shot").fetchall():
            worn = [0.8 * kit + 0.2 * rng.dirichlet(np.ones(bins)) for kit in kits[who - 1]]
            built = builds[who - 1] + rng.normal(0, 0.05, BUILD)
            rows.append((shot, "P1", packed(Appearance("P1", *worn, built))))
        insert(db, "appearance", "shot_id label vector", rows)
        db.execute("UPDATE shot SET player_id = NULL, player_by = NULL WHERE id % 2")
        db.commit()
    took = []
    for _ in range(4):
        since = time.perf_counter()
        players.name(SHOTS, "Player 3")
        took.append(time.perf_counter() - since)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nA name given: {took[0]:.1f} s the first time, then {max(took[1:]):.1f} at most; {held:.0f} MB at most.")


def main() -> None:
    """Print the table."""
    with TemporaryDirectory() as own:
        os.environ |= {"KICKY_HOME": own, "KICKY_NO_WORKER": "1"}
        fill()
        scripts()
        memory()
        chart(Path(own))
        naming()


if __name__ == "__main__":
    main()
