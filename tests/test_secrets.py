"""The key of the coach's server is in one file that its owner alone may read, and nowhere else; what a backup says of
servers is asked for; what is the player's own is nobody else's to read."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from kicky import __main__
from kicky.coaches.server import Server
from kicky.errors import StorageFailed
from kicky.home import coach_key, database, database_url
from kicky.service import coaching, house, sessions, work
from kicky.storage import advice, engines, keys, settings, tarball
from kicky.storage import database as store
from kicky.storage.database import writing

from . import postgres
from .pages.test_pages import app, texts, whole

pytestmark = pytest.mark.stores
KEY, ADDRESS = "sk-77001-not-to-be-found", "http://192.168.1.5:8080/v1"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def holding(home: Path) -> list[str]:
    """-> the files of a home that hold the key, in any of their bytes."""
    found = [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    return sorted(path.relative_to(home).as_posix() for path in found)


def elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """-> from here on another, empty home."""
    home.mkdir()
    monkeypatch.setenv("KICKY_HOME", str(home))
    if address := database_url():
        monkeypatch.setenv("KICKY_DATABASE", postgres.new_database(address.rpartition("/")[0]))


@pytest.fixture
def of_before(own_home: Path) -> Callable[[], None]:
    """-> what makes a database of 0007 whose rows hold address and key, as that program wrote them."""

    def age() -> None:
        coaching.set_server("")
        rows = {"server.address": ADDRESS, "server.model": "nemotron", "server.key": KEY}
        for value in ("older " + KEY, KEY):  # a key that was changed leaves the one before in what is free
            advice.change_settings(rows | {"server.key": value})
        with writing() as db:
            db.connection().execute(text("DROP TABLE drawing"))
            db.connection().execute(text("ALTER TABLE shot DROP COLUMN ball_sure"))
            db.connection().execute(text("UPDATE alembic_version SET version_num = '0007'"))

    return age


def test_the_key_is_in_a_file_for_its_owner_alone_and_in_no_backup(own_home: Path) -> None:
    old = os.umask(0)
    try:
        coaching.set_server(ADDRESS, "nemotron", KEY)
        house.backup(own_home / "all.kicky", work.silent)
    finally:
        os.umask(old)
    assert holding(own_home) == ["db/coach.key"]
    assert mode(coach_key()) == 0o600
    assert settings.server() == {"address": ADDRESS, "model": "nemotron", "key": KEY}
    coaching.set_server(ADDRESS, "nemotron", "another")
    assert holding(own_home) == []
    coaching.set_server("")
    assert not coach_key().exists()


def test_a_key_is_given_to_no_machine_but_the_one_it_was_given_for(own_home: Path) -> None:
    coaching.set_server(ADDRESS, "nemotron", KEY)
    advice.change_settings({"server.address": "http://192.0.2.9/v1"})  # as a database brought in by hand would
    assert settings.server()["key"] == ""
    assert not coaching.server_settings().has_key


def test_a_damaged_file_is_told(own_home: Path) -> None:
    coaching.set_server(ADDRESS, "nemotron", KEY)
    coach_key().write_text("{")
    with pytest.raises(StorageFailed, match="give the server's key again"):
        coaching.server_settings()


def test_a_key_that_cannot_be_written_is_told_and_nothing_is_left(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    coaching.set_server("")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFailed, match="disk is full"):
        coaching.set_server(ADDRESS, "nemotron", KEY)
    assert holding(own_home) == []
    assert not list((own_home / "db").glob(".*.part"))


def test_nobody_reads_the_key_off_a_coach() -> None:
    assert KEY not in repr(Server(ADDRESS, "nemotron", KEY))


def test_an_old_database_gives_its_key_to_the_file_and_keeps_nothing_of_it(
    own_home: Path, of_before: Callable[[], None]
) -> None:
    of_before()
    if database_url() is None:
        engines.copy_file(database(), database().with_name("kicky.before-0007.sqlite"))
        database().with_name("kicky.before-0007.sqlite").chmod(0o644)
        assert {"db/kicky.before-0007.sqlite"} < set(holding(own_home)) | {""}
    assert settings.server() == {"address": ADDRESS, "model": "nemotron", "key": KEY}
    assert engines.present().revision() == store.HEAD
    assert holding(own_home) == ["db/coach.key"]
    assert mode(coach_key()) == 0o600
    with writing() as db:
        rows = db.connection().execute(text("SELECT key FROM setting ORDER BY key")).scalars().all()
    assert rows == ["server.address", "server.model"]
    if database_url() is None:
        copies = engines.Sqlite(database()).copies()
        assert [path.name for path in copies] == ["kicky.before-0007.sqlite", f"kicky.before-{store.HEAD}.sqlite"]
        for path in copies:
            with closing(sqlite3.connect(path)) as copy:
                assert copy.execute("SELECT version_num FROM alembic_version").fetchone()[0] == "0007"


@pytest.mark.sqlite_only
def test_a_key_that_cannot_leave_stays_until_it_can(
    own_home: Path, of_before: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_before()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(keys, "keep", full)
        with pytest.raises(StorageFailed, match="disk is full"):
            coaching.server_settings()
    assert engines.present().revision() == "0007"
    assert settings.server()["key"] == KEY


@pytest.mark.sqlite_only
def test_a_key_in_an_old_backup_comes_to_nobody_and_its_address_is_asked_for(
    own_home: Path, of_before: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    of_before()
    file = own_home.parent / "old.kicky"
    tarball.write(file, {tarball.DATABASE: database()}, work.silent)  # as the program of then wrote it
    assert KEY.encode() in file.read_bytes()
    elsewhere(own_home / "other", monkeypatch)
    house.restore(file, work.silent)
    assert holding(own_home / "other") == []
    assert coaching.server_settings() == coaching.ServerView()
    assert coaching.offered_server() == coaching.ServerView(ADDRESS, "nemotron")


@pytest.fixture
def brought(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """-> a home into which a backup that names a server was brought."""
    coaching.set_server(ADDRESS, "nemotron", KEY)
    house.backup(own_home / "all.kicky", work.silent)
    elsewhere(own_home / "other", monkeypatch)
    house.restore(own_home / "all.kicky", work.silent)
    return own_home / "other"


def pressed(page: AppTest, key: str) -> AppTest:
    return whole(page.button(key=key).click().run())


@pytest.mark.parametrize("where", ["Home.py", "pages/7_Coach.py"])
def test_only_a_click_takes_the_server_that_a_backup_names(where: str, brought: Path) -> None:
    assert coaching.server_settings() == coaching.ServerView()
    shown = whole(app(where))
    assert "192\\.168\\.1\\.5" in texts(shown)
    assert coaching.server_settings() == coaching.ServerView()
    shown = pressed(shown, "server_offer_yes")
    assert coaching.server_settings() == coaching.ServerView(ADDRESS, "nemotron")
    assert coaching.offered_server() == coaching.ServerView()
    assert not [button for button in shown.button if str(button.key).startswith("server_offer")]


def test_a_server_that_is_left_out_is_not_asked_for_again(brought: Path) -> None:
    shown = pressed(whole(app("pages/7_Coach.py")), "server_offer_no")
    assert "192\\.168\\.1\\.5" not in texts(shown)
    assert coaching.server_settings() == coaching.ServerView()
    assert coaching.offered_server() == coaching.ServerView()


def test_a_server_of_ones_own_stays_and_another_is_asked_for(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    coaching.set_server(ADDRESS, "nemotron", KEY)
    house.backup(own_home / "all.kicky", work.silent)
    house.restore(own_home / "all.kicky", work.silent)
    assert coaching.offered_server() == coaching.ServerView()  # it is the one that is asked already
    coaching.set_server("http://mine:1/v1", "qwen", "my key".replace(" ", ""))
    house.restore(own_home / "all.kicky", work.silent)
    assert coaching.server_settings() == coaching.ServerView("http://mine:1/v1", "qwen", True)
    assert coaching.offered_server().address == ADDRESS
    coaching.answer_offer(True)
    assert settings.server() == {"address": ADDRESS, "model": "nemotron", "key": ""}


def test_the_command_line_says_so_too(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    coaching.set_server(ADDRESS)
    house.backup(own_home / "all.kicky", work.silent)
    elsewhere(own_home / "other", monkeypatch)
    said = CliRunner().invoke(__main__.app, ["restore", str(own_home / "all.kicky")])
    assert said.exit_code == 0, said.output
    assert f"names a coach's server at {ADDRESS}" in said.output


@pytest.mark.parametrize("address", ["http://[::1/v1", "javascript:alert(1)", "no address"])
def test_what_is_no_address_is_not_even_offered(address: str, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    advice.change_settings({"server.address": address})
    house.backup(own_home / "all.kicky", work.silent)
    elsewhere(own_home / "other", monkeypatch)
    house.restore(own_home / "all.kicky", work.silent)
    assert coaching.offered_server() == coaching.ServerView()


@pytest.mark.sqlite_only
def test_a_new_home_is_closed_to_others(own_home: Path) -> None:
    old = os.umask(0o022)
    try:
        coaching.set_server("")
        with closing(sqlite3.connect(database())) as reader:
            reader.execute("SELECT * FROM setting").fetchall()
            assert {mode(path) for path in database().parent.glob("kicky.sqlite*")} == {0o600}
    finally:
        os.umask(old)
    assert mode(database().parent) == 0o700


@pytest.mark.sqlite_only
def test_a_home_of_before_is_closed_when_it_is_opened(own_home: Path) -> None:
    coaching.set_server("")
    copy = database().with_name("kicky.before-0007.sqlite")
    engines.copy_file(database(), copy)
    assert mode(copy) == 0o600
    for path, loose in ((copy, 0o644), (database(), 0o644), (database().parent, 0o755)):
        path.chmod(loose)
    sessions.listed()
    assert [mode(path) for path in (copy, database(), database().parent)] == [0o600, 0o600, 0o700]
