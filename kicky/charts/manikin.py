"""Joints -> a body of tubes: the corners and faces of its limbs, in metres. Plain numbers, no figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ..body.limbs import ARMS, HEAD, HIPS, LEGS, SHOULDERS

Point = tuple[float, float, float]
SIDES = 8
# Half as thick as a grown player is there, metres: from a limb's upper end to its lower.
LEG_M, ARM_M = (0.085, 0.058, 0.042, 0.03), (0.052, 0.04, 0.03)
WAIST_M, DEEP_M, NECK_M, HEAD_M = 0.8, 0.62, 0.05, 0.115  # of the trunk: shares of its half width


class Mesh(NamedTuple):
    """Corners, and three rows of them for each face."""

    corners: list[Point]
    faces: list[tuple[int, int, int]]


def side(joints: Sequence[Point], which: str) -> Mesh:
    """15 joints, kicking or standing -> that leg and arm."""
    mesh = Mesh([], [])
    for chain, thick in ((LEGS[which], LEG_M), (ARMS[which], ARM_M)):
        _limb(mesh, [joints[joint] for joint in chain], thick)
    return mesh


def trunk(joints: Sequence[Point]) -> Mesh:
    """15 joints -> trunk, neck and head."""
    mesh = Mesh([], [])
    hips, shoulders = ([joints[joint] for joint in pair] for pair in (HIPS, SHOULDERS))
    low, high = (_between(pair[0], pair[1], 0.5) for pair in (hips, shoulders))
    half = [math.dist(*pair) / 2 for pair in (hips, shoulders)]
    up = _unit(_less(high, low))
    widths = (half[0] + 0.06, WAIST_M * (half[0] + half[1]) / 2, half[1] + 0.03, 0.6 * half[1])
    rings = []
    for share, width in zip((-0.08, 0.4, 0.93, 1.04), widths, strict=True):
        along = _less(_between(hips[1], shoulders[1], share), _between(hips[0], shoulders[0], share))
        deep = _unit(_cross(along, up))
        across = _unit(_cross(up, deep))
        rings.append(_ring(_between(low, high, share), _times(across, width), _times(deep, DEEP_M * widths[1])))
    _loft(mesh, rings)
    _limb(mesh, [high, joints[HEAD]], (NECK_M, NECK_M))
    _ball(mesh, joints[HEAD], HEAD_M, 10)
    return mesh


def everything(joints: Sequence[Point]) -> Mesh:
    """15 joints -> the whole body as one."""
    mesh = Mesh([], [])
    for part in (side(joints, "kicking"), side(joints, "standing"), trunk(joints)):
        start = len(mesh.corners)
        mesh.corners.extend(part.corners)
        mesh.faces.extend((a + start, b + start, c + start) for a, b, c in part.faces)
    return mesh


def sphere(middle: Point, radius: float) -> Mesh:
    """-> a ball."""
    mesh = Mesh([], [])
    _ball(mesh, middle, radius, 20)
    return mesh


def _limb(mesh: Mesh, joints: Sequence[Point], thick: Sequence[float]) -> None:
    """Joints from the upper end down, half as thick as the limb is there -> its bones, round at the joints."""
    for (one, other), (wide, narrow) in zip(pairwise(joints), pairwise(thick), strict=True):
        along = _unit(_less(other, one))
        aside = _unit(_cross(along, (0.0, 0.0, 1.0) if abs(along[2]) < 0.9 else (1.0, 0.0, 0.0)))
        third = _cross(along, aside)
        # A ring somewhat beyond either end, and thinner: an edge rounded off, so that no joint gapes.
        ends = ((one, -0.7 * wide, 0.6), (one, 0.0, 1.0), (other, 0.0, 1.0), (other, 0.7 * narrow, 0.6))
        rings = []
        for (at, beyond, share), size in zip(ends, (wide, wide, narrow, narrow), strict=True):
            middle = _plus(at, _times(along, beyond))
            rings.append(_ring(middle, _times(aside, share * size), _times(third, share * size)))
        _loft(mesh, rings)


def _ring(middle: Point, across: Point, deep: Point, sides: int = SIDES) -> list[Point]:
    turns = (2 * math.pi * step / sides for step in range(sides))
    return [_plus(middle, _plus(_times(across, math.cos(a)), _times(deep, math.sin(a)))) for a in turns]


def _loft(mesh: Mesh, rings: Sequence[Sequence[Point]]) -> None:
    """Rings -> the skin between them, closed at both ends."""
    start, sides = len(mesh.corners), len(rings[0])
    for ring in rings:
        mesh.corners.extend(ring)
    for number in range(len(rings) - 1):
        for step in range(sides):
            a, b = start + sides * number + step, start + sides * number + (step + 1) % sides
            mesh.faces.extend([(a, b, a + sides), (b, b + sides, a + sides)])
    last = start + sides * (len(rings) - 1)
    for step in range(1, sides - 1):
        mesh.faces.extend([(start, start + step, start + step + 1), (last, last + step, last + step + 1)])


def _ball(mesh: Mesh, middle: Point, radius: float, sides: int) -> None:
    rings = []
    for step in range(1, sides):
        angle = math.pi * (step - 0.5) / (sides - 1)
        size = radius * math.sin(angle)
        at = _plus(middle, (0.0, 0.0, radius * math.cos(angle)))
        rings.append(_ring(at, (size, 0.0, 0.0), (0.0, size, 0.0), sides))
    _loft(mesh, rings)


def _plus(a: Point, b: Point) -> Point:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _less(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _times(a: Point, factor: float) -> Point:
    return a[0] * factor, a[1] * factor, a[2] * factor


def _between(a: Point, b: Point, share: float) -> Point:
    return _plus(a, _times(_less(b, a), share))


def _cross(a: Point, b: Point) -> Point:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _unit(a: Point) -> Point:
    return _times(a, 1 / max(math.hypot(*a), 1e-9))
