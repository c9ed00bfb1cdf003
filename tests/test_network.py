"""Nobody but this machine is asked for anything: a socket to anywhere else is refused in every test."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


@pytest.mark.parametrize("where", [("192.0.2.1", 80), ("2001:db8::1", 443), ("example.com", 443)])
def test_a_test_that_asks_the_network_fails(where: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
    with socket.socket(family) as asking, pytest.raises((SocketConnectBlockedError, UserWarning), match="tried to use"):
        asking.connect(where)


def test_this_machine_may_be_asked() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname(), timeout=5) as asking:
            assert asking.getpeername() == server.getsockname()
