"""Text that is not ours is letters on every page, whatever it says and whichever column of the database holds it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from . import hostile, ours

ROOT = Path(__file__).resolve().parents[2]
SHOWN = {
    "advice.model",
    "advice.passages",
    "clip.name",
    "job.message",
    "label.who",
    "measure.method",
    "measure.unit",
    "measure.why_not",
    "player.name",
    "session.place",
    "shot.foot_why",
    "shot.notes",
    "shot.shooter",
    "shot.why",
}


def test_pages_show_nothing_as_markdown_but_words_of_ours_and_what_went_through_plain() -> None:
    assert list(ours.read(ROOT).breaches()) == []


@pytest.mark.parametrize(
    "chosen", [hostile.name_or_note, hostile.own_word, hostile.of_file], ids=lambda chosen: str(chosen.__name__)
)
def test_hostile_text_in_every_column_is_letters_on_every_page(
    chosen: Callable[[str, str], bool], own_home: Path
) -> None:
    shots = hostile.house(own_home / "films")
    assert hostile.poison(chosen)
    live: dict[str, list[str]] = {}
    seen: set[str] = set()
    for where, page in hostile.opened(shots):
        if chosen is hostile.name_or_note:
            assert not page.exception, where
        if found := hostile.live(page):
            live[where] = found
        seen |= hostile.seen(page)
    assert live == {}
    if chosen is hostile.name_or_note:
        assert seen >= SHOWN, "the walk passes by what it is to look at"


def test_live_text_is_seen_to_be() -> None:
    def page() -> None:
        import streamlit as st

        from kicky.ui import plain
        from tests.pages.hostile import hostile as nasty

        st.markdown(plain(nasty("clip.name.1")))
        st.caption(f"**{nasty('clip.name.2')}**")
        st.button("x", help=nasty("clip.name.3"))
        with st.expander(nasty("clip.name.4")):
            st.selectbox("y", [nasty("clip.name.5")])
        st.badge(plain(nasty("clip.name.6")))

    found = hostile.live(AppTest.from_function(page).run())
    assert sorted(each.partition(":")[0] for each in found) == [
        "Button.help", "Expandable.label", "Markdown.body", "Markdown.body",
    ]  # fmt: skip


SOUND = (
    "st.markdown('**words**')", "st.caption(f'{plain(x.name)} has {len(y)} and {x.p:.2f}')",
    "st.error(plain(error))", "st.selectbox('one', x.names)", "st.button(WORDS.get(x.kind, plain(x.kind)))",
    "t = plain(x.name)\nst.title(t)", "st.radio('w', x.names, format_func=plain)", "st.badge('words')",
)  # fmt: skip
BREACHES = (
    "st.markdown(x.name)", "st.caption(f'**{x.name}**')", "place.warning('a ' + x.name)", "st.button('a', help=x.why)",
    "st.markdown(WORDS.get(x.kind, x.kind))", "st.radio('w', x.names)", "t = x.name\nst.title(t)",
    "st.error(str(error))", "st.markdown(', '.join(x.names))", "st.badge(plain(x.state))",
    "def say(words):\n    st.info(words)\nsay(x.name)", "st.metric('a', x.unit)", "st.tabs([x.name])",
    "st.image(p, caption=x.name)",
)  # fmt: skip


@pytest.mark.parametrize("code", SOUND)
def test_the_law_lets_pass_what_is_ours(code: str) -> None:
    assert list(ours.of(f"WORDS = {{'a': 'A'}}\n{code}").breaches()) == []


@pytest.mark.parametrize("code", BREACHES)
def test_the_law_is_seen_to_bite(code: str) -> None:
    assert len(list(ours.of(f"WORDS = {{'a': 'A'}}\n{code}").breaches())) == 1
