"""What is worked out ahead comes in order, fails where it is wanted, and stops when nobody wants it any more."""

import threading
import time
from collections.abc import Iterator

import pytest

from kicky.detectors.ahead import ahead


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
