"""What is sent to the other's phone: a shot's film, a day's reel, its page; and the measures of all shots as files.

Each is made when it is asked for, to be saved, or to be given to the phone's own share sheet. Nothing leaves by itself.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from ..errors import KickyError
from ..service import sessions, sharing
from ..shown import VIEWS
from ..storage.views import SessionView, ShotView
from .card import file_name
from .parts import in_words
from .words import job_words, plain, session_name

JS, CSS = (Path(__file__).with_name(f"send.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
FORMS = {
    sharing.UPRIGHT: ("Film for a phone", ":material/smartphone:"),
    sharing.FILMED: ("Film as it was filmed", ":material/movie:"),
    sharing.GIF: ("GIF", ":material/gif_box:"),
    "keeper": (VIEWS["keeper"], ":material/sports_handball:"),
}
MIME = {".mp4": "video/mp4", ".gif": "image/gif"}
SAFE_HOSTS = ("localhost", "127.0.0.1", "::1")
PREVIEW_PX = 270
_share = st.components.v2.component("kicky_share", html='<button type="button" hidden>Share</button>', css=CSS, js=JS)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Something to send: the key of what is kept of it, its name without ending, how it is made and looked for."""

    key: str
    name: str
    title: str
    make: Callable[[], None]
    made: Callable[[], sharing.Sent]


def send_shot(shot: ShotView) -> None:
    """Shot -> a button for each thing it can be sent as; the one asked for, as it is made, then to be saved or shared.

    Without its film there is none, and that is said.
    """
    st.header("Send it", anchor=False)
    try:
        sharing.refuse_gone(shot)
    except KickyError as error:
        st.info(plain(error), icon=":material/info:")
        return
    st.caption("A file for WhatsApp, Signal and the like: you save or share it yourself, nothing leaves by itself.")
    wanted = {form: _of_shot(shot, form) for form in FORMS}
    key = f"sending_{shot.id}"
    chosen = st.session_state.get(key)
    with st.container(horizontal=True):
        for form, (label, icon) in FORMS.items():
            loud = form == sharing.UPRIGHT and not chosen
            st.button(
                label, key=f"{key}_{form}", icon=icon, type="primary" if loud else "secondary", on_click=_ask,
                args=(key, form, wanted[form].make),
            )  # fmt: skip
    if chosen in wanted:
        _deliver(wanted[chosen])


def send_view(shot: ShotView, views: Mapping[str, str]) -> None:
    """Shot with a replay, its views -> a choice of them and a button: the replay as a film, seen from there."""
    key = f"replayed_{shot.id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.selectbox("The replay as a film", list(views), format_func=views.__getitem__, key=f"{key}_view")
        wanted = _of_shot(shot, view)
        st.button("Make the film", key=f"{key}_make", icon=":material/movie:", on_click=_ask,
                  args=(key, view, wanted.make))  # fmt: skip
    if st.session_state.get(key) == view:
        _deliver(wanted)


def _of_shot(shot: ShotView, form: str) -> _Wanted:
    name = file_name(shot).removesuffix(".png")
    who = shot.player if shot.player and shot.player_by == "hand" else "A shot"
    title = f"{who}, {shot.date.day} {shot.date:%b %Y}"
    made = partial(sharing.made, shot.id, form)
    return _Wanted(f"send_{shot.id}_{form}", name, title, partial(sharing.make, shot.id, form), made)


def send(session: SessionView, loud: bool = False) -> None:
    """Session with shots -> a button that makes its page and saves it, and one that makes the reel of its best; `loud`
    where the page is what to do next.
    """
    key = f"reel_{session.id}"
    name = f"kicky-{session.date:%Y-%m-%d}"
    title = f"The best of {session.date.day} {session.date:%b %Y}"
    reel = _Wanted(key, f"{name}-reel", title, partial(sharing.make_reel, session.id),
                   partial(sharing.made_reel, session.id))  # fmt: skip
    with st.container(horizontal=True):
        st.download_button(
            "Save a page to send", partial(sharing.session_page, session.id), f"{name}.html",
            "text/html", key=f"send_{session.id}", on_click="ignore", icon=":material/share:",
            type="primary" if loud else "secondary",
            help="Table, shot map, best shots and the coach's words in one file; for a PDF, open it and print.",
        )  # fmt: skip
        st.button(
            "Film of the best shots", key=f"{key}_make", icon=":material/movie:", on_click=_ask,
            args=(key, "reel", reel.make), help="Goals first, each with name and verdict: one film for a phone.",
        )  # fmt: skip
    if st.session_state.get(key):
        _deliver(reel)


def _ask(key: str, chosen: str, make: Callable[[], None]) -> None:
    """A button was pressed -> what it makes is begun, or it is said why not."""
    st.session_state[key] = chosen
    try:
        make()
    except KickyError as error:
        st.session_state.pop(key)
        st.error(plain(error), icon=":material/info:")


def _deliver(wanted: _Wanted) -> None:
    """What was asked for -> how far it is, each second; once it is there, it to look at, to save and to share."""
    sent = wanted.made()
    if sent.file is None:
        st.fragment(in_words(_watch), run_every=1.0)(wanted)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Save", sent.file.read_bytes, f"{wanted.name}{sent.file.suffix}", MIME[sent.file.suffix],
            key=f"{wanted.key}_save", icon=":material/download:", on_click="ignore", type="primary",
        )  # fmt: skip
        if may_share(st.context.url):
            _share(key=f"{wanted.key}_share", data=_data(wanted, sent.file))
        st.caption(f"{sent.file.stat().st_size / 1e6:.1f} MB")
    if sent.file.suffix == ".gif":
        st.image(str(sent.file), width=PREVIEW_PX, alt=f"{wanted.title}, the kick and the flight")
    else:
        st.video(str(sent.file), width=PREVIEW_PX)


def may_share(url: str | None) -> bool:
    """The page's address -> whether a browser lets it open the share sheet: over https, or on this computer itself.

    >>> may_share("https://kicky.example/Shot"), may_share("http://localhost:8501"), may_share("http://192.168.1.4:8501")
    (True, True, False)
    """
    where = urlsplit(url or "")
    return where.scheme == "https" or where.hostname in SAFE_HOSTS


def _data(wanted: _Wanted, file: Path) -> dict[str, str]:
    """-> what the share button is given: the file itself, for a browser shares only what it has at hand when tapped."""
    return {
        "file": base64.b64encode(file.read_bytes()).decode(), "name": f"{wanted.name}{file.suffix}",
        "mime": MIME[file.suffix], "title": wanted.title,
    }  # fmt: skip


def _watch(wanted: _Wanted) -> None:
    """What is being made -> its bar; the page is drawn anew when it is there, and says why where it will not be."""
    sent = wanted.made()
    if sent.file is not None:
        st.rerun(scope="app")
    elif sent.job is not None and sent.job.active:
        words = "Drawing the film" if sent.job.state == "running" else job_words(sent.job)
        st.progress(min(max(sent.job.progress, 0.0), 1.0), text=plain(words))
    elif sent.job is not None and sent.job.state != "done":
        st.error(plain(job_words(sent.job)), icon=":material/info:")
    else:
        st.caption("The shot was changed meanwhile: ask for it again.")


def all_measures() -> None:
    """Two buttons: every shot with every measure, for other programs."""
    with st.container(horizontal=True):
        st.download_button(
            "All measures as CSV", sharing.measures_csv, "kicky-shots.csv", "text/csv", on_click="ignore"
        )
        st.download_button(
            "All measures as Parquet", sharing.measures_parquet, "kicky-shots.parquet", on_click="ignore"
        )


def send_saturday() -> None:
    """A choice of sessions with shots -> what can be sent of the one chosen."""
    days = {session.id: session for session in sessions.listed() if session.shots}
    if not days:
        return
    chosen = st.selectbox(
        "Send a Saturday", list(days), format_func=lambda number: session_name(days[number]), key="send_session"
    )
    send(days[chosen])
