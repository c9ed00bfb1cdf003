"""Measures that have a published range -> bars: the range, the number and its interval, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..domain import Measure, Report
from ..measures.ranges import RANGES, Flag, Range, flag
from ..video import Image
from . import brush
from .brush import WHITE, Colour
from .joints import FLAGS

TITLES = {
    "kicking_knee": "Kicking knee",
    "support_knee": "Standing knee",
    "plant_aside": "Standing foot beside the ball",
    "plant_behind": "Standing foot behind the ball",
}
SAID = {Flag.IN: "in range", Flag.LOW: "below", Flag.HIGH: "above", Flag.UNCLEAR: "cannot tell"}
UNITS = {"deg": (1.0, "°"), "m": (100.0, " cm")}
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


def ranged(report: Report) -> list[Measure]:
    """Report -> its measures that have a range, in the order of the ranges; those it lacks are left out."""
    by_name = {measure.name: measure for measure in report.measures}
    return [by_name[name] for name in RANGES if name in by_name]


def sources(measures: Sequence[Measure]) -> str:
    """Measures with ranges -> who published these, each once."""
    return "; ".join(dict.fromkeys(RANGES[measure.name].source.rstrip(".") for measure in measures))


def bar(image: Image, box: tuple[int, int, int, int], measure: Measure, size: int) -> None:
    """x, y, width, height, letters' height -> the measure's panel: its title, its number, its bar; or why none."""
    x, y, width, height = box
    given, pad = RANGES[measure.name], round(0.7 * size)
    brush.block(image, box, round(0.6 * size), PAPER)
    left, wide = x + pad, width - 2 * pad
    title = TITLES.get(measure.name, measure.name.replace("_", " ").capitalize())
    top = y + pad + size * 0.8
    if measure.value is None or measure.low is None or measure.high is None:
        brush.words(image, title, left, top, brush.fitting(title, size, 700, wide), 700, BRIGHT)
        small = round(0.74 * size)
        why = brush.lines(f"Not given. {measure.why_not}", small, 400, wide)
        for number, text in enumerate(why[: max(1, int((y + height - top - 0.4 * size) / (1.35 * small)))]):
            brush.words(image, text, left, top + (1.5 + 1.35 * number) * small, small, 400, DIM)
        return
    said = flag(measure)
    factor, unit = UNITS.get(measure.unit, (1.0, f" {measure.unit}"))
    value = f"{factor * measure.value:.0f}{unit}".replace("-", "−")
    chip = brush.tag(SAID[said] if said else "", round(0.74 * size), (24, 30, 18), FLAGS[said])
    large = round(1.25 * size)
    end = left + wide - brush.text_width(value, large, 800)
    brush.words(image, value, end, top + 0.1 * size, large, 800, WHITE)
    brush.paste(image, chip, end - chip[0].shape[1] - 0.5 * size, top + 0.1 * size - chip[0].shape[0] * 0.86)
    room = end - chip[0].shape[1] - size - left
    brush.words(image, title, left, top, brush.fitting(title, size, 700, room), 700, BRIGHT)
    if height > ROOMY * size:
        between = f"between {factor * measure.low:.0f} and {factor * measure.high:.0f}{unit}".replace("-", "−")
        brush.words(image, between, left, top + 1.5 * size, round(0.74 * size), 500, DIM)
    low, high = min(given.low, measure.low), max(given.high, measure.high)
    spare = SPARE * (high - low)
    axis = Axis(left, wide, low - spare, high + spare)
    _groove(image, axis, y + height - pad - 0.95 * size, measure, given, size)


def _groove(image: Image, axis: Axis, middle: float, measure: Measure, given: Range, size: int) -> None:
    """The bar itself: the range as a band with its ends in numbers, the interval as a line, the value as a dot."""
    assert measure.value is not None
    assert measure.low is not None
    assert measure.high is not None
    colour, factor = FLAGS[flag(measure)], UNITS.get(measure.unit, (1.0, ""))[0]
    thick, band = max(4, round(0.3 * size)), round(0.95 * size)
    brush.block(image, _span(axis.x, axis.x + axis.width, middle, thick), thick, GROOVE)
    brush.block(image, _span(axis.at(given.low), axis.at(given.high), middle, band), round(0.24 * size), BAND)
    line = max(3, round(0.2 * size))
    brush.block(image, _span(axis.at(measure.low), axis.at(measure.high), middle, line), line, colour)
    for edge in (measure.low, measure.high):
        brush.block(image, _span(axis.at(edge) - line / 2, axis.at(edge) + line / 2, middle, band // 2), line, colour)
    centre = brush.point(axis.at(measure.value), middle)
    brush.dot(image, centre, 0.42 * size, PAPER)
    brush.dot(image, centre, 0.34 * size, colour)
    brush.dot(image, centre, 0.14 * size, WHITE)
    small = round(0.62 * size)
    for value in (given.low, given.high):
        text = f"{factor * value:.0f}"
        at = axis.at(value) - brush.text_width(text, small, 500) / 2
        brush.words(image, text, at, middle + band / 2 + 1.05 * small, small, 500, DIM)


def _span(x0: float, x1: float, middle: float, thick: float) -> tuple[int, int, int, int]:
    """From, to, height of the middle, thickness -> x, y, width, height."""
    return round(x0), round(middle - thick / 2), max(2, round(x1 - x0)), max(2, round(thick))
