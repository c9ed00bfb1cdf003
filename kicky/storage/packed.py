"""Arrays packed in a file of ours, and read as what anybody may have changed: nothing is believed of it."""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import StorageFailed

# A clip of a minute at 240 frames a second unpacks to some 20 MB. A file of 3 MB may unpack to thousands of times that.
MOST_ARRAYS, MOST_BYTES = 1000, 256 << 20
PLAIN = "fiubU"  # kinds of array: numbers, yes or no, words
ODD = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, EOFError, RecursionError, MemoryError, OverflowError,
    NotImplementedError, RuntimeError, SyntaxError, tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What a file of other content than ours makes its readers raise."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Evidence -> a block in which what makes a reader stumble is told in one sentence."""
    try:
        yield
    except ODD as error:
        raise StorageFailed(f"{path.name} is damaged: analyse its clip again.") from error


def arrays(path: Path, beginnings: tuple[str, ...] = ("",)) -> dict[str, Any]:
    """Evidence, how names begin -> its arrays of such names. Raises: those of ODD, OSError.

    Each header is read before its array: what it announces must be what the file has, and plain numbers or words.
    """
    found: dict[str, Any] = {}
    with zipfile.ZipFile(path) as whole:
        members = whole.infolist()
        if len(members) > MOST_ARRAYS or sum(member.file_size for member in members) > MOST_BYTES:
            raise ValueError("more than any evidence of ours")
        for member in members:
            name = member.filename.removesuffix(".npy")
            if not name.startswith(beginnings):
                continue
            with whole.open(member) as file:
                _refuse_odd_header(file, member.file_size)
            with whole.open(member) as file:
                found[name] = np.lib.format.read_array(file, allow_pickle=False)
    return found


def _refuse_odd_header(file: Any, size: int) -> None:
    """An open .npy, its bytes unpacked -> nothing where its header fits them. Raises: those of ODD."""
    version = np.lib.format.read_magic(file)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    shape, _, dtype = readers[version](file)
    count = 1
    for side in shape:
        count *= side
    if dtype.kind not in PLAIN or min(shape, default=0) < 0 or file.tell() + count * dtype.itemsize != size:
        raise ValueError("an array that is not what its header says")
