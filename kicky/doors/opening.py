"""The app's start: nobody is asked where this machine is; the player is told where the app is, and shown it."""

from __future__ import annotations

import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psutil
import streamlit as st
from streamlit import cli_util, net_util
from streamlit.web.server.server_util import get_url

from . import qr
from .hosts import address, only_here, own_names

if TYPE_CHECKING:
    from streamlit.web.server.starlette import App


def ask_nobody() -> None:
    """Streamlit asks a server in the world which address this machine has: no longer, whatever its settings say."""
    net_util.get_external_ip = net_util.get_internal_ip = lambda: None


PHONE = "KICKY_PASSWORD='twelve letters or more' make run ARGS=\"--server.address 0.0.0.0\""
"""How to start it for the phone."""
VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "tun", "tap", "wg")  # networks that no phone is in


@asynccontextmanager
async def opening(_app: App) -> AsyncGenerator[None]:
    """The app -> its address printed, and a browser opened at it where there is a display."""
    listens = st.get_option("server.address")
    here = get_url("localhost" if only_here(listens) or _everywhere(listens) else listens)
    print(f"\n  KICKY is open at {here}", flush=True)
    print("\n".join(for_others(listens, sys.stdout.isatty())), flush=True)
    if not st.get_option("server.headless"):
        cli_util.open_browser(here)
    yield


def for_others(listens: str | None, terminal: bool) -> list[str]:
    """Where the pages listen, whether somebody reads it in a terminal -> the lines on how to open it on the phone.

    A log has no use for a picture: there the code is left out.
    """
    if only_here(listens):
        return [f"  To open it on your phone, stop it and start it with {PHONE}", ""]
    found = others(listens)
    lines = [f"  From another device in your network: {url}" for url in found]
    return [*lines, "", *(_code(found[0]) if terminal and found else [])]


def _code(url: str) -> list[str]:
    return [*(f"  {line}" for line in qr.blocks(qr.squares(url)).splitlines()), "  Point your phone's camera here.", ""]


def _everywhere(listens: str | None) -> bool:
    number = address(listens or "0.0.0.0")
    return number is not None and number.is_unspecified


def others(listens: str | None) -> list[str]:
    """Where the pages listen -> what others may type to get here, likeliest first: this machine's numbers in its
    networks, its name; none where only this computer can.
    """
    if only_here(listens):
        return []
    if not _everywhere(listens):
        return [get_url(str(listens))]
    cards = sorted(psutil.net_if_addrs().items(), key=lambda card: card[0].startswith(VIRTUAL))
    numbers = (address(one.address) for _, found in cards for one in found if one.family == socket.AF_INET)
    urls = [
        get_url(str(number)) for number in numbers if number and not number.is_loopback and not number.is_link_local
    ]
    return urls + [get_url(name) for name in sorted(own_names(socket.gethostname())) if name.endswith(".local")]
