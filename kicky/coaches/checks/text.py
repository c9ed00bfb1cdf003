"""Words as a model writes them -> words as the checks read them: lower case, plain signs, sentences, clauses."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "−": "-", "*": None, "_": " "})
_SENTENCE = re.compile(r"(?<=[.!?;])[\"')]*\s+|\n+")
_CLAUSE = re.compile(r"\s*[,;:.!?()–—]+\s+|\s+[-–—]\s+|\s+(?:but|yet|although|though|while|because|since|which)\s+|[.!?]+$")
NOT = re.compile(
    r"\b(?:no|not|never|without|hardly|nothing|neither|nor|none|cannot|rather than|instead of|away from|danger of|risk of"
    r"|avoid\w*|prevent\w*|stop\w*)\b|n't\b"
)  # fmt: skip


def plain(text: str) -> str:
    """Text -> the same for reading: one kind of quote and space, no emphasis, no invisible signs, lower case.

    >>> plain("It **didn’t**\\u200b go in")
    "it didn't go in"
    """
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join(text.lower().split())


def sentences(text: str) -> list[str]:
    """Plain text -> its sentences."""
    return [part for part in _SENTENCE.split(text) if part.strip()]


def clauses(sentence: str) -> list[str]:
    """Sentence -> the parts between its commas and its buts.

    >>> clauses("not over the bar, but wide")
    ['not over the bar', 'wide']
    """
    return [part for part in _CLAUSE.split(sentence) if part and part.strip()]


def claimed(pattern: re.Pattern[str], clause: str) -> re.Match[str] | None:
    """Pattern, clause -> where it is said and not denied: no "not" within the five words before it."""
    for found in pattern.finditer(clause):
        before = " ".join(clause[: found.start()].split()[-5:])
        if not NOT.search(before):
            return found
    return None
