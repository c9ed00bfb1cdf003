"""Film, what the player stated -> the focal length to expect, how surely, and what that rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..domain import Camera, Clip, Scene

# A phone's sensor is 4:3; with the diagonal of 35 mm film (43.27 mm) its long side is 34.6 mm, and a film
# uses that side whole.
LONG_SIDE_MM = 34.6
STATED_SD, FILE_SD = 0.02, 0.08  # of ln f
ALREADY_SD = 100.0  # adds nothing to what the session's camera says
YOU_SAID, FILM_SAYS, A_GUESS = "you said", "the film's own data", "the lenses that phones have (a guess)"
BELIEVED, ONE_OF = 0.65, 0.15  # how likely one kind of lens must be for the others to be left out; to be named
_BLACK, _LIT = 24, 0.02  # a bar's pixel is darker than this; share of brighter ones that noise makes
_ALIKE = 0.01  # of the picture's side


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of lens that phones film with: as 35 mm film has it, 1 s.d. of its logarithm, how often it is used."""

    name: str
    mm: float
    log_sd: float
    share: float


# What makers state of their phones of 2016 to 2024 (phones.toml), times the 0 to 20 % cut off to steady a film.
KINDS = (
    Kind("the 0.5× lens", 14.5, 0.12, 0.08),
    Kind("the main lens", 27.5, 0.085, 0.80),
    Kind("2× zoom", 53.0, 0.11, 0.08),
    Kind("3× zoom", 82.0, 0.15, 0.04),
)
# Wide enough for all of them: with it, the picture is asked first.
GUESS_MM, GUESS_SD = 27.5, 0.45


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
    px_per_mm = max(picture_wh_px or clip.size_wh_px) / LONG_SIDE_MM
    if scene.lens is not None:
        return px_per_mm * scene.lens.value, scene.lens.sd / scene.lens.value, scene.lens.words
    if clip.lens_mm is not None:
        return px_per_mm * clip.lens_mm, FILE_SD, FILM_SAYS
    return px_per_mm * GUESS_MM, GUESS_SD, A_GUESS


def believed(focal: tuple[float, float], seen: tuple[float, float]) -> tuple[float, float, str]:
    """Focal length in px guessed at, the same with the picture, each with 1 s.d. of its logarithm -> a better guess.

    Which kind of lens it was is weighed by how often phones film with it and by what the picture says. Where one is
    likely enough it is believed; else the guess is as wide as those that remain. A picture that tells the lens better
    than its kind would needs no better guess. The words are `Camera.focal_from`'s.

    >>> guess = 1000.0, GUESS_SD
    >>> [round(believed(guess, seen)[0]) for seen in ((1000.0, 0.4), (2000.0, 0.15), (500.0, 0.15), (500.0, 0.05))]
    [1000, 1927, 527, 1000]
    """
    at, sd = math.log(seen[0]), min(seen[1], 0.999 * focal[1])
    # The picture alone: what it says with the guess, without the guess.
    weight = 1 / sd**2 - 1 / focal[1] ** 2
    alone, variance = (at / sd**2 - math.log(focal[0]) / focal[1] ** 2) / weight, 1 / weight
    means = np.array([math.log(focal[0] * kind.mm / GUESS_MM) for kind in KINDS])
    spreads = np.array([kind.log_sd**2 for kind in KINDS])
    off = (means - alone) ** 2 / (spreads + variance)
    share = np.array([kind.share for kind in KINDS]) * np.exp(-off / 2) / np.sqrt(spreads + variance)
    share /= share.sum()
    best = int(share.argmax())
    if variance < spreads[best]:
        return *focal, A_GUESS
    if share[best] >= BELIEVED:
        words = f"{KINDS[best].name} of a phone ({100 * min(share[best], 0.99):.0f} % likely)"
        return math.exp(means[best]), math.sqrt(spreads[best]), words
    middle = float(share @ means)
    wide = math.sqrt(float(share @ (spreads + (means - middle) ** 2)))
    others = [kind.name for kind, part in zip(KINDS, share, strict=True) if part > ONE_OF]
    return math.exp(middle), min(wide, focal[1]), " or ".join(others) + " of a phone"


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
