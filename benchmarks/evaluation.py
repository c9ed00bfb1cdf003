"""Detectors and downstreams against labels: `python -m benchmarks.evaluation` (real clips if present, rendered shots).

Prints the tables of docs/results.md. What is kept of films in db/evaluation is used again. `--speed` instead measures
a report over 72 clips by four detectors, and the Evaluate page on 50 runs of 500 clips. No constant was chosen on the
seed used here; of the real clips, those that chose one are in splits of their own, named so.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from kicky import detectors, synthetic
from kicky.detectors.motion import Motion
from kicky.evaluation import Answer, Case, Run, Truth
from kicky.reports import page, tables
from kicky.service import evaluation, work
from kicky.storage import runs as kept_runs

HERE = Path(__file__).parent
REAL = HERE.parent.parent / "shared" / "clips"
SEED, RENDERED = 12_000, 200
CHOSE = {"day": 10, "night": 21}  # clips up to these numbers chose a constant: docs/decisions/real-clips.md
EARLY, LATE = "early", "late"
SHORT = ("Run", "Split", "Clips", "Goal", "… of decided", "Decided", "Brier", "Foot", "Body found", "Contact ±1",
         "Ball ≤ ½ ball", "AP@50:95", "ms a frame")  # fmt: skip


def divided(folder: Path, out: Path) -> tuple[Path, list[str]]:
    """The real clips, where to write -> their labels with a split each, and the splits something was chosen on."""
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        session, number = row["session"], int(row["clip"].rpartition("_")[2])
        kind = (EARLY if number <= CHOSE[session] else LATE) if session in CHOSE else ""
        row["split"] = f"{session}, {kind}" if kind else session
    out.mkdir(parents=True, exist_ok=True)
    with (out / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return out / "labels.csv", sorted({row["split"] for row in rows if row["split"].endswith(EARLY)})


def show(told: dict[str, Any]) -> None:
    """Report -> its tables as docs/results.md has them."""
    for by in told["runs"][0]["scores"]:
        rows = [{name: row[name] for name in SHORT} for row in page.score_rows(told, by)]
        print(f"\nBy {by}:\n\n{tables.markdown(rows)}")
    print("\n" + "\n".join(f"- {each['sentence']}" for each in told["comparisons"]))
    print(f"\n{tables.markdown(page.ablation_rows(told['ablations']))}\n")


def rendered(clips: Path | None, by_view: Path) -> tuple[Path, Path]:
    """Where they are, if anywhere -> the rendered films, and their labels with the view as the split."""
    folder = clips or HERE / "out" / f"rendered_{SEED}_{RENDERED}"
    if not (folder / "labels.csv").exists():
        synthetic.synthesize(folder, RENDERED, SEED)
    text = (folder / "labels.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    for row in rows:
        row["split"] = row["view"]
    by_view.mkdir(parents=True, exist_ok=True)
    with (by_view / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return folder, by_view / "labels.csv"


# --- what it costs ------------------------------------------------------------------------------


class Again(Motion):
    """The motion detector under another name: as costly to judge, and its own in the store."""


def none() -> str:
    return ""


def report_seconds(folder: Path, count: int = 72) -> None:
    """The first clips of a folder x four detectors -> seconds with answers kept, and with detections alone kept."""
    names = ["motion", "again_a", "again_b", "again_c"]
    for name in names[1:]:
        detectors.DETECTORS[name] = "benchmarks.evaluation:Again"
        detectors.DEFAULTS[name] = "benchmarks.evaluation:none"
    with tempfile.TemporaryDirectory() as own:
        some, home = Path(own) / "clips", Path(own) / "home"
        some.mkdir()
        with (folder / "labels.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))[:count]
        for row in rows:
            for ending in (".mp4", ".scene.json"):
                (some / f"{row['clip']}{ending}").symlink_to((folder / f"{row['clip']}{ending}").resolve())
        with (some / "labels.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
        os.environ["KICKY_HOME"] = str(home)
        home.mkdir()
        (home / "models").symlink_to(HERE.parent / "models")

        def report() -> None:
            evaluation.evaluate_files(some, None, names, [], work.silent, out=Path(own) / "out")

        first = seconds(report)
        kept = seconds(report)
        for part in ("answers", "evidence"):
            shutil.rmtree(home / "db" / "evaluation" / part)
        alone = seconds(report)
    print(f"\nA report over {len(rows)} clips x {len(names)} detectors, HTML with stills and all: {first:.0f} s from "
          f"nothing; {kept:.1f} s with everything kept; {alone:.0f} s with the detections alone kept.")  # fmt: skip


def seconds(task: Callable[[], None]) -> float:
    since = time.perf_counter()
    task()
    return time.perf_counter() - since


def page_seconds(runs: int = 50, clips: int = 500) -> None:
    """A house of so many labelled clips and runs over them -> seconds until the Evaluate page stands."""
    from streamlit.testing.v1 import AppTest

    with tempfile.TemporaryDirectory() as own:
        os.environ["KICKY_HOME"] = own
        crowded(runs, clips)
        app = AppTest.from_file(str(HERE.parent / "Home.py"), default_timeout=120).run()
        took = [seconds(lambda: app.switch_page("pages/6_Evaluate.py").run()) for _ in range(6)]
        assert not app.exception
        cell = [seconds(lambda: app.button(key="cell-both--all").click().run()) for _ in range(3)]
    print(f"\nThe Evaluate page on {runs} runs of {clips} clips: {took[0]:.2f} s at first, then "
          f"{min(took[1:]):.2f} to {max(took[1:]):.2f} s; a cell {max(cell):.2f} s.")  # fmt: skip


def crowded(runs: int, clips: int) -> None:
    """-> labels for so many clips, without films, and runs that answer at random."""
    from kicky.storage.database import writing
    from kicky.storage.tables import ClipRow, LabelRow, SessionRow

    rng = np.random.default_rng(0)
    with writing() as db:
        for saturday in range(10):
            db.add(SessionRow(id=saturday + 1, date=dt.date(2026, 3, 7) + dt.timedelta(weeks=saturday), place="Parc"))
        db.flush()
        for number in range(1, clips + 1):
            name = hashlib.sha256(str(number).encode()).hexdigest()
            db.add(ClipRow(id=number, session_id=number % 10 + 1, sha256=name, name=f"clip_{number}.mp4", file="none",
                           width=1280, height=720, frames=90, duration_s=3.0))  # fmt: skip
            db.flush()
            said = {"outcome": str(rng.choice(["goal", "no_goal"])), "foot": "right", "contact_frame": "30"}
            for field, value in said.items():
                db.add(LabelRow(clip_id=number, field=f"truth:{field}", value=value, who="Ana"))
            db.add(LabelRow(clip_id=number, field="split", value=str(rng.choice(["train", "val", "test"]))))
            db.add(LabelRow(clip_id=number, field="tags", value=str(rng.choice(["night", "tilted", ""]))))
    from kicky.jobs import evaluating
    from kicky.trials.downstream import DOWNSTREAMS

    there = evaluating.truths_here()
    names = list(DOWNSTREAMS)
    for number in range(runs):
        cases = tuple(_case(row.sha256, row.name, truth, split, tags, rng) for row, truth, split, tags in there)
        kept_runs.keep(Run(evaluating.HERE, f"rfdetr:student-{number // len(names)}", names[number % len(names)], cases,
                           {"code": str(number)}))  # fmt: skip


def _case(sha256: str, name: str, truth: Truth, split: str, tags: tuple[str, ...], rng: np.random.Generator) -> Case:
    outcome = str(rng.choice(["goal", "no_goal", "unsure"], p=[0.45, 0.45, 0.1]))
    p = float({"goal": 0.75 + rng.random() / 4, "no_goal": rng.random() / 4, "unsure": 0.5}[outcome])
    answer = Answer(outcome, p, "in_net", "The flight passes between the posts and stays in the net.",
                    str(rng.choice(["left", "right"])), 0.1, 30 + int(rng.integers(-2, 3)), True,
                    ((1.2, 9.0), (None, 9.0)), ms=12.0, memory_mb=500.0)  # fmt: skip
    return Case(name, sha256, "Parc", split, tags, truth, answer)


def main(
    speed: Annotated[bool, typer.Option(help="What it costs instead of what it finds.")] = False,
    clips: Annotated[Path | None, typer.Option(help="The rendered films, if they are made already.")] = None,
    real: Annotated[Path, typer.Option(help="The real clips.")] = REAL,
) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as own:
        folder, by_view = rendered(clips, Path(own) / "rendered")
        if speed:
            page_seconds()
            report_seconds(folder)
            return
        if real.exists():
            labels, tuned = divided(real, Path(own) / "real")
            print("\n### Real clips")
            show(evaluation.evaluate_files(real, labels, [], [], work.silent, ablations=True, tuned=tuned))
        print("\n### Rendered shots")
        show(evaluation.evaluate_files(folder, by_view, [], [], work.silent, ablations=True))


if __name__ == "__main__":
    typer.run(main)
