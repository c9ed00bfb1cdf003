"""The app's start: nobody is asked where this machine is; the player is told where the app is, and shown it."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psutil
import streamlit as st
from streamlit import cli_util, net_util
from streamlit.web.server.server_util import get_url

from .hosts import address, only_here, own_names

if TYPE_CHECKING:
    from streamlit.web.server.starlette import App


def ask_nobody() -> None:
    """Streamlit asks a server in the world which address this machine has: no longer, whatever its settings say."""
    net_util.get_external_ip = net_util.get_internal_ip = lambda: None


@asynccontextmanager
async def opening(_app: App) -> AsyncGenerator[None]:
    """The app -> its address printed, and a browser opened at it where there is a display."""
    listens = st.get_option("server.address")
    here = get_url("localhost" if only_here(listens) or _everywhere(listens) else listens)
    print(f"\n  KICKY is open at {here}", flush=True)
    for url in _from_others(listens):
        print(f"  From another device in your network: {url}", flush=True)
    print(flush=True)
    if not st.get_option("server.headless"):
        cli_util.open_browser(here)
    yield


def _everywhere(listens: str | None) -> bool:
    number = address(listens or "0.0.0.0")
    return number is not None and number.is_unspecified


def _from_others(listens: str | None) -> Iterator[str]:
    """Where the pages listen -> what others may type to get here: this machine's numbers in its networks, its name."""
    if not _everywhere(listens):
        return
    for found in psutil.net_if_addrs().values():
        for one in found:
            number = address(one.address) if one.family == socket.AF_INET else None
            if number is not None and not number.is_loopback and not number.is_link_local:
                yield get_url(str(number))
    for name in own_names(socket.gethostname()):
        if name.endswith(".local"):
            yield get_url(name)
