"""Films that come in pieces: gone on with, known again, never half taken for whole, refused in a sentence."""

from __future__ import annotations

import errno
import os
import time
from collections import namedtuple
from pathlib import Path

import pytest

from kicky import arrivals, home
from kicky.arrivals import Coming
from kicky.errors import KickyError, Outdated, StorageFailed, UnfitClip, UnreadableClip

BYTES = bytes(range(256)) * 1000
MADE_S = 1_700_000_000.0


@pytest.fixture
def coming(own_home: Path) -> Coming:
    return coming_of("saturday.mp4", BYTES, own_home)


def coming_of(name: str, content: bytes, folder: Path) -> Coming:
    path = folder / "on-the-phone"
    path.write_bytes(content)
    return Coming(name, len(content), arrivals.mark(path))


def sent(coming: Coming, content: bytes = BYTES) -> Path:
    arrivals.append(coming, 0, content)
    return arrivals.finish(coming, MADE_S)


def test_a_film_goes_on_where_it_stopped_and_is_whole_in_the_end(coming: Coming) -> None:
    assert arrivals.here(coming) == 0
    assert arrivals.append(coming, 0, BYTES[:1000]) == 1000
    assert arrivals.here(coming) == 1000
    assert arrivals.halves() == [(coming, 1000)]
    assert (arrivals.whole(coming), arrivals.arrived()) == (None, [])
    later = Coming("another name.mp4", coming.size_bytes, coming.mark)
    assert arrivals.append(later, 1000, BYTES[1000:]) == len(BYTES)
    film = arrivals.finish(later, MADE_S)
    assert film.read_bytes() == BYTES
    assert (film.stat().st_mtime, arrivals.halves()) == (MADE_S, [])
    assert arrivals.is_ours(film)


def test_the_same_film_is_not_taken_twice_and_another_of_its_name_is(coming: Coming, own_home: Path) -> None:
    film = sent(coming)
    assert arrivals.here(coming) == len(BYTES)
    assert arrivals.finish(coming, MADE_S) == film
    other = coming_of("saturday.mp4", BYTES[::-1], own_home)
    assert sent(other, BYTES[::-1]).name == "saturday (2).mp4"
    assert film.read_bytes() == BYTES


def test_a_piece_that_does_not_follow_is_refused_and_nothing_is_changed(coming: Coming) -> None:
    arrivals.append(coming, 0, BYTES[:500])
    for at, block in ((0, BYTES[:500]), (600, BYTES[600:700]), (500, BYTES[:])):
        with pytest.raises(Outdated, match="another page"):
            arrivals.append(coming, at, block)
    assert arrivals.here(coming) == 500
    with pytest.raises(Outdated, match="Not all"):
        arrivals.finish(coming, MADE_S)


def test_what_is_not_what_was_sent_is_refused_and_gone(coming: Coming) -> None:
    arrivals.append(coming, 0, bytes(len(BYTES)))
    with pytest.raises(UnreadableClip, match="did not arrive as it was sent"):
        arrivals.finish(coming, MADE_S)
    assert (arrivals.halves(), arrivals.arrived()) == ([], [])


def test_a_film_dated_now_or_nowhere_is_not_taken_for_one_still_being_copied(coming: Coming) -> None:
    arrivals.append(coming, 0, BYTES)
    assert arrivals.finish(coming, 0.0).stat().st_mtime < time.time() - arrivals.SETTLED_S / 2


@pytest.mark.parametrize(
    "name",
    ["../kicky.sqlite.mp4", "/etc/day.mp4", "C:\\films\\day.mp4", ".hidden.mp4", "", "day\n.mp4", "d" * 200 + ".mp4"],
)
def test_a_name_with_a_path_in_it_is_refused(name: str) -> None:
    with pytest.raises(UnfitClip, match="cannot keep a film named"):
        arrivals.announced(name, "10", "00000000")


@pytest.mark.parametrize(
    ("name", "size", "mark", "why"),
    [
        ("notes.txt", "10", "00000000", "no film by its name"),
        ("day.mp4", "0", "00000000", "empty, 0 bytes"),
        ("day.mp4", "-1", "00000000", "load the page again"),
        ("day.mp4", "10", "../../x", "load the page again"),
    ],
)
def test_what_is_no_film_is_refused_before_it_is_sent(name: str, size: str, mark: str, why: str) -> None:
    with pytest.raises(KickyError, match=why):
        arrivals.announced(name, size, mark)


def test_a_film_that_the_disk_has_no_room_for_is_refused(coming: Coming, monkeypatch: pytest.MonkeyPatch) -> None:
    arrivals.append(coming, 0, BYTES[:1000])
    usage = namedtuple("usage", "free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(arrivals.SPARE_BYTES + 2000))
    for ask in (lambda: arrivals.here(coming), lambda: arrivals.append(coming, 1000, BYTES[1000:])):
        with pytest.raises(StorageFailed, match="no room for this film"):
            ask()
    assert arrivals.append(coming, 1000, BYTES[1000:2000]) == 2000  # as long as there is


def test_a_disk_that_fills_meanwhile_is_told(coming: Coming, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    arrivals.append(coming, 0, BYTES)
    monkeypatch.setattr(arrivals, "sync_folder", full)
    monkeypatch.setattr(arrivals.os, "fsync", full)
    with pytest.raises(StorageFailed, match="The disk is full"):
        arrivals.finish(coming, MADE_S)
    assert arrivals.halves() == [(coming, len(BYTES))]


def test_only_what_lies_here_is_deleted(coming: Coming, own_home: Path) -> None:
    film, kept = sent(coming), own_home / "kept.mp4"
    kept.write_bytes(b"mine")
    arrivals.delete("../../kept.mp4")
    assert kept.exists()
    arrivals.delete(film.name)
    assert arrivals.arrived() == []
    assert not arrivals.is_ours(kept)


def test_nothing_is_made_before_a_film_comes(own_home: Path) -> None:
    assert (arrivals.halves(), arrivals.arrived()) == ([], [])
    assert not home.films().exists()
