"""A session's shots -> what cost most goals: how they missed, and what the body did in misses more than in goals."""

from __future__ import annotations

from collections.abc import Sequence

from ..domain import Brief, Cost, Fact, How, Verdict
from .brief import span, with_unit
from .fixes import out_of_range
from .prompt import HOWS

MOST = 2
OFTEN = 2  # misses in which the body did the same before it is told
RARER = 0.5  # of its share in misses, that it may have in goals


def costs(now: Sequence[Brief]) -> tuple[Cost, ...]:
    """Briefs of a session's shots -> at most two things, what most misses show first; shots by their places in `now`.

    What as many misses show as the next thing that is left out is left out, too: nothing says that it cost more.
    """
    misses = [place for place, brief in enumerate(now) if brief.verdict is Verdict.NO_GOAL]
    ranked = sorted([*_ways(now, misses), *_bodies(now, misses)], key=lambda cost: -len(cost.shots))
    for count in range(min(MOST, len(ranked)), 0, -1):
        if count == len(ranked) or len(ranked[count - 1].shots) > len(ranked[count].shots):
            return tuple(ranked[:count])
    return ()


def _ways(now: Sequence[Brief], misses: Sequence[int]) -> list[Cost]:
    """Shots, the misses among them -> each known way of missing."""
    ways = dict.fromkeys(now[place].how for place in misses if now[place].how is not How.UNCLEAR)
    mine = {how: tuple(place for place in misses if now[place].how is how) for how in ways}
    return [Cost(str(how), "", _told(places, misses, HOWS[how]), places, len(misses)) for how, places in mine.items()]


def _bodies(now: Sequence[Brief], misses: Sequence[int]) -> list[Cost]:
    """Shots, the misses among them -> each number surely out of its range in misses, and far less often in goals."""
    goals = [place for place, brief in enumerate(now) if brief.verdict is Verdict.GOAL]
    flagged = [{(fact.name, fact.flag): fact for fact in brief.facts if out_of_range(fact)} for brief in now]
    found = []
    for key in dict.fromkeys(key for place in misses for key in flagged[place]):
        mine, scored = (tuple(place for place in places if key in flagged[place]) for places in (misses, goals))
        if len(mine) < OFTEN or not goals or len(scored) / len(goals) > RARER * len(mine) / len(misses):
            continue
        where = f"{_where(flagged[mine[0]][key])}, as in {len(scored)} of {len(goals)} goals"
        found.append(Cost(*key, _told(mine, misses, where), mine, len(misses), len(scored), len(goals)))
    return found


def _where(fact: Fact) -> str:
    """Fact out of its range -> "kicking knee below the published 146–166°"."""
    usual = with_unit(span(fact.usual, 0), fact.unit) if fact.usual else "range"
    return f"{fact.title.lower()} {'below' if fact.flag == 'low' else 'above'} the published {usual}"


def _told(mine: Sequence[int], misses: Sequence[int], what: str) -> str:
    return f"{len(mine)} of {len(misses)} miss{'es' * (len(misses) != 1)}: {what}"
