"""Address -> file: fetched with progress, taken up where it broke off, never half-written under its own name."""

from __future__ import annotations

import http.client
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from ..errors import StorageFailed

OnShare = Callable[[float], None]
CHUNK = 1 << 20
TRIES = 4
TIMEOUT_S = 20


def room_for(size: int, folder: Path, what: str) -> None:
    """Bytes, where they go -> nothing. Raises: StorageFailed when the disk has no room for them."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < 1.05 * size:
        raise StorageFailed(f"{what} needs {size / 1e9:.1f} GB, {free / 1e9:.1f} are free on that disk: make room.")


def fetch(url: str, target: Path, on_share: OnShare) -> None:
    """Address, file -> the file. What broke off is kept as .part and gone on with. Raises: OSError, EOFError."""
    part = target.with_name(f".{target.name}.part")
    for turn in range(TRIES):
        try:
            _fetch_on(url, part, on_share)
            break
        except urllib.error.HTTPError:
            raise
        except (OSError, EOFError, http.client.HTTPException) as error:
            if turn == TRIES - 1:
                raise EOFError(f"the connection broke off again and again ({error})") from error
    part.replace(target)


def _fetch_on(url: str, part: Path, on_share: OnShare) -> None:
    """Address, what is there of it -> the rest of it too. Raises: OSError, EOFError when it breaks off."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise
        part.unlink()  # it asks for more than there is: begin anew
        raise EOFError("the file at that address has changed") from error
    with answer, part.open("ab" if answer.status == 206 else "wb") as file:
        have = file.tell() if answer.status == 206 else 0
        length = answer.headers.get("Content-Length")
        whole = have + int(length) if length else 0
        while piece := answer.read(CHUNK):
            file.write(piece)
            have += len(piece)
            if whole:
                on_share(have / whole)
    if whole and have < whole:
        raise EOFError(f"broke off after {have} of {whole} bytes")
