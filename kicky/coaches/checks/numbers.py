"""Passage -> whether each of its numbers is a fact, the edge of one, or the count of a drill."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ...domain import Brief, Fact
from ...speeds import Speed, Unit, middle
from .phrases import phrases
from .quantities import Quantity, digits, quantities
from .text import plain, sentences
from .topics import named

APPROACH = (30.0, 45.0)  # the prompt's own: run-up of most speed, degrees to the ball
MPH = 1.609  # facts may be told in miles an hour; numbers are held against them in km/h
CLOSE = {"km/h": 0.6, "°": 0.6, "cm": 0.6, "m": 0.06, "%": 0.6}
ABOUT = {"km/h": 2.5, "°": 2.5, "cm": 2.5, "m": 0.3, "%": 2.5}
CONVERTED = 0.6  # of a mile or metre, for speeds that a model turned into those
_ABOUT = phrases("numbers.about")
_EFFORT = phrases("numbers.effort")
_PLACE = phrases("numbers.place")
_HAPPENED = phrases("numbers.happened")
_CLAIM = phrases("numbers.claim")
_COUNT = phrases("numbers.count")
_APART = re.compile(
    r"\d ?(?:°|degrees|cm) (?:more|less|below|above|short|beyond|over|under|closer|further|off|too|wider|straighter)\b"
)
# A number that is said to be the shot's own is none of the range's; where both are held up it may be either.
_TAKEN = re.compile(r"\b(?:was|were|is|it's|of|at)(?: \w+)? (?:at )?\d+(?:\.\d+)? ?(?:°|deg|cm)")
_HELD_UP = phrases("numbers.held_up")
_PAIR = re.compile(r"(\d+) (?:goals? |shots? )?(?:of|out of|from|in|with) (?:\w+ )?(\d+)(?! ?(?:km|mph|°|cm|%))")
_RATED = re.compile(r"\d ?/ ?\d|\bout of (?:5|10|100)\b")
MOST_BARE = 60


def fault(title: str, text: str, brief: Brief) -> str:
    """Section's title, text, Brief -> what is wrong with it, empty when nothing is."""
    said = plain(text).replace(brief.player.lower(), "") if brief.player else plain(text)
    for sentence in sentences(digits(said)):
        if title == "Verdict" and _RATED.search(sentence):
            return "gives a mark"
        if brief.kind == "session" and title != "Drill" and not _pairs(brief).issuperset(_PAIR.findall(sentence)):
            return "counts other goals"
        for quantity in quantities(sentence):
            if not _allowed(quantity, sentence, title, brief):
                return "gives a number that was not measured"
    return ""


def _allowed(quantity: Quantity, sentence: str, title: str, brief: Brief) -> bool:
    if _known(quantity, sentence, brief):
        return True
    free = title == "Drill" and not _CLAIM.search(sentence)
    advice = (title != "Verdict" and brief.kind == "shot") or free
    near = sentence[max(0, quantity.start - 40) : quantity.end + 30]
    match quantity.unit:
        case "":
            return _bare(quantity, sentence, title, brief)
        case "%":
            return advice and bool(_EFFORT.search(near)) and not _CLAIM.search(sentence)
        case "min":
            return advice
        case "s":
            return advice and quantity.value >= 1 and float(quantity.value).is_integer() and not _CLAIM.search(sentence)
        case "m" | "cm":
            own = named(sentence) and quantity.unit == "cm" and not free
            return free or (advice and bool(_PLACE.search(near)) and not (own or _HAPPENED.search(near)))
    return False


def _known(quantity: Quantity, sentence: str, brief: Brief) -> bool:
    about = bool(_ABOUT.search(sentence[max(0, quantity.start - 24) : quantity.start]))
    round_ = quantity.unit == "m" or quantity.value % 5 == 0
    close = (ABOUT if about and round_ else CLOSE).get(quantity.unit, 0.0)
    if quantity.unit == "km/h" and quantity.factor != 1:
        close = CONVERTED * quantity.factor
    return any(abs(abs(quantity.value) - abs(given)) <= close for given in _given(quantity.unit, sentence, brief))


def _given(unit: str, sentence: str, brief: Brief) -> Iterable[float]:
    """Unit, sentence, Brief -> the numbers of that unit which it may speak of."""
    topics, apart = named(sentence), bool(_APART.search(sentence))
    edges = not _TAKEN.search(sentence) or bool(_HELD_UP.search(sentence))
    facts = [_metric(fact) for fact in brief.facts if fact.value is not None]
    facts = [fact for fact in facts if fact.unit == unit]
    if topics & {fact.name for fact in brief.facts} and unit in ("°", "cm"):
        facts = [fact for fact in facts if fact.name in topics]
    for fact in facts:
        yield from _numbers(fact, edges, apart)
    if unit == "°" and re.search(r"\b(?:approach|run[- ]?up|from the side|com(?:e|ing) in)\b", sentence):
        yield from (
            edge for edge in APPROACH if not re.search(r"\byour (?:approach|run)\S* (?:\w+ )?(?:was|is)", sentence)
        )
    for change in brief.changes:
        times = MPH if change.unit == "mph" else 1.0
        if change.unit == unit or (unit, change.unit) == ("km/h", "mph"):
            numbers = (change.before, change.now, change.now - change.before, (change.high - change.low) / 2)
            yield from (times * number for number in numbers)
    if unit == "%":
        shares = [brief.p_goal, *((edge for edge in (brief.now.low, brief.now.high)) if brief.now else ())]
        yield from (100 * share for share in shares if share is not None)
        yield from (100 * (1 - brief.p_goal),) if brief.p_goal is not None else ()


def _metric(fact: Fact) -> Fact:
    """Fact -> the same, a speed in km/h."""
    if fact.unit != "mph":
        return fact
    value, low, high = (None if number is None else MPH * number for number in (fact.value, fact.low, fact.high))
    own = (MPH * fact.own[0], MPH * fact.own[1]) if fact.own else None
    return replace(fact, unit="km/h", value=value, low=low, high=high, own=own)


def _told(fact: Fact) -> Iterable[float]:
    """Speed in km/h -> its middle as it is told, rounded in either unit."""
    if fact.unit == "km/h" and fact.value is not None and fact.low is not None and fact.high is not None:
        speed = Speed(fact.value, fact.low, fact.high)
        yield from (middle(speed, unit) / unit.of(1.0) for unit in Unit)


def _numbers(fact: Fact, edges_too: bool, apart: bool) -> Iterable[float]:
    edges = [edge for span in (fact.usual, fact.own) if span and edges_too for edge in span]
    yield from (number for number in (fact.value, fact.low, fact.high) if number is not None)
    yield from _told(fact)
    yield from edges
    yield from (edge - fact.value for edge in edges if apart and fact.value is not None and abs(edge - fact.value) > 5)


def _bare(quantity: Quantity, sentence: str, title: str, brief: Brief) -> bool:
    """Number without a unit -> whether it counts something, or is a fact's own."""
    value = quantity.value
    if brief.kind == "session" and title != "Drill":
        return value in _counted(brief) or value == 1
    facts = [number for fact in brief.facts if fact.value is not None for number in (fact.value, fact.low, fact.high)]
    if any(number is not None and abs(number - value) < 0.6 for number in facts):
        return True
    if title == "Verdict":
        return value == 1 or (value in (2, 3, 4) and not re.search(r"\b\d\s*[-–:/]\s*\d|\bout of\b", sentence))
    if _CLAIM.search(sentence) and named(sentence):
        return False
    return value <= MOST_BARE and (value <= 10 or bool(_COUNT.match(sentence, quantity.end)) or title == "Drill")


def _counted(brief: Brief) -> set[float]:
    tallies = [tally for tally in (brief.now, brief.before) if tally is not None]
    counts = [number for t in tallies for number in (t.shots, t.goals, t.unsure, t.shots - t.goals, t.shots + t.unsure)]
    counts += [count for t in tallies for _, count in t.misses]
    counts += [count for cost in brief.costs for count in (len(cost.shots), cost.goals, cost.all_goals)]
    return (
        {float(number) for number in counts}
        | {
            round(number)
            for change in brief.changes
            for number in (change.before, change.now, (change.high - change.low) / 2)
        }
        | {round(number) for fact in brief.facts for number in (fact.value, fact.low, fact.high) if number is not None}
    )


def _pairs(brief: Brief) -> set[tuple[str, str]]:
    """Session -> (goals, shots) as they may be told, of this one and of those before."""
    tallies = [tally for tally in (brief.now, brief.before) if tally is not None]
    goals = {(t.goals, of) for t in tallies for of in (t.shots, t.shots + t.unsure)}
    misses = {(count, t.shots - t.goals) for t in tallies for _, count in t.misses}
    misses |= {pair for c in brief.costs for pair in ((len(c.shots), c.misses), (c.goals, c.all_goals))}
    means = {(round(change.before), round(change.now)) for change in brief.changes}
    return {(str(one), str(other)) for one, other in goals | misses | means}
