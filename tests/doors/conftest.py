"""A server as the pages have it, without the pages: what stands before them and beside them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kicky import doors
from kicky.doors import guard

from .served import PASSWORD, Served


@pytest.fixture(params=[False, True], ids=["here", "networked"])
def shown(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Served, str]]:
    """-> a server as the pages have it, without the pages, and what the browser of who may see anything brings."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

    if request.param:
        monkeypatch.setenv("KICKY_PASSWORD", PASSWORD)
        monkeypatch.setenv("KICKY_HOSTS", "kicky.example")
    ours = guard.Doors()
    monkeypatch.setattr(guard, "doors", lambda: ours)
    app = Starlette(routes=doors.routes(), middleware=[Middleware(doors.Guard)])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        running = threading.Thread(target=server.run, args=([listening],), daemon=True)
        running.start()
        cookie = f"{guard.COOKIE}={ours.door.token()}" if ours.door else ""
        yield Served(listening.getsockname()[1], 0, tmp_path, None), cookie
        server.should_exit = True
        running.join(10)
