"""Films for the browser, streamed from where they lie by a small server of their own beside the pages.

Streamlit holds a film in memory to show it; a session has gigabytes, of which a browser asks for ranges. Only who knows
a film's long random name can ask for it, and it listens where the pages listen. The guard before it is the pages' own.
"""

from __future__ import annotations

import secrets
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from .. import doors
from ..service import steps

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


@dataclass
class Films:
    """Names given so far: name -> film, and film with its size and date -> name."""

    port: int = 0
    named: dict[str, Path] = field(default_factory=dict)
    names: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def name(self, film: Path) -> str:
        """Film -> the name to ask for it by; another film in the same place gets another."""
        about = film.stat()
        key = str(film), about.st_size, about.st_mtime_ns
        if key not in self.names:
            self.names[key] = secrets.token_urlsafe(24)
            self.named[self.names[key]] = film
        return self.names[key]


def address(film: Path) -> dict[str, str | int]:
    """Film -> what the page in the browser makes its address of. Raises: UnreadableClip."""
    server = _server()
    steps.times(film)
    return {"port": server.port, "name": server.name(film)}


@st.cache_resource(show_spinner=False)
def _server() -> Films:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.responses import FileResponse
    from starlette.responses import Response as Answer
    from starlette.routing import Route

    films = Films()

    async def film(request: Request) -> Response:
        path = films.named.get(request.path_params["name"])
        return Answer(status_code=404) if path is None or not path.exists() else FileResponse(path)

    async def times(request: Request) -> Response:
        path = films.named.get(request.path_params["name"])
        if path is None or not path.exists():
            return Answer(status_code=404)
        page = request.headers.get("origin", "")  # the guard knows it; since the port is another, browsers want it
        shown = {"Access-Control-Allow-Origin": page, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}
        return Answer(steps.times(path), media_type="application/octet-stream", headers=shown)

    app = Starlette(routes=[Route("/{name}/film", film), Route("/{name}/times", times)])
    where = st.get_option("server.address") or "localhost"
    listening = socket.socket(socket.AF_INET6 if ":" in where else socket.AF_INET)
    listening.bind((where, 0))
    listening.listen()  # so that a page need not wait for the thread
    films.port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(doors.Guard(app, beside=True), log_level="error", lifespan="off"))
    threading.Thread(target=server.run, args=([listening],), daemon=True, name="films").start()
    return films
