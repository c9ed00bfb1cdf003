"""Coaches made for tests: one that contradicts what was measured, one that fails, one that never ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kicky.coaches.prompt import SECTIONS
from kicky.domain import Brief, Image
from kicky.errors import CoachFailed

CLOSED: list[str] = []
SAID = "Strike through the middle of the ball and follow with the hips."


class Liar:
    """Calls a goal of 88 km/h one of 300."""

    def __init__(self, **_: str) -> None: ...

    def __call__(self, brief: Brief, _: Sequence[Image] = ()) -> Iterator[str]:
        first, *others = SECTIONS[brief.kind]
        yield f"**{first}:** What a goal, Ana, the ball left your foot at 300 km/h, a wonderful strike.\n\n"
        for title in others:
            yield f"**{title}:** {SAID}\n\n"


class Silent:
    """Fails before its first word."""

    def __init__(self, **_: str) -> None: ...

    def __call__(self, brief: Brief, _: Sequence[Image] = ()) -> Iterator[str]:
        raise CoachFailed("The server <b>there</b> does not answer.")
        yield ""


class Endless:
    """Says one section, then sends pieces until it is closed."""

    def __init__(self, **_: str) -> None: ...

    def __call__(self, brief: Brief, _: Sequence[Image] = ()) -> Iterator[str]:
        try:
            yield f"**Verdict:** Goal! {SAID}\n\n**Fix 1:** "
            while True:
                yield "Lean "
        finally:
            CLOSED.append("endless")
