"""What a page hands to the browser beside itself: films from where they lie, and small things made when asked for.

Streamlit holds a film in memory to show it; a session has gigabytes, of which a browser asks for ranges. These are
routes of the pages' own server, so whoever reaches a page reaches its film, by the same port and past the same guard.
Only who knows a thing's long random name can ask for it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import KickyError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

WHERE = "/handed"
KEPT_S = 3600  # a name means one content for ever; this is how long a browser need not ask again


class Thing(NamedTuple):
    """What is handed out under a name: a file, or what makes it."""

    content: Path | Callable[[], bytes]
    kind: str = ""


_named: dict[str, Thing] = {}
_names: dict[Hashable, str] = {}


def hand_film(film: Path) -> str:
    """Film -> the path to ask for it by; another film in the same place gets another. Raises: OSError."""
    about = film.stat()
    return _hand((str(film), about.st_size, about.st_mtime_ns), Thing(film))


def hand_made(key: Hashable, make: Callable[[], bytes], kind: str) -> str:
    """What it is known by, what makes it, its media type -> the path to ask for it by; made each time it is asked for.

    Where it cannot be made there is nothing at that path.
    """
    return _hand((key, kind), Thing(make, kind))


def routes() -> list[Route]:
    """-> where what was handed is asked for."""
    from starlette.routing import Route

    return [Route(f"{WHERE}/{{name}}", _answer)]


def _hand(key: Hashable, thing: Thing) -> str:
    if key not in _names:
        name = secrets.token_urlsafe(24)
        _named[name] = thing
        _names[key] = name
    return f"{WHERE}/{_names[key]}"


def _answer(request: Request) -> Response:
    """A request -> its answer; run beside the server's loop, which must not wait for what is made."""
    from starlette.responses import FileResponse, PlainTextResponse
    from starlette.responses import Response as Answer

    thing = _named.get(request.path_params["name"])
    if thing is None:
        return PlainTextResponse("There is nothing here.\n", 404)
    if isinstance(thing.content, Path):
        gone = not thing.content.is_file()
        return PlainTextResponse("This film is gone.\n", 404) if gone else FileResponse(thing.content)
    try:
        made = thing.content()
    except KickyError as error:
        return PlainTextResponse(f"{error}\n", 404)
    return Answer(made, media_type=thing.kind, headers={"Cache-Control": f"private, max-age={KEPT_S}"})
