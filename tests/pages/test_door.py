"""Pages that other computers can reach are shut without a password, and open to who gives it."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kicky.ui import door

from .filled import fill
from .test_pages import PAGES, texts

PASSWORD = "corner flag 1863"


@pytest.fixture
def wide(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """-> a filled house whose pages listen everywhere."""
    films = own_home / "films"
    films.mkdir()
    fill(films)
    asked = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: "0.0.0.0" if name == "server.address" else asked(name))
    monkeypatch.setattr(door, "SLOW_S", 0.0)


def opened(page: str) -> AppTest:
    test = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "Home.py"), default_timeout=60).run()
    return test if page == "Home.py" else test.switch_page(page).run()


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("password", ["", "short"])
def test_without_a_password_nothing_is_shown(page: str, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(door.VARIABLE, password)
    test = opened(page)
    assert "has no password" in test.error[0].value
    assert not test.selectbox and not test.button and not test.dataframe  # noqa: PT018 one thing: the page is shut


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_waits_for_the_password(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(door.VARIABLE, PASSWORD)
    test = opened(page)
    assert [field.label for field in test.text_input] == ["Password"]
    assert not test.selectbox and not test.dataframe  # noqa: PT018 one thing: the page is shut


@pytest.mark.usefixtures("wide")
def test_only_the_password_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(door.VARIABLE, PASSWORD)
    test = opened("pages/4_History.py")
    test.text_input[0].set_value("corner flag 1864")
    test.button[0].click().run()
    assert "not the password" in test.error[0].value
    test.text_input[0].set_value(PASSWORD)
    test.button[0].click().run()
    assert not test.error
    assert "went in" in texts(test)
    assert "went in" in texts(test.switch_page("pages/4_History.py").run()), "once is enough"


def test_on_this_computer_nobody_is_asked(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(door.VARIABLE, PASSWORD)
    assert not opened("Home.py").text_input
