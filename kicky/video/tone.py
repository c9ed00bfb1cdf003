"""HDR picture -> ordinary picture: HLG and PQ in BT.2020, as phones film, to 8-bit BT.709.

One table undoes the transfer curve to light, one 3×3 matrix changes the primaries, one table rolls
off what is brighter than paper white and applies the BT.709 curve. Light is kept in 16 bits with
paper white (203 cd/m², ITU-R BT.2408) well below the top, so highlights up to 1000 cd/m² survive.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ..domain import Floats

HLG, PQ = 18, 16
"""Transfer characteristics as numbered in ITU-T H.273 (arib-std-b67, smpte2084)."""
PAPER_NITS, PEAK_NITS = 203.0, 1000.0
_TOP = PEAK_NITS / PAPER_NITS
# BT.2020 -> BT.709 primaries for linear light (ITU-R BT.2087), rows and columns in B G R order.
_MATRIX = np.array([[1.1187, -0.1006, -0.0182], [-0.0083, 1.1329, -0.1246], [-0.0728, -0.5876, 1.6605]])


def is_hdr(transfer: int) -> bool:
    """H.273 transfer characteristic -> whether it is one of the two HDR curves."""
    return transfer in (HLG, PQ)


def tone_mapped(bgr: NDArray[np.uint8], transfer: int) -> NDArray[np.uint8]:
    """8-bit BGR still on its HDR curve -> 8-bit BGR as an ordinary screen shows it."""
    to_light, from_light = _tables(transfer)
    light = cv2.transform(cv2.LUT(bgr, to_light), _MATRIX)
    return np.asarray(cv2.LUT(light, from_light), dtype=np.uint8)


def tone_mapped_luma(luma: NDArray[np.uint8], transfer: int) -> NDArray[np.uint8]:
    """8-bit limited-range luma on its HDR curve -> 8-bit limited-range luma (16 black, 235 white)."""
    to_light, from_light = _tables(transfer)
    signal = np.clip((np.arange(256) - 16) / 219, 0, 1)
    through = from_light[to_light[np.rint(signal * 255).astype(np.int64)]]
    return np.asarray(cv2.LUT(luma, np.rint(16 + through / 255 * 219).astype(np.uint8)), dtype=np.uint8)


@cache
def _tables(transfer: int) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Transfer -> (signal 0..255 to 16-bit light, 16-bit light to 8-bit BT.709 code)."""
    signal = np.linspace(0, 1, 256)
    light = (_hlg_light if transfer == HLG else _pq_light)(signal)
    to_light = np.rint(np.clip(light / _TOP, 0, 1) * 65535).astype(np.uint16)
    shown = _rolled_off(np.linspace(0, _TOP, 65536))
    code = np.where(shown < 0.018, 4.5 * shown, 1.099 * shown**0.45 - 0.099)
    return to_light, np.rint(code * 255).astype(np.uint8)


def _hlg_light(signal: Floats) -> Floats:
    """HLG signal 0..1 -> light as multiples of paper white, shown on a 1000 cd/m² screen (BT.2100).

    The screen's gamma of 1.2 is applied to each channel, not to the luminance: exact for greys, a
    touch more colourful elsewhere, and it keeps the whole step in one table.
    """
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return np.asarray(PEAK_NITS * scene**1.2 / PAPER_NITS)


def _pq_light(signal: Floats) -> Floats:
    """PQ signal 0..1 -> light as multiples of paper white (SMPTE ST 2084)."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    root = signal ** (1 / m2)
    return np.asarray(10000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1) / PAPER_NITS)


def _rolled_off(light: Floats) -> Floats:
    """Light 0.._TOP -> 0..1: as it is up to 0.7, above that bent smoothly so that the top reaches 1."""
    knee = 0.7
    room, over = 1 - knee, np.maximum(light - knee, 0)
    # x(1 + x/w²)/(1 + x): slope 1 where it starts, exactly 1 at x = w (Reinhard's extended curve).
    x, w = over / room, (_TOP - knee) / room
    return np.asarray(np.minimum(np.where(light <= knee, light, knee + room * x * (1 + x / w**2) / (1 + x)), 1))
