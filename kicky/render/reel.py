"""A day's best shots -> one upright film: a title, then each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..domain import OnProgress, Report
from ..video import Image
from ..video.ahead import ahead
from . import brush
from .brush import SUN, WHITE, Colour
from .short import AHEAD, UPRIGHT_WH, Scene, scene
from .sized import written
from .slowly import FPS, IN_REEL, KICK
from .space import Shown, offered, shown
from .strip import PALE, About

Again = tuple[int, Shown]
"""After which shot, and what."""
TITLE_S, BOARD_S = 1.8, 6.0
MOST_LINES = 4  # of a challenge
GRASS: tuple[Colour, Colour] = ((46, 84, 34), (42, 77, 31))
CHALK: Colour = (120, 150, 112)


@dataclass(frozen=True, slots=True)
class Title:
    """What stands on the reel's first picture: day, place ("" where none was given), and what follows."""

    day: str
    place: str
    what: str
    board: tuple[tuple[str, str], ...] = ()
    """What the day's challenges came to, titles and sentences: the reel's last picture, none without any."""


def reel(
    title: Title, seen: Sequence[tuple[Report, About]], path: Path, on_progress: OnProgress,
    replays: Iterable[Mapping[str, Any]] = (),
) -> None:  # fmt: skip
    """Title, reports in order with what else is said, their replays -> the film; stage told: film.

    After the first shot that has one, its kick is seen once more from the keeper's eyes.

    Raises: UnreadableClip, UnfitClip, StorageFailed.
    """
    step_s = 1 / FPS
    scenes = [scene(report, about, tall=True, span=IN_REEL, step_s=step_s) for report, about in seen]
    again, more = _again(seen, replays)
    count = round(TITLE_S / step_s) + sum(len(each.line.frames) for each in scenes) + more
    count += round(BOARD_S / step_s) * bool(title.board)
    shown_s = np.arange(count, dtype=np.float64) * step_s

    def pictures() -> Iterator[tuple[float, Image]]:
        for place, image in enumerate(ahead(_pictures(title, scenes, step_s, again), AHEAD)):
            on_progress("film", place / count)
            yield float(shown_s[place]), image

    written(path, UPRIGHT_WH, shown_s, pictures)


def _again(seen: Sequence[tuple[Report, About]], replays: Iterable[Mapping[str, Any]]) -> tuple[Again | None, int]:
    """Reports, their replays -> which shot is seen once more, from the keeper's eyes, and in how many pictures."""
    for place, made in enumerate(replays):
        if not made["why_not"] and "keeper" in offered(made):
            kick = shown(made, *seen[place], "keeper", UPRIGHT_WH, KICK)
            return (place, kick), len(kick.line.shown_s)
    return None, 0


def _pictures(title: Title, scenes: Sequence[Scene], step_s: float, again: Again | None) -> Iterator[Image]:
    card = title_card(title)
    for _ in range(round(TITLE_S / step_s)):
        yield card
    for place, each in enumerate(scenes):
        yield from (image for _, image in each.pictures())
        if again is not None and again[0] == place:
            yield from again[1].pictures()
    if title.board:
        last = board_card(title.board)
        for _ in range(round(BOARD_S / step_s)):
            yield last


def board_card(board: Sequence[tuple[str, str]]) -> Image:
    """Titles and sentences -> the picture of what friends played for, upright; what does not fit is left out."""
    image = _pitch()
    wide, high = UPRIGHT_WH
    left, widest = 96, wide - 192
    brush.block(image, (60, 60, wide - 120, high - 120), 36, brush.PITCH, 0.92)
    brush.words(image, "Against each other", left, 140, 48, 800, WHITE)
    base = 140
    for head, text in board:
        rows = brush.lines(text, 28, 500, widest)
        if len(rows) > MOST_LINES:
            rows = [*rows[: MOST_LINES - 1], brush.shortened(" ".join(rows[MOST_LINES - 1 :]), 28, 500, widest)]
        if base + 66 + 36 * len(rows) > high - 80:
            break
        base += 66
        brush.words(image, brush.shortened(head, 34, 700, widest), left, base, 34, 700, SUN)
        for row in rows:
            base += 36
            brush.words(image, brush.shortened(row, 28, 500, widest), left, base, 28, 500, PALE)
    return image


def title_card(title: Title) -> Image:
    """Title -> its picture, upright: a pitch from above, and the words."""
    image = _pitch()
    wide, high = UPRIGHT_WH
    brush.block(image, (80, high // 2 - 250, wide - 160, 500), 36, brush.PITCH, 0.88)
    rows = (("The best of", 44, 500, PALE, -150), (title.day, 66, 800, WHITE, -50), (title.place, 48, 600, WHITE, 40),
            (title.what, 40, 500, SUN, 170))  # fmt: skip
    for text, size, weight, ink, down in rows:
        fitted = brush.fitting(text, size, weight, wide - 240) if text in (title.day, title.what) else size
        shown = brush.shortened(text, fitted, weight, wide - 240)
        across = brush.text_width(shown, fitted, weight) if shown else 0
        brush.words(image, shown, (wide - across) / 2, high / 2 + down, fitted, weight, ink)
    return image


def _pitch() -> Image:
    """-> a pitch from above."""
    wide, high = UPRIGHT_WH
    image = np.empty((high, wide, 3), np.uint8)
    stripe = high // 10
    for row in range(0, high, stripe):
        image[row : row + stripe] = GRASS[row // stripe % 2]
    edge = 44
    frame = np.array([[edge, edge], [wide - edge, edge], [wide - edge, high - edge], [edge, high - edge], [edge, edge]])
    brush.line(image, frame, CHALK, 4, edge=False)
    brush.line(image, np.array([[edge, high / 2], [wide - edge, high / 2]]), CHALK, 4, edge=False)
    box = np.array([[wide / 2 - 190, edge], [wide / 2 - 190, 210], [wide / 2 + 190, 210], [wide / 2 + 190, edge]])
    for part in (box, [0, high] + box * (1, -1)):
        brush.line(image, part, CHALK, 4, edge=False)
    return image
