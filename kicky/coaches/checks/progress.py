"""Passage on a session -> whether it calls something changed that is not surely so, or the wrong way."""

from __future__ import annotations

import re

from ...domain import Brief
from .phrases import phrases
from .text import NOT, clauses, plain, sentences
from .topics import named

UP = phrases("progress.up")
DOWN = phrases("progress.down")
GOALS = phrases("progress.goals")
FAST = phrases("progress.fast")
UNSURE = phrases("progress.unsure")


def fault(title: str, text: str, brief: Brief) -> str:
    """Section's title, text, Brief -> what is wrong with it, empty when nothing is."""
    if brief.kind != "session" or title == "Drill":
        return ""
    for part in (part for sentence in sentences(plain(text)) for part in clauses(sentence)):
        for pattern, better in ((UP, True), (DOWN, False)):
            found = pattern.search(part)
            if (
                found
                and not (NOT.search(part) or (title != "The day" and _advice(part)))
                and not _true(part, better, brief)
            ):
                return "calls changed what has not surely changed"
    return ""


def _advice(part: str) -> bool:
    return not re.search(r"\b(?:your|you|has|have|is|are|was|than before|got)\b", part)


def _true(part: str, better: bool, brief: Brief) -> bool:
    """Clause, for the better or not -> whether the session has such a sure change; of what is named, or of anything."""
    about = named(part)
    about |= {"goals"} if GOALS.search(part) else set()
    about |= {"speed"} if FAST.search(part) else set()
    sure = {change.name for change in brief.changes if change.sure and change.better is better}
    return bool(sure & about) if about else bool(sure)
