"""Flights made by hand: a parabola from a spot to a place on the goal's plane, seen by a camera that is all here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kicky.camera import project
from kicky.domain import Camera, Candidates, Flight, Scene, Shot

GRAVITY, FLOWN_S, SAMPLES = 9.81, 0.5, 40


def phone(
    x: float = 2.0,
    y: float = 24.0,
    z: float = 1.4,
    focal_px: float = 1400.0,
    tilt: float = -0.02,
    size_wh_px: tuple[int, int] = (1280, 720),
) -> Camera:
    """-> a camera there, turned to the goal's middle."""
    parameters = np.array([np.log(focal_px), np.arctan2(-x, y), tilt, 0.0, x, y, z])
    covariance = np.diag([0.05, 0.01, 0.01, 0.005, 0.2, 0.5, 0.08]) ** 2
    return Camera(
        parameters, covariance, size_wh_px, 1.2, "two people standing on the ground", "the file's own lens, 26 mm"
    )


def corners_px(camera: Camera, goal_size_m: tuple[float, float] = (7.32, 2.44)) -> np.ndarray:
    """Camera -> the goal's inner corners in its picture, TL TR BR BL."""
    half, height = goal_size_m[0] / 2, goal_size_m[1]
    world = np.array([[-half, 0, height], [half, 0, height], [half, 0, 0], [-half, 0, 0]], dtype=float)
    return project(camera.parameters, world, camera.size_wh_px)[0]


def flight(
    camera: Camera,
    time_s: np.ndarray,
    kick_frame: int,
    to: tuple[float, float] = (2.4, 1.6),
    start: tuple[float, float] = (1.0, 13.0),
    until_s: float = 9.0,
    spread_m: tuple[float, float] = (0.15, 0.1),
    reaches: float = 1.0,
) -> Flight:
    """Camera, the film's times, the kick -> a flight that is over the line FLOWN_S later, `spread_m` about `to`.

    `reaches`: the share of its samples that come to the plane.
    """
    kick_s = float(time_s[kick_frame]) + 0.01
    rows = time_s[(time_s > kick_s - 0.1) & (time_s <= kick_s + FLOWN_S + 0.4)]
    rng = np.random.default_rng(0)
    ends = np.array(to) + rng.normal(size=(SAMPLES, 2)) * spread_m
    ends[0] = to
    since = np.clip(rows - kick_s, 0, None)

    def path(x: float, z: float) -> np.ndarray:
        share = since / FLOWN_S
        rise = (z - 0.11) * share + GRAVITY / 2 * since * (FLOWN_S - since)
        return np.column_stack(
            [start[0] + (x - start[0]) * share, start[1] * (1 - share), np.maximum(0.11 + rise, 0.11)]
        )

    middle = path(*to)
    crossing = np.column_stack([np.full(SAMPLES, kick_s + FLOWN_S), ends])
    crossing[round(reaches * SAMPLES) :] = np.nan
    until_s = min(until_s, float(rows[-1]))
    seen = np.flatnonzero((time_s > kick_s) & (time_s < min(until_s, kick_s + FLOWN_S)))[::2]
    at = np.column_stack([np.interp(time_s[seen], rows, axis) for axis in middle.T])
    launch = np.array([(to[0] - start[0]) / FLOWN_S, -start[1] / FLOWN_S, (to[1] - 0.11) / FLOWN_S + 4.9 * FLOWN_S])
    return Flight(
        time_s=rows,
        xyz_m=middle,
        sigma_m=np.outer(since / FLOWN_S, [spread_m[0], 0.4, spread_m[1]]) + 0.03,
        kick_time_s=kick_s,
        kick_sigma_s=0.006,
        until_s=until_s,
        seen=seen,
        seen_px=project(camera.parameters, at, camera.size_wh_px)[0],
        samples_m=np.array([path(*end) for end in ends]),
        cameras=np.tile(camera.parameters, (SAMPLES, 1)),
        launch_ms=launch + rng.normal(size=(SAMPLES, 3)) * 0.4,
        crossing=crossing,
        residual_px=1.1,
    )


def struck(shot: Shot, camera: Camera, flown: Flight | None, why_not: str = "") -> Shot:
    """Shot, camera, flight (None: why not) -> the same shot with them, the goal where that camera sees it."""
    corners = corners_px(camera)
    scene = (
        Scene(corners, camera=camera)
        if shot.scene is None
        else replace(shot.scene, goal_corners_px=corners, camera=camera)
    )
    many = np.sort(np.repeat(np.arange(len(shot.clip.time_s)), 3))
    rng = np.random.default_rng(1)
    spots = Candidates(many, rng.random((len(many), 2)) * 100, 5 + rng.random(len(many)), rng.random(len(many)))
    return replace(shot, scene=scene, candidates=spots, flight=flown, flight_why_not=why_not)
