"""Words -> which measures they are about."""

from __future__ import annotations

from .phrases import phrases

TOPICS = {
    "speed": phrases("topics.topics.speed"),
    "kicking_knee": phrases("topics.topics.kicking_knee"),
    "support_knee": phrases("topics.topics.support_knee"),
    "trunk_lean": phrases("topics.topics.trunk_lean"),
    "hip_drive": phrases("topics.topics.hip_drive"),
    "plant_behind": phrases("topics.topics.plant_behind"),
    "plant_aside": phrases("topics.topics.plant_aside"),
}
_KNEE = phrases("topics.knee")


def named(text: str) -> set[str]:
    """Plain text -> the measures it names; a knee that may be either is both.

    >>> sorted(named("your knee was bent")), named("the kicking knee was bent")
    (['kicking_knee', 'support_knee'], {'kicking_knee'})
    """
    found = {name for name, pattern in TOPICS.items() if pattern.search(text)}
    if _KNEE.search(text) and not found & {"kicking_knee", "support_knee"}:
        found |= {"kicking_knee", "support_knee"}
    return found
