"""Files that other programs wrote -> their text, their JSON, the shape expected; or a sentence: file, place, what for.

Each takes the error to raise, for a label and a scene are refused under different names.
"""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from .errors import KickyError

_WANTED = {
    "missing": "is missing", "list": "should be a list", "tuple": "should be a list", "dict": "should be {name: value}",
    "model": "should be {name: value}", "string": "should be a text", "int": "should be a whole number",
    "float": "should be a number", "finite": "should be a finite number", "too": "has the wrong length",
    "greater": "is too small", "less": "is too large", "bool": "should be true or false",
}  # fmt: skip
DEEPEST = "it nests too deep"
_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # of a pair that stands for one letter
T = TypeVar("T")


def text_of(path: Path, error: type[KickyError]) -> str:
    """File -> its text, UTF-8 with or without a mark. Raises: `error`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise error(f"{path.name} is no text in UTF-8 (byte {wrong.start}): save it as UTF-8.") from wrong
    except OSError as wrong:
        raise error(f"{path.name} could not be read ({wrong.strerror}): check it.") from wrong


def json_of(path: Path, error: type[KickyError]) -> Any:
    """File -> the values in it. Raises: `error` where it is no JSON."""
    return parsed(text_of(path, error), path.name, error)


def parsed(text: str, where: str, error: type[KickyError]) -> Any:
    """JSON's text, the place it stands at -> the values. Raises: `error`."""
    try:
        values = json.loads(text)
        if _HALF.search(text):
            json.dumps(values, ensure_ascii=False).encode()
        return values
    except UnicodeEncodeError as wrong:
        raise error(f"{where} holds half a letter (\\ud…): write the whole letter.") from wrong
    except json.JSONDecodeError as wrong:
        place = f"line {wrong.lineno}, column {wrong.colno}"
        raise error(f"{where} is no whole JSON ({place}: {wrong.msg.lower()}): export it again.") from wrong
    except (ValueError, RecursionError) as wrong:
        why = DEEPEST if isinstance(wrong, RecursionError) else "a number has too many digits"
        raise error(f"{where} is no JSON that can be read ({why}): export it again.") from wrong


def shaped(kind: TypeAdapter[T], values: Any, where: str, error: type[KickyError]) -> T:
    """What is expected, plain values, the place they stand at -> them in that shape. Raises: `error`, naming the place.

    >>> shaped(TypeAdapter(dict[str, int]), {"a": "x"}, "f.json", KickyError)
    Traceback (most recent call last):
    kicky.errors.KickyError: f.json is not whole: a should be a whole number, not 'x': export it again.
    """
    try:
        return kind.validate_python(values)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_context=False)[0]
        raise error(f"{where} is not whole: {_told(first)}: export it again.") from wrong
    except RecursionError as wrong:
        raise error(f"{where} is not whole: {DEEPEST}: export it again.") from wrong


def _told(first: Any) -> str:
    place = ", ".join(f"number {part + 1}" if isinstance(part, int) else str(part) for part in first["loc"])
    kind = str(first["type"])
    wanted = _WANTED.get(kind.split("_")[0])
    if wanted is None:
        wanted = str(first["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    given = repr(first["input"])
    shown = given if len(given) <= 60 else f"{given[:57]}..."
    return f"{place or 'what it holds'} {wanted}" + ("" if kind == "missing" else f", not {shown}")


def file_named(text: str) -> PurePosixPath:
    r"""A file as some program names it, with either separator -> its path.

    >>> file_named("images\\day_01.jpg").name, file_named("C:/films/day_01.mp4").stem
    ('day_01.jpg', 'day_01')
    """
    return PurePosixPath(text.replace("\\", "/"))


def whole(text: str) -> int | None:
    """What a table says of a number -> it, where it is a whole one that is not negative; else None.

    >>> whole("46"), whole("46.0"), whole("46.5"), whole("-1"), whole("x")
    (46, 46, None, None, None)
    """
    head, dot, tail = text.strip().partition(".")
    plain = head.isascii() and head.isdecimal() and len(head) <= 9
    return int(head) if plain and (not dot or not tail.strip("0")) else None
