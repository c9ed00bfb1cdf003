"""What stands before the pages, in their server: whom KICKY answers, and the password where others reach it.

hosts: which names and addresses are this machine's. pace: how fast a password may be guessed. door: the password.
remembered: who has given it. lobby: connections of those who have not. guard: what every request passes first. opening:
where the app is, said and shown at its start. qr: the same for a phone's camera. handed: films and small things that
pages show, past the same guard. sent: films that pages send here, in pieces. look: how the pages look, sent with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import handed, sent
from .guard import Guard, guards, stands
from .handed import hand_film, hand_made
from .hosts import only_here
from .opening import PHONE, ask_nobody, opening, others
from .remembered import DAYS
from .sent import take_films

if TYPE_CHECKING:
    from starlette.routing import Route

__all__ = [
    "DAYS",
    "PHONE",
    "Guard",
    "ask_nobody",
    "guards",
    "hand_film",
    "hand_made",
    "only_here",
    "opening",
    "others",
    "routes",
    "stands",
    "take_films",
]


def routes() -> list[Route]:
    """-> what `st.App` serves beside the pages."""
    return [*handed.routes(), *sent.routes()]
