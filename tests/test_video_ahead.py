"""What is worked out ahead comes in order, fails where it is wanted, and stops when nobody wants it any more."""

import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from kicky.video.ahead import ahead, side_by_side


def test_an_error_comes_after_what_went_well() -> None:
    def things() -> Iterator[int]:
        yield from range(3)
        raise ValueError("the film ends here")

    some = ahead(things(), 8)
    assert [next(some) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="ends here"):
        next(some)


def test_no_more_is_worked_out_than_may_be_kept_and_nothing_once_it_is_left() -> None:
    made: list[int] = []

    def things() -> Iterator[int]:
        for number in range(1000):
            made.append(number)
            yield number

    some = ahead(things(), 4)
    assert next(some) == 0
    time.sleep(0.3)
    assert 4 <= len(made) <= 7
    some.close()  # type: ignore[attr-defined] # a generator
    assert "ahead" not in [thread.name for thread in threading.enumerate()]
    assert len(made) <= 8


def test_side_by_side_keeps_the_order_though_the_first_takes_longest() -> None:
    def work(number: int) -> int:
        time.sleep(0.05 if number == 0 else 0.0)
        return 10 * number

    assert list(side_by_side(work, range(20), 3)) == list(range(0, 200, 10))


@pytest.mark.parametrize("threads", [1, 3])
def test_side_by_side_an_error_comes_in_its_turn_and_little_is_taken_ahead(threads: int) -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    def work(number: int) -> float:
        return 1 / (number - 5)

    some = side_by_side(work, things(), threads)
    assert len([next(some) for _ in range(5)]) == 5
    with pytest.raises(ZeroDivisionError):
        next(some)
    assert len(taken) <= 6 + threads
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("beside")]


def test_a_thread_ahead_sees_what_the_caller_has_set() -> None:
    setting: ContextVar[str] = ContextVar("setting", default="nothing")
    setting.set("a reel")

    def things() -> Iterator[str]:
        yield setting.get()

    assert list(ahead(things(), 2)) == ["a reel"]
