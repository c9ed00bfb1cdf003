"""Angles at the joints they are measured at: the number, and an arc where the picture shows it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..domain import Floats, Foot, Measure, Report
from ..measures.ranges import Flag, flag
from ..shown import rough
from . import brush
from .brush import AMBER, GREEN, INK, SKY, WHITE, Colour
from .close import CloseUp

HIPS, SHOULDERS = (23, 24), (11, 12)
LEGS = {Foot.LEFT: (23, 25, 27), Foot.RIGHT: (24, 26, 28)}
ALIKE_DEG = 15.0
UNITS = {"deg": (1.0, "°"), "m": (100.0, " cm")}
PALE: Colour = (186, 198, 188)
FLAGS: dict[Flag | None, Colour] = {
    Flag.IN: GREEN, Flag.LOW: AMBER, Flag.HIGH: AMBER, Flag.UNCLEAR: PALE, None: SKY,
}  # fmt: skip


def draw(close: CloseUp, report: Report, size: int, off: Sequence[Floats] = ()) -> None:
    """Still at contact, letters' height, pixels to keep clear of -> the body's measured angles beside their joints.

    They are angles in space. An arc is drawn where the picture shows about the same one; elsewhere it would lie, and
    the number stands alone.
    """
    pose, foot = report.shot.pose, report.foot.foot
    row = pose.at(close.number) if pose is not None else None
    if pose is None or row is None:
        return
    body = close.px(pose.landmarks_px[row])
    given = {measure.name: measure for measure in report.measures if measure.value is not None}
    taken = [*off, *(body[joint] for joint in (0, *range(11, 17), *LEGS[Foot.LEFT], *LEGS[Foot.RIGHT]))]
    if (lean := given.get("trunk_lean")) is not None:
        hips, shoulders = body[list(HIPS)].mean(axis=0), body[list(SHOULDERS)].mean(axis=0)
        up = hips - [0.0, float(np.linalg.norm(shoulders - hips))]
        if _shows(lean, (shoulders, hips, up)):
            brush.line(close.image, np.array([hips, up]), WHITE, max(1, size // 12), edge=False)
            brush.line(close.image, np.array([hips, shoulders]), FLAGS[None], max(2, size // 9))
        _angle(close, lean, (shoulders, hips, up), size, taken, [(1.0, -0.7), (-1.0, -0.7), (0.0, -1.3)])
    if foot in LEGS:
        other = Foot.RIGHT if foot is Foot.LEFT else Foot.LEFT
        for name, side, beside in (("kicking_knee", foot, other), ("support_knee", other, foot)):
            if name in given:
                hip, knee, ankle = (body[joint] for joint in LEGS[side])
                out = 1.0 if knee[0] >= body[LEGS[beside][1]][0] else -1.0
                places = [(out, 0.0), (out, 0.6), (-out, 0.0), (-out, 0.6), (out, -0.6), (-out, -0.6)]
                _angle(close, given[name], (hip, knee, ankle), size, taken, places)


def number(measure: Measure) -> str:
    """Measure with a value -> it as the card shows it, a rough one marked.

    >>> number(Measure("support_knee", "deg", 136, 130, 142)), number(Measure("last_step", "m", 1.24, 0.8, 1.7))
    ('136°', '≈ 124 cm')
    """
    factor, unit = UNITS.get(measure.unit, (1.0, f" {measure.unit}"))
    mark = "≈ " if rough(measure.name, measure.low, measure.high) else ""
    return f"{mark}{factor * (measure.value or 0.0) + 0.0:.0f}{unit}".replace("-", "−")


def _arms(at: tuple[Floats, Floats, Floats]) -> tuple[float, float, float, float]:
    """One arm's end, the joint, the other's -> in the picture: the turn from one to the other, its start, lengths."""
    one, other = (end - at[1] for end in (at[0], at[2]))
    start, end = (float(np.arctan2(arm[1], arm[0])) for arm in (one, other))
    turn = (end - start + np.pi) % (2 * np.pi) - np.pi
    return turn, start, float(np.linalg.norm(one)), float(np.linalg.norm(other))


def _shows(measure: Measure, at: tuple[Floats, Floats, Floats]) -> bool:
    """-> whether the picture's own angle is about the one measured."""
    return bool(abs(np.degrees(abs(_arms(at)[0])) - abs(measure.value or 0.0)) <= ALIKE_DEG)


def _angle(
    close: CloseUp, measure: Measure, at: tuple[Floats, Floats, Floats], size: int,
    taken: list[Floats], places: Sequence[tuple[float, float]],
) -> None:  # fmt: skip
    """Measure, one arm's end, the joint, the other's -> its number in the first of `places` that is free, and an arc.

    A place is so many steps from the joint, across and down.
    """
    joint, (turn, start, *lengths) = at[1], _arms(at)
    if not np.isfinite(lengths).all() or min(lengths) < 2:
        return
    colour, radius = FLAGS[flag(measure)], 0.45 * min(lengths)
    if _shows(measure, at):
        sweep = start + turn * np.linspace(0, 1, 24)
        arc = joint + radius * np.column_stack([np.cos(sweep), np.sin(sweep)])
        brush.line(close.image, arc, colour, max(2, size // 9))
    sprite = brush.tag(number(measure), size, WHITE, INK, colour)
    wide, high = sprite[0].shape[1], sprite[0].shape[0]
    steps = np.array([radius + 0.75 * wide, max(lengths) + 0.9 * high])
    middle = _free(close, joint + np.array(places) * steps, (wide, high), taken)
    brush.line(close.image, np.array([joint, middle]), colour, max(1, size // 18), edge=False)
    brush.dot(close.image, joint, size / 6, colour)
    brush.paste(close.image, sprite, middle[0] - wide / 2, middle[1] - high / 2)


def _free(close: CloseUp, middles: Floats, size_wh: tuple[int, int], taken: list[Floats]) -> Floats:
    """(n, 2) where a label's middle may be -> (2,) the first that is clear of what stands, or the clearest."""
    half, room = np.array(size_wh) / 2, np.array(close.image.shape[1::-1], dtype=float)
    inside = np.clip(middles, half + 4, np.maximum(room - half - 4, half + 4))
    away = np.abs(inside[:, None] - np.array(taken)[None]) / (2 * half)  # in labels
    clear = np.minimum(np.nanmin(away.max(axis=2), axis=1), 0.75)
    middle: Floats = inside[clear.argmax()]
    taken.append(middle)
    return middle
