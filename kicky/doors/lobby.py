"""Connections of those who have not given the password: so many, for so long.

Uvicorn waits for a request for ever, and each connection takes one of the few files a process may hold open.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from .hosts import address

if TYPE_CHECKING:
    from starlette.types import Scope
    from uvicorn.protocols.http.h11_impl import H11Protocol

EACH, ALL = 16, 128  # a browser opens six
STAY_S = 15.0

Seat = tuple[str, int, int]  # the other side's address and port, ours


class Waiting(NamedTuple):
    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    until: asyncio.TimerHandle


class Lobby:
    """Who came, until a request of theirs is let in. One too many: whoever has waited longest goes."""

    def __init__(self) -> None:
        self.seats: OrderedDict[Seat, Waiting] = OrderedDict()

    def come(self, protocol: H11Protocol) -> None:
        """A new connection -> it has a seat; this computer's need none."""
        seat = _seat(protocol.client, protocol.server)
        number = address(seat[0]) if seat else None
        if seat is None or number is None or number.is_loopback:
            return
        until = protocol.loop.call_later(STAY_S, self._leave, seat)
        self.seats[seat] = Waiting(protocol.transport, protocol.loop, until)
        of_one = [other for other in self.seats if other[0] == seat[0]]
        if len(of_one) > EACH:
            self._leave(of_one[0])
        elif len(self.seats) > ALL:
            self._leave(next(iter(self.seats)))

    def let_in(self, scope: Scope) -> None:
        """A request that has been let in -> its connection may stay."""
        self._rise(_seat(scope.get("client"), scope.get("server")))

    def gone(self, protocol: H11Protocol) -> None:
        """A connection has ended -> its seat is free."""
        self._rise(_seat(protocol.client, protocol.server))

    def _rise(self, seat: Seat | None) -> Waiting | None:
        waiting = self.seats.pop(seat, None) if seat else None
        if waiting is not None:
            waiting.loop.call_soon_threadsafe(waiting.until.cancel)
        return waiting

    def _leave(self, seat: Seat) -> None:
        if (waiting := self._rise(seat)) is not None:
            waiting.loop.call_soon_threadsafe(waiting.transport.abort)


def open_lobby(lobby: Lobby) -> None:
    """Lobby -> all connections to this process's server pass it. Streamlit hands Uvicorn no setting for this."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    made, lost = AutoHTTPProtocol.connection_made, AutoHTTPProtocol.connection_lost

    def connection_made(self: H11Protocol, transport: asyncio.Transport) -> None:
        made(self, transport)
        lobby.come(self)

    def connection_lost(self: H11Protocol, exc: Exception | None) -> None:
        lobby.gone(self)
        lost(self, exc)

    AutoHTTPProtocol.connection_made = connection_made  # type: ignore[method-assign, assignment]
    AutoHTTPProtocol.connection_lost = connection_lost  # type: ignore[method-assign, assignment]


def _seat(client: tuple[str, int] | None, server: tuple[str, int | None] | None) -> Seat | None:
    return (*client, server[1] or 0) if client and server else None
