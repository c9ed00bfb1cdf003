"""Words -> which measures they are about."""

from __future__ import annotations

import re

TOPICS = {
    "speed": re.compile(r"\b(?:speed|pace|velocity)\b"),
    "kicking_knee": re.compile(
        r"\b(?:kicking|striking|shooting) (?:leg(?:'s)? )?knee\b|\bknee (?:of|on) (?:your|the) (?:kicking|striking) leg|\bkicking leg\b"
    ),
    "support_knee": re.compile(
        r"\b(?:standing|support\w*|plant\w*) (?:leg(?:'s)? )?knee\b|\bknee (?:of|on) (?:your|the) (?:standing|support\w*|plant\w*) leg"
        r"|\bstanding leg\b"
    ),
    "trunk_lean": re.compile(r"\blean\w*|\btrunk\b|\bupper body\b|\btorso\b"),
    "hip_drive": re.compile(r"\bhip (?:drive|swing)\b|\bthigh\b"),
    "plant_behind": re.compile(
        r"\b(?:plant\w*|standing|support\w*) foot\b.*\b(?:behind|forward|ahead|in front|back|level)\b"
        r"|\bbehind (?:the ball )?(?:by|is|at)\b|\bbehind it\b"
    ),
    "plant_aside": re.compile(
        r"\b(?:plant\w*|standing|support\w*) foot\b(?!.*\b(?:behind|forward|ahead|in front|back|level)\b)"
        r"|\bplant(?:ing)? (?:\w+ )?(?:too )?(?:close|far|wide)|\bplanting (?:too )?"
    ),
}  # fmt: skip
_KNEE = re.compile(r"\bknees?\b")


def named(text: str) -> set[str]:
    """Plain text -> the measures it names; a knee that may be either is both.

    >>> sorted(named("your knee was bent")), named("the kicking knee was bent")
    (['kicking_knee', 'support_knee'], {'kicking_knee'})
    """
    found = {name for name, pattern in TOPICS.items() if pattern.search(text)}
    if _KNEE.search(text) and not found & {"kicking_knee", "support_knee"}:
        found |= {"kicking_knee", "support_knee"}
    return found
