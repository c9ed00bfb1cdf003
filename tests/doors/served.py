"""The app really started, by either way there is, and asked as a browser, a neighbour or a stranger would ask it."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from .. import traced
from ..browser.running import ROOT, free_port

PASSWORD = "corner flag 1863"
WAYS = {"kicky.start": ["-m", "kicky.start"], "streamlit run": ["-m", "streamlit", "run", "Home.py"]}
PATIENCE_S = 60


class Answer(NamedTuple):
    status: int
    text: str
    headers: Mapping[str, str]


@dataclass
class Served:
    """The running app. `trace`: what the system saw it ask, where that is watched."""

    port: int
    process: int
    log: Path
    trace: Path | None

    def ask(
        self, path: str = "/", method: str = "GET", body: bytes | None = None, hosts: tuple[str, ...] | None = None,
        port: int | None = None, **headers: str,
    ) -> Answer:  # fmt: skip
        """Request -> answer. `hosts`: the `Host` lines, else the one a browser sends; `_` in a header's name is `-`."""
        port = port or self.port
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            asking.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for host in (f"localhost:{port}",) if hosts is None else hosts:
                asking.putheader("Host", host)
            for name, value in headers.items():
                asking.putheader(name.replace("_", "-"), value)
            if body is not None:
                asking.putheader("Content-Length", str(len(body)))
            asking.endheaders(body)
            answer = asking.getresponse()
            return Answer(
                answer.status, answer.read().decode(errors="replace"), {k.lower(): v for k, v in answer.getheaders()}
            )
        finally:
            asking.close()

    def knock(self, password: str, path: str = "/", who: str = "192.0.2.7", **headers: str) -> Answer:
        """Password, from a neighbour's address -> answer. The server believes who forwards to it on this machine."""
        form = f"password={password.replace(' ', '+')}".encode()
        kind = "application/x-www-form-urlencoded"
        return self.ask(path, "POST", form, Content_Type=kind, X_Forwarded_For=who, **headers)

    def key(self) -> str:
        """-> the cookie of who has given the password, from this computer, which waits for nobody's guesses."""
        return self.knock(PASSWORD, who="127.0.0.1").headers["set-cookie"].partition(";")[0]

    def open(self, origin: str | None, host: str | None = None, cookie: str = "") -> ClientConnection:
        """A page's WebSocket. Raises: InvalidStatus."""
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            kept = line.dup()
        more = {"Cookie": cookie} if cookie else {}
        return connect(
            f"ws://{host or f'localhost:{self.port}'}/_stcore/stream",
            sock=kept, origin=origin, subprotocols=["streamlit"], additional_headers=more, proxy=None,
        )  # fmt: skip

    def refused(self, origin: str | None, host: str | None = None, cookie: str = "") -> tuple[int, str]:
        """-> status and sentence that a WebSocket is refused with."""
        try:
            with self.open(origin, host, cookie):
                pass
        except InvalidStatus as refusal:
            return refusal.response.status_code, bytes(refusal.response.body or b"").decode()
        return 101, ""


def session(page: ClientConnection) -> str:
    """A WebSocket just opened -> the session's name, once its page has begun."""
    begin = BackMsg()
    begin.rerun_script.query_string = ""
    page.send(begin.SerializeToString())
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        message = ForwardMsg()
        message.ParseFromString(bytes(page.recv(PATIENCE_S)))
        if message.HasField("new_session"):
            return message.new_session.initialize.session_id
    raise AssertionError("no page begins")


class Kept:
    """Started apps by their way, each when it is first asked for: tests come in any order."""

    def __init__(self, folder: Path, *flags: str, variables: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.folder, self.flags, self.variables = folder, flags, variables or {}
        self.started: dict[str, Served] = {}
        self.ends = ExitStack()

    def __call__(self, way: str) -> Served:
        if way not in self.started:
            home = self.folder / way.replace(" ", "-")
            home.mkdir()
            app = served(home, way, *self.flags, watch=strace(), **self.variables.get(way, {}))
            self.started[way] = self.ends.enter_context(app)
        return self.started[way]


@contextmanager
def served(home: Path, way: str, *flags: str, watch: bool = False, **variables: str) -> Iterator[Served]:
    """Home, one of WAYS, what is given on the command line and in the environment -> the app, once it answers."""
    port, log, trace = free_port(), home / "server.log", home / "server.trace" if watch else None
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    env = kept | {"KICKY_HOME": str(home), "KICKY_NO_WORKER": "1"} | variables
    command = [sys.executable, *WAYS[way], f"--server.port={port}", *flags]
    watched = traced.under_strace(trace) if trace else []
    with log.open("ab") as output:
        started = subprocess.Popen([*watched, *command], cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        _answers(started, port, log)
        yield Served(port, started.pid, log, trace)
    finally:
        started.terminate()
        started.wait(30)


def strace() -> bool:
    return shutil.which("strace") is not None


def _answers(started: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and started.poll() is None:
        asking = http.client.HTTPConnection("localhost", port, timeout=2)
        try:
            asking.request("GET", "/")
            asking.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            asking.close()
    raise RuntimeError(f"The app does not answer:\n{log.read_text()}")
