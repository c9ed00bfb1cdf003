"""The code is read by a reader as the address it was made of, off the page and off the terminal."""

from __future__ import annotations

import re
import socket
from importlib import import_module

import cv2
import numpy as np
import pytest

from kicky.doors import qr

opening = import_module("kicky.doors.opening")  # the package has a function of that name
URL = "http://192.168.178.41:8501"


def read(dark: np.ndarray) -> str:
    picture = np.kron(np.where(dark, 0, 255), np.ones((8, 8))).astype(np.uint8)
    return str(cv2.QRCodeDetector().detectAndDecode(picture)[0])


@pytest.mark.parametrize("url", [URL, "https://kicky.example", "http://kitchen.local:8501"])
def test_it_is_read_as_the_address(url: str) -> None:
    code = np.array(qr.squares(url))
    assert read(code) == url
    assert not code[: qr.QUIET].any()
    assert not code[:, -qr.QUIET :].any()


def test_in_a_terminal_it_is_read_the_same() -> None:
    lines = [line.removeprefix(qr.INK).removesuffix(qr.END) for line in qr.blocks(qr.squares(URL)).splitlines()]
    rows = [[[sign in marks for sign in line] for line in lines] for marks in ("▀█", "▄█")]
    dark = np.stack([np.array(each) for each in rows], axis=1).reshape(-1, len(lines[0]))
    assert read(dark) == URL


def test_on_a_page_it_is_read_the_same() -> None:
    drawn = qr.svg(qr.squares(URL))
    side = len(qr.squares(URL))
    dark = np.zeros((side, side), bool)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1", drawn):
        dark[int(y), int(x)] = True
    assert read(dark) == URL


def test_the_start_says_how_to_open_it_on_the_phone_and_draws_only_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = opening.for_others("localhost", True)
    assert "KICKY_PASSWORD='twelve letters or more' make run" in here[0]
    monkeypatch.setattr(opening, "others", lambda listens: [] if listens == "localhost" else [URL])
    assert f"  From another device in your network: {URL}" in opening.for_others("0.0.0.0", False)
    assert not any("▀" in line for line in opening.for_others("0.0.0.0", False))
    assert any("▀" in line for line in opening.for_others("0.0.0.0", True))
    monkeypatch.setattr(opening, "others", lambda listens: [])
    assert opening.for_others("0.0.0.0", True) == [""]


def test_a_network_of_this_machine_alone_is_named_last(monkeypatch: pytest.MonkeyPatch) -> None:
    class Card:
        family = socket.AF_INET

        def __init__(self, address: str) -> None:
            self.address = address

    cards = {"docker0": [Card("172.17.0.1")], "lo": [Card("127.0.0.1")], "wlan0": [Card("192.168.178.41")]}
    monkeypatch.setattr(opening.psutil, "net_if_addrs", lambda: cards)
    found = [url for url in opening.others("0.0.0.0") if ".local" not in url]
    assert [url.rpartition(":")[0] for url in found] == ["http://192.168.178.41", "http://172.17.0.1"]
    assert opening.others("localhost") == []
