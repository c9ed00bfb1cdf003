"""Stills of rendered shots whose goal is known, and what its inner edges look like: round posts hide a little of it."""

from __future__ import annotations

from functools import cache

import numpy as np

from kicky.domain import Floats
from kicky.scene.woodwork import Image
from kicky.synthetic import SyntheticShot, sample
from kicky.synthetic.paint import Painter


@cache
def rendered_shot(seed: int, view: str, night: bool = False) -> SyntheticShot:
    """Seed, view -> a shot's truth, in a picture of 1280 × 720."""
    return sample(seed, view=view, night=night, size_wh=(1280, 720), fps=30)


@cache
def rendered_still(seed: int, view: str, night: bool = False) -> Image:
    """Seed, view -> what stands still in it: the median of three frames far apart."""
    shot = rendered_shot(seed, view, night)
    painter = Painter(shot)
    count = len(shot.time_s)
    return np.asarray(np.median([painter.frame(n) for n in (0, count // 3, 2 * count // 3)], axis=0), dtype=np.uint8)


def off_px(corners: Floats, truth: Floats) -> Floats:
    """-> (4,) how far each corner is from where it should be."""
    return np.asarray(np.linalg.norm(np.asarray(corners) - truth, axis=1))


def noise(seed: int = 0) -> Image:
    """-> a picture without a goal, full of detail."""
    import cv2

    rng = np.random.default_rng(seed)
    coarse = cv2.resize(rng.integers(0, 256, (30, 53, 3), np.uint8), (1280, 720))
    return np.asarray(np.clip(coarse + rng.normal(0, 8, coarse.shape), 0, 255), dtype=np.uint8)
