"""What is told of bytes was counted of the lock files as they are, and the README tells the same."""

from __future__ import annotations

import tomllib

import pytest

from kicky.home import PROJECT
from kicky.packages import locked, sizes


def test_the_bytes_were_counted_of_these_lock_files() -> None:
    assert tomllib.loads(sizes.FILE.read_text(encoding="utf-8"))["of"] == locked.fingerprint(), "run `make lock`"


@pytest.mark.parametrize("machine", sorted(sizes.known()))
def test_setting_up_fetches_at_most_1200_mb_in_three_minutes(machine: str) -> None:
    fetched = sizes.size("run", machine)[0]
    assert fetched < 1.2e9
    assert sizes.seconds(fetched) < 180


def test_the_readme_tells_these_bytes() -> None:
    said = (PROJECT / "README.md").read_text(encoding="utf-8")
    for what in ("run", "without_card", "extra"):
        assert sizes.words(sizes.size(what, "linux")[0]) in said, what
