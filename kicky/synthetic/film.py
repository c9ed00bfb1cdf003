"""SyntheticShot -> film, scene file and truth beside it; many shots -> a folder to evaluate on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from .. import spreadsheet
from ..domain import Floats, OnProgress
from ..errors import KickyError, StorageFailed
from ..video.files import url
from .camera import VIEWS
from .cast import casts, draw_friends
from .handheld import moved, since_first
from .hard import sample_hard
from .launches import KINDS
from .paint import render
from .shot import FEET, SyntheticShot, choose, sample
from .solids import Image

SESSION = 24  # shots of one pair of friends
HD = ((1920, 1080), (1080, 1920))
COLUMNS = (
    "clip", "session", "outcome", "how", "outcome_frame", "contact_frame", "foot", "confidence", "end_frame", "note",
    "view", "split", "shooter", "friend",
)  # fmt: skip


def write(shot: SyntheticShot, folder: Path) -> Path:
    """SyntheticShot -> folder/NAME.mp4 (H.264, yuv420p) with NAME.scene.json beside it.

    A film is there whole or not at all. Raises: StorageFailed.
    """
    folder = Path(folder)
    target, unfinished = folder / f"{shot.name}.mp4", folder / f".{shot.name}.unfinished.mp4"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _encode(render(shot), unfinished, shot)
        scene = {
            "goal_corners_px": np.round(shot.goal_corners_px, 2).tolist(),
            "goal_size_m": list(shot.goal_size_m),
            "camera_height_m": round(float(shot.camera.position_m[2]), 3),
            "focal_px": None,
        }
        (folder / f"{shot.name}.scene.json").write_text(json.dumps(scene) + "\n", encoding="utf-8")
        unfinished.replace(target)
    except (OSError, av.FFmpegError) as error:
        raise StorageFailed(f"{target} could not be written ({error}); make room or choose another folder.") from error
    finally:
        if folder.is_dir():
            unfinished.unlink(missing_ok=True)
    return target


def _encode(images: Iterator[Image], path: Path, shot: SyntheticShot) -> None:
    """Images -> an H.264 film that every browser plays."""
    rate = Fraction(shot.fps).limit_denominator(1001)
    with av.open(url(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height = shot.size_wh_px
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(shot.setting.grade.crf), "preset": "veryfast"}
        for number, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def draw_shots(
    count: int, seed: int, view: str | None = None, friends: bool = False, hard: bool = False
) -> Iterator[SyntheticShot]:  # fmt: skip
    """Count, seed -> the shots that `synthesize` films, unfilmed. Raises: KickyError, UnknownPart."""
    if count < 1:
        raise KickyError(f"Ask for at least one clip, not {count}.")
    if friends and hard:
        raise KickyError("Friends who shoot in turn are not filmed the hard way: ask for one of the two.")
    if view is not None:
        choose(view, VIEWS, "view", np.random.default_rng(0))
    numbers = dict.fromkeys(VIEWS, 0)
    for i in range(count):
        chosen = view or VIEWS[i % len(VIEWS)]
        numbers[chosen] += 1
        wish: dict[str, Any] = {}
        if friends:
            pair = draw_friends(np.random.default_rng([seed, i // SESSION]))
            wish = {
                "cast": casts(pair, i % SESSION, len(VIEWS)),
                "fps": (30, 60)[i % 5 == 4],
                "size_wh": HD[i // 4 % 3 == 1],
            }
        shot = (sample_hard if hard else sample)(
            seed * 100_003 + i, view=chosen, kind=KINDS[i % len(KINDS)], foot=FEET[i // 4 % 2], night=i % 3 == 2, **wish
        )
        yield replace(shot, name=f"{chosen}_{numbers[chosen]:02d}")


def synthesize(
    out: Path, count: int, seed: int, view: str | None = None, on_progress: OnProgress | None = None,
    friends: bool = False, hard: bool = False,
) -> list[Path]:  # fmt: skip
    """Folder, count, seed -> films with their scene files, labels.csv and truth.json.

    Views (unless one is asked for), kinds, feet, day and night are spread evenly. With `friends` the same two
    people shoot in turn for SESSION shots, then another two; most of those films are of 30 frames a second.
    With `hard` they are filmed as people film: kickers who wait in the picture, balls of any colour, clutter, glare,
    bystanders, phones that move, films that end early, and some without a shot (outcome `no_shot`).
    Raises: KickyError, UnknownPart, StorageFailed.
    """
    out, films, rows, truths = Path(out), [], [], []
    for i, shot in enumerate(draw_shots(count, seed, view, friends, hard)):
        if on_progress:
            on_progress("synthesize", i / count)
        films.append(write(shot, out))
        rows.append(label_row(shot))
        truths.append(truth(shot))
    try:
        with (out / "labels.csv").open("w", newline="", encoding="utf-8") as file:
            spreadsheet.write(file, COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
        (out / "truth.json").write_text(json.dumps(truths, allow_nan=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageFailed(f"{out} could not be written ({error}); make room or choose another folder.") from error
    if on_progress:
        on_progress("synthesize", 1.0)
    return films


def label_row(shot: SyntheticShot) -> dict[str, object]:
    """SyntheticShot -> its row of labels.csv; what the film does not show is empty."""
    row = {
        "clip": shot.name, "session": "night" if shot.night else "day", "outcome": outcome(shot),
        "how": shot.how and shot.how.value, "outcome_frame": shot.outcome_frame,
        "contact_frame": shot.contact_frame, "foot": shot.foot, "confidence": "high", "end_frame": None,
        "note": shot.kind if shot.shows_a_shot else shot.setting.added[0], "view": shot.view, "split": "synthetic",
        "shooter": shot.cast and shot.cast.shooter.name,
        "friend": shot.cast.role if shot.cast and shot.friend else None,
    }  # fmt: skip
    return {name: "" if value is None else value for name, value in row.items()}


def outcome(shot: SyntheticShot) -> str:
    """SyntheticShot -> goal, no_goal, no_shot, or nothing where the film ends before it is settled."""
    if not shot.shows_a_shot:
        return "no_shot"
    return "" if shot.outcome is None else shot.outcome.value


def _plain(array: Floats, digits: int) -> Any:
    """Array -> nested lists, NaN as None."""
    plain = np.round(array, digits).astype(object)
    plain[np.isnan(array)] = None
    return plain.tolist()


def _friend(shot: SyntheticShot) -> Any:
    """-> (T, 21, 2) the friend's joints in the picture, None when they are not in it."""
    if shot.friend is None:
        return None
    return _plain(shot.camera.project(shot.friend.joints(shot.time_s - shot.contact_time_s)), 1)


def _people(shot: SyntheticShot) -> list[dict[str, Any]]:
    """-> who is there: role, and x0 y0 x1 y1 about their joints in each frame, None behind the lens."""
    roles = shot.setting.roles or ("walker",) * len(shot.walkers)
    bodies = [("shooter", shot.shooter), *zip(roles, shot.walkers, strict=True)]
    bodies += [(shot.cast.role or "watcher", shot.friend)] if shot.cast and shot.friend else []
    found = []
    for role, body in bodies:
        px = moved(shot.camera.project(body.joints(shot.time_s - shot.contact_time_s)), shot.setting.moves)
        boxes = np.concatenate([px.min(axis=1), px.max(axis=1)], axis=1)
        whole = np.isfinite(boxes).all(axis=1)
        rows = np.round(boxes, 1).tolist()
        found.append({"role": role, "box_px": [row if seen else None for row, seen in zip(rows, whole, strict=True)]})
    return found


def truth(shot: SyntheticShot) -> dict[str, object]:
    """SyntheticShot -> everything that is known of it, as JSON can hold it.

    Of a phone that moves, `camera` and `goal_corners_px` are the first frame's; what has a value for each frame is as
    that frame shows it, and `moves` takes pixels of the first frame to each other's.
    """
    camera, setting, shown = shot.camera, shot.setting, shot.shows_a_shot
    return {
        "name": shot.name, "seed": shot.seed, "view": shot.view, "kind": shot.kind if shown else "no_shot",
        "foot": shot.foot, "outcome": outcome(shot), "how": shot.how and shot.how.value,
        "speed_kmh": shot.speed_kmh and round(shot.speed_kmh, 2),
        "crossing_m": shot.crossing_m and [round(v, 3) for v in shot.crossing_m],
        "contact_frame": shot.contact_frame, "contact_time_s": round(shot.contact_time_s, 5) if shown else None,
        "outcome_frame": shot.outcome_frame, "fps": shot.fps, "exposure_s": round(shot.exposure_s, 6),
        "night": shot.night, "size_wh_px": list(shot.size_wh_px), "time_s": _plain(shot.time_s, 5),
        "ball_px": _plain(shot.ball_px, 2), "ball_diameter_px": _plain(shot.ball_diameter_px, 2),
        "ball_xyz_m": _plain(shot.ball_xyz_m, 3), "goal_corners_px": _plain(shot.goal_corners_px, 2),
        "goal_size_m": list(shot.goal_size_m),
        "angles_deg": {name: round(value, 2) for name, value in shot.angles_deg.items()},
        "joints_px": _plain(shot.joints_px, 1),
        "joints_at_contact_m": _plain(shot.shooter.joints(np.zeros(1))[0], 4) if shown else None,
        "height_m": round(shot.shooter.height_m, 3), "friend_px": _friend(shot),
        "camera": {"focal_px": round(camera.focal_px * _enlarged(setting.moves), 2),
                   "position_m": _plain(camera.position_m, 4), "rotation": _plain(camera.rotation, 6)},
        "people": _people(shot), "added": list(setting.added), "ball": setting.leather.name,
        "things": [[t.word, round(t.x_m, 2), round(t.y_m, 2)] for t in setting.things],
        "moves": None if setting.moves is None else _plain(since_first(setting.moves), 6),
    }  # fmt: skip


def _enlarged(moves: Floats | None) -> float:
    """-> by how much the first frame enlarges the steady picture."""
    return 1.0 if moves is None else float(np.sqrt(np.linalg.det(moves[0, :, :2])))
