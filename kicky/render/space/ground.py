"""What stands still in a replay: sky, mown grass, chalk, the goal with its net, the phone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ...domain import Floats
from ...synthetic.camera import Camera
from ...video import Image
from ..brush import Colour
from .canvas import Canvas
from .told import Told, worldly

SKY: Colour = (230, 224, 207)
GRASS: tuple[Colour, Colour] = ((67, 125, 61), (74, 135, 69))
CHALK: Colour = (239, 246, 244)
POST: tuple[Colour, Colour] = ((205, 210, 206), (250, 252, 250))
NET: Colour = (255, 255, 255)
DARK: Colour = (51, 47, 43)
NET_OPACITY, MESH_M, CHALK_M = 0.32, 0.28, 0.06
WIDE_M, FAR_M, NEAR_M, STRIPE_M, SHORT_M = 130.0, 110.0, -60.0, 5.0, 26.0
FOG_M = 55.0, 140.0  # where the haze begins, and where nothing else is left


def lay(image: Image, camera: Camera, told: Told) -> Canvas:
    """Image, what sees it, replay -> the canvas with sky, grass and chalk on it."""
    canvas = Canvas(image, camera)
    image[:] = SKY
    spot = told.spot()
    x, y = (0.0, 0.0) if told.goal else (float(spot[0]), float(spot[1]) - SHORT_M)
    for number, low in enumerate(np.arange(NEAR_M, FAR_M, STRIPE_M).tolist()):
        canvas.shape(_flat(x - WIDE_M, y + low, x + WIDE_M, y + low + STRIPE_M), GRASS[number % 2])
    _haze(image, camera)
    for line in told.lines:
        for ends in pairwise(line):
            along = ends[1] - ends[0]
            aside = CHALK_M * np.array([-along[1], along[0], 0.0]) / max(float(np.linalg.norm(along)), 1e-6)
            canvas.shape(np.array([ends[0] + aside, ends[1] + aside, ends[1] - aside, ends[0] - aside]), CHALK)
    return canvas


def _flat(x0: float, y0: float, x1: float, y1: float) -> Floats:
    return np.array([[x0, y0, 0.0], [x1, y0, 0.0], [x1, y1, 0.0], [x0, y1, 0.0]])


def _haze(image: Image, camera: Camera) -> None:
    """What is far fades into the sky; how far the ground is, is the same along a row of the picture."""
    down = (np.arange(len(image)) - len(image) / 2) / camera.focal_px
    fall = -(down * camera.rotation[1, 2] + camera.rotation[2, 2])
    with np.errstate(divide="ignore"):
        away = np.where(fall > 0, camera.position_m[2] / fall, 0.0)
    share = np.clip((away - FOG_M[0]) / (FOG_M[1] - FOG_M[0]), 0, 1)
    rows = np.flatnonzero(share > 0)
    if len(rows):
        k = share[rows, None, None]
        image[rows] = (image[rows] * (1 - k) + np.array(SKY) * k + 0.5).astype(np.uint8)


def goal_beams(told: Told) -> list[tuple[Floats, float]]:
    """Replay with a goal -> the ends (2, 3) and half the thickness of its posts and its bar."""
    goal = told.goal
    thick = goal["post"] / 2
    half, high = goal["width"] / 2 + thick, goal["height"] + thick
    return [
        (np.array([[-half, 0, 0], [-half, 0, high]]), thick), (np.array([[half, 0, 0], [half, 0, high]]), thick),
        (np.array([[-half - thick, 0, high], [half + thick, 0, high]]), thick),
    ]  # fmt: skip


def beam(canvas: Canvas, ends: Floats, thick: float) -> None:
    """A post or the bar, rounded by a lighter middle."""
    canvas.beam(ends, thick, POST[0])
    canvas.beam(ends, thick, POST[1], share=0.55)


def cords(told: Told) -> list[Floats]:
    """Replay with a goal -> the lines (2, 3) of its net."""
    goal = told.goal
    half, high = goal["width"] / 2 + goal["post"] / 2, goal["height"] + goal["post"] / 2
    sides = [np.array([[x, 0, 0], [x, 0, high], [x, -goal["top"], high], [x, -goal["deep"], 0]]) for x in (-half, half)]
    left, right = sides
    sheets = ((left[2], right[2], right[3], left[3]), (left[1], right[1], right[2], left[2]), left, right)
    return [line for sheet in sheets for line in _sheet(*sheet)]


def _sheet(a: Floats, b: Floats, c: Floats, d: Floats) -> list[Floats]:
    """Corners in turn -> lines both ways between them."""

    def between(p: Floats, q: Floats, r: Floats, s: Floats) -> list[Floats]:
        count = max(2, round(float(np.linalg.norm(q - p)) / MESH_M))
        return [np.array([p + k * (q - p), s + k * (r - s)]) for k in np.linspace(0, 1, count + 1)]

    return between(a, b, c, d) + between(a, d, c, b)


def phone(canvas: Canvas, told: Told) -> None:
    """The phone on its stand."""
    at, right, up = (worldly(told.phone[name]) for name in ("at", "right", "up"))
    canvas.beam(np.array([at * (1, 1, 0), at]), 0.02, DARK)
    canvas.shape(at + np.array([-0.16 * right + 0.09 * up, 0.16 * right + 0.09 * up, 0.16 * right - 0.09 * up,
                                -0.16 * right - 0.09 * up]), DARK)  # fmt: skip
