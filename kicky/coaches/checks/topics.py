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
    "trunk_side": phrases("topics.topics.trunk_side"),
    "hip_abduction": phrases("topics.topics.hip_abduction"),
    "swing_plane": phrases("topics.topics.swing_plane"),
    "pelvis_tilt": phrases("topics.topics.pelvis_tilt"),
    "shoulder_tilt": phrases("topics.topics.shoulder_tilt"),
    "approach": phrases("topics.topics.approach"),
    "follow_across": phrases("topics.topics.follow_across"),
    "follow_height": phrases("topics.topics.follow_height"),
    "last_step": phrases("topics.topics.last_step"),
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
