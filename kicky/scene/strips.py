"""A strip of wood in the picture: where it lies across a line, how far down it goes, whether it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..domain import Floats
from .woodwork import STEP_PX, THICKEST, THINNEST, Image, across

PLAIN = 14.0  # grey levels by which wood stands out from either side in a part of its length
ALIKE = 28.0  # grey levels within which two parts are of the same wood
PARTS = 12
REACH_PX = 8.0
HIDDEN = 0.06  # of the longest way down: an arm or a ball may hide that much of a post


@dataclass(frozen=True, eq=False, slots=True)
class Strip:
    """Wood beside the line from `start` along `way`: it begins at offset 0 towards `outward` and is `wide_px` across.

    `plain` is the share, 0..1, of its length in which it stands out, `colour` (3,) its usual one.
    """

    start: Floats
    way: Floats
    outward: Floats
    wide_px: float
    plain: float
    colour: Floats


def contrast(seen: Floats, first: float, begins: Floats, wide: Floats) -> tuple[Floats, Floats]:
    """Colours across (n, o, 3) from offset `first`, strips' begin and width (...) -> wood, contrast.

    Wood is (n, ..., 3) its colour, contrast (n, ...) how far that is from the less different of its two sides.
    """
    total = np.concatenate([np.zeros_like(seen[:, :1]), np.cumsum(seen, axis=1)], axis=1)
    last = seen.shape[1]

    def mean(low: Floats, high: Floats) -> Floats:
        i = np.clip(np.round((low - first) / STEP_PX).astype(int), 0, last - 1)
        j = np.clip(np.round((high - first) / STEP_PX).astype(int), i + 1, last)
        return np.asarray((total[:, j] - total[:, i]) / (j - i)[..., None])

    band = np.maximum(1.5, 0.7 * wide)
    wood = mean(begins + 0.125 * wide, begins + 0.75 * wide)
    inside = mean(begins - STEP_PX - band, begins - STEP_PX)
    outside = mean(begins + wide + STEP_PX, begins + wide + STEP_PX + band)
    return wood, np.minimum(unlike(wood, inside), unlike(wood, outside))


def unlike(one: Floats, other: Floats) -> Floats:
    """Colours (..., 3) -> (...) how far apart, in grey levels."""
    return np.asarray(np.sqrt(((one - other) ** 2).mean(axis=-1)))


def find_strip(picture: Image, start: Floats, end: Floats, inward: Floats, height_px: float) -> Strip:
    """A line where wood may begin, a direction into the goal, the goal's height -> the plainest strip near it."""
    way = (end - start) / float(np.linalg.norm(end - start))
    outward = np.array([-way[1], way[0]])
    outward = -outward * np.sign(outward @ inward)
    widest = float(np.clip(1.2 * THICKEST * height_px, 4, 40))
    low = -REACH_PX - 0.8 * widest - 2
    trim = 0.08 * (end - start)
    seen = across(picture, start + trim, end - trim, outward, (low, REACH_PX + 2 * widest + 2), PARTS)
    begins, wide = np.meshgrid(
        np.arange(-REACH_PX, REACH_PX + 0.1, STEP_PX), np.arange(1.5, widest, max(0.5, widest / 16)), indexing="ij"
    )
    wood, plain = contrast(seen, low, begins, wide)
    uneven = unlike(wood, np.median(wood, axis=0)).mean(axis=0)
    worth = np.clip(plain / PLAIN, 0, 1).mean(axis=0) + 0.15 * np.clip(plain / 60, 0, 1).mean(axis=0) - 0.006 * uneven
    i, j = (int(k) for k in np.unravel_index(int(worth.argmax()), worth.shape))
    share = float(np.clip(plain[:, i, j] / PLAIN, 0, 1).mean())
    at = start + begins[i, j] * outward
    return Strip(at, way, outward, float(wide[i, j]), share, np.median(wood[:, i, j], axis=0))


def reach_down(picture: Image, post: Strip, top: Floats, longest_px: float) -> float:
    """Post, its top -> how far down from there it goes on, in px: to where it no longer stands out like itself."""
    parts = max(8, int(longest_px / 2))
    low = -1.2 * post.wide_px - 2
    end = top + post.way * longest_px
    seen = across(picture, top, end, post.outward, (low, 2.2 * post.wide_px + 3), parts)
    wood, plain = contrast(seen, low, np.array(0.0), np.array(post.wide_px))
    smooth = np.convolve(np.pad(plain, 2, mode="edge"), np.ones(5) / 5, "valid")
    usual, last = np.median(wood[2 : max(6, parts // 8)], axis=0), 2
    patience = max(3, int(HIDDEN * parts))
    for part in range(2, parts):
        if smooth[part] > 0.7 * PLAIN and unlike(wood[part], usual) < ALIKE:
            last, usual = part, 0.93 * usual + 0.07 * wood[part]
        elif part - last > patience:
            break
    return (last + 1) * longest_px / parts


def goes_on(
    picture: Image, strip: Strip, past: Floats, way: Floats, length_px: float, parts: int = 4, window: int = 4
) -> float:
    """Strip, a corner, a direction away from it -> share of the way in which the same wood goes on past it.

    The way is `parts` long; of every `window` parts in a row those count that show most.
    """
    gap = 1.3 * strip.wide_px + 2
    low = -1.2 * strip.wide_px - 2
    start, end = past + gap * way, past + (gap + length_px) * way
    seen = across(picture, start, end, strip.outward, (low, 2.2 * strip.wide_px + 3), parts)
    wood, plain = contrast(seen, low, np.array(0.0), np.array(strip.wide_px))
    alike = (plain > 0.6 * PLAIN) & (unlike(wood, strip.colour) < ALIKE)
    return float(np.convolve(alike, np.ones(window) / window, "valid").max())


def shared_thickness(
    seen: Sequence[Floats], first: float, heights: Sequence[float]
) -> tuple[float, Floats, list[Floats]]:
    """Three members' colours across and the goal's height at each -> thickness / height that suits them best.

    Returns (share, (3, n) grey levels by which each part of each member stands out, each member's wood (n, 3)).
    """
    shares, begins = np.linspace(THINNEST, THICKEST, 13), np.arange(-1.0, 1.1, STEP_PX)
    rows, plain, standing, woods = np.arange(len(shares)), [], [], []
    for colours, height in zip(seen, heights, strict=True):
        wide = np.repeat(np.maximum(shares * height, 1.25)[:, None], len(begins), axis=1)
        wood, stands = contrast(colours, first, np.broadcast_to(begins, wide.shape), wide)
        share = np.clip(stands / PLAIN, 0, 1).mean(axis=0)
        pick = share.argmax(axis=1)
        plain.append(share[rows, pick])
        standing.append(stands[:, rows, pick])
        woods.append(wood[:, rows, pick])
    worst, mean = np.min(plain, axis=0), np.mean(plain, axis=0)
    best = int((worst + mean).argmax())
    return float(shares[best]), np.stack([part[:, best] for part in standing]), [wood[:, best] for wood in woods]
