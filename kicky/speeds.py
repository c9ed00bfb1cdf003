"""A speed and its 90 % interval -> words, and which of several is the hardest. Speeds come in km/h; nothing else here.

Wide must sound wide: the middle of a wide interval is no measurement, so it is told as "about" and rounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor, hypot, isfinite
from statistics import NormalDist
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

Z_90 = 1.645
NOTHING = "–"
ABOUT, VAGUE = 0.10, 0.20
"""A half width above this share of the value makes it "about" so much; above the other it is rounded to fives."""
SURE = 0.9
ONE_LENS = "speed_one_lens"
LEAST_KMH = 10.0  # "at least" less than this says nothing
NAMES = frozenset(("speed", ONE_LENS, "average_speed", "speed_across", "speed_at_line"))
_NORMAL = NormalDist()


class Unit(StrEnum):
    """What speeds are told in. They are stored in km/h, always."""

    KMH = "km/h"
    MPH = "mph"

    def of(self, kmh: float) -> float:
        """km/h -> this."""
        return kmh if self is Unit.KMH else kmh / KMH_A_MILE


KMH_A_MILE = 1.609344
SCALE = {Unit.KMH: 140.0, Unit.MPH: 90.0}


@dataclass(frozen=True, slots=True)
class Speed:
    """A speed in km/h with its 90 % interval."""

    value: float
    low: float
    high: float

    @property
    def doubt(self) -> float:
        """-> half the interval, as a share of the value."""
        return (self.high - self.low) / 2 / max(self.value, 1e-6)

    @property
    def wide(self) -> bool:
        return self.doubt > ABOUT


class Measured(Protocol):
    """A measure, as it is worked out or as it is stored."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


def given(measures: Mapping[str, Measured], name: str = "speed") -> Speed | None:
    """Measures by name, the one meant -> that speed, None where it is not given."""
    measure = measures.get(name)
    return None if measure is None else known(measure.value, measure.low, measure.high)


def scale(unit: Unit) -> float:
    """Unit -> what every bar of a speed reaches to from 0: one scale, so that bars can be held against each other."""
    return SCALE[unit]


def known(value: float | None, low: float | None, high: float | None) -> Speed | None:
    """Three numbers, any of which may be missing or NaN -> a speed, None unless all are there."""
    if value is None or low is None or high is None or not all(map(isfinite, (value, low, high))):
        return None
    return Speed(float(value), float(low), float(high))


def middle(speed: Speed, unit: Unit = Unit.KMH) -> float:
    """Speed -> its middle in that unit, no finer than it is known.

    >>> middle(Speed(101, 76, 127)), middle(Speed(101, 87, 115)), middle(Speed(101, 96, 106), Unit.MPH)
    (100, 101, 63)
    """
    value = unit.of(speed.value)
    return 5 * round(value / 5) if speed.doubt > VAGUE else round(value)


def number(speed: Speed, unit: Unit = Unit.KMH) -> str:
    """Speed -> its middle in words, without the interval.

    >>> number(Speed(101, 76, 127)), number(Speed(101, 96, 106))
    ('about 100 km/h', '101 km/h')
    """
    return f"{'about ' if speed.wide else ''}{middle(speed, unit)} {unit}"


def between(speed: Speed, unit: Unit = Unit.KMH) -> str:
    """Speed -> its 90 % interval.

    >>> between(Speed(101, 76, 127)), between(Speed(101, 76, 127), Unit.MPH)
    ('76–127', '47–79')
    """
    return f"{unit.of(speed.low):.0f}–{unit.of(speed.high):.0f}"


def words(speed: Speed, unit: Unit = Unit.KMH) -> str:
    """Speed -> it in words, as everything that shows one says it.

    >>> words(Speed(101, 76, 127))
    'about 100 km/h (76–127)'
    >>> words(Speed(101, 87, 115)), words(Speed(101, 96, 106))
    ('about 101 km/h (87–115)', '101 km/h (96–106)')
    """
    return f"{number(speed, unit)} ({between(speed, unit)})"


def at_least(across: Speed | None, unit: Unit = Unit.KMH) -> str:
    """Speed across the picture -> what it proves where there is no flight, rounded down; "" where that is nothing.

    >>> at_least(Speed(60, 45.6, 140)), at_least(Speed(60, 45.6, 140), Unit.MPH), at_least(Speed(9, 7, 34))
    ('at least 45 km/h', 'at least 25 mph', '')
    """
    if across is None or across.low < LEAST_KMH:
        return ""
    return f"at least {5 * floor(unit.of(across.low) / 5)} {unit}"


def told(speed: Speed | None, across: Speed | None, unit: Unit = Unit.KMH) -> str:
    """Speed off the foot, speed across the picture -> the one in words, or what the other proves, or a dash.

    >>> told(None, Speed(60, 45.6, 140)), told(None, None)
    ('at least 45 km/h', '–')
    """
    return words(speed, unit) if speed is not None else at_least(across, unit) or NOTHING


def chance_harder(one: Speed, other: Speed) -> float:
    """Two speeds -> how likely the one is the harder; each a bell about its middle, as wide on either side as it says.

    >>> round(chance_harder(Speed(100, 95, 105), Speed(80, 75, 85)), 3), chance_harder(Speed(9, 8, 10), Speed(9, 8, 10))
    (1.0, 0.5)
    """
    if one.value < other.value:
        return 1 - chance_harder(other, one)
    sd = hypot(one.value - one.low, other.high - other.value) / Z_90
    return _NORMAL.cdf((one.value - other.value) / max(sd, 1e-6))


def hardest(found: Sequence[Speed]) -> tuple[int, int] | None:
    """Speeds -> the place of the one most likely to be the hardest, and how many others may have been as hard.

    A wide one is not the hardest for its middle alone: it is held against what each of the sharper ones rules out.

    >>> hardest([Speed(80, 78, 82), Speed(95, 90, 100), Speed(60, 58, 62)])
    (1, 0)
    >>> hardest([Speed(101, 76, 127), Speed(95, 70, 120), Speed(60, 58, 62)])
    (0, 1)
    """
    if not found:
        return None
    least = max(speed.low for speed in found)
    likely = [place for place, speed in enumerate(found) if speed.high >= least]
    chances = _chances([found[place] for place in likely])
    best = likely[max(range(len(likely)), key=chances.__getitem__)]
    return best, sum(chance_harder(found[best], other) < SURE for at, other in enumerate(found) if at != best)


@dataclass(frozen=True, slots=True)
class Hardest:
    """The shot most likely to be the hardest of several: its row, its speed, how many others may have been as hard."""

    row: int
    speed: Speed
    others: int

    def words(self, unit: Unit = Unit.KMH) -> str:
        """-> 'about 100 km/h (76–127); two others may have been as hard'."""
        return "; ".join(part for part in (words(self.speed, unit), others(self.others)) if part)


def column(shots: pd.DataFrame, name: str = "speed") -> list[Speed | None]:
    """Shots -> the speed of each, None where it is not known."""
    if name not in shots:
        return [None] * len(shots)
    return [known(*each) for each in zip(*(shots[f"{name}{end}"] for end in ("", "_low", "_high")), strict=True)]


def hardest_shot(shots: pd.DataFrame) -> Hardest | None:
    """Shots -> the hardest of them, None where no speed is known.

    Those of one session were filmed by one phone, and are held against each other without what its lens leaves open.
    """
    alone, same = column(shots), column(shots, ONE_LENS)
    rows = [(row, speed) for row, speed in enumerate(alone) if speed is not None]
    one_phone = "session_id" in shots and shots["session_id"].nunique() == 1
    held = [same[row] or speed for row, speed in rows] if one_phone and all(same[row] for row, _ in rows) else None
    found = hardest(held or [speed for _, speed in rows])
    return None if found is None else Hardest(*rows[found[0]], found[1])


STEPS, MOST = 48, 120


def _chances(found: Sequence[Speed]) -> list[float]:
    """Speeds -> for each how likely it is the hardest of all, not scaled; of very many only those that reach highest.

    On one grid of speeds: that this one lies in a step, and all the others below it.
    """
    tops = sorted((speed.high for speed in found), reverse=True)[:MOST]
    kept = [speed if speed.high >= tops[-1] else None for speed in found]
    low, high = min(speed.low for speed in found), 1.15 * tops[0] + 1
    grid = [low + (high - low) * step / STEPS for step in range(STEPS + 1)]
    below = [[_below(speed, edge) for edge in grid] if speed else [] for speed in kept]
    chances = [0.0] * len(found)
    for step in range(STEPS):
        here = [(row[step] + row[step + 1]) / 2 if row else 1.0 for row in below]
        all_below = 1.0
        for share in here:
            all_below *= max(share, 1e-12)
        for place, row in enumerate(below):
            if row:
                chances[place] += (row[step + 1] - row[step]) * all_below / max(here[place], 1e-12)
    return chances


def _below(speed: Speed, edge: float) -> float:
    half = speed.high - speed.value if edge > speed.value else speed.value - speed.low
    return _NORMAL.cdf((edge - speed.value) / max(half / Z_90, 1e-6))


def others(count: int) -> str:
    """How many others may have been as hard -> that in words, "" for none.

    >>> others(0), others(1), others(2), others(17)
    ('', 'one other may have been as hard', 'two others may have been as hard', '17 others may have been as hard')
    """
    small = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    if not count:
        return ""
    return f"{small[count] if count < len(small) else count} other{'s' * (count != 1)} may have been as hard"


def beats(one: Speed, earlier: Sequence[Speed]) -> bool:
    """A speed, all earlier ones -> whether it is harder than each of them, nine times in ten or surer.

    >>> beats(Speed(101, 96, 106), [Speed(80, 75, 85)]), beats(Speed(101, 76, 127), [Speed(80, 75, 85)])
    (True, True)
    >>> beats(Speed(101, 76, 127), [Speed(90, 80, 100)]), beats(Speed(101, 96, 106), [])
    (False, False)
    """
    return bool(earlier) and all(chance_harder(one, other) >= SURE for other in earlier)
