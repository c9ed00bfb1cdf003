"""Picture -> where the goal probably is: two posts and a bar that meet, or nothing.

Long straight edges make upright U's; each is then looked at as posts and a bar that stand out from both of
their sides, end at each other and stand on the ground. Fences and windows go on past their corners.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ..domain import Floats
from .edges import content, crossings, joined, lengths, segments
from .refine import refine
from .strips import Strip, find_strip, goes_on, reach_down, shared_thickness, unlike
from .woodwork import THICKEST, Image, Member, members, profiles

WORK_AREA = 1280 * 720  # pixels of the picture that is searched
LEAN, SLOPE = 0.25, 0.55  # sideways over upwards of a post, downwards over sideways of a bar
MOST_STEEP, MOST_FLAT = 250, 150
SHORTEST_POST, SHORTEST_BAR = 0.018, 0.035  # of the picture's longer side
NARROWEST, WIDEST = 0.45, 4.6  # goal's width over its height in the picture
SURE = 0.70  # wrong ones reach 0.66 on rendered seeds 100 to 139, on day clips up to 10 and night clips up to 21
CLEAR = 0.05  # a goal elsewhere that scores nearly as well leaves it open which one is meant
SAME_PX = 2.0


@dataclass(frozen=True, eq=False, slots=True)
class Proposal:
    """Inner corners TL TR BR BL, how sure a corner is, and how well the goal is borne out: 1 is as good as it gets."""

    corners_px: Floats
    sigma_px: float
    score: float


def propose(picture: Image, box_px: Floats | None = None) -> Proposal | None:
    """Picture (H, W, 3), box x0 y0 x1 y1 of a goal a detector saw -> the goal, None unless one stands out.

    Better on the median of several frames: who walks by is gone then.
    """
    ranked = candidates(picture, box_px)
    if not ranked or ranked[0].score < SURE:
        return None
    best = ranked[0]
    others = [other for other in ranked[1:] if _overlap(best.corners_px, other.corners_px) < 0.5]
    return None if others and others[0].score > best.score - CLEAR else best


def candidates(picture: Image, box_px: Floats | None = None) -> list[Proposal]:
    """Picture -> everything that looks like a goal, best first."""
    left, top, right, bottom = content(picture)
    part = picture[top:bottom, left:right]
    scale = min(1.0, (WORK_AREA / (part.shape[0] * part.shape[1])) ** 0.5)
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else part
    work = np.asarray(small, dtype=np.uint8)
    seen: list[Floats] = []
    found: list[Proposal] = []
    for rough in _uprights(work):
        corners = _completed(work, rough)
        if corners is None or any(np.abs(corners - other).max() < SAME_PX for other in seen):
            continue
        seen.append(corners)
        if box_px is not None and _overlap(corners / scale + (left, top), _box_corners(box_px)) < 0.4:
            continue
        score = _score(work, corners)
        if score is not None:
            found.append(Proposal(corners / scale + (left, top), 0.0, score))
    found.sort(key=lambda proposal: -proposal.score)
    return [_settled(picture, proposal) for proposal in found[:4]] + found[4:]


def _uprights(work: Image) -> Iterator[Floats]:
    """Picture -> (4, 2) rough U's: two steep edges that hang from near the ends of a flat one."""
    side = max(work.shape)
    pieces = segments(np.asarray(cv2.cvtColor(work, cv2.COLOR_BGR2GRAY), dtype=np.uint8))
    way = np.abs(pieces[:, 2:] - pieces[:, :2])
    posts, bars = joined(pieces[way[:, 0] < LEAN * way[:, 1]]), joined(pieces[way[:, 1] < SLOPE * way[:, 0]])
    posts = posts[lengths(posts) > SHORTEST_POST * side][:MOST_STEEP]
    bars = bars[lengths(bars) > SHORTEST_BAR * side][:MOST_FLAT]
    for bar, met in zip(bars, crossings(bars, posts), strict=True):
        spare = max(8.0, 0.12 * (bar[2] - bar[0]))
        high, length = met[:, 1], posts[:, 3] - posts[:, 1]
        near = (met[:, 0] > bar[0] - spare) & (met[:, 0] < bar[2] + spare)
        near &= (np.abs(high - posts[:, 1]) < np.maximum(6, 0.3 * length)) & (posts[:, 3] - high > 0.02 * side)
        mine = np.flatnonzero(near)
        mine = mine[np.argsort(met[mine, 0])]
        tops, feet = met[mine], posts[mine, 2:]
        for i, j in zip(*np.triu_indices(len(mine), 1), strict=True):
            wide = tops[j, 0] - tops[i, 0]
            lower, higher = sorted((feet[i, 1] - tops[i, 1], feet[j, 1] - tops[j, 1]))
            covered = min(tops[j, 0], bar[2]) - max(tops[i, 0], bar[0])
            shaped = lower > 0.25 * higher and 0.35 * higher < wide < 5 * higher
            if shaped and wide > SHORTEST_BAR * side and covered > NARROWEST * wide:
                yield np.array([tops[i], tops[j], feet[j], feet[i]])


def _completed(work: Image, rough: Floats) -> Floats | None:
    """Rough U -> corners on the wood's inner edges with the feet where the posts end, None where there is no wood."""
    sides = rough[[3, 2]] - rough[:2]
    heights = np.linalg.norm(sides, axis=1)
    ways, high, along = sides / heights[:, None], float(heights.max()), rough[1] - rough[0]
    bar = find_strip(work, rough[0], rough[1], ways.sum(axis=0), high)
    if bar.plain < 0.6:
        return None
    posts = []
    for i, inward in ((0, along), (1, -along)):
        post = find_strip(work, rough[i], rough[i] + 0.8 * sides[i], inward, high)
        if post.plain < 0.6:
            return None
        posts.append(post)
    tops = [post.start + post.way * _distance(post, bar) for post in posts]
    longest = min(2.5 * high, float(np.linalg.norm(tops[1] - tops[0])) / NARROWEST)
    feet = [
        top + post.way * reach_down(work, post, top, min(longest, work.shape[0] - float(top[1])))
        for post, top in zip(posts, tops, strict=True)
    ]
    return np.array([tops[0], tops[1], feet[1], feet[0]])


def _distance(post: Strip, bar: Strip) -> float:
    """-> how far along the post its line meets the bar's."""
    return float(np.linalg.solve(np.stack([post.way, -bar.way], axis=1), bar.start - post.start)[0])


def _score(work: Image, corners: Floats) -> float | None:
    """Corners -> how well they are borne out by the picture, None where they cannot be a goal."""
    left, right = (float(np.linalg.norm(corners[b] - corners[t])) for t, b in ((0, 3), (1, 2)))
    high, wide = (left + right) / 2, float(np.linalg.norm(corners[1] - corners[0]))
    if min(left, right) < 0.35 * max(left, right) or not NARROWEST < wide / high < WIDEST:
        return None
    woodwork, first = members(corners), -4.0 - THICKEST * max(left, right)
    seen = [profiles(work, member, (first, 4 + 2 * THICKEST * max(left, right))) for member in woodwork]
    share, worst, mean, woods = shared_thickness(seen, first, [sum(m.height_px) / 2 for m in woodwork])
    if worst < 0.6:
        return None
    colours = [np.median(wood, axis=0) for wood in woods]
    uneven = max(float(np.median(unlike(wood, colour))) for wood, colour in zip(woods, colours, strict=True))
    colourful = max(float(colour.max() - colour.min()) for colour in colours)
    on = sorted(_past(work, woodwork, share, colours))
    differing = float(unlike(colours[0], colours[2]))
    score = worst + 0.5 * mean - 0.5 * on[3] - 0.3 * on[2] + 0.25 * np.log(high / max(work.shape))
    return float(score - 0.004 * max(differing - 20, 0) - 0.006 * max(uneven - 8, 0) - 0.006 * max(colourful - 25, 0))


def _past(work: Image, woodwork: Sequence[Member], share: float, colours: Sequence[Floats]) -> list[float]:
    """-> for posts upwards and the bar to both sides: how much of the same wood goes on past the corner."""
    left, bar, right = (
        Strip(m.start, (m.end - m.start) / np.linalg.norm(m.end - m.start), m.outward, share * m.height_px[0], 1.0, c)
        for m, c in zip(woodwork, colours, strict=True)
    )
    tall, small = woodwork[0].height_px[0], woodwork[2].height_px[0]
    return [
        goes_on(work, left, left.start, -left.way, 0.25 * tall),
        goes_on(work, right, right.start, -right.way, 0.25 * small),
        goes_on(work, bar, bar.start + left.outward * left.wide_px, -bar.way, 0.25 * tall),
        goes_on(
            work,
            replace(bar, wide_px=right.wide_px),
            right.start + right.outward * right.wide_px,
            bar.way,
            0.25 * small,
        ),
    ]


def _settled(picture: Image, proposal: Proposal) -> Proposal:
    """-> the proposal with its corners refined on the whole picture."""
    reach = 0.06 * float(np.linalg.norm(proposal.corners_px[3] - proposal.corners_px[0]))
    corners, _ = refine(picture, proposal.corners_px, reach)
    corners, sigma = refine(picture, corners)
    return replace(proposal, corners_px=corners, sigma_px=sigma)


def _box_corners(box_px: Floats) -> Floats:
    x0, y0, x1, y1 = box_px
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def _overlap(one: Floats, other: Floats) -> float:
    """Two (4, 2) -> intersection over union of the upright boxes around them."""
    low, high = np.maximum(one.min(axis=0), other.min(axis=0)), np.minimum(one.max(axis=0), other.max(axis=0))
    both = float(np.prod(np.maximum(high - low, 0)))
    return both / (float(np.prod(np.ptp(one, axis=0))) + float(np.prod(np.ptp(other, axis=0))) - both)
