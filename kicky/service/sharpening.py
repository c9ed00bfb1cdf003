"""What would make a shot's speed surer, and how hard it was next to others by the same phone. Part of `service`."""

from __future__ import annotations

from dataclasses import dataclass

from .. import speeds, storage
from ..harder import Harder, harder
from ..speeds import ONE_LENS
from .stating import Ball, StatedView, stated, stated_values

WORTH = 0.85  # what would be told leaves the interval this share as wide, or it is not offered


@dataclass(frozen=True, slots=True)
class Sharper:
    """What could still be told: `lens` or `ball`; half the interval then, as a share of the speed."""

    what: str
    half: float


def sharper(shot_id: int) -> tuple[Sharper, ...]:
    """Shot -> what nobody has told yet and would make its speed surer, the most useful first. Raises: NotFound."""
    from ..measures.alike import sharper

    known = said_of(shot_id)
    if known is None:
        return ()
    half = sharper(storage.report(shot_id).shot)
    open_ = [name for name, told in (("lens", known.zoom), ("ball", known.ball)) if told is None and name in half]
    found = [Sharper(name, half[name]) for name in open_ if half[name] < WORTH * half["now"]]
    return tuple(sorted(found, key=lambda one: one.half))


def said_of(shot_id: int) -> StatedView | None:
    """Shot -> what was stated for its session, None where its clip has a goal of its own or none. Raises: NotFound."""
    shot = storage.shots(shot_id=shot_id)[0]
    if storage.scene(shot.session_id) is None or storage.clip(shot.clip_id).scene is not None:
        return None
    return stated(shot.session_id)


def state(session_id: int, phone: str | None, zoom: str | None, ball: Ball | None) -> int:
    """Session, its phone, zoom and where the ball lay -> the job that works all its shots out anew with that.

    Raises: NotFound, BadScene where there is no goal, or none of that can be.
    """
    from .. import jobs as queue
    from ..storage import cameras
    from ..storage.tables import BUNDLE
    from .goals import restate

    restate(session_id, lambda size_m: stated_values(phone, zoom, ball, size_m))
    clip_id = cameras.clip_for(session_id)
    assert clip_id is not None, "a session with a goal has a clip"
    return queue.submit(BUNDLE, [clip_id], {})[0]


def next_to_usual(shot_id: int) -> Harder | None:
    """Shot -> by how much harder than its player's others by the same phone, None where those are too few."""
    from .saturdays import table

    history = table()
    mine = history[history["shot_id"] == shot_id]
    if not len(mine) or ONE_LENS not in history or not isinstance(player := mine["player"].iloc[0], str):
        return None
    alike = _same_phone(int(mine["session_id"].iloc[0]), set(history["session_id"].tolist()))
    others = history[
        (history["player"] == player) & history["session_id"].isin(alike) & (history["shot_id"] != shot_id)
    ]
    one = speeds.column(mine, ONE_LENS)[0]
    return harder(one, [each for each in speeds.column(others, ONE_LENS) if each]) if one else None


def _same_phone(session_id: int, sessions: set[int]) -> set[int]:
    """Session, all of them -> those filmed by the same phone and zoom as it: itself, where nobody said which."""
    here = stated(session_id)
    if here.phone is None or here.zoom is None:
        return {session_id}
    return {other for other in sessions if (said := stated(other)).phone == here.phone and said.zoom == here.zoom}
