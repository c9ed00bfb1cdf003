"""Passage -> whether it judges what was not measured, or judges a measure otherwise than its range does."""

from __future__ import annotations

import re

from ...domain import Brief, Fact
from ...speeds import NAMES, Speed
from .phrases import phrases
from .text import NOT, claimed, clauses, plain, sentences
from .topics import named

GOOD = phrases("measured.good")
# Which way a measure is off, said for sure.
_OFF = r"\b(?:too|very|quite|rather|so|a bit|more|well|still|still well)\b[\w ]{0,12}"
WORDS = {
    "kicking_knee": (r"bent|flexed|low|closed", r"straight\w*|stiff|extended|open|high"),
    "support_knee": (r"bent|flexed|low|deep|soft", r"straight\w*|stiff|extended|high|locked"),
    "plant_aside": (r"close\w*|near\w*|narrow", r"far|wide|away|wider|distant"),
    "plant_behind": (r"forward|ahead|in front", r"behind|back"),
    "trunk_lean": (r"upright|little|less", r"much|more|far|back\w*|forward"),
    "hip_drive": (r"little|low|weak|less", r"much|more|far|high"),
    "trunk_side": (r"upright|little|less", r"much|more|far"),
    "hip_abduction": (r"narrow|close|little|less", r"wide|far|much|more"),
    "swing_plane": (r"upright|steep|little|less", r"flat|round|wide|much|more"),
    "pelvis_tilt": (r"level|flat|little|less|low|dropped", r"much|more|high|tilted"),
    "shoulder_tilt": (r"level|flat|little|less|low|dropped", r"much|more|high|tilted"),
    "approach": (r"straight|narrow|little|less|head[- ]on", r"wide|angled|much|more|round"),
    "follow_across": (r"little|less|short", r"much|more|far"),
    "follow_height": (r"little|less|low|short", r"much|more|high"),
    "last_step": (r"short|small|little|less", r"long|big|large|much|more"),
}
OWN = {"less": "low", "more": "high", "further": "high", "beyond": "high"}
HAPPENED = phrases("measured.happened")
JUDGED = phrases("measured.judged")
ADVICE = phrases("measured.advice")
UNTOLD = phrases("measured.untold")
HEDGED = phrases("measured.hedged")
PACE = phrases("measured.pace")

MERE = 2  # words of a clause that is only a judgement of what stands before its comma


def fault(title: str, text: str, brief: Brief) -> str:
    """Section's title, text, Brief -> what is wrong with it, empty when nothing is."""
    if brief.kind != "shot" or title == "Drill":
        return ""
    for sentence in sentences(plain(text)):
        about: set[str] = set()
        for part in clauses(sentence):
            about = named(part) or about  # what follows a comma is still about the same thing
            facts = [fact for name in sorted(about) if (fact := brief.fact(name)) is not None]
            whys = [_judged(part, fact, bool(named(part))) for fact in facts]
            if whys and all(whys):
                return whys[0]
    return ""


def _judged(part: str, fact: Fact, own: bool) -> str:
    """Clause, the fact it is about -> what is wrong with how it judges it."""
    if fact.value is None:
        mere = len(part.split()) <= MERE and GOOD.search(part)
        said = mere or (own and HAPPENED.search(part) and JUDGED.search(part) and not ADVICE.search(part))
        return "judges what was not measured" if said and not (UNTOLD.search(part) and NOT.search(part)) else ""
    if fact.name in NAMES:
        return _of_speed(part, fact)
    low, high = WORDS.get(fact.name, ("", ""))
    if not low or HEDGED.search(part) or ADVICE.search(part):
        return ""
    good = bool(claimed(GOOD, part)) and bool(HAPPENED.search(part) or own)
    less, more = (bool(re.search(rf"{_OFF}\b(?:{words})\b", part)) for words in (low, high))
    if HAPPENED.search(part) and not re.search(r"\b(?:less|not|n't)\b|\bthan\b", part):
        less, more = (
            found or bool(re.search(rf"\b(?:{words})\b", part)) for found, words in ((less, low), (more, high))
        )
    wrong_way = {"low": more and not less, "high": less and not more}.get(fact.flag, False)
    if fact.flag in ("low", "high"):
        return "contradicts what was measured" if good or wrong_way else ""
    if fact.flag == "in":
        off = re.search(rf"\btoo [\w ]{{0,8}}\b(?:{low}|{high})\b|\b(?:outside|beyond|out of)\b", part)
        return "contradicts what was measured" if off and HAPPENED.search(part) else ""
    return _against_own(part, fact, good)


def _of_speed(part: str, fact: Fact) -> str:
    """Clause, a speed -> whether it praises or blames one that is too uncertain for either."""
    sure = fact.value is not None and not Speed(fact.value, fact.low or 0.0, fact.high or 0.0).wide
    if sure or HEDGED.search(part) or ADVICE.search(part):
        return ""
    judged = claimed(GOOD, part) or claimed(PACE, part)
    return "judges a speed that is too uncertain" if judged else ""


def _against_own(part: str, fact: Fact, good: bool) -> str:
    """Clause about a measure without a range, or too uncertain for it -> only the player's own usual may be held up."""
    way = next((flag for word, flag in OWN.items() if re.search(rf"\b{word}\b.*\busual", part)), "")
    if (way and way != fact.own_flag) or (good and fact.own_flag and HAPPENED.search(part)):
        return "contradicts what was measured"
    verdict = re.search(r"\btoo (?:much|little|far|upright)\b", part) or (good and HAPPENED.search(part))
    return "judges a measure that has no range" if verdict and not fact.own_flag else ""
