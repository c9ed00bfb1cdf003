"""The films' server: the same doors as the pages', though its port is another."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from kicky import doors
from kicky.doors import guard

from .. import numbered
from .served import PASSWORD, Served

films = import_module("kicky.ui.films")  # by that name `kicky.ui` has a card of a page
PAGE = "http://localhost:8501"


@pytest.fixture(params=[False, True], ids=["here", "networked"])
def shown(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Served, str, str]]:
    """-> the films' server, the path of a film there, and what the browser of who may see it brings."""
    if request.param:
        monkeypatch.setenv("KICKY_PASSWORD", PASSWORD)
        monkeypatch.setenv("KICKY_HOSTS", "kicky.example")
    ours = guard.Doors()
    monkeypatch.setattr(guard, "doors", lambda: ours)
    ours.opened_at(PAGE)
    films._server.clear()
    film = numbered.film(tmp_path / "film.mp4", 12, numbered.uneven(12))
    place = films.address(film)
    cookie = f"{guard.COOKIE}={ours.door.token}" if ours.door else ""
    yield Served(int(place["port"]), 0, tmp_path, None), f"/{place['name']}", cookie
    films._server.clear()


def test_its_own_pages_are_shown_films(shown: tuple[Served, str, str]) -> None:
    server, film, key = shown
    times = server.ask(f"{film}/times", Origin=PAGE, Cookie=key)
    assert times.status == 200
    assert times.headers["access-control-allow-origin"] == PAGE
    assert times.headers["access-control-allow-credentials"] == "true"
    part = server.ask(
        f"{film}/film", Range="bytes=0-3", Sec_Fetch_Site="same-site", Sec_Fetch_Mode="no-cors", Cookie=key
    )
    assert part.status == 206


def test_others_are_not(shown: tuple[Served, str, str]) -> None:
    server, film, key = shown
    for origin in ("http://evil.example", "http://localhost:3000", "null"):
        assert server.ask(f"{film}/times", Origin=origin, Cookie=key).status == 403
    assert server.ask(f"{film}/film", hosts=(f"evil.example:{server.port}",), Cookie=key).status == 421
    assert server.ask(f"{film}/film", hosts=(), Cookie=key).status == 400
    assert server.ask(f"{film}/film", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors", Cookie=key).status == 403
    assert server.ask("/guessed/film", Cookie=key).status == 404


def test_before_the_password_there_is_no_film(shown: tuple[Served, str, str]) -> None:
    server, film, key = shown
    for bare in (server.ask(f"{film}/film"), server.ask(f"{film}/times", Origin=PAGE, Cookie=f"{guard.COOKIE}=x")):
        assert bare.status == (403 if key else 200)
    if key:
        assert server.knock(PASSWORD).status == 403, "the door is in one place"


def test_a_page_is_remembered_and_only_so_many() -> None:
    ours = guard.Doors()
    for k in range(3 * guard.PAGES):
        ours.opened_at(f"http://localhost:{k}")
        ours.opened_at(PAGE)
    assert len(ours.pages) == guard.PAGES
    assert PAGE in ours.pages


def test_pages_know_that_nothing_stands_before_them_here() -> None:
    assert not doors.stands()
