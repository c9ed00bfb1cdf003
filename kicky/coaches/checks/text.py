"""Words as a model writes them -> words as the checks read them: lower case, plain signs, sentences, clauses."""

from __future__ import annotations

import re
import unicodedata

from .phrases import phrases

_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "−": "-", "*": None, "_": " "})
_KEEPER = re.compile(r"\b(?:goal ?keeper|goalie|shot-?stopper|custodian)\b")
_SENTENCE = re.compile(r"(?<=[.!?;])[\"')]*\s+|\n+")
_TURN = r"(?:but|yet|although|though|while|because|since|which|still|however)"
_CLAUSE = re.compile(rf"\s*[,;:.!?()–—]+\s+(?:{_TURN}\s+)?|\s+[-–—]\s+(?:{_TURN}\s+)?|\s+{_TURN}\s+|[.!?]+$")
_CONTRAST = re.compile(r",?\s+(?:but|yet|still|however|though|although)\s+")
NOT = phrases("text.not")


def plain(text: str) -> str:
    """Text -> the same for reading: one kind of quote and space, no emphasis, no invisible signs, lower case.

    >>> plain("It **didn’t**\\u200b go in")
    "it didn't go in"
    """
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return _KEEPER.sub("keeper", " ".join(text.lower().split()))


def sentences(text: str) -> list[str]:
    """Plain text -> its sentences."""
    return [part for part in _SENTENCE.split(text) if part.strip()]


def clauses(sentence: str) -> list[str]:
    """Sentence -> the parts between its commas and its buts.

    >>> clauses("not over the bar, but wide")
    ['not over the bar', 'wide']
    """
    return [part for part in _CLAUSE.split(sentence) if part and part.strip()]


def turns(sentence: str) -> list[str]:
    """Sentence -> the parts before and after each "but"."""
    return _CONTRAST.split(sentence)


def claimed(pattern: re.Pattern[str], clause: str) -> re.Match[str] | None:
    """Pattern, clause -> where it is said and not denied: no "not" within the five words before it."""
    for found in pattern.finditer(clause):
        before = " ".join(clause[: found.start()].split()[-5:])
        if not NOT.search(before):
            return found
    return None
