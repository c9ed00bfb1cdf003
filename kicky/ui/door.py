"""Pages that others could reach are shut where nothing stands before them."""

from __future__ import annotations

import streamlit as st

from .. import doors


def door() -> None:
    """-> nothing where the server lets in only who may, or only this computer reaches it; else the page ends.

    So it is where `streamlit run` is given another file than Home.py.
    """
    if not (doors.stands() or doors.only_here(st.get_option("server.address"))):
        st.error(
            "Other computers can reach this address, and nothing asks them for a password: start KICKY with `make run` "
            "or `python -m kicky.start`.",
            icon=":material/lock:",
        )
        st.stop()
