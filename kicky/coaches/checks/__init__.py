"""Section of a coach's answer, Brief -> what is wrong with it, in a few words; empty when nothing is."""

from __future__ import annotations

from ...domain import Brief
from . import crossing, foot, measured, numbers, progress, shape, verdict

CHECKS = (shape.fault, verdict.fault, crossing.fault, foot.fault, numbers.fault, measured.fault, progress.fault)


def fault(title: str, text: str, brief: Brief) -> str:
    """Section's title, text, Brief -> the first fault that any check finds, empty when it is sound."""
    return next((why for check in CHECKS if (why := check(title, text, brief))), "")
