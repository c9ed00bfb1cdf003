"""Film, what the player stated -> the focal length to expect, how surely, and what that rests on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..domain import Camera, Clip, Scene

# A phone's sensor is 4:3; with the diagonal of 35 mm film (43.27 mm) its long side is 34.6 mm, and a film
# uses that side whole. What is cut off to steady the picture (0-15 %) makes the true focal length longer.
LONG_SIDE_MM = 34.6
USUAL_MM = 26.0  # the main lens of the phones of 2016-2024: 24 to 28
STATED_SD, FILE_SD, GUESS_SD = 0.02, 0.08, 0.35  # of ln f; the last covers 0.5× to 2× lenses and crops
ALREADY_SD = 100.0  # adds nothing to what the session's camera says
YOU_SAID, FILM_SAYS, A_GUESS = "you said", "the film's own data", "the usual phone lens (a guess)"
_BLACK, _LIT = 24, 0.02  # a bar's pixel is darker than this; share of brighter ones that noise makes
_ALIKE = 0.01  # of the picture's side


def prior(
    clip: Clip, scene: Scene, picture_wh_px: tuple[int, int] | None = None, session: Camera | None = None
) -> tuple[float, float, str]:
    """Clip, Scene -> focal length in px, standard deviation of its logarithm, the words for `Camera.focal_from`.

    `picture_wh_px` is the picture without black bars (see `without_bars`), None when it fills the film. A
    session's camera already holds what is said here: it is asked for its focal length and nothing more.
    """
    if session is not None:
        return session.focal_px, ALREADY_SD, session.focal_from
    if scene.focal_px is not None:
        return scene.focal_px, STATED_SD, YOU_SAID
    long_side = max(picture_wh_px or clip.size_wh_px)
    if clip.lens_mm is not None:
        return long_side * clip.lens_mm / LONG_SIDE_MM, FILE_SD, FILM_SAYS
    return long_side * USUAL_MM / LONG_SIDE_MM, GUESS_SD, A_GUESS


def without_bars(image: NDArray[np.uint8]) -> tuple[int, int]:
    """Picture (H, W, 3) or (H, W) -> width and height of what lies between black bars at its sides.

    A portrait film exported as landscape has them; the lens filled only what is between. Bars are as wide on
    one side as on the other: the night sky is none.
    """
    gray = image if image.ndim == 2 else image.max(axis=2)
    lit = gray > _BLACK
    return _between(lit.mean(axis=0)), _between(lit.mean(axis=1))


def _between(lit: NDArray[np.float64]) -> int:
    """Share of lit pixels line by line -> lines between two like bars, all where there are none."""
    shown = np.flatnonzero(lit > _LIT)
    if not len(shown):
        return len(lit)
    before, after = int(shown[0]), len(lit) - 1 - int(shown[-1])
    return len(lit) - before - after if abs(before - after) <= _ALIKE * len(lit) else len(lit)
