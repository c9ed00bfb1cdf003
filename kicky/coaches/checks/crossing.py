"""Verdict on a goal -> whether it names a side or a height of the goal that was not measured, or another one."""

from __future__ import annotations

import re

from ...domain import Brief, Verdict
from .phrases import phrases
from .text import clauses, plain, sentences

SIDE = phrases("crossing.side")
HIGH = phrases("crossing.high")
LOW = phrases("crossing.low")
LOW_M, HIGH_M = 1.0, 1.4  # what nobody would call high, and what nobody would call low


def fault(title: str, text: str, brief: Brief) -> str:
    """Section's title, text, Brief -> what is wrong with it, empty when nothing is."""
    if title != "Verdict" or brief.verdict is not Verdict.GOAL:
        return ""
    across, up = brief.fact("crossing_x"), brief.fact("crossing_z")
    for part in (part for sentence in sentences(plain(text)) for part in clauses(sentence)):
        for found in SIDE.finditer(part):
            side = next(filter(None, found.groups()))
            edge = None if across is None or across.value is None else across.high if side == "left" else across.low
            if edge is None:
                return "says where it crossed, which was not measured"
            if (edge > 0) is (side == "left") and edge != 0:
                return "puts it on the other side of the goal"
        height = None if up is None else up.value
        if height is not None and ((HIGH.search(part) and height < LOW_M) or (LOW.search(part) and height > HIGH_M)):
            return "puts it at another height"
        if height is None and re.search(r"\b(?:top|bottom) (?:\w+ )?(?:corner|bins?)", part):
            return "says where it crossed, which was not measured"
    return ""
