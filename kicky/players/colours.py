"""Pixels -> a histogram of their colours in which sun and shade differ little.

The two axes of colour are ratios of the three lights a screen has, which more or less light leaves alone; lightness,
which tells white from black, is kept coarse. Correcting the clip's light by the ground beside the feet, or by half of
that, told people apart less well.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from ..domain import Floats

LIGHT, RATIO = (
    np.linspace(0, 100, 9),
    np.linspace(-1.6, 1.6, 14),
)  # lightness as CIELAB has it; ln of red, blue to green
BINS = (len(LIGHT) - 1, len(RATIO) - 1, len(RATIO) - 1)
SMOOTHED = (1.2, 1.3, 1.3)  # bins: a shirt has a sunny side
DARK = 0.01  # of white: the colour of what is darker than this is noise
LEAST_PIXELS = 30
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def linear(bgr: Floats) -> Floats:
    """(..., 3) BGR 0..255 as sRGB has it -> (..., 3) linear RGB 0..1."""
    signal = np.asarray(bgr[..., ::-1], dtype=np.float64) / 255
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


def histogram(pixels: Floats) -> Floats:
    """(n, 3) BGR -> (k,) shares of colours, smoothed; NaN of too few pixels."""
    if len(pixels) < LEAST_PIXELS:
        return np.full(int(np.prod(BINS)), np.nan)
    rgb = linear(pixels)
    luminance = rgb @ LUMINANCE
    light = np.where(luminance > 0.008856, 116 * np.cbrt(luminance) - 16, 903.3 * luminance)
    red, green, blue = np.log(rgb + DARK).T
    values = np.column_stack([light, red - green, blue - green])
    edges = (LIGHT, RATIO, RATIO)
    low, high = (np.array([edge[end] for edge in edges]) for end in (0, -1))
    counts, _ = np.histogramdd(np.clip(values, low + 1e-6, high - 1e-6), bins=edges)
    smooth = gaussian_filter(counts, SMOOTHED, mode="nearest")
    return np.asarray((smooth / smooth.sum()).ravel())


def likeliest(shares: Floats) -> str:
    """(k,) shares as `histogram` has them -> the colour most of it has, '#rrggbb'; empty where too little was seen."""
    if len(shares) != np.prod(BINS) or not np.isfinite(shares).all():
        return ""
    which = np.unravel_index(int(np.argmax(shares)), BINS)
    light, red, blue = (
        float(edge[at] + edge[at + 1]) / 2 for edge, at in zip((LIGHT, RATIO, RATIO), which, strict=True)
    )
    luminance = ((light + 16) / 116) ** 3 if light > 8 else light / 903.3
    ratio = np.exp(np.array([red, 0.0, blue]))
    linear_rgb = np.clip(ratio * (luminance + DARK) / float(LUMINANCE @ ratio) - DARK, 0, 1)
    signal = np.where(linear_rgb <= 0.0031308, 12.92 * linear_rgb, 1.055 * linear_rgb ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * float(part)):02x}" for part in signal)
