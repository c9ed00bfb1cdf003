"""A player's shots of one session, those of earlier sessions -> Brief: what is surely different, and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import sqrt

import numpy as np

from ..domain import Brief, Change, Fact, Foot, Measure, Tally, Verdict
from ..measures.ranges import RANGES, Flag, flag
from ..shares import wilson
from ..shown import BODY, DEGREES, LEAST_CHANGE_DEG
from ..speeds import Speed, Unit
from .brief import Z_90, number, shown, span, with_interval, with_unit
from .costs import costs

# Where the ball crossed is where he aimed; speed across the picture is where the phone stood.
COMPARED = ("speed", "average_speed", *BODY)
LEAST_SHOTS, LEVEL = 3, 0.90


def session_brief(player: str, now: Sequence[Brief], before: Sequence[Brief], speeds_in: Unit = Unit.KMH) -> Brief:
    """Player, briefs of his shots in this session and in those before, what their speeds are told in -> Brief.

    ValueError without a shot.
    """
    if not now:
        raise ValueError("session_brief: expected at least one shot")
    counted, earlier = tally(now), tally(before) if before else None
    changes = [_goals(counted, earlier)] if earlier else []
    facts = []
    for name in COMPARED:
        mine, theirs = _values(now, name), _values(before, name)
        if len(mine) >= LEAST_SHOTS:
            facts.append(_mean_fact(name, mine, speeds_in))
            if len(theirs) >= LEAST_SHOTS:
                changes.append(_change(name, mine, theirs, speeds_in))
    feet = {brief.foot for brief in now} - {Foot.UNSURE}
    foot = feet.pop() if len(feet) == 1 else Foot.UNSURE
    kept = tuple(change for change in changes if change is not None)
    return Brief("session", foot=foot, player=player, facts=tuple(facts), now=counted, before=earlier, changes=kept,
                 costs=costs(now))  # fmt: skip


def tally(briefs: Sequence[Brief]) -> Tally:
    """Briefs -> shots counted."""
    judged = [brief for brief in briefs if brief.verdict is not Verdict.UNSURE]
    goals = sum(brief.verdict is Verdict.GOAL for brief in judged)
    misses = Counter(brief.how for brief in judged if brief.verdict is Verdict.NO_GOAL)
    low, high = wilson(goals, len(judged), LEVEL)
    return Tally(len(judged), goals, low, high, len(briefs) - len(judged), tuple(misses.most_common()))


def _goals(now: Tally, before: Tally) -> Change | None:
    """Tallies -> how the share of goals differs (Newcombe's interval from the two of Wilson)."""
    if not (now.shots and before.shots):
        return None
    share, was = now.goals / now.shots, before.goals / before.shots
    low = share - was - sqrt((share - now.low) ** 2 + (before.high - was) ** 2)
    high = share - was + sqrt((now.high - share) ** 2 + (was - before.low) ** 2)
    text = f"{now.goals} of {now.shots}, before {before.goals} of {before.shots}"
    return Change("goals", "Goals", "%", 100 * was, 100 * share, 100 * low, 100 * high, text, low * high > 0, low > 0)


def _values(briefs: Sequence[Brief], name: str) -> list[Fact]:
    facts = (brief.fact(name) for brief in briefs)
    return [fact for fact in facts if fact is not None and fact.value is not None]


def _mean(facts: Sequence[Fact]) -> tuple[float, float]:
    """Facts -> their mean, 1 s.d. of it.

    Camera and lens are the same in all shots of a session, so a shot's own error does not average out.
    """
    values = [fact.value or 0.0 for fact in facts]
    shared = float(np.mean([((fact.high or 0.0) - (fact.low or 0.0)) / (2 * Z_90) for fact in facts]))
    spread = float(np.std(values, ddof=1)) / sqrt(len(values))
    return float(np.mean(values)), sqrt(shared**2 + spread**2)


def _mean_fact(name: str, facts: Sequence[Fact], speeds_in: Unit) -> Fact:
    title, unit, factor, digits = shown(name, "", speeds_in)
    mean, sd = _mean(facts)
    low, high = mean - Z_90 * sd, mean + Z_90 * sd
    given = RANGES.get(name)
    own_unit = "m" if unit == "cm" else unit
    said = flag(Measure(name, own_unit, mean / factor, low / factor, high / factor))
    usual = (factor * given.low, factor * given.high) if given else None
    note = "A rough number." if unit in tuple(Unit) and Speed(mean, low, high).wide else ""
    if usual and said and said is not Flag.UNCLEAR:
        where = {"low": "below", "high": "above", "in": "within"}[said]
        note = f"On average {where} the published {with_unit(span(usual, digits), unit)}."
    text = with_interval(mean, low, high, unit, digits)
    source = given.source if given else ""
    return Fact(name, f"{title}, mean of {len(facts)}", unit, mean, low, high, text, str(said or ""), usual, source,
                note=note)  # fmt: skip


def _change(name: str, now: Sequence[Fact], before: Sequence[Fact], speeds_in: Unit) -> Change:
    title, unit, _, digits = shown(name, "", speeds_in)
    (mean, sd), (was, was_sd) = _mean(now), _mean(before)
    half = Z_90 * sqrt(sd**2 + was_sd**2)
    low, high = mean - was - half, mean - was + half
    text = f"{with_unit(mean, unit, digits)}, before {with_unit(was, unit, digits)} (± {number(half, digits)})"
    sure = low * high > 0 and (name not in DEGREES or abs(mean - was) > LEAST_CHANGE_DEG)
    return Change(name, title, unit, was, mean, low, high, text, sure, _better(name, now[0].usual, mean, was))


def _better(name: str, usual: tuple[float, float] | None, now: float, was: float) -> bool | None:
    """Measure, published range, means -> nearer to the range, or faster; None where neither says."""
    if name in ("speed", "average_speed"):
        return now > was
    if usual is None:
        return None
    off, off_before = (max(usual[0] - mean, mean - usual[1], 0.0) for mean in (now, was))
    return None if off == off_before else off < off_before
