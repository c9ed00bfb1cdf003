"""How often who, foot, body and contact are right: `python -m benchmarks.kick` (rendered, then real clips if present).

Rendered: two friends who shoot in turn, all views, both feet, day and night; the other keeps goal, stands by or is
away. Angles count in the plane of the shot's way, as they are measured; "fit views" are those in which they are given.
What was said of each clip lands in benchmarks/out/, one JSON a clip; `--keep` uses what lies there already. No
constant was chosen on the seed reported here.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from kicky import synthetic
from kicky.body.heading import heading
from kicky.domain import Floats, Report, Shot
from kicky.errors import KickyError
from kicky.service import judging
from kicky.synthetic.player import JOINT

from .accuracy import HERE, REAL, clicked_on, table, wilson

SEED, RENDERED = 9100, 200  # constants were chosen on seed 4400
ANGLES = ("kicking_knee", "support_knee", "trunk_lean", "hip_drive")
STANCE = ("plant_aside", "plant_behind")
LEAST_FIT, SAME_FIT = 0.15, 0.9  # intersection over union; two boxes of one body fit it about alike
Row = dict[str, Any]


def run(folder: Path, out: Path, processes: int, keep: bool) -> list[Row]:
    """Folder with labels.csv -> a row a clip: its label, its truth where it is rendered, what was said of it."""
    out.mkdir(parents=True, exist_ok=True)
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        labels = list(csv.DictReader(file))
    truth = folder / "truth.json"
    known = {shot["name"]: shot for shot in json.loads(truth.read_text(encoding="utf-8"))} if truth.exists() else {}
    todo = [(folder, out, label, known.get(label["clip"].removesuffix(".mp4")), keep) for label in labels]
    with get_context("spawn").Pool(processes) as pool:
        return list(pool.imap(_row, todo))


def _row(task: tuple[Path, Path, dict[str, str], Row | None, bool]) -> Row:
    folder, out, label, true, keep = task
    name = label["clip"].removesuffix(".mp4")
    path = out / f"{name}.json"
    if not (keep and path.exists()):
        path.write_text(json.dumps(_said(folder, name, label, true)), encoding="utf-8")
    print(".", end="", flush=True)
    return {"label": label, "true": true, **json.loads(path.read_text(encoding="utf-8"))}


def _said(folder: Path, name: str, label: dict[str, str], true: Row | None) -> Row:
    scenes = (folder / f"{name}.scene.json", folder / f"{label.get('session', '')}.scene.json")
    scene = next((path for path in scenes if path.exists()), None)
    try:
        report = judging.analyze_file(folder / f"{name}.mp4", scene, clicked_on=clicked_on(folder, label))
    except KickyError as error:
        return {"refused": str(error), "foot": "unsure", "kick_frame": None, "captured": False}
    shot, way = report.shot, heading(report.shot)
    return {
        "foot": str(report.foot.foot),
        "foot_why": report.foot.why,
        "kick_frame": None if shot.kick_frame is None else int(shot.kick_frame),
        "captured": _captured(shot),
        "shooter": true and _is(shot, shot.shooter, true, "joints_px"),
        "keeper": true and (_is(shot, shot.keeper, true, "friend_px") if shot.keeper else None),
        "off_deg": way and way.off_deg,
        "measures": _measures(report, true),
        "pose_s": report.seconds["pose"],
    }


def _captured(shot: Shot) -> bool:
    """-> is there a body in a frame of the contact, which falls between two."""
    if shot.pose is None or shot.kick_frame is None:
        return False
    return any(shot.pose.at(shot.kick_frame + k) is not None for k in (0, 1))


def _is(shot: Shot, label: str | None, true: Row, whose: str) -> bool:
    """-> is that the player whose box at the kick, as it is in truth, fits that body best of all players' boxes."""
    if label is None or not true[whose]:
        return False
    frame = true["contact_frame"]
    joints = np.array(true[whose][frame], dtype=float)
    body = np.concatenate([joints.min(axis=0), joints.max(axis=0)])
    fits = {player.label: _overlap(player.box_px(frame), body) for player in shot.players}
    best = max(fits, key=fits.__getitem__)
    return fits[best] > LEAST_FIT and fits[label] >= SAME_FIT * fits[best]


def _overlap(one: Floats, other: Floats) -> float:
    """Two boxes -> intersection over union, 0 for one that is NaN."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    if not (sides > 0).all():
        return 0.0
    shared = float(np.prod(sides))
    areas = [float(np.prod(box[2:] - box[:2])) for box in (one, other)]
    return shared / (sum(areas) - shared)


def _measures(report: Report, true: Row | None) -> Row:
    """-> name: [value, low, high, truth], for those that were given."""
    truths = _truths(true) if true else {}
    given = {m.name: [m.value, m.low, m.high, truths.get(m.name)] for m in report.measures if m.value is not None}
    return {name: values for name, values in given.items() if name in (*ANGLES, *STANCE)}


def _truths(true: Row) -> dict[str, float]:
    """-> angles in the plane of the shot's way, and the standing foot's place from the ball."""
    joints = {name: np.array(true["joints_at_contact_m"][row]) for name, row in JOINT.items()}
    ball, contact = np.array(true["ball_xyz_m"], dtype=float), true["contact_frame"]
    ahead = (ball[contact + 2] - ball[contact]) * (1, 1, 0)
    ahead /= np.linalg.norm(ahead)
    foot = true["foot"]
    other, side = ("left", 1) if foot == "right" else ("right", -1)

    def middle(part: str) -> Floats:
        return np.asarray(joints[f"left_{part}"] + joints[f"right_{part}"]) / 2

    trunk, thigh = middle("shoulder") - middle("hip"), joints[f"{foot}_knee"] - joints[f"{foot}_hip"]
    stance = ball[contact] - np.mean([joints[f"{other}_{part}"] for part in ("ankle", "heel", "toe")], axis=0)
    aside = np.array([-ahead[1], ahead[0], 0.0]) * side
    return {
        "kicking_knee": true["angles_deg"]["kicking_knee"],
        "support_knee": true["angles_deg"]["support_knee"],
        "trunk_lean": float(np.degrees(np.arctan2(trunk @ ahead, trunk[2]))),
        "hip_drive": float(np.degrees(np.arctan2(thigh @ ahead, -thigh[2]))),
        "plant_behind": float(stance @ ahead),
        "plant_aside": float(stance @ aside),
    }


def _late(row: Row) -> float:
    """-> frames by which the kick was put late, NaN for none."""
    truth = row["label"]["contact_frame"]
    return float("nan") if row["kick_frame"] is None or not truth else row["kick_frame"] - float(truth)


def share(rows: Iterable[Row], right: Callable[[Row], Any]) -> str:
    kept = list(rows)
    return wilson(sum(bool(right(row)) for row in kept), len(kept))


def line(name: str, rows: list[Row]) -> list[str]:
    """Rows -> one line of the first table."""
    footed = [row for row in rows if row["label"]["foot"] in {"left", "right"}]
    decided = [row for row in footed if row["foot"] != "unsure"]
    known = [row for row in rows if row["true"]]
    keepers = [row for row in known if row["label"]["friend"] == "keeper"]
    return [
        name,
        share(known, lambda row: row.get("shooter")),
        share(keepers, lambda row: row.get("keeper")),
        share([r for r in known if r["label"]["friend"] != "keeper"], lambda row: row.get("keeper") is None),
        share(decided, lambda row: row["foot"] == row["label"]["foot"]),
        share(footed, lambda row: row["foot"] == "unsure"),
        share(rows, lambda row: row["captured"]),
        share(rows, lambda row: abs(_late(row)) <= 1),
        share(rows, lambda row: abs(_late(row)) <= 2),
        f"{np.median([row['pose_s'] for row in rows if 'pose_s' in row]):.2f} s",
    ]


HEAD = [
    "set", "shooter", "keeper", "no keeper invented", "foot, of decided", "unsure", "body at contact", "contact ±1",
    "contact ±2", "pose stage",
]  # fmt: skip
BODY_HEAD = ["measure", "given", "error med / p90", "interval holds", "half width med"]


def body(rows: list[Row]) -> list[list[str]]:
    """Rendered rows -> a line a measure."""
    lines = []
    for name in (*ANGLES, *STANCE):
        found = [row["measures"][name] for row in rows if name in row.get("measures", {})]
        if not found:
            continue
        value, low, high, truth = np.array(found, dtype=float).T
        scale, unit = (1, "°") if name in ANGLES else (100, " cm")
        off = scale * np.abs(value - truth)
        inside = int(((low <= truth) & (truth <= high)).sum())
        lines.append([
            name, f"{len(found)} of {len(rows)}", f"{np.median(off):.1f} / {np.percentile(off, 90):.1f}{unit}",
            wilson(inside, len(found)), f"{scale * np.median(high - low) / 2:.1f}{unit}",
        ])  # fmt: skip
    return lines


def wrong(rows: list[Row]) -> list[str]:
    """Rows -> a line for each clip that is not right."""
    lines = []
    for row in rows:
        label = row["label"]
        faults = [row["refused"]] if "refused" in row else []
        if label["foot"] and row["foot"] != label["foot"]:
            faults.append(f"{row['foot']} foot for {label['foot']} ({row.get('foot_why', '')})")
        if row["true"] and not row.get("shooter"):
            faults.append("shooter")
        if not row["captured"]:
            faults.append("no body at contact")
        if not abs(_late(row)) <= 2:
            faults.append(f"contact off by {_late(row):+.0f}")
        if faults:
            lines.append(f"- {label['clip']} ({label.get('friend') or 'alone'}): " + "; ".join(faults))
    return lines


def main(
    clips: Annotated[Path | None, typer.Option(help="A folder with labels.csv instead of both sets.")] = None,
    count: int = RENDERED,
    processes: int = 2,
    keep: Annotated[bool, typer.Option(help="Use what an earlier run said.")] = False,
) -> None:
    """Print the tables."""
    out = HERE / "out"
    friends = out / f"friends_{SEED}_{count}"
    if clips is None and not (friends / "labels.csv").exists():
        synthetic.synthesize(friends, count, SEED, friends=True)
    for folder in [clips] if clips else [friends, REAL]:
        if not folder.exists():
            print(f"\n{folder.name}: not on this machine, skipped")
            continue
        rows = run(folder, out / f"kick_{folder.name}", processes, keep)
        key = "view" if rows[0]["true"] else "session"
        groups = sorted({row["label"][key] for row in rows})
        lines = [line(name, [row for row in rows if row["label"][key] == name]) for name in groups]
        print(f"\n\n{folder.name}\n\n{table([*lines, line('all', rows)], HEAD)}\n")
        if rows[0]["true"]:
            print(table(body(rows), BODY_HEAD) + "\n")
        print("\n".join(wrong(rows)))


if __name__ == "__main__":
    typer.run(main)
