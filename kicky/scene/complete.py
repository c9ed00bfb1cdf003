"""Rough U -> corners on the wood's inner edges, with feet where the posts end.

Where a player stands before a foot the post seems to end at him. The other post's foot, the bar and the line
on the ground between the two say how far down it goes.
"""

from __future__ import annotations

import numpy as np

from ..domain import Floats
from .strips import Strip, find_strip, reach_down
from .uprights import SQUAREST, Wood
from .woodwork import Image

PLAIN_BAR, PLAIN_POST = 0.4, 0.35  # share of it that stands out: the rest may be behind a player
FALL = 1.5  # the far post is shorter by so many times the bar's fall: H / (H - phone's height), 1.1 to 2.5
LOOSE, LOOSE_FALL = 0.07, 0.7  # of the height, and of the fall: how far from that a foot may be
STEPS = 21


def completed(work: Image, maps: Wood, rough: Floats) -> list[Floats]:
    """Rough U -> the (4, 2) corners it may mean, none where there is no wood; several where the feet disagree."""
    sides = rough[[3, 2]] - rough[:2]
    heights = np.linalg.norm(sides, axis=1)
    ways, high, along = sides / heights[:, None], float(heights.max()), rough[1] - rough[0]
    bar = find_strip(work, rough[0], rough[1], ways.sum(axis=0), high)
    if bar.plain < PLAIN_BAR:
        return []
    posts = [find_strip(work, rough[i], rough[i] + 0.8 * sides[i], way, high) for i, way in ((0, along), (1, -along))]
    if min(post.plain for post in posts) < PLAIN_POST:
        return []
    tops = np.array([post.start + post.way * _distance(post, bar) for post in posts])
    longest = min(2.5 * high, float(np.linalg.norm(tops[1] - tops[0])) / SQUAREST)
    down = [
        reach_down(work, post, top, min(longest, work.shape[0] - float(top[1])))
        for post, top in zip(posts, tops, strict=True)
    ]
    ways = np.array([post.way for post in posts])
    return [_corners(tops, ways, pair) for pair in _feet(maps, tops, ways, (down[0], down[1]))]


def fall(tops: Floats, ways: Floats) -> float:
    """Where bar and posts meet, the posts' directions -> how far the bar sinks to the right, along the posts."""
    down = ways.sum(axis=0) / np.linalg.norm(ways.sum(axis=0))
    return float((tops[1] - tops[0]) @ down)


def _feet(maps: Wood, tops: Floats, ways: Floats, down: tuple[float, float]) -> list[tuple[float, float]]:
    """How far down each post was seen -> the pairs that may be meant."""
    shorter_right = FALL * fall(tops, ways)
    spare = LOOSE * max(down) + LOOSE_FALL * abs(shorter_right)
    off = down[1] - (down[0] - shorter_right)
    if abs(off) <= spare:
        return [down]
    found = [down]
    for known in (0, 1):
        wanted = down[known] - shorter_right if known == 0 else down[known] + shorter_right
        if not 0.4 * down[known] < wanted < 2.5 * down[known]:
            continue
        other = _on_the_line(maps, tops, ways, known, down[known], wanted, spare)
        found.append((down[0], other) if known == 0 else (other, down[1]))
    return found


def _on_the_line(maps: Wood, tops: Floats, ways: Floats, known: int, seen: float, wanted: float, spare: float) -> float:
    """One foot, how far down the other is expected -> where a line on the ground leads from the one to the other."""
    hidden = 1 - known
    tried = np.linspace(wanted - spare, wanted + spare, STEPS)
    foot = tops[known] + seen * ways[known]
    ends = tops[hidden] + tried[:, None] * ways[hidden]
    starts = np.broadcast_to(foot, ends.shape)
    # Paint and the frame's own bar on the ground are thinner than posts.
    painted = maps.share("flat", starts, ends, np.full(STEPS, 0.5 * seen))
    return float(tried[int((painted - 0.3 * ((tried - wanted) / spare) ** 2).argmax())])


def _corners(tops: Floats, ways: Floats, down: tuple[float, float]) -> Floats:
    feet = tops + np.array(down)[:, None] * ways
    return np.array([tops[0], tops[1], feet[1], feet[0]])


def _distance(post: Strip, bar: Strip) -> float:
    """-> how far along the post its line meets the bar's."""
    return float(np.linalg.solve(np.stack([post.way, -bar.way], axis=1), bar.start - post.start)[0])
