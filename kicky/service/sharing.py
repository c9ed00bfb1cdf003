"""What to send to the other: a page of a day, a shot as a short film, a reel of the best, all measures as a table."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import jobs as queue
from .. import speeds, spreadsheet, storage
from ..errors import KickyError, NotFound, UnfitClip
from ..shown import VIEWS
from ..speeds import Speed, Unit
from ..storage import settings
from ..storage.kinds import REEL, SEND
from ..storage.views import JobView, ShotView

if TYPE_CHECKING:
    import pandas as pd

BEST, QUALITY, WIDE_PX = 3, 82, 1100
UPRIGHT, FILMED, GIF = "upright", "filmed", "gif"
FEWEST, MOST = 3, 5  # shots of a reel


def session_page(session_id: int) -> str:
    """Session -> its page as HTML. Raises: NotFound when there is none, or no shot in it."""
    from ..reports import saturday
    from . import challenges
    from .coaching import session_advice
    from .saturdays import per_shot, summary

    session = next((each for each in storage.sessions() if each.id == session_id), None)
    rows = per_shot(session_id)
    if session is None or not len(rows):
        raise NotFound("There is no shot in this session to tell of: analyse its clips first.")
    title = f"{session.date:%A} {session.date.day} {session.date:%B %Y}"
    title += f" · {session.place}" if session.place else ""
    words: list[tuple[str, str]] = []
    for name in sorted(rows["player"].fillna("").unique()):
        for advice in session_advice(session_id, str(name))[:1]:
            words += [(f"{name}: {each.title}" if name else each.title, each.text) for each in advice.passages]
    unit = settings.speed_unit()
    games = challenges.told(session_id)
    return saturday.page(title, rows, _players(summary(rows), unit), _best(rows, unit), words, unit, games)


def _players(rows: pd.DataFrame, unit: Unit) -> list[dict[str, str]]:
    def number(value: object, unit: str) -> str:
        return "–" if value is None or value != value else f"{value:.0f}{unit}"

    return [
        {
            "Player": row["player"] or "not named", "Shots": str(row["shots"]), "Goals": str(row["goals"]),
            "Went in": _share(row),
            "On target": number(row["on_target"], " %"), "Right / left": f"{row['right']} / {row['left']}",
            "Hardest": speeds.told(row["hardest"] if isinstance(row["hardest"], Speed) else None, None, unit),
        }
        for row in rows.to_dict("records")
    ]  # fmt: skip


def _share(row: dict[Any, Any]) -> str:
    share = row["conversion"]
    return "–" if share is None or share != share else f"{share:.0f} % ({row['low']:.0f} to {row['high']:.0f})"


def _best(rows: pd.DataFrame, unit: Unit) -> list[tuple[str, bytes]]:
    """The hardest goals -> their strike cards; a card that cannot be drawn any more is left out."""
    from . import shots

    goals = rows[rows["goal"].fillna(False).astype(bool)]
    found: list[tuple[str, bytes]] = []
    for row, speed in _goals_hardest_first(goals):
        if len(found) == BEST:
            break
        try:
            card = _smaller(shots.card(int(row.shot_id), phone=False))
        except KickyError:  # its film is gone: the table tells of it all the same
            continue
        who = row.player if isinstance(row.player, str) else "Not named"
        found.append((f"{who}, {speeds.words(speed, unit)}" if speed else str(who), card))
    return found


def _goals_hardest_first(goals: pd.DataFrame) -> Iterator[tuple[Any, Speed | None]]:
    """Goals -> each with its speed: the likeliest to be the hardest, of those left the next, then those without one."""
    left = list(zip(goals.itertuples(), speeds.column(goals), strict=True))
    while fast := [each for each in left if each[1] is not None]:
        place, _ = speeds.hardest([speed for _, speed in fast if speed is not None]) or (0, 0)
        yield fast[place]
        left = [each for each in left if each is not fast[place]]
    yield from left


def _smaller(png: bytes) -> bytes:
    """PNG -> JPEG small enough to be sent."""
    import cv2
    import numpy as np

    image = np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR))
    scale = min(1.0, WIDE_PX / image.shape[1])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())


def measures_csv() -> bytes:
    """-> every shot with every measure as CSV; what a spreadsheet would take for a formula is marked as text."""
    from .saturdays import per_shot

    rows = per_shot().copy()
    for name in rows.select_dtypes(["string", "object"]):
        rows[name] = rows[name].map(spreadsheet.cell, na_action="ignore")
    return bytes(rows.to_csv(index=False).encode("utf-8-sig"))


def measures_parquet() -> bytes:
    """-> the same as Parquet, as it is."""
    from .saturdays import per_shot

    held = io.BytesIO()
    per_shot().to_parquet(held, index=False)
    return held.getvalue()


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
