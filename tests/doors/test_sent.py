"""Films that pages send: in pieces past the same door, gone on with after a break, refused in a sentence."""

from __future__ import annotations

import http.client
import json
import socket
import time
import urllib.parse
from pathlib import Path

import pytest

from kicky import arrivals, doors
from kicky.doors import guard, sent
from kicky.errors import UnreadableClip

from .served import Answer, Served

FILM = bytes(range(256)) * 4000
NO_FILM = b"to buy: oranges"


def taken(path: Path, on: str) -> int:
    if path.read_bytes() != FILM:
        arrivals.delete(path.name)
        raise UnreadableClip(f"{path.name} is no film: choose another.")
    return int(on)


class Sender:
    """A page that sends a film."""

    def __init__(self, server: Served, key: str, phone: Path, content: bytes = FILM, name: str = "day.mp4") -> None:
        (phone / "film").write_bytes(content)
        said = {"name": name, "size": len(content), "mark": arrivals.mark(phone / "film"), "on": 7, "modified": 17e11}
        self.server, self.key, self.content = server, key, content
        self.path = f"{doors.take_films(taken)}?{urllib.parse.urlencode(said)}"

    def ask(self, method: str = "GET", **headers: str) -> Answer:
        return self.server.ask(self.path, method, Cookie=self.key, **headers)

    def piece(self, first: int, last: int, **headers: str) -> Answer:
        told = {"Content_Range": f"bytes {first}-{last - 1}/{len(self.content)}", "Cookie": self.key} | headers
        return self.server.ask(self.path, "PUT", self.content[first:last], **told)

    def broken_off(self, first: int, last: int, after: int) -> None:
        """A piece of which only so many bytes come before the connection ends."""
        with socket.create_connection(("127.0.0.1", self.server.port)) as line:
            head = (
                f"PUT {self.path} HTTP/1.1\r\nHost: localhost:{self.server.port}\r\nCookie: {self.key}\r\n"
                f"Content-Range: bytes {first}-{last - 1}/{len(self.content)}\r\nContent-Length: {last - first}\r\n\r\n"
            )
            line.sendall(head.encode() + self.content[first : first + after])


def have(answer: Answer) -> int:
    assert answer.status == 200, answer.text
    return int(json.loads(answer.text)["have"])


@pytest.fixture
def sender(shown: tuple[Served, str], own_home: Path) -> Sender:
    return Sender(*shown, own_home)


def test_a_film_comes_in_pieces_and_is_taken_in(sender: Sender) -> None:
    assert have(sender.ask()) == 0
    assert have(sender.piece(0, 600_000)) == 600_000
    assert have(sender.ask()) == 600_000
    assert have(sender.piece(600_000, len(FILM))) == len(FILM)
    assert json.loads(sender.ask("POST").text) == {"film": 7}
    (film,) = arrivals.arrived()
    assert (film.name, film.read_bytes()) == ("day.mp4", FILM)


def test_what_breaks_off_is_kept_and_gone_on_with(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent, "BLOCK_BYTES", 100_000)
    sender.broken_off(0, 500_000, 250_000)
    until = time.monotonic() + 20
    while have(sender.ask()) < 250_000 and time.monotonic() < until:
        time.sleep(0.02)
    assert have(sender.ask()) == 250_000
    assert sender.piece(0, 500_000).status == 409  # it does not follow
    assert have(sender.piece(250_000, len(FILM))) == len(FILM)
    assert sender.ask("POST").status == 200
    assert arrivals.arrived()[0].read_bytes() == FILM


def test_who_falls_silent_is_not_waited_for(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent, "SILENT_S", 0.2)
    with socket.create_connection(("127.0.0.1", sender.server.port)) as line:
        head = f"PUT {sender.path} HTTP/1.1\r\nHost: localhost:{sender.server.port}\r\nCookie: {sender.key}\r\n"
        line.sendall(f"{head}Content-Range: bytes 0-99/{len(FILM)}\r\nContent-Length: 100\r\n\r\n".encode() + FILM[:60])
        line.settimeout(20)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        assert json.loads(answer.read()) == {"have": 60}


def test_the_same_film_again_is_here_already(sender: Sender) -> None:
    sender.piece(0, len(FILM))
    sender.ask("POST")
    assert have(sender.ask()) == len(FILM)
    assert json.loads(sender.ask("POST").text) == {"film": 7}
    assert len(arrivals.arrived()) == 1


def test_what_is_no_film_is_told_and_not_kept(shown: tuple[Served, str], own_home: Path) -> None:
    sender = Sender(*shown, own_home, NO_FILM)
    assert sender.ask("POST").status == 409  # not all here yet
    sender.piece(0, len(NO_FILM))
    assert sender.ask("POST")[:2] == (422, "day.mp4 is no film: choose another.\n")
    assert (arrivals.arrived(), arrivals.halves()) == ([], [])


@pytest.mark.parametrize("name", ["../../kicky.sqlite.mp4", "notes.txt"])
def test_a_name_with_a_path_in_it_or_of_no_film_is_refused(
    shown: tuple[Served, str], own_home: Path, name: str
) -> None:
    sender = Sender(*shown, own_home, name=name)
    for answer in (sender.ask(), sender.piece(0, len(FILM)), sender.ask("POST")):
        assert answer.status == 422
        assert "choose" in answer.text
    assert not (own_home / "db" / "films").exists()


def test_no_room_is_told(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "SPARE_BYTES", 1 << 60)
    for answer in (sender.ask(), sender.piece(0, len(FILM))):
        assert answer.status == 507
        assert "no room for this film" in answer.text


@pytest.mark.parametrize("told", ["", "bytes 0-", "bytes 9-3/1024000", "bytes 0-9/12", "bytes 0-1024000/1024000"])
def test_a_piece_that_does_not_say_where_it_belongs_is_refused(sender: Sender, told: str) -> None:
    assert sender.piece(0, len(FILM), Content_Range=told).status == 422
    assert have(sender.ask()) == 0


def test_more_than_was_announced_is_refused(sender: Sender) -> None:
    assert sender.piece(0, 50, Content_Range=f"bytes 0-9/{len(FILM)}").status == 422


def test_another_page_and_who_has_not_given_the_password_send_nothing(sender: Sender) -> None:
    for origin in ("http://evil.example", "http://localhost:3000", "null"):
        assert sender.piece(0, 100, Origin=origin).status == 403
    for site in ("cross-site", "same-site"):
        assert sender.piece(0, 100, Sec_Fetch_Site=site, Sec_Fetch_Mode="cors").status == 403
    assert sender.server.ask(sender.path, "OPTIONS", Origin="http://evil.example", Cookie=sender.key).status == 403
    if sender.key:
        assert sender.piece(0, 100, Cookie=f"{guard.COOKIE}=x").status == 403
    assert sender.server.ask("/sent/guessed", "PUT", b"x", Cookie=sender.key).status == 404
    assert have(sender.ask()) == 0
