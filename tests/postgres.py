"""A PostgreSQL server of the tests' own: the system's package, started on loopback, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

from kicky import machine

from .browser.running import free_port

USER = "postgres"
programs = machine.postgres


@contextmanager
def server(bin_: Path) -> Iterator[str]:
    """Programs -> the address of a running server, without a database's name."""
    folder = Path(tempfile.mkdtemp(prefix="kicky-postgres-"))
    data, port = folder / "data", free_port()
    # The server refuses to run as root.
    user = USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    shutil.chown(folder, user)
    as_user = {"user": user} if os.geteuid() == 0 else {}
    subprocess.run([bin_ / "initdb", "-D", data, "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"],
                   check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    control = [bin_ / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)
    try:
        yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)  # fmt: skip # noqa: E501
        shutil.rmtree(folder)


def new_database(address: str) -> str:
    """Server -> the address of an empty database there."""
    name = f"kicky_{uuid4().hex[:12]}"
    with psycopg.connect(address.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return f"{address}/{name}"
