"""How often KICKY answers, and rightly, on film that chose nothing: `python -m benchmarks.elsewhere`.

Every clip of the sets that are on this machine is analysed once, and what was answered is kept in benchmarks/out/,
one JSON a set. `--against FOLDER`, the same made by another commit, puts both beside each other. Shares are of *all*
clips of a set, with their 95 % Wilson interval: an answer that was not given is not right. Wrong: shown, sure, and not
the label's. Constants were chosen on the even drawn clips and on rendered seeds with an odd number; the rest reports.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer

from kicky.errors import KickyError
from kicky.service import judging

from .accuracy import clicked_on, csv_rows, table, wilson

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
SHOT = {"goal", "no_goal"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One clip with its label: what there is to answer."""

    group: str
    film: Path
    label: dict[str, str]
    scene: Path | None = None
    clicked: Path | None = None
    rest_px: tuple[float, float, float] | None = None  # where the ball lies: x, y, diameter


@dataclass(slots=True)
class Answered:
    """What was said of it; `refused` is the sentence where nothing was."""

    clip: str
    group: str
    label: dict[str, str]
    refused: str = ""
    outcome: str = "unsure"
    p_goal: float = 0.5
    how: str = ""
    why: str = ""
    foot: str = "unsure"
    kick: int | None = None
    source: str = ""
    rest_right: bool | None = None
    flew: bool = False  # a flight in metres was found
    speed_kmh: tuple[float, float, float] | None = None  # the middle, and the 90 % interval
    seconds: dict[str, float] = field(default_factory=dict)


def asked(drawn: list[Path]) -> list[Asked]:
    """-> all clips on this machine; `drawn` are folders of rendered shots beside those handed over."""
    return [*_real(SHARED / "clips"), *_real(SHARED / "clips2"), *_drawn(SHARED / "clips2" / "drawn"),
            *_wild(SHARED / "clips2" / "wild"), *(one for folder in drawn for one in _rendered(folder))]  # fmt: skip


def _real(folder: Path) -> list[Asked]:
    if not (folder / "labels.csv").exists():
        return []
    found = []
    marks = csv_rows(folder / "ball_points.csv")
    for label in csv_rows(folder / "labels.csv"):
        scene = folder / f"{label['session']}.scene.json"
        contact = float(label["contact_frame"] or "nan")
        lying = [m for m in marks if m["clip"] == label["clip"] and float(m["frame"]) <= contact and m["x_px"]]
        found.append(
            Asked(
                label["session"],
                folder / f"{label['clip']}.mp4",
                label,
                scene if scene.exists() else None,
                clicked_on(folder, label),
                _place(lying[-1], "x_px", "y_px", "diameter_px") if lying else None,
            )
        )
    return found


def _place(mark: dict[str, Any], *names: str) -> tuple[float, float, float] | None:
    x, y, size = (float(mark[name] or "nan") for name in names)
    return (x, y, size) if np.isfinite(x) else None


def _drawn(folder: Path) -> list[Asked]:
    if not (folder / "truth_labels.csv").exists():
        return []
    found = []
    for label in csv_rows(folder / "truth_labels.csv"):
        name = label["clip"]
        truth = json.loads((folder / f"{name}.truth.json").read_text(encoding="utf-8"))
        half = "drawn, even" if int(name[-3:]) % 2 == 0 else "drawn, odd"
        rest = _place(truth["ball_px"][0], "x", "y", "diameter")
        found.append(Asked(half, folder / f"{name}.mp4", label, folder / f"{name}.scene.json", None, rest))
    return found


def _rendered(folder: Path) -> list[Asked]:
    """Shots drawn by `synth`; their truth says where the ball lay."""
    known = {shot["name"]: shot for shot in json.loads((folder / "truth.json").read_text(encoding="utf-8"))}
    found = []
    for label in csv_rows(folder / "labels.csv"):
        truth = known[label["clip"].removesuffix(".mp4")]
        scene = folder / f"{label['clip'].removesuffix('.mp4')}.scene.json"
        kick = truth["contact_frame"]  # the phone may move, so the place is that of the kick's frame
        rest = None if kick is None else (*truth["ball_px"][kick], truth["ball_diameter_px"][kick])
        film = folder / f"{label['clip'].removesuffix('.mp4')}.mp4"
        found.append(Asked(folder.name, film, label, scene if scene.exists() else None, None, rest))
    return found


def _wild(folder: Path) -> list[Asked]:
    if not (folder / "truth.csv").exists():
        return []
    found = []
    for label in csv_rows(folder / "truth.csv"):
        film, scene = folder / label["clip"], folder / f"{Path(label['clip']).stem}.scene.json"
        shot = label["outcome"] != "no_shot"
        group = "wild, no shot" if not shot else "wild, goal shown" if scene.exists() else "wild, other"
        found.append(Asked(group, film, label, scene if scene.exists() else None))
    return found


def answered(one: Asked) -> Answered:
    """A clip -> what the whole pipeline says of it."""
    cv2.setNumThreads(1)
    said = Answered(one.film.stem, one.group, one.label)
    try:
        report = judging.analyze_file(one.film, one.scene, clicked_on=one.clicked)
    except KickyError as error:
        said.refused = str(error)
        return said
    shot, outcome = report.shot, report.outcome
    said.outcome, said.p_goal, said.how, said.why = str(outcome.verdict), outcome.p_goal, str(outcome.how), outcome.why
    said.foot, said.kick, said.source = str(report.foot.foot), shot.kick_frame, shot.kick_source
    said.seconds = dict(report.seconds)
    speed = report.measure("speed")
    said.flew = shot.flight is not None
    if speed.value is not None and speed.low is not None and speed.high is not None:
        said.speed_kmh = speed.value, speed.low, speed.high
    if one.rest_px is not None:
        said.rest_right = False
        if shot.kick_frame is not None:
            from kicky.kick import struck_at

            at = struck_at(shot).px
            said.rest_right = bool(np.hypot(*(at - one.rest_px[:2])) < 0.5 * one.rest_px[2] + 3.0)
    return said


def _number(said: Answered, name: str) -> float:
    return float(said.label.get(name) or "nan")


def _judged(said: Answered) -> bool:
    return said.label["outcome"] in SHOT and said.label.get("confidence", "high") != "low"


def _off(said: Answered) -> float:
    return abs(float("nan" if said.kick is None else said.kick) - _number(said, "contact_frame"))


def _timed(said: Answered) -> bool:
    return bool(np.isfinite(_number(said, "contact_frame")))


def _footed(said: Answered) -> bool:
    return said.label["foot"] in {"left", "right"}


def _sped(said: Answered) -> bool:
    return np.isfinite(_number(said, "speed_kmh")) and said.label["outcome"] != "no_shot"


def _held(said: Answered) -> bool:
    return said.speed_kmh is not None and said.speed_kmh[1] <= _number(said, "speed_kmh") <= said.speed_kmh[2]


def _wrong(said: Answered) -> bool:
    other = {"goal": "no_goal", "no_goal": "goal"}.get(said.label["outcome"])
    return said.outcome != "unsure" and (said.outcome == other if other else said.label["outcome"] == "no_shot")


FIGURES: dict[str, tuple[Callable[[Answered], bool], Callable[[Answered], bool]]] = {
    "goal right": (_judged, lambda s: s.outcome == s.label["outcome"]),
    "goal wrong": (lambda s: _judged(s) or s.label["outcome"] == "no_shot", _wrong),
    "contact ±1": (_timed, lambda s: _off(s) <= 1),
    "contact ±2": (_timed, lambda s: _off(s) <= 2),
    "ball right": (lambda s: s.rest_right is not None, lambda s: bool(s.rest_right)),
    "foot right": (_footed, lambda s: s.foot == s.label["foot"]),
    "foot wrong": (_footed, lambda s: s.foot != "unsure" and s.foot != s.label["foot"]),
    "flight found": (_timed, lambda s: s.flew),
    "speed given": (_timed, lambda s: s.speed_kmh is not None),
    "speed's 90 % holds": (_sped, _held),
    "kick invented": (lambda s: s.label["outcome"] == "no_shot", lambda s: s.kick is not None),
    "refused": (lambda _: True, lambda s: bool(s.refused)),
}


def figures(said: list[Answered]) -> dict[str, str]:
    """Answers of one set -> each figure as "83 % [55–95] n 12"."""
    shares = {}
    for name, (counts, right) in FIGURES.items():
        kept = [one for one in said if counts(one)]
        shares[name] = wilson(sum(map(right, kept)), len(kept))
    fit = [one.seconds["flight"] + one.seconds["measure"] for one in said if "measure" in one.seconds]
    whole = [sum(one.seconds.values()) for one in said if one.seconds]
    for name, values in (("fit and outcome", fit), ("whole", whole)):
        shares[name] = "–" if not values else "{:.2f} / {:.2f} s".format(*np.percentile(values, (50, 90)))
    told = [(*one.speed_kmh, _number(one, "speed_kmh")) for one in said if one.speed_kmh and _timed(one)]
    half = [(high - low) / 2 / middle for middle, low, high, _ in told]
    off = [abs(middle / true - 1) for middle, _, _, true in told if np.isfinite(true)]
    for name, values in (("speed's half width", half), ("speed's error", off)):
        shares[name] = "–" if not values else "{:.0f} / {:.0f} %".format(*(100 * np.percentile(values, (50, 90))))
    judged = [one for one in said if _judged(one)]
    brier = [(one.p_goal - (one.label["outcome"] == "goal")) ** 2 for one in judged]
    shares["Brier"] = f"{np.mean(brier):.3f}" if brier else "–"
    return shares


def reliability(said: list[Answered]) -> str:
    """Answers -> a table: of the shots told to be a goal with about this chance, how many were one."""
    judged = [one for one in said if _judged(one) and not one.refused]
    edges = (0.0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 1.0)
    lines = []
    for low, high in pairwise(edges):
        kept = [one for one in judged if low <= one.p_goal < high or one.p_goal == high == 1.0]
        if kept:
            goals = sum(one.label["outcome"] == "goal" for one in kept)
            mean = np.mean([one.p_goal for one in kept])
            lines.append([f"{low:.2f} to {high:.2f}", f"{mean:.2f}", wilson(goals, len(kept))])
    return table(lines, ["P(goal)", "told on average", "were goals"])


def faults(said: list[Answered]) -> list[str]:
    """-> a line for each clip that is not answered as its label has it."""
    lines = []
    for one in said:
        parts = [one.refused] if one.refused else []
        if (_judged(one) and one.outcome != one.label["outcome"]) or _wrong(one):
            parts.append(f"{one.outcome} {one.p_goal:.2f} for {one.label['outcome']} ({one.label['how']}): {one.why}")
        if _timed(one) and not _off(one) <= 2:
            parts.append(f"kick {one.kick} ({one.source}) for {one.label['contact_frame']}")
        if one.rest_right is False:
            parts.append("another ball")
        if _footed(one) and one.foot != one.label["foot"]:
            parts.append(f"{one.foot} foot for {one.label['foot']}")
        if one.label["outcome"] == "no_shot" and one.kick is not None:
            parts.append(f"kick {one.kick} invented ({one.source})")
        if parts:
            lines.append(f"- {one.clip}: " + "; ".join(parts))
    return lines


def read(folder: Path) -> list[Answered]:
    kept = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return [Answered(**one) for one in kept]


def show(now: list[Answered], before: list[Answered]) -> str:
    """Answers, those of another commit -> tables, one a set."""
    names = list(dict.fromkeys(one.group for one in now))
    chapters = []
    for name in [*names, "all"]:
        here, there = ([one for one in said if name in {one.group, "all"}] for said in (now, before))
        new, old = figures(here), figures(there)
        lines = [[figure, *([old[figure]] if before else []), value] for figure, value in new.items() if value != "–"]
        head = [name, *(["before"] if before else []), "now"]
        chapters.append(table(lines, head))
        chapters.append("\n".join(faults(here)) if name != "all" else reliability(here))
    return "\n\n".join(chapters)


def main(
    out: Annotated[Path, typer.Option(help="Where answers.json is kept.")] = HERE / "out" / "elsewhere",
    against: Annotated[Path | None, typer.Option(help="The same of another commit.")] = None,
    drawn: Annotated[list[Path] | None, typer.Option(help="A folder of rendered shots, with their truth.")] = None,
    only: Annotated[str, typer.Option(help="Clips whose set begins so.")] = "",
    again: Annotated[bool, typer.Option(help="Analyse, instead of showing what is kept.")] = True,
) -> None:
    """Analyse every clip and print the tables."""
    if again:
        clips = [one for one in asked(drawn or []) if one.group.startswith(only)]
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            said = list(pool.map(answered, clips))
        out.mkdir(parents=True, exist_ok=True)
        (out / "answers.json").write_text(json.dumps([asdict(one) for one in said], indent=1), encoding="utf-8")
    print(show(read(out), read(against) if against else []))


if __name__ == "__main__":
    typer.run(main)
