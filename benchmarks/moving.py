"""Rendered films warped as a hand, a pan or a zoom moves them, and films with repeated frames -> what becomes of each.

`python -m benchmarks.moving 40 41 42 43`: seeds. Of moving films: noticed, laid on one frame, and how far the worst
place of the picture is off then, px of a film 1920 long, at the median frame and for 95 of 100. Of repeated ones:
takes right.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from kicky import footage, synthetic, video
from kicky.domain import Floats, carried
from kicky.errors import UnfitClip
from kicky.video import Image

SIZE, ROOM = (960, 540), 60
REPEATS = {"24 in 60": (2, 5, 60), "30 in 60": (1, 2, 60), "25 in 30": (5, 6, 30), "slow motion by 4": (1, 4, 30)}


def main(seeds: list[int]) -> None:
    moving, repeated = defaultdict[str, list[Any]](list), defaultdict[str, list[bool]](list)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        for seed in seeds:
            wide = (SIZE[0] + 2 * ROOM, SIZE[1] + 2 * ROOM)
            shot = synthetic.sample(seed, size_wh=wide, fps=30)
            images = list(synthetic.render(shot))
            for kind, views in _views(shot.camera.focal_px, wide, len(images), seed).items():
                _film(path, [_warped(*pair) for pair in zip(images, views, strict=True)], 30)
                moving[kind].append(_laid(path, views))
            other = synthetic.sample(seed + 500, size_wh=wide, fps=30, view=shot.view, phone=(shot.goal, shot.camera))
            cut = images[:50] + list(synthetic.render(other))[:45]
            for kind, (new, of, rate) in REPEATS.items():
                for what, film, takes in (("", images, 1), (", one cut", cut, 2)):
                    _film(path, [film[k * new // of] for k in range(len(film) * of // new)], rate)
                    repeated[kind + what].append(len(footage.survey(video.open_clip(path)).takes) == takes)
    print("| camera | noticed | laid on one frame | off, median | off, 95 of 100 |\n|---|---|---|---|---|")
    for kind, rows in moving.items():
        noticed, laid = sum(row[0] for row in rows), [row[1] for row in rows if row[1] is not None]
        off = np.concatenate(laid) if laid else np.full(1, np.nan)
        print(f"| {kind} | {noticed} / {len(rows)} | {len(laid)} / {len(rows)} "
              f"| {np.median(off):.2f} px | {np.percentile(off, 95):.2f} px |")  # fmt: skip
    print("\n| frames | takes right |\n|---|---|")
    for kind, right in repeated.items():
        print(f"| {kind} | {sum(right)} / {len(right)} |")


def _views(focal_px: float, wide: tuple[int, int], count: int, seed: int) -> dict[str, list[Floats]]:
    """-> kinds of movement: (3, 3) a frame, from the rendered picture's pixels to the film's."""
    rng, t, sight = np.random.default_rng(seed), np.linspace(0, 1, count), SIZE[0] / focal_px
    wander = [_smooth(rng, count, slow) for slow in (6.0, 6.0, 8.0, 1.2, 1.2)]
    none = np.zeros(count)
    kinds = {
        "still": (none, none, none, none),
        "swaying hand": (0.03 * sight * wander[0], 0.03 * sight * wander[1], 0.01 * wander[2], none),
        "trembling hand": (0.012 * sight * wander[3], 0.012 * sight * wander[4], 0.005 * wander[2], none),
        "slow pan": (0.1 * sight * t, none, none, none),
        "zoom by 4 %": (none, none, none, 0.04 * t),
        "zoom by 10 %": (none, none, none, 0.1 * t),
        "all of it": (0.03 * sight * (wander[0] + 2 * t), 0.03 * sight * wander[1], 0.01 * wander[2], 0.06 * t),
    }
    return {kind: [_view(focal_px, wide, *each) for each in zip(*parts, strict=True)] for kind, parts in kinds.items()}


def _smooth(rng: np.random.Generator, count: int, slow: float) -> Floats:
    noise = cv2.GaussianBlur(rng.normal(size=(count + 80, 1)), (0, 0), sigmaX=0.01, sigmaY=slow)[40 : 40 + count, 0]
    return np.asarray((noise - noise[0]) / np.abs(noise - noise[0]).max())


def _view(focal: float, wide: tuple[int, int], pan: float, tilt: float, roll: float, zoom: float) -> Floats:
    x, y = wide[0] / 2, wide[1] / 2
    turn, _ = cv2.Rodrigues(np.array([tilt, pan, roll]))
    lens = np.array([[focal, 0, x], [0, focal, y], [0, 0, 1.0]])
    larger = np.array([[focal * (1 + zoom), 0, x - ROOM], [0, focal * (1 + zoom), y - ROOM], [0, 0, 1.0]])
    return np.asarray(larger @ turn @ np.linalg.inv(lens))


def _warped(image: Image, view: Floats) -> Image:
    warped = cv2.warpPerspective(image, view, SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(warped, dtype=np.uint8)


def _laid(path: Path, views: list[Floats]) -> tuple[bool, Floats | None]:
    """Film, its true views -> whether movement was noticed; (T,) px off, None where it was not laid on one frame."""
    clip = video.open_clip(path)
    seen = footage.survey(clip)
    try:
        taken = footage.first_take(clip, seen)
    except UnfitClip:
        return True, None
    if taken.steadying is None:
        return seen.moved, None
    places = np.stack(np.meshgrid(np.linspace(0, SIZE[0], 9), np.linspace(0, SIZE[1], 9)), -1).reshape(-1, 2)
    off = []
    for frame in range(*taken.take):
        true = carried(views[taken.steadying.reference] @ np.linalg.inv(views[frame]), places)
        inside = ((true > 0) & (true < SIZE)).all(axis=1)
        off.append(np.linalg.norm(taken.steadying.to_reference(frame, places) - true, axis=1)[inside].max())
    return True, np.array(off) * 1920 / SIZE[0]


def _film(path: Path, images: list[Image], rate: int) -> None:
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("libx264", rate=rate, options={"crf": "23", "preset": "veryfast"})
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for number, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [40, 41, 42])
