"""Shot -> Outcome: goal, no goal or unsure, how, and why in words."""

from __future__ import annotations

from . import rules2d
from .domain import Outcome, Shot


def decide(shot: Shot) -> Outcome:
    """Shot -> Outcome by `rules2d`, the baseline."""
    return rules2d.decide(shot.clip, shot.ball, shot.scene)
