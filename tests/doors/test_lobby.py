"""Connections of strangers: few of one, few of all, and none for long; who is let in stays."""

from __future__ import annotations

import asyncio

import pytest

from kicky.doors import lobby
from kicky.doors.lobby import ALL, EACH, Lobby


class Line(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.ended = False

    def abort(self) -> None:
        self.ended = True


class Came:
    """A connection as Uvicorn's protocol holds it."""

    def __init__(self, who: str, port: int, at: int = 8501) -> None:
        self.client, self.server = (who, port), ("192.168.1.5", at)
        self.transport, self.loop = Line(), asyncio.get_running_loop()


def come(where: Lobby, who: str, port: int, at: int = 8501) -> Came:
    one = Came(who, port, at)
    where.come(one)  # type: ignore[arg-type]
    return one


async def still(lines: list[Came]) -> list[int]:
    await asyncio.sleep(0.01)
    return [k for k, one in enumerate(lines) if not one.transport.ended]


def test_of_one_address_the_oldest_goes() -> None:
    async def tried() -> None:
        where = Lobby()
        lines = [come(where, "192.168.1.7", port) for port in range(EACH + 2)]
        other = come(where, "192.168.1.8", 1)
        assert await still(lines) == list(range(2, EACH + 2))
        assert await still([other]) == [0]

    asyncio.run(tried())


def test_of_all_the_oldest_goes_and_none_is_turned_away_at_once() -> None:
    async def tried() -> None:
        where = Lobby()
        lines = [come(where, f"192.168.{k // 200}.{k % 200}", k) for k in range(3 * ALL)]
        assert await still(lines) == list(range(2 * ALL, 3 * ALL))
        assert len(where.seats) == ALL

    asyncio.run(tried())


def test_nobody_stays_for_long_but_who_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lobby, "STAY_S", 0.05)

    async def tried() -> None:
        where = Lobby()
        stranger, player, beside = (
            come(where, "192.168.1.7", port, at) for port, at in ((1, 8501), (2, 8501), (2, 8502))
        )
        where.let_in({"client": player.client, "server": player.server})
        await asyncio.sleep(0.15)
        assert await still([stranger, player, beside]) == [1], "the same port of theirs to another of ours is another"
        assert not where.seats

    asyncio.run(tried())


def test_this_computer_and_who_has_gone_take_no_seat() -> None:
    async def tried() -> None:
        where = Lobby()
        lines = [come(where, who, port) for who in ("127.0.0.1", "::1", "::ffff:127.0.0.1") for port in range(2 * EACH)]
        where.gone(come(where, "192.168.1.7", 1))  # type: ignore[arg-type]
        assert not where.seats
        assert len(await still(lines)) == len(lines)

    asyncio.run(tried())
