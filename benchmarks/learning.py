"""Can a student be taught on this machine, without any weights to begin with? A small RF-DETR-Seg learns from rendered
shots, in native-resolution tiles, and is set beside the motion detector on shots and films it has not seen.

    python -m benchmarks.learning --minutes 60

Ball AP is supervision's, IoU 0.50 and 0.50:0.95, over the tiles cut from held-out shots. Recall by centre distance is
over whole frames: of the frames in which the ball's true place is in the picture, hidden or not, those in which one
of the candidates offered lies within half a ball of it, 4 px at least.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from kicky.domain import Clip, Floats
from kicky.synthetic import SyntheticShot, draw_shots, write
from kicky.teach.autolabel import Source, autolabel
from kicky.teach.dataset import Dataset
from kicky.teach.labelled import BALL, GOAL, PLAYER, Box, Thing

OUT = Path("benchmarks/out/learning")
TRAIN, TRAIN_SEED, HELD_OUT, HELD_OUT_SEED = 64, 7100, 24, 9300
EVERY_S = 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long to train")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    taught = label(asked.out, "taught", TRAIN, TRAIN_SEED)
    print({split: dict(count) for split, count in taught.counts().items()})


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
            yield frame, tuple(things(shot, frame))

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
