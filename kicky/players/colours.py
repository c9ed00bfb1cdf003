"""Pixels -> a histogram of their colours that hardly changes with the light."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from ..domain import Floats

# CIELAB: lightness coarse, for shade falls on part of a shirt; the two axes of colour finer.
LIGHT, COLOUR = np.linspace(0, 100, 6), np.linspace(-70, 70, 15)
BINS = (len(LIGHT) - 1, len(COLOUR) - 1, len(COLOUR) - 1)
SMOOTHED = (0.6, 0.8, 0.8)  # bins
LEAST_PIXELS = 30
D65 = np.array([0.9505, 1.0, 1.089])
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
GRASS = np.array([0.10, 0.16, 0.055])  # what the ground is taken for, linear RGB: what it is seen as tells the light


def linear(bgr: Floats) -> Floats:
    """(..., 3) BGR 0..255 as sRGB has it -> (..., 3) linear RGB 0..1."""
    signal = np.asarray(bgr[..., ::-1], dtype=np.float64) / 255
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


def lab(rgb: Floats) -> Floats:
    """(..., 3) linear RGB -> (..., 3) CIELAB."""
    share = rgb @ TO_XYZ.T / D65
    root = np.where(share > 0.008856, np.cbrt(np.maximum(share, 0.0)), 7.787 * share + 16 / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def histogram(pixels: Floats, light: Floats) -> Floats:
    """(n, 3) BGR, (3,) linear RGB that white light would be -> (k,) shares of colours, smoothed; NaN of too few."""
    if len(pixels) < LEAST_PIXELS:
        return np.full(int(np.prod(BINS)), np.nan)
    values = lab(linear(pixels) / light)
    low = np.array([LIGHT[0], COLOUR[0], COLOUR[0]]) + 1e-6
    high = np.array([LIGHT[-1], COLOUR[-1], COLOUR[-1]]) - 1e-6
    counts, _ = np.histogramdd(np.clip(values, low, high), bins=(LIGHT, COLOUR, COLOUR))
    smooth = gaussian_filter(counts, SMOOTHED, mode="nearest")
    return np.asarray((smooth / smooth.sum()).ravel())
