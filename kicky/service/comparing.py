"""A shot beside another: which are worth it, and the film of both aligned at contact."""

from __future__ import annotations

import json
from pathlib import Path

from .. import jobs as queue
from .. import storage
from ..storage.tables import COMPARE
from ..storage.views import JobView, ShotView


def partners(shot: ShotView) -> dict[int, str]:
    """Shot -> others to lay beside it, and why: the player's hardest goal, the other foot, the session's others."""
    mine = [other for other in storage.shots(player=shot.player or "") if other.id != shot.id] if shot.player else []
    found: dict[int, str] = {}
    goals = [other for other in mine if other.outcome == "goal"]
    if goals:
        best = max(goals, key=_speed)
        found[best.id] = f"{shot.player}'s best: {_named(best)}"
    feet = {"left": "right", "right": "left"}
    for other in mine:
        if other.foot == feet.get(shot.foot) and other.id not in found:
            found[other.id] = f"With the other foot: {_named(other)}"
            break
    for other in sorted(storage.shots(shot.session_id), key=lambda each: each.clip_id):
        if other.id != shot.id and other.id not in found:
            found[other.id] = _named(other)
    return found


def _speed(shot: ShotView) -> float:
    measure = shot.measures.get("speed")
    return measure.value if measure is not None and measure.value is not None else 0.0


def _named(shot: ShotView) -> str:
    speed = f", {_speed(shot):.0f} km/h" if _speed(shot) else ""
    return f"{shot.clip_name}, {shot.date.day} {shot.date:%b %Y}{speed}"


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
