"""Passage -> whether it is a short piece of plain English, and no talk about the task."""

from __future__ import annotations

import re
from collections import Counter

from ...domain import Brief
from ..prompt import MOST_WORDS
from .text import plain, sentences

ENGLISH = frozenset(
    "a an the and or but to of in on at for with from by it its is was are be this that you your not no so as one more keep "
    "take up out down over into then each too can will do have get let next time foot ball goal shot shots hit aim low".split()
)
FOREIGN = frozenset(
    "der die das und ist nicht mit ein eine dein deinem auf zu le les des une est pas ton votre avec pour dans el los las una "
    "que con por tu es muy para il gli una che con non tuo per het een niet je met voor van".split()
)
LINK = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|org|net|io|gov|tv)\b|\]\(|@\w")
CODE = re.compile(r"```|`[^`]+`|</?\w+[^>]*>|\bdef \w+\(|\bimport \w+|[{}|\\]|\$\$?")
REFUSAL = re.compile(
    r"\bas an? (?:ai|artificial|language|large)\b|\blanguage model\b|\bi(?:'m| am) (?:sorry|unable|not able|an? (?:ai|assistant))|\bassistant\b"
    r"|\bi (?:can't|cannot|can not|am unable to) (?:see|view|help|assist|watch|analy[sz]e|process|provide|open)\b|\bno image\b|\bplease (?:provide|upload)"
)  # fmt: skip
ECHO = re.compile(
    r"\bfacts (?:of this|below)|\bwrite the advice\b|\bat most \d+ words|\bnever contradict|\bthese four sections|\byou are the coach\b"
    r"|\bpictures, where there\b|\bsystem prompt|\bprompt\b|\binstructions?\b|\buser\b|\bnot measured\. |…$|\[insert|\[your"
)
LEAST_WORDS = 2


def fault(_title: str, text: str, _brief: Brief) -> str:
    """Section's title, text, Brief -> what is wrong with it, empty when nothing is."""
    said = plain(text)
    words = re.findall(r"[^\W\d_]+", said)
    if len(words) < LEAST_WORDS:
        return "says nothing"
    if len(words) > 2 * MOST_WORDS or _repeats(words, said):
        return "goes on and on"
    for pattern, why in ((LINK, "holds a link"), (CODE, "holds code"), (REFUSAL, "speaks of itself"), (ECHO, "repeats its task")):
        if pattern.search(said):
            return why
    return "" if _english(words, said) else "is not in English"


def _repeats(words: list[str], said: str) -> bool:
    fours = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    twice = Counter(part.strip(" .!?") for part in sentences(said) if len(part.split()) > 3)
    return max(fours.values(), default=0) > 2 or max(twice.values(), default=0) > 1


def _english(words: list[str], said: str) -> bool:
    letters = [sign for sign in said if sign.isalpha()]
    if sum(sign > "ɏ" for sign in letters) > 0.1 * len(letters):
        return False
    foreign, english = sum(word in FOREIGN for word in words), sum(word in ENGLISH for word in words)
    return not (foreign > english or (len(words) >= 12 and english < 0.12 * len(words)))
