"""Body -> a small drawing of it from the side, on a still that was not filmed from there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..body import stance
from ..body.limbs import ARMS, BALL_RADIUS_M, HEAD, LEGS, SHOULDERS, TRUNK
from ..domain import Body, Floats, Report
from . import brush
from .brush import SUN, WHITE, Colour
from .close import CloseUp

MARK = ("worked out,", "seen from the side")
SIDE_DEG = 30.0  # a film that looks so nearly across the shot's way shows the side itself
LIKELY = 6
PAPER: Colour = (30, 38, 25)
GRASS: Colour = (92, 124, 74)
FAINT: Colour = (104, 116, 100)
PALE: Colour = (186, 198, 188)
AHEAD_M, ROOM_M, BAR_M = 0.55, 0.12, 0.5  # the arrow's end, what is left about the body, the scale bar


def draw(close: CloseUp, report: Report, size: int) -> list[Floats]:
    """Still at contact, letters' height -> the body from the side in a corner of it; (2,) pixels all over that corner,
    to be kept clear by what is drawn next. None, and no drawing, where there is no body or it is filmed from there."""
    body = report.shot.body
    if body is None or stance.aside_deg(body) < SIDE_DEG:
        return []
    small = max(12, round(0.55 * size))
    about, likely = from_side(body)
    width = max(brush.text_width(MARK[1], small, 500) + 2 * small, round(0.34 * close.image.shape[1]))
    low, high = _reach(about)
    scale = (width - 1.2 * small) / (high[0] - low[0])
    foot = round(4.9 * small)
    box = _corner(close, report, (width, round(scale * (high[1] - low[1]) + foot)))
    brush.block(close.image, box, round(0.6 * small), PAPER, 0.9)
    base = box[1] + box[3] - foot
    onto = np.array([box[0] + 0.6 * small - scale * low[0], base])
    _body(close, [onto + each * (scale, -scale) for each in (about, *likely)], max(2, round(0.028 * width)))
    _ground(close, box, onto, scale, -1.0 if body.p_left > 0.5 else 1.0)
    _words(close, box, base, scale, small)
    across, down = (np.linspace(start, start + long, 9) for start, long in ((box[0], box[2]), (box[1], box[3])))
    return list(np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2))


def from_side(body: Body) -> tuple[Floats, list[Floats]]:
    """Body -> (15, 2) its joints at contact as seen from the kicking side, metres from the ball along and up; likely
    ones, (10, 2) each. A left-footer is seen from the left: the ball goes to the left."""
    along = -1.0 if body.p_left > 0.5 else 1.0
    flat = stance.about_ball(body, body.joints_m[body.contact])[:, 1:] * (along, 1.0)
    return flat, [each[:, 1:] * (along, 1.0) for each in stance.likely(body, LIKELY)]


def _reach(about: Floats) -> tuple[Floats, Floats]:
    """Joints -> the corners of what is to be seen: body, ball and arrow, whichever way it goes."""
    way = AHEAD_M if about[:, 0].mean() < 0 else -AHEAD_M
    seen = np.vstack([about, [(way, 0.0), (-np.sign(way) * BALL_RADIUS_M, 0.0)]])
    return seen.min(axis=0) - (ROOM_M, 0.0), seen.max(axis=0) + (ROOM_M, 2 * ROOM_M)


def _corner(close: CloseUp, report: Report, size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    """Width, height -> x, y, width, height of the corner where it hides least of the body; never the labelled one."""
    wide, high = size_wh
    tall, across = close.image.shape[:2]
    edge = round(0.02 * across)
    right, low = across - wide - edge, tall - high - edge
    shot = report.shot
    points = [close.px(shot.ball.centre_px[close.number])[None]]
    row = shot.pose.at(close.number) if shot.pose is not None else None
    if shot.pose is not None and row is not None:
        points.append(close.px(shot.pose.landmarks_px[row]))
    seen = np.concatenate(points)

    def hidden(x: int, y: int) -> int:
        inside = (seen >= (x, y)) & (seen <= (x + wide, y + high))
        return int(inside.all(axis=1).sum())

    x, y = min(((right, low), (edge, low), (right, edge)), key=lambda corner: hidden(*corner))
    return x, y, wide, high


def _body(close: CloseUp, bodies: Sequence[Floats], width: int) -> None:
    """Pixels of the body and of likely ones -> their limbs: the kicking side is the nearer one, and in colour."""
    body, *likely = bodies
    for other in likely:
        for chain in (*LEGS.values(), TRUNK):
            brush.line(close.image, other[list(chain)], FAINT, 1, edge=False)
    neck = np.array([body[list(SHOULDERS)].mean(axis=0), body[HEAD]])
    for side, colour in (("standing", WHITE), ("kicking", SUN)):
        for chain in (LEGS[side], ARMS[side]):
            brush.line(close.image, body[list(chain)], colour, width)
        if side == "standing":
            brush.line(close.image, body[list(TRUNK)], WHITE, width)
            brush.line(close.image, neck, WHITE, width)
    brush.dot(close.image, body[HEAD], 2.2 * width, WHITE)


def _ground(close: CloseUp, box: tuple[int, int, int, int], onto: Floats, scale: float, along: float) -> None:
    """The ground, the ball in its size, and an arrow the way it goes."""
    thick = max(2, round(0.012 * box[2]))
    ends = np.array([[box[0] + thick, onto[1] + thick], [box[0] + box[2] - thick, onto[1] + thick]])
    brush.line(close.image, ends, GRASS, 2 * thick, edge=False)
    middle, tip = onto - (0.0, scale * BALL_RADIUS_M), onto + (along * scale * AHEAD_M, -scale * BALL_RADIUS_M)
    brush.line(close.image, np.array([middle, tip]), PALE, thick, edge=False)
    barbs = [tip + (-along * 0.07 * scale, up * 0.05 * scale) for up in (-1.0, 1.0)]
    brush.line(close.image, np.array([barbs[0], tip, barbs[1]]), PALE, thick, edge=False)
    brush.dot(close.image, middle, scale * BALL_RADIUS_M, WHITE)


def _words(close: CloseUp, box: tuple[int, int, int, int], base: float, scale: float, small: int) -> None:
    """What it is, and half a metre to measure by."""
    left, y = box[0] + 0.8 * small, base + 1.1 * small
    bar = np.array([[left, y], [left + BAR_M * scale, y]])
    brush.line(close.image, bar, PALE, 2, edge=False)
    for end in bar:
        brush.line(close.image, np.array([end - (0, 0.25 * small), end + (0, 0.25 * small)]), PALE, 2, edge=False)
    brush.words(close.image, "50 cm", left + BAR_M * scale + 0.5 * small, y + 0.36 * small, small, 500, PALE)
    for number, text in enumerate(MARK):
        brush.words(close.image, text, left, base + (2.75 + 1.25 * number) * small, small, 500, WHITE)
