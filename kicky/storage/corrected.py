"""What a person put right of a shot: it goes before what the program thinks, wherever a shot is shown or counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import labels
from .tables import ShotRow

if TYPE_CHECKING:
    from ..domain import Report


def said() -> dict[int, dict[str, str]]:
    """-> clip: what a person put right of its shot, by field; clips of which nothing was are left out."""
    return labels.newest([labels.OUTCOME, labels.FOOT])


def columns(shot: ShotRow, said: Mapping[str, str]) -> dict[str, Any]:
    """Shot, what a person put right -> the columns that say so."""
    values: dict[str, Any] = {}
    if labels.OUTCOME in said:
        values = {"outcome": said[labels.OUTCOME], "p_goal": None, "why": f"You said so; KICKY thought: {shot.why}"}
        values["how"] = how(said[labels.OUTCOME], shot.how)
    if labels.FOOT in said:
        values |= {
            "foot": said[labels.FOOT],
            "p_left": None,
            "foot_why": f"You said so; KICKY thought: {shot.foot_why}",
        }
    return values


def how(outcome: str, how: str) -> str:
    """Outcome as a person says, how it went as the program thinks -> how, where the two go together."""
    if outcome == "goal":
        return "in_net"
    return "unclear" if how == "in_net" else how


def report(made: Report, clip_id: int) -> Report:
    """Report, its clip -> the same as a person put it right: for drawing and for words, never to be stored."""
    from dataclasses import replace

    from .. import domain

    mine = said().get(clip_id, {})
    if labels.OUTCOME in mine:
        verdict, went = domain.Verdict(mine[labels.OUTCOME]), how(mine[labels.OUTCOME], made.outcome.how)
        chance = {"goal": 1.0, "no_goal": 0.0}.get(mine[labels.OUTCOME], 0.5)
        outcome = domain.Outcome(
            verdict, chance, domain.How(went), "You said so.", made.outcome.frame, made.outcome.method
        )
        made = replace(made, outcome=outcome)
    if labels.FOOT in mine:
        foot = domain.Foot(mine[labels.FOOT])
        p_left = {"left": 1.0, "right": 0.0}.get(mine[labels.FOOT], 0.5)
        made = replace(made, foot=domain.FootCall(foot, p_left, "You said so."))
    return made
