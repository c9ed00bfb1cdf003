"""Film, what the player stated -> the focal length to expect, how surely, and what that rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..camera import LOG_FOCAL
from ..domain import Camera, Clip, Floats, Scene, Shot

# A phone's sensor is 4:3; with the diagonal of 35 mm film (43.27 mm) its long side is 34.6 mm, and a film
# uses that side whole.
LONG_SIDE_MM = 34.6
STATED_SD, FILE_SD = 0.02, 0.08  # of ln f
ALREADY_SD = 100.0  # adds nothing to what the session's camera says
YOU_SAID, FILM_SAYS, A_GUESS = "you said", "the film's own data", "the lenses that phones have (a guess)"
BELIEVED, ONE_OF = 0.65, 0.15  # how likely one kind of lens must be for the others to be left out; to be named
_BLACK, _LIT = 24, 0.02  # a bar's pixel is darker than this; share of brighter ones that noise makes
_ALIKE = 0.01  # of the picture's side
_LEAST_BARS = 0.2  # of the picture's side, both together


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
# Wide enough for all of them: with it the camera and the flight are found.
GUESS_MM, GUESS_SD = 26.0, 0.35
# Where shots at a goal are taken from: 6 to 36 m are two standard deviations of the log-normal.
SHOT_M, SHOT_LOG_SD, LEAST_SHOT_M = 15.0, 0.45, 1.0


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


def of_phones(shot: Shot) -> Shot:
    """Shot with a flight -> the same, each path weighed by the lenses that phones have, and the camera saying which it
    was; as it is where somebody or something told the lens.
    """
    scene, flight = shot.scene, shot.flight
    if scene is None or scene.camera is None or scene.guess_px is None or flight is None:
        return shot
    away_m = np.abs(flight.samples_m[:, 0, 1])
    share, words = weighed(flight.cameras[:, LOG_FOCAL], math.log(scene.guess_px), away_m, flight.likely)
    camera = replace(scene.camera, focal_from=words) if scene.camera.focal_from == A_GUESS else scene.camera
    return replace(shot, scene=replace(scene, camera=camera), flight=replace(flight, likely=share))


def weighed(log_focal: Floats, log_guess: float, away_m: Floats, share: Floats) -> tuple[Floats, str]:
    """(s,) logarithms of likely focal lengths found with the guess, the guess's own, how far the ball lay from the goal
    in each, the share of each -> the shares with what is known of phones' lenses, and in words which it was.

    Which kind of lens it was is weighed by how often phones film with it, by what the picture said, and by where shots
    are taken from. Where one kind is likely enough it is believed; else all of them count.

    >>> likely = np.log(1000.0) + np.linspace(-0.5, 0.5, 101)
    >>> shares, words = weighed(likely, float(np.log(1000.0)), np.full(101, 15.0), np.full(101, 1 / 101))
    >>> words, round(float(np.sqrt(shares @ (likely - likely[50]) ** 2)), 2)
    ('the main lens of a phone (94 % likely)', 0.11)
    """
    off = log_focal - log_guess
    usual = np.exp(-((np.log(np.maximum(away_m, LEAST_SHOT_M) / SHOT_M) / SHOT_LOG_SD) ** 2) / 2)
    again = share * usual * np.exp((off / GUESS_SD) ** 2 / 2)  # the guess has had its say already
    means = np.array([math.log(kind.mm / GUESS_MM) for kind in KINDS])[:, None]
    spreads = np.array([kind.log_sd for kind in KINDS])[:, None]
    used = np.array([kind.share for kind in KINDS])[:, None]
    fits = used * np.exp(-(((off - means) / spreads) ** 2) / 2) / spreads * again
    likely = fits.sum(axis=1) / max(float(fits.sum()), 1e-300)
    best = int(likely.argmax())
    if likely[best] >= BELIEVED:
        kept, words = fits[best], f"{KINDS[best].name} of a phone ({100 * min(likely[best], 0.99):.0f} % likely)"
    else:
        kept = fits.sum(axis=0)
        names = [kind.name for kind, part in zip(KINDS, likely, strict=True) if part > ONE_OF]
        words = " or ".join(names) + " of a phone"
    return (np.asarray(kept / kept.sum()), words) if kept.sum() > 0 else (share, A_GUESS)


def without_bars(image: NDArray[np.uint8]) -> tuple[int, int]:
    """Picture (H, W, 3) or (H, W) -> width and height of what lies between black bars at its sides.

    A portrait film exported as landscape has them; the lens filled only what is between. Bars are as wide on
    one side as on the other: the night sky is none.
    """
    gray = image if image.ndim == 2 else image.max(axis=2)
    lit = gray > _BLACK
    return _between(lit.mean(axis=0)), _between(lit.mean(axis=1))


def between_bars(image: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """Picture -> x0, y0, x1, y1 of what lies between black bars, as shares of it; all of it where there are none.

    A night is dark at its edges, too: bars leave another film's shape behind.
    """
    high, wide = image.shape[:2]
    shares = [inner / whole for inner, whole in zip(without_bars(image), (wide, high), strict=True)]
    x, y = ((1 - share) / 2 if share < 1 - _LEAST_BARS else 0.0 for share in shares)
    return x, y, 1 - x, 1 - y


def _between(lit: NDArray[np.float64]) -> int:
    """Share of lit pixels line by line -> lines between two like bars, all where there are none."""
    shown = np.flatnonzero(lit > _LIT)
    if not len(shown):
        return len(lit)
    before, after = int(shown[0]), len(lit) - 1 - int(shown[-1])
    return len(lit) - before - after if abs(before - after) <= _ALIKE * len(lit) else len(lit)
