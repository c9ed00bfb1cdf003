"""Report -> a small picture that moves: the kick and the flight, over and over."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pictures

from ..domain import OnProgress, Report
from ..drafts import draft
from ..errors import UnfitClip
from ..video import Image
from .short import scene
from .slowly import KICK
from .strip import About

MOST_BYTES = 6_000_000
WIDTHS = (400, 320, 240, 160)
STEP_S = 0.08  # a GIF knows hundredths of a second; browsers show nothing faster than two of them
COLOURS, SAMPLED = 255, 6


def gif(report: Report, about: About, path: Path, on_progress: OnProgress) -> None:
    """Report, what else is said -> its GIF, upright 9:16, at most MOST_BYTES: smaller where it would be more.

    Stage told: film. Raises: UnreadableClip, UnfitClip, OSError.
    """
    for wide_px in WIDTHS:
        made = scene(report, about, tall=True, span=KICK, step_s=STEP_S, wide_px=wide_px)
        images = []
        for place, image in made.pictures():
            images.append(image)
            on_progress("film", place / len(made.line.frames))
        with draft(path.parent, ".gif") as unfinished:
            _write(images, unfinished)
            if unfinished.stat().st_size <= MOST_BYTES:
                unfinished.replace(path)
                return
    raise UnfitClip("This shot cannot be made small enough for a GIF: send the film instead.")


def _write(images: list[Image], path: Path) -> None:
    """Pictures (BGR) -> the GIF, all of them in the same colours, so that what stands still does not flicker."""
    sample = np.vstack([images[place] for place in np.linspace(0, len(images) - 1, SAMPLED).astype(int)])
    colours = _picture(sample).quantize(COLOURS, Pictures.Quantize.FASTOCTREE)
    frames = [_picture(image).quantize(palette=colours, dither=Pictures.Dither.NONE) for image in images]
    frames[0].save(path, "GIF", save_all=True, append_images=frames[1:], duration=round(1000 * STEP_S), loop=0)


def _picture(image: Image) -> Pictures.Image:
    return Pictures.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
