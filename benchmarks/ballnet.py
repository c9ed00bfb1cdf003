"""Does a ball network see what motion does not? `python -m benchmarks.ballnet --name NAME --drawn FOLDER`.

Of each flight's frames in which the ball's true place is in the picture, hidden or not, up to what settled the shot:
how many have a candidate within half a ball of it, 5 px at least (*any*), and how many the surest one (*surest*).
Beside drawn folders, which the network must not have learned from, the places marked by hand after the kick in the real
clips.
Drawn films are looked at from a second before the kick to two thirds of one after the shot is settled.

`weighed` is a way that the detector does not go: the odds of both detectors multiplied.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from time import thread_time

import cv2
import numpy as np
import supervision as sv

from kicky import video
from kicky.detectors.ballnet import corners, joined, threes
from kicky.detectors.heat import Heat
from kicky.detectors.motion import Motion
from kicky.domain import Clip, Floats, Label, Report
from kicky.errors import UnfitClip
from kicky.teach.ballnet.places import Place, flights

from .accuracy import csv_rows, table, wilson

SHARED = Path(__file__).parent.parent.parent / "shared"
NEAR_PX, LEAST = 5.0, 0.03
Asked = tuple[Clip, Mapping[int, Place]]
Ways = dict[str, Floats]


def drawn(folder: Path) -> Iterator[Asked]:
    """Folder that `synth` wrote -> each shot's clip about its flight, and where the ball is in it."""

    def unknown(_clip: Clip) -> Report:
        raise UnfitClip("Not drawn.")

    for one in flights(folder, unknown, lambda *_: None):
        first, last = min(one.places) - 31, max(one.places) + 20
        yield replace(one.clip, take=(max(0, first), min(len(one.clip.time_s), last))), one.places


def real(folder: Path) -> Iterator[Asked]:
    """Folder of real clips -> each clip's first take, and where the ball was marked by hand after the kick."""
    marks = csv_rows(folder / "ball_points.csv") if (folder / "ball_points.csv").exists() else []
    for label in csv_rows(folder / "labels.csv") if marks else []:
        kick = float(label["contact_frame"] or "nan")
        mine = [mark for mark in marks if mark["clip"] == label["clip"] and float(mark["frame"]) > kick]
        rows = {int(m["frame"]): (float(m["x_px"]), float(m["y_px"]), float(m["diameter_px"] or 0)) for m in mine}
        places = {frame: place for frame, place in rows.items() if np.isfinite(place).all()}
        if places:
            clip = video.open_clip(folder / f"{label['clip']}.mp4")
            yield replace(clip, take=(0, int(label["end_frame"] or len(clip.time_s)))), places


def ways(heat: Heat, clip: Clip, places: Mapping[int, Place], spent: list[float]) -> Iterator[tuple[Place, Ways]]:
    """Clip, the ball's places -> for each the candidates, (n, 4) x y diameter score, of each way."""
    for number, (three, moved) in enumerate(zip(threes(clip), Motion(threads=1)(clip), strict=True), clip.take[0]):
        if number not in places:
            continue
        since = thread_time()
        own = heat(*three, corners(moved, three[1]))
        spent.append(thread_time() - since)
        both, more = balls(joined(moved, own)), weighed(balls(moved), own)
        yield places[number], {"motion": balls(moved), "network": own, "joined": both, "weighed": more}


def balls(found: sv.Detections) -> Floats:
    """Detections -> (n, 4) x y diameter score of the balls."""
    mine = np.asarray(found.class_id) == Label.BALL
    box = found.xyxy[mine]
    middle = (box[:, :2] + box[:, 2:4]) / 2
    return np.column_stack([middle, np.asarray(found.data["diameter_px"])[mine], np.asarray(found.confidence)[mine]])


def weighed(moved: Floats, own: Floats) -> Floats:
    """Both detectors' balls -> one list with the odds of both; what one does not see has LEAST there."""
    score, new = odds(moved[:, 3]) + odds(np.array(LEAST)), []
    for find in own:
        far = np.hypot(*(moved[:, :2] - find[:2]).T) / np.maximum(moved[:, 2], find[2])
        if len(far) and far.min() < 0.5:
            at = far.argmin()
            score[at] = max(score[at], odds(moved[at, 3]) + odds(find[3]))
        else:
            new.append((*find[:3], odds(find[3]) + odds(np.array(0.2))))
    return np.vstack([np.column_stack([moved[:, :3], score]), np.array(new).reshape(-1, 4)])


def odds(score: Floats) -> Floats:
    score = np.clip(score, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(score / (1 - score)))


def measured(heat: Heat, asked: Iterator[Asked]) -> str:
    """Network, clips with the ball's places -> a table: for each way the shares found, and candidates a frame."""
    told: dict[str, list[tuple[bool, bool, int]]] = {}
    spent: list[float] = []
    for clip, places in asked:
        for (x, y, across), each in ways(heat, clip, places, spent):
            for way, rows in each.items():
                near = np.hypot(rows[:, 0] - x, rows[:, 1] - y) < max(NEAR_PX, across / 2)
                first = len(rows) > 0 and bool(near[rows[:, 3].argmax()])
                told.setdefault(way, []).append((bool(near.any()), first, len(rows)))
    lines = []
    for way, rows in told.items():
        any_, first, count = zip(*rows, strict=True)
        lines.append([way, wilson(sum(any_), len(rows)), wilson(sum(first), len(rows)), f"{np.mean(count):.1f}"])
    cost = f"\nThe network: {1000 * np.mean(spent):.0f} ms of one core a frame." if spent else ""
    return table(lines, ["candidates of", "any", "surest", "a frame"]) + cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True, help="a ball network of the model store")
    parser.add_argument("--drawn", type=Path, nargs="*", default=[], help="folders of drawn shots it has not seen")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    heat = Heat(asked.name)
    sets: dict[str, Callable[[], Iterator[Asked]]] = {
        name: lambda name=name: real(SHARED / name)  # type: ignore[misc]
        for name in ("clips", "clips2") if (SHARED / name).exists()
    } | {folder.name: lambda folder=folder: drawn(folder) for folder in asked.drawn}  # type: ignore[misc]  # fmt: skip
    for name, clips in sets.items():
        print(f"### {name}\n\n{measured(heat, clips())}\n", flush=True)


if __name__ == "__main__":
    main()
