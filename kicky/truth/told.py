"""All answers to the labelling questions, and what was put right of a shot -> what counts as true of each clip."""

from __future__ import annotations

from itertools import combinations

from ..storage import answers, labels
from ..storage.answers import SETTLED, TRUTH
from . import agreement
from .agreement import Agreement

CORRECTED = "On the shot's page"
"""Who says what was put right there: one labeller among the others, who knew what the program thought."""
PUT_RIGHT = (labels.OUTCOME, labels.FOOT, labels.CONTACT_FRAME)


def said() -> dict[int, dict[str, dict[str, str]]]:
    """-> clip: labeller: question: answer."""
    told = {
        clip: {who: {name.removeprefix(TRUTH): v for name, v in fields.items()} for who, fields in by_who.items()}
        for clip, by_who in answers.everything().items()
    }
    for clip, fields in labels.newest(PUT_RIGHT).items():
        if sure := {name: value for name, value in fields.items() if value != "unsure"}:
            told.setdefault(clip, {})[CORRECTED] = sure
    return told


def only_corrected() -> int:
    """-> how many clips nobody has labelled but by putting their shot right."""
    return sum(set(by_who) == {CORRECTED} for by_who in said().values())


def truths() -> dict[int, dict[str, str]]:
    """-> clip: what counts as true of it, for those of which anything is."""
    return {clip: found for clip, by_who in said().items() if (found := agreement.truth(by_who, SETTLED))}


def labellers() -> list[str]:
    """-> who has answered anything, in the order of the alphabet."""
    return sorted({who for by_who in said().values() for who in by_who} - {SETTLED})


def pairs() -> dict[tuple[str, str], list[Agreement]]:
    """-> for every two labellers who answered the same somewhere: how well they agree, question by question."""
    told = said()
    found = {pair: agreement.agreements(told.values(), *pair) for pair in combinations(labellers(), 2)}
    return {pair: lines for pair, lines in found.items() if lines}
