"""Corners as clicked -> corners on the inner edges of posts and bar, to a part of a pixel.

Each member is looked at across: from the goal's mouth outwards, where does the picture first turn from
what is seen through the goal to wood. The line through most of these places is the inner edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..domain import Floats
from .woodwork import STEP_PX, THICKEST, THINNEST, Image, Member, colours, members, places, profiles

REACH_PX = 6.0  # how far a corner may move, in a picture 1280 px long
CLICK_SIGMA_PX = 3.0  # a corner clicked in a picture shown small
EDGE_SIGMA_PX = 1.2  # rms left on rendered seeds 100 to 139: blur, a round post that is dark where it begins
GROUND_SIGMA_PX = 1.5
BAND = 0.06  # of the goal's height: what is seen just inside it
ROPE = 0.7  # of the thinnest wood: what rises for less than that is a rope of the net
ENOUGH = 0.45  # of the places along a member must lie on one line
ON_LINE_PX = 0.9
RISE = 0.15  # of the wood's contrast; a round post is dark where it begins
FAINT = 13.0  # grey levels: less than this from the background is no edge


@dataclass(frozen=True, eq=False, slots=True)
class Edge:
    """An inner edge found: offsets in px at the member's start and end, and the share of places that agree."""

    start_px: float
    end_px: float
    agreed: float


def refine(picture: Image, corners_px: Floats, reach_px: float | None = None) -> tuple[Floats, float]:
    """Picture (H, W, 3) or (H, W), corners TL TR BR BL -> refined corners (4, 2), sigma of one coordinate in px.

    A corner moves at most `reach_px` (None: 6 px in a picture 1280 px long, less on a small goal). An edge
    or foot that is not found keeps the click, and sigma grows with it.
    """
    corners = np.asarray(corners_px, dtype=float)
    colour = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    heights = np.linalg.norm(corners[[3, 2]] - corners[[0, 1]], axis=1)
    reach = reach_px or float(np.clip(0.07 * heights.min(), 2.0, REACH_PX * max(1.0, max(picture.shape) / 1280)))
    woodwork = members(corners)
    edges = [find_edge(colour, member, reach) for member in woodwork]
    edges = _alike(woodwork, edges, [find_outer(colour, member, reach) for member in woodwork])
    edges = [edge if edge and max(abs(edge.start_px), abs(edge.end_px)) <= reach else None for edge in edges]
    left, bar, right = (_moved(member, edge) for member, edge in zip(woodwork, edges, strict=True))
    tops = _meet(left, bar, corners[0]), _meet(right, bar, corners[1])
    feet = [_foot(colour, line, corners[i], reach) for line, i in ((right, 2), (left, 3))]
    refined = np.array([*tops, *(foot for foot, _ in feet)])
    step = refined - corners
    far = np.maximum(np.linalg.norm(step, axis=1, keepdims=True) / reach, 1.0)
    found = [EDGE_SIGMA_PX if edge else CLICK_SIGMA_PX for edge in edges]
    found += [GROUND_SIGMA_PX if seen else CLICK_SIGMA_PX for _, seen in feet]
    return corners + step / far, float(np.sqrt(np.mean(np.square(found))))


def find_edge(picture: Image, member: Member, reach: float) -> Edge | None:
    """Picture, member as clicked -> its inner edge within `reach` px, None where most of it does not show."""
    offsets, across = _contrast(picture, member, reach)
    sustained = 1 + int(ROPE * THINNEST * min(member.height_px) / STEP_PX)
    firsts = _first_rise(_lasting(across, max(3, sustained)), offsets, reach)
    line = _consensus(places(), firsts)
    if line is None:
        return None
    slope, at_start, agreed = line
    along = places()
    lines = zip(along, across, strict=True)
    straight = np.array([np.interp(offsets + at_start + slope * t, offsets, row) for t, row in lines])
    near = np.abs(firsts - at_start - slope * along) < 2 * ON_LINE_PX
    moved = _steepest(np.median(straight[near], axis=0), offsets)
    return Edge(at_start + moved, at_start + slope + moved, agreed)


def find_outer(picture: Image, member: Member, reach: float) -> Edge | None:
    """Picture, member as clicked -> the edge on its far side, offsets from the click outwards, None where not seen."""
    middle = (THINNEST + THICKEST) / 2 * np.array(member.height_px)
    start, end = member.start + middle[0] * member.outward, member.end + middle[1] * member.outward
    spare = (THICKEST - THINNEST) / 2 * max(member.height_px)
    edge = find_edge(picture, Member(start, end, -member.outward, member.height_px), reach + spare)
    return edge and Edge(float(middle[0] - edge.start_px), float(middle[1] - edge.end_px), edge.agreed)


def _alike(woodwork: Sequence[Member], inner: list[Edge | None], outer: list[Edge | None]) -> list[Edge | None]:
    """Members, their two edges -> inner edges, put right where one is too thin for the others' thickness.

    A round bar lit from above is dark underneath: against a dark background its lower edge is hard to see.
    """
    shares = [
        (b.start_px - a.start_px + b.end_px - a.end_px) / sum(member.height_px) if a and b else np.nan
        for member, a, b in zip(woodwork, inner, outer, strict=True)
    ]
    likely = [share for share in (min(shares[::2]), *shares) if THINNEST < share < THICKEST]
    if not likely:
        return inner
    usual, right = float(np.median(likely)), list(inner)
    for i, (member, share, far) in enumerate(zip(woodwork, shares, outer, strict=True)):
        if far is not None and not share > 0.85 * usual:
            near, away = member.height_px
            right[i] = Edge(far.start_px - usual * near, far.end_px - usual * away, far.agreed)
    return right


def _contrast(picture: Image, member: Member, reach: float) -> tuple[Floats, Floats]:
    """-> offsets (o,), and (CHUNKS, o) how far the colour there is from what is seen just inside the goal."""
    thickest = THICKEST * max(member.height_px)
    start = -reach - float(np.clip(BAND * min(member.height_px), 3.0, 14.0))
    seen = profiles(picture, member, (start, reach + thickest))
    offsets = np.asarray(start + STEP_PX * np.arange(seen.shape[1]), dtype=float)
    inside = np.median(seen[:, offsets <= -reach + STEP_PX], axis=1, keepdims=True)
    return offsets, np.sqrt(((seen - inside) ** 2).mean(axis=2))


def _lasting(across: Floats, steps: int) -> Floats:
    """(CHUNKS, o) -> the least contrast within `steps` from each offset outwards."""
    padded = np.pad(across, ((0, 0), (0, steps - 1)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, steps, axis=1).min(axis=2))


def _first_rise(across: Floats, offsets: Floats, reach: float) -> Floats:
    """(CHUNKS, o) -> (CHUNKS,) the first offset with a good part of the member's contrast, NaN where there is none."""
    within = offsets <= reach + 2 * STEP_PX
    wanted = np.clip(RISE * across[:, offsets > -reach].max(axis=1), FAINT, 3 * FAINT)
    risen = (across > wanted[:, None]) & within
    first = risen.argmax(axis=1)
    rows = np.arange(len(across))
    before = np.maximum(first - 1, 0)
    low, high = across[rows, before], across[rows, first]
    part = np.clip((wanted - low) / np.maximum(high - low, 1e-6), 0, 1)
    return np.where(risen.any(axis=1) & (first > 0), offsets[before] + part * STEP_PX, np.nan)


def _consensus(along: Floats, firsts: Floats) -> tuple[float, float, float] | None:
    """Places, offsets -> (slope, offset at the start, share agreeing) of the line through most of them."""
    one, two = np.triu_indices(len(along), 4)
    slope = (firsts[two] - firsts[one]) / (along[two] - along[one])
    gap = np.abs(firsts[None] - firsts[one][:, None] - slope[:, None] * (along[None] - along[one][:, None]))
    votes = np.where(np.isfinite(slope), np.clip(1 - gap / ON_LINE_PX, 0, None).T, 0.0)
    best = int(np.nansum(votes, axis=0).argmax())
    agree = gap[best] < ON_LINE_PX
    if not np.isfinite(slope[best]) or agree.mean() < ENOUGH:
        return None
    steep, start = np.polyfit(along[agree], firsts[agree], 1)
    return float(steep), float(start), float(agree.mean())


def _steepest(profile: Floats, offsets: Floats) -> float:
    """Straightened contrast across -> where it rises fastest within 1.5 px of offset 0, to a part of a step."""
    rise = np.gradient(profile)
    near = np.flatnonzero(np.abs(offsets) <= 1.5)
    peak = int(near[rise[near].argmax()])
    before, top, after = rise[peak - 1 : peak + 2]
    bend = before - 2 * top + after
    part = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(offsets[peak] + STEP_PX * np.clip(part, -1, 1))


def _moved(member: Member, edge: Edge | None) -> Member:
    """-> the member on its found edge, or as it was clicked."""
    if edge is None:
        return member
    start = member.start + edge.start_px * member.outward
    return Member(start, member.end + edge.end_px * member.outward, member.outward, member.height_px)


def _meet(one: Member, other: Member, clicked: Floats) -> Floats:
    """Two lines -> where they meet; the click where they are as good as parallel."""
    ways = np.stack([one.end - one.start, other.start - other.end], axis=1)
    if abs(np.linalg.det(ways)) < 0.1 * np.prod(np.linalg.norm(ways, axis=0)):
        return clicked
    return np.asarray(one.start + np.linalg.solve(ways, other.start - one.start)[0] * (one.end - one.start))


def _foot(picture: Image, post: Member, clicked: Floats, reach: float) -> tuple[Floats, bool]:
    """Post's inner edge, its foot as clicked -> foot on the edge, and whether the post was seen to end there."""
    along = (post.end - post.start) / float(np.linalg.norm(post.end - post.start))
    foot = post.start + along * float((clicked - post.start) @ along)
    wide = max(1.0, 0.035 * post.height_px[1])
    steps = np.arange(-3 * reach, 2 * reach + 0.1, STEP_PX)
    aside = np.linspace(0.25, 0.75, 5) * wide
    spots = foot + steps[:, None, None] * along + aside[:, None] * post.outward
    seen = colours(picture, spots).mean(axis=1)
    before, after = seen[steps < -1.5 * reach], seen[steps > 1.2 * reach]
    wood, ground = np.median(before, axis=0), np.median(after, axis=0)
    way = ground - wood
    if float(np.sqrt((way**2).mean())) < 18:
        return foot, False
    share = (seen - wood) @ way / float(way @ way)
    within = np.abs(steps) <= reach
    # One step from wood to ground explains the column best where the sum of squares on either side is least.
    cost = np.array([np.square(share[:i]).sum() + np.square(share[i:] - 1).sum() for i in range(len(share))])
    if not within[cost.argmin()]:
        return foot, False
    return foot + steps[int(cost.argmin())] * along, True
