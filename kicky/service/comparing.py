"""A shot beside another: which are worth it, and the film of both aligned at contact."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from .. import jobs as queue
from .. import speeds, storage
from ..speeds import Unit
from ..storage import settings
from ..storage.kinds import COMPARE
from ..storage.views import JobView, ShotView

BODY = frozenset(("kicking_knee", "support_knee", "trunk_lean"))
MOST_MODELS = 40


def partners(shot: ShotView) -> dict[int, str]:
    """Shot -> others to lay beside it, and why: the player's hardest goal, the other foot, the session's others."""
    mine = [other for other in storage.shots(player=shot.player or "") if other.id != shot.id] if shot.player else []
    found: dict[int, str] = {}
    unit = settings.speed_unit()
    goals = [other for other in mine if other.outcome == "goal"]
    if goals:
        best = _best(goals)
        found[best.id] = f"{shot.player}'s best: {_named(best, unit)}"
    feet = {"left": "right", "right": "left"}
    for other in mine:
        if other.foot == feet.get(shot.foot) and other.id not in found:
            found[other.id] = f"With the other foot: {_named(other, unit)}"
            break
    for other in sorted(storage.shots(shot.session_id), key=lambda each: each.clip_id):
        if other.id != shot.id and other.id not in found:
            found[other.id] = _named(other, unit)
    return found


def models(shot: ShotView) -> dict[int, str]:
    """Shot -> others whose body to lay over this one's, and whose: the player's own best, then other players'.

    The best is the hardest goal whose body was measured, else the hardest shot so measured.
    """
    unit = settings.speed_unit()
    mine: list[ShotView] = []
    theirs: list[ShotView] = []
    for other in storage.shots():
        if other.id != shot.id and any(other.measures[name].value is not None for name in BODY & set(other.measures)):
            (mine if shot.player and other.player == shot.player else theirs).append(other)
    found: dict[int, str] = {}
    if mine:
        best = _best(mine)
        found[best.id] = f"{shot.player}'s best: {_named(best, unit)}"
    names = dict.fromkeys(other.player for other in theirs if other.player)
    for name in sorted(names):
        best = _best([other for other in theirs if other.player == name])
        found[best.id] = f"{name}'s best: {_named(best, unit)}"
    rest = sorted((each for each in (*mine, *theirs) if each.id not in found), key=_goal_first)
    return found | {other.id: f"{other.player or 'Not named'}: {_named(other, unit)}" for other in rest[:MOST_MODELS]}


def ghosts(shot: ShotView) -> dict[int, str]:
    """Shot -> others to be replayed beside it: each player's best, the shooter's own first; the best of the session
    before; then the others of this one.
    """
    unit, everyone = settings.speed_unit(), [other for other in storage.shots() if other.id != shot.id]
    found: dict[int, str] = {}
    names = sorted({other.player for other in everyone if other.player}, key=lambda name: (name != shot.player, name))
    for name in names:
        best = _best([other for other in everyone if other.player == name])
        found[best.id] = f"{name}'s best: {_named(best, unit)}"
    if earlier := [other for other in everyone if other.date < shot.date]:
        last = max(other.date for other in earlier)
        best = _best([other for other in earlier if other.date == last])
        found.setdefault(best.id, f"The best of the session before: {_named(best, unit)}")
    for other in sorted(everyone, key=lambda each: each.clip_id):
        if other.session_id == shot.session_id:
            found.setdefault(other.id, f"{other.player or 'Not named'}: {_named(other, unit)}")
    return dict(list(found.items())[:MOST_MODELS])


def _best(shots: Sequence[ShotView]) -> ShotView:
    """Shots, at least one -> of the goals, else of all, the one most likely to be the hardest."""
    goals = [shot for shot in shots if shot.outcome == "goal"] or list(shots)
    fast = [(shot, speed) for shot in goals if (speed := speeds.given(shot.measures)) is not None]
    found = speeds.hardest([speed for _, speed in fast])
    return goals[0] if found is None else fast[found[0]][0]


def _goal_first(shot: ShotView) -> tuple[bool, float]:
    speed = speeds.given(shot.measures)
    return shot.outcome != "goal", -speed.value if speed else 0.0


def _named(shot: ShotView, unit: Unit) -> str:
    speed = speeds.given(shot.measures)
    fast = f", {speeds.words(speed, unit)}" if speed else ""
    return f"{shot.clip_name}, {shot.date.day} {shot.date:%b %Y}{fast}"


def aligned(one: int, other: int) -> tuple[Path | None, int, JobView | None]:
    """Two shots -> their film and the frame of the contact in it; where it is not made yet, None and the work on it."""
    from ..jobs.comparing import compared_film

    film = compared_film(one, other)
    if film.exists():
        return film, int(json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))["contact"]), None
    settings = {"one": one, "other": other}
    job = next((job for job in queue.evaluations(COMPARE, settings) if job.active or job.state == "failed"), None)
    if job is None:
        queue.begin(COMPARE, settings)
        job = queue.evaluations(COMPARE, settings)[0]
    return None, 0, job
