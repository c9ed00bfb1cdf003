"""How fast the password may be guessed: by one address, and by all of them together."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_network
from typing import NamedTuple

from .hosts import address

REMEMBERED = 1024  # addresses; past that the ones quiet for longest are forgotten, and the pace of all still holds


class Pace(NamedTuple):
    """So many at once, then one in so many seconds."""

    at_once: int
    every_s: float


ONE, ALL = Pace(5, 5.0), Pace(20, 1.0)


class Guesses:
    """Wrong passwords so far, as the moment when each address, and all together, will have waited for them.

    Who waits is not counted: one who goes on asking makes nobody else wait, and himself no longer. This computer does
    not wait for what the network does.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, one: Pace = ONE, all_together: Pace = ALL) -> None:
        self._clock, self._one, self._all = clock, one, all_together
        self._over_s: OrderedDict[str, float] = OrderedDict()
        self._all_over_s = 0.0

    def wait_s(self, who: str) -> float:
        """Address -> seconds until it may guess; 0: now."""
        now, key = self._clock(), _household(who)
        wait = _left_s(self._over_s.get(key, 0.0), self._one, now)
        return wait if _is_here(who) else max(wait, _left_s(self._all_over_s, self._all, now))

    def count(self, who: str) -> None:
        """Address -> remembered for a wrong guess."""
        now, key = self._clock(), _household(who)
        self._over_s[key] = max(self._over_s.pop(key, 0.0), now) + self._one.every_s
        if len(self._over_s) > REMEMBERED:
            self._over_s.popitem(last=False)
        if not _is_here(who):
            self._all_over_s = max(self._all_over_s, now) + self._all.every_s


def _left_s(over_s: float, pace: Pace, now: float) -> float:
    return max(0.0, over_s - now - pace.every_s * (pace.at_once - 1))


def _is_here(who: str) -> bool:
    number = address(who)
    return number is not None and number.is_loopback


def _household(who: str) -> str:
    """Address -> itself; of IPv6 the network's half, the other half anybody may choose anew for each guess.

    >>> _household("2001:db8::1:2:3"), _household("192.168.1.5"), _household("::1")
    ('2001:db8::/64', '192.168.1.5', '::1')
    """
    number = address(who)
    if isinstance(number, IPv6Address) and not number.is_loopback:
        return str(ip_network((number, 64), strict=False))
    return str(number or who)
