"""Picture -> where the goal probably is: two posts and a bar that meet, or nothing.

Long straight edges make upright U's, however much of them a player hides; each is looked at for what speaks for
a goal there, and all of them together, with "none of these" among them, share out what is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from ..domain import Floats
from .complete import completed
from .cues import cues, favour
from .edges import content
from .refine import refine
from .uprights import uprights, wood
from .woodwork import Image

WORK_AREA = 1280 * 720  # pixels of the picture that is searched
SURE = 0.65  # P(these are its corners) from which a goal is offered
SAME = 0.8  # intersection over union from which two proposals mean one goal
SAME_PX = 2.0
# A net's edge or a player beside a post looks like one: of two goals with one post and one bar the wider is meant,
# if it is not much less likely itself.
WIDER, PART_OF, MUCH_LESS = 1.15, 2.0, 3.0


@dataclass(frozen=True, eq=False, slots=True)
class Proposal:
    """Inner corners TL TR BR BL, how sure a corner is, and `score`, the probability that these are a goal's corners."""

    corners_px: Floats
    sigma_px: float
    score: float


def propose(picture: Image, box_px: Floats | None = None) -> Proposal | None:
    """Picture (H, W, 3), box x0 y0 x1 y1 of a goal a detector saw -> the goal, None unless one stands out.

    Better on the median of several frames: who walks by is gone then.
    """
    ranked = candidates(picture, box_px)
    return ranked[0] if ranked and ranked[0].score >= SURE else None


def candidates(picture: Image, box_px: Floats | None = None) -> list[Proposal]:
    """Picture -> everything that looks like a goal, best first; only the first has its corners refined."""
    left, top, right, bottom = content(picture)
    part = picture[top:bottom, left:right]
    scale = min(1.0, (WORK_AREA / (part.shape[0] * part.shape[1])) ** 0.5)
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else part
    found = [
        (corners / scale + (left, top), favours)
        for corners, favours in _weighed(np.ascontiguousarray(small, dtype=np.uint8))
        if box_px is None or overlap(corners / scale + (left, top), _box_corners(box_px)) >= 0.4
    ]
    if not found:
        return []
    outlines, favours = np.array([one[0] for one in found]), np.array([one[1] for one in found])
    favours = _less_for_parts(outlines, favours)
    best = np.argsort(-favours)
    shares = _shares(outlines[best], favours[best])
    ranked = [Proposal(corners, 0.0, float(share)) for corners, share in zip(outlines[best], shares, strict=True)]
    return [_settled(picture, ranked[0]), *ranked[1:]]


def _weighed(work: Image) -> list[tuple[Floats, float]]:
    """Picture -> corners of all that may be a goal, and how much speaks for each."""
    maps, seen, found = wood(work), list[Floats](), list[tuple[Floats, float]]()
    for rough in uprights(work, maps):
        for corners in completed(work, maps, rough):
            if any(np.abs(corners - other).max() < SAME_PX for other in seen):
                continue
            seen.append(corners)
            told = cues(work, maps, corners)
            if told is not None:
                found.append((corners, favour(told)))
    return found


def _less_for_parts(outlines: Floats, favours: Floats) -> Floats:
    """(n, 4, 2), (n,) what speaks for each -> the same, less for what is a part of a wider goal."""
    wide = np.linalg.norm(outlines[:, 1] - outlines[:, 0], axis=1)
    less = favours.copy()
    for k, one in enumerate(outlines):
        near = max(0.03 * wide[k], 4.0)
        along = (one[1] - one[0]) / wide[k]
        on_bar = (np.abs((outlines[:, :2] - one[0]) @ [-along[1], along[0]]) < near).all(axis=1)
        wider = on_bar & (wide > WIDER * wide[k]) & (favours > favours[k] - MUCH_LESS)
        post = [
            (np.linalg.norm(outlines[:, top] - one[top], axis=1) < near)
            & (np.linalg.norm(outlines[:, foot] - one[foot], axis=1) < 4 * near)
            for top, foot in ((0, 3), (1, 2))
        ]
        less[k] -= PART_OF * float((wider & (post[0] | post[1])).any())
    return less


def _shares(outlines: Floats, favours: Floats) -> Floats:
    """Outlines, what speaks for each as a logarithm -> the probability of each, with all that mean the same goal.

    "None of these" has a logarithm of 0.
    """
    most = max(float(favours.max()), 0.0)
    weights = np.exp(favours - most)
    low, high = outlines.min(axis=1), outlines.max(axis=1)
    both = np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None])
    area, common = np.prod(high - low, axis=1), np.prod(np.maximum(both, 0), axis=2)
    same = common > SAME * (area[:, None] + area[None] - common)
    return np.asarray(same @ weights / (weights.sum() + np.exp(-most)))


def _settled(picture: Image, proposal: Proposal) -> Proposal:
    """-> the proposal with its corners refined on the whole picture."""
    reach = 0.06 * float(np.linalg.norm(proposal.corners_px[3] - proposal.corners_px[0]))
    corners, _ = refine(picture, proposal.corners_px, reach)
    corners, sigma = refine(picture, corners)
    return replace(proposal, corners_px=corners, sigma_px=sigma)


def _box_corners(box_px: Floats) -> Floats:
    x0, y0, x1, y1 = box_px
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def overlap(one: Floats, other: Floats) -> float:
    """Two (4, 2) -> intersection over union of the upright boxes around them."""
    low, high = np.maximum(one.min(axis=0), other.min(axis=0)), np.minimum(one.max(axis=0), other.max(axis=0))
    both = float(np.prod(np.maximum(high - low, 0)))
    return both / (float(np.prod(np.ptp(one, axis=0))) + float(np.prod(np.ptp(other, axis=0))) - both)
