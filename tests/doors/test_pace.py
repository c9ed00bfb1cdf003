"""How fast the password may be guessed, by a clock of its own."""

from __future__ import annotations

from kicky.doors.pace import ALL, ONE, REMEMBERED, Guesses


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def guess(guesses: Guesses, who: str) -> bool:
    """-> whether the guess was judged."""
    if guesses.wait_s(who):
        return False
    guesses.count(who)
    return True


def judged(guesses: Guesses, clock: Clock, who: list[str], seconds: int) -> int:
    """All of them guessing twice a second -> how many guesses were judged."""
    found = 0
    for _ in range(2 * seconds):
        found += sum(guess(guesses, one) for one in who)
        clock.now += 0.5
    return found


def test_one_address_has_a_few_and_then_one_now_and_then() -> None:
    clock = Clock()
    assert judged(Guesses(clock), clock, ["192.168.1.7"], 100) == ONE.at_once + 100 / ONE.every_s - 1


def test_all_together_have_a_few_and_then_one_a_second() -> None:
    clock = Clock()
    found = judged(Guesses(clock), clock, [f"192.168.1.{k}" for k in range(40)], 60)
    assert ALL.at_once + 60 / ALL.every_s - 1 <= found <= ALL.at_once + 60 / ALL.every_s


def test_who_guesses_makes_neither_another_nor_this_computer_wait() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    while guess(guesses, "192.168.1.7"):
        pass
    assert guesses.wait_s("192.168.1.7") > 0
    assert guesses.wait_s("192.168.1.8") == guesses.wait_s("127.0.0.1") == 0
    judged(guesses, clock, [f"192.168.1.{k}" for k in range(40)], 30)
    while guess(guesses, "192.168.1.252"):
        pass
    assert 0 < guesses.wait_s("192.168.1.251") <= ALL.every_s
    assert guesses.wait_s("127.0.0.1") == 0


def test_nobody_waits_for_long() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    judged(guesses, clock, ["192.168.1.7"], 3600)
    assert guesses.wait_s("192.168.1.7") <= ONE.every_s
    clock.now += ONE.every_s * ONE.at_once
    assert sum(guess(guesses, "192.168.1.7") for _ in range(20)) == ONE.at_once, "after a rest it is as at first"


def test_an_address_of_ipv6_chosen_anew_is_the_same() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    assert sum(guess(guesses, f"2001:db8::{k:x}") for k in range(100)) == ONE.at_once
    assert guesses.wait_s("2001:db8:0:1::1") == 0


def test_only_so_many_addresses_are_remembered() -> None:
    guesses = Guesses(Clock())
    for k in range(3 * REMEMBERED):
        guesses.count(f"10.{k >> 16}.{k >> 8 & 255}.{k & 255}")
    assert len(guesses._over_s) == REMEMBERED
