"""Measures -> bars: the number and its interval, and where somebody published a range, what that says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..domain import Measure, Report
from ..measures.ranges import RANGES, Flag, flag
from ..shown import BODY, ROUGH_DEG, ROUGH_M, TITLES, rough
from ..video import Image
from . import brush
from .brush import WHITE, Colour
from .joints import FLAGS, UNITS, number

MOST = 4
SHORT = {"plant_aside": "Foot beside the ball", "plant_behind": "Foot behind the ball"}
LEGIBLE = 0.8  # of the usual height; a longer title gives way to its short one
# What a bar reaches over, at least, where nobody published a range.
AXES = {
    "trunk_lean": (-30.0, 30.0), "trunk_side": (-30.0, 30.0), "hip_drive": (-20.0, 80.0), "swing_plane": (0.0, 60.0),
    "shoulder_tilt": (-30.0, 30.0), "follow_across": (-0.5, 1.0), "follow_height": (0.0, 1.5), "last_step": (0.0, 2.0),
}  # fmt: skip
SAID = {Flag.IN: "in range", Flag.LOW: "below", Flag.HIGH: "above", Flag.UNCLEAR: "cannot tell"}
PAPER: Colour = (30, 38, 25)
GROOVE: Colour = (58, 72, 50)
BAND: Colour = (92, 124, 74)
BRIGHT: Colour = (234, 243, 238)
DIM: Colour = (171, 182, 169)
ROOMY = 5.4  # a panel so many letters high has room for the interval in words
SPARE = 0.12  # of what has to be shown, left at either end


@dataclass(frozen=True, slots=True)
class Axis:
    """Values -> pixels from x on, `width` wide; those beyond its ends stand at them."""

    x: float
    width: float
    low: float
    high: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.x + self.width * min(max(share, 0.0), 1.0)


def telling(report: Report) -> list[Measure]:
    """Report -> at most four of the numbers it gives, what a player learns most from first.

    Those with a published range lead, the surest of them first; the body's others fill up, surest first too.
    """
    given = [measure for measure in report.measures if None not in (measure.value, measure.low, measure.high)]
    ranged = [measure for measure in given if measure.name in RANGES]
    other = [measure for measure in given if measure.name in BODY and measure.name not in RANGES]
    return [*sorted(ranged, key=_doubt), *sorted(other, key=_doubt)][:MOST]


def _doubt(measure: Measure) -> float:
    """-> how wide its interval is, in widths of its range, or of what makes a number a rough one."""
    given, half = RANGES.get(measure.name), ((measure.high or 0.0) - (measure.low or 0.0)) / 2
    return half / (given.high - given.low if given else ROUGH_M if measure.unit == "m" else ROUGH_DEG)


def sources(measures: Sequence[Measure]) -> str:
    """Measures -> who published the ranges of those that have one, each once."""
    ranges = (RANGES[measure.name] for measure in measures if measure.name in RANGES)
    return "; ".join(dict.fromkeys(given.source.rstrip(".") for given in ranges))


def bar(image: Image, box: tuple[int, int, int, int], measure: Measure, size: int) -> None:
    """x, y, width, height, letters' height -> the panel of a measure that is given: title, number, bar."""
    x, y, width, height = box
    assert measure.value is not None
    assert measure.low is not None
    assert measure.high is not None
    given, pad = RANGES.get(measure.name), round(0.7 * size)
    brush.block(image, box, round(0.6 * size), PAPER)
    left, wide = x + pad, width - 2 * pad
    top = y + pad + size * 0.8
    factor, unit = UNITS.get(measure.unit, (1.0, f" {measure.unit}"))
    begins = _headline(image, (left, top, wide), measure, size)
    title = TITLES.get(measure.name, measure.name.replace("_", " ").capitalize())
    room = begins - 0.5 * size - left
    if brush.text_width(title, round(LEGIBLE * size), 700) > room:
        title = SHORT.get(measure.name, title)
    brush.words(image, title, left, top, brush.fitting(title, size, 700, room), 700, BRIGHT)
    if height > ROOMY * size:
        between = f"between {factor * measure.low:.0f} and {factor * measure.high:.0f}{unit}".replace("-", "−")
        said = f"rough: {between}" if rough(measure.name, measure.low, measure.high) else between
        brush.words(image, said, left, top + 1.5 * size, round(0.74 * size), 500, DIM)
    edges = (given.low, given.high) if given else AXES.get(measure.name, (measure.low, measure.high))
    low, high = min(edges[0], measure.low), max(edges[1], measure.high)
    spare = SPARE * (high - low)
    axis = Axis(left, wide, low - spare, high + spare)
    _groove(image, axis, y + height - pad - 0.95 * size, measure, edges, size)


def _headline(image: Image, at: tuple[float, float, float], measure: Measure, size: int) -> float:
    """Left, base, width, the measure -> its number at the right, before it what it says; where that begins."""
    left, top, wide = at
    value, said, large = number(measure), flag(measure), round(1.25 * size)
    begins: float = left + wide - brush.text_width(value, large, 800)
    brush.words(image, value, begins, top + 0.1 * size, large, 800, WHITE)
    if said is None:
        return begins
    chip = brush.tag(SAID[said], round(0.74 * size), (24, 30, 18), FLAGS[said])
    begins -= int(chip[0].shape[1]) + 0.5 * size
    brush.paste(image, chip, begins, top + 0.1 * size - chip[0].shape[0] * 0.86)
    return begins


def _groove(image: Image, axis: Axis, middle: float, measure: Measure, edges: tuple[float, float], size: int) -> None:
    """The bar itself: its edges in numbers, a range as a band between them, the interval a line, the value a dot."""
    assert measure.value is not None
    assert measure.low is not None
    assert measure.high is not None
    colour, factor = FLAGS[flag(measure)], UNITS.get(measure.unit, (1.0, ""))[0]
    thick, band = max(4, round(0.3 * size)), round(0.95 * size)
    brush.block(image, span(axis.x, axis.x + axis.width, middle, thick), thick, GROOVE)
    if measure.name in RANGES:
        brush.block(image, span(axis.at(edges[0]), axis.at(edges[1]), middle, band), round(0.24 * size), BAND)
    line = max(3, round(0.2 * size))
    brush.block(image, span(axis.at(measure.low), axis.at(measure.high), middle, line), line, colour)
    for edge in (measure.low, measure.high):
        brush.block(image, span(axis.at(edge) - line / 2, axis.at(edge) + line / 2, middle, band // 2), line, colour)
    centre = brush.point(axis.at(measure.value), middle)
    brush.dot(image, centre, 0.42 * size, PAPER)
    brush.dot(image, centre, 0.34 * size, colour)
    brush.dot(image, centre, 0.14 * size, WHITE)
    small = round(0.62 * size)
    for value in edges:
        text = f"{factor * value:.0f}".replace("-", "−")
        at = axis.at(value) - brush.text_width(text, small, 500) / 2
        brush.words(image, text, at, middle + band / 2 + 1.05 * small, small, 500, DIM)


def span(x0: float, x1: float, middle: float, thick: float) -> tuple[int, int, int, int]:
    """From, to, height of the middle, thickness -> x, y, width, height."""
    return round(x0), round(middle - thick / 2), max(2, round(x1 - x0)), max(2, round(thick))
