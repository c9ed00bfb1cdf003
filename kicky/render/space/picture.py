"""A replay, a view, a moment -> the picture of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from ...domain import Floats
from ...video import Image
from .. import brush
from ..brush import INK, SUN, WHITE, Colour
from . import ground, people, stands
from .canvas import Canvas, in_order
from .told import Told, stood, worldly

PATH: Colour = (34, 123, 224)
LATE: Colour = (141, 147, 139)
SEEN: Colour = (214, 243, 255)
FAN: Colour = (122, 210, 255)
FAN_OPACITY, FANS = 0.3, 3  # paths are laid over each other in so many goes: many together are brighter
THIN_M, DOT_M = 0.028, 0.05
LEAST_PX = 4.5 / 720  # of the picture's height: as small as it is far away, the ball would be no more than a dot
CLOCK_PX = 0.036  # of the picture's height
GREY_PAPER: Colour = (233, 236, 233)
Item = tuple[float, Callable[[], None]]


class Player:
    """(replay, view, size): draws its pictures one after another."""

    def __init__(self, told: Told, view: str, size_wh: tuple[int, int]) -> None:
        self._told, self._view, self._size = told, view, size_wh
        self._figure = people.Figure(told.colour)
        self._cords = ground.cords(told) if told.goal else []

    def draw(self, t: float) -> Image:
        """Seconds from contact -> the picture (BGR)."""
        told = self._told
        image = np.empty((self._size[1], self._size[0], 3), np.uint8)
        canvas = ground.lay(image, stands.camera(self._view, told, t, self._size), told)
        if len(told.likely_m):
            for part in range(FANS):
                canvas.strokes(told.likely_m[part::FANS], FAN, FAN_OPACITY)
        in_order(self._standing(canvas) + self._acting(canvas, t) + self._way(canvas, t))
        self._clock(image, t)
        return image

    def _standing(self, canvas: Canvas) -> list[Item]:
        told, away = self._told, canvas.camera.depth_m
        items: list[Item] = []
        if self._view != "phone":
            items.append((float(away(worldly(told.phone["at"]))), partial(ground.phone, canvas, told)))
        if told.goal:
            for ends, thick in ground.goal_beams(told):
                items.append((float(away(ends).mean()), partial(ground.beam, canvas, ends, thick)))
            net = np.array([0.0, -told.goal["deep"] / 2, told.goal["height"] / 2])
            draw = partial(canvas.strokes, self._cords, ground.NET, ground.NET_OPACITY)
            items.append((float(away(net)), draw))
        return items

    def _acting(self, canvas: Canvas, t: float) -> list[Item]:
        """The shooter, everybody else and the ball; their shades are laid at once."""
        told, image, camera = self._told, canvas.image, canvas.camera
        items: list[Item] = []
        for each in told.others:
            at = stood(each, t)
            if at is not None and not (self._view == "keeper" and each is told.keeper):
                items.append(self._plain(canvas, at, each["colour"]))
        walked = None if told.swings(t) else stood(told.way, t)
        if walked is not None:
            items.append(self._plain(canvas, walked, ""))
        elif told.swings(t) or (len(told.body_t) and not told.way["t"]):
            joints = told.body(t)
            hips = joints[2:4].mean(axis=0)
            canvas.shadow(hips[:2], 0.55, 0.3)
            seen = told.seen(t) if told.swings(t) else None
            items.append((float(camera.depth_m(hips)), partial(self._figure.draw, image, camera, joints, seen)))
        if len(told.ball_t) and (told.flown or t <= 0.02):
            items.append(self._ball(canvas, t))
        return items

    def _plain(self, canvas: Canvas, at: Floats, colour: str) -> Item:
        canvas.shadow(at, 0.45, 0.3)
        away = float(canvas.camera.depth_m(np.array([*at, 1.0])))
        return away, partial(people.plain, canvas.image, canvas.camera, at, colour)

    def _ball(self, canvas: Canvas, t: float) -> Item:
        told, camera = self._told, canvas.camera
        at = told.ball(t)
        away = float(camera.depth_m(at))
        canvas.shadow(at[:2], 0.16, 0.42 / (1 + 0.9 * max(float(at[2]) - told.radius_m, 0.0)))
        least = LEAST_PX * self._size[1] * max(away, 0.0) / camera.focal_px
        return away, partial(people.ball, canvas.image, camera, at, max(told.radius_m, least), told.lost(t))

    def _way(self, canvas: Canvas, t: float) -> list[Item]:
        """The ball's path as far as it has come, and where it was seen."""
        told, camera = self._told, canvas.camera
        if not told.flown:
            return []
        items: list[Item] = [
            (float(camera.depth_m(at)), partial(canvas.dot, at, DOT_M, SEEN, 1.2)) for at in told.ball_m[told.ball_seen]
        ]
        if t > told.ball_t[0]:
            row = told.row(t)
            points = np.vstack([told.ball_m[: row + 1], told.ball(t)])
            for number, ends in enumerate(pairwise(points)):
                late = told.ball_t[min(number + 1, len(told.ball_t) - 1)] > told.until + 1e-6
                draw = partial(canvas.beam, np.array(ends), THIN_M, LATE if late else PATH)
                items.append((float(camera.depth_m(ends[0])) + THIN_M, draw))
        return items

    def _clock(self, image: Image, t: float) -> None:
        """When that is, and what was not measured then."""
        size = round(CLOCK_PX * max(image.shape[0] * 0.75, image.shape[1] * 0.56))
        kick, edge = abs(t) < 0.02, round(0.7 * size)
        since = "The kick" if kick else f"{'−' if t < 0 else '+'}{abs(t):.2f} s"
        brush.paste(image, brush.tag(since, size, INK if kick else WHITE, SUN if kick else brush.PITCH), edge, edge)
        grey = grey_parts(self._told, t)
        if grey and self._view != "phone":
            said = brush.tag(f"Grey: {' and '.join(grey)} not measured here", size, INK, GREY_PAPER)
            brush.paste(image, said, edge, edge + 2 * size)


def grey_parts(told: Told, t: float) -> list[str]:
    """Replay, moment -> what of it is shown grey then, for it was not measured."""
    body = ["body"] if len(told.body_t) and not told.swings(t) else []
    return body + (["ball"] if told.lost(t) else [])
