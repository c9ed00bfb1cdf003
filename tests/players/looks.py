"""People as looks: a plain colour a part."""

import numpy as np

from kicky.domain import Appearance
from kicky.players.colours import histogram

RED, BLUE, WHITE, BLACK = (40.0, 40.0, 200.0), (190.0, 70.0, 30.0), (225.0, 225.0, 225.0), (25.0, 25.0, 25.0)
Colour = tuple[float, float, float]


def cloth(colour: Colour, light: float = 1.0, seed: int = 0) -> np.ndarray:
    """-> 400 pixels of that cloth, a little uneven."""
    noise = np.random.default_rng(seed).normal(0, 4, (400, 3))
    return np.clip(np.array(colour) * light + noise, 0, 255)


def look(
    shirt: Colour = RED, shorts: Colour = BLACK, socks: Colour = WHITE, height_m: float = 1.8, label: str = "P1",
    seed: int = 0,
) -> Appearance:  # fmt: skip
    """-> somebody in those colours; `seed` makes two films of one person differ a little."""
    parts = [histogram(cloth(colour, seed=seed)) for colour in (shirt, shorts, socks)]
    return Appearance(label, *parts, build=np.array([height_m, 0.68, 1.5]))
