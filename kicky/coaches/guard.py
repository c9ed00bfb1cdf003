"""Pieces as a coach sends them, Brief -> passages that are safe to show: what is wrong gives way to the rules coach's.

A passage is one section. It is shown when the next one begins, so that nothing is ever taken back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from ..domain import Brief
from ..errors import CoachFailed, KickyError
from .checks import fault
from .prompt import SECTIONS
from .rules import sections

LONGEST_SECTION = 1200  # letters; what is longer is no section any more
LONGEST_REPLY = 8000
LONGEST_THOUGHT = 64_000
MOST_PIECES = 6000
MOST_SILENT = 20_000  # empty ones: signs of life, and what of a thought is not shown
LONGEST_HEADER = 80
MISSING, ENDLESS, CUT = "was missing", "went on and on", "broke off"
ONLY_THOUGHT = "The model only thought and gave no advice: switch its thinking off, or choose another model."
_NAMES = r"verdict|fix(?:\s*#?\s*(?:1|2|one|two))?|drill|the day|still open|train next"
HEADER = re.compile(
    r"\*\*[ \t]*(?P<bold>[A-Za-z][\w #'-]{1,30}?)\s*(?::[ \t]*\*\*|\*\*[ \t]*:)"
    r"|^[ \t]*(?:#{1,6}[ \t]*|[-*•][ \t]+|\d+[.)][ \t]*)?(?:\*\*)?[ \t]*"
    rf"(?P<line>{_NAMES})[ \t]*(?:\*\*)?[ \t]*(?:[:–—-]|$)(?:[ \t]*\*\*)?",
    re.IGNORECASE | re.MULTILINE,
)
_BEGINS, _ENDS = "<think>", "</think>"
_THOUGHT = re.compile(f"{_BEGINS}.*?(?:{_ENDS}|\\Z)", re.DOTALL)
_DRESS = re.compile(r"[*_#`>]+|^\s*(?:[-•]|\d+[.)])\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Passage:
    """One section as it is shown. `replaced` when it is the rules coach's; `why` says what was wrong with the other."""

    title: str
    text: str
    replaced: bool = False
    why: str = ""


def guard(pieces: Iterable[str], brief: Brief) -> Generator[Passage, None, None]:
    """Pieces, Brief -> the four passages in order, each as soon as it is whole and was read.

    A coach that fails half-way (KickyError) is completed from the rules; one that fails before its first section is
    not, and its error is raised.
    """
    titles, own = SECTIONS[brief.kind], sections(brief)
    done, begun = 0, False
    try:
        for title, text in _parts(pieces, titles):
            begun = True
            place = titles.index(title)
            if place < done:
                continue  # said again
            for missing in range(done, place):
                yield Passage(titles[missing], own[missing], True, MISSING)
            shown = _shown(text or "")
            why = ENDLESS if text is None else "" if shown == own[place] else fault(title, text, brief)
            yield Passage(title, own[place], True, why) if why else Passage(title, shown)
            done = place + 1
        left = MISSING
    except KickyError as error:
        if not begun:
            raise
        left = f"{CUT}: {error}"
    finally:
        if (close := getattr(pieces, "close", None)) is not None:
            with suppress(ValueError):  # it is this very generator that is being closed
                close()
    for missing in range(done, len(titles)):
        yield Passage(titles[missing], own[missing], True, left)


def _shown(text: str) -> str:
    """Section as sent -> one paragraph without marks."""
    return " ".join(_DRESS.sub(" ", text).split())


def _parts(pieces: Iterable[str], titles: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Pieces -> (title, text) of each section once it is whole; text None for one without an end.

    What stands before the first section, between sections under a name of its own, or in a thought, is dropped. Where a
    thought ends that nobody saw begin (the server's template began it), all before it was one.
    Raises: CoachFailed where nothing but a thought came.
    """
    buffer, title, fixes, total, since = "", "", 0, 0, 0
    came = Counter[bool]()
    for piece in pieces:
        buffer += piece
        came[bool(piece)] += 1
        if came[True] > MOST_PIECES or came[False] > MOST_SILENT or len(buffer) > LONGEST_THOUGHT:
            break
        if not piece or _thinks(buffer):
            continue
        total += len(piece)
        if total > LONGEST_REPLY:
            break
        buffer = _THOUGHT.sub("", buffer)
        if _ENDS in buffer:
            buffer, title, fixes, since = buffer.rpartition(_ENDS)[2], "", 0, 0
        while (found := HEADER.search(buffer, since)) and found.end() < len(buffer):
            if title:
                yield title, buffer[: found.start()]
            title, fixes = _title(found, titles, fixes)
            buffer, since = buffer[found.end() :].lstrip("*: \t"), 0
        since = max(0, len(buffer) - LONGEST_HEADER)
        if title and len(buffer) > LONGEST_SECTION:
            yield title, None
            title = ""
    else:
        if title:
            yield title, _THOUGHT.sub("", buffer)
        elif _thinks(buffer):
            raise CoachFailed(ONLY_THOUGHT)


def _thinks(buffer: str) -> bool:
    """-> whether a thought has begun in it and not ended."""
    return _BEGINS in buffer and _ENDS not in buffer.rpartition(_BEGINS)[2]


def _title(found: re.Match[str], titles: tuple[str, ...], fixes: int) -> tuple[str, int]:
    """Header -> which section it begins, empty for one that nobody asked for; how many fixes there were."""
    name = " ".join((found["bold"] or found["line"]).lower().replace("#", " ").split())
    name = {"fix one": "fix 1", "fix two": "fix 2", "fix1": "fix 1", "fix2": "fix 2"}.get(name, name)
    if name == "fix":
        name = f"fix {fixes + 1}"
    known = next((title for title in titles if title.lower() == name), "")
    return known, fixes + known.startswith("Fix")
