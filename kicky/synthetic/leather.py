"""What a ball looks like: its colour, its patches and how worn it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..domain import Floats
from .solids import Colour

_MUD: Colour = (84.0, 104.0, 118.0)
_COLOURS: dict[str, Colour] = {
    "white": (244, 244, 244), "pink": (178, 104, 246), "orange": (44, 128, 244), "yellow": (62, 226, 240),
    "red": (52, 48, 204), "blue": (196, 112, 44), "green": (84, 196, 118), "grey": (132, 138, 142),
}  # fmt: skip
# Half the balls that amateurs bring are white; grass-green ones are rare, and as hard for an eye.
_SHARES = (0.4, 0.12, 0.1, 0.1, 0.07, 0.07, 0.04, 0.1)
_PATCHES: tuple[Colour, ...] = ((40, 40, 40), (236, 236, 236), (150, 60, 30), (40, 40, 170), (90, 90, 90))
_RIMS = (0.925, 0.86, 0.97)  # cosine from a patch's middle to its edge: as sewn of old, broad panels, small prints


@dataclass(frozen=True, slots=True)
class Leather:
    """A ball's skin, BGR: `base` with twelve patches, `far` where it is too small to show them.

    `rim` is the cosine between a patch's middle and its edge.
    """

    name: str
    base: Colour
    patch: Colour
    rim: float
    far: Colour


WHITE = Leather("white", (244, 244, 244), (40, 40, 40), 0.925, (212, 212, 212))


def draw_leather(rng: np.random.Generator) -> Leather:
    """-> a ball by chance: any colour, patches of another or none, from new to worn."""
    name = str(rng.choice(list(_COLOURS), p=_SHARES))
    base = np.array(_COLOURS[name]) * rng.uniform(0.85, 1.03)
    patch = np.array(_PATCHES[int(rng.integers(len(_PATCHES)))], dtype=float)
    if rng.random() < 0.25:
        patch = 0.8 * base  # of one colour: only its seams show
    rim = float(rng.choice(_RIMS))
    wear = rng.uniform(0.0, 0.45) if name != "grey" else rng.uniform(0.3, 0.7)
    base, patch = (np.clip(c * (1 - wear) + np.array(_MUD) * wear, 0, 250) for c in (base, patch))
    covered = 0.35 * 6 * (1 - rim)  # seen from afar a third of twelve caps' area darkens the ball
    return Leather(name, _colour(base), _colour(patch), rim, _colour(base * (1 - covered) + patch * covered))


def _colour(bgr: Floats) -> Colour:
    return float(bgr[0]), float(bgr[1]), float(bgr[2])
