"""Which names and addresses are this machine's, and whose pages may ask it.

A page in a browser can be made to ask this machine by a name of its author's (DNS rebinding): the browser then takes
that author's scripts for ours. The name stands in the request's `Host`, and the asking page's in its `Origin`.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from ..errors import BadSetting

VARIABLE = "KICKY_HOSTS"
AUTHORITY = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<name>[\w.-]+))(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<authority>\S+)", re.ASCII)
PORTS = {"http": 80, "https": 443}


class Authority(NamedTuple):
    """A host as a request names it: lower case, without brackets and the root's dot; None: the scheme's own port."""

    host: str
    port: int | None


@dataclass(frozen=True)
class Hosts:
    """The names and addresses that are always answered to, beside those of this computer for itself."""

    names: frozenset[str] = frozenset()
    addresses: frozenset[IPv4Address | IPv6Address] = frozenset()

    def answers(self, host: str, arrived: str) -> bool:
        """Host asked for, address of this machine that the request came to -> whether it is meant for us.

        No name leads to a number, so a number is ours if the request came to it.

        >>> Hosts(frozenset({"kicky.example"})).answers("kicky.example", "192.168.1.5")
        True
        >>> [Hosts().answers(host, "192.168.1.5") for host in ("localhost", "::1", "192.168.1.5", "192.168.1.6", "a.b")]
        [True, True, True, False, False]
        """
        number = address(host)
        if number is None:
            return host == "localhost" or host in self.names
        return number.is_loopback or number in self.addresses or number == address(arrived)


def own_hosts(listens: str | None, named: str) -> Hosts:
    """Where the pages listen, the player's further names with commas between -> what KICKY answers to.

    Raises: BadSetting.
    """
    asked = [] if only_here(listens) else [*own_names(socket.gethostname()), *([listens] if listens else [])]
    asked += [_further(name.strip()) for name in named.split(",") if name.strip()]
    numbers = {name: address(name) for name in asked}
    return Hosts(
        frozenset(name.lower() for name, number in numbers.items() if number is None),
        frozenset(number for number in numbers.values() if number is not None and not number.is_unspecified),
    )


def own_names(hostname: str) -> Iterable[str]:
    """This machine's name -> what others in its network call it.

    >>> sorted(own_names("Kitchen.lan"))
    ['kitchen', 'kitchen.lan', 'kitchen.local']
    """
    full = hostname.lower().rstrip(".")
    short = full.partition(".")[0]
    return {full, short, f"{short}.local"} if short else ()


def only_here(listens: str | None) -> bool:
    """Where the pages listen (None: everywhere) -> whether nobody but this computer can reach them.

    >>> only_here("localhost"), only_here("127.0.0.1"), only_here("::1")
    (True, True, True)
    >>> only_here("0.0.0.0"), only_here("192.168.1.7"), only_here("kicky.local"), only_here(None)
    (False, False, False, False)
    """
    number = address(listens or "")
    return listens == "localhost" or (number is not None and number.is_loopback)


def authority(text: str) -> Authority | None:
    """A `Host` -> its parts; None: it is none.

    >>> authority("Kitchen.local.:8501"), authority("[::1]")
    (Authority(host='kitchen.local', port=8501), Authority(host='::1', port=None))
    >>> authority(""), authority("a b"), authority("user@localhost"), authority("localhost:99999"), authority("[::1")
    (None, None, None, None, None)
    """
    parts = AUTHORITY.fullmatch(text)
    if parts is None or int(parts["port"] or 0) > 65535 or (parts["six"] and address(parts["six"]) is None):
        return None
    host = parts["six"] or parts["name"].removesuffix(".")
    return Authority(host.lower(), int(parts["port"]) if parts["port"] else None) if host else None


def same_place(origin: str, host: Authority) -> bool:
    """The asking page's `Origin`, the `Host` it asked -> whether the page is of that very host and port.

    >>> same_place("http://localhost:8501", Authority("localhost", 8501))
    True
    >>> same_place("https://kicky.example", Authority("kicky.example", None))
    True
    >>> [same_place(page, Authority("localhost", 8501)) for page in ("null", "http://localhost:3000", "http://a.b:8501")]
    [False, False, False]
    """
    parts = ORIGIN.fullmatch(origin.lower())
    page = authority(parts["authority"]) if parts else None
    if parts is None or page is None:
        return False
    usual = PORTS[parts["scheme"]]
    return page.host == host.host and (page.port or usual) == (host.port or usual)


def address(text: str) -> IPv4Address | IPv6Address | None:
    """Text -> the number it is, IPv4 where IPv6 only wraps it; None: it is a name.

    >>> address("::ffff:192.168.1.5"), address("fe80::1%eth0"), address("kicky.local")
    (IPv4Address('192.168.1.5'), IPv6Address('fe80::1'), None)
    """
    try:
        number = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (number.ipv4_mapped or number) if isinstance(number, IPv6Address) else number


def _further(name: str) -> str:
    parts = authority(name) or authority(f"[{name}]")
    if parts is None or parts.port is not None:
        raise BadSetting(
            f"{VARIABLE} takes names like kicky.example or 192.168.1.5, with commas between them, without http:// or "
            f"a port; {name!r} is not one."
        )
    return parts.host
