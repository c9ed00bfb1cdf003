"""How a phone moves that nobody put down: it sways, is panned slowly, or zooms."""

from __future__ import annotations

import math

import numpy as np

from ..domain import Floats

MOVES = ("sway", "pan", "zoom")


def draw_moves(
    rng: np.random.Generator, time_s: Floats, size_wh: tuple[int, int], shown_px: Floats
) -> tuple[str, Floats] | None:  # fmt: skip
    """Times (T,), points that must stay in the picture (n, 2) -> the word, and (T, 2, 3) steady picture -> each frame.

    The picture is enlarged just so far that no edge shows. None where what must be seen leaves no room for it.
    """
    word = str(rng.choice(MOVES, p=(0.6, 0.2, 0.2)))
    since = time_s - time_s[0]
    share = since / max(float(since[-1]), 1e-6)
    eased = share * share * (3 - 2 * share)
    unit = max(size_wh) / 1920
    shift, turn = _sway(rng, since, unit)
    drift = np.array([rng.uniform(0.02, 0.06) * size_wh[0] * rng.choice([-1, 1]), 0.0])
    gain, outward = rng.uniform(1.05, 1.2), rng.random() < 0.4
    for less in (1.0, 0.5, 0.25):
        away = shift + less * eased[:, None] * drift if word == "pan" else shift
        scale = gain ** (less * (1 - eased if outward else eased)) if word == "zoom" else np.ones_like(since)
        moves = _matrices(away, turn, scale, size_wh)
        px = np.einsum("tij,nj->tni", moves[..., :2], shown_px) + moves[:, None, :, 2]
        if ((px > 4) & (px < np.array(size_wh) - 4)).all():
            return word, moves
    return None


def _sway(rng: np.random.Generator, since_s: Floats, unit: float) -> tuple[Floats, Floats]:
    """-> (T, 2) pixels and (T,) radians, 0 at first: slow waves, as an arm's that tries to hold still."""
    waves = np.zeros((3, len(since_s)))
    for hertz in (rng.uniform(0.2, 0.5), rng.uniform(0.5, 1.0), rng.uniform(1.0, 2.2)):
        size = rng.normal(0, (3.0, 2.5, 0.0009)) * min(1.0, 0.5 / hertz)
        phase = rng.uniform(0, 2 * math.pi, 3)
        waves += size[:, None] * np.sin(2 * math.pi * hertz * since_s + phase[:, None])
    waves -= waves[:, :1]
    return np.asarray(waves[:2].T * unit), np.asarray(waves[2])


def _matrices(shift_px: Floats, turn: Floats, scale: Floats, size_wh: tuple[int, int]) -> Floats:
    """-> (T, 2, 3) turns about the picture's middle, enlarged by what the shifts and turns would bare."""
    size = np.array(size_wh, dtype=float)
    bared = 2 * np.abs(shift_px).max(axis=0) / size + np.abs(turn).max() * size[::-1] / size
    whole = scale * (1 + float(bared.max()))
    cos, sin = whole * np.cos(turn), whole * np.sin(turn)
    linear = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
    offset = size / 2 - linear @ (size / 2) + shift_px
    return np.concatenate([linear, offset[..., None]], axis=-1)


def moved(px: Floats, moves: Floats | None) -> Floats:
    """(T, ..., 2) in the steady picture, moves -> the same as each frame shows them."""
    if moves is None:
        return px
    offset = moves[:, :, 2].reshape(len(px), *(1,) * (px.ndim - 2), 2)
    return np.asarray(np.einsum("tij,t...j->t...i", moves[..., :2], px) + offset)


def since_first(moves: Floats) -> Floats:
    """(T, 2, 3) from the steady picture -> the same from the first frame's pixels."""
    whole = np.concatenate([moves, np.broadcast_to([[[0.0, 0.0, 1.0]]], (len(moves), 1, 3))], axis=1)
    return np.asarray((whole @ np.linalg.inv(whole[0]))[:, :2])
