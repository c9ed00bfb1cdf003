"""How near the replay lies to the film and to the truth: `python -m benchmarks.replay --drawn FOLDER --only side`.

Laid over the film, ball and joints are where it has them: medians in pixels of 1080 lines over all sights of a clip,
and their median over clips with its 95 % interval (bootstrap). Drawn shots have their joints at contact, rendered ones
the ball in every frame: metres off, by view; `along` is the part of a joint's error along the phone's line of sight,
which one phone hardly sees. What was seen is kept in benchmarks/out/replay; `--no-again` works from it.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer

from kicky import replay
from kicky.domain import Floats, Foot, FootCall, How, Outcome, Report, Shot, Verdict
from kicky.errors import KickyError
from kicky.service import judging
from kicky.storage import archive
from kicky.synthetic.player import JOINT

from .accuracy import table, wilson
from .elsewhere import HERE, Asked, asked

PARTS = ("shoulder", "hip", "knee", "ankle", "toe")
MIRROR = np.array([-1.0, 1.0, 1.0])  # the handed-over clips' x grows to the shooter's left
RESAMPLED = 2000


@dataclass(slots=True)
class Laid:
    """One clip's replay: what it is, how far off; pixels of 1080 lines, metres, kilobytes."""

    clip: str
    group: str
    view: str
    why_not: str = ""
    ball_why_not: str = ""
    body_why_not: str = ""
    ball_px: float | None = None
    joints_px: float | None = None
    goal_px: float | None = None
    ball_m: float | None = None
    joints_m: list[float] = field(default_factory=list)
    along_m: list[float] = field(default_factory=list)
    kilobytes: float = 0.0


def laid(one: Asked, again: bool, kept: Path) -> Laid:
    """A clip -> how its replay lies."""
    cv2.setNumThreads(1)
    told = Laid(one.film.stem, one.group, _view(one))
    file = kept / f"{one.group}-{one.film.stem}.npz".replace(" ", "_")
    try:
        if again or not file.exists():
            archive.write(file, judging.analyze_file(one.film, one.scene, clicked_on=one.clicked).shot)
        shot = archive.read(file, one.film)
    except KickyError as error:
        told.why_not = str(error)
        return told
    nothing = Report(shot, Outcome(Verdict.UNSURE, 0.5, How.UNCLEAR, ""), FootCall(Foot.UNSURE, 0.5, ""), (), {})
    made = replay.scene(nothing)
    told.why_not = made["why_not"]
    if not told.why_not:
        told.ball_why_not, told.body_why_not = made["ball"]["why_not"], made["shooter"]["why_not"]
        told.ball_px, told.joints_px, told.goal_px = (made["fit"][f"{what}_px"] for what in ("ball", "joints", "goal"))
        told.kilobytes = len(json.dumps(made)) / 1000
        _hold_against(told, one, shot, made)
    return told


def _hold_against(told: Laid, one: Asked, shot: Shot, made: dict[str, Any]) -> None:
    """A clip whose truth is known -> how far off ball and joints are in metres."""
    joints, ball = _truth(one)
    if made["shooter"]["t"] and joints is not None:
        row = int(np.abs(made["shooter"]["t"]).argmin())
        foot = "left" if made["shooter"]["kicks_left"] else "right"
        off = np.array(made["shooter"]["joints"][row])[:10, [0, 2, 1]] - joints[foot]
        sight = joints[foot] - np.array(made["phone"]["at"])[[0, 2, 1]]
        along = (off * sight).sum(axis=1) / np.linalg.norm(sight, axis=1)
        told.joints_m, told.along_m = np.linalg.norm(off, axis=1).tolist(), np.abs(along).tolist()
    if len(made["ball"]["t"]) > 1 and ball is not None:
        seen = np.array(made["ball"]["seen"]) == 1
        moments = np.array(made["ball"]["t"])[seen] + made["film"]["contact_s"]
        right = np.column_stack([np.interp(moments, shot.clip.time_s[: len(ball)], axis) for axis in ball.T])
        off_m = np.linalg.norm(np.array(made["ball"]["at"])[seen][:, [0, 2, 1]] - right, axis=1)
        told.ball_m = float(np.median(off_m[np.isfinite(off_m)]))


def _view(one: Asked) -> str:
    return str(_true(one).get("view", "")).removesuffix("_on").removesuffix("_shooter") or "real"


def _true(one: Asked) -> dict[str, Any]:
    """A clip -> its truth, {} of a real one."""
    beside, folder = one.film.with_suffix(".truth.json"), one.film.parent / "truth.json"
    if beside.exists():
        return dict(json.loads(beside.read_text(encoding="utf-8")))
    known = json.loads(folder.read_text(encoding="utf-8")) if folder.exists() else []
    return next((shot for shot in known if shot["name"] == one.film.stem), {})


def _truth(one: Asked) -> tuple[dict[str, Floats] | None, Floats | None]:
    """A clip -> foot: its (10, 3) joints at contact, kicking side first; (T, 3) the ball where every frame has it."""
    true = _true(one)
    sides = {"left": ("left", "right"), "right": ("right", "left")}
    if found := true.get("shooter_joints_at_contact"):
        return {
            foot: np.array([found[f"{part}_{side[0]}"]["m"] for part in PARTS for side in order]) * MIRROR
            for foot, order in sides.items()
        }, None
    if true.get("joints_at_contact_m") is None:
        return None, None
    joints = np.array(true["joints_at_contact_m"])
    named = {
        foot: joints[[JOINT[f"{side}_{part}"] for part in PARTS for side in order]] for foot, order in sides.items()
    }
    return named, np.array(true["ball_xyz_m"], dtype=float)


def middle(values: list[float], digits: int = 1) -> str:
    """Numbers -> their median with its 95 % interval by resampling, and how many there are."""
    if not values:
        return "–"
    drawn = np.random.default_rng(0).choice(values, (RESAMPLED, len(values)))
    low, high = np.percentile(np.median(drawn, axis=1), (2.5, 97.5))
    return f"{np.median(values):.{digits}f} ({low:.{digits}f}–{high:.{digits}f}), n {len(values)}"


def show(told: list[Laid]) -> str:
    """-> a table by set over the film, one by view against the truth, and what is not replayed."""

    def given(rows: list[Laid], name: str) -> list[float]:
        return [value for one in rows if (value := getattr(one, name)) is not None]

    over, metres = [], []
    for group in dict.fromkeys(one.group for one in told):
        rows = [one for one in told if one.group == group]
        whole = wilson(sum(not one.why_not for one in rows), len(rows))
        over.append([group, whole, *(middle(given(rows, f"{what}_px")) for what in ("ball", "joints", "goal")),
                     f"{max(one.kilobytes for one in rows):.0f}"])  # fmt: skip
    for view in dict.fromkeys(one.view for one in told if one.joints_m or one.ball_m is not None):
        rows = [one for one in told if one.view == view]
        joints, along = ([float(np.median(off)) for one in rows if (off := getattr(one, name))]
                         for name in ("joints_m", "along_m"))  # fmt: skip
        metres.append([view, middle(given(rows, "ball_m"), 2), middle(joints, 3), middle(along, 3)])
    lost = [f"- {one.clip}: {' '.join(why)}" for one in told
            if (why := [w for w in (one.why_not, one.ball_why_not, one.body_why_not) if w])]  # fmt: skip
    return "\n\n".join([
        table(over, ["set", "replayed", "ball, px", "joints, px", "goal, px", "kB at most"]),
        table(metres, ["view", "ball, m", "joints, m", "along the sight, m"]), "Left out:\n" + "\n".join(lost),
    ])  # fmt: skip


def main(
    drawn: Annotated[list[Path] | None, typer.Option(help="A folder of rendered shots, with their truth.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Clips whose set begins so; repeat it.")] = None,
    most: Annotated[int, typer.Option(help="So many clips of each set, evenly through it; 0 for all.")] = 6,
    again: Annotated[bool, typer.Option(help="Analyse, instead of working from what is kept.")] = True,
) -> None:
    """Replay clips that show a shot and print the tables."""
    kept = HERE / "out" / "replay"
    kept.mkdir(parents=True, exist_ok=True)
    sets: dict[str, list[Asked]] = {}
    for one in asked(drawn or []):
        if "wild" not in one.group and (not only or one.group.startswith(tuple(only))):
            sets.setdefault(one.group, []).append(one)
    chosen = [
        one for clips in sets.values() for one in (clips[:: max(len(clips) // most, 1)][:most] if most else clips)
    ]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        print(show(list(pool.map(partial(laid, again=again, kept=kept), chosen))))


if __name__ == "__main__":
    typer.run(main)
