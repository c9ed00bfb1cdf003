"""What coaches said and what the player set <-> their rows. No database session leaves this file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from .database import found, reading, writing
from .tables import AdviceRow, SessionRow, SettingRow, ShotRow
from .views import AdviceView, PassageView

THUMBS = {True: 1, False: -1, None: 0}


def keep_advice(
    passages: Sequence[PassageView],
    *,
    coach: str,
    model: str,
    prompt_hash: str,
    seconds: float,
    shot_id: int | None = None,
    session_id: int | None = None,
    player: str = "",
) -> int:
    """Passages, who said them of what -> the advice's number. Raises: NotFound, also when the shot went meanwhile."""
    with writing() as db:
        if shot_id is not None:
            found(db, ShotRow, shot_id, "shot")
        if session_id is not None:
            found(db, SessionRow, session_id, "session")
        row = AdviceRow(
            shot_id=shot_id, session_id=session_id, player=player, coach=coach, model=model, prompt_hash=prompt_hash,
            passages=[[p.title, p.text, p.replaced, p.why] for p in passages], seconds=seconds,
        )  # fmt: skip
        db.add(row)
        db.flush()
        return row.id or 0


def advice_of_shot(shot_id: int) -> list[AdviceView]:
    """Shot -> what coaches said of it, newest first. Raises: NotFound."""
    with reading() as db:
        found(db, ShotRow, shot_id, "shot")
        rows = db.exec(select(AdviceRow).where(AdviceRow.shot_id == shot_id).order_by(col(AdviceRow.id).desc())).all()
    return [_view(row) for row in rows]


def advice_of_session(session_id: int, player: str) -> list[AdviceView]:
    """Session, player -> what coaches said of both, newest first. Raises: NotFound."""
    with reading() as db:
        found(db, SessionRow, session_id, "session")
        mine = select(AdviceRow).where(AdviceRow.session_id == session_id, AdviceRow.player == player)
        rows = db.exec(mine.order_by(col(AdviceRow.id).desc())).all()
    return [_view(row) for row in rows]


def set_thumbs(advice_id: int, up: bool | None) -> None:
    """Advice, up, down or neither -> remembered. Raises: NotFound."""
    with writing() as db:
        found(db, AdviceRow, advice_id, "advice").thumbs = THUMBS[up]


def settings(prefix: str) -> dict[str, str]:
    """Beginning of names -> what the player set under them."""
    with reading() as db:
        return {row.key: row.value for row in db.exec(select(SettingRow)).all() if row.key.startswith(prefix)}


def change_settings(values: Mapping[str, str]) -> None:
    """Names and values -> remembered together; an empty value is forgotten."""
    with writing() as db:
        for key, value in values.items():
            row = db.get(SettingRow, key)
            if value:
                db.add((row or SettingRow(key=key, value=value)).sqlmodel_update({"value": value}))
            elif row is not None:
                db.delete(row)


def _view(row: AdviceRow) -> AdviceView:
    passages = tuple(PassageView(*passage) for passage in row.passages)
    said = (row.coach, row.model, row.prompt_hash, passages, {1: True, -1: False}.get(row.thumbs or 0))
    return AdviceView(row.id or 0, row.shot_id, row.session_id, row.player, *said, row.seconds, row.made_at)
