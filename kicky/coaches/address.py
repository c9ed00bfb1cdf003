"""Where a coach's server is: an address that can be asked, and what to call it."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from ..errors import CoachFailed


def checked(address: str, key: str = "") -> None:
    """Address, key -> nothing where they can be used. Raises: CoachFailed, one sentence that says what to do."""
    if not machine(address):
        raise CoachFailed(f"{address[:200]!r} is no address: write it like http://localhost:8080/v1.")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise CoachFailed("The key has letters that no key has: copy it again, without spaces and line ends.")


def machine(address: str) -> str:
    """Address -> the machine and port that it names, without a name or password; "" where it is no address.

    >>> machine("http://ana:secret@[::1]:8080/v1")
    '[::1]:8080'
    >>> [machine(each) for each in ("http://[::1/v1", "http://x:99999/v1", "http:///v1", "ftp://x/v1", "localhost", "")]
    ['', '', '', '', '', '']
    """
    parts = _parts(address)
    return parts.netloc.rpartition("@")[2] if parts else ""


def place(address: str) -> str:
    """Address -> the machine it names, for a sentence.

    >>> place("http://192.168.1.5:8080/v1")
    'The server 192.168.1.5:8080'
    """
    return f"The server {machine(address) or address}"


def _parts(address: str) -> SplitResult | None:
    """-> the parts of an address that a request can be sent to, None of anything else."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a bracket that is not closed, a port that is no port
        return None
    return parts if known and address.isprintable() and " " not in address else None
