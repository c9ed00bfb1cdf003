"""What somebody looks like, the shots named by hand -> who it is and how surely, or nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ..domain import Appearance, Floats

Key = TypeVar("Key")
Thing = TypeVar("Thing")
PARTS = ("shirt", "shorts", "socks")
SURE = 0.8  # P(it is them) from which a name is proposed
# ln of how much likelier two looks are one person's than two people's: at no distance, and less for each unit of it.
ALIKE = {"shirt": (1.7, 4.0), "shorts": (2.0, 7.0), "socks": (0.5, 2.2)}  # fitted to 8 rendered people
MOST, LEAST = 4.0, -6.0  # the same for all clothes together: friends may dress alike, and light may deceive
REMEMBERED = 40  # looks of a name from other days: kits change, and a thousand of them say no more
SAME_KIT = 0.35  # chance that somebody wears on another Saturday what they wore
# Height in m, shoulders, legs as shares of the trunk: how they differ between people, and from clip to clip.
BETWEEN, WITHIN, APART = np.array([0.13, 0.07, 0.06]), np.array([0.12, 0.1, 0.1]), np.array([0.16, 0.1, 0.1])


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """Somebody seen in a session: `name` is who it is, by hand, or empty where that is asked."""

    look: Appearance
    session: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who somebody is taken for: `name` is None where nobody is likely enough; `p` is of the likeliest name."""

    name: str | None
    p: float


def propose(asked: Sequence[Known], named: Sequence[Known], denied: Sequence[frozenset[str]] = ()) -> list[Proposal]:
    """Looks without a name, those with one (oldest first), names that each was said not to be -> a Proposal for each.

    Whoever was named in the same session is compared by clothes and build; on another day clothes count for little,
    and of each name only the newest REMEMBERED looks. That it is somebody nobody has named yet is as likely
    beforehand as each name.
    """
    answers = [Proposal(None, 0.0)] * len(asked)
    days = _grouped((one.session, one) for one in named)
    remembered = [look for looks in _by_name(named).values() for look in looks[-REMEMBERED:]]
    for session, rows in _grouped((one.session, row) for row, one in enumerate(asked)).items() if named else ():
        others = [one for one in remembered if one.session != session]
        told = _told([asked[row] for row in rows], days.get(session, []), others)
        for place, row in enumerate(rows):
            refused = denied[row] if denied else frozenset[str]()
            answers[row] = _likeliest({name: -np.inf if name in refused else ln[place] for name, ln in told.items()})
    return answers


def _grouped(pairs: Iterable[tuple[Key, Thing]]) -> dict[Key, list[Thing]]:
    """Keys with what belongs to each -> all of each key's, in their order."""
    found: dict[Key, list[Thing]] = {}
    for key, thing in pairs:
        found.setdefault(key, []).append(thing)
    return found


def _by_name(looks: Sequence[Known]) -> dict[str, list[Known]]:
    return _grouped((look.name, look) for look in looks)


def _told(asked: Sequence[Known], todays: Sequence[Known], others: Sequence[Known]) -> dict[str, Floats]:
    """Looks of one session, those named in it, those named on other days -> ln of the likelihood of each name, (a,).

    It is the mean over a name's looks, today's where there are any.
    """
    named = {**_by_name(others), **_by_name(todays)}
    told = {}
    for name in sorted(named):
        today = named[name][0].session == asked[0].session
        clothes, build = _clothes(asked, named[name]), _build(asked, named[name], WITHIN if today else APART)
        total = (clothes if today else np.log(SAME_KIT * np.exp(clothes) + 1 - SAME_KIT)) + build
        told[name] = np.log(np.exp(total).mean(axis=1))
    return told


def _likeliest(told: dict[str, float]) -> Proposal:
    """ln of the likelihood of each name against that of anybody -> the likeliest, None when not sure."""
    weight = np.exp(np.array(list(told.values())))
    p = weight / (weight.sum() + 1.0)
    best = int(p.argmax())
    return Proposal(list(told)[best] if p[best] >= SURE else None, float(p[best]))


def _clothes(asked: Sequence[Known], named: Sequence[Known]) -> Floats:
    """-> (a, n) ln of how much likelier the same person than another, by what they wear; 0 where it was not seen."""
    total = np.zeros((len(asked), len(named)))
    for part in PARTS:
        one, other = (np.sqrt([getattr(k.look, part) for k in group]) for group in (asked, named))
        apart = 1 - one @ other.T
        at_none, slope = ALIKE[part]
        total += np.where(np.isfinite(apart), at_none - slope * apart, 0.0)
    return np.clip(total, LEAST, MOST)


def _build(asked: Sequence[Known], named: Sequence[Known], spread: Floats) -> Floats:
    """-> (a, n) the same by build: normal spreads of one person's measures and of everybody's."""
    one, other = (np.array([k.look.build for k in group]) for group in (asked, named))
    off = one[:, None] - other[None]
    within = spread * np.sqrt(2)
    anybody = np.hypot(within, np.sqrt(2) * BETWEEN)
    each = np.log(anybody / within) - 0.5 * (off / within) ** 2 + 0.5 * (off / anybody) ** 2
    return np.asarray(np.nansum(np.where(np.isfinite(off), each, np.nan), axis=-1))
