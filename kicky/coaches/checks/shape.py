"""Passage -> whether it is a short piece of plain English, and no talk about the task."""

from __future__ import annotations

import re
from collections import Counter

from ...domain import Brief
from ..prompt import MOST_WORDS
from .phrases import phrases, words
from .text import plain, sentences

ENGLISH = words("shape.english")
FOREIGN = words("shape.foreign")
LINK = phrases("shape.link")
CODE = phrases("shape.code")
REFUSAL = phrases("shape.refusal")
ECHO = phrases("shape.echo")
LEAST_WORDS = 2


def fault(_title: str, text: str, _brief: Brief) -> str:
    """Section's title, text, Brief -> what is wrong with it, empty when nothing is."""
    said = plain(text)
    words = re.findall(r"[^\W\d_]+", said)
    if len(re.findall(r"\w+", said)) < LEAST_WORDS or not words:
        return "says nothing"
    if len(words) > 2 * MOST_WORDS or _repeats(words, said):
        return "goes on and on"
    for pattern, why in (
        (LINK, "holds a link"),
        (CODE, "holds code"),
        (REFUSAL, "speaks of itself"),
        (ECHO, "repeats its task"),
    ):
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
