"""A shot as a short film or a GIF, a day as a reel of its best: what to send to the other's phone. Nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import jobs as queue
from .. import speeds, storage
from ..errors import KickyError, UnfitClip
from ..shown import VIEWS
from ..storage.tables import REEL, SEND
from ..storage.views import JobView, ShotView

UPRIGHT, FILMED, GIF = "upright", "filmed", "gif"
FEWEST, MOST = 3, 5  # shots of a reel


@dataclass(frozen=True, slots=True)
class Sent:
    """A file to send, None while it is not made; the newest work on it, None where there was none."""

    file: Path | None
    job: JobView | None


def refuse_gone(shot: ShotView) -> None:
    """Raises: NotFound when the shot's film is gone, and nothing can be made of it."""
    storage.film_there(storage.clip(shot.clip_id))


def make(shot_id: int, form: str) -> None:
    """Shot, upright, filmed, gif or a view of its replay -> it is being made, unless it is there.

    Raises: NotFound, also where there is no replay; UnfitClip without that view of it; StorageFailed.
    """
    refuse_gone(storage.shots(shot_id=shot_id)[0])
    if form in VIEWS:
        from ..jobs.sending import refuse_unseen
        from .replays import view

        refuse_unseen(view(shot_id), form)
    _begin(SEND, {"shot_id": shot_id, "form": form}, made(shot_id, form))


def made(shot_id: int, form: str) -> Sent:
    """Shot, upright, filmed, gif or a view of its replay -> the file, as the shot is now. Raises: NotFound."""
    from ..jobs.sending import shot_film

    return _sent(shot_film(storage.shots(shot_id=shot_id)[0], form), SEND, {"shot_id": shot_id, "form": form})


def make_reel(session_id: int) -> None:
    """Session -> the reel of its best is being made, unless it is there. Raises: UnfitClip, NotFound, StorageFailed."""
    shots, what = best(session_id)
    if len(shots) < FEWEST:
        raise UnfitClip(
            f"A reel takes {FEWEST} shots with their films, and this session has {len(shots)}: "
            "send those from their own pages, or analyse more of its clips."
        )
    _begin(REEL, _reel(session_id, shots, what), made_reel(session_id))


def made_reel(session_id: int) -> Sent:
    """Session -> the reel of its best, as they are now. Raises: NotFound."""
    from ..jobs.sending import reel_film

    shots, what = best(session_id)
    if not shots:
        return Sent(None, None)
    asked = _reel(session_id, shots, what)
    return _sent(reel_film(session_id, shots, what, asked["board"]), REEL, asked)


def best(session_id: int) -> tuple[list[ShotView], str]:
    """Session -> its best shots whose films are there, and how many they are of, in words.

    Goals first, then what is known to have missed, then what nobody could tell; the likeliest hardest of each first.
    """
    shots = [shot for shot in storage.shots(session_id) if _there(shot)]
    kinds = [[shot for shot in shots if shot.outcome == outcome] for outcome in ("goal", "no_goal", "unsure")]
    found = [shot for kind in kinds for shot in _hardest_first(kind)][:MOST]
    all_of = f"The best {len(found)} of {len(shots)} shots" if len(shots) > len(found) else f"{len(shots)} shots"
    goals = sum(shot.outcome == "goal" for shot in found)
    return found, f"{all_of}, {goals} goal{'s' * (goals != 1)}"


def _there(shot: ShotView) -> bool:
    try:
        refuse_gone(shot)
    except KickyError:
        return False
    return True


def _hardest_first(shots: Sequence[ShotView]) -> list[ShotView]:
    """Shots -> the likeliest to be the hardest, of those left the next; then those without a speed, surest first."""
    fast = [(shot, speed) for shot in shots if (speed := speeds.given(shot.measures)) is not None]
    rest = [shot for shot in shots if speeds.given(shot.measures) is None]
    ordered: list[ShotView] = []
    while fast:
        place, _ = speeds.hardest([speed for _, speed in fast]) or (0, 0)
        ordered.append(fast.pop(place)[0])
    return ordered + sorted(rest, key=lambda shot: (-abs((shot.p_goal or 0.5) - 0.5), shot.clip_id))


def _reel(session_id: int, shots: Sequence[ShotView], what: str) -> dict[str, Any]:
    from . import challenges

    board = [list(each) for each in challenges.told(session_id)]
    return {"session_id": session_id, "shots": [shot.id for shot in shots], "what": what, "board": board}


def _begin(kind: str, settings: dict[str, Any], now: Sent) -> None:
    if now.file is None and (now.job is None or not now.job.active):
        queue.begin(kind, settings)


def _sent(file: Path, kind: str, settings: dict[str, Any]) -> Sent:
    if file.exists():
        return Sent(file, None)
    return Sent(None, next(iter(queue.evaluations(kind, settings)), None))
