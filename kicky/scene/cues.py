"""Corners -> what in the picture speaks for a goal there, and how surely the four corners are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..domain import Floats
from .complete import FALL, fall
from .strips import PLAIN, Strip, goes_on, shared_thickness, unlike
from .uprights import FLATTEST, SQUAREST, STARK, USUAL_THICKNESS, Wood
from .woodwork import THICKEST, Image, Member, members, profiles

BEYOND = 1.6  # heights of the goal, to either side
UNEQUAL = 0.3  # the shorter post is at least that much of the longer one
# What was fitted: multinomial logistic regression of "these corners" against all others found in the same picture and
# against none, on the pictures and films whose name has an even hash, rendered seeds 200 to 235 and no other; each
# session weighs about as much as another, each cue has the sign it must have.
WEIGHTS = {
    "post": 2.77, "corner": 4.03, "worse corner": 4.14, "worse foot": 2.75, "stark": 3.3, "size": 2.03,
    "post goes on": -4.11, "bar goes on": -3.99, "bar comes back": -2.9, "foot goes on": -1.86, "through": -0.36,
    "uneven": -0.37, "differing": -0.21, "unlike bar": -0.18, "colourful": -0.98, "bright": 2.19, "wide": -7.28,
    "narrow": -5.57, "unequal": -2.92, "not parallel": -0.62, "line": 1.75,
}  # fmt: skip
NONE = -13.05


def cues(work: Image, maps: Wood, corners: Floats) -> Floats | None:
    """Picture, its maps, corners -> (len(WEIGHTS),) each about 0 to 1, None where they cannot be a goal."""
    left, right = (float(np.linalg.norm(corners[b] - corners[t])) for t, b in ((0, 3), (1, 2)))
    high, wide = (left + right) / 2, float(np.linalg.norm(corners[1] - corners[0]))
    if min(left, right) < UNEQUAL * max(left, right) or not SQUAREST < wide / high < FLATTEST:
        return None
    woodwork, first = members(corners), -4.0 - THICKEST * max(left, right)
    seen = [profiles(work, member, (first, 4 + 2 * THICKEST * max(left, right))) for member in woodwork]
    share, standing, woods = shared_thickness(seen, first, [sum(m.height_px) / 2 for m in woodwork])
    tints = [np.median(wood, axis=0) for wood in woods]
    ways = np.array([(corners[3] - corners[0]) / left, (corners[2] - corners[1]) / right])
    expected = left - FALL * fall(corners[:2], ways)
    on = _past(work, woodwork, share, tints)
    told = _standing(standing) | _colour(seen, woods, tints) | {
        "size": float(np.log(high / max(work.shape))) + 2,
        "post goes on": max(on[:2]), "bar goes on": max(on[2:4]), "foot goes on": max(on[4:]),
        "bar comes back": max(_comes_back(maps, corners)),
        "through": _through(seen, first, share, woodwork),
        "wide": max(float(np.log(wide / high / 3.2)), 0.0), "narrow": max(float(np.log(1.4 * high / wide)), 0.0),
        "unequal": abs(right - expected) / high,
        "not parallel": 5 * abs(float(np.arctan2(*ways[0]) - np.arctan2(*ways[1]))),
        "line": float(maps.share("flat", corners[3:4], corners[2:3], np.array([0.5 * high]))[0]),
    }  # fmt: skip
    return np.array([told[name] for name in WEIGHTS])


def favour(told: Floats) -> float:
    """Cues -> how much speaks for these corners: the logarithm of their odds against none."""
    return float(told @ np.array(list(WEIGHTS.values()))) + NONE


def _standing(standing: Floats) -> dict[str, float]:
    """(3, n) grey levels by which parts of left post, bar and right post stand out -> how much of them is seen."""
    left, bar, right = np.clip(standing / PLAIN, 0, 1)
    meets = sorted((min(bar[:3].mean(), left[:4].mean()), min(bar[-3:].mean(), right[:4].mean())))
    return {
        "post": float(max(left.mean(), right.mean())), "corner": float(meets[1]), "worse corner": float(meets[0]),
        "worse foot": float(min(left[-5:].mean(), right[-5:].mean())),
        "stark": float(np.clip(standing / STARK, 0, 1).mean()),
    }  # fmt: skip


def _colour(seen: Sequence[Floats], woods: Sequence[Floats], tints: Sequence[Floats]) -> dict[str, float]:
    """-> how much posts and bar are of one bright, even paint."""
    uneven = max(float(np.median(unlike(wood, tint))) for wood, tint in zip(woods, tints, strict=True))
    brighter = [(wood.mean(axis=1) > part.mean(axis=(1, 2))).mean() for wood, part in zip(woods, seen, strict=True)]
    return {
        "uneven": max(uneven - 8, 0) / 30,
        "differing": max(float(unlike(tints[0], tints[2])) - 20, 0) / 60,
        "unlike bar": max(max(float(unlike(tints[k], tints[1])) for k in (0, 2)) - 15, 0) / 60,
        "colourful": max(max(float(np.ptp(tint)) for tint in tints) - 25, 0) / 60,
        "bright": float(np.mean(brighter)),
    }


def _through(seen: Sequence[Floats], first: float, share: float, woodwork: Sequence[Member]) -> float:
    """-> how unlike each other what lies just inside and just outside of the wood is: a net can be seen through."""
    apart = []
    for across, member in zip(seen, woodwork, strict=True):
        wide = max(share * member.height_px[0], 1.25)
        offsets = first + 0.5 * np.arange(across.shape[1])
        inside = across[:, (offsets < -1) & (offsets > -1 - 1.5 * wide - 2)].mean(axis=1)
        outside = across[:, (offsets > wide + 1) & (offsets < 3 + 2.5 * wide)].mean(axis=1)
        apart.append(np.median(unlike(inside, outside)))
    return float(np.mean(apart)) / 60


def _comes_back(maps: Wood, corners: Floats) -> list[float]:
    """-> left and right: how much of some part of the bar's line beyond the post looks like the bar.

    A player may hide where a bar goes on past what is no post; further out it is seen again.
    """
    found, along = [], (np.arange(24) + 0.5) / 24
    bar, tall = corners[1] - corners[0], np.linalg.norm(corners[3:] - corners[:1], axis=1)
    usual = float(np.median(maps.levels("flat", corners[:1], corners[1:2], tall, along)))
    for post, foot, way in ((corners[0], corners[3], -bar), (corners[1], corners[2], bar)):
        way, high = way / np.linalg.norm(bar), np.linalg.norm([foot - post], axis=1)
        thick, up = USUAL_THICKNESS * tall[0], (post - foot) / high
        starts = [post + 2.0 * thick * way + aside * up for aside in (-2.0, 0.5 * thick, 0.5 * thick + 3)]
        seen = [maps.levels("flat", p[None], (p + BEYOND * high * way)[None], high, along)[0] for p in starts]
        across = starts[0][0] + along * BEYOND * high * way[0]
        like = (np.max(seen, axis=0) > 0.5 * usual) & (across > 1) & (across < maps.flat.shape[2] - 2)
        found.append(float(np.convolve(like, np.ones(6) / 6, "valid").max()))
    return found


def _past(work: Image, woodwork: Sequence[Member], share: float, tints: Sequence[Floats]) -> list[float]:
    """-> how much of the same wood goes on past the corner: posts upwards, bar to both sides, posts downwards."""
    left, bar, right = (
        Strip(m.start, (m.end - m.start) / np.linalg.norm(m.end - m.start), m.outward, share * m.height_px[0], 1.0, c)
        for m, c in zip(woodwork, tints, strict=True)
    )
    tall, small = woodwork[0].height_px[0], woodwork[2].height_px[0]
    last, wide = woodwork[2], replace(bar, wide_px=right.wide_px)
    return [
        goes_on(work, left, left.start, -left.way, 0.25 * tall),
        goes_on(work, right, right.start, -right.way, 0.25 * small),
        goes_on(work, bar, bar.start + left.outward * left.wide_px, -bar.way, 0.25 * tall),
        goes_on(work, wide, right.start + right.outward * right.wide_px, bar.way, 0.25 * small),
        goes_on(work, left, woodwork[0].end, left.way, 0.15 * tall),
        goes_on(work, right, last.end, right.way, 0.15 * small),
    ]
