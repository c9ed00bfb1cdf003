"""How often the goal's corners are proposed, and rightly: `python -m benchmarks.goals` (where the footage is present).

Pictures: a folder of JPEGs, each with a YOLO file of the goal's box. A proposal is right when the box round it has
an intersection over union of at least 0.5 with the goal's: boxes drawn by hand are loose, and one that takes a window
or a board for the goal, or half of the goal, stays below. The pictures whose name has an even hash chose the constants,
those with an odd one report. "Whole" are those whose box keeps off the picture's border: no proposal can be right
where a post is outside the picture. Films: the corners as clicked, or as drawn, against those proposed from the still
picture of each; films have odd and even halves too. `--save` keeps the answers, `--before` shows them beside the new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import cv2
import numpy as np
import typer

from kicky import video
from kicky.domain import Floats
from kicky.errors import KickyError
from kicky.scene.drift import still_picture
from kicky.scene.propose import Proposal, propose

from .accuracy import HERE, table, wilson

SHARED = HERE.parent.parent / "shared"
RIGHT_IOU, CLOSE_IOU = 0.5, 0.75  # boxes are loose; half a goal, or three quarters of one, fails the second
NEAR_BORDER = 0.004  # of the picture's side
FOLDERS = ("clips", "clips2", "clips2/drawn", "clips2/wild")
Row = dict[str, Any]


def half(name: str) -> str:
    """File's name -> "even" (chose the constants) or "odd" (reports)."""
    return ("even", "odd")[int(hashlib.sha1(name.encode()).hexdigest(), 16) % 2]


def iou(one: Floats, other: Floats) -> float:
    """Two boxes x0 y0 x1 y1 -> intersection over union."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    both = float(np.prod(np.maximum(sides, 0)))
    return both / (float(np.prod(one[2:] - one[:2])) + float(np.prod(other[2:] - other[:2])) - both)


def boxes(text: str, size_wh: tuple[int, int]) -> Floats:
    """YOLO lines, picture's size -> (n, 4) boxes x0 y0 x1 y1 in px."""
    values = np.array([line.split()[1:5] for line in text.splitlines() if line.strip()], dtype=float).reshape(-1, 4)
    return np.hstack([values[:, :2] - values[:, 2:] / 2, values[:, :2] + values[:, 2:] / 2]) * (*size_wh, *size_wh)


def pictures(folder: Path, halves: str) -> Iterator[Row]:
    """Folder -> a row a picture: offered, right, whole, seconds."""
    for path in sorted(folder.glob("*.jpg")):
        if half(path.name) not in halves:
            continue
        picture = np.asarray(cv2.imread(str(path)), dtype=np.uint8)
        size = picture.shape[1], picture.shape[0]
        goals = boxes(path.with_suffix(".txt").read_text(encoding="utf-8"), size)
        if not len(goals):
            continue
        found, seconds = timed(picture)
        best = 0.0
        if found:
            outline = np.concatenate([found.corners_px.min(axis=0), found.corners_px.max(axis=0)])
            best = max(iou(outline, goal) for goal in goals)
        off = np.minimum(goals[:, :2], size - goals[:, 2:]) / size
        yield {
            "set": "pictures", "name": path.name, "half": half(path.name), "offered": found is not None,
            "right": best >= RIGHT_IOU, "iou": best, "whole": bool((off > NEAR_BORDER).all()), "seconds": seconds,
            "corners": found.corners_px.tolist() if found else None, "score": found.score if found else None,
        }  # fmt: skip


def timed(picture: video.Image) -> tuple[Proposal | None, float]:
    start = perf_counter()
    found = propose(picture)
    return found, perf_counter() - start


def films(folder: Path, halves: str) -> Iterator[Row]:
    """Folder -> a row a film whose corners are known: offered, right, worst corner's error in px."""
    for film in sorted(folder.glob("*.mp4")):
        true = known(film)
        if true is None or half(film.name) not in halves:
            continue
        try:
            still = still_picture(video.open_clip(film))
        except KickyError:
            continue
        found, seconds = timed(still)
        off = np.linalg.norm(found.corners_px - true, axis=1).max() if found else np.nan
        width = float(np.ptp(true[:, 0]))
        name = film.stem.split("_")[0] if folder.name in {"clips", "clips2"} else folder.name
        yield {
            "set": name, "name": film.name, "half": half(film.name), "offered": found is not None,
            "right": bool(off < 0.06 * width), "off_px": float(off), "off_share": float(off / width), "whole": True,
            "seconds": seconds, "corners": found.corners_px.tolist() if found else None,
            "score": found.score if found else None,
        }  # fmt: skip


def known(film: Path) -> Floats | None:
    """Film -> its goal's corners: exact where it is drawn, else as clicked, moved as far as the phone sagged."""
    truth, session = film.with_suffix(".truth.json"), film.stem.split("_")[0]
    if truth.exists():
        return np.array(json.loads(truth.read_text(encoding="utf-8"))["goal_corners_px_exact"])
    for scene in (film.with_suffix(".scene.json"), film.with_name(f"{session}.scene.json")):
        if scene.exists():
            corners = np.array(json.loads(scene.read_text(encoding="utf-8"))["goal_corners_px"])
            return corners + sagged(film, session)
    return None


def sagged(film: Path, session: str) -> Floats:
    """Film -> how far its goal lies from where it was clicked, (2,) px."""
    path = film.with_name("drift.json")
    number = film.stem.split("_")[-1].lstrip("0")
    moved = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return np.array(moved.get(session, {}).get(number, (0.0, 0.0)))


def line(name: str, rows: list[Row]) -> list[str]:
    """Rows of one set -> offered, right of those, shown and right of all, corners' error, seconds."""
    offered = [row for row in rows if row["offered"]]
    boxed = [row for row in offered if "iou" in row]
    off = [row["off_px"] for row in offered if row["right"] and "off_px" in row]
    seconds = [row["seconds"] for row in rows]
    return [
        name,
        wilson(len(offered), len(rows)),
        wilson(sum(row["right"] for row in offered), len(offered)),
        wilson(sum(row["iou"] >= CLOSE_IOU for row in boxed), len(boxed)),
        f"{np.median(off):.1f} / {np.percentile(off, 90):.1f}" if off else "–",
        f"{np.median(seconds):.2f} / {max(seconds):.2f}",
    ]


def groups(rows: list[Row]) -> dict[str, list[Row]]:
    """Rows -> the sets that are told of."""
    told: dict[str, Callable[[Row], bool]] = {}
    for part in ("even", "odd"):
        told[f"pictures, {part}"] = lambda row, part=part: row["set"] == "pictures" and row["half"] == part
        told[f"pictures, {part}, whole"] = lambda row, part=part: (
            row["set"] == "pictures" and row["half"] == part and row["whole"]
        )
    for name in sorted({row["set"] for row in rows} - {"pictures"}):
        for part in ("even", "odd"):
            told[f"{name}, {part}"] = lambda row, name=name, part=part: row["set"] == name and row["half"] == part
    chosen = {name: [row for row in rows if counts(row)] for name, counts in told.items()}
    return {name: some for name, some in chosen.items() if some}


def main(
    save: Annotated[Path | None, typer.Option(help="File to keep the answers in.")] = None,
    before: Annotated[Path | None, typer.Option(help="Answers of an earlier run, shown above the new.")] = None,
    only: Annotated[str, typer.Option(help="pictures or films.")] = "",
    halves: Annotated[str, typer.Option(help="even, odd or both.")] = "even, odd",
) -> None:
    """Print the table."""
    rows: list[Row] = []
    if (SHARED / "clips2/goals").exists() and only != "films":
        rows += pictures(SHARED / "clips2/goals", halves)
    for folder in FOLDERS:
        if (SHARED / folder).exists() and only != "pictures":
            rows += films(SHARED / folder, halves)
    if not rows:
        print("The footage is not on this machine: nothing measured.")
        return
    if save:
        save.write_text(json.dumps(rows), encoding="utf-8")
    earlier = groups(json.loads(before.read_text(encoding="utf-8"))) if before else {}
    lines = []
    for name, some in groups(rows).items():
        if name in earlier:
            lines.append(line(f"{name}, before", earlier[name]))
        lines.append(line(name, some))
    head = [
        "set",
        "offered",
        "right of those",
        "IoU ≥ 0.75 of those",
        "worst corner, px, med / p90",
        "seconds, med / max",
    ]
    print(table(lines, head))


if __name__ == "__main__":
    typer.run(main)
