"""All answers to the labelling questions -> what counts as true of each clip."""

from __future__ import annotations

from itertools import combinations

from ..storage import answers
from ..storage.answers import SETTLED, TRUTH
from . import agreement
from .agreement import Agreement


def said() -> dict[int, dict[str, dict[str, str]]]:
    """-> clip: labeller: question: answer."""
    return {
        clip: {who: {name.removeprefix(TRUTH): v for name, v in fields.items()} for who, fields in by_who.items()}
        for clip, by_who in answers.everything().items()
    }


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
