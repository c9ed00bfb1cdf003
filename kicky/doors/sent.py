"""Films that a page sends, in pieces: by the pages' own port and past the same guard, as films are handed out.

GET: how much of a film is here. PUT with Content-Range: a piece of it, written as it comes; what came of a piece that
broke off is kept. POST: all of it is here, and is taken in. A film of gigabytes takes a block of memory.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .. import arrivals
from ..arrivals import Coming
from ..errors import KickyError, Outdated, StorageFailed, UnfitClip

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

WHERE = "/sent"
BLOCK_BYTES = 4 << 20
SILENT_S = 60.0  # a sender that says nothing for so long is gone
RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")

Take = Callable[[Path, str], int]
"""A film that is all here, what its page said it is for -> the number it has from now on. Raises: KickyError."""
_takers: dict[str, Take] = {}
_names: dict[Take, str] = {}


def take_films(take: Take) -> str:
    """What takes films in -> the path to send them to; known only to who sees a page."""
    if take not in _names:
        name = secrets.token_urlsafe(24)
        _takers[name], _names[take] = take, name
    return f"{WHERE}/{_names[take]}"


def routes() -> list[Route]:
    """-> where films are sent to."""
    from starlette.routing import Route

    return [Route(f"{WHERE}/{{name}}", _answer, methods=["GET", "PUT", "POST"])]


async def _answer(request: Request) -> Response:
    from starlette.responses import JSONResponse, PlainTextResponse

    take = _takers.get(request.path_params["name"])
    if take is None:
        return PlainTextResponse("KICKY was started anew: load the page again.\n", 404)
    try:
        return JSONResponse(await _done(request, take), headers={"Cache-Control": "no-store"})
    except KickyError as error:
        status = 409 if isinstance(error, Outdated) else 507 if isinstance(error, StorageFailed) else 422
        return PlainTextResponse(f"{error}\n", status)


async def _done(request: Request, take: Take) -> dict[str, int]:
    """Request -> what the page is told. Raises: KickyError."""
    from starlette.concurrency import run_in_threadpool

    said = request.query_params
    coming = arrivals.announced(said.get("name", ""), said.get("size", ""), said.get("mark", ""))
    if request.method == "PUT":
        return {"have": await _received(request, coming)}
    if request.method == "POST":
        modified = said.get("modified", "")
        film = await run_in_threadpool(arrivals.finish, coming, int(modified) / 1000 if modified.isdecimal() else 0.0)
        return {"film": await run_in_threadpool(take, film, said.get("on", ""))}
    return {"have": await run_in_threadpool(arrivals.here, coming)}


async def _received(request: Request, coming: Coming) -> int:
    """A piece on its way -> how much of the film is here after it, also where it breaks off. Raises: KickyError."""
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import ClientDisconnect

    at, end = _range(request, coming)
    block, loop = bytearray(), asyncio.get_running_loop()
    try:
        async with asyncio.timeout(SILENT_S) as patience:
            async for chunk in request.stream():
                patience.reschedule(loop.time() + SILENT_S)
                block += chunk
                if at + len(block) > end:
                    raise UnfitClip(f"More of {coming.name} came than was announced: choose it again.")
                if len(block) >= BLOCK_BYTES:
                    at, block = await run_in_threadpool(arrivals.append, coming, at, block), bytearray()
    except (ClientDisconnect, TimeoutError):
        pass
    return await run_in_threadpool(arrivals.append, coming, at, block)


def _range(request: Request, coming: Coming) -> tuple[int, int]:
    """Request -> where its piece begins, and where it ends. Raises: UnfitClip."""
    found = RANGE.fullmatch(request.headers.get("content-range", ""))
    first, last, size = (int(number) for number in found.groups()) if found else (0, -1, 0)
    if not first <= last < size == coming.size_bytes:
        raise UnfitClip(f"This piece of {coming.name} does not say where it belongs: choose the film again.")
    return first, last + 1
