"""Can a student be taught on this machine, with no weights to begin with? A small RF-DETR-Seg learns the ball from
rendered shots, in native-resolution tiles, and is set beside the motion detector on shots and films it has not seen.

    python -m benchmarks.learning                teach it (an hour on one core) and measure
    python -m benchmarks.learning --student NAME     measure a student of the model store
    python -m benchmarks.learning --student NAME --at-home SESSION
                                                 let it go on learning from the real films of all other sessions, which
                                                 nobody labelled: by what was measured in them; then measure

Ball AP is supervision's, over tiles cut from shots held out. Ball found: of the frames of a flight in which the ball's
true place is in the picture, hidden or not, those with a candidate within half a ball of it, 4 px at least; "first" is
the detector's surest candidate alone. On the real films: of the places marked by hand.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import supervision as sv

from benchmarks.accuracy import clicked_on, csv_rows, wilson
from kicky import pipeline, video, weights
from kicky.detectors.motion import Motion
from kicky.detectors.network import Network
from kicky.detectors.student import Student, joined
from kicky.domain import Clip, Floats, Label, Report
from kicky.scene import read
from kicky.scene.drift import still_picture
from kicky.synthetic import SyntheticShot, draw_shots, write
from kicky.teach.autolabel import Source, autolabel
from kicky.teach.dataset import Dataset
from kicky.teach.judge import hits, judge
from kicky.teach.labelled import BALL, GOAL, PLAYER, Box, Thing
from kicky.teach.measured import Measured
from kicky.teach.recipe import Recipe
from kicky.teach.tiles import tiled
from kicky.teach.train import train

OUT = Path("benchmarks/out/learning")
REAL = Path("../shared/clips")
TRAIN, TRAIN_SEED, HELD_OUT, HELD_OUT_SEED = 64, 7100, 24, 9300
EVERY_S, AT_HOME_EVERY_S = 0.1, 0.05
RECIPE = Recipe(
    size="nano", resolution=96, epochs=14, batch=16, learning_rate=3e-4, whole=False, start="", patience=0,
    architecture={
        "hidden_dim": 128, "dec_layers": 2, "num_queries": 10, "num_select": 10, "group_detr": 5,
        "out_feature_indexes": [1, 2, 3, 4],
    },
)  # fmt: skip
WAYS = ("motion", "student", "both")


@dataclass(frozen=True, slots=True)
class Found:
    """One place of a ball, by each way: whether any candidate is there, whether the surest is, how many there are."""

    any_: dict[str, bool]
    first: dict[str, bool]
    count: dict[str, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--student", help="a student of the model store; one is taught if absent")
    parser.add_argument("--at-home", metavar="SESSION", help="the session of real films that is held out")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    os.environ.setdefault("KICKY_HOME", str(asked.out / "home"))
    name = asked.student or teach(asked.out)
    if asked.at_home:
        name = at_home(asked.out, name, asked.at_home)
    rows: dict[str, Any] = {}
    cases = {"real films": real(asked.at_home)}
    if not asked.at_home:
        rows["AP"] = ball_ap(name, asked.out)
        print(f"Ball AP over tiles of {HELD_OUT} held-out shots: {rows['AP']}")
        cases = {"held-out shots": held_out(asked.out), **cases}
    student = Student(name)
    for title, films in cases.items():
        found = [each for film, places in films for each in compared(student, film, places)]
        rows[title] = table(found)
        print(f"\n{title}, n {len(found)}")
        for way in WAYS:
            print(f"  {way:8} any {rows[title][way]['any']:28} first {rows[title][way]['first']:28} "
                  f"candidates a frame {rows[title][way]['count']:.1f}")  # fmt: skip
    (asked.out / f"results-{name}.json").write_text(json.dumps(rows, indent=1))


def teach(out: Path) -> str:
    """Folder -> the name of the student, taught from rendered shots, now in the model store."""
    train(label(out, "taught", TRAIN, TRAIN_SEED), "ball-from-nothing", RECIPE, _told)
    return "ball-from-nothing"


def at_home(out: Path, start: str, held_out: str) -> str:
    """Folder, student, session -> a student that went on with the other sessions' films, by what was measured."""
    name = f"{start}-without-{held_out}"
    if name in weights.register():
        return name
    labels = [row for row in csv_rows(REAL / "labels.csv") if row["session"] != held_out]
    scenes = {row["clip"]: (REAL / f"{row['session']}.scene.json", clicked_on(REAL, row)) for row in labels}

    def report_of(clip: Clip) -> Report:
        scene, where = scenes[clip.path.stem]
        before = still_picture(video.open_clip(where)) if where is not None else None
        goal = read(scene) if scene.exists() else None
        return pipeline.analyze(clip, "motion", goal, lambda *_: None, clicked_on=before)

    measured = Measured(report_of)

    def see(clip: Clip, frames: tuple[int, ...]) -> Iterator[tuple[int, tuple[Thing, ...]]]:
        for frame, found in measured(clip, frames):
            yield frame, tuple(thing for thing in found if thing.label == BALL)

    dataset = Dataset(out / f"without-{held_out}")
    splits = ["valid" if number % 8 == 7 else "train" for number in range(len(labels))]
    films = [REAL / f"{row['clip']}.mp4" for row in labels]
    sources = [Source(film, film.stem, split) for film, split in zip(films, splits, strict=True)]
    print("not labelled:", autolabel(dataset, sources, see, {"source": "measured"}, lambda *_: None, AT_HOME_EVERY_S))
    print({split: dict(count) for split, count in dataset.counts().items()})
    train(dataset, name, replace(RECIPE, start=start, epochs=6, learning_rate=1e-4), _told)
    return name


def _told(stage: str, share: float) -> None:
    print(f"\r{stage} {share:.1%}  ", end="", flush=True)


def ball_ap(name: str, out: Path) -> dict[str, Any]:
    """Student -> its ball AP on tiles of shots that it has not seen."""
    network = Network(name)
    held = label(out, "held_out", HELD_OUT, HELD_OUT_SEED)
    folder = out / "held_out_tiles"
    tiled(held, folder, network.resolution, whole=False, beside=1, seed=1)
    from kicky.teach.foreign import bring_in

    cut = Dataset(out / "held_out_cut")
    if not cut.about():
        bring_in(folder, cut, resplit=True)
    judged = judge(lambda image: network([image])[0], cut, ("train", "valid", "test"), most=10_000)
    return {"AP50:95": judged["AP"]["ball"], "AP50": judged["AP50"]["ball"], "tiles": judged["pictures"]}


def held_out(out: Path) -> Iterator[tuple[Path, dict[int, Box]]]:
    """-> films of shots not learned from, each with the ball's box in the frames of its flight."""
    for shot in draw_shots(HELD_OUT, HELD_OUT_SEED):
        settled = shot.outcome_frame if shot.outcome_frame is not None else len(shot.time_s)
        boxes = {frame: _ball(shot, frame) for frame in range(shot.contact_frame + 1, settled)}
        film = out / "held_out_films" / f"{shot.name}.mp4"
        yield film, {frame: box for frame, box in boxes.items() if box is not None}


def real(session: str | None = None) -> Iterator[tuple[Path, dict[int, Box]]]:
    """-> the real films (of a session) with balls marked by hand, none where they are not here."""
    file = REAL / "ball_points.csv"
    if not file.exists():
        return
    marked: dict[str, dict[int, Box]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if not row["x_px"] or not row["clip"].startswith(session or ""):
                continue
            x, y, half = float(row["x_px"]), float(row["y_px"]), float(row["diameter_px"] or 8) / 2
            marked.setdefault(row["clip"], {})[int(row["frame"])] = (x - half, y - half, x + half, y + half)
    for clip, boxes in marked.items():
        yield REAL / f"{clip}.mp4", boxes


def compared(student: Student, film: Path, places: dict[int, Box]) -> Iterator[Found]:
    """Student, film, the ball's true box by frame -> each way's answer in each of those frames."""
    clip = video.open_clip(film)
    for (number, image), moved in zip(video.frames(clip), Motion()(clip), strict=True):
        if number not in places:
            continue
        ((balls, seen),) = student.look([image], [moved])
        across = (balls[:, 2:4] - balls[:, :2]).min(axis=1, initial=np.inf)
        rows = np.column_stack([balls[:, :4], across, balls[:, 4], np.zeros(len(balls))])
        both = joined(moved, rows, seen)
        yield _answers({"motion": _balls(moved), "student": balls, "both": _balls(both)}, places[number])


def _answers(ways: dict[str, Floats], box: Box) -> Found:
    any_ = {way: hits(rows, box) for way, rows in ways.items()}
    first = {way: len(rows) > 0 and hits(rows[rows[:, 4].argmax()][None], box) for way, rows in ways.items()}
    return Found(any_, first, {way: len(rows) for way, rows in ways.items()})


def _balls(found: sv.Detections) -> Floats:
    mine = np.asarray(found.class_id) == Label.BALL
    return np.column_stack([found.xyxy[mine], np.asarray(found.confidence)[mine]]).astype(np.float64)


def table(found: Sequence[Found]) -> dict[str, Any]:
    """Answers -> for each way the share found, with its interval."""

    def share(told: Callable[[Found], bool]) -> str:
        return wilson(sum(told(each) for each in found), len(found))

    return {
        way: {
            "any": share(lambda each, way=way: each.any_[way]),
            "first": share(lambda each, way=way: each.first[way]),
            "count": float(np.mean([each.count[way] for each in found])) if found else 0.0,
        }
        for way in WAYS
    }


def label(out: Path, name: str, count: int, seed: int) -> Dataset:
    """Folder, name, how many shots, their seed -> the data set of them, filmed, labelled by what is known."""
    dataset = Dataset(out / name)
    shots = {shot.name: shot for shot in draw_shots(count, seed)}
    sources = []
    for number, shot in enumerate(shots.values()):
        film = out / f"{name}_films" / f"{shot.name}.mp4"
        split = "valid" if number % 10 == 9 else "train"
        sources.append(Source(film if film.exists() else write(shot, film.parent), shot.name, split))

    def see(clip: Clip, frames: tuple[int, ...]) -> Iterator[tuple[int, tuple[Thing, ...]]]:
        shot = shots[clip.path.stem]
        for frame in frames:
            yield frame, tuple(things(shot, frame, only_ball=True))

    autolabel(dataset, sources, see, {"source": "rendered", "seed": seed}, lambda *_: None, EVERY_S)
    return dataset


def things(shot: SyntheticShot, frame: int, only_ball: bool = False) -> Iterator[Thing]:
    """A rendered shot, a frame -> what is in the picture, by what is known: the ball's streak, bodies, the goal."""
    width, height = shot.size_wh_px
    origin = {"source": "rendered"}
    ball = _ball(shot, frame)
    if ball is not None:
        yield Thing(BALL, ball, origin=origin)
    if only_ball:
        return
    since = np.array([float(shot.time_s[frame]) - shot.contact_time_s])
    for body in (shot.shooter, *shot.walkers, *((shot.friend,) if shot.friend else ())):
        box = _within(_around(shot.camera.project(body.joints(since)[0]), 0.06), width, height)
        if box is not None:
            yield Thing(PLAYER, box, origin=origin)
    corners = np.asarray(shot.goal_corners_px)
    box = _within(_around(corners, 0.0), width, height)
    if box is not None:
        clipped = np.clip(corners, 0, [width, height])
        yield Thing(GOAL, box, (tuple(clipped.ravel().round(2).tolist()),), origin)


def _ball(shot: SyntheticShot, frame: int) -> Box | None:
    """-> the box around the ball's streak during the exposure, None outside the picture."""
    now, half = float(shot.time_s[frame]), shot.exposure_s / 2
    ends = shot.camera.project(shot.ball_at(np.array([now - half, now, now + half])))
    radius = float(shot.ball_diameter_px[frame]) / 2
    if not np.isfinite(ends).all() or not np.isfinite(radius):
        return None
    low, high = ends.min(axis=0) - radius, ends.max(axis=0) + radius
    middle = (low + high) / 2
    if not ((middle >= 0) & (middle < shot.size_wh_px)).all():
        return None
    return _within((*low, *high), *shot.size_wh_px)


def _around(points: Floats, margin: float) -> Box:
    """(n, 2) -> the box around them, wider by that share of its height."""
    low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    room = margin * (high[1] - low[1])
    return (float(low[0] - room), float(low[1] - room), float(high[0] + room), float(high[1] + room))


def _within(box: Box, width: int, height: int) -> Box | None:
    """Box -> as far as it is in the picture, None where hardly any is."""
    x0, y0, x1, y1 = max(box[0], 0.0), max(box[1], 0.0), min(box[2], float(width)), min(box[3], float(height))
    if not np.isfinite([x0, y0, x1, y1]).all() or x1 - x0 < 2 or y1 - y0 < 2:
        return None
    return (round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))


if __name__ == "__main__":
    main()
