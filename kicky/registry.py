"""Name -> plug-in, imported only when asked (torch stays asleep until a detector needs it)."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from .errors import UnknownPart


def load(register: Mapping[str, str], name: str) -> Any:
    """Register, name -> the object its import string `module:attribute` points at.

    >>> load({"root": "math:sqrt"}, "root")(9)
    3.0
    >>> load({"root": "math:sqrt"}, "cube")
    Traceback (most recent call last):
    kicky.errors.UnknownPart: There is no 'cube'; choose one of: root.

    Raises: UnknownPart.
    """
    if name not in register:
        raise UnknownPart(f"There is no {name!r}; choose one of: {', '.join(register)}.")
    module, attribute = register[name].split(":")
    return getattr(import_module(module), attribute)
