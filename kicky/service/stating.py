"""What a player tells of phone and ball so that speeds get surer: what it would gain, kept, and worked out anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .. import jobs as queue
from .. import storage
from ..errors import BadScene
from ..storage import cameras, labels
from ..storage.kinds import BUNDLE
from .phones import Ball, StatedView, stated, stated_values

WORTH = 0.85  # what would be told leaves the interval this share as wide, or it is not offered


@dataclass(frozen=True, slots=True)
class Sharper:
    """What could still be told: `lens`, `ball` or `lines`; half the interval then, as a share of the speed."""

    what: str
    half: float


def sharper(shot_id: int) -> tuple[Sharper, ...]:
    """Shot -> what nobody has told yet and would make its speed surer, the most useful first. Raises: NotFound."""
    from ..measures.alike import sharper

    known = said_of(shot_id)
    if known is None:
        return ()
    report = storage.report(shot_id)
    half, scene = sharper(report.shot), report.shot.scene
    told = {"lens": known.zoom, "ball": known.ball, "lines": (scene and scene.marks) or None}
    open_ = [name for name, said in told.items() if said is None and name in half]
    found = [Sharper(name, half[name]) for name in open_ if half[name] < WORTH * half["now"]]
    return tuple(sorted(found, key=lambda one: one.half))


def said_of(shot_id: int) -> StatedView | None:
    """Shot -> what was stated for it or its session, None where its clip has a goal of its own or none.

    Raises: NotFound.
    """
    shot = storage.shots(shot_id=shot_id)[0]
    if storage.scene(shot.session_id) is None or storage.clip(shot.clip_id).scene is not None:
        return None
    said, own = stated(shot.session_id), labels.ball_lay(shot.clip_id)
    return said if own is None else replace(said, ball=own, own=True)


def state(session_id: int, phone: str | None, zoom: str | None, ball: Ball | None) -> int:
    """Session, its phone, zoom and where the ball lay -> the job that works all its shots out anew with that.

    Raises: NotFound, BadScene where there is no goal, or none of that can be.
    """
    from . import goals

    goals.restate(session_id, lambda size_m: stated_values(phone, zoom, ball, size_m))
    return _anew(session_id)


def state_ball_of(shot_id: int, ball: Ball | None) -> int:
    """Shot, where its ball lay (None: where its session's did) -> the job that works the session out with that.

    Raises: NotFound, BadScene where there is no goal, or no ball can have lain there.
    """
    from ..scene import spots
    from . import goals

    shot = storage.shots(shot_id=shot_id)[0]
    goal = storage.scene(shot.session_id)
    if goal is None:
        raise BadScene(goals.NO_GOAL)
    said = ""
    if ball is not None:
        spots.spot(*ball, goal.goal_size_m)
        said = ball[0] if ball[1] is None else f"{ball[0]}:{ball[1]:g}"
    labels.put(shot.clip_id, labels.BALL_LAY, said)
    return _anew(shot.session_id)


def mark(
    session_id: int, kind: str, points: Sequence[tuple[float, float]] | None, size_wh: tuple[int, int]
) -> int | None:
    """Session, one of the pitch's marks, where it was clicked in a picture of that size (None: take it away) -> kept
    with the goal; the job that works its shots out with it, None where there are none. Raises: NotFound, BadScene.
    """
    from ..scene import from_json
    from ..scene.marks import scaled
    from . import goals

    kept, goal = goals.values(session_id), storage.scene(session_id)
    if goal is None:
        raise BadScene(goals.NO_GOAL)
    marks = {name: at for name, at in (kept.get("marks") or {}).items() if name != kind}
    if points is not None:
        across, down = (there / here for here, there in zip(size_wh, goal.size_wh_px, strict=True))
        marks |= scaled({kind: list(points)}, across, down)
    from_json(kept | {"marks": marks})
    goals.restate(session_id, lambda _size_m: {"marks": marks})
    return _anew(session_id) if cameras.shots_with_camera(session_id) else None


def _anew(session_id: int) -> int:
    """Session with a goal -> the job that works its shots out anew."""
    clip_id = cameras.clip_for(session_id)
    assert clip_id is not None, "a session with a goal has a clip"
    return queue.submit(BUNDLE, [clip_id], {})[0]
