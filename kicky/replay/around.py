"""Shot -> what stands about it: goal, lines, the shooter before and after the swing, everybody else, on the ground."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import roles
from ..domain import Floats, Ints, Shot, Track
from ..players import colours
from .phone import DIGITS

FULL_GOAL_M, POST_M, DEEP_M, TOP_M = (7.32, 2.44), 0.12, 2.0, 0.9
# Of a walk over the ground: how often it is told, how far away at most, how often at least.
EVERY_S, FARTHEST_M, LEAST = 0.1, 60.0, 3
NEAR_M, NEAR_S = 2.0, 0.15  # between where the feet are seen and where the body stands, to be the same place
# Laws of the Game, law 1: how far the two areas reach beyond the posts and into the pitch, the mark and its arc.
AREAS_M, MARK_M, ARC_M = (5.5, 16.5), 11.0, 9.15


def goal(shot: Shot) -> dict[str, Any] | None:
    """Shot -> its goal, None where none is in the picture. How deep the net hangs is not measured."""
    if shot.scene is None or shot.scene.camera is None:
        return None
    width, height = shot.scene.goal_size_m
    share = height / FULL_GOAL_M[1]
    return {
        "width": width, "height": height, "post": POST_M, "deep": round(DEEP_M * share, 2),
        "top": round(TOP_M * share, 2),
    }  # fmt: skip


def lines(shot: Shot) -> list[list[list[float]]]:
    """Shot -> chalk on the ground as rows of x, z: the goal line; areas and mark only about a goal of full size."""
    if shot.scene is None or shot.scene.camera is None:
        return []
    width = shot.scene.goal_size_m[0]
    full = abs(width - FULL_GOAL_M[0]) < 0.01
    reach = width / 2 + (AREAS_M[-1] if full else width / 2)
    drawn = [[[-reach, 0.0], [reach, 0.0]]]
    if full:
        for deep in AREAS_M:
            x = width / 2 + deep
            drawn.append([[-x, 0.0], [-x, deep], [x, deep], [x, 0.0]])
        turn = np.linspace(0, 2 * np.pi, 13)
        drawn.append([[0.1 * np.cos(a), MARK_M + 0.1 * np.sin(a)] for a in turn])
        half = float(np.arccos((AREAS_M[-1] - MARK_M) / ARC_M))
        drawn.append([[ARC_M * np.sin(a), MARK_M + ARC_M * np.cos(a)] for a in np.linspace(-half, half, 21)])
    return [[[round(float(side), DIGITS) for side in spot] for spot in line] for line in drawn]


def walked(player: Track, shot: Shot, phone: Floats, frames: Ints) -> tuple[Floats, Floats]:
    """Player, the camera, frames -> (k,) moments, (k, 2) where on the ground the feet stood, where that can be told."""
    if shot.scene is None or shot.scene.camera is None:
        return np.empty(0), np.empty((0, 2))
    eye = replace(shot.scene.camera, parameters=phone)
    found = []
    for frame in frames.tolist():
        box = player.box_px(frame)
        spot = roles.standing(eye, box)[0] if np.isfinite(box).all() else None
        if spot is not None and np.linalg.norm(spot - phone[4:6]) < FARTHEST_M:
            found.append((float(shot.clip.time_s[frame]), *spot.tolist()))
    table = np.array(found).reshape(-1, 3)
    return table[:, 0], table[:, 1:]


def frames(shot: Shot, first: int, last: int) -> Ints:
    """Shot, a stretch of it -> frames of it, EVERY_S apart."""
    step = max(round(EVERY_S / shot.clip.frame_s), 1)
    return np.arange(first, last + 1, step)


def before_and_after(
    shot: Shot, phone: Floats, joints_m: Floats | None, contact_s: float, span: Ints
) -> dict[str, Any]:
    """Shot, its body in the replay -> where the shooter was before and after it, as `t` and `at`; none where not told.

    Feet in a picture tell the ground roughly: each way is moved to where the body stands when it begins or ends.
    """
    label = shot.shooter
    if label is None:
        return {"t": [], "at": []}
    times, spots = walked(shot.player(label), shot, phone, span)
    since = times - contact_s
    if shot.body is None or joints_m is None:
        return _way(since, spots)
    kept_t, kept = [], []
    hips = joints_m[:, 2:4, :2].mean(axis=1)
    for row, beyond in ((0, since < shot.body.since_s[0]), (-1, since > shot.body.since_s[-1])):
        near = np.abs(since - shot.body.since_s[row]) <= NEAR_S
        if not near.any():
            continue
        off = hips[row] - np.median(spots[near], axis=0)
        if np.linalg.norm(off) <= NEAR_M:
            kept_t.append(since[beyond])
            kept.append(spots[beyond] + off)
    return _way(np.concatenate(kept_t), np.concatenate(kept)) if kept else {"t": [], "at": []}


def others(shot: Shot, phone: Floats, contact_s: float, span: Ints) -> tuple[list[dict[str, Any]], str]:
    """Shot -> everybody else whose feet tell where on the ground they are, and why some are left out."""
    found, left_out = [], 0
    for player in shot.players:
        if player.label == shot.shooter:
            continue
        times, spots = walked(player, shot, phone, span)
        if not len(times) or (len(times) < LEAST and player.label != shot.keeper):
            left_out += bool(np.isfinite(player.centre_px[span]).any())
            continue
        role = "keeper" if player.label == shot.keeper else "other"
        found.append({"label": player.label, "role": role, "colour": shirt(shot, player.label),
                      **_way(times - contact_s, spots)})  # fmt: skip
    if not left_out:
        return found, ""
    return found, f"{left_out} more in the picture stood where the ground cannot be told well enough."


def shirt(shot: Shot, label: str | None) -> str:
    """Shot, label -> the likeliest colour of that player's shirt, '#rrggbb'; empty where it was not seen."""
    look = next((look for look in shot.looks if look.label == label), None)
    return "" if look is None else colours.likeliest(look.shirt)


def _way(since: Floats, spots: Floats) -> dict[str, Any]:
    return {"t": (np.round(since, 3) + 0.0).tolist(), "at": (np.round(spots, 2) + 0.0).tolist()}
