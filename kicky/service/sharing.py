"""A session as one page to send, and all measures as a table for other programs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .. import speeds, spreadsheet, storage
from ..errors import KickyError, NotFound
from ..speeds import Speed, Unit
from ..storage import settings

if TYPE_CHECKING:
    import pandas as pd

BEST, QUALITY, WIDE_PX = 3, 82, 1100


def session_page(session_id: int) -> str:
    """Session -> its page as HTML. Raises: NotFound when there is none, or no shot in it."""
    from ..reports import saturday
    from . import challenges
    from .coaching import session_advice
    from .saturdays import table
    from .trends import summary

    session = next((each for each in storage.sessions() if each.id == session_id), None)
    rows = table(session_id)
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
    from .cards import strike_card

    goals = rows[rows["goal"].fillna(False).astype(bool)]
    found: list[tuple[str, bytes]] = []
    for row, speed in _hardest_first(goals):
        if len(found) == BEST:
            break
        try:
            card = _smaller(strike_card(int(row.shot_id), phone=False))
        except KickyError:  # its film is gone: the table tells of it all the same
            continue
        who = row.player if isinstance(row.player, str) else "Not named"
        found.append((f"{who}, {speeds.words(speed, unit)}" if speed else str(who), card))
    return found


def _hardest_first(goals: pd.DataFrame) -> Iterator[tuple[Any, Speed | None]]:
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
    from .saturdays import table

    rows = table().copy()
    for name in rows.select_dtypes(["string", "object"]):
        rows[name] = rows[name].map(spreadsheet.cell, na_action="ignore")
    return bytes(rows.to_csv(index=False).encode("utf-8-sig"))


def measures_parquet() -> bytes:
    """-> the same as Parquet, as it is."""
    from .saturdays import table

    held = io.BytesIO()
    table().to_parquet(held, index=False)
    return held.getvalue()
