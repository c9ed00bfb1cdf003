"""What a player would take instead, on the same clips: `python -m benchmarks.tutorials`.

The tutorials follow the ball by taking, in each frame, the detection nearest to where the last ten were on average
(roboflow/sports, `BallTracker(buffer_size=10)`); ours links all candidates of a clip. Both are given the same motion
detections of the same frames. Ball recall: the share of the ball's places, from the kick to what settled the shot, at
which the one track is within half a ball (4 px at least). Then the tutorials' whole loop with supervision and rfdetr
against ours, in frames a second of the same film on two cores; its weights are random ones, for time only.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import supervision as sv

from benchmarks.accuracy import NEAR_PX, REAL, wilson
from kicky import footage, synthetic, tracking, video
from kicky.detectors.motion import Motion
from kicky.domain import Clip, Floats, Label

HERE = Path(__file__).parent
SEED, RENDERED, BUFFER, SURE = 9000, 24, 10, 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where the ball truly is in a frame, and how large."""

    frame: int
    xy_px: Floats
    diameter_px: float


class BallTracker:
    """The tutorials': detections -> the one nearest to the mean of those of the last frames."""

    def __init__(self, buffer_size: int = BUFFER) -> None:
        self._buffer: deque[Floats] = deque(maxlen=buffer_size)

    def update(self, detections: sv.Detections) -> sv.Detections:
        xy = detections.get_anchors_coordinates(sv.Position.CENTER)
        self._buffer.append(xy)
        if len(detections) == 0:
            return detections
        centroid = np.mean(np.concatenate(self._buffer), axis=0)
        nearest = int(np.argmin(np.linalg.norm(xy - centroid, axis=1)))
        return detections[[nearest]]


def main() -> None:
    """Print both tables."""
    print("| clips | places of the ball | nearest to the recent centroid | of detections above 0.5 | ours |")
    print("|---|---|---|---|---|")
    for name, clips in (("rendered", rendered()), ("real", real())):
        hits: list[tuple[bool, bool, bool]] = []
        count = 0
        for path, places in clips:
            count += 1
            hits += compared(path, places)
        shares = " | ".join(wilson(sum(hit[k] for hit in hits), len(hits)) for k in range(3))
        print(f"| {name}, {count} | {len(hits)} | {shares} |", flush=True)
    film = next(iter(rendered()))[0]
    command = [sys.executable, "-m", "benchmarks.student", "--clip", str(film), "--sizes", "nano", "--ways", "tutorial"]
    done = subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True)
    theirs = done.stdout.splitlines()[-1].split("|")[4].strip()
    print(f"\n| loop | frames/s |\n|---|---|\n| ours: survey, motion detector, link | {rate(film):.1f} |")
    print(f"| supervision and RF-DETR-Seg nano, a frame at a time, drawn and written | {theirs} |")


def compared(path: Path, places: Iterable[Place]) -> list[tuple[bool, bool, bool]]:
    """Film, the ball's places -> of each, whether the tutorials' tracker is there, given all or the sure, and ours."""
    clip = video.open_clip(path)
    clip = footage.first_take(clip, footage.survey(clip))
    seen = list(Motion()(clip))
    tracks = [track(seen, clip, 0.0), track(seen, clip, SURE), tracking.link(clip, iter(seen)).ball.centre_px]
    return [(near(tracks[0], place), near(tracks[1], place), near(tracks[2], place)) for place in places]


def track(seen: Iterable[sv.Detections], clip: Clip, least: float) -> Floats:
    """Detections of each frame of the take, the least score -> (T, 2) where the tutorials' tracker puts the ball."""
    centre, tracker = np.full((len(clip.time_s), 2), np.nan), BallTracker()
    for number, found in enumerate(seen, start=clip.take[0]):
        chosen = tracker.update(found[(found.class_id == Label.BALL) & (found.confidence > least)])
        if len(chosen):
            centre[number] = chosen.get_anchors_coordinates(sv.Position.CENTER)[0]
    return centre


def near(centre_px: Floats, place: Place) -> bool:
    """Track, true place -> whether it is that near there."""
    reach = max(NEAR_PX, place.diameter_px / 2 if np.isfinite(place.diameter_px) else 0.0)
    return bool(np.hypot(*(centre_px[place.frame] - place.xy_px)) < reach)


def rendered() -> Iterator[tuple[Path, list[Place]]]:
    """-> rendered shots of every view, and the ball's places in flight."""
    folder = HERE / "out" / "tutorials"
    if not (folder / "truth.json").exists():
        list(synthetic.synthesize(folder, RENDERED, SEED, None, lambda *_: None))
    for shot in json.loads((folder / "truth.json").read_text(encoding="utf-8")):
        xy, size = np.array(shot["ball_px"], dtype=float), np.array(shot["ball_diameter_px"], dtype=float)
        settled = shot["outcome_frame"] if shot["outcome_frame"] is not None else len(xy)
        inside = ((xy > 0) & (xy < shot["size_wh_px"])).all(axis=1)
        flown = [frame for frame in range(shot["contact_frame"] + 1, settled) if inside[frame]]
        yield folder / f"{shot['name']}.mp4", [Place(frame, xy[frame], float(size[frame])) for frame in flown]


def real() -> Iterator[tuple[Path, list[Place]]]:
    """-> real clips beside the project and the places marked in them by hand from the kick on; none where absent."""
    if not (REAL / "ball_points.csv").exists():
        return
    with (REAL / "labels.csv").open(encoding="utf-8") as file:
        kicks = {row["clip"]: int(float(row["contact_frame"] or 0)) for row in csv.DictReader(file)}
    with (REAL / "ball_points.csv").open(encoding="utf-8") as file:
        points = [row for row in csv.DictReader(file) if np.isfinite(float(row["x_px"] or "nan"))]
    for name in sorted({row["clip"] for row in points}):
        places = [
            Place(
                int(row["frame"]),
                np.array([float(row["x_px"]), float(row["y_px"])]),
                float(row["diameter_px"] or "nan"),
            )
            for row in points
            if row["clip"] == name and int(row["frame"]) > kicks.get(name, 0)
        ]
        yield REAL / f"{name}.mp4", places


def rate(path: Path) -> float:
    """Film -> frames a second through what ours does until the ball is known, on two cores, the best of three."""
    found = []
    for _ in range(3):
        started = perf_counter()
        clip, motion = video.open_clip(path), Motion()
        clip = footage.first_take(clip, footage.survey(clip, None, motion.listen(clip)))
        tracking.link(clip, motion(clip))
        found.append(len(clip.time_s) / (perf_counter() - started))
    return max(found)


if __name__ == "__main__":
    main()
