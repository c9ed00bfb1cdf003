"""KICKY's look, put into each page as it is sent: a page that is drawn first and dressed later would jump."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STYLE = f"<style>{Path(__file__).with_name('look.css').read_text(encoding='utf-8')}</style></body>".encode()
# With these the answer could be packed, a part, or "as you have it", which may have been dressed otherwise.
DROPPED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")


class Look:
    """ASGI application -> the same, its pages dressed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = scope["type"] == "http" and scope["method"] == "GET"
        if not page or b"text/html" not in dict(scope["headers"]).get(b"accept", b""):
            return await self._app(scope, receive, send)
        asked = {**scope, "headers": [each for each in scope["headers"] if each[0] not in DROPPED]}
        return await self._app(asked, receive, _Dressed(send))


class _Dressed:
    """What sends an answer -> the same; of a page it waits for the whole, and sends it with the style at its end."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._whole(self._start)

    async def _whole(self, start: Message) -> None:
        body = self._body.replace(b"</body>", STYLE, 1)
        kept = [each for each in start["headers"] if each[0] not in (b"content-length", b"etag", b"last-modified")]
        await self._send({**start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    kind = dict(start["headers"]).get(b"content-type", b"")
    return bool(start["status"] == 200 and kind.startswith(b"text/html"))
