"""Whoever is not at this computer gives the password first; without one, pages that others could reach are shut."""

from __future__ import annotations

import hmac
import ipaddress
import os
import time

import streamlit as st

VARIABLE = "KICKY_PASSWORD"
LEAST = 12  # letters: it may be guessed by everybody on the network
SLOW_S = 1.0  # after a wrong one


def door() -> None:
    """-> nothing where only this computer reaches the pages, or who asks has given the password; else the page ends."""
    if only_here(st.get_option("server.address")) or st.session_state.get("door_open"):
        return
    password = os.environ.get(VARIABLE, "")
    if len(password) < LEAST:
        st.error(
            f"Other computers can reach this address, and KICKY has no password: start it again with {VARIABLE} set to "
            f"one of {LEAST} letters or more, or without `server.address` to keep it to this computer.",
            icon=":material/lock:",
        )
        st.stop()
    with st.form("door", border=False):
        given = st.text_input("Password", type="password", autocomplete="current-password")
        asked = st.form_submit_button("Open", type="primary")
    if asked and hmac.compare_digest(given.encode(), password.encode()):
        st.session_state["door_open"] = True
        st.rerun()
    if asked:
        time.sleep(SLOW_S)
        st.error("That is not the password.", icon=":material/lock:")
    st.stop()


def only_here(address: str | None) -> bool:
    """Where the pages listen (None: everywhere) -> whether nobody but this computer can reach them.

    >>> only_here("localhost"), only_here("127.0.0.1"), only_here("::1")
    (True, True, True)
    >>> only_here("0.0.0.0"), only_here("192.168.1.7"), only_here("kicky.local"), only_here(None)
    (False, False, False, False)
    """
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "0.0.0.0").is_loopback
    except ValueError:
        return False
