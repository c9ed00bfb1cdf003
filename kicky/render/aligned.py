"""Two shots -> one film of both, side by side, each at its own speed of life, the contacts in the same frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from ..domain import Floats, Ints, OnProgress, Report
from ..errors import UnfitClip
from ..speeds import Unit
from ..video import FilmWriter, Image, frames
from . import brush
from .artist import Artist
from .brush import WHITE

BEFORE_S, AFTER_S = 1.0, 1.6
TALL_PX, BAND = 480, 36
FINEST_S = 1 / 60


def timeline(reports: Sequence[Report]) -> tuple[Floats, list[Ints]]:
    """Reports with a kick -> (n,) moments from contact on, in seconds; (n,) the frame each shows then.

    Step by step as the film with more frames a second has them, as far as both go. Raises: UnfitClip without a kick.
    """
    reach, steps = [], []
    for report in reports:
        clip, kick = report.shot.clip, report.shot.kick_frame
        if kick is None:
            raise UnfitClip(f"No kick was found in {clip.path.name}: set it by hand, then the two can be aligned.")
        first, stop = clip.take
        reach.append((clip.time_s[kick] - clip.time_s[first], clip.time_s[stop - 1] - clip.time_s[kick]))
        steps.append(clip.frame_s)
    step = max(min(steps), FINEST_S)
    before, after = min(BEFORE_S, *(b for b, _ in reach)), min(AFTER_S, *(a for _, a in reach))
    moments: Floats = step * np.arange(-int(before / step), int(after / step) + 1, dtype=np.float64)
    shown: list[Ints] = []
    for report in reports:
        time_s, kick = report.shot.clip.time_s, report.shot.kick_frame or 0
        found = np.searchsorted(time_s, time_s[kick] + moments + 1e-6, side="right") - 1
        shown.append(np.clip(found, *report.shot.clip.take).astype(np.int64))
    return moments, shown


def aligned(seen: Sequence[tuple[str, Report]], path: Path, on_progress: OnProgress, unit: Unit = Unit.KMH) -> int:
    """Names and reports of two shots -> the film, the first on the left; the frame of the contact in it.

    Stage told: film. Raises: UnfitClip without a kick, UnreadableClip, StorageFailed.
    """
    moments, shown = timeline([report for _, report in seen])
    sides = [_pictures(*each, numbers, unit) for each, numbers in zip(seen, shown, strict=True)]
    whole = [np.hstack([side[number] for side, number in zip(sides, pair, strict=True)])
             for pair in zip(*(numbers.tolist() for numbers in shown), strict=True)]  # fmt: skip
    height, width = (side // 2 * 2 for side in whole[0].shape[:2])
    film_s = moments - moments[0]
    with FilmWriter(path, (width, height), film_s, preset="superfast") as writer:
        for number, image in enumerate(whole):
            writer.add(np.ascontiguousarray(image[:height, :width]), float(film_s[number]))
            on_progress("film", (number + 1) / len(whole))
    return int(np.abs(moments).argmin())


def _pictures(name: str, report: Report, numbers: Ints, unit: Unit) -> dict[int, Image]:
    """One shot, the frames wanted -> each drawn on, TALL_PX high under its name."""
    clip = report.shot.clip
    scale = TALL_PX / clip.size_wh_px[1]
    artist = Artist(report, None, scale=scale, unit=unit)
    wanted, made = set(numbers.tolist()), {}
    span = replace(clip, take=(int(numbers.min()), int(numbers.max()) + 1))
    for number, image in frames(span, as_filmed=True):
        if number not in wanted:
            continue
        size = round(clip.size_wh_px[0] * scale), TALL_PX
        small: Image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        artist.draw(small, number)
        band = np.full((BAND, small.shape[1], 3), 24, dtype=np.uint8)
        brush.words(band, name, 12, 25, brush.fitting(name, 18, 700, small.shape[1] - 24), 700, WHITE)
        made[number] = np.asarray(cv2.vconcat([band, small]), dtype=np.uint8)
    return made
