"""Who the shooter is: names given by hand, and those that looks propose from them. No database session leaves here.

A name given by hand is never changed by a proposal; every change of one proposes anew for all shots without.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from ..errors import NotFound
from .database import found, reading, writing
from .kinds import BY_HAND, BY_LOOK
from .tables import AppearanceRow, ClipRow, DenialRow, PlayerRow, ShotRow

if TYPE_CHECKING:
    from ..domain import Appearance, Shot

NEEDED: Any = (ShotRow.shooter, ShotRow.player_id, ShotRow.player_by, ShotRow.player_p)  # of a shot, to propose anew
BUILD = 3  # numbers at a vector's end; the rest are the histograms, all of one length


def name_shooter(shot_id: int, name: str) -> None:
    """Shot, player's name -> remembered, and proposed where others look like it; an empty name takes it back.

    A name that no shot has any more is forgotten: it was a slip of the pen. Raises: NotFound.
    """
    name = " ".join(name.split())
    with writing() as db:
        shot = found(db, ShotRow, shot_id, "shot")
        _name(db, shot, name)
        propose_again(db)


def confirm(shot_id: int) -> None:
    """Shot -> the name proposed for it is its shooter's, as if given by hand. Raises: NotFound."""
    with writing() as db:
        shot = _proposed(db, shot_id)
        shot.sqlmodel_update({"player_by": BY_HAND, "player_p": None})
        propose_again(db)


def confirm_all(proposed: Mapping[int, str]) -> None:
    """Shot -> the name proposed for it: its shooter's now; where another or none is proposed by now, it stays so."""
    still = select(ShotRow, PlayerRow.name).join(PlayerRow).where(ShotRow.player_by == BY_LOOK)
    with writing() as db:
        for shot, name in db.exec(still.where(col(ShotRow.id).in_(proposed))).all():
            if proposed[shot.id or 0] == name:
                shot.sqlmodel_update({"player_by": BY_HAND, "player_p": None})
        db.flush()
        propose_again(db)


def deny(shot_id: int) -> None:
    """Shot -> its shooter is not who is proposed, and will not be proposed to be again. Raises: NotFound."""
    with writing() as db:
        shot = _proposed(db, shot_id)
        db.add(DenialRow(shot_id=shot_id, player_id=shot.player_id or 0))
        propose_again(db)


def players() -> list[str]:
    """-> the names we know, in the order of the alphabet."""
    with reading() as db:
        return sorted(db.exec(select(PlayerRow.name)).all(), key=str.casefold)


def _proposed(db: Session, shot_id: int) -> ShotRow:
    """-> the shot's row. Raises: NotFound when nobody is proposed for it."""
    shot = found(db, ShotRow, shot_id, "shot")
    if shot.player_by != BY_LOOK:
        raise NotFound("Nobody is proposed for this shot any more: pick a name, or type one.")
    return shot


def _name(db: Session, shot: ShotRow, name: str) -> None:
    """Shot, name without needless spaces, perhaps empty -> named by hand, or by nobody."""
    player = db.exec(select(PlayerRow).where(PlayerRow.name == name)).first() or PlayerRow(name=name)
    if name:
        db.add(player)
        db.flush()
        refused = (DenialRow.shot_id == shot.id, DenialRow.player_id == player.id)
        for denial in db.exec(select(DenialRow).where(*refused)).all():
            db.delete(denial)
    given = {"player_id": player.id, "player_by": BY_HAND} if name else {"player_id": None, "player_by": None}
    shot.sqlmodel_update({**given, "player_p": None})
    db.flush()


def keep_looks(db: Session, shot_id: int, shot: Shot) -> None:
    """Shot's number, its evidence -> how its players look, in place of what was kept of it."""
    for old in db.exec(select(AppearanceRow).where(AppearanceRow.shot_id == shot_id)).all():
        db.delete(old)
    db.flush()
    db.add_all(AppearanceRow(shot_id=shot_id, label=look.label, vector=packed(look)) for look in shot.looks)
    db.flush()


def carried(db: Session, clip_id: int) -> dict[str, Any]:
    """Clip -> the shooter's columns of its newest named analysis: another detector sees the same person."""
    named = select(ShotRow).where(ShotRow.clip_id == clip_id, col(ShotRow.player_id).is_not(None))
    rows = db.exec(named.order_by(col(ShotRow.made_at), col(ShotRow.id))).all()
    rows = sorted(rows, key=lambda row: row.player_by == BY_HAND)  # stable: the newest by hand comes last
    return {name: getattr(rows[-1], name) for name in ("player_id", "player_by", "player_p")} if rows else {}


def propose_again(db: Session) -> None:
    """Every shot that nobody named by hand -> who its shooter is taken for, or nobody; names without a shot go."""
    from ..players.knowing import Known, propose

    names = {row.id: row.name for row in db.exec(select(PlayerRow)).all()}
    ids = {name: number for number, name in names.items()}
    asked_for = select(ShotRow, ClipRow.session_id).join(ClipRow).options(load_only(*NEEDED))
    shots = db.exec(asked_for.order_by(col(ShotRow.id))).all()
    mine = select(AppearanceRow.shot_id, AppearanceRow.label, AppearanceRow.vector).join(ShotRow)
    found_looks = db.exec(mine.where(AppearanceRow.label == ShotRow.shooter)).all()
    looks = {shot_id: unpacked(label, vector) for shot_id, label, vector in found_looks}
    seen = [(shot, Known(looks[shot.id], day)) for shot, day in shots if shot.id in looks]
    named = [Known(one.look, one.session, names[shot.player_id]) for shot, one in seen if shot.player_by == BY_HAND]
    asked = [(shot, one) for shot, one in seen if shot.player_by != BY_HAND]
    refused: dict[int, set[str]] = {}
    for denial in db.exec(select(DenialRow)).all():
        refused.setdefault(denial.shot_id, set()).add(names[denial.player_id])
    denied = [frozenset(refused.get(shot.id or 0, ())) for shot, _ in asked]
    told = propose([one for _, one in asked], named, denied)
    proposals = {shot.id: answer for (shot, _), answer in zip(asked, told, strict=True)}
    for shot, _ in shots:
        if shot.player_by != BY_HAND:
            answer = proposals.get(shot.id)
            name = answer.name if answer else None
            shot.player_id = ids[name] if name else None
            shot.player_by, shot.player_p = (BY_LOOK, answer.p) if answer and name else (None, None)
    db.flush()
    used = select(ShotRow.player_id).where(col(ShotRow.player_id).is_not(None))
    for nobody in db.exec(select(PlayerRow).where(col(PlayerRow.id).not_in(used))).all():
        db.delete(nobody)


def packed(look: Appearance) -> bytes:
    """Appearance -> its histograms and build as the table holds them, in half precision."""
    import numpy as np

    whole = np.concatenate([look.shirt, look.shorts, look.socks, look.build])
    return whole.astype("<f2").tobytes()


def unpacked(label: str, vector: bytes) -> Appearance:
    """Label, what `packed` wrote -> Appearance."""
    import numpy as np

    from ..domain import Appearance

    whole = np.frombuffer(vector, "<f2").astype(np.float64)
    shirt, shorts, socks = np.split(whole[:-BUILD], 3)
    return Appearance(label, shirt, shorts, socks, whole[-BUILD:])
