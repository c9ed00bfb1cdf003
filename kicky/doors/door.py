"""The password, who has given it, and how fast it may be guessed."""

from __future__ import annotations

import hmac
import math
import secrets
from dataclasses import dataclass, field

from .pace import Guesses
from .remembered import Remembered

VARIABLE = "KICKY_PASSWORD"
LEAST = 12  # letters: it may be guessed by everybody on the network
NO_PASSWORD = (
    f"Other computers can reach this address, and KICKY has no password: start it again with {VARIABLE} set to one of "
    f"{LEAST} letters or more, or without `server.address` to keep it to this computer."
)
WRONG = "That is not the password."


@dataclass
class Door:
    """One for all servers of this process. `secret`: this machine's, by which it knows again who gave the password."""

    password: str
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    guesses: Guesses = field(default_factory=Guesses)

    @property
    def shut(self) -> bool:
        """Whether nobody can get in, since there is no password worth its name."""
        return len(self.password) < LEAST

    def token(self) -> str:
        """-> what the browser of who gave the password brings from then on, until its end or another password."""
        return Remembered(self.secret, self.password).signed()

    def knows(self, token: str) -> bool:
        """What a browser brings -> whether it has given the password."""
        return not self.shut and Remembered(self.secret, self.password).knows(token)

    def refusal(self, given: str, who: str) -> tuple[str, int]:
        """Password given, from which address -> why it does not open, and for how many seconds nothing will; "": open.

        Nothing is compared while the address has to wait: the right password is not told from a wrong one.
        """
        if wait := math.ceil(self.guesses.wait_s(who)):
            return f"Too many guesses. Wait {wait} second{'s' * (wait != 1)}, then try again.", wait
        if hmac.compare_digest(given.encode(), self.password.encode()):
            return "", 0
        self.guesses.count(who)
        return WRONG, 0
