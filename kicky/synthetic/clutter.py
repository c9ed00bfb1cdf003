"""What lies about on a pitch: leaves, cones, bags, bottles, another ball, the goal's wheels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..domain import Floats
from .ball import draw_ball, turns
from .camera import Camera
from .leather import Leather, draw_leather
from .physics import BALL_RADIUS_M, Goal
from .shadow import Limb
from .solids import Colour, Light, Patch, bar, box_around

_LEAVES: tuple[Colour, ...] = ((40, 110, 210), (50, 150, 220), (40, 70, 120), (60, 170, 190), (60, 90, 170))
_CONES: tuple[Colour, ...] = ((40, 110, 245), (60, 225, 245), (220, 120, 50), (50, 50, 215), (235, 235, 235))
_CLOTHS: tuple[Colour, ...] = ((40, 36, 38), (120, 60, 40), (50, 40, 170), (210, 210, 212), (70, 90, 60))
# How many of each a film has, where it has any, and how often.
_HEAPS = {"leaf": (0.3, 6, 40), "cone": (0.3, 1, 6), "bag": (0.25, 1, 2), "bottle": (0.25, 1, 3), "ball": (0.3, 1, 3)}
_WHEELS = 0.3  # goals that stand on wheels


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing on the ground: what, where, how large (its height or width in metres), its colour, how it is turned."""

    word: str
    x_m: float
    y_m: float
    size_m: float
    colour: Colour
    turn: float
    leather: Leather | None = None

    def ends_m(self) -> Floats:
        """-> (2, 3) the ends of its axis in the world."""
        spot = np.array([self.x_m, self.y_m, 0.0])
        along = np.array([np.cos(self.turn), np.sin(self.turn), 0.0])
        up = np.array([0.0, 0.0, 1.0])
        half = 0.5 * self.size_m * along
        if self.word == "leaf":
            return np.stack([spot - half + 0.008 * up, spot + half + 0.02 * up])
        if self.word in ("cone", "bottle"):
            return np.stack([spot + 0.03 * up, spot + self.size_m * up])
        if self.word == "bag":
            return np.stack([spot - half + 0.14 * up, spot + half + 0.14 * up])
        if self.word == "wheel":
            across = 0.03 * np.array([1.0, 0.0, 0.0])
            return np.stack([spot - across + self.size_m * up, spot + across + self.size_m * up])
        return np.stack([spot + BALL_RADIUS_M * up] * 2)

    def radii_m(self) -> tuple[float, ...]:
        """-> its radii along the axis."""
        if self.word == "leaf":
            return (0.012, 0.3 * self.size_m, 0.012)
        if self.word == "cone":
            return (0.42 * self.size_m + 0.03, 0.18 * self.size_m, 0.02)
        if self.word == "bottle":
            return (0.036, 0.036, 0.034, 0.014)
        if self.word == "bag":
            return (0.12, 0.15, 0.12)
        return (self.size_m, self.size_m) if self.word == "wheel" else (BALL_RADIUS_M, BALL_RADIUS_M)

    def limb(self) -> Limb:
        """-> what casts its shadow."""
        a, b = self.ends_m()
        return a, b, min(max(self.radii_m()), 0.16)


def draw_things(rng: np.random.Generator, camera: Camera, goal: Goal, ball_m: Floats) -> tuple[Thing, ...]:
    """-> by chance what lies in the picture, wherever on the ground; whether it is in the way is for others to ask."""
    found: list[Thing] = []
    for word, (share, least, most) in _HEAPS.items():
        if rng.random() > share:
            continue
        count = int(rng.integers(least, most + 1))
        for _ in range(count):
            x, y = _spot(rng, camera, ball_m)
            found.append(_thing(word, rng, x, y))
    if rng.random() < _WHEELS:
        for side in (-1.0, 1.0):
            for y in (-goal.depth_m + 0.1, 0.0) if rng.random() < 0.5 else (-goal.depth_m + 0.1,):
                radius = float(rng.uniform(0.1, 0.17))
                found.append(Thing("wheel", side * (goal.width_m / 2 + 0.16), y, radius, (42, 42, 44), 0.0))
    return tuple(found)


def _thing(word: str, rng: np.random.Generator, x: float, y: float) -> Thing:
    low, high = {"leaf": (0.05, 0.14), "cone": (0.05, 0.32), "bag": (0.3, 0.55), "bottle": (0.2, 0.28)}.get(
        word, (0.22, 0.22)
    )
    choices = {"leaf": _LEAVES, "cone": _CONES}.get(word, _CLOTHS)
    colour = choices[int(rng.integers(len(choices)))]
    leather = draw_leather(rng) if word == "ball" else None
    return Thing(word, x, y, float(rng.uniform(low, high)), colour, float(rng.uniform(0, np.pi)), leather)


def _spot(rng: np.random.Generator, camera: Camera, ball_m: Floats) -> tuple[float, float]:
    """-> near the ball, before the phone, or by the goal: thirds of each."""
    where = rng.random()
    if where < 0.4:
        away, turn = rng.uniform(0.7, 5.0), rng.uniform(0, 2 * np.pi)
        return float(ball_m[0] + away * np.cos(turn)), float(ball_m[1] + away * np.sin(turn))
    if where < 0.8:
        ahead, aside = rng.uniform(1.5, 12), rng.uniform(-0.4, 0.4)
        spot = camera.position_m + ahead * camera.rotation[2] + aside * ahead * camera.rotation[0]
        return float(spot[0]), float(spot[1])
    return float(rng.uniform(-6, 6)), float(rng.uniform(-3.5, 3))


def draw_thing(camera: Camera, light: Light, thing: Thing, rng: np.random.Generator) -> Patch | None:
    """-> the thing as the picture shows it, None where it does not."""
    ends = thing.ends_m()
    if thing.leather is not None:
        return draw_ball(camera, light, ends[:1], turns(rng), thing.leather)
    eye = camera.eye(ends)
    if eye[:, 2].min() < 0.4:
        return None
    reach = max(thing.radii_m()) * camera.focal_px / float(eye[:, 2].min())
    box = box_around(camera.to_px(eye), reach + 2, camera.size_wh_px)
    if box is None:
        return None
    patch = Patch(box)
    flat = 0.3 if thing.word in ("cone", "bottle", "leaf") else 0.15 if thing.word == "wheel" else 0.8
    bar(patch, camera, light, eye, thing.radii_m(), thing.colour, flat)
    return patch
