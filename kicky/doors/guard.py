"""What every request passes before Streamlit sees it or a film is handed out, by HTTP and by WebSocket alike.

First the host that was asked for and the page that asks; then, where others reach the pages, the password. Before it
there is the door and nothing else: no page, no socket, no upload, no file of any kind.
"""

from __future__ import annotations

import asyncio
import html
import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import streamlit as st

from ..errors import KickyError
from ..home import door_key
from . import hosts
from .door import NO_PASSWORD, VARIABLE, WRONG, Door
from .lobby import Lobby, open_lobby
from .look import Look
from .opening import ask_nobody
from .remembered import KEPT_S, secret

if TYPE_CHECKING:
    from starlette.middleware import Middleware
    from starlette.requests import HTTPConnection
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "kicky_door"
GUESS_BYTES, GUESS_S = 4096, 10.0  # no password is longer, none takes longer to arrive
GUESSING, GUESSING_EACH = 32, 4  # who may be on the way with one at a time: of all, of one address
FORM = """<form method="post">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button>Open</button>
</form>"""
PAGE = Template(Path(__file__).with_name("door.html").read_text(encoding="utf-8"))
ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'"
NO_HOST = "KICKY cannot tell which address was asked for. Open it in a browser, at the address it printed at its start."
OTHER_HOST = (
    "KICKY does not answer to this name. Open it at the address it printed at its start, or start it with "
    f"{hosts.VARIABLE} set to the name you want to use."
)
OTHER_PAGE = "KICKY answers its own pages only, and another page asked. Open KICKY in a tab of its own."
BEHIND = "KICKY wants its password first: open its first page in a browser and give it there."
CROWD = "Too many are guessing just now. Wait a moment, then try again."


class Doors:
    """What all guards of a process share. Raises: BadSetting."""

    def __init__(self) -> None:
        listens, further = st.get_option("server.address"), os.environ.get(hosts.VARIABLE, "")
        self.hosts = hosts.own_hosts(listens, further)
        # A name of its own means that something hands on what others ask, wherever the pages listen.
        reached = not hosts.only_here(listens) or bool(further.strip())
        self.door = Door(os.environ.get(VARIABLE, ""), secret(door_key())) if reached else None
        self.guessing: Counter[str] = Counter()
        self.lobby = Lobby()
        self.guarded = False

    @contextmanager
    def place(self, who: str) -> Iterator[bool]:
        """Address -> whether one more may be on the way with a password; a place for it meanwhile."""
        free = self.guessing.total() < GUESSING and self.guessing[who] < GUESSING_EACH
        self.guessing[who] += free
        try:
            yield free
        finally:
            self.guessing[who] -= free
            self.guessing += Counter()  # nobody is remembered who has no place


@cache
def doors() -> Doors:
    """-> this process's."""
    return Doors()


def guards() -> list[Middleware]:
    """-> what `st.App` puts before the pages. A setting that is none ends the start, in a sentence."""
    from starlette.middleware import Middleware

    ask_nobody()
    try:
        ours = doors()
    except KickyError as error:
        raise SystemExit(str(error)) from None
    if ours.door:
        open_lobby(ours.lobby)
    # Uvicorn takes a WebSocket refused in words for a mistake: a line in the log for each, as many as a stranger likes.
    logging.getLogger("uvicorn.error").addFilter(lambda line: "without completing handshake" not in line.getMessage())
    return [Middleware(Guard), Middleware(Look)]


def stands() -> bool:
    """-> whether the pages' server in this process has its guard."""
    return doors.cache_info().currsize > 0 and doors().guarded


class Guard:
    """ASGI application -> the same for those who may ask it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._doors = app, doors()
        self._doors.guarded = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        from starlette.requests import HTTPConnection

        asked = HTTPConnection(scope)
        answer = self._foreign(asked) or await self._outside(asked, receive)
        if answer is not None:
            return await answer(scope, receive, send)
        self._doors.lobby.let_in(scope)
        return await self._app(scope, receive, send)

    def _foreign(self, asked: HTTPConnection) -> Response | None:
        """Request -> the refusal of one that was not meant for us or that another's page makes."""
        named = asked.headers.getlist("host")
        host = hosts.authority(named[0]) if len(named) == 1 else None
        if host is None:
            return _sentence(NO_HOST, 400)
        if not self._doors.hosts.answers(host.host, (asked.scope.get("server") or ("", 0))[0]):
            return _sentence(OTHER_HOST, 421)
        ours = all(hosts.same_place(origin, host) for origin in asked.headers.getlist("origin"))
        return None if ours and not _embedded(asked) else _sentence(OTHER_PAGE, 403)

    async def _outside(self, asked: HTTPConnection, receive: Receive) -> Response | None:
        """Request -> the door, for who has not given the password."""
        door = self._doors.door
        if door is None or door.knows(asked.cookies.get(COOKIE, "")):
            return None
        if asked.scope["type"] == "websocket" or asked.scope["method"] not in ("GET", "POST"):
            return _sentence(BEHIND, 403)
        if door.shut:
            return _page(NO_PASSWORD, form=False)
        if asked.scope["method"] == "POST":
            return await self._knock(door, asked, receive)
        return _page() if "text/html" in asked.headers.get("accept", "") else _sentence(BEHIND, 403)

    async def _knock(self, door: Door, asked: HTTPConnection, receive: Receive) -> Response:
        who = asked.client.host if asked.client else ""
        with self._doors.place(who) as free:
            if not free:
                return _page(CROWD, 429, wait=1)
            given = await _given(receive)
        if given is None:
            return _page(WRONG)
        why, wait = door.refusal(given, who)
        if why:
            return _page(why, 429 if wait else 403, wait=wait)
        return _in(asked, door.token())


def _embedded(asked: HTTPConnection) -> bool:
    """Request -> whether the browser says that another's page shows or loads it; a link to us is none of that."""
    link = asked.headers.get("sec-fetch-mode") == "navigate" and asked.headers.get("sec-fetch-dest") == "document"
    return asked.headers.get("sec-fetch-site", "") not in ("", "none", "same-origin") and not link


def _in(asked: HTTPConnection, token: str) -> Response:
    """Request that gave the password -> back to the page that was asked for, with what opens it from now on."""
    from starlette.responses import RedirectResponse

    place = "/" + asked.url.path.lstrip("/\\") + (f"?{asked.url.query}" if asked.url.query else "")
    answer = RedirectResponse(place, 303)
    https = asked.url.scheme == "https"
    answer.set_cookie(COOKIE, token, max_age=KEPT_S, httponly=True, samesite="strict", secure=https)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _given(receive: Receive) -> str | None:
    """A form on its way -> its password; None: too long, too slow or none."""
    body = b""
    try:
        async with asyncio.timeout(GUESS_S):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if message["type"] != "http.request" or len(body) > GUESS_BYTES:
                    return None
                if not message.get("more_body"):
                    break
    except TimeoutError:
        return None
    given = parse_qs(body.decode(errors="replace")).get("password")
    return given[0] if given else None


def _page(said: str = "", status: int = 403, form: bool = True, wait: int = 0) -> Response:
    from starlette.responses import HTMLResponse

    alert = f'<p role="alert">{html.escape(said)}</p>' if said else ""
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": ALONE}
    if wait:
        headers["Retry-After"] = str(wait)
    return HTMLResponse(PAGE.substitute(said=alert, form=FORM if form else ""), status, headers)


def _sentence(said: str, status: int) -> Response:
    from starlette.responses import PlainTextResponse

    return PlainTextResponse(f"{said}\n", status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
