"""A coach behind an address that speaks OpenAI's chat protocol: llama.cpp, Ollama, vLLM, `transformers serve`, …

Off until the player gives an address; then the facts and the pictures leave this process for there, and nowhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import httpx2

from ..domain import Brief, Image
from ..errors import CoachFailed
from .address import checked, place
from .pictures import data_address
from .prompt import prompt
from .waiting import EVERY_S, ticking

CONNECT_S, BETWEEN_S = 5.0, 60.0
LONGEST_S = 600.0  # from the question to the last word; a large model may be read from the disk first
LOOK_AGAIN_S = 2.0  # while it says that it is still loading
MOST_TOKENS = 2000  # advice takes 350; a model that thinks all the same needs the rest
# What a server may send: many times what advice takes, and little enough to be held in memory.
MOST_BYTES, LONGEST_LINE = 1 << 24, 1 << 20
MOST_NAMES, LONGEST_NAME = 500, 200
PACKED = ("", "identity", "gzip")  # one packing whose worst is known: a thousand times a piece of 64 kB
BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)  # what reading foreign JSON may raise
TEMPERATURE = 0.3
# How thinking is switched off: for vLLM, SGLang and llama.cpp, for Ollama, and in Qwen's and Nemotron's own words.
QUIETLY = {"chat_template_kwargs": {"enable_thinking": False}, "reasoning_effort": "none"}
NO_THINKING = "/no_think"
THOUGHTS = ("reasoning_content", "reasoning")
_BLIND = re.compile(r"image|vision|multi-?modal|mmproj|picture", re.IGNORECASE)
_LOADING = re.compile(r"loading", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Server:
    """Brief, pictures -> what the server at the address says.

    `between_s` is how long it may be silent once it has begun. Before that it is waited for as long as it answers at
    all: the model may still be on its way into memory.
    """

    address: str = ""
    model: str = ""
    key: str = field(default="", repr=False)
    between_s: float = BETWEEN_S

    def __call__(self, brief: Brief, pictures: Sequence[Image]) -> Iterator[str]:
        """Brief, pictures -> the advice as it comes, empty pieces while it thinks or nothing comes.

        Raises: CoachFailed, one sentence for whatever went wrong.
        """
        begun, last_s, looked_s = False, monotonic(), monotonic()
        for piece in ticking(self._said(brief, pictures), min(EVERY_S, self.between_s / 4)):
            now_s = monotonic()
            if piece is not None:
                begun, last_s = True, now_s
            elif begun and now_s - last_s > self.between_s:
                raise CoachFailed(
                    f"{self._place} said nothing for {self.between_s:g} s: try again, or a smaller model."
                )
            elif not begun and now_s - looked_s > self.between_s:
                self._alive()
                looked_s = now_s
            yield piece or ""

    def _said(self, brief: Brief, pictures: Sequence[Image]) -> Generator[str, None, None]:
        """Brief, pictures -> the advice as it comes; asked again without what this server does not take."""
        seen, quietly, until_s = list(pictures), True, monotonic() + LONGEST_S
        with self._told(), self._client(max(LONGEST_S, self.between_s)) as client:
            while True:
                body = _body(self.model, brief, seen) | (QUIETLY if quietly else {})
                with client.stream("POST", f"{_base(self.address)}/chat/completions", json=body) as answer:
                    status = answer.status_code
                    if status == 200:
                        yield from self._pieces(answer)
                        return
                    said = "" if 300 <= status < 400 else self._whole(answer)
                if status == 503 and _LOADING.search(said) and monotonic() < until_s:
                    sleep(LOOK_AGAIN_S)
                elif seen and status >= 400 and _BLIND.search(said):
                    seen = []
                elif quietly and status in (400, 422):
                    quietly = False
                else:
                    raise CoachFailed(self._refused(client, status, said))

    def _alive(self) -> None:
        """Raises: CoachFailed where the server does not even say which models it has."""
        with self._told(), self._client(CONNECT_S) as client:
            client.get(f"{_base(self.address)}/models")

    def models(self) -> list[str]:
        """-> the models that the server says it has. Raises: CoachFailed."""
        with (
            self._told(),
            self._client(self.between_s) as client,
            client.stream("GET", f"{_base(self.address)}/models") as answer,
        ):
            if answer.status_code != 200:
                raise CoachFailed(self._refused(client, answer.status_code, self._whole(answer)))
            return _model_names(self._whole(answer))

    def _client(self, read_s: float) -> httpx2.Client:
        headers = {"Accept-Encoding": "gzip"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        limits = httpx2.Timeout(read_s, connect=min(CONNECT_S, self.between_s))
        # A proxy would be one more who sees it; so would whoever an answer sends on to.
        return httpx2.Client(headers=headers, timeout=limits, trust_env=False, follow_redirects=False)

    def _pieces(self, answer: httpx2.Response) -> Iterator[str]:
        kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        if kind == "text/html":
            raise CoachFailed(f"{self._place} sent a web page, no advice: the address should end in /v1, check it.")
        if kind == "text/event-stream":
            yield from self._events(answer)
            return
        text = self._whole(answer)  # one that does not stream says it all at once
        try:
            content, thought = _content(json.loads(text), "message")
        except BROKEN as error:
            raise CoachFailed(
                f"{self._place} sent something that is no advice: check that it is an OpenAI-like server."
            ) from error
        if thought and not content:
            raise CoachFailed(self._only_thought)
        yield content

    def _events(self, answer: httpx2.Response) -> Iterator[str]:
        """Server-sent events -> the text in each, empty for a thought; ends at [DONE], at a reason to finish or, badly,
        when it is cut.
        """
        ended = said = thought = False
        for line in self._lines(answer):
            if not line.startswith("data:"):
                continue  # a comment that keeps the line open, or the name of an event
            data = line[5:].strip()
            if data == "[DONE]":
                ended = True
                break
            try:
                event = json.loads(data)
                if event.get("error"):
                    raise CoachFailed(f"{self._place} broke off: {_reason(event)}.")
                if event.get("choices"):
                    content, thinking = _content(event, "delta")
                    said, thought = said or bool(content.strip()), thought or thinking
                    yield content
                    ended = ended or bool(event["choices"][0].get("finish_reason"))
            except BROKEN as error:
                raise CoachFailed(f"{self._place} sent something that cannot be read: try again.") from error
        if not ended:
            raise CoachFailed(f"{self._place} broke off in the middle: try again.")
        if thought and not said:
            raise CoachFailed(self._only_thought)

    def _lines(self, answer: httpx2.Response) -> Iterator[str]:
        """Answer -> its lines that are not empty, as they come."""
        held = b""
        for piece in self._bytes(answer):
            *lines, held = re.split(rb"[\r\n]", held + piece)
            if len(held) > LONGEST_LINE:
                raise CoachFailed(f"{self._place} sent a line without an end: check that it is an OpenAI-like server.")
            yield from (line.decode("utf-8", "replace") for line in lines if line)
        if held:
            yield held.decode("utf-8", "replace")

    def _whole(self, answer: httpx2.Response) -> str:
        return b"".join(self._bytes(answer)).decode("utf-8", "replace")

    def _bytes(self, answer: httpx2.Response) -> Iterator[bytes]:
        """Answer -> what is in it, piece by piece, no longer and no more of it than advice can be."""
        if answer.headers.get("content-encoding", "").strip().lower() not in PACKED:
            raise CoachFailed(
                f"{self._place} packed its answer in a way nobody asked for: check what stands before it."
            )
        size, end_s = 0, monotonic() + LONGEST_S
        for piece in answer.iter_bytes():
            size += len(piece)
            if size > MOST_BYTES or monotonic() > end_s:
                raise CoachFailed(f"{self._place} did not come to an end: try again, or a smaller model.")
            yield piece

    def _refused(self, client: httpx2.Client, status: int, said: str) -> str:
        """Status of a refusal, what it says -> the sentence; for a model it does not have, with those it has."""
        if 300 <= status < 400:
            return f"{self._place} sends on to another address, and nothing was sent there: give the one it is at."
        if status in (401, 403):
            return f"{self._place} wants another key: check the key in the settings."
        if status in (400, 404, 422) and (names := self._offered(client)) and self.model not in names:
            return f"{self._place} has no model {self.model!r}; it has: {', '.join(names[:10])}."
        if status == 404:
            return f"{self._place} knows no such page: the address should end in /v1, check it."
        if status in (429, 503):
            return f"{self._place} is busy: try again in a moment."
        return f"{self._place} refused ({status}): {_reason(_json(said))}."

    def _offered(self, client: httpx2.Client) -> list[str]:
        try:
            with client.stream("GET", f"{_base(self.address)}/models") as answer:
                return _model_names(self._whole(answer))
        except (httpx2.HTTPError, CoachFailed):
            return []  # the first answer is told all the same

    @property
    def _place(self) -> str:
        return place(self.address)

    @property
    def _only_thought(self) -> str:
        return f"{self._place} only thought and gave no advice: switch its thinking off, or choose another model."

    @contextmanager
    def _told(self) -> Iterator[None]:
        """-> a block in which the network's troubles become one sentence; none is entered without an address."""
        if not self.address:
            raise CoachFailed("No server is set: give the address of one, or choose another coach.")
        checked(self.address.strip(), self.key)
        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise CoachFailed(
                f"{self._place} does not answer: check that it is running and the address is right."
            ) from error
        except httpx2.TimeoutException as error:
            raise CoachFailed(
                f"{self._place} said nothing for {LONGEST_S:g} s: try again, or a smaller model."
            ) from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError) as error:
            raise CoachFailed(f"{self.address!r} is no address: write it like http://localhost:8080/v1.") from error
        except httpx2.HTTPError as error:
            raise CoachFailed(f"{self._place} broke off in the middle: try again.") from error


def _base(address: str) -> str:
    return address.strip().rstrip("/").removesuffix("/chat/completions")


def _body(model: str, brief: Brief, pictures: Sequence[Image]) -> dict[str, Any]:
    system, user = prompt(brief)
    seen = [{"type": "image_url", "image_url": {"url": data_address(picture)}} for picture in pictures]
    content = [*seen, {"type": "text", "text": user}] if seen else user
    messages = [{"role": "system", "content": f"{system}\n{NO_THINKING}"}, {"role": "user", "content": content}]
    return {
        "model": model,
        "messages": messages,
        "stream": True,
        "max_tokens": MOST_TOKENS,
        "temperature": TEMPERATURE,
    }


def _content(event: dict[str, Any], part: str) -> tuple[str, bool]:
    """Event, where its text stands -> the text, and whether it is a thought that came."""
    said = event["choices"][0][part]
    content = said.get("content") or ""
    if not isinstance(content, str):
        raise TypeError("content is no text")
    return content, any(said.get(name) for name in THOUGHTS)


def _model_names(text: str) -> list[str]:
    told = _json(text)
    data = told.get("data") if isinstance(told, dict) else None
    names = [model["id"] for model in data or () if isinstance(model, dict) and "id" in model]
    return [str(name)[:LONGEST_NAME] for name in names[:MOST_NAMES]]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}


def _reason(told: Any) -> str:
    """Error as JSON -> the server's own words, shortened."""
    error = told.get("error", told.get("detail", "")) if isinstance(told, dict) else ""
    words = str(error.get("message", "") if isinstance(error, dict) else error)
    return " ".join(words.split())[:200].rstrip(".") or "it gave no reason"
