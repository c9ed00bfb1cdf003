"""A whole session's film from one phone: shots, and between them what else goes on there.

Nothing pops up: each stretch begins and ends with the empty picture. Whoever shoots comes in with the ball, lays it
down, walks back, shoots, goes after it and carries it out.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import cv2
import numpy as np

from ..domain import Floats
from ..video.files import url
from .coming import OUT_M, Carried, comes, goes
from .motion import walker
from .paint import render
from .pastime import juggling, still
from .physics import BALL_RADIUS_M, STEP_S
from .player import Body
from .shot import SyntheticShot, sample
from .waiting import starts_s

SHOTS = ("goal", "over", "wide", "post", "goal", "short", "goal", "wide")
"""What is shot, in turn."""
IDLES = ("played back", "walk by", "juggles", "taken away")
"""What else goes on, in turn: a ball kicked away from the goal, two who walk by, one who juggles, one who lays the ball
down and takes it away again."""
POOL = len(IDLES)
WALK_S, JUGGLE_S, LIES_S = 12.0, 5.0, 3.0
STANDS_S, SETTLED_S, FLOWN_S = (0.3, 2.0), 1.0, 1.7  # before the run-up; after the kick; the ball out of sight by then


def write_saturday(
    path: Path, seed: int, shots: int, length_s: float, *, view: str = "diagonal", fps: int = 30,
    size_wh: tuple[int, int] = (960, 540), film_wh: tuple[int, int] | None = None, pool: int = POOL,
) -> list[float]:  # fmt: skip
    """File, seed, how many shots in how many seconds -> the film, and the second of each kick.

    Painted at `size_wh`, filmed at `film_wh`. `pool` idle stretches are painted once and come again as long as there is
    time for them; each shot takes some 15 s. Every stretch begins with a key frame.
    """
    first = sample(seed, view=view, kind="goal", fps=fps, size_wh=size_wh, night=False)
    phone = first.goal, first.camera
    kicks = [_shot(first, seed * 1009 + k, SHOTS[k % len(SHOTS)], phone) for k in range(shots)]
    at, times, turn = 0, [], 0
    with TemporaryDirectory(dir=path.parent) as folder, av.open(url(path), "w") as film:
        calm = [_idle(first, seed, k, phone) for k in range(pool)]
        idle = [_stretch(each, Path(folder) / f"idle{k}.mp4", film_wh) for k, each in enumerate(calm)]
        spare = length_s - sum(len(shot.time_s) for shot in kicks) / fps
        for number, shot in enumerate(kicks):
            until = spare * (number + 1) / shots + sum(len(kick.time_s) for kick in kicks[:number]) / fps
            while pool and (at + len(calm[turn % pool].time_s)) / fps <= until:
                at = _joined(film, idle[turn % pool], at, fps)
                turn += 1
            times.append(at / fps + shot.contact_time_s)
            at = _joined(film, _stretch(shot, Path(folder) / "shot.mp4", film_wh), at, fps)
    return times


def _shot(first: SyntheticShot, seed: int, kind: str, phone: Any) -> SyntheticShot:
    """-> a shot filmed by the first one's phone, in its light and clothes, from empty picture to empty picture."""
    shot = sample(seed, view=first.view, kind=kind, fps=first.fps, size_wh=first.size_wh_px, night=False, phone=phone)
    shot = replace(shot, seed=first.seed, exposure_s=first.exposure_s, still_ball_m=None, walkers=())
    stands_s = float(np.random.default_rng(seed).uniform(*STANDS_S))
    flight = shot.flight
    end = flight.xyz_m[-1]
    seen = bool(shot.camera.depth_m(end) > 1.0 and shot.camera.sees(end[None], -0.05))
    came = comes(shot.shooter, shot.camera, flight.xyz_m[0], starts_s(shot.shooter) - stands_s)
    over_s = len(flight.xyz_m) * STEP_S
    went = goes(came.body, shot.camera, end if seen else None, SETTLED_S, over_s if seen else FLOWN_S)
    return _timed(shot, came, went)


def _timed(shot: SyntheticShot, came: Carried, went: Carried) -> SyntheticShot:
    """Shot, its shooter coming and going -> filmed from when they are outside until they are again."""
    time_s = np.arange(round((went.at_s - came.at_s) * shot.fps)) / shot.fps
    return replace(
        shot, shooter=went.body, time_s=time_s, contact_time_s=-came.at_s, carried=(came.rows_m, went.rows_m)
    )


def _idle(first: SyntheticShot, seed: int, number: int, phone: Any) -> SyntheticShot:
    """-> seconds without a shot, from empty picture to empty picture."""
    what, own = IDLES[number % len(IDLES)], seed * 1013 + number
    if what == "played back":
        return _shot(first, own, "from_goal", phone)
    rng = np.random.default_rng([seed, number])
    shot = _shot(first, own, "goal", phone)
    if what == "walk by":
        return _walked(rng, shot)
    ball = shot.flight.xyz_m[0]
    if what == "juggles":
        body, path = juggling(rng, shot, ball, JUGGLE_S)
        spot = np.array([*path[0, :2], BALL_RADIUS_M])
        return _without(shot, body, np.vstack([spot, path[: round(JUGGLE_S / STEP_S)], spot]))
    return _without(shot, shot.shooter, np.repeat(ball[None], round(LIES_S / STEP_S), axis=0))


def _without(shot: SyntheticShot, body: Body, path_m: Floats) -> SyntheticShot:
    """-> the ball brought, on that path (rows each STEP_S), and taken away."""
    over_s = len(path_m) * STEP_S
    came = comes(body, shot.camera, path_m[0], 0.0 if body is not shot.shooter else starts_s(body) - over_s)
    return _timed(replace(shot, flight=still(path_m)), came, goes(came.body, shot.camera, path_m[-1], over_s, over_s))


def _walked(rng: np.random.Generator, shot: SyntheticShot) -> SyntheticShot:
    """-> two walk through the whole picture, nobody else is there."""
    camera, walkers = shot.camera, []
    right = camera.rotation[0] * [1, 1, 0] / np.hypot(*camera.rotation[0, :2])
    for _ in range(2):
        deep = rng.uniform(7, 20)
        ahead = camera.rotation[2] * [1, 1, 0] / np.hypot(*camera.rotation[2, :2])
        half = deep * camera.size_wh_px[0] / 2 / camera.focal_px + OUT_M
        way = right * rng.choice([-1.0, 1.0])
        spot = camera.position_m * [1, 1, 0] + deep * ahead
        walkers.append(walker(int(rng.integers(1 << 31)), spot, way, 2 * half / WALK_S))
    away = replace(shot.shooter, origin_m=camera.position_m - 50 * ahead)
    ball = np.repeat(away.origin_m[None], 2, axis=0)
    time_s = np.arange(round(WALK_S * shot.fps)) / shot.fps
    return replace(
        shot, shooter=away, walkers=tuple(walkers), flight=still(ball), carried=None, time_s=time_s,
        contact_time_s=WALK_S / 2,
    )  # fmt: skip


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
