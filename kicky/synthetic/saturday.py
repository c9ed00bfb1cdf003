"""A whole session's film from one phone: shots, and between them what else goes on there."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import cv2
import numpy as np

from ..video.files import url
from .motion import walker
from .paint import render
from .shot import SyntheticShot, sample

SHOTS = ("goal", "over", "wide", "post", "goal", "short", "goal", "wide")
"""What is shot, in turn; in between, a ball comes back from the goal."""
IDLE_S, POOL = 12.0, 4


def write_saturday(
    path: Path, seed: int, shots: int, length_s: float, *, view: str = "diagonal", fps: int = 30,
    size_wh: tuple[int, int] = (960, 540), film_wh: tuple[int, int] | None = None, pool: int = POOL,
) -> list[float]:  # fmt: skip
    """File, seed, how many shots in how many seconds -> the film, and the second of each kick.

    Painted at `size_wh`, filmed at `film_wh`. `pool` idle stretches are painted once and come again: people who walk,
    and a ball that is played back from the goal. Every stretch begins with a key frame.
    """
    first = sample(seed, view=view, kind="goal", fps=fps, size_wh=size_wh, night=False)
    phone = first.goal, first.camera
    kicks = [_shot(first, seed * 1009 + k, SHOTS[k % len(SHOTS)], phone) for k in range(shots)]
    spare = length_s - sum(len(shot.time_s) for shot in kicks) / fps
    at, times = 0, []
    with TemporaryDirectory(dir=path.parent) as folder, av.open(url(path), "w") as film:
        idle = [_stretch(_idle(first, seed, k, phone), Path(folder) / f"idle{k}.mp4", film_wh) for k in range(pool)]
        for number, shot in enumerate(kicks):
            pauses = max(1, round(spare * (number + 1) / shots / IDLE_S) - round(spare * number / shots / IDLE_S))
            for k in range(pauses):
                at = _joined(film, idle[(number + k) % pool], at, fps)
            times.append(at / fps + shot.contact_time_s)
            at = _joined(film, _stretch(shot, Path(folder) / "shot.mp4", film_wh), at, fps)
    return times


def _shot(first: SyntheticShot, seed: int, kind: str, phone: Any) -> SyntheticShot:
    """-> a shot filmed by the first one's phone, in its light and clothes."""
    shot = sample(seed, view=first.view, kind=kind, fps=first.fps, size_wh=first.size_wh_px, night=False, phone=phone)
    return replace(shot, seed=first.seed, exposure_s=first.exposure_s, still_ball_m=None, walkers=())


def _idle(first: SyntheticShot, seed: int, number: int, phone: Any) -> SyntheticShot:
    """-> seconds without a shot: the shooter waits, two walk by; every second time a ball is played back."""
    time_s = np.arange(round(IDLE_S * first.fps)) / first.fps
    rng = np.random.default_rng([seed, number])
    spots = [np.array([rng.uniform(-8, 8), rng.uniform(-6, 9)]) for _ in range(2)]
    ways = [np.array([rng.choice([-1.0, 1.0]), 0.0, 0.0]) for _ in spots]
    walkers = tuple(walker(int(rng.integers(1 << 31)), spot, way) for spot, way in zip(spots, ways, strict=True))
    shot = _shot(first, seed * 1013 + number, "from_goal" if number % 2 else "goal", phone)
    contact_s = 5.0 if number % 2 else 60.0
    return replace(shot, time_s=time_s, contact_time_s=contact_s, walkers=walkers)


def _stretch(shot: SyntheticShot, path: Path, film_wh: tuple[int, int] | None) -> Path:
    """-> a film of it alone, whose frames depend on earlier ones only."""
    with av.open(url(path), "w") as film:
        stream: Any = film.add_stream("libx264", rate=Fraction(shot.fps))
        stream.options = {"preset": "superfast", "crf": "26", "bf": "0", "g": str(round(shot.fps))}
        stream.width, stream.height = film_wh or shot.size_wh_px
        stream.pix_fmt = "yuv420p"
        for number, image in enumerate(render(shot)):
            large = image if film_wh is None else cv2.resize(image, film_wh, interpolation=cv2.INTER_CUBIC)
            frame = av.VideoFrame.from_ndarray(np.asarray(large, dtype=np.uint8), format="bgr24")
            frame.pts, frame.time_base = number, 1 / Fraction(shot.fps)
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
    return path


def _joined(film: Any, stretch: Path, at: int, fps: int) -> int:
    """A stretch -> written behind what was there; the next one's first frame."""
    with av.open(url(stretch)) as source:
        stream = film.streams[0] if len(film.streams) else film.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if not packet.size:
                continue
            packet.pts = packet.dts = at
            packet.duration, packet.time_base, packet.stream = 1, Fraction(1, fps), stream
            film.mux(packet)
            at += 1
    return at
