"""Shot, Flight -> what the ball did after its free flight ended, as far as it was seen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .. import camera as pinhole
from ..domain import Bools, Camera, Candidates, Flight, Floats, Ints, Shot

FOLLOWED_S, MISSES = 0.7, 6  # how long it is looked for; frames without it after which it is lost
NET_DEPTH_M, BESIDE_M = 2.2, 0.35  # how far back a net reaches; how far beside the goal a ball in it may seem
LEAST, SOON = 3, 6  # sightings that say where it went, the first of them within so many frames
LEAST_KINK_PX, LEAST_KINK_BALLS = 6.0, 1.0  # off the free flight


@dataclass(frozen=True, eq=False, slots=True)
class Aftermath:
    """`px` (k, 2) at `time_s` (k,): the ball after its free flight. `kinked`: it was seen to go on otherwise.

    `stays`: it is then seen within what the net can hold, None when too few sightings say. `near_body`: somebody
    other than the shooter stood in the picture where the flight ended.
    """

    time_s: Floats
    px: Floats
    kinked: bool
    stays: bool | None
    near_body: bool


def follow(shot: Shot, flight: Flight) -> Aftermath:
    """Shot with candidates, its flight -> Aftermath."""
    found = shot.candidates
    if found is None:
        raise ValueError("follow: expected a Shot with candidates")
    rows = _chain(shot, found, flight)
    time_s, px = shot.clip.time_s[found.frame[rows]], found.centre_px[rows]
    stays = None
    if len(rows) >= LEAST:
        outside = ~_held(shot, px)
        stays = bool(outside.mean() < 0.4 and not outside[-2:].all())
    kinked = _kinked(shot, flight, found.frame[rows], px)
    return Aftermath(time_s, px, kinked, stays, _near_body(shot, flight))


def _kinked(shot: Shot, flight: Flight, frames: Ints, px: Floats) -> bool:
    """-> was the ball seen soon after, and moving off from where free flight would have taken it."""
    soon = frames <= int(flight.seen[-1]) + SOON
    if soon.sum() < LEAST:
        return False
    size = float(np.median(_sizes(shot, flight)[-4:]))
    apart = np.linalg.norm(px[soon] - _expected_px(shot, flight, frames[soon]), axis=1)
    return bool(apart[-1] > max(LEAST_KINK_PX, LEAST_KINK_BALLS * size) and apart[-1] > apart[0])


def _expected_px(shot: Shot, flight: Flight, frames: Ints) -> Floats:
    """-> (n, 2) where the ball would be seen if it had met nothing."""
    at = np.clip(np.searchsorted(flight.time_s, shot.clip.time_s[frames]), 0, len(flight.time_s) - 1)
    return pinhole.project(flight.cameras[0], flight.xyz_m[at], _camera(shot).size_wh_px)[0]


def _near_body(shot: Shot, flight: Flight) -> bool:
    """-> did the free flight end at a person in the picture who is not the one who struck it."""
    kick = int(np.abs(shot.clip.time_s - flight.kick_time_s).argmin())
    start, end, last = flight.seen_px[0], flight.seen_px[-1], int(flight.seen[-1])

    def away(label: str, frame: int, px: Floats) -> float:
        x0, y0, x1, y1 = shot.player(label).box_px(frame)
        return float(np.hypot(max(x0 - px[0], px[0] - x1, 0.0), max(y0 - px[1], px[1] - y1, 0.0)))

    labels = [player.label for player in shot.players]
    shooter = min(labels, key=lambda label: np.nan_to_num(away(label, kick, start), nan=np.inf), default=None)
    reach = 2.0 * float(_sizes(shot, flight)[-1])
    until = min(last + 3, len(shot.clip.time_s))
    return any(away(label, frame, end) < reach for label in labels if label != shooter for frame in range(last, until))


def _chain(shot: Shot, found: Candidates, flight: Flight) -> list[int]:
    """-> candidates, one a frame, that go on from where the free flight ended, however they turn."""
    last = int(flight.seen[-1])
    here, before = flight.seen_px[-1], flight.seen_px[max(len(flight.seen) - 3, 0)]
    step = (here - before) / max(last - int(flight.seen[max(len(flight.seen) - 3, 0)]), 1)
    size = float(np.median(_sizes(shot, flight)[-4:]))
    rows: list[int] = []
    stop = min(shot.clip.take[1], int(np.searchsorted(shot.clip.time_s, shot.clip.time_s[last] + FOLLOWED_S)))
    for frame in range(last + 1, stop):
        gap = frame - last
        if gap > MISSES:
            break
        near = np.flatnonzero(found.frame == frame)
        apart = np.minimum(
            np.linalg.norm(found.centre_px[near] - here - step * gap, axis=1),
            np.linalg.norm(found.centre_px[near] - here, axis=1) + 1.0,
        )
        unlike = np.abs(np.log(found.diameter_px[near] / size))
        fits = (apart < 0.8 * size + 0.9 * np.hypot(*step) * gap + 2 * gap) & (unlike < 0.7)
        if not fits.any():
            continue
        cost = np.where(fits, apart + 0.5 * size * unlike - 0.3 * size * found.score[near], np.inf)
        row = int(near[cost.argmin()])
        step = 0.5 * step + 0.5 * (found.centre_px[row] - here) / gap
        here, last = found.centre_px[row], frame
        size = 0.85 * size + 0.15 * float(found.diameter_px[row])
        rows.append(row)
    return rows


def _sizes(shot: Shot, flight: Flight) -> Floats:
    """-> (k,) diameters expected along the flight where it was seen."""
    camera = _camera(shot)
    at = np.clip(np.searchsorted(flight.time_s, shot.clip.time_s[flight.seen]), 0, len(flight.time_s) - 1)
    depth = pinhole.project(flight.cameras[0], flight.xyz_m[at], camera.size_wh_px)[1]
    return np.asarray(np.exp(flight.cameras[0, 0]) * 0.22 / np.maximum(depth, 0.3))


def _held(shot: Shot, px: Floats) -> Bools:
    """(k, 2) -> where a ball in the net may be seen: within the picture of the net's box, or below it, rolled out."""
    camera = _camera(shot)
    width, height = shot.scene.goal_size_m if shot.scene else (0.0, 0.0)
    x, z = width / 2 + BESIDE_M, height + 0.2
    box = np.array([[i * x, y, k] for i in (-1, 1) for y in (0.0, -NET_DEPTH_M) for k in (-0.3, z)])
    corners, depth = pinhole.project(camera.parameters, box, camera.size_wh_px)
    if (depth < 0.5).any():
        return np.ones(len(px), dtype=bool)
    hull = cv2.convexHull(corners.astype(np.float32))
    below = float(corners[:, 1].max())
    inside = [cv2.pointPolygonTest(hull, (float(u), min(float(v), below - 1.0)), False) >= 0 for u, v in px]
    return np.array(inside, dtype=bool)


def _camera(shot: Shot) -> Camera:
    """Shot with a flight -> the camera it was worked out with."""
    if shot.scene is None or shot.scene.camera is None:
        raise ValueError("follow: expected a Shot with a camera")
    return shot.scene.camera
