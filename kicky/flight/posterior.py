"""Fitted kicks -> Flight: the likeliest path, others as likely as the pictures leave them, where they cross."""

from __future__ import annotations

import numpy as np

from ..domain import Bools, Clip, Flight, Floats
from . import dynamics as d
from . import frame
from .evidence import Evidence
from .refine import CAP, Modes
from .starts import Start

SAMPLES = 160
USUAL_PX = 1.4  # 1 s.d. of a candidate's centre that widens nothing yet
FARTHEST_LENS = 0.5
INFLATED = 1.5  # the model is simpler than nature: raw spreads cover too little (simulated tracks, seeds < 2000)
ONWARD_S, REACH_S = 0.4, 2.4  # shown beyond the plane; looked for the plane
LIMITS = {d.VZ: (0.0, np.inf), d.BOUNCE: (0.2, 0.9), d.KEEP: (0.3, 1.0)}


def flight(clip: Clip, evidence: Evidence, start: Start, modes: Modes) -> Flight:
    """Clip, evidence, where it began, fitted kicks (best first) -> Flight."""
    after = evidence.from_(start.from_s)
    thetas = _draw(modes)
    best, cameras = thetas[0], thetas[:, d.CAMERA :]
    crossing = _crossings(thetas)
    last, kick_s = int(modes.last[0]), float(best[d.KICK])
    until_s = float(after.time_s[last])
    end_s = max(until_s, float(crossing[0, 0]) if np.isfinite(crossing[0, 0]) else 0.0) + ONWARD_S
    shown = (clip.time_s >= kick_s - clip.frame_s) & (clip.time_s <= end_s)
    time_s = clip.time_s[shown]
    paths = frame.to_world(cameras, d.positions(thetas, time_s))
    on: Bools = modes.found.on[0] & (np.arange(len(after.time_s)) <= last) & (after.time_s > kick_s + 0.01)
    row = modes.found.row[0]
    apart = modes.found.apart_px[0][on]
    return Flight(
        time_s, paths[0], paths.std(axis=0), kick_s, float(thetas[:, d.KICK].std()), until_s,
        after.frame[on], after.px[np.flatnonzero(on), row[on]], paths, frame.in_world(cameras),
        frame.to_world(cameras, thetas[:, d.VX : d.VZ + 1]), crossing, float(np.sqrt((apart**2).sum(axis=1).mean())),
    )  # fmt: skip


def _draw(modes: Modes) -> Floats:
    """-> (SAMPLES, 21) kicks, the best first, drawn from a bell around each mode."""
    rng = np.random.default_rng(1863)
    weight = np.exp(-0.5 * (modes.cost - modes.cost[0]))
    share = rng.multinomial(SAMPLES - 1, weight / weight.sum())
    parts = [modes.theta[:1]]
    for k, count in enumerate(share):
        if count:
            off = rng.normal(size=(count, d.SIZE)) @ _spread(modes, k).T
            # A bell reaches lenses that do not exist: a draw that goes so far is drawn nearer, whole.
            lens = np.abs(off[:, d.CAMERA]) / modes.theta[k, d.CAMERA]
            parts.append(modes.theta[k] + off * np.minimum(1.0, FARTHEST_LENS / np.maximum(lens, 1e-9))[:, None])
    thetas = np.concatenate(parts)
    for column, (low, high) in LIMITS.items():
        thetas[:, column] = np.clip(thetas[:, column], low, high)
    return thetas


def _spread(modes: Modes, k: int) -> Floats:
    """Mode -> (21, 21) square root of its covariance, wider where candidates lie further off than expected."""
    found = modes.found
    on: Bools = found.on[k] & (np.arange(found.row.shape[1]) <= modes.last[k])
    squares = (found.apart_px[k][on] ** 2).sum(axis=1)
    off = float(np.median(squares) / 1.386 / USUAL_PX**2) if len(squares) else 1.0  # 1.386: median of a 2-D bell
    normal = modes.seen[k] / (INFLATED**2 * np.clip(off, 1.0, CAP)) + modes.believed[k]
    normal += np.diag(np.where(np.diag(normal) == 0, 1e12, 1e-9))
    values, vectors = np.linalg.eigh(np.linalg.inv(normal))
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _crossings(thetas: Floats) -> Floats:
    """(s, 21) -> (s, 3) time, x, z where each first passes the goal's plane y = 0, NaN where it does not."""
    since = np.arange(0.0, REACH_S, 1 / 60)
    first = float(thetas[:, d.KICK].min())
    time_s = first + since
    paths = frame.to_world(thetas[:, d.CAMERA :], d.positions(thetas, time_s))
    side = np.sign(paths[:, :1, 1])
    passed: Bools = (paths[:, :-1, 1] * side >= 0) & (paths[:, 1:, 1] * side < 0)
    row = np.arange(len(thetas))
    at = passed.argmax(axis=1)
    before, beyond = paths[row, at], paths[row, at + 1]
    share = before[:, 1] / np.where(before[:, 1] == beyond[:, 1], 1.0, before[:, 1] - beyond[:, 1])
    where = before + share[:, None] * (beyond - before)
    crossing = np.column_stack([time_s[at] + share / 60, where[:, 0], where[:, 2]])
    return np.where(passed.any(axis=1, keepdims=True), crossing, np.nan)
