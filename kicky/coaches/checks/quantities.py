"""Plain text -> the numbers in it, digits or words, each with its unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUE = {word: number for number, word in enumerate(ONES)} | {word: 10 * n for n, word in enumerate(TENS, start=2)}
_ONE = "|".join(sorted(_VALUE, key=len, reverse=True))
_WORDS = re.compile(
    rf"\b(?:(?:(?P<hundreds>a|{_ONE})[ -]hundred(?:[ -](?:and[ -])?)?)(?P<rest>(?:{_ONE})(?:[ -](?:{_ONE}))?)?"
    rf"|(?P<plain>(?:{_ONE})(?:[ -](?:{_ONE}))?))\b"
)
# unit as written -> (canonical unit, what one of it is in the canonical one)
UNITS = {
    r"km ?/ ?h|kmh|kph|kilomet\w+ (?:per|an) hour|kilomet\w+/h\w*|k?m?s? per hour": ("km/h", 1.0),
    r"mph|miles? (?:per|an) hour|miles/h\w*": ("km/h", 1.609),
    r"m ?/ ?s|met(?:er|re)s? (?:per|a) second|mps": ("km/h", 3.6),
    r"°|degrees?|degs?": ("°", 1.0),
    r"cm|centimet\w+": ("cm", 1.0),
    r"mm|millimet\w+": ("cm", 0.1),
    r"m|met(?:er|re)s?": ("m", 1.0),
    r"yards?|yds?": ("m", 0.914),
    r"feet|ft": ("m", 0.305),
    r"inch(?:es)?": ("cm", 2.54),
    r"%|per ?cent": ("%", 1.0),
    r"milliseconds?|ms": ("s", 0.001),
    r"seconds?|secs?|s": ("s", 1.0),
    r"minutes?|mins?": ("min", 1.0),
    r"rpm|rev\w* per \w+|newtons?|joules?|watts?|bpm|kg|kilos?|g-force|grams?|hz|fps": ("?", 1.0),
}
_UNIT = "|".join(f"(?P<u{place}>{pattern})" for place, pattern in enumerate(UNITS))
_NUMBER = r"(?<![\w.,])[-−]?\d+(?:[.,]\d+)?"
_CHAIN = re.compile(
    rf"({_NUMBER}(?:\s?(?:-|–|to|and|or|,)\s?{_NUMBER}){{0,2}})(?:[\s-]?(?:{_UNIT})(?![\w]))?", re.IGNORECASE
)
_BRACKET = re.compile(rf"\s*\(({_NUMBER})\s?(?:-|–|to)\s?({_NUMBER})\)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number: its value in `unit` (empty for a bare one), where it stands, how many digits it was given with."""

    value: float
    unit: str
    start: int
    end: int
    factor: float = 1.0


def digits(text: str) -> str:
    """Plain text -> its numbers in digits.

    >>> digits("ninety-nine km/h, a hundred and five, one hundred, three steps")
    '99 km/h, 105, 100, 3 steps'
    """
    return _WORDS.sub(_written, text)


def _written(found: re.Match[str]) -> str:
    if found["hundreds"]:
        hundreds = 1 if found["hundreds"] == "a" else _VALUE[found["hundreds"]]
        return str(100 * hundreds + (_small(found["rest"]) or 0 if found["rest"] else 0))
    small = _small(found["plain"])
    return found[0] if small is None else str(small)


def _small(words: str) -> int | None:
    parts = [_VALUE[word] for word in re.split(r"[ -]", words)]
    if len(parts) == 1:
        return parts[0]
    return sum(parts) if parts[0] >= 20 and parts[1] < 10 else None


def quantities(text: str) -> list[Quantity]:
    """Plain text with digits -> its numbers; those of a range and of an interval in brackets share its unit.

    >>> [(q.value, q.unit) for q in quantities("91 km/h (85–97), 26 to 40 cm, 3 sets")]
    [(91.0, 'km/h'), (85.0, 'km/h'), (97.0, 'km/h'), (26.0, 'cm'), (40.0, 'cm'), (3.0, '')]
    """
    found, taken = [], 0
    for chain in _CHAIN.finditer(text):
        if chain.start() < taken:
            continue
        unit, factor = _unit(chain)
        spots = [*re.finditer(_NUMBER, chain[1])]
        found += [_quantity(spot[0], unit, factor, chain.start() + spot.start(), chain.end()) for spot in spots]
        if unit and (bracket := _BRACKET.match(text, chain.end())):
            found += [_quantity(edge, unit, factor, bracket.start(), bracket.end()) for edge in bracket.groups()]
            taken = bracket.end()
    return found


def _unit(chain: re.Match[str]) -> tuple[str, float]:
    for place, answer in enumerate(UNITS.values()):
        if chain[f"u{place}"]:
            return answer
    return "", 1.0


def _quantity(digit: str, unit: str, factor: float, start: int, end: int) -> Quantity:
    return Quantity(float(digit.replace(",", ".").replace("−", "-")) * factor, unit, start, end, factor)
