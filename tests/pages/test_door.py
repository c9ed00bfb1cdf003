"""Pages that other computers can reach are shut where nothing asks for the password before them."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from kicky import doors

from .filled import fill
from .test_pages import PAGES, texts


@pytest.fixture
def wide(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """-> a filled house whose pages listen everywhere, and are run by something else than Home.py."""
    films = own_home / "films"
    films.mkdir()
    fill(films)
    asked = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: "0.0.0.0" if name == "server.address" else asked(name))


def opened(page: str) -> AppTest:
    test = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "Home.py"), default_timeout=60).run()
    return test if page == "Home.py" else test.switch_page(page).run()


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("page", PAGES)
def test_without_its_guard_nothing_is_shown(page: str) -> None:
    test = opened(page)
    assert "nothing asks them for a password" in test.error[0].value
    assert not test.selectbox and not test.button and not test.dataframe  # noqa: PT018 one thing: the page is shut


@pytest.mark.usefixtures("wide")
def test_behind_its_guard_a_page_asks_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "stands", lambda: True)
    test = opened("pages/4_History.py")
    assert not test.error
    assert "went in" in texts(test)


def test_on_this_computer_nobody_is_asked(own_home: Path) -> None:
    test = opened("Home.py")
    assert not test.error
    assert not test.text_input


def phone(test: AppTest) -> AppTest:
    test.session_state["phone_fold"] = True
    return test.run()


def test_the_first_page_says_how_to_open_it_on_the_phone(own_home: Path) -> None:
    test = phone(opened("Home.py"))
    assert [code.value for code in test.code] == [doors.PHONE]


def test_where_it_is_open_there_is_a_code(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "others", lambda listens: ["http://192.168.178.41:8501"])
    test = phone(opened("Home.py"))
    assert not test.code
    assert "asked for the password once" in texts(test)
    assert len(test.get("image")) == 1
