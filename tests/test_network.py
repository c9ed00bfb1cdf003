"""Nobody but this machine is asked for anything: not by a test, not by what a player starts, native code included."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

from kicky.home import PROJECT

from . import traced


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


@pytest.mark.parametrize(
    "asks",
    [
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 80))",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 80))",
        "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', ('2001:db8::1', 80))",
        "import socket; socket.getaddrinfo('kicky.invalid', 80)",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', "
        "\"import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 80))\"])",
    ],
)
def test_what_leaves_is_seen(asks: str, tmp_path: Path) -> None:
    traced.run([sys.executable, "-c", asks], tmp_path / "log", os.environ, tmp_path)
    assert traced.asked_of_others(tmp_path / "log")


def test_no_packet_leaves_by_analysing_labelling_and_backing_up(own_home: Path, rendered: Path, tmp_path: Path) -> None:
    """The whole way of a film, by the commands that a player types."""
    films = tmp_path / "films"
    films.mkdir()
    shutil.copyfile(rendered, films / rendered.name)
    scene = rendered.with_suffix(".scene.json")
    kept = tmp_path / "saturdays.kicky"
    for number, command in enumerate([
        ["analyze", str(films / rendered.name), "--scene", str(scene), "--out", str(tmp_path / "out"), "--json"],
        ["autolabel", str(films), "--name", "mine", "--by", "measured", "--every", "0.5"],
        ["backup", str(kept)],
        ["restore", str(kept)],
        ["models", "verify"],
    ]):  # fmt: skip
        log = tmp_path / f"log{number}"
        came = traced.run([sys.executable, "-m", "kicky", *command], log, os.environ, PROJECT)
        assert came.returncode == 0, f"{command[0]}: {came.stderr}"
        assert traced.asked_of_others(log) == [], command[0]
