"""What a film to send costs: `python -m benchmarks.sending`, on a rendered 1080p30 clip of 3 s, two cores.

Its short film in both forms, its GIF, and a reel of five such shots, each from a process of its own: wall seconds, the
processor's seconds (other work on the machine does not lengthen them), and the file's size. `--clip FILE` takes another
film, `--goal FILE` its goal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from benchmarks.speed import HERE, prepare

CORES, IN_REEL = 2, 5
KINDS = ("upright", "filmed", "gif", "reel")


def child(kind: str, film: Path, goal: Path) -> None:
    """What to make, film, its goal -> made once; the seconds of that and its bytes are printed."""
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:CORES]))
    import cv2

    from kicky import render
    from kicky.render import About, Title
    from kicky.service import judging, work

    cv2.setNumThreads(CORES)
    report = judging.analyze_file(film, goal if goal.exists() else None, "motion")
    about = About("Ana", "Sat 7 Nov 2026 · Parc")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"made.{'gif' if kind == 'gif' else 'mp4'}"
        started, spent = perf_counter(), sum(os.times()[:2])
        if kind == "reel":
            title = Title("Sat 7 Nov 2026", "Parc", f"{IN_REEL} shots")
            render.reel(title, [(report, about)] * IN_REEL, path, work.silent)
        elif kind == "gif":
            render.gif(report, about, path, work.silent)
        else:
            render.short(report, about, path, work.silent, tall=kind == "upright")
        made = {"wall": perf_counter() - started, "cpu": sum(os.times()[:2]) - spent, "mb": path.stat().st_size / 1e6}
    print(json.dumps(made))


def measure(kind: str, film: Path, goal: Path) -> dict[str, Any]:
    """What to make, film, its goal -> seconds and size, from a process of its own."""
    command = [sys.executable, "-m", "benchmarks.sending", "--child", kind, "--clip", str(film), "--goal", str(goal)]
    done = subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main(
    clip: Annotated[Path | None, typer.Option(help="Another film.")] = None,
    goal: Annotated[Path | None, typer.Option(help="Where its goal is.")] = None,
    kind: Annotated[str, typer.Option("--child", hidden=True)] = "",
) -> None:
    """Print the table."""
    film = clip or prepare(HERE / "out" / "speed")[0]
    where = goal or film.parent / "scene.json"
    if kind:
        child(kind, film, where)
        return
    print("| what | wall s | processor s | MB |\n|---|---|---|---|")
    for each in KINDS:
        row = measure(each, film, where)
        print(f"| {each} | {row['wall']:.1f} | {row['cpu']:.1f} | {row['mb']:.1f} |", flush=True)


if __name__ == "__main__":
    typer.run(main)
