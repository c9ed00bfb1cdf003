"""A small house with two Saturdays in it, made by hand: drawn clips and reports whose every answer is written here."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from kicky import storage
from kicky.camera import project
from kicky.domain import Camera, Clip, Foot, FootCall, How, Measure, Outcome, Report, Shot, Track, Verdict
from kicky.home import database, database_url, media
from kicky.service import clips, players, scenes, sessions
from kicky.video import open_clip

from ..flights import flight, phone, struck

CORNERS = [(110.0, 40.0), (210.0, 40.0), (210.0, 80.0), (110.0, 80.0)]
NASTY = '<b>Zo</b> "![x](http://example.com/x.png)" *'
WIDTH, HEIGHT, FRAMES = 320, 180, 24
LOST = "The ball was lost on its way."
UNSEEN = "The ball was seen in too few frames after the kick."
OPEN = "This view leaves it open: it does not show here."
HIDDEN = "A joint that this angle needs is hidden at contact."
WHYS = {
    How.IN_NET: "The ball came to rest inside the goal's frame.",
    How.OVER: "The ball passed above the bar.",
    How.WIDE_LEFT: "The ball passed outside the left post.",
    How.UNCLEAR: "The ball was lost before it reached the goal.",
}


def draw(path: Path, seed: int, size_wh: tuple[int, int] = (WIDTH, HEIGHT), frames: int = FRAMES) -> Path:
    """File, seed -> a film of a ball that flies into a goal on a striped pitch."""
    width, height = size_wh
    k = width / WIDTH
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(30), options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            image = np.full((height, width, 3), (52, 110, 60), np.uint8)
            image[:, (np.arange(width) // int(24 * k)) % 2 == 0] = (46, 100, 54)
            image[: int(30 * k)] = (150, 185, 205)
            (x0, y0), _, (x1, y1), _ = [(int(x * k), int(y * k)) for x, y in CORNERS]
            post = max(2, int(2 * k))
            image[y0 - post : y1, x0 - post : x0] = image[y0 - post : y1, x1 : x1 + post] = 240
            image[y0 - post : y0, x0 - post : x1 + post] = 240
            share = max(0.0, (number - 6) / (frames - 6))
            x, y = (160 + 30 * share + seed % 7) * k, (150 - 90 * share) * k
            radius = (5 - 2 * share) * k
            ys, xs = np.mgrid[:height, :width]
            image[(xs - x) ** 2 + (ys - y) ** 2 < radius**2] = (250, 246, 235)
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def number(name: str, unit: str, value: float | None, low: float, high: float, why_not: str) -> Measure:
    """-> a measure with its interval, or withheld for that reason."""
    if value is None:
        return Measure(name, unit, None, method="by hand", why_not=why_not)
    return Measure(name, unit, value, low, high, "by hand")


def bodies(clip: Clip, camera: Camera) -> tuple[Track, ...]:
    """Clip, camera -> a shooter and a keeper, 1.8 m tall, who stand still."""
    tracks = []
    for label, (x, y) in (("P1", (0.4, 13.5)), ("P2", (0.6, 0.5))):
        ends = np.array([[x, y, 0.0], [x, y, 1.8]])
        foot, head = project(camera.parameters, ends, camera.size_wh_px)[0]
        tall = foot[1] - head[1]
        frames = len(clip.time_s)
        centre, size = np.tile((foot + head) / 2, (frames, 1)), np.tile([0.4 * tall, tall], (frames, 1))
        tracks.append(Track(label, centre, size, np.ones(frames), np.ones(frames, bool)))
    return tuple(tracks)


def report(
    clip: Clip,
    verdict: Verdict,
    how: How,
    foot: Foot,
    speed: float | None,
    notes: tuple[str, ...] = (),
    to: tuple[float, float] | None = None,
) -> Report:
    """Clip, answers -> a report that gives them, with a flight to that place on the goal's plane."""
    frames = len(clip.time_s)
    share = np.clip((np.arange(frames) - 6) / (frames - 6), 0, 1)
    path_px = np.column_stack([160 + 30 * share, 150 - 90 * share])
    ball = Track("ball", path_px, np.full((frames, 2), 8.0), np.ones(frames), np.ones(frames, bool))
    some = speed or 0.0
    measures = (
        number("speed", "km/h", speed, 0.9 * some, min(140.0, 1.8 * some), UNSEEN),
        number("average_speed", "km/h", 0.9 * some if speed and to else None, 0.8 * some, some, LOST),
        number("speed_across", "km/h", speed, 0.5 * some, 140.0, UNSEEN),
        number("speed_at_line", "km/h", 0.8 * some if speed and to else None, 0.75 * some, 0.84 * some, LOST),
        number("time_to_line", "s", 0.61 if to else None, 0.55, 0.67, LOST),
        number("rise", "deg", 12.0 if to else None, 9.0, 15.0, LOST),
        number("curl", "m", 0.4 if to else None, 0.1, 0.7, LOST),
        number("crossing_x", "m", to[0] if to else None, to[0] - 0.2 if to else 0, to[0] + 0.2 if to else 0, LOST),
        number("crossing_z", "m", to[1] if to else None, to[1] - 0.2 if to else 0, to[1] + 0.2 if to else 0, LOST),
        number("kicking_knee", "deg", 148.0 + some / 20, 131.0, 167.0, HIDDEN),
        number("support_knee", "deg", 139.0, 120.0, 157.0, HIDDEN),
        number("trunk_lean", "deg", 14.0, 4.0, 24.0, HIDDEN),
        number("hip_drive", "deg", None, 0.0, 0.0, HIDDEN),
        number("hip_abduction", "deg", 40.0, 32.0, 48.0, HIDDEN),
        number("pelvis_tilt", "deg", None, 0.0, 0.0, OPEN),
        number("approach", "deg", 31.0, 11.0, 51.0, HIDDEN),
        number("plant_aside", "m", 0.33, 0.27, 0.39, HIDDEN),
        number("last_step", "m", 1.24, 0.86, 1.62, HIDDEN),
    )
    chance = {Verdict.GOAL: 0.91, Verdict.NO_GOAL: 0.08, Verdict.UNSURE: 0.5}[verdict]
    p_left = {Foot.LEFT: 0.93, Foot.RIGHT: 0.06, Foot.UNSURE: 0.5}[foot]
    still = np.ones(frames)
    shooter = Track("P1", np.tile((150.0, 130.0), (frames, 1)), np.tile((16.0, 40.0), (frames, 1)), still, still > 0)
    shot = Shot(clip, ball, (shooter,), kick_frame=6, shooter="P1", flight_why_not=LOST)
    if to is not None:
        camera = phone(size_wh_px=clip.size_wh_px, focal_px=1.1 * clip.size_wh_px[0])
        flown = flight(camera, clip.time_s, 6, to)
        shot = struck(replace(shot, players=bodies(clip, camera)), camera, flown)
        shot = replace(shot, shooter="P1", keeper="P2")
    return Report(
        shot,
        Outcome(verdict, chance, how, WHYS[how], method="rules2d" if to is None else "flight"),
        FootCall(foot, p_left, "The ankle nearer the ball at contact."),
        measures,
        {"kicky": "0.1.0", "detector": "motion"},
        {"footage": 0.2, "detect": 0.9, "pose": 1.4},
        notes,
    )


SHOTS = (
    (Verdict.GOAL, How.IN_NET, Foot.RIGHT, 88.0, "Ana", (2.4, 1.6)),
    (Verdict.NO_GOAL, How.OVER, Foot.RIGHT, 97.0, "Ana", (-1.0, 3.4)),
    (Verdict.UNSURE, How.UNCLEAR, Foot.UNSURE, None, None, None),
    (Verdict.GOAL, How.IN_NET, Foot.LEFT, 61.0, NASTY, None),
    (Verdict.NO_GOAL, How.WIDE_LEFT, Foot.LEFT, 74.0, NASTY, (-5.2, 0.4)),
    (Verdict.GOAL, How.IN_NET, Foot.RIGHT, 92.0, "Ana", None),
)


_built: dict[tuple[int, int], tuple[Path, list[int]]] = {}  # the films' size -> where a house of it lies, its shots


def fill(folder: Path, size_wh: tuple[int, int] = (WIDTH, HEIGHT)) -> list[int]:
    """Folder for the films -> two Saturdays with six shots and one clip not analysed; the shots' numbers.

    An empty home is given a copy of the one that was built first: to build it takes longer than most tests.
    """
    if database_url() or database().exists():
        return _fill(folder, size_wh)
    if size_wh not in _built:
        numbers, kept = _fill(folder, size_wh), Path(tempfile.mkdtemp(prefix="filled-"))
        shutil.copytree(database().parent, kept / "db")
        (kept / "films").mkdir()
        for film in folder.glob("*.mp4"):  # the folder may be a home, whose other things are nobody else's
            shutil.copy(film, kept / "films")
        _built[size_wh] = kept, numbers
        return numbers
    kept, numbers = _built[size_wh]
    shutil.copytree(kept / "db", database().parent, dirs_exist_ok=True)
    shutil.copytree(kept / "films", folder, dirs_exist_ok=True)
    return list(numbers)


def _fill(folder: Path, size_wh: tuple[int, int]) -> list[int]:
    first = sessions.new(dt.date(2026, 11, 7), "Parc")
    second = sessions.new(dt.date(2026, 11, 14), "Behind the *school*")
    numbers = []
    for place, (verdict, how, foot, speed, player, to) in enumerate(SHOTS):
        path = draw(folder / f"clip_{place + 1}.mp4", place, size_wh)
        clip = clips.add(first if place < 3 else second, path.name, path)
        kept = media() / storage.clip(clip.id).file
        notes = ("The film holds two takes; the first was judged.",) if place == 2 else ()
        film = media() / f"film_{place}.mp4"
        film.write_bytes(kept.read_bytes())
        made = report(open_clip(kept), verdict, how, foot, speed, notes, to)
        numbers.append(storage.save(made, clip.id, "motion", film))
        if player:
            players.name(numbers[-1], player)
    scenes.keep(second, [(x * size_wh[0] / WIDTH, y * size_wh[0] / WIDTH) for x, y in CORNERS], (7.32, 2.44))
    waiting = draw(folder / "clip_waiting.mp4", 6, size_wh)
    clips.add(second, waiting.name, waiting)
    return numbers
