"""Shot <-> .npz: the tracks, pose and times behind an answer, written whole or not at all."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np

from ..domain import (
    PITCH_MARKS,
    Appearance,
    Body,
    Camera,
    Candidates,
    Clip,
    Flight,
    PitchMark,
    Pose,
    Rest,
    Scene,
    Shot,
    Steadying,
    Told,
    Track,
)  # fmt: skip
from ..drafts import write_whole
from . import packed

TRACK = ("centre_px", "size_px", "score", "measured")
STEADYING = ("homography",)
BODY = ("since_s", "joints_m", "samples_m", "way_rad", "ball_m", "camera")
POSE = ("frames", "landmarks_px", "world_m", "visibility")
CAMERA = ("parameters", "covariance")
CANDIDATES = ("frame", "centre_px", "diameter_px", "score")
FLIGHT = ("time_s", "xyz_m", "sigma_m", "seen", "seen_px", "samples_m", "cameras", "launch_ms", "crossing")
WEIGHED = "likely"  # of a flight; older programs kept none
LOOK = ("shirt", "shorts", "socks", "build")
REST = ("centre_px", "frames", "shown")
TOLD = ("lens", "ball_m")  # of a scene
FLIGHT_NUMBERS = ("kick_time_s", "kick_sigma_s", "until_s", "residual_px")
# The long ones keep seven digits: a thousandth of a pixel, a thousandth of a millimetre.
SHORTENED = {
    "candidates.centre_px",
    "candidates.diameter_px",
    "candidates.score",
    "flight.samples_m",
    "body.joints_m",
    "body.samples_m",
}
FLATTEST = 1e-3  # a homography's determinant: a hand that holds a phone still changes it by a tenth


def write(path: Path, shot: Shot) -> None:
    """Path, Shot -> the file. Raises: OSError, and then there is no file."""
    arrays: dict[str, Any] = {"time_s": shot.clip.time_s}
    for number, track in enumerate((shot.ball, *shot.players)):
        arrays |= {f"track{number}.{name}": getattr(track, name) for name in TRACK}
    camera = shot.scene and shot.scene.camera
    parts = (
        ("steadying", shot.clip.steadying, STEADYING),
        ("pose", shot.pose, POSE),
        ("scene", shot.scene, ("goal_corners_px",)),
        ("camera", camera, CAMERA),
        ("candidates", shot.candidates, CANDIDATES),
        ("flight", shot.flight, (*FLIGHT, WEIGHED)),
        ("body", shot.body, BODY),
    )
    for title, part, names in parts:
        if part is not None:
            arrays |= {f"{title}.{name}": getattr(part, name) for name in names}
    if shot.clip.new is not None:
        arrays["new"] = shot.clip.new
    for number, look in enumerate(shot.looks):
        arrays |= {f"look{number}.{name}": getattr(look, name) for name in LOOK}
    for number, rest in enumerate(shot.rests):
        arrays |= {f"rest{number}.{name}": getattr(rest, name) for name in REST}
    arrays |= {name: arrays[name].astype(np.float32) for name in SHORTENED & set(arrays)}
    arrays["about"] = np.array(json.dumps(_about(shot)))
    whole = io.BytesIO()
    np.savez_compressed(whole, allow_pickle=False, **arrays)
    write_whole(path, whole.getvalue())


def _about(shot: Shot) -> dict[str, Any]:
    """Shot -> all of it that is no array."""
    clip, scene, flight = shot.clip, shot.scene, shot.flight
    camera = scene and scene.camera
    return {
        "sha256": clip.sha256,
        "size_wh_px": [int(side) for side in clip.size_wh_px],
        "slow_motion": float(clip.slow_motion),
        "lens_mm": clip.lens_mm,
        "take": [int(frame) for frame in clip.take],
        "reference": clip.steadying and int(clip.steadying.reference),
        "labels": [shot.ball.label, *(player.label for player in shot.players)],
        "kick_frame": None if shot.kick_frame is None else int(shot.kick_frame),
        "kick_why_not": shot.kick_why_not,
        "kick_source": shot.kick_source,
        "shooter": shot.shooter,
        "shooter_why_not": shot.shooter_why_not,
        "keeper": shot.keeper,
        "marks": [astuple(mark) for mark in scene.marks] if scene else [],
        "told": scene and {name: astuple(told) for name in TOLD if (told := getattr(scene, name))},
        "scene": scene and [
            list(scene.goal_size_m), scene.camera_height_m, scene.focal_px, scene.source, scene.guess_px
        ],
        "camera": camera and {
            "size_wh_px": [int(side) for side in camera.size_wh_px],
            "residual_px": float(camera.residual_px),
            "height_from": camera.height_from,
            "focal_from": camera.focal_from,
        },
        "camera_why_not": scene.camera_why_not if scene else "",
        "given_up": scene.given_up if scene else "",
        "looks": [look.label for look in shot.looks],
        "flight": flight and {name: float(getattr(flight, name)) for name in FLIGHT_NUMBERS},
        "flight_why_not": shot.flight_why_not,
        "p_left": shot.body and float(shot.body.p_left),
        "body_why_not": shot.body_why_not,
        "rests": [[float(rest.diameter_px), float(rest.likely), rest.bare_frame] for rest in shot.rests],
        "ball_sure": float(shot.ball_sure),
    }  # fmt: skip


def read(path: Path, film: Path) -> Shot:
    """Evidence, the film it is of -> Shot, as the analysis left it; what an older program did not keep is None.

    Raises: StorageFailed when it is no evidence of ours, or would take more memory than any of ours.
    """
    with packed.told(path):
        return _shot(packed.arrays(path), film)


def _shot(arrays: dict[str, Any], film: Path) -> Shot:
    """What the file holds, the film -> Shot."""
    about = json.loads(str(arrays["about"]))
    (width, height), (first, end) = about["size_wh_px"], about["take"]
    clip = Clip(
        film,
        about["sha256"],
        (width, height),
        arrays["time_s"],
        about["slow_motion"],
        (first, end),
        about.get("lens_mm"),
        _steadying(about, arrays),
        arrays.get("new"),
    )
    arrays |= {name: arrays[name].astype(np.float64) for name in SHORTENED & set(arrays)}
    ball, *players = (
        Track(label, *(arrays[f"track{number}.{name}"] for name in TRACK))
        for number, label in enumerate(about["labels"])
    )
    said = {name: about[name] for name in ("kick_frame", "kick_why_not", "shooter", "keeper")}
    said |= {name: about.get(name, "") for name in ("flight_why_not", "kick_source", "shooter_why_not", "body_why_not")}
    return Shot(
        clip,
        ball,
        tuple(players),
        _scene(about, arrays),
        Pose(**_part(arrays, "pose", POSE)) if "pose.frames" in arrays else None,
        candidates=Candidates(**_part(arrays, "candidates", CANDIDATES)) if "candidates.frame" in arrays else None,
        flight=_flight(about, arrays) if "flight.time_s" in arrays else None,
        looks=tuple(
            Appearance(label, **_part(arrays, f"look{number}", LOOK))
            for number, label in enumerate(about.get("looks", []))
        ),
        rests=tuple(
            Rest(**_part(arrays, f"rest{number}", REST), **_numbers(told))
            for number, told in enumerate(about.get("rests", []))
        ),
        ball_sure=float(about.get("ball_sure", 1.0)),
        body=Body(**_part(arrays, "body", BODY), p_left=float(about["p_left"])) if "body.since_s" in arrays else None,
        **said,
    )


def _steadying(about: dict[str, Any], arrays: Mapping[str, Any]) -> Steadying | None:
    """What the file holds -> how the camera moved, None where it stood still or an older program did not ask."""
    if "steadying.homography" not in arrays:
        return None
    homography, reference = arrays["steadying.homography"], int(about["reference"])
    if not 0 <= reference < len(homography) or len(homography) != len(arrays["time_s"]):
        raise ValueError("a frame that the film does not have")
    known = homography[np.isfinite(homography).all(axis=(1, 2))]
    if not (np.abs(np.linalg.det(known)) > FLATTEST).all():
        raise ValueError("a picture laid on a line")
    return Steadying(homography, reference)


def read_scene(path: Path) -> tuple[Scene | None, tuple[int, int]]:
    """Evidence -> the goal and the camera it was judged with, the picture's size; the tracks stay unread.

    Raises: StorageFailed as `read` does.
    """
    with packed.told(path):
        arrays = packed.arrays(path, ("about", "scene.", "camera."))
        about = json.loads(str(arrays["about"]))
        width, height = about["size_wh_px"]
        return _scene(about, arrays), (width, height)


def is_steadied(path: Path) -> bool:
    """Evidence -> whether its camera moved, so that its goal lies as in one of its frames. Raises as `read` does."""
    with packed.told(path):
        return json.loads(str(packed.arrays(path, ("about",))["about"])).get("reference") is not None


def _part(arrays: Mapping[str, Any], title: str, names: tuple[str, ...]) -> dict[str, Any]:
    """All arrays -> those of one noun, by their names in it."""
    return {name: arrays[f"{title}.{name}"] for name in names}


def _flight(about: dict[str, Any], arrays: Mapping[str, Any]) -> Flight:
    known = (*FLIGHT, WEIGHED) if f"flight.{WEIGHED}" in arrays else FLIGHT
    return Flight(**_part(arrays, "flight", known), **about["flight"])


def _numbers(told: tuple[float, float, int | None]) -> dict[str, Any]:
    """What `_about` says of a place of rest -> its fields that are no arrays."""
    diameter, likely, bare = told
    return {
        "diameter_px": float(diameter), "likely": float(likely), "bare_frame": None if bare is None else int(bare)
    }  # fmt: skip


def _scene(about: dict[str, Any], arrays: Mapping[str, Any]) -> Scene | None:
    if about["scene"] is None:
        return None
    size, height_m, focal_px, source, *guess = about["scene"]
    camera = None
    if about.get("camera"):
        seen = about["camera"]
        width, height = seen["size_wh_px"]
        camera = Camera(**_part(arrays, "camera", CAMERA), **seen | {"size_wh_px": (width, height)})
    why_not, corners = about.get("camera_why_not", ""), arrays["scene.goal_corners_px"]
    given_up = about.get("given_up", "")
    known = {name: (about.get("told") or {}).get(name) for name in TOLD}
    told = {name: said and Told(float(said[0]), float(said[1]), str(said[2])) for name, said in known.items()}
    guessed = float(guess[0]) if guess and guess[0] else None
    return Scene(
        corners, (size[0], size[1]), height_m, focal_px, source, camera, why_not, given_up, told["lens"],
        told["ball_m"], guessed, marks=tuple(_mark(*mark) for mark in about.get("marks") or ()),
    )  # fmt: skip


def _mark(kind: str, at: list[list[float]]) -> PitchMark:
    if kind not in PITCH_MARKS or not np.isfinite(np.array(at, dtype=float)).all():
        raise ValueError("a mark that no pitch has")
    return PitchMark(kind, tuple((float(x), float(y)) for x, y in at))
