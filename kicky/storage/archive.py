"""Shot <-> .npz: the tracks, pose and times behind an answer, written whole or not at all."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from ..domain import Clip, Pose, Scene, Shot, Track

TRACK = ("centre_px", "size_px", "score", "measured")
POSE = ("frames", "landmarks_px", "world_m", "visibility")


def write(path: Path, shot: Shot) -> None:
    """Path, Shot -> the file. Raises: OSError, and then there is no file."""
    arrays: dict[str, Any] = {"time_s": shot.clip.time_s}
    for number, track in enumerate((shot.ball, *shot.players)):
        arrays |= {f"track{number}.{name}": getattr(track, name) for name in TRACK}
    if shot.pose is not None:
        arrays |= {f"pose.{name}": getattr(shot.pose, name) for name in POSE}
    if shot.scene is not None:
        arrays["scene.goal_corners_px"] = shot.scene.goal_corners_px
    arrays["about"] = np.array(json.dumps(_about(shot)))
    whole = io.BytesIO()
    np.savez_compressed(whole, allow_pickle=False, **arrays)
    write_whole(path, whole.getvalue())


def _about(shot: Shot) -> dict[str, Any]:
    """Shot -> all of it that is no array."""
    clip, scene = shot.clip, shot.scene
    return {
        "sha256": clip.sha256,
        "size_wh_px": [int(side) for side in clip.size_wh_px],
        "slow_motion": float(clip.slow_motion),
        "take": [int(frame) for frame in clip.take],
        "labels": [shot.ball.label, *(player.label for player in shot.players)],
        "kick_frame": None if shot.kick_frame is None else int(shot.kick_frame),
        "kick_why_not": shot.kick_why_not,
        "shooter": shot.shooter,
        "keeper": shot.keeper,
        "scene": scene and [list(scene.goal_size_m), scene.camera_height_m, scene.focal_px, scene.source],
    }


def read(path: Path, film: Path) -> Shot:
    """Evidence, the film it is of -> Shot, as the analysis left it."""
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    about = json.loads(str(arrays["about"]))
    (width, height), (first, end) = about["size_wh_px"], about["take"]
    clip = Clip(film, about["sha256"], (width, height), arrays["time_s"], about["slow_motion"], (first, end))
    ball, *players = (
        Track(label, *(arrays[f"track{number}.{name}"] for name in TRACK))
        for number, label in enumerate(about["labels"])
    )
    scene = None
    if about["scene"] is not None:
        size, camera_height_m, focal_px, source = about["scene"]
        scene = Scene(arrays["scene.goal_corners_px"], (size[0], size[1]), camera_height_m, focal_px, source)
    pose = Pose(*(arrays[f"pose.{name}"] for name in POSE)) if "pose.frames" in arrays else None
    said = {name: about[name] for name in ("kick_frame", "kick_why_not", "shooter", "keeper")}
    return Shot(clip, ball, tuple(players), scene, pose, **said)


def write_whole(path: Path, content: bytes) -> None:
    """Path, content -> the file, on the disk and whole before it has its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Folder -> the names in it are on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
