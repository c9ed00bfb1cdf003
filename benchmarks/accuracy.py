"""How often KICKY is right: `python -m benchmarks.accuracy` (rendered shots, then the real clips if present).

Rendered shots come twice: clean ones, and as people film them (`synth --hard`), where some show no shot at all.

Every clip is analysed once by the whole pipeline; the table gives each figure with its n and, for
shares, the 95 % Wilson interval. The article's rules (`rules2d`) judge the same shots beside it. Reports land
in benchmarks/out/, one JSON a clip, so that a wrong clip can be looked at. No constant was chosen on the seeds
reported here.

Ball found: of the frames from the kick to what settled the shot in which the ball's true place is in the
picture, hidden or not, at least half have a candidate within half a ball (4 px at least) of it; linked: the one
track is that near in half of them. Ball recall: the share of places marked by hand that have a candidate so near.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from kicky import rules2d, shares, synthetic
from kicky.body import foot
from kicky.domain import Candidates, Floats, Track
from kicky.errors import KickyError
from kicky.service import document, judging

HERE = Path(__file__).parent
REAL = HERE.parent.parent / "shared" / "clips"
SEED = 7000  # constants were chosen on seeds below 5000
HARD = 7002  # of shots as people film them constants were chosen on odd seeds
RENDERED = 120
NEAR_PX = 4.0
TOP = 20


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled clip and what the pipeline said of it (None: refused, with the sentence)."""

    label: dict[str, str]
    answer: dict[str, Any] | None
    refused: str = ""
    nearer: str = "unsure"  # the article's foot: the nearer ankle alone
    flat: str = "unsure"  # the article's verdict
    truth: dict[str, Any] | None = None
    found: bool = False
    linked: bool = False
    recalled: tuple[bool, ...] = ()  # of each place marked by hand
    recalled_top: tuple[bool, ...] = ()

    def number(self, name: str) -> float:
        text = self.label.get(name, "")
        return float(text) if text not in {"", "nan"} else float("nan")


def run(folder: Path, out: Path, detector: str) -> list[Case]:
    """Folder with labels.csv -> a case for each of its clips."""
    out.mkdir(parents=True, exist_ok=True)
    labels = csv_rows(folder / "labels.csv")
    points = csv_rows(folder / "ball_points.csv") if (folder / "ball_points.csv").exists() else []
    truth = folder / "truth.json"
    known = {shot["name"]: shot for shot in json.loads(truth.read_text(encoding="utf-8"))} if truth.exists() else {}
    cases = []
    for label in labels:
        label["speed_kmh"] = str(known.get(label["clip"], {}).get("speed_kmh") or "")
        marked = [point for point in points if point["clip"] == label["clip"] and np.isfinite(float(point["x_px"]))]
        cases.append(_case(folder, label, out, detector, known.get(label["clip"]), marked))
    return cases


def csv_rows(path: Path) -> list[dict[str, str]]:
    """A .csv -> its rows, by its first line's names."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def clicked_on(folder: Path, label: dict[str, str]) -> Path | None:
    """-> the clip of its session that the goal was clicked on: the one from which drift.json counts."""
    path = folder / "drift.json"
    if not path.exists():
        return None
    shifts = json.loads(path.read_text(encoding="utf-8")).get(label["session"], {})
    number = next((int(number) for number, shift in shifts.items() if shift == [0.0, 0.0]), None)
    return None if number is None else folder / f"{label['session']}_{number:02d}.mp4"


def _case(
    folder: Path, label: dict[str, str], out: Path, detector: str, truth: dict[str, Any] | None,
    marked: list[dict[str, str]],
) -> Case:  # fmt: skip
    name = label["clip"].removesuffix(".mp4")
    scenes = (folder / f"{name}.scene.json", folder / f"{label.get('session', '')}.scene.json")
    scene = next((path for path in scenes if path.exists()), None)
    unseen = (False,) * len(marked)
    try:
        report = judging.analyze_file(folder / f"{name}.mp4", scene, detector, clicked_on=clicked_on(folder, label))
    except KickyError as error:
        print(f"{name}: refused: {error}", file=sys.stderr)
        return Case(label, None, str(error), truth=truth, recalled=unseen, recalled_top=unseen)
    answer = document.report_json(report)
    (out / f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
    print(f"{name}: {answer['outcome']} ({answer['why']})", file=sys.stderr)
    shot = report.shot
    offered = shot.candidates
    linked = _offered(shot.ball)
    best = _top(offered) if offered is not None else linked
    return Case(
        label,
        answer,
        nearer=str(foot.nearer(shot)),
        flat=str(rules2d.decide(shot.clip, shot.ball, shot.scene).verdict),
        truth=truth,
        found=truth is not None and _in_flight(offered or linked, truth) >= 0.5,
        linked=truth is not None and _in_flight(linked, truth) >= 0.5,
        recalled=tuple(_marked(offered or linked, point) for point in marked),
        recalled_top=tuple(_marked(best, point) for point in marked),
    )


def _offered(ball: Track) -> Candidates:
    """The one track -> as candidates, one a frame."""
    frames = np.flatnonzero(np.isfinite(ball.centre_px[:, 0]))
    return Candidates(frames, ball.centre_px[frames], ball.size_px[frames, 0], np.ones(len(frames)))


def _top(offered: Candidates) -> Candidates:
    """Candidates -> the TOP of each frame."""
    order = np.lexsort((-offered.score, offered.frame))
    frame = offered.frame[order]
    rank = np.arange(len(frame)) - np.searchsorted(frame, frame)
    kept = order[rank < TOP]
    return Candidates(offered.frame[kept], offered.centre_px[kept], offered.diameter_px[kept], offered.score[kept])


def _near(offered: Candidates, frame: int, place_px: Floats, diameter_px: float) -> bool:
    here = offered.centre_px[offered.frame == frame]
    reach = max(NEAR_PX, diameter_px / 2 if np.isfinite(diameter_px) else 0.0)
    return bool((np.hypot(*(here - place_px).T) < reach).any())


def _marked(offered: Candidates, point: dict[str, str]) -> bool:
    place = np.array([float(point["x_px"]), float(point["y_px"])])
    return _near(offered, int(point["frame"]), place, float(point["diameter_px"] or "nan"))


def _in_flight(offered: Candidates, truth: dict[str, Any]) -> float:
    """Candidates -> the share of the flight's frames in the picture that have one at the ball's true place."""
    place = np.array(truth["ball_px"], dtype=float)
    diameter = np.array(truth["ball_diameter_px"], dtype=float)
    settled = truth["outcome_frame"] if truth["outcome_frame"] is not None else len(place)
    inside = ((place > 0) & (place < truth["size_wh_px"])).all(axis=1)
    if truth["contact_frame"] is None:
        return 0.0
    flight = [frame for frame in range(truth["contact_frame"] + 1, settled) if inside[frame]]
    return float(np.mean([_near(offered, f, place[f], diameter[f]) for f in flight])) if flight else 1.0


def wilson(right: int, n: int) -> str:
    """Right of n -> "83 % [55 %–95 %] n 12", 19 times in 20."""
    if not n:
        return "–"
    low, high = shares.wilson(right, n, 0.95)
    return f"{right / n:.0%} [{low:.0%}–{high:.0%}] n {n}".replace("%", " %")


def share(cases: Iterable[Case], counts: Callable[[Case], bool], right: Callable[[Case], bool]) -> str:
    kept = [case for case in cases if counts(case)]
    return wilson(sum(right(case) for case in kept), len(kept))


def _p_goal(case: Case) -> float:
    return float(case.answer["p_goal"]) if case.answer else 0.5


def _outcome(case: Case) -> str:
    return case.answer["outcome"] if case.answer else "unsure"


def _foot(case: Case) -> str:
    return case.answer["foot"] if case.answer else "unsure"


def _contact_error(case: Case) -> float:
    if case.answer is None or case.answer["kick_frame"] is None:
        return float("nan")
    return float(case.answer["kick_frame"]) - case.number("contact_frame")


def _speed_error(case: Case) -> float:
    value = case.answer["speed_kmh"]["value"] if case.answer else None
    return abs(value / case.number("speed_kmh") - 1) if value is not None else float("nan")


def _crossing_error(case: Case) -> float:
    """-> metres between where the ball crossed the goal's plane and where it is said to; of free flights only."""
    true = case.truth and case.truth["crossing_m"]
    said = case.answer["crossing_m"] if case.answer else None
    if not true or case.label["how"] == "post" or not said or said["x"] is None:
        return float("nan")
    return float(np.hypot(said["x"] - true[0], said["z"] - true[1]))


def errors(values: Iterable[float], of: int, scale: float, unit: str) -> str:
    """Errors, NaN where nothing was shown -> "5 / 19 %, shown 80 % of 30": median, 90th percentile."""
    shown = np.array([value for value in values if np.isfinite(value)])
    if not len(shown) or not of:
        return "–"
    median, late = (scale * float(np.percentile(shown, q)) for q in (50, 90))
    return f"{median:.3g} / {late:.3g} {unit}, shown {100 * len(shown) / of:.0f} % of {of}"


def recall(cases: Iterable[Case]) -> str:
    """Cases -> "98 % [...] n 100, top 20: 97 %" of the places marked by hand."""
    kept = list(cases)
    points = [hit for case in kept for hit in case.recalled]
    top = [hit for case in kept for hit in case.recalled_top]
    return f"{wilson(sum(points), len(points))}, top {TOP}: {100 * np.mean(top):.0f} %" if points else "–"


def _without_a_shot(case: Case) -> bool:
    return case.label["outcome"] == "no_shot"


def row(name: str, cases: list[Case]) -> list[str]:
    """Cases -> one line of the table."""

    def judged(case: Case) -> bool:
        return case.label["outcome"] in {"goal", "no_goal"} and case.label.get("confidence", "high") != "low"

    def timed(case: Case) -> bool:
        return bool(np.isfinite(case.number("contact_frame")))

    def footed(case: Case) -> bool:
        return case.label["foot"] in {"left", "right"}

    known = [case for case in cases if case.truth is not None and case.truth["contact_frame"] is not None]
    fast = [case for case in cases if np.isfinite(case.number("speed_kmh"))]
    crossed = [case for case in known if case.truth and case.truth["crossing_m"] and case.label["how"] != "post"]
    return [
        name,
        share(cases, judged, lambda case: _outcome(case) == case.label["outcome"]),
        share(cases, judged, lambda case: (_p_goal(case) > 0.5) == (case.label["outcome"] == "goal")),
        share(
            cases,
            lambda case: judged(case) and _outcome(case) != "unsure",
            lambda case: _outcome(case) == case.label["outcome"],
        ),
        share(cases, judged, lambda case: _outcome(case) == "unsure"),
        share(cases, judged, lambda case: case.flat == case.label["outcome"]),
        share(cases, footed, lambda case: _foot(case) == case.label["foot"]),
        share(cases, lambda case: footed(case) and _foot(case) != "unsure", lambda c: _foot(c) == c.label["foot"]),
        share(cases, footed, lambda case: case.nearer == case.label["foot"]),
        share(cases, timed, lambda case: abs(_contact_error(case)) <= 1),
        share(cases, timed, lambda case: abs(_contact_error(case)) <= 2),
        share(known, lambda _: True, lambda case: case.found),
        share(known, lambda _: True, lambda case: case.linked),
        recall(cases),
        errors(map(_crossing_error, crossed), len(crossed), 1, "m"),
        errors(map(_speed_error, fast), len(fast), 100, "%"),
        share(cases, _without_a_shot, lambda case: case.answer is not None and case.answer["kick_frame"] is not None),
    ]


HEAD = [
    "set", "goal", "goal by P > ½", "… of decided", "unsure", "rules2d goal", "foot", "… of decided", "nearer ankle",
    "contact ±1", "contact ±2", "ball found", "… linked", "ball recall", "crossing error med / p90",
    "speed error med / p90", "kick invented",
]  # fmt: skip


def table(rows: list[list[str]], head: list[str] = HEAD) -> str:
    """Rows, what stands above them -> Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def groups(cases: list[Case], key: str) -> list[list[str]]:
    names = sorted({case.label[key] for case in cases})
    return [row(name, [case for case in cases if case.label[key] == name]) for name in names]


def wrong(cases: list[Case]) -> list[str]:
    """Cases -> a line for each clip whose outcome, foot or contact is not the label's."""
    lines = []
    for case in cases:
        faults = [case.refused] if case.refused else []
        if _without_a_shot(case):
            if case.answer and case.answer["kick_frame"] is not None:
                faults.append(f"a kick at {case.answer['kick_frame']} in a film without one ({case.label['note']})")
            lines += [f"- {case.label['clip']}: " + "; ".join(faults)] if faults else []
            continue
        if case.label["outcome"] and _outcome(case) != case.label["outcome"]:
            why = case.answer["why"] if case.answer else ""
            faults.append(f"{_outcome(case)} for {case.label['outcome']} ({case.label['how']}): {why}")
        if case.label["foot"] and _foot(case) != case.label["foot"]:
            faults.append(f"{_foot(case)} foot for {case.label['foot']}")
        if np.isfinite(case.number("contact_frame")) and not abs(_contact_error(case)) <= 2:
            faults.append(f"contact off by {_contact_error(case):+.0f}")
        if faults:
            lines.append(f"- {case.label['clip']}: " + "; ".join(faults))
    return lines


def main(
    clips: Annotated[Path | None, typer.Option(help="A folder with labels.csv instead of both sets.")] = None,
    detector: str = "motion",
    count: int = RENDERED,
) -> None:
    """Print the tables."""
    out = HERE / "out"
    easy, hard = out / f"rendered_{SEED}_{count}", out / f"hard_{HARD}_{count}"
    sets = [(clips, "session")] if clips else [(easy, "view"), (hard, "view"), (REAL, "session")]
    for folder, seed in ((easy, SEED), (hard, HARD)) if not clips else ():
        if not (folder / "labels.csv").exists():
            synthetic.synthesize(folder, count, seed, hard=folder == hard)
    for folder, key in sets:
        if not folder.exists():
            print(f"\n{folder.name}: not on this machine, skipped")
            continue
        cases = run(folder, out / f"{folder.name}_{detector}", detector)
        print(f"\n{folder.name}, {detector}\n\n{table([*groups(cases, key), row('all', cases)])}\n")
        print("\n".join(wrong(cases)))


if __name__ == "__main__":
    typer.run(main)
