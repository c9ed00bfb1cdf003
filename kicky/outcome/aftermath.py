"""Shot, Flight -> what the ball did after its free flight ended, as far as it was seen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .. import camera as pinhole
from ..domain import Bools, Camera, Candidates, Flight, Floats, Ints, Shot, Track
from ..flight.dynamics import DIAMETER_M, GRAVITY, RADIUS_M

FOLLOWED_S, MISSES = 0.7, 6  # how long it is looked for; frames without it after which it is lost
NET_DEPTH_M, BESIDE_M = 2.2, 0.35  # how far back a net reaches; how far beside the goal a ball in it may seem
LASTING = 9  # sightings over which its size is taken
LEAST = 3  # sightings that say where it went
LEAST_S, UNLIKE = 0.06, 0.6  # a throw is not shorter; ln of how unlike in size its ball may seem
NEARER = (0.85, 0.95, 1.0, 1.05, 1.15)  # depths tried
THROW_PX, BETTER = 4.0, 0.8  # how near a candidate lies to it; sightings it must have more than flying on
REACH_BALLS = 4.0  # how far beside its box a body stops a ball
PERSON_M, SAME_DEPTH = 1.7, 0.25  # ln: how much farther or nearer a person may seem than the ball
REBOUND_S, KINK_PX, THROWN_MS, FASTEST_MS = 0.4, 3.0, 10.0, 25.0


@dataclass(frozen=True, eq=False, slots=True)
class Aftermath:
    """What was seen of the ball after its free flight.

    `kinked`: it was seen soon, and elsewhere than free flight takes it; `rebound_ms` is then its velocity along y
    with 1 s.d. (positive: back towards the shooter). `stays`: it is seen within what the net can hold, None when
    too few sightings say. `near_body`: somebody other than the shooter stood in the picture where the flight ended.
    `missed_s` (n,) are the moments after the flight's end at which a ball flying on would have been seen, and was
    not; `usually` is the share of frames in which it was seen before.
    """

    kinked: bool
    rebound_ms: tuple[float, float] | None
    stays: bool | None
    near_body: bool
    missed_s: Floats
    usually: float


NOTHING_SEEN = Aftermath(False, None, None, False, np.empty(0), 0.0)
"""The ball was not seen again, and nobody expected it to be."""


def follow(shot: Shot, flight: Flight) -> Aftermath:
    """Shot with candidates, its flight -> Aftermath."""
    found = shot.candidates
    if found is None:
        raise ValueError("follow: expected a Shot with candidates")
    rows = _chain(shot, found, flight)
    plane_s = float(np.nanmedian(flight.crossing[:, 0])) if np.isfinite(flight.crossing[:, 0]).any() else np.inf
    behind = [row for row in rows if shot.clip.time_s[found.frame[row]] > plane_s]
    stays = None
    if len(behind) >= LEAST:
        outside = ~_held(shot, found.centre_px[behind])
        stays = bool(outside.mean() < 0.4 and not outside[-2:].all())
        if stays and flight.cameras[0, pinhole.Y] < 0:
            stays = None  # from behind the goal, what lies before its line is seen in the mouth too
    thrown = _thrown(shot, found, flight)
    rebound = _rebound(shot, flight, found.frame[thrown], found.centre_px[thrown]) if len(thrown) >= LEAST else None
    return Aftermath(rebound is not None, rebound, stays, _near_body(shot, flight), *_missed(shot, flight))


def _thrown(shot: Shot, found: Candidates, flight: Flight) -> Ints:
    """-> rows of the candidates, one a frame, on the best throw from where the free flight ended; none when it flew on.

    Every candidate soon after is tried as the ball, somewhat nearer and farther, and the throw that leads there is
    held against all of them.
    """
    camera, size_wh = flight.cameras[0], shot.clip.size_wh_px
    origin = flight.xyz_m[flight.rows(np.array([flight.until_s]))[0]]
    since = shot.clip.time_s[found.frame] - flight.until_s
    near = np.flatnonzero((since > 1e-3) & (since < REBOUND_S))
    alike = np.abs(np.log(found.diameter_px[near] / float(_sizes(shot, flight, flight.seen[-1:])[0]))) < UNLIKE
    near = near[alike]
    if not len(near):
        return near
    depth = (origin - camera[pinhole.PLACE]) @ pinhole.rotation(camera)[2] * np.array(NEARER)
    point = camera[pinhole.PLACE] + depth[:, None, None] * pinhole.rays(camera, found.centre_px[near], size_wh)
    way = (point - origin) / since[near, None] + [0.0, 0.0, 0.5 * GRAVITY] * since[near, None]
    velocity = way.reshape(-1, 3)[np.tile(since[near] > LEAST_S, len(NEARER))]
    speed = np.linalg.norm(velocity, axis=1)
    velocity = velocity[speed < FASTEST_MS]
    if not len(velocity):
        return near[:0]
    path = origin + velocity[:, None] * since[near, None] - [0.0, 0.0, 0.5 * GRAVITY] * since[near, None] ** 2
    path[..., 2] = np.maximum(path[..., 2], RADIUS_M)
    apart = np.linalg.norm(pinhole.project(camera, path, size_wh)[0] - found.centre_px[near], axis=2)
    free = np.linalg.norm(_expected_px(shot, flight, found.frame[near]) - found.centre_px[near], axis=1)
    reach = THROW_PX + 0.15 * found.diameter_px[near]
    worth = [_worth(row, reach, found, near) for row in apart]
    best = int(np.argmax([total for total, _ in worth]))
    if worth[best][0] < _worth(free, reach, found, near)[0] + BETTER:
        return near[:0]
    return worth[best][1]


def _worth(apart_px: Floats, reach_px: Floats, found: Candidates, rows: Ints) -> tuple[float, Ints]:
    """How far each candidate lies from a path -> what speaks for it, and the rows that do, the nearest a frame."""
    on = np.flatnonzero(apart_px < reach_px)
    on = on[np.lexsort((apart_px[on] / reach_px[on], found.frame[rows[on]]))]
    on = on[np.unique(found.frame[rows[on]], return_index=True)[1]]
    gain = (1 - (apart_px[on] / reach_px[on]) ** 2) * (0.5 + 0.75 * found.score[rows[on]])
    return float(gain.sum()), rows[on]


def _missed(shot: Shot, flight: Flight) -> tuple[Floats, float]:
    """-> the moments after the flight's end at which a ball flying on would have been seen, how often it was before."""
    shown = np.arange(*np.searchsorted(shot.clip.time_s, [flight.kick_time_s, flight.time_s[-1] + 1e-6]))
    shown = shown[shown < shot.clip.take[1]]
    px = _expected_px(shot, flight, shown)
    width, height = shot.clip.size_wh_px
    clear = (px[:, 0] > 0) & (px[:, 0] < width) & (px[:, 1] > 0) & (px[:, 1] < height)
    for player in shot.players:
        half = player.size_px[shown] / 2
        clear &= ~(np.abs(px - player.centre_px[shown]) < half).all(axis=1)
    last = int(flight.seen[-1])
    before = int((clear & (shown <= last)).sum())
    usually = (len(flight.seen) + 1) / (max(before, len(flight.seen)) + 2)
    return shot.clip.time_s[shown[clear & (shown > last)]], float(usually)


def _rebound(shot: Shot, flight: Flight, frames: Ints, px: Floats) -> tuple[float, float]:
    """Sightings after the kink -> velocity along y, away from the goal, with 1 s.d.: a throw from where it kinked.

    In the picture of one camera a part of it stays unknown; the s.d. says how much.
    """
    camera = flight.cameras[0]
    since = shot.clip.time_s[frames] - flight.until_s
    at = flight.rows(np.array([flight.until_s]))[0]
    fall = np.array([0.0, 0.0, -0.5 * GRAVITY])

    def off(velocity: Floats) -> Floats:
        path = flight.xyz_m[at] + since[:, None] * velocity + since[:, None] ** 2 * fall
        seen = pinhole.project(camera, path, shot.clip.size_wh_px)[0] - px
        return np.concatenate([(seen / KINK_PX).ravel(), velocity / THROWN_MS])

    velocity = np.zeros(3)
    for _ in range(4):
        base = off(velocity)
        jacobian = np.stack([(off(velocity + 1e-3 * axis) - base) / 1e-3 for axis in np.eye(3)], axis=1)
        velocity = velocity - np.linalg.solve(jacobian.T @ jacobian, jacobian.T @ base)
    side = float(np.sign(flight.xyz_m[0, 1]))
    return side * float(velocity[1]), float(np.sqrt(np.linalg.inv(jacobian.T @ jacobian)[1, 1]))


def _expected_px(shot: Shot, flight: Flight, frames: Ints) -> Floats:
    """-> (n, 2) where the ball would be seen if it had met nothing."""
    at = flight.rows(shot.clip.time_s[frames])
    return pinhole.project(flight.cameras[0], flight.xyz_m[at], _camera(shot).size_wh_px)[0]


def _near_body(shot: Shot, flight: Flight) -> bool:
    """-> did the free flight end at, or lead on to, a person in its way who is not the one who struck it."""
    last = int(flight.seen[-1])
    plane_s = float(flight.crossing[0, 0]) if np.isfinite(flight.crossing[0, 0]) else flight.until_s
    stop = int(np.searchsorted(shot.clip.time_s, max(plane_s, flight.until_s + 3 * shot.clip.frame_s)))
    frames = np.arange(last, min(stop, shot.clip.take[1]))
    expected, size = _expected_px(shot, flight, frames), _sizes(shot, flight, frames)

    def in_the_way(player: Track) -> bool:
        tall = player.size_px[frames, 1]
        as_far = np.abs(np.log(tall / size * DIAMETER_M / PERSON_M)) < SAME_DEPTH
        return bool((as_far & (player.away_px(frames, expected) < REACH_BALLS * size)).any())

    return any(in_the_way(player) for player in shot.players if player.label != shot.shooter)


def _chain(shot: Shot, found: Candidates, flight: Flight) -> list[int]:
    """-> candidates, one a frame, that go on from where the free flight ended, however they turn."""
    last = int(flight.seen[-1])
    here, before = flight.seen_px[-1], flight.seen_px[max(len(flight.seen) - 3, 0)]
    step = (here - before) / max(last - int(flight.seen[max(len(flight.seen) - 3, 0)]), 1)
    sizes = _sizes(shot, flight, flight.seen[-4:]).tolist()  # a net or a dim light hides part of a ball now and then
    rows: list[int] = []
    stop = min(shot.clip.take[1], int(np.searchsorted(shot.clip.time_s, shot.clip.time_s[last] + FOLLOWED_S)))
    for frame in range(last + 1, stop):
        gap = frame - last
        if gap > MISSES:
            break
        near, size = np.flatnonzero(found.frame == frame), float(np.median(sizes[-LASTING:]))
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
        sizes.append(float(found.diameter_px[row]))
        rows.append(row)
    return rows


def _sizes(shot: Shot, flight: Flight, frames: Ints) -> Floats:
    """(n,) -> (n,) diameters expected on the free flight, px."""
    at = flight.rows(shot.clip.time_s[frames])
    depth = pinhole.project(flight.cameras[0], flight.xyz_m[at], _camera(shot).size_wh_px)[1]
    return np.asarray(np.exp(flight.cameras[0, pinhole.LOG_FOCAL]) * DIAMETER_M / np.maximum(depth, 0.3))


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
