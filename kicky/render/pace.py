"""Speed -> its panel on the strike card: in words, and as a bar on the one scale that all speeds are drawn on."""

from __future__ import annotations

from ..domain import Report
from ..speeds import Speed, Unit, at_least, between, given, number, scale
from ..video import Image
from . import brush
from .bars import BRIGHT, DIM, GROOVE, PAPER, Axis, span
from .brush import SUN, WHITE

NINE_IN_TEN = "nine times in ten"


def panel(image: Image, box: tuple[int, int, int, int], report: Report, unit: Unit, size: int) -> None:
    """x, y, width, height, report, letters' height -> how hard: number, interval and bar; or what is proved, or why
    there is nothing.
    """
    x, y, width, height = box
    brush.block(image, box, round(0.6 * size), PAPER)
    large, small = told(report, unit)
    measures = {measure.name: measure for measure in report.measures}
    speed = given(measures)
    heights = (0.44, 0.68) if speed is not None else (0.56, 0.86)
    for text, share, weight, ink, down in ((large, 1.75, 800, WHITE, heights[0]), (small, 0.8, 500, DIM, heights[1])):
        fitted = brush.fitting(text, round(share * size), weight, width - 1.6 * size)
        brush.words(image, text, x + 0.8 * size, y + down * height, fitted, weight, ink)
    if speed is not None:
        bar(image, Axis(x + 0.8 * size, width - 1.6 * size, 0.0, scale(unit)), y + 0.84 * height, speed, unit, size)


def told(report: Report, unit: Unit) -> tuple[str, str]:
    """Report -> how hard, in large letters, and what goes with it in small ones."""
    measures = {measure.name: measure for measure in report.measures}
    if (speed := given(measures)) is not None:
        return number(speed, unit), f"{between(speed, unit)} {unit}, {NINE_IN_TEN}"
    if least := at_least(given(measures, "speed_across"), unit):
        return least, "across the picture; the flight is not known"
    return "–", "how fast cannot be told"


def bar(image: Image, axis: Axis, middle: float, speed: Speed, unit: Unit, size: int) -> None:
    """Axis in that unit, the bar's height in the picture -> the interval thick on its groove, the middle marked."""
    thin, thick = max(3, round(0.16 * size)), max(6, round(0.42 * size))
    low, value, high = (axis.at(unit.of(edge)) for edge in (speed.low, speed.value, speed.high))
    brush.block(image, span(axis.x, axis.x + axis.width, middle, thin), thin // 2, GROOVE)
    brush.block(image, span(low, high, middle, thick), thick // 2, SUN)
    tick = max(2, round(0.12 * size))
    brush.block(image, span(value - tick / 2, value + tick / 2, middle, round(1.5 * thick)), tick // 2, BRIGHT)
