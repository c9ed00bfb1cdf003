"""Answers of a shot, the player's earlier ones -> Brief: the numbers as a player is shown them, with what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.stats import norm

from ..domain import Brief, Fact, Foot, How, Measure, Verdict
from ..measures.ranges import OUT, RANGES, Flag, flag
from ..shown import BODY, CENTIMETRES, DEGREES, TITLES, rough
from ..speeds import NAMES, Speed, Unit, words

Z_90 = 1.645
# name: unit as shown, what one of the measure's own is in it, digits after the point
SHOWN: dict[str, tuple[str, float, int]] = {
    **dict.fromkeys(("crossing_x", "crossing_z"), ("m", 1, 1)),
    **dict.fromkeys(DEGREES, ("°", 1, 0)),
    **dict.fromkeys(CENTIMETRES, ("cm", 100, 0)),
}
UNITS = {"deg": ("°", 0), "m": ("m", 1), "m/s": ("m/s", 1)}
# What a player compares with himself: his body and how hard, not where he aimed or where the phone stood.
OWN = ("speed", "average_speed", *BODY)
UNTOLD = ("speed_at_line", "time_to_line", "rise", "curl")  # nothing that a coach has to say rests on them
LEAST_EARLIER = 8
USUAL = (10, 90)  # percentiles of his earlier shots that he mostly lies between


def shot_brief(
    verdict: Verdict,
    how: How,
    foot: Foot,
    measures: Iterable[Measure],
    *,
    why: str = "",
    p_goal: float | None = None,
    player: str = "",
    earlier: Mapping[str, Sequence[float]] | None = None,
    speeds_in: Unit = Unit.KMH,
) -> Brief:
    """Answers of a shot, by name what the player's earlier shots had -> Brief. A measure nobody knows is told as it is.

    >>> knee = Measure("kicking_knee", "deg", 120, 110, 130)
    >>> shot_brief(Verdict.GOAL, How.IN_NET, Foot.LEFT, [knee]).facts[0].text
    '120° (110–130)'
    """
    past = earlier or {}
    told = (measure for measure in measures if measure.name not in UNTOLD)
    facts = tuple(fact(measure, past.get(measure.name, ()), speeds_in) for measure in told)
    return Brief("shot", verdict, how, why, p_goal, foot, player, facts)


def fact(measure: Measure, earlier: Sequence[float] = (), speeds_in: Unit = Unit.KMH) -> Fact:
    """Measure, the player's earlier values of it -> as he is shown it. A wide speed is held against nothing.

    >>> fact(Measure("plant_aside", "m", 0.2, 0.12, 0.28)).text
    '20 cm (12–28)'
    """
    title, unit, factor, digits = shown(measure.name, measure.unit, speeds_in)
    if measure.value is None or measure.low is None or measure.high is None:
        return Fact(measure.name, title, unit, why_not=measure.why_not)
    value, low, high = (factor * number for number in (measure.value, measure.low, measure.high))
    given = RANGES.get(measure.name)
    usual = (factor * given.low, factor * given.high) if given else None
    wide = measure.name in NAMES and Speed(measure.value, measure.low, measure.high).wide
    own, own_flag = _own(measure, earlier) if measure.name in OWN and not wide else (None, "")
    scaled = (factor * own[0], factor * own[1]) if own else None
    said = flag(measure)
    open_ = "A rough number." if wide or rough(measure.name, measure.low, measure.high) else ""
    notes = (open_, _range_note(said, usual, unit, digits), _own_note(own_flag, scaled, len(earlier), unit, digits))
    return Fact(
        measure.name, title, unit, value, low, high, with_interval(value, low, high, unit, digits),
        str(said or ""), usual, given.source if given else "", scaled, own_flag, " ".join(filter(None, notes)),
    )  # fmt: skip


def shown(name: str, unit: str, speeds_in: Unit = Unit.KMH) -> tuple[str, str, float, int]:
    """Measure's name and unit, what speeds are told in -> title, unit as shown, factor to it, digits."""
    if name in NAMES:
        return TITLES[name], str(speeds_in), speeds_in.of(1.0), 0
    if name in SHOWN:
        return TITLES[name], *SHOWN[name]
    sign, digits = UNITS.get(unit, (unit, 0))
    return name.replace("_", " ").capitalize(), sign, 1, digits


def with_interval(value: float, low: float, high: float, unit: str, digits: int) -> str:
    """Number, interval, unit, digits -> '91 km/h (85–97)'; of a wide speed 'about 90 km/h (70–112)'.

    >>> with_interval(-0.31, -0.62, 0.04, "m", 1)
    '−0.3 m (−0.6 to 0.0)'
    """
    if unit in tuple(Unit):
        told = Unit(unit)
        back = 1 / told.of(1.0)
        return words(Speed(back * value, back * low, back * high), told)
    return f"{with_unit(value, unit, digits)} ({span((low, high), digits)})"


def number(value: float, digits: int) -> str:
    """Number, digits -> as it is shown, never minus nought."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def span(edges: tuple[float, float], digits: int) -> str:
    """Edges -> '110–130', '−5 to 12'."""
    low, high = (number(edge, digits) for edge in edges)
    return f"{low} to {high}" if edges[0] < 0 else f"{low}–{high}"


def with_unit(value: float | str, unit: str, digits: int = 0) -> str:
    """Number or words, unit -> '91 km/h', '120°'."""
    text = value if isinstance(value, str) else number(value, digits)
    return f"{text}{unit}" if unit == "°" else f"{text} {unit}".strip()


def _own(measure: Measure, earlier: Sequence[float]) -> tuple[tuple[float, float] | None, str]:
    """Measure, earlier values -> what those mostly lie between, and low or high when this one is surely outside.

    The earlier values carry their own error, so their spread is rather too wide: that errs towards silence.
    """
    if len(earlier) < LEAST_EARLIER or measure.value is None or measure.low is None or measure.high is None:
        return None, ""
    below, above = (float(edge) for edge in np.percentile(earlier, USUAL))
    sd_low, sd_high = ((half or 1e-6) / Z_90 for half in (measure.value - measure.low, measure.high - measure.value))
    if norm.cdf((below - measure.value) / sd_high) >= OUT:
        return (below, above), "low"
    return (below, above), "high" if norm.cdf((measure.value - above) / sd_low) >= OUT else ""


def _range_note(said: Flag | None, usual: tuple[float, float] | None, unit: str, digits: int) -> str:
    if said is None or usual is None:
        return ""
    words = {Flag.LOW: "below", Flag.HIGH: "above", Flag.IN: "within", Flag.UNCLEAR: "too uncertain to hold against"}
    return f"{words[said]} the published {with_unit(span(usual, digits), unit)}".capitalize() + "."


def _own_note(own_flag: str, own: tuple[float, float] | None, count: int, unit: str, digits: int) -> str:
    if own is None:
        return ""
    words = {"low": "Less than", "high": "More than", "": "Not clearly outside"}
    return f"{words[own_flag]} your own usual {with_unit(span(own, digits), unit)} ({count} earlier shots)."
