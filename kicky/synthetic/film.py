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
from .camera import VIEWS
from .cast import casts, draw_friends
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
        _encode(render(shot), unfinished, shot.size_wh_px, shot.fps)
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


def _encode(images: Iterator[Image], path: Path, size_wh: tuple[int, int], fps: float) -> None:
    """Images -> an H.264 film that every browser plays."""
    rate = Fraction(fps).limit_denominator(1001)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height = size_wh
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "21", "preset": "veryfast"}
        for number, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def draw_shots(count: int, seed: int, view: str | None = None, friends: bool = False) -> Iterator[SyntheticShot]:
    """Count, seed -> the shots that `synthesize` films, unfilmed. Raises: KickyError, UnknownPart."""
    if count < 1:
        raise KickyError(f"Ask for at least one clip, not {count}.")
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
        shot = sample(
            seed * 100_003 + i, view=chosen, kind=KINDS[i % len(KINDS)], foot=FEET[i // 4 % 2], night=i % 3 == 2, **wish
        )
        yield replace(shot, name=f"{chosen}_{numbers[chosen]:02d}")


def synthesize(
    out: Path, count: int, seed: int, view: str | None = None, on_progress: OnProgress | None = None,
    friends: bool = False,
) -> list[Path]:  # fmt: skip
    """Folder, count, seed -> films with their scene files, labels.csv and truth.json.

    Views (unless one is asked for), kinds, feet, day and night are spread evenly. With `friends` the same two
    people shoot in turn for SESSION shots, then another two; most of those films are of 30 frames a second.
    Raises: KickyError, UnknownPart, StorageFailed.
    """
    out, films, rows, truths = Path(out), [], [], []
    for i, shot in enumerate(draw_shots(count, seed, view, friends)):
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
    """SyntheticShot -> its row of labels.csv."""
    return {
        "clip": shot.name, "session": "night" if shot.night else "day", "outcome": shot.outcome.value,
        "how": shot.how.value, "outcome_frame": "" if shot.outcome_frame is None else shot.outcome_frame,
        "contact_frame": shot.contact_frame, "foot": shot.foot, "confidence": "high", "end_frame": "",
        "note": shot.kind, "view": shot.view, "split": "synthetic",
        "shooter": shot.cast.shooter.name if shot.cast else "",
        "friend": (shot.cast.role or "") if shot.cast and shot.friend else "",
    }  # fmt: skip


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


def truth(shot: SyntheticShot) -> dict[str, object]:
    """SyntheticShot -> everything that is known of it, as JSON can hold it."""
    camera = shot.camera
    return {
        "name": shot.name, "seed": shot.seed, "view": shot.view, "kind": shot.kind, "foot": shot.foot,
        "outcome": shot.outcome.value, "how": shot.how.value, "speed_kmh": round(shot.speed_kmh, 2),
        "crossing_m": shot.crossing_m and [round(v, 3) for v in shot.crossing_m],
        "contact_frame": shot.contact_frame, "contact_time_s": round(shot.contact_time_s, 5),
        "outcome_frame": shot.outcome_frame, "fps": shot.fps, "exposure_s": round(shot.exposure_s, 6),
        "night": shot.night, "size_wh_px": list(shot.size_wh_px), "time_s": _plain(shot.time_s, 5),
        "ball_px": _plain(shot.ball_px, 2), "ball_diameter_px": _plain(shot.ball_diameter_px, 2),
        "ball_xyz_m": _plain(shot.ball_xyz_m, 3), "goal_corners_px": _plain(shot.goal_corners_px, 2),
        "goal_size_m": list(shot.goal_size_m),
        "angles_deg": {name: round(value, 2) for name, value in shot.angles_deg.items()},
        "joints_px": _plain(shot.joints_px, 1),
        "joints_at_contact_m": _plain(shot.shooter.joints(np.zeros(1))[0], 4),
        "height_m": round(shot.shooter.height_m, 3), "friend_px": _friend(shot),
        "camera": {"focal_px": round(camera.focal_px, 2), "position_m": _plain(camera.position_m, 4),
                   "rotation": _plain(camera.rotation, 6)},
    }  # fmt: skip
