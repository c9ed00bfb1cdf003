"""Two labellers' answers -> how well they agree, where they do not, and what counts as true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .questions import CHOICES, CONTACT, FIELDS, FRAMES, NOTE, SHOOTER

NEAR_FRAMES = 1
"""Two who name neighbouring frames mean the same moment."""
Said = Mapping[str, Mapping[str, str]]
"""Labeller: field: what he said."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one field: how many clips both answered, the share alike, Cohen's kappa (None where it says nothing)."""

    field: str
    clips: int
    alike: float
    kappa: float | None


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Answers of two to the same questions -> Cohen's kappa, None for no pairs or where chance alone agrees always.

    J. Cohen, A coefficient of agreement for nominal scales, 1960.

    >>> kappa([("goal", "goal"), ("no", "no"), ("goal", "no"), ("no", "no")])
    0.5
    """
    if not pairs:
        return None
    n = len(pairs)
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(one[value] * other[value] for value in one) / n**2
    if chance == 1:
        return None
    return (sum(a == b for a, b in pairs) / n - chance) / (1 - chance)


def agreements(clips: Iterable[Said], one: str, other: str) -> list[Agreement]:
    """Clips' answers, two labellers -> their agreement in each field that both answered somewhere.

    Frames have no kappa: they are no kinds. There the share counts those at most NEAR_FRAMES apart.
    """
    told = list(clips)
    found = []
    for field in FIELDS:
        pairs = [
            (said[one][field], said[other][field])
            for said in told
            if said.get(one, {}).get(field) and said.get(other, {}).get(field)
        ]
        if pairs and field != NOTE:
            share = sum(alike(field, a, b) for a, b in pairs) / len(pairs)
            graded = field in CHOICES or field == SHOOTER
            found.append(Agreement(field, len(pairs), share, kappa(pairs) if graded else None))
    return found


def alike(field: str, one: str, other: str) -> bool:
    """Field, two answers -> whether they say the same."""
    if field in FRAMES:
        return abs(int(one) - int(other)) <= NEAR_FRAMES
    return one.casefold() == other.casefold()


def disputed(said: Said, settled: str) -> dict[str, dict[str, str]]:
    """A clip's answers, who settles -> field: who says what, for those that differ and are not settled."""
    found = {}
    for field in FIELDS:
        answers = {who: fields[field] for who, fields in said.items() if fields.get(field) and who != settled}
        values = list(answers.values())
        if field == NOTE or said.get(settled, {}).get(field) or all(alike(field, values[0], v) for v in values[1:]):
            continue
        found[field] = answers
    return found


def truth(said: Said, settled: str) -> dict[str, str]:
    """A clip's answers, who settles -> what counts as true: what was settled, else what all who answered agree on.

    Neighbouring frames are one moment: the earlier contact (the ball has not left yet), the later arrival.
    """
    open_ = disputed(said, settled)
    found = {}
    for field in FIELDS:
        if word := said.get(settled, {}).get(field):
            found[field] = word
            continue
        values = [fields[field] for fields in said.values() if fields.get(field)]
        if not values or field in open_:
            continue
        if field in FRAMES:
            numbers = [int(value) for value in values]
            found[field] = str(min(numbers) if field == CONTACT else max(numbers))
        else:
            found[field] = values[0]
    return found
