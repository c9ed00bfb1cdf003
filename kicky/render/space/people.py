"""Joints -> a rounded figure; a place on the ground -> a plain one; the ball. What is a guess shines through."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np

from ...body.limbs import ARMS, HEAD, HIPS, LEGS, SHOULDERS
from ...domain import Bools, Floats
from ...synthetic.camera import Camera
from ...synthetic.solids import Colour, Light, Patch, Raster, Surface, bar, box_around
from ...video import Image

SUN = np.array([[-6.0, 9.0, 14.0]]) / np.linalg.norm([-6.0, 9.0, 14.0])
LIGHT = Light(SUN, np.array([0.5]), (0.9, 0.96, 1.0), (0.74, 0.74, 0.74))
CLAY, SHORTS, BOOTS, GREY, SHIRT = (161, 179, 199), (64, 53, 42), (42, 38, 34), (156, 163, 154), "#d9822b"
GUESS, PALE, PLAIN = 0.5, 0.45, 0.75  # how opaque: what is a guess; grey; somebody whose place alone is known
MIXED = 0.45  # of grey in a plain figure's shirt
LEG = ((0.092, 0.066, "shorts"), (0.062, 0.043, "shirt"), (0.048, 0.036, "boots"))
ARM = ((0.058, 0.045, "shirt"), (0.043, 0.034, "clay"))
"""Half as thick as a grown player is at either end of a bone, and what it is clad in."""
BONES = tuple(
    (*ends, *looks)
    for sides, parts in ((LEGS, LEG), (ARMS, ARM))
    for side in sides.values()
    for ends, looks in zip(pairwise(side), parts, strict=True)
)
OUTLINE = np.array([(0.02, 0.15), (0.12, 0.12), (0.5, 0.1), (0.9, 0.15), (1.25, 0.2), (1.4, 0.17), (1.53, 0.055)])
SPOTS = np.array([
    (0, 0, 1), (0, 0, -1), *((np.cos(a), np.sin(a), 0.5) for a in np.arange(0, 2 * np.pi, 2 * np.pi / 5)),
    *((np.cos(a), np.sin(a), -0.5) for a in np.arange(np.pi / 5, 2 * np.pi, 2 * np.pi / 5)),
])  # fmt: skip
SPOTS /= np.linalg.norm(SPOTS, axis=1)[:, None]


def bgr(told: str) -> Colour:
    """'#rrggbb' -> blue, green, red.

    >>> bgr("#d9822b")
    (43, 130, 217)
    """
    red, green, blue = (int(told[k : k + 2], 16) for k in (1, 3, 5))
    return blue, green, red


class Figure:
    """(colour of the shirt, '' for one that was not seen)."""

    def __init__(self, colour: str) -> None:
        self._looks: dict[str, Colour] = {"shirt": bgr(colour or SHIRT), "shorts": SHORTS, "boots": BOOTS, "clay": CLAY}

    def draw(self, image: Image, camera: Camera, joints_m: Floats, seen: Bools | None) -> None:
        """Joints (15, 3), which were seen, None where the body was not measured -> the figure on the image."""
        eye = camera.eye(joints_m)
        margin = 0.3 * camera.focal_px / max(float(eye[:, 2].min()), 0.3)
        box = box_around(camera.to_px(eye), margin, camera.size_wh_px)
        if box is None:
            return
        sure, guess = Patch(box), Patch(box)

        def put(ends: Floats, radii: tuple[float, ...], clad: str, known: bool, flat: float = 1.0) -> None:
            paint = GREY if seen is None else self._looks[clad]
            bar(sure if known else guess, camera, LIGHT, ends, radii, paint, flat)

        def known(*joints: int) -> bool:
            return seen is not None and bool(seen[list(joints)].all())

        for a, b, top, low, clad in BONES:
            put(eye[[a, b]], (top, low), clad, known(a, b))
        _trunk(camera, eye, known, put)
        lay_over(image, guess, sure, GUESS if seen is not None else PALE)


Put = Callable[[Floats, tuple[float, ...], str, bool, float], None]


def _trunk(camera: Camera, eye: Floats, known: Callable[..., bool], put: Put) -> None:
    """Pelvis, trunk, neck and head: wider than deep, so what is seen of their width hangs on how they are turned."""
    low, high = eye[list(HIPS)].mean(axis=0), eye[list(SHOULDERS)].mean(axis=0)
    spine = (high - low) / max(float(np.linalg.norm(high - low)), 1e-6)
    px = camera.to_px(np.stack([low, high]))
    along = (px[1] - px[0]) / max(float(np.hypot(*(px[1] - px[0]))), 1e-6)
    square = np.array([-along[1], along[0]])

    def wide(pair: tuple[int, int], half: float, deep: float) -> float:
        axis = eye[pair[1]] - eye[pair[0]]
        share = min(abs(float(axis[:2] @ square)) / max(float(np.linalg.norm(axis)), 1e-6), 1.0)
        return float(np.hypot(half * share, deep * np.sqrt(1 - share * share)))

    hip, shoulder = (float(np.linalg.norm(eye[a] - eye[b])) / 2 for a, b in (HIPS, SHOULDERS))
    seat = wide(HIPS, hip + 0.065, 0.113)
    put(np.stack([low - 0.06 * spine, low + 0.06 * spine]), (0.9 * seat, seat), "shorts", known(*HIPS), 0.55)
    rows = (
        wide(HIPS, hip + 0.055, 0.106), wide(HIPS, 0.5 * (hip + shoulder) + 0.012, 0.104),
        wide(SHOULDERS, 0.9 * shoulder, 0.118), wide(SHOULDERS, shoulder + 0.02, 0.112),
    )  # fmt: skip
    put(np.stack([low + 0.05 * spine, high]), rows, "shirt", known(*SHOULDERS, *HIPS), 0.35)
    head, up = eye[HEAD], eye[HEAD] - high
    up = up / max(float(np.linalg.norm(up)), 1e-6)
    put(np.stack([high, high + 0.8 * (head - high)]), (0.056, 0.05), "clay", known(HEAD), 1.0)
    put(np.stack([head - 0.025 * up, head + 0.025 * up]), (0.096, 0.1), "clay", known(HEAD), 1.0)


def plain(image: Image, camera: Camera, at: Floats, colour: str) -> None:
    """(2,) where somebody stands whose pose is not known -> a plain figure there."""
    mixed = (1 - MIXED) * np.array(bgr(colour) if colour else GREY) + MIXED * np.array(GREY)
    heights = [*OUTLINE[:, 0], 1.63, 1.64]
    eye = camera.eye(np.column_stack([np.tile(at, (len(heights), 1)), heights]))
    box = box_around(camera.to_px(eye), 0.3 * camera.focal_px / max(float(eye[:, 2].min()), 0.3), camera.size_wh_px)
    if box is None:
        return
    patch = Patch(box)
    blue, green, red = mixed.tolist()
    for ends, radii in zip(pairwise(eye[:-2]), pairwise(OUTLINE[:, 1].tolist()), strict=True):
        bar(patch, camera, LIGHT, np.array(ends), radii, (blue, green, red), 0.3)
    bar(patch, camera, LIGHT, eye[-2:], (0.12, 0.12), (blue, green, red))
    lay_over(image, patch, Patch(box), PLAIN)


def ball(image: Image, camera: Camera, at_m: Floats, radius_m: float, grey: bool) -> None:
    """(3,) -> the ball there: white with dark spots, or grey where it was not seen any more."""
    eye = camera.eye(at_m)
    box = box_around(
        camera.to_px(eye)[None], 1.5 * radius_m * camera.focal_px / max(float(eye[2]), 0.2) + 2, camera.size_wh_px
    )
    if box is None:
        return
    patch = Patch(box)
    turned = SPOTS @ camera.rotation.T

    def leather(surface: Surface) -> Raster:
        spots = np.max([surface.facing(spot) for spot in turned], axis=0)
        ink = np.clip((spots - 0.93) * 40, 0, 1)[..., None]
        return np.asarray(ink * np.float32(44) + (1 - ink) * np.float32(252), dtype=np.float32)

    bar(patch, camera, LIGHT, np.stack([eye, eye]), (radius_m, radius_m), GREY if grey else leather)
    lay_over(image, *((patch, Patch(box)) if grey else (Patch(box), patch)), 0.55)


def lay_over(image: Image, guess: Patch, sure: Patch, opacity: float) -> None:
    """What is a guess and what is sure, of one rectangle -> both on the image, the nearer before the farther."""
    part = image[sure.y0 : sure.y1, sure.x0 : sure.x1]
    before = (guess.depth < sure.depth).astype(np.float32) * np.float32(opacity)
    whole = part.astype(np.float32)
    for patch, shown in ((guess, np.float32(opacity) - before), (sure, np.float32(1.0)), (guess, before)):
        if patch.alpha.any():
            whole += (patch.colour - whole * patch.alpha[..., None]) * np.broadcast_to(shown, patch.alpha.shape)[
                ..., None
            ]
    part[:] = cv2.convertScaleAbs(whole)
