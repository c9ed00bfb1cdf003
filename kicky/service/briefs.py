"""What the store holds of a shot or of a session -> the brief a coach is given, and the pictures of the strike."""

from __future__ import annotations

from collections.abc import Sequence

from .. import storage, video
from ..coaches.brief import shot_brief
from ..coaches.pictures import cropped
from ..coaches.saturday import session_brief
from ..domain import Brief, Foot, How, Image, Measure, Shot, Verdict
from ..errors import NotFound, called
from ..storage import settings
from ..storage.database import once
from ..storage.views import ShotView

AROUND_S = 0.12  # before and after contact: the last step, and the follow-through


def of_shot(shot_id: int) -> Brief:
    """Shot -> its brief, held against the same player's shots of earlier sessions. Raises: NotFound."""
    view = storage.shots(shot_id=shot_id)[0]
    return _brief(view, _earlier(view))


def of_session(session_id: int, player: str) -> Brief:
    """Session, player -> the brief of his shots there against those before it. Raises: NotFound.

    It is asked for several times while a page is drawn, so it is kept while the database stays as it is.
    """
    return once(("brief", session_id, player), lambda: _of_session(session_id, player))


def shots_of(session_id: int, player: str) -> list[ShotView]:
    """Session, player -> his shots there, in the order his brief has them."""
    return [view for view in storage.shots(session_id) if (view.player or "") == player]


def _of_session(session_id: int, player: str) -> Brief:
    now = shots_of(session_id, player)
    if not now:
        raise NotFound(f"There is no shot of {player or 'anybody without a name'} here: name the shooter of one first.")
    named = storage.shots(player=player) if player else []  # the unnamed of two days need not be the same people
    before = [view for view in named if _age(view) < _age(now[0])]
    mine, theirs = ([_brief(view, {}) for view in views] for views in (now, before))
    return session_brief(player, mine, theirs, settings.speed_unit())


def strike(shot_id: int) -> list[Image]:
    """Shot -> the shooter before, at and after contact, at most 768 px; none when no kick was found.

    Raises: NotFound, UnreadableClip when the film is damaged.
    """
    shot = storage.evidence(shot_id)
    if shot.kick_frame is None:
        return []
    row = storage.clip(storage.shots(shot_id=shot_id)[0].clip_id)
    with called(row.file, row.name):
        return [cropped(video.still(shot.clip, frame), _box(shot, frame)) for frame in _frames(shot, shot.kick_frame)]


def _frames(shot: Shot, kick: int) -> list[int]:
    time_s = shot.clip.time_s
    first, end = shot.clip.take
    wanted = (time_s[kick] - AROUND_S, time_s[kick], time_s[kick] + AROUND_S)
    near = [int(abs(time_s - moment).argmin()) for moment in wanted]
    return list(dict.fromkeys(min(max(frame, first), end - 1) for frame in near))


def _box(shot: Shot, frame: int) -> tuple[float, float, float, float] | None:
    """Shot, frame -> the shooter's box there, or where he was last seen; None when nobody knows him."""
    if shot.shooter is None:
        return None
    track = shot.player(shot.shooter)
    try:
        x0, y0, x1, y1 = (float(edge) for edge in track.box_px(track.nearest_seen(frame)))
    except ValueError:
        return None
    return x0, y0, x1, y1


def _brief(view: ShotView, earlier: dict[str, Sequence[float]]) -> Brief:
    measures = [
        Measure(name, m.unit, m.value, m.low, m.high, m.method, m.why_not or "It was not measured.")
        for name, m in view.measures.items()
    ]
    words = Verdict(view.outcome), How(view.how), Foot(view.foot)
    # The simple rules' 1, 0 and 0.5 are no chances.
    p_goal = None if view.method == "rules2d" else view.p_goal
    return shot_brief(*words, measures, why=view.why, p_goal=p_goal, player=view.player or "", earlier=earlier,
                      speeds_in=settings.speed_unit())  # fmt: skip


def _earlier(view: ShotView) -> dict[str, Sequence[float]]:
    """Shot -> by name what the same player's shots of earlier sessions had; nothing for a shot without a name."""
    player = view.player
    return {} if player is None else once(("earlier", player, _age(view)), lambda: _values_before(player, _age(view)))


def _values_before(player: str, age: tuple[int, int]) -> dict[str, Sequence[float]]:
    values: dict[str, list[float]] = {}
    for other in storage.shots(player=player):
        if _age(other) < age:
            for name, measure in other.measures.items():
                if measure.value is not None:
                    values.setdefault(name, []).append(measure.value)
    return dict(values)


def _age(view: ShotView) -> tuple[int, int]:
    return view.date.toordinal(), view.session_id
