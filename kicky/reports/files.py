"""A report -> its files: report.html, report.md, report.json, scores.csv, answers.csv."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import spreadsheet
from ..domain import OnProgress
from ..drafts import write_whole
from ..errors import KickyError
from ..evaluation import Run
from ..storage.database import told as writing_to
from ..trials.downstream import DOWNSTREAMS
from ..trials.labelled import LabelSet
from ..trials.running import Tester
from . import page, tables
from .gallery import still
from .tables import code, literal

MOST_STILLS = 24
SHARES = [name for name in tables.COLUMNS if name not in ("contact_off", "ap", "ms", "memory_mb")]


def stills(
    labels: LabelSet, runs: Sequence[Run], told: Mapping[str, Any], on_progress: OnProgress, force: bool = False
) -> dict[str, bytes]:
    """Labels, their runs, the report -> clip: JPEG of the first MOST_STILLS that went wrong; stage: stills."""
    testers = {run.detector: Tester(run.detector, force) for run in runs}
    entire = next((run for run in runs if not DOWNSTREAMS[run.downstream].without), runs[0])
    clips, found = {clip.name: clip for clip in labels.clips}, {}
    chosen = [each["clip"] for each in told["wrong"] if each["clip"] in clips][:MOST_STILLS]
    for number, name in enumerate(chosen):
        on_progress("stills", number / len(chosen))
        judged = testers[entire.detector].judged(clips[name], entire.downstream)
        if not isinstance(judged, str):
            try:
                found[name] = still(clips[name], judged)
            except KickyError:  # the clip is named in the report all the same, among those not shown
                continue
    on_progress("stills", 1.0)
    return found


def write(out: Path, told: Mapping[str, Any], runs: Sequence[Run], pictures: Mapping[str, bytes]) -> list[Path]:
    """Folder, report, runs, stills -> the files in it, each whole. Raises: StorageFailed."""
    contents = {
        "report.html": page.page(told, pictures), "report.md": markdown(told),
        "report.json": json.dumps(told, indent=1, allow_nan=False), "scores.csv": scores_csv(told),
        "answers.csv": answers_csv(runs),
    }  # fmt: skip
    made = []
    with writing_to(out):
        out.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            write_whole(out / name, text.encode())
            made.append(out / name)
    return made


def markdown(told: Mapping[str, Any]) -> str:
    """Report -> Markdown; what films, runs and labels are called are letters in it, whatever reads it."""
    parts = [f"# Evaluation of {literal(told['label_set'])}", f"{told['made_at']}, {told['clips']} clips."]
    parts += ["\n".join(f"- {literal(note)}" for note in told["notes"])]
    parts += [f"## {page.ANSWERED}", tables.markdown(page.answered_rows(told)), page.ABOUT]
    for by in told["runs"][0]["scores"]:
        parts += [f"## By {by}", tables.markdown(page.score_rows(told, by)), tables.LEVEL]
    parts += ["## Side by side", "\n".join(f"- {literal(each['sentence'])}" for each in told["comparisons"])]
    if told["ablations"]:
        parts += ["## What each part is worth", tables.markdown(page.ablation_rows(told["ablations"]))]
    parts += ["## The article, on its own clips", tables.markdown(told["reference"]), told["ladder"]]
    wrong = ", ".join(literal(each["clip"]) for each in told["wrong"])
    parts += [f"## Clips that went wrong ({len(told['wrong'])})", wrong]
    parts += [
        "## What it rests on",
        "\n".join(f"- {name}: {literal(value)}" for name, value in told["provenance"].items()),
    ]
    for run in told["runs"]:
        made_with = ", ".join(f"{name} {value}" for name, value in run["made_with"].items() if name != "taught")
        parts.append(f"- {literal(run['name'])}: {literal(made_with)}")
    parts += [f"Made again by {code(told['command'])}"] if told["command"] else []
    return "\n\n".join(part for part in parts if part) + "\n"


def scores_csv(told: Mapping[str, Any]) -> str:
    """Report -> a line for each run, part of the clips and figure, with interval and n."""
    rows: list[Sequence[object]] = []
    for run in told["runs"]:
        for by, parts in run["scores"].items():
            for part, figures in parts.items():
                mine = [run["name"], run["detector"], run["downstream"], by, part]
                for name in SHARES:
                    figure = figures[name]
                    rows.append([*mine, name, *(figure[key] for key in ("value", "low", "high", "k", "n"))])
                for label, value in figures["ap"].items():
                    rows.append([*mine, f"ap_{label}", value, "", "", "", figures["boxed_frames"]])
                for name in ("ms", "memory_mb"):
                    rows.append([*mine, name, figures[name], "", "", "", figures["clips"]])
    head = ("run", "detector", "downstream", "by", "part", "figure", "value", "low", "high", "k", "n")
    return spreadsheet.written(head, rows)


def answers_csv(runs: Sequence[Run]) -> str:
    """Runs -> a line for each clip and run: what is true, what was said."""
    rows: list[Sequence[object]] = []
    said = ("outcome", "p_goal", "how", "foot", "p_left", "kick_frame", "posed", "ms", "memory_mb", "why", "failed")
    true = ("outcome", "how", "foot", "contact_frame", "sure")
    head = ["clip", "sha256", "session", "split", "tags", "detector", "downstream"]
    for run in runs:
        for case in run.cases:
            mine = [case.clip, case.sha256, case.session, case.split, " ".join(case.tags), run.detector, run.downstream]
            truths, answers = (getattr(case.truth, n) for n in true), (getattr(case.answer, n) for n in said)
            rows.append([*mine, *truths, *answers])
    return spreadsheet.written([*head, *(f"true_{name}" for name in true), *said], rows)
