"""Passage -> whether it speaks of another result than the one decided, or of it as sure where nobody knows."""

from __future__ import annotations

import re

from ...domain import Brief, How, Verdict
from .phrases import phrases
from .text import claimed, clauses, plain, sentences, turns

# Said of this shot and in the past, so that it counts in every section.
SCORED = phrases("verdict.scored")
# Said of the result itself: read in the verdict only, elsewhere the same words are advice.
CHEERED = phrases("verdict.cheered")
MISSED = phrases("verdict.missed")
CONSOLED = phrases("verdict.consoled")
DOUBTED = phrases("verdict.doubted")
# What agrees with each verdict, beyond the words above that would contradict the others.
IN = phrases("verdict.in")
NO_GOAL = phrases("verdict.no_goal")
OPEN = phrases("verdict.open")
SURELY = phrases("verdict.surely")
HOWS = {
    How.OVER: phrases("verdict.hows.over"),
    How.WIDE_LEFT: phrases("verdict.hows.wide_left"),
    How.POST: phrases("verdict.hows.post"),
    How.SAVED: phrases("verdict.hows.saved"),
    How.SHORT: phrases("verdict.hows.short"),
}
LIKE_THIS = phrases("verdict.like_this")
NEXT = phrases("verdict.next")
_PAST = phrases("verdict.past")


def fault(title: str, text: str, brief: Brief) -> str:
    """Section's title, text, Brief -> what is wrong with it, empty when nothing is."""
    if brief.kind != "shot":
        return ""
    told = title == "Verdict"
    said = sentences(plain(text))
    if brief.verdict is Verdict.UNSURE:
        said = [part for sentence in said for part in turns(sentence)]
    for sentence in said:
        if why := _sentence_fault(sentence, told, brief):
            return why
    if brief.verdict is Verdict.NO_GOAL and (why := _other_way(text, told, brief)):
        return why
    return "does not say what came of the shot" if told and not _agrees(plain(text), brief) else ""


def _agrees(text: str, brief: Brief) -> bool:
    """Verdict in plain words -> whether it says what was decided; lists of wrong words alone would never be whole."""
    parts = [part for sentence in sentences(text) for part in (*clauses(sentence), sentence)]
    if brief.verdict is Verdict.UNSURE:
        return bool(DOUBTED.search(text) or OPEN.search(text))
    if brief.verdict is Verdict.GOAL:
        return any(claimed(pattern, part) for part in parts for pattern in (SCORED, CHEERED, IN))
    patterns = (CONSOLED, MISSED, NO_GOAL, *HOWS.values())
    return any(pattern.search(part) for part in parts for pattern in patterns)


def _sentence_fault(sentence: str, told: bool, brief: Brief) -> str:
    unsure = brief.verdict is Verdict.UNSURE
    goal, miss, doubt = _said(NEXT.sub("later", sentence) if unsure else sentence, told)
    if unsure:
        open_ = doubt and not SURELY.search(sentence)
        return "says for sure what nobody could tell" if (goal or miss) and not open_ else ""
    if told and doubt:
        return "doubts the verdict"
    if brief.verdict is Verdict.GOAL:
        return "speaks of a miss, it was a goal" if miss else ""
    return "speaks of a goal, it was none" if goal else ""


def _said(sentence: str, told: bool) -> tuple[bool, bool, bool]:
    """Sentence -> whether it says that the ball went in, that it did not, or that one cannot know."""
    parts = [*clauses(sentence), sentence] if told else clauses(sentence)
    goal = any(claimed(SCORED, part) for part in parts[: len(clauses(sentence))])
    miss = any(_past_miss(part) for part in clauses(sentence))
    if told:
        goal = goal or any(claimed(CHEERED, part) for part in clauses(sentence))
        miss = miss or bool(claimed(MISSED, sentence)) or any(claimed(CONSOLED, part) for part in parts)
    return goal, miss, bool(DOUBTED.search(sentence))


def _past_miss(clause: str) -> bool:
    """Clause -> whether it says that this shot missed; what a ball "can" do or is kept from doing is advice."""
    if MISSED.search(clause) and LIKE_THIS.search(clause):
        return True
    if claimed(MISSED, clause) is None:
        return False
    return bool(_PAST.search(clause) or re.search(r"\b(?:this|that|the|your) (?:\w+ )?(?:miss|shot)\b", clause))


def _other_way(text: str, told: bool, brief: Brief) -> str:
    """Text on a miss -> whether it says that it missed in another way than was seen."""
    side = {How.WIDE_LEFT: "right", How.WIDE_RIGHT: "left"}.get(brief.how, "")
    family = How.WIDE_LEFT if side else brief.how
    for part in (part for sentence in sentences(plain(text)) for part in clauses(sentence)):
        if not (told or _PAST.search(part)):
            continue
        for how, pattern in HOWS.items():
            if how is not family and (told or how is not How.WIDE_LEFT or "went" in part) and claimed(pattern, part):
                return "says that it missed in another way"
        if side and told and claimed(HOWS[How.WIDE_LEFT], part) and re.search(rf"\b{side}\b(?!-?\s?foot)", part):
            return "says that it missed on the other side"
    return ""
