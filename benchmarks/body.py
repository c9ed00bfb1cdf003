"""How near the body in metres comes to the true one, from each side: `python -m benchmarks.body --drawn FOLDER`.

The drawn clips handed over and any folder of rendered shots have every joint at contact; real clips have none, and
count how often each number is given. Shares are of *all* clips of a view, with their 95 % Wilson interval; held is how
often the shown interval holds the truth. Constants were chosen on the even drawn clips; the rest reports. What was said
lands in benchmarks/out/body/answers.json; `--no-again` shows what is kept.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer

from kicky.domain import BODY_JOINTS, Floats
from kicky.errors import KickyError
from kicky.measures.angles import USUAL_SD
from kicky.measures.reading import ANGLES, DISTANCES, Swung
from kicky.service import judging
from kicky.synthetic.player import JOINT

from .accuracy import table, wilson
from .elsewhere import HERE, Asked, asked

PARTS = ("shoulder", "hip", "knee", "ankle", "toe")
SIDE_ON = {"side", "diagonal"}
NEAR_S = 0.05  # of contact: a body seen so near it counts as found


@dataclass(slots=True)
class Told:
    """What was said of one clip's body, and the truth where it is known; degrees and metres."""

    clip: str
    group: str
    view: str
    found: bool = False
    foot: str = "unsure"
    true_foot: str = ""
    why_not: str = ""
    given: dict[str, list[float]] = field(default_factory=dict)
    truth: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


def told(one: Asked) -> Told:
    """A clip -> what the whole pipeline says of its body."""
    cv2.setNumThreads(1)
    view, truth = _truth(one)
    said = Told(one.film.stem, one.group, view, true_foot=one.label["foot"], truth=truth)
    try:
        report = judging.analyze_file(one.film, one.scene, clicked_on=one.clicked)
    except KickyError as error:
        said.why_not = str(error)
        return said
    shot = report.shot
    said.foot, said.seconds = str(report.foot.foot), report.seconds["pose"] + report.seconds["measure"]
    said.why_not = shot.body_why_not
    said.given = {m.name: [m.value, m.low, m.high] for m in report.measures if m.value is not None}  # type: ignore[misc]
    if shot.pose is not None and shot.kick_frame is not None:
        since = np.abs(shot.clip.time_s[shot.pose.frames] - shot.clip.time_s[shot.kick_frame])
        said.found = bool(np.isfinite(shot.pose.landmarks_px[since <= NEAR_S]).any())
    return said


def _truth(one: Asked) -> tuple[str, dict[str, float]]:
    """A clip -> from where it is filmed, and what is true of its body at contact."""
    beside = one.film.with_suffix(".truth.json")
    if beside.exists():
        true = json.loads(beside.read_text(encoding="utf-8"))
        foot, joints = one.label["foot"][0], true["shooter_joints_at_contact"]
        mirror = np.array([-1.0, 1.0, 1.0])  # their x grows to the shooter's left
        places = [joints[f"{part}_{side}"]["m"] for part in PARTS for side in (foot, "lr"["rl".index(foot)])]
        way = np.array(true["launch_velocity_mps"]) * mirror
        return true["view"].removesuffix("_on"), _read(
            np.array(places) * mirror, way, true["ball_start_m"] * mirror, foot
        )
    folder = one.film.parent / "truth.json"
    known = {s["name"]: s for s in json.loads(folder.read_text(encoding="utf-8"))} if folder.exists() else {}
    true = known.get(one.film.stem)
    if not true or true["contact_frame"] is None:
        return ("side" if one.group == "side" else "behind"), {}
    foot, contact = true["foot"], true["contact_frame"]
    joints, ball = np.array(true["joints_at_contact_m"]), np.array(true["ball_xyz_m"], dtype=float)
    other = "left" if foot == "right" else "right"
    places = joints[[JOINT[f"{side}_{part}"] for part in PARTS for side in (foot, other)]]
    return true["view"], _read(places, ball[contact + 2] - ball[contact], ball[contact], foot[0])


def _read(joints: Floats, way: Floats, ball_m: Any, foot: str) -> dict[str, float]:
    """(10, 3) kicking side first, the ball's velocity, where it lay, l or r -> each number at contact."""
    assert len(joints) == len(BODY_JOINTS[:10])
    ahead = way * (1, 1, 0) / np.linalg.norm(way[:2])
    out = np.array([-ahead[1], ahead[0], 0.0]) * (1 if foot == "r" else -1)
    swung = Swung(joints[None, None], ahead[None, None], out[None, None], np.asarray(ball_m, dtype=float))
    return {name: float(read(swung)[0, 0]) for name, read in {**ANGLES, **DISTANCES}.items()}


def lines(said: list[Told]) -> list[list[str]]:
    """Clips of one view -> a line a number: given of all, how far off, how often its interval holds the truth."""
    found = []
    for name in USUAL_SD:
        given = [one for one in said if name in one.given]
        times = 100 if name in DISTANCES or name.startswith(("follow", "last")) else 1
        known = [(one.given[name], one.truth[name]) for one in given if name in one.truth]
        off = [times * abs(value - true) for (value, _, _), true in known]
        held = [low <= true <= high for (_, low, high), true in known]
        wide = [times * (high - low) / 2 for _, low, high in (one.given[name] for one in given)]
        found.append([
            name, wilson(len(given), len(said)), f"{np.median(off):.1f}" if off else "–",
            wilson(sum(held), len(held)) if held else "–", f"± {np.median(wide):.0f}" if wide else "–",
        ])  # fmt: skip
    return found


def show(said: list[Told]) -> str:
    """-> a chapter a set and view: found, foot, and a table of its numbers."""
    chapters = []
    for group in dict.fromkeys(one.group for one in said):
        for name, views in (("side and diagonal", True), ("other views", False)):
            here = [one for one in said if one.group == group and (one.view in SIDE_ON) == views]
            if not here:
                continue
            footed = [one for one in here if one.true_foot in {"left", "right"}]
            right = wilson(sum(one.foot == one.true_foot for one in footed), len(footed))
            wrong = sum(one.foot not in {"unsure", one.true_foot} for one in footed)
            found = wilson(sum(one.found for one in here), len(here))
            times = np.percentile([one.seconds for one in here], (50, 90))
            chapters.append(
                f"## {group}, {name}: body found {found}; foot right {right}, wrong {wrong}; "
                f"pose and fit {times[0]:.2f} / {times[1]:.2f} s\n\n"
                + table(lines(here), ["number", "given", "off by, median", "held", "interval"])
            )
            chapters += [f"- {one.clip}: {one.foot} for {one.true_foot}. {one.why_not}" for one in here
                         if one.why_not or (one in footed and one.foot != one.true_foot)]  # fmt: skip
    return "\n\n".join(chapters)


def main(
    out: Annotated[Path, typer.Option(help="Where answers.json is kept.")] = HERE / "out" / "body",
    drawn: Annotated[list[Path] | None, typer.Option(help="A folder of rendered shots, with their truth.")] = None,
    only: Annotated[str, typer.Option(help="Clips whose set begins so.")] = "",
    again: Annotated[bool, typer.Option(help="Analyse, instead of showing what is kept.")] = True,
) -> None:
    """Analyse every clip that shows a shot and print the tables."""
    if again:
        clips = [one for one in asked(drawn or []) if one.group.startswith(only) and "wild" not in one.group]
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            said = list(pool.map(told, [one for one in clips if one.label["foot"] in {"left", "right"}]))
        out.mkdir(parents=True, exist_ok=True)
        (out / "answers.json").write_text(json.dumps([asdict(one) for one in said], indent=1), encoding="utf-8")
    kept = json.loads((out / "answers.json").read_text(encoding="utf-8"))
    print(show([Told(**one) for one in kept]))


if __name__ == "__main__":
    typer.run(main)
