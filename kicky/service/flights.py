"""Shot -> its flight as the plain values that a page draws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import camera as pinhole
from .. import storage
from ..domain import Camera, Flight, Floats, Shot
from ..errors import NotFound
from ..measures.crossing import MODEL_SD_M
from ..measures.flown import LEAST_CROSS
from ..shown import NO_GOAL_MARKED
from ..storage.flights import CameraView, CrossingView, FlightView, PlaceView
from ..storage.views import ShotView

MOST_SAMPLES, Z_90 = 25, 1.645
# Below this height the ground is seen so nearly edge-on that a foot in the picture says nothing about where it stands.
LOWEST_CAMERA_M = 0.6
# A player is placed by the feet when that would still hold if the box ended a little higher or lower.
FEET_PX = 3.0
FARTHEST_M, LOOSEST_M = 60.0, 1.5
ROWS, COLUMNS = ("bottom", "middle", "top"), ("left", "middle", "right")
GOAL_M = (7.32, 2.44)
SHORT_OF_IT = ("saved", "short", "unclear")
OLDER = "This shot was analysed by an older version: analyse it again."


def view(stored: ShotView) -> FlightView:
    """Stored shot -> what a page draws of its flight; why there is none, in words."""
    try:
        shot = storage.evidence(stored.id)
    except NotFound as error:  # the tracks are gone, the rest of the shot is still there to be seen
        return FlightView(GOAL_M, why_not=str(error))
    return of_shot(shot, stored.how)


def of_shot(shot: Shot, how: str) -> FlightView:
    """Shot, how it went -> its flight as plain values."""
    scene, flight = shot.scene, shot.flight
    size = scene.goal_size_m if scene else GOAL_M
    camera = scene.camera if scene else None
    seen_from = _camera(camera, scene.given_up) if scene and camera else None
    if flight is None:
        reason = shot.flight_why_not or (scene.camera_why_not if scene else NO_GOAL_MARKED)
        return FlightView(size, camera=seen_from, why_not=reason or OLDER)
    crossing = _crossing(flight, size)
    if crossing and how in SHORT_OF_IT:
        crossing = replace(crossing, reached=flight.until_s >= crossing.time_s - shot.clip.frame_s)
    time_s, path, sigma, seen = _path(shot, flight)
    places, why_not = _places(shot, flight, camera)
    return FlightView(
        size, _plain(time_s), _plain(path), _plain(sigma), _plain(seen), flight.until_s,
        _samples(flight), crossing, seen_from, places, why_not,
    )  # fmt: skip


def _plain(array: Any) -> Any:
    """Array -> tuples of plain numbers."""
    return tuple(_plain(row) for row in array) if array.ndim > 1 else tuple(array.tolist())


def _crossing(flight: Flight, size_m: tuple[float, float]) -> CrossingView | None:
    """Flight -> where it passes the goal's plane, as the measures have it; None where they withhold it."""
    passes = flight.crossing[np.isfinite(flight.crossing).all(axis=1)]
    if len(passes) < 2 or len(passes) < LEAST_CROSS * len(flight.crossing):
        return None
    time_s, x, z = np.median(passes, axis=0).tolist()
    low, high = np.percentile(passes[:, 1:], [5, 95], axis=0)
    sides = np.hypot((high - low) / 2 / Z_90, MODEL_SD_M)
    spread = np.cov(passes[:, 1:].T)
    together = spread[0, 1] / max(np.sqrt(spread[0, 0] * spread[1, 1]), 1e-12)
    across, up = x / size_m[0] + 0.5, z / size_m[1]
    inside = 0 <= across < 1 and up < 1
    row, column = ROWS[int(np.clip(3 * up, 0, 2))], COLUMNS[int(np.clip(3 * across, 0, 2))]
    zone = ("centre" if row == column else f"{row} {column}") if inside else ""
    return CrossingView(time_s, x, z, (float(sides[0]), float(sides[1])), float(together), True, zone)


def _path(shot: Shot, flight: Flight) -> tuple[Floats, Floats, Floats, Any]:
    """-> times, points, their sigma and whether seen, from the kick to the goal's plane or the last sight."""
    end_s, x, z = flight.crossing[0].tolist() if len(flight.crossing) else (np.nan,) * 3
    passes = bool(np.isfinite(end_s))
    end_s = end_s if passes else flight.until_s
    times = flight.time_s[(flight.time_s > flight.kick_time_s) & (flight.time_s < end_s)]
    times = np.concatenate([[flight.kick_time_s], times, [end_s]])
    path, sigma = (
        np.column_stack([np.interp(times, flight.time_s, axis) for axis in table.T])
        for table in (flight.xyz_m, flight.sigma_m)
    )
    before = max(int(np.searchsorted(flight.time_s, flight.kick_time_s, side="right")) - 1, 0)
    path[0], sigma[0] = flight.xyz_m[before], flight.sigma_m[before]  # it lay there until the kick, between two frames
    if passes:
        path[-1] = x, 0.0, z
    seen = np.isin(np.round(times, 6), np.round(shot.clip.time_s[flight.seen], 6))
    return times, path, sigma, seen


def _samples(flight: Flight) -> Any:
    """Flight -> up to MOST_SAMPLES likely paths, each from the kick to its own end."""
    last = len(flight.samples_m) - 1
    chosen = sorted({round(number) for number in np.linspace(0, last, MOST_SAMPLES).tolist()}) if last >= 0 else []
    paths = []
    for number in chosen:
        time_s, x, z = flight.crossing[number]
        end_s = time_s if np.isfinite(time_s) else flight.until_s
        path = flight.samples_m[number][(flight.time_s >= flight.kick_time_s) & (flight.time_s < end_s)]
        paths.append(_plain(np.vstack([path, [x, 0.0, z]]) if np.isfinite(time_s) else path))
    return tuple(paths)


def _camera(camera: Camera, given_up: str) -> CameraView:
    width, height = camera.size_wh_px
    ends = np.array([[0.0, height / 2], [width, height / 2]])
    flat = pinhole.rays(camera.parameters, ends, camera.size_wh_px)[:, :2]
    edges = flat / np.linalg.norm(flat, axis=1, keepdims=True)
    sigma = np.sqrt(np.diag(camera.covariance))
    angle_deg = 2 * np.degrees(np.arctan(width / 2 / camera.focal_px))
    where, doubt = camera.parameters[pinhole.PLACE], sigma[pinhole.PLACE]
    said = (camera.height_from, camera.focal_from, given_up)
    return CameraView(_plain(where), _plain(doubt), _plain(edges), float(angle_deg), float(sigma[0]), *said)


def _places(shot: Shot, flight: Flight, camera: Camera | None) -> tuple[tuple[PlaceView, ...], str]:
    """Shot -> where each player stood at contact, and why some are left out."""
    if shot.kick_frame is None or camera is None:
        return (), "No kick was seen."
    kicked = _path(shot, flight)[1][0]
    low = camera.parameters[pinhole.Z] < LOWEST_CAMERA_M
    places, left_out = [], 0
    for player in shot.players:
        box = player.box_px(shot.kick_frame)
        spot = None if low or not np.isfinite(box).all() else _standing(box, camera, flight.cameras)
        role = {shot.shooter: "shooter", shot.keeper: "keeper"}.get(player.label, "other")
        if spot is not None:
            places.append(PlaceView(player.label, role, float(spot[0]), float(spot[1]), True))
        elif role == "shooter":
            places.append(PlaceView(player.label, role, float(kicked[0]), float(kicked[1]), False))
        else:
            left_out += 1
    if not left_out:
        return tuple(places), ""
    if low:
        return tuple(places), "The phone stood too low to tell where on the ground the others were."
    return tuple(places), f"{left_out} more in the picture stood where the ground cannot be told well enough."


def _standing(box_px: Floats, camera: Camera, cameras: Floats) -> Floats | None:
    """Box x0 y0 x1 y1 -> (2,) where its feet stand on the ground; None where that is too loose."""
    x, y = (box_px[0] + box_px[2]) / 2, box_px[3]
    feet = np.array([[x, y - FEET_PX], [x, y], [x, y + FEET_PX]])
    parameters = np.vstack([camera.parameters, cameras])
    rays = pinhole.rays(parameters, np.broadcast_to(feet, (len(parameters), 3, 2)), camera.size_wh_px)
    if (rays[..., 2] > -1e-3).any():
        return None
    depth = -parameters[:, None, pinhole.Z] / rays[..., 2]
    ground = parameters[:, None, pinhole.GROUND] + depth[..., None] * rays[..., :2]
    if depth.max() > FARTHEST_M or (ground.reshape(-1, 2).std(axis=0) > LOOSEST_M).any():
        return None
    middle: Floats = np.median(ground[:, 1], axis=0)
    return middle
