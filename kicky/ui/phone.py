"""How to open the app on the phone: the code to point its camera at, or the command that makes it reachable."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

import streamlit as st

from .. import doors
from ..doors import qr
from .parts import folded
from .words import plain

QR_PX = 220


def on_your_phone() -> None:
    """-> a fold that says how; the code is drawn once it is opened."""
    folded("Open it on your phone", "phone_fold", ":material/qr_code_2:", _how)


def _how() -> None:
    listens = st.get_option("server.address")
    url = address(st.context.url, doors.others(listens))
    if url is None:
        st.markdown(
            "Only this computer can open KICKY now. To open it on a phone in the same Wi-Fi, stop it where you started "
            "it, and start it with a password of your own:"
        )
        st.code(doors.PHONE, language="bash", wrap_lines=True)
        st.markdown("Then there is a code here, and in the terminal, to point the phone's camera at.")
        return
    code, words = st.columns([1, 2], vertical_alignment="center")
    code.image(_drawn(url), width=QR_PX, alt=f"QR code of {url}")
    words.markdown(
        f"Point the phone's camera at the code, or type **{plain(url)}**. The phone must be in the same network.\n\n"
        f"It is asked for the password once, for {doors.DAYS} days. Another password forgets every device. "
        "What travels between phone and computer is not encrypted: do this at home, not in a café."
    )


def address(here: str | None, others: list[str]) -> str | None:
    """The page's own address, those that others may type -> the one for the phone; None: there is none.

    Whoever looks at it from elsewhere is already at one that works; by it only the app is named, no page and no shot.

    >>> address("http://localhost:8501/Shot?shot=1", []), address("http://localhost:8501", ["http://192.168.1.4:8501"])
    (None, 'http://192.168.1.4:8501')
    >>> address("https://kicky.example/Shot?shot=1", [])
    'https://kicky.example'
    """
    where = urlsplit(here or "")
    if where.scheme in ("http", "https") and where.hostname and not doors.only_here(where.hostname):
        return f"{where.scheme}://{where.netloc}"
    return others[0] if others else None


@lru_cache(maxsize=8)
def _drawn(url: str) -> str:
    return qr.svg(qr.squares(url))
