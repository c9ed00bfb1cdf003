"""The strike card as PNG, kept beside the evidence it was drawn from. Part of the face that `service` shows."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from .. import storage
from ..errors import called
from ..storage import corrected, files, settings
from ..storage.database import told

if TYPE_CHECKING:
    from ..storage.views import ShotView

DRAWN = 3  # goes up when cards are drawn differently: those kept are drawn again
KINDS = {False: "card", True: "phone"}  # by whether upright


def strike_card(shot_id: int, phone: bool) -> bytes:
    """Shot, whether upright for a phone -> its strike card as PNG. Raises: NotFound, UnreadableClip, StorageFailed.

    Both are drawn at once and kept until the shot is judged anew, or its shooter's name or the unit of speeds changes.
    """
    shot = storage.shots(shot_id=shot_id)[0]
    evidence = storage.evidence_file(shot_id)
    when, said_by_hand = _when(shot), " ".join(f"{name} {getattr(shot, name)}" for name in shot.by_hand)
    known = f"{DRAWN}|{settings.speed_unit()}|{shot.player or ''}|{when}|{said_by_hand}"
    known += "|body only" * shot.body_only  # earlier ones say UNSURE
    said = hashlib.sha256(known.encode()).hexdigest()[:8]
    wanted = {upright: files.beside(evidence, f"{kind}-{said}.png") for upright, kind in KINDS.items()}
    with told(evidence):
        if all(path.exists() for path in wanted.values()):
            return wanted[phone].read_bytes()
    drawn = _drawn(shot, when)
    files.delete_cards(evidence.name)
    files.keep({wanted[upright]: png for upright, png in drawn.items()})
    return drawn[phone]


def _drawn(shot: ShotView, when: str) -> dict[bool, bytes]:
    """Shot -> both its cards, by whether they are upright."""
    from ..body.fit import known
    from ..render import card, close
    from . import stills

    made = storage.report(shot.id)
    made = replace(made, shot=known(made.shot))
    report, row = corrected.report(made, shot.clip_id), storage.clip(shot.clip_id)
    storage.film_there(row)
    with called(row.file, row.name):
        pictures = close.stills(report.shot, close.moments(report.shot))
    content = card.Content(report, pictures, shot.player or "", when, settings.speed_unit())
    return {upright: stills.png(card.strike_card(content, upright)) for upright in (False, True)}


def _when(shot: ShotView) -> str:
    """Shot -> 'Sat 7 Nov 2026 · Parc'."""
    day = f"{shot.date:%a} {shot.date.day} {shot.date:%b %Y}"
    return f"{day} · {shot.place}" if shot.place else day
