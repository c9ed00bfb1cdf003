"""A device is asked for the password once: what it brings has an end, cannot be made up, and dies with the password."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kicky.doors.door import Door
from kicky.doors.remembered import KEPT_S, LENGTH, LONGEST, Remembered, secret

PASSWORD = "corner flag 1863"


def test_what_was_signed_is_known_again_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "db" / "door.key"
    brought = Door(PASSWORD, secret(path)).token()
    assert Door(PASSWORD, secret(path)).knows(brought)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["door.key"]


def test_another_password_another_machine_and_no_password_know_nobody(tmp_path: Path) -> None:
    kept = secret(tmp_path / "door.key")
    brought = Door(PASSWORD, kept).token()
    assert not Door("corner flag 1864", kept).knows(brought)
    assert not Door(PASSWORD, secret(tmp_path / "other.key")).knows(brought)
    assert not Door("short", kept).knows(Door("short", kept).token())


def test_it_ends() -> None:
    now = [1000.0]
    device = Remembered(b"s" * LENGTH, PASSWORD, lambda: now[0])
    brought = device.signed()
    now[0] += KEPT_S - 1
    assert device.knows(brought)
    now[0] += 1
    assert not device.knows(brought)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "...",
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: "9" + text,  # a later end
        lambda text: text.rpartition(".")[0] + ".",
        lambda text: text.rpartition(".")[2],
        lambda text: text + "0",
        lambda text: "ä" + text,
        lambda text: text.ljust(LONGEST + 1, "x"),
    ],
)
def test_what_was_not_signed_here_opens_nothing(change: object) -> None:
    device = Remembered(b"s" * LENGTH, PASSWORD)
    assert callable(change)
    assert device.knows(device.signed())
    assert not device.knows(change(device.signed()))


def test_two_devices_bring_different_things_and_neither_the_password() -> None:
    device = Remembered(b"s" * LENGTH, PASSWORD)
    assert device.signed() != device.signed()
    assert "corner" not in device.signed()
    assert "ssss" not in repr(Door(PASSWORD, b"s" * LENGTH))


def test_a_damaged_secret_is_made_anew_and_a_disk_that_takes_none_is_borne(tmp_path: Path) -> None:
    path = tmp_path / "door.key"
    path.write_bytes(b"half")
    assert len(secret(path)) == LENGTH
    assert secret(path) == path.read_bytes()
    (tmp_path / "file").write_text("no folder")
    assert len(secret(tmp_path / "file" / "door.key")) == LENGTH
