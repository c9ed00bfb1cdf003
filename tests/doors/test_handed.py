"""What pages hand out beside themselves: by the pages' own port, in ranges, and behind the same door."""

from __future__ import annotations

from pathlib import Path

import pytest

from kicky import doors
from kicky.doors import guard
from kicky.errors import NotFound

from .. import numbered
from .served import Served


def gone() -> bytes:
    raise NotFound("The tracks are gone.")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return numbered.film(tmp_path / "film.mp4", 12, numbered.uneven(12))


def test_a_film_comes_in_the_ranges_that_a_browser_asks_for(shown: tuple[Served, str], film: Path) -> None:
    server, key = shown
    path = doors.hand_film(film)
    whole = server.ask(path, Cookie=key)
    assert (whole.status, whole.headers["content-type"]) == (200, "video/mp4")
    assert int(whole.headers["content-length"]) == film.stat().st_size
    part = server.ask(path, Range="bytes=4-7", Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="no-cors", Cookie=key)
    assert (part.status, part.text) == (206, "ftyp")
    assert part.headers["content-range"] == f"bytes 4-7/{film.stat().st_size}"


def test_a_film_keeps_its_name_and_another_in_its_place_gets_another(film: Path) -> None:
    before = doors.hand_film(film)
    assert doors.hand_film(film) == before
    film.write_bytes(film.read_bytes() + b"more")
    assert doors.hand_film(film) != before


def test_small_things_are_made_when_asked_for(shown: tuple[Served, str]) -> None:
    server, key = shown
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"jpeg"

    path = doors.hand_made(("a picture", server.port), make, "image/jpeg")
    assert not made
    answer = server.ask(path, Cookie=key)
    assert (answer.status, answer.text, answer.headers["content-type"]) == (200, "jpeg", "image/jpeg")
    assert "private" in answer.headers["cache-control"]


def test_what_is_not_there_is_told(shown: tuple[Served, str], film: Path) -> None:
    server, key = shown
    path = doors.hand_film(film)
    film.unlink()
    assert server.ask(path, Cookie=key)[:2] == (404, "This film is gone.\n")
    lost = doors.hand_made(("lost", server.port), gone, "image/jpeg")
    assert server.ask(lost, Cookie=key)[:2] == (404, "The tracks are gone.\n")
    assert server.ask("/handed/guessed", Cookie=key).status == 404
    assert server.ask("/handed/../../etc/passwd", Cookie=key).status == 404


def test_another_page_and_another_name_get_nothing(shown: tuple[Served, str], film: Path) -> None:
    server, key = shown
    path = doors.hand_film(film)
    for origin in ("http://evil.example", "http://localhost:3000", "null"):
        assert server.ask(path, Origin=origin, Cookie=key).status == 403
    assert server.ask(path, hosts=(f"evil.example:{server.port}",), Cookie=key).status == 421
    assert server.ask(path, hosts=(), Cookie=key).status == 400
    for site in ("cross-site", "same-site"):
        assert server.ask(path, Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors", Cookie=key).status == 403


def test_before_the_password_there_is_no_film(shown: tuple[Served, str], film: Path) -> None:
    server, key = shown
    path = doors.hand_film(film)
    for bare in (server.ask(path), server.ask(path, Range="bytes=0-3"), server.ask(path, Cookie=f"{guard.COOKIE}=x")):
        assert bare.status in ((403,) if key else (200, 206))
        assert ("ftyp" in bare.text) is (not key and bare.status == 200)


def test_pages_know_that_nothing_stands_before_them_here() -> None:
    assert not doors.stands()
