"""A picture and what is in it, as it is learned from: classes, boxes, outlines, and who said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import cv2
import numpy as np

from ..domain import Bools

BALL, PLAYER, GOAL = CLASSES = ("ball", "player", "goal")
WITH_BALL, IN_GOAL = INTERACTIONS = ("player_with_ball", "ball_in_goal")
BASE = {WITH_BALL: PLAYER, IN_GOAL: BALL} | {name: name for name in CLASSES}
"""What a class is when interactions are not asked for."""
PERSON = "person"
"""The source of what a human drew."""

Box = tuple[float, float, float, float]
Outline = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing in a picture. `box_px` is x0 y0 x1 y1; `outline_px` are closed polygons x y x y …, none: box only.

    `origin` says where it comes from: source, model, revision, score, prompt, agreement.
    """

    label: str
    box_px: Box
    outline_px: tuple[Outline, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)

    def polygons(self) -> tuple[Outline, ...]:
        """-> its outline; without one an ellipse for a ball, the box for anything else."""
        if self.outline_px:
            return self.outline_px
        x0, y0, x1, y1 = self.box_px
        if BASE.get(self.label) != BALL:
            return ((x0, y0, x1, y0, x1, y1, x0, y1),)
        turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        round_ = np.column_stack(
            [(x0 + x1) / 2 + (x1 - x0) / 2 * np.cos(turn), (y0 + y1) / 2 + (y1 - y0) / 2 * np.sin(turn)]
        )
        return (tuple(round_.ravel().round(2).tolist()),)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a data set: `file` within its folder, the clip (its hash) and frame it was taken from."""

    file: str
    split: str
    clip: str
    frame: int
    time_s: float
    size_wh_px: tuple[int, int]
    things: tuple[Thing, ...]

    def to_json(self) -> dict[str, Any]:
        """-> plain values."""
        return asdict(self)


def picture_from_json(values: Mapping[str, Any]) -> Picture:
    """What `to_json` gave -> the picture."""
    width, height = values["size_wh_px"]
    things = tuple(thing_from_json(thing) for thing in values["things"])
    return Picture(**{**values, "size_wh_px": (int(width), int(height)), "things": things})


def thing_from_json(values: Mapping[str, Any]) -> Thing:
    """Plain values -> the thing."""
    x0, y0, x1, y1 = (float(value) for value in values["box_px"])
    outline = tuple(tuple(float(v) for v in polygon) for polygon in values.get("outline_px", ()))
    return Thing(str(values["label"]), (x0, y0, x1, y1), outline, dict(values.get("origin", {})))


def outline_of(mask: Bools) -> tuple[Outline, ...]:
    """(H, W) mask -> its outer polygons, the edge of a pixel being half a pixel from its centre; specks left out."""
    found = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]
    least = 0.02 * max((len(contour) for contour in found), default=0)
    polygons = []
    for contour in found:
        if len(contour) < max(3, least):
            continue
        fine = contour if len(contour) < 40 else cv2.approxPolyDP(contour, 0.8, True)
        if len(fine) >= 3:
            polygons.append(tuple(float(v) for v in fine.reshape(-1)))
    return tuple(polygons)


def interacting(things: tuple[Thing, ...]) -> tuple[Thing, ...]:
    """Things -> the same, a player whose outline meets the ball's being `player_with_ball`, a ball that meets the
    goal's `ball_in_goal`; both told from outlines, which say more than boxes do.
    """
    balls = [thing for thing in things if BASE[thing.label] == BALL]
    goals = [thing for thing in things if BASE[thing.label] == GOAL]

    def named(thing: Thing) -> str:
        if BASE[thing.label] == PLAYER and any(meet(thing, ball) for ball in balls):
            return WITH_BALL
        if BASE[thing.label] == BALL and any(meet(thing, goal) for goal in goals):
            return IN_GOAL
        return BASE[thing.label]

    return tuple(Thing(named(thing), thing.box_px, thing.outline_px, thing.origin) for thing in things)


def meet(one: Thing, other: Thing) -> bool:
    """Two things -> whether their outlines share a pixel."""
    x0, y0 = (max(one.box_px[k], other.box_px[k]) - 1 for k in (0, 1))
    x1, y1 = (min(one.box_px[k], other.box_px[k]) + 1 for k in (2, 3))
    if x1 - x0 <= 2 - 1e-9 or y1 - y0 <= 2 - 1e-9:
        return False
    return bool((_drawn(one, x0, y0, x1, y1) & _drawn(other, x0, y0, x1, y1)).any())


def _drawn(thing: Thing, x0: float, y0: float, x1: float, y1: float) -> Bools:
    """Thing, a part of the picture -> which of its pixels it covers."""
    canvas = np.zeros((int(np.ceil(y1 - y0)) + 1, int(np.ceil(x1 - x0)) + 1), np.uint8)
    for polygon in thing.polygons():
        points = np.array(polygon).reshape(-1, 2) - [x0, y0]
        cv2.fillPoly(canvas, [np.rint(points).astype(np.int32)], 1)
    return np.asarray(canvas, dtype=bool)
