"""Posts and bar in the picture: a goal's members as strips that differ from what lies on either side.

A frame is held as three inner edges, left post, bar and right post, each a segment from its first to its
last point, and one thickness as a share of the post's height: perspective makes the nearer post thicker.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Floats

Image = NDArray[np.uint8]

# Post or bar over inner height: 0.12 m of 2.44 m is 0.049, youth goals of 0.06 to 0.1 m lie between.
THINNEST, THICKEST = 0.025, 0.085
CHUNKS = 16
TRIM = 0.06  # of a member's length at both ends, where members meet
STEP_PX = 0.5


@dataclass(frozen=True, slots=True)
class Member:
    """An inner edge from `start` to `end`, which way is out of the goal, and the local height of the goal at each."""

    start: Floats
    end: Floats
    outward: Floats
    height_px: tuple[float, float]


def members(corners_px: Floats) -> tuple[Member, Member, Member]:
    """(4, 2) TL TR BR BL -> left post, bar, right post."""
    top_left, top_right, bottom_right, bottom_left = corners_px
    left, right = (float(np.linalg.norm(post)) for post in (bottom_left - top_left, bottom_right - top_right))
    return (
        _member(top_left, bottom_left, top_right - top_left, (left, left)),
        _member(top_left, top_right, bottom_left - top_left, (left, right)),
        _member(top_right, bottom_right, top_left - top_right, (right, right)),
    )


def _member(start: Floats, end: Floats, inward: Floats, height_px: tuple[float, float]) -> Member:
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    across = np.array([-along[1], along[0]])
    return Member(start, end, -across * np.sign(across @ inward), height_px)


def colours(picture: Image, spots: Floats) -> Floats:
    """Picture (H, W, 3), places (..., 2) in px -> (..., 3) colours there, the border's own beyond it."""
    flat = spots.astype(np.float32)
    seen = cv2.remap(picture, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=float)


def across(
    picture: Image, start: Floats, end: Floats, outward: Floats, span: tuple[float, float], parts: int
) -> Floats:
    """-> (parts, o, 3) colours across the line, averaged along each part; offsets span[0], + STEP_PX, … span[1]."""
    each = max(1, int(np.ceil(float(np.linalg.norm(end - start)) / parts)))
    along = (np.arange(parts * each) + 0.5) / (parts * each)
    offsets = np.arange(span[0], span[1] + STEP_PX / 2, STEP_PX)
    spots = (start + along[:, None] * (end - start))[:, None] + offsets[:, None] * outward
    return np.asarray(colours(picture, spots).reshape(parts, each, len(offsets), 3).mean(axis=1))


def profiles(picture: Image, member: Member, span: tuple[float, float]) -> Floats:
    """Picture, member, offsets outwards from and to -> (CHUNKS, o, 3) colours across it, its ends left out."""
    trim = TRIM * (member.end - member.start)
    return across(picture, member.start + trim, member.end - trim, member.outward, span, CHUNKS)


def places() -> Floats:
    """-> (CHUNKS,) where along a member, 0..1, each chunk of its profiles lies."""
    return TRIM + (1 - 2 * TRIM) * (np.arange(CHUNKS) + 0.5) / CHUNKS
