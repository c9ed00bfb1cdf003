"""Shot with its kick -> who had the ball, who struck it, who keeps the goal: said here and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import camera as pinhole
from . import kick
from .domain import Camera, Floats, Ints, Scene, Shot, Track

FEET = 0.45  # share of a body, from the ground up, that meets a ball near the ground
TALL_BALLS, ALIKE = 7.6, 0.6  # a body beside the ball is so many balls tall; ln: a child is not less, a crouch neither
LESS_ALIKE, UNLIKE = 2.0, 8.0  # balls of distance that one of ln of size counts as, within that and beyond
TOUCH, REACH = 2.2, 7.0  # balls: so near is a touch; at the kick nobody farther away can have struck it
BEFORE_S, AFTER_S = 0.12, 0.07  # about the kick in which its striker is looked for: a box may be missing
EDGE_PX = 2.0

BALL_M, PERSON_M = 0.22, 1.75
STANDS_S = 0.7  # seconds before the kick in which the keeper is looked for
BESIDE_M, BEHIND_M, BEFORE_M = 0.8, 0.7, 3.0  # how far from the posts and the line a keeper stands
FEET_PX, LOOSE_M = 3.0, 1.5  # feet are seen so well; a place that this makes so uncertain says nothing
LOW, TALL = 0.6, 1.3  # of a person's height at the goal line: a keeper crouches, and stands nearer the phone
ROW_ABOVE, ROW_BELOW = 0.15, 0.45  # shares of the goal's height in the picture that feet may be off its line

NOBODY = "Nobody was seen in the picture."
NOBODY_NEAR = "Nobody was seen near enough to the ball to have struck it."
NO_KICK = "No kick was seen, so nobody is said to have struck the ball."


def assigned(shot: Shot) -> Shot:
    """Shot -> the same with its shooter, or the reason why there is none, and its keeper if one stands in the goal."""
    shooter, why_not = _shooter(shot)
    shot = replace(shot, shooter=shooter, shooter_why_not=why_not)
    return replace(shot, keeper=_keeper(shot))


def possession(shot: Shot) -> list[str | None]:
    """Shot -> for each frame the label of the one player who has the ball, None for nobody.

    The ball must be at somebody's feet, and their size must fit its own: a body far behind it has not got it.
    """
    frames = np.arange(len(shot.ball.score))
    off = away(shot, frames, shot.ball.centre_px, _diameters(shot.ball))
    nearest = off.argmin(axis=0) if len(off) else frames
    return [
        shot.players[who].label if len(off) and off[who, frame] <= TOUCH else None
        for frame, who in enumerate(nearest.tolist())
    ]


def away(shot: Shot, frames: Ints, at_px: Floats, diameter_px: Floats) -> Floats:
    """(n,) frames, (n, 2) the ball there, (n,) its width -> (players, n) how far from their feet, in balls.

    It counts as farther by how unlike their sizes are. Infinite where either was not seen.
    """
    rows, edge = [], np.array(shot.clip.size_wh_px) - EDGE_PX
    for player in shot.players:
        low, high = (player.centre_px + sign * player.size_px / 2 for sign in (-1, 1))
        height = player.size_px[frames, 1]
        top = high[frames, 1] - FEET * height
        off = np.maximum(np.maximum(np.column_stack([low[frames, 0], top]) - at_px, at_px - high[frames]), 0.0)
        unlike = np.abs(np.log(height / (TALL_BALLS * diameter_px)))
        cut = (low[frames] < EDGE_PX).any(axis=1) | (high[frames] > edge).any(axis=1)
        unlike = np.where(cut, 0.0, LESS_ALIKE * unlike + UNLIKE * np.maximum(unlike - ALIKE, 0.0))
        rows.append(np.hypot(*off.T) / diameter_px + unlike)  # of part of a body, the height says nothing
    gaps = np.array(rows).reshape(len(shot.players), len(frames))
    return np.where(np.isfinite(gaps) & np.isfinite(at_px[:, 0]), gaps, np.inf)


def _shooter(shot: Shot) -> tuple[str | None, str]:
    """-> who touched the ball last before it left for the goal, or None and why.

    That is who is nearest the place it was struck at; where nobody is seen there, whoever had it last.
    """
    if shot.kick_frame is None:
        return None, shot.kick_why_not or NO_KICK
    if not shot.players:
        return None, NOBODY
    time_s = shot.clip.time_s
    around = (time_s >= time_s[shot.kick_frame] - BEFORE_S) & (time_s <= time_s[shot.kick_frame] + AFTER_S)
    frames = np.flatnonzero(around)
    at_px, diameter_px = ball_at_kick(shot)
    off = away(shot, frames, np.tile(at_px, (len(frames), 1)), np.full(len(frames), diameter_px)).min(axis=1)
    if off.min() <= REACH:
        return shot.players[int(off.argmin())].label, ""
    owners = [owner for owner in possession(shot)[: shot.kick_frame + 1] if owner is not None]
    return (owners[-1], "") if owners else (None, NOBODY_NEAR)


def ball_at_kick(shot: Shot) -> tuple[Floats, float]:
    """-> where in the picture the ball was struck, and how wide it is there: by its flight, else as it was seen."""
    if shot.flight is not None:
        start, lens = shot.flight.xyz_m[:1], shot.flight.cameras[0]
        at, depth = pinhole.project(lens, start, shot.clip.size_wh_px)
        return at[0], float(np.exp(lens[pinhole.LOG_FOCAL]) * BALL_M / max(float(depth[0]), pinhole.LEAST_DEPTH_M))
    spot = kick.struck_at(shot)
    return spot.px, spot.diameter_px


def _diameters(ball: Track) -> Floats:
    return np.asarray(ball.size_px.min(axis=1))


def _keeper(shot: Shot) -> str | None:
    """-> whoever else stands in the goal's mouth, or before it, when the ball is struck; the nearest to its line."""
    if shot.scene is None or shot.kick_frame is None:
        return None
    time_s = shot.clip.time_s
    frames = np.flatnonzero((time_s >= time_s[shot.kick_frame] - STANDS_S) & (time_s <= time_s[shot.kick_frame]))
    off: dict[str, float] = {}
    for player in shot.players:
        here = frames[player.measured[frames]]
        if player.label == shot.shooter or not len(here):
            continue
        box = np.median([player.box_px(int(frame)) for frame in here], axis=0)
        gap = before_line(shot.scene, box)
        if gap is not None:
            off[player.label] = gap
    return min(off, key=off.__getitem__) if off else None


def before_line(scene: Scene, box_px: Floats) -> float | None:
    """Goal, box x0 y0 x1 y1 -> how far from its line the body stands, None when not in its mouth or before it.

    By metres where the camera tells them, else by the goal's picture; the number is only for comparing.
    """
    if scene.camera is not None:
        ground, tall = standing(scene.camera, box_px)
        if ground is not None:
            beside = abs(float(ground[0])) - scene.goal_size_m[0] / 2
            fits = beside < BESIDE_M and -BEHIND_M < ground[1] < BEFORE_M and LOW < tall / PERSON_M < TALL
            return abs(float(ground[1])) + max(beside, 0.0) if fits else None
    return _before_picture(scene, box_px)


def standing(camera: Camera, box_px: Floats) -> tuple[Floats | None, float]:
    """Camera, box -> (2,) where its feet stand in metres, and how tall that makes the body; None where too loose."""
    x, low = (box_px[0] + box_px[2]) / 2, box_px[3]
    feet = np.array([[x, low - FEET_PX], [x, low], [x, low + FEET_PX]])
    rays = pinhole.rays(camera.parameters, feet, camera.size_wh_px)
    if (rays[:, 2] > -1e-3).any():
        return None, np.nan
    depth = -camera.parameters[pinhole.Z] / rays[:, 2]
    ground = camera.parameters[pinhole.GROUND] + depth[:, None] * rays[:, :2]
    loose = np.ptp(ground, axis=0).max() > 2 * LOOSE_M
    return None if loose else ground[1], float((low - box_px[1]) * depth[1] / camera.focal_px)


def _before_picture(scene: Scene, box_px: Floats) -> float | None:
    """Goal, box -> how far off the goal's line in the picture its feet are, as a share of the goal's height.

    None when the body is not in the goal's mouth or before it.
    """
    corners = scene.goal_corners_px
    left, right = corners[[0, 3]].mean(axis=0), corners[[1, 2]].mean(axis=0)
    x, span = float(box_px[0] + box_px[2]) / 2, float(right[0] - left[0])
    share = float(np.clip((x - left[0]) / span, 0.0, 1.0)) if span else 0.5
    line = corners[3] + share * (corners[2] - corners[3])
    bar = corners[0] + share * (corners[1] - corners[0])
    height = float(line[1] - bar[1])
    beside = max(float(min(left[0], right[0])) - x, x - float(max(left[0], right[0]))) / height
    below = float(box_px[3] - line[1]) / height
    tall = float(box_px[3] - box_px[1]) / (height * PERSON_M / scene.goal_size_m[1])
    inside = beside < BESIDE_M / scene.goal_size_m[1] and -ROW_ABOVE < below < ROW_BELOW and LOW < tall < TALL
    return abs(below) if inside else None
