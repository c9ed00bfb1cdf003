"""Brief of a shot -> what to change, what matters most first, each with its drill. The wordings lie in fixes.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..domain import Brief, Cost, Fact, Verdict
from ..shown import BODY
from .brief import span, with_unit

WORDS = Path(__file__).with_name("fixes.toml")


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to change and how to train it, each in several wordings; `weight` says how much it matters."""

    weight: float
    texts: tuple[str, ...]
    drills: tuple[str, ...]


def fixes(brief: Brief) -> list[Fix]:
    """Brief of a shot -> at least two fixes, what matters most first."""
    found = [*_flagged(brief), *_missed(brief), *_own(brief), general("aim"), general("rhythm")]
    body = [fact for fact in brief.facts if fact.name in BODY and fact.value is not None]
    if not body:
        found.append(general("film"))
    elif any(fact.flag == "in" for fact in body) and not any(fact.flag in ("low", "high") for fact in body):
        found.append(general("again"))
    return sorted(found, key=lambda fix: -fix.weight)


def out_of_range(fact: Fact) -> Fix | None:
    """Fact -> what to do about it, None unless it lies surely outside a range we have words for.

    >>> knee = Fact("kicking_knee", "Kicking knee", "°", 120, 110, 130, "120° (110–130)", "low", (146.1, 166.3))
    >>> "120° (110–130)" in out_of_range(knee).texts[0]
    True
    """
    told = _words()["flagged"].get(fact.name, {}).get(fact.flag)
    return _fix(told, fact) if told else None


def missed(how: str) -> Fix:
    """How a shot missed -> what to do about it."""
    return _fix(_words()["missed"].get(how, _words()["missed"]["unclear"]))


def drills(cost: Cost) -> tuple[str, ...]:
    """What cost goals -> what trains it."""
    if not cost.flag:
        return missed(cost.name).drills
    return tuple(_words()["flagged"][cost.name][cost.flag]["drills"])


def general(name: str) -> Fix:
    """aim, rhythm, film or again -> what is good for anybody."""
    return _fix(_words()["general"][name])


def _flagged(brief: Brief) -> Iterator[Fix]:
    yield from filter(None, map(out_of_range, brief.facts))


def _missed(brief: Brief) -> Iterator[Fix]:
    if brief.verdict is Verdict.NO_GOAL:
        yield missed(brief.how)


def _own(brief: Brief) -> Iterator[Fix]:
    for fact in brief.facts:
        if (told := _words()["own"].get(fact.name, {}).get(fact.own_flag)) is not None:
            yield _fix(told, fact)


def _fix(told: dict[str, Any], fact: Fact | None = None) -> Fix:
    """Words, the fact they are about -> the fix with its numbers in place."""
    filled = {} if fact is None else {"text": fact.text, "usual": _span(fact, fact.usual), "own": _span(fact, fact.own)}
    return Fix(told["weight"], tuple(text.format(**filled) for text in told["texts"]), tuple(told["drills"]))


def _span(fact: Fact, edges: tuple[float, float] | None) -> str:
    return "" if edges is None else with_unit(span(edges, 0), fact.unit)


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))
