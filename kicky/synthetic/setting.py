"""What makes a film hard beyond the shot itself: the ball's look, what lies about, light, the phone's hand."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain import Floats
from .clutter import Thing
from .glare import Glare
from .leather import WHITE, Leather
from .solids import Colour


@dataclass(frozen=True, slots=True)
class Grade:
    """How a phone turns light into numbers: sensor noise, brightness, contrast about the middle, and compression."""

    noise: float | None = None  # standard deviation, 0..255; None: as day and night have it
    gain: float = 1.0
    contrast: float = 1.0
    crf: int = 21


@dataclass(frozen=True, eq=False, slots=True)
class Setting:
    """Everything drawn around a shot. A plain one adds nothing.

    `sun_deg` is the sun's height, `grass` its colour, None as the weather draws them. `moves` (T, 2, 3) takes the
    steady picture to each frame's, None on a tripod. `roles` name the shot's walkers in their order. `added` are
    the words for what was drawn.
    """

    leather: Leather = WHITE
    things: tuple[Thing, ...] = ()
    glare: tuple[Glare, ...] = ()
    sun_deg: float | None = None
    grass: Colour | None = None
    grade: Grade = Grade()
    moves: Floats | None = None
    roles: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


PLAIN = Setting()
