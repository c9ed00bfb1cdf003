"""What comes back is all there was: every table, every column and every file, filled from the tables themselves."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic import command
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, Table, insert, select, text
from streamlit.testing.v1 import AppTest

from kicky import storage
from kicky.domain import Report
from kicky.errors import KickyError, StorageFailed
from kicky.home import PROJECT, database_url, media, models
from kicky.home import database as home_database
from kicky.service import clips, coaching, films, house, players, sessions, shots, work
from kicky.storage import advice, archive, belongings, database, engines, merging, rules, tarball
from kicky.storage.columns import Base
from kicky.storage.database import reading, writing

from . import postgres
from .backups import picture, state

TABLES = Base.metadata.sorted_tables
GONE = {"server.address", "server.model", "server.key"}
RUN = {"label_set": "here", "detector": "motion", "downstream": "flight", "cases": [], "made_with": {}, "tuned": []}
FIGURE = {"value": 0.5, "low": 0.1, "high": 0.9, "n": 2, "k": 1}
SCENE = {"goal_corners_px": [[110, 40], [210, 40], [210, 80], [110, 80]], "goal_size_m": [7.32, 2.44], "lens_mm": 26.0}
REVISIONS = sorted(path.name[:4] for path in (database.MIGRATIONS / "versions").glob("0*.py"))
SAMPLES: dict[str, Callable[[int], Any]] = {
    "session.scene": lambda n: SCENE | {"clip_id": 10 + 3 * n}, "clip.scene": lambda n: SCENE | {"camera_height_m": n},
    "clip.sha256": lambda n: sha256(n), "clip.file": lambda n: f"{sha256(n)}.mp4",
    "clip.browser_copy": lambda n: f"{sha256(n)}.browser.mp4", "clip.frames": lambda n: 12 + n,
    "film.path": lambda n: f"/mnt/phone/saturday {n}.mp4",
    "film.browser_copy": lambda n: f"film-{10 + 3 * n}.browser.mp4", "film.frames": lambda n: 1000 * n,
    "film.size_bytes": lambda n: (5 << 30) + n, "film.modified_ns": lambda n: 2**60 + n,
    "cut.first": lambda n: 30 * n, "cut.last": lambda n: 30 * n + 20, "cut.kick": lambda n: 30 * n + 9,
    "cut.state": lambda n: "kept", "cut.thumb": lambda n: picture((16 + n, 9)),
    "shot.outcome": lambda n: "goal", "shot.how": lambda n: "in_net", "shot.foot": lambda n: "left",
    "shot.kick_frame": lambda n: 3, "shot.outcome_frame": lambda n: 11, "shot.player_by": lambda n: "hand",
    "shot.players": lambda n: ["P1"], "shot.evidence": lambda n: f"{sha256(n)[:16]}-0123456{n}.npz",
    "shot.film": lambda n: f"{sha256(n)[:16]}-{n}.film.mp4", "shot.made_with": lambda n: {"kicky": f"0.{n}"},
    "shot.seconds": lambda n: {"detect": n / 4}, "shot.notes": lambda n: [f"note {n}"],
    "measure.name": lambda n: "speed", "appearance.vector": lambda n: np.full(3 * 1352 + 3, n / 4, "<f2").tobytes(),
    "label.field": lambda n: "truth:note", "advice.passages": lambda n: [["Lean", f"Lean {n}.", True, "why"]],
    "drawing.frame": lambda n: n,
    "drawing.shapes": lambda n: [{"kind": "text", "points": [[0.5, n / 8]], "words": f"elbow {n}"}],
    "advice.thumbs": lambda n: 1, "run.made_with": lambda n: {"weights": f"w{n}"},
    "run.tuned": lambda n: [f"tuned {n}"],
    "run.scores": lambda n: {"split": {"all": {"clips": n, "goal": FIGURE, "recall": FIGURE, "failed": []}}},
    "run.document": lambda n: zlib.compress(json.dumps(RUN | {"made_at": str(n)}).encode()),
    "setting.key": lambda n: f"label_set:{n}", "setting.value": lambda n: json.dumps({"clips": f"/clips {n}"}),
    "job.settings": lambda n: {"force": True},
}  # fmt: skip
"""Columns in which not everything may stand: what stands there in row 1, 2, …"""


def film(number: int) -> bytes:
    return f"film {number}".encode() * 99


def sha256(number: int) -> str:
    return hashlib.sha256(film(number)).hexdigest()


def plain(words: object) -> str:
    return str(words).replace("\\", "")


def sample(column: Column[Any], number: int) -> Any:
    """Column, row 1, 2, … -> a value that is neither nothing nor what stands there by itself."""
    name, kind = f"{column.table.name}.{column.name}", column.type
    link = next(iter(column.foreign_keys), None)
    if link is not None:
        return 10 + 3 * number
    if name in SAMPLES:
        return SAMPLES[name](number)
    if isinstance(kind, JSON | LargeBinary):
        raise AssertionError(f"{name} is filled with nothing: say with what")
    if column.name == "id":
        return 10 + 3 * number  # with gaps: other numbers than rows get by themselves
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Float):
        return number / 4
    if isinstance(kind, Date):
        return dt.date(2026, 11, number)
    if isinstance(kind, DateTime) or isinstance(getattr(kind, "impl", None), DateTime):
        return dt.datetime(2026, 11, 20, 12, number, 1, 500, tzinfo=dt.UTC)
    return number if isinstance(kind, Integer) or "INTEGER" in str(kind).upper() else f"{column.name} {number}"


def filled(make_report: Callable[..., Report], numbers: range) -> None:
    """Rows 1, 2, … of every table, with the files that they name and those that were made of them."""
    media().mkdir(parents=True, exist_ok=True)
    with writing() as db:
        for table in TABLES:
            for number in numbers:
                row = {column.name: sample(column, number) for column in table.columns}
                if table.name == "advice":  # of a shot or of a session
                    row["session_id" if number % 2 else "shot_id"] = None
                db.connection().execute(insert(table).values(**row))
        for table in TABLES:
            if database_url() and "id" in table.columns:
                last = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 90)"
                db.connection().execute(text(last.replace("'session'", "'\"session\"'")))
    for number in numbers:
        place, short = media(), sha256(number)[:16]
        (place / f"{sha256(number)}.mp4").write_bytes(film(number))
        for name in (
            f"{sha256(number)}.browser.mp4",
            f"film-{10 + 3 * number}.browser.mp4",
            f"{short}-{number}.film.mp4",
        ):
            (place / name).write_bytes(f"{name} as it is".encode())
        shot = make_report(sha256=sha256(number), count=12 + number).shot
        archive.write(place / f"{short}-0123456{number}.npz", shot)
        (place / f"{short}-0123456{number}.upright-{number}.png").write_bytes(picture((20 + number, 9), "PNG"))
        (place / f"{short}-0123456{number}.speed-3-1.jpg").write_bytes(picture((30 + number, 9)))
        (place / f"{short}-0123456{number}.strip-3.json").write_text(f'{{"frames": [{number}], "pictures": []}}')
        (place / f"{sha256(number)}-0.jpg").write_bytes(picture((40 + number, 9)))
        (place / f"goal-{10 + 3 * number}-{10 + 3 * number}.png").write_bytes(picture((50 + number, 9), "PNG"))


class Everything:
    """All that is at home, told without the numbers of rows and without what files are called."""

    def __init__(self) -> None:
        with reading() as db:
            self.rows = {
                table.name: [dict(row) for row in db.connection().execute(select(table)).mappings()] for table in TABLES
            }
        self.files = Counter(
            hashlib.sha256(path.read_bytes()).hexdigest() for path in media().iterdir() if path.is_file()
        )
        self.said = {
            table.name: Counter(self.told(table, row) for row in self.rows[table.name])
            for table in TABLES
            if table.name not in rules.LEFT
        }

    def told(self, table: Table, row: dict[str, Any]) -> str:
        """Row -> it with the rows it points at in place of their numbers, and bytes in place of names."""
        said = {name: value for name, value in row.items() if name != "id"}
        for link in table.foreign_keys:
            target = link.column.table
            said[link.parent.name] = self.pointed(target, row[link.parent.name])
        for column in belongings.FILES.get(table.name, ()):
            said[column] = said[column] and hashlib.sha256((media() / said[column]).read_bytes()).hexdigest()
        if said.get("scene"):
            clip = next((one["sha256"] for one in self.rows["clip"] if one["id"] == said["scene"].get("clip_id")), None)
            said["scene"] = said["scene"] | {"clip_id": clip}
        return repr(sorted(said.items()))

    def pointed(self, table: Table, number: int | None) -> str | None:
        return next((self.told(table, row) for row in self.rows[table.name] if row["id"] == number), None)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """-> what moves to an empty home of that name."""

    def move(name: str) -> Path:
        (tmp_path / name).mkdir()
        monkeypatch.setenv("KICKY_HOME", str(tmp_path / name))
        if address := database_url():
            monkeypatch.setenv("KICKY_DATABASE", postgres.new_database(address.rpartition("/")[0]))
        return tmp_path / name

    return move


@pytest.fixture
def clip_id(make_film: Callable[..., Path]) -> int:
    return clips.add(sessions.new(dt.date(2026, 11, 7), "Park"), "kick.mp4", make_film()).id


def test_every_table_is_merged_or_left_for_a_reason() -> None:
    names = {table.name for table in TABLES}
    assert set(rules.LEFT) <= names
    assert all(rules.LEFT.values())
    assert rules.unnamed() == []
    assert {"session", "player"} >= set(merging.OPEN)
    for table in TABLES:
        assert set(merging.key(table)) <= set(table.columns.keys())
        for link in table.foreign_keys:
            assert link.ondelete in ("CASCADE", "SET NULL"), "whether a row goes with another is said by that"


def test_every_column_that_is_filled_says_something(make_report: Callable[..., Report]) -> None:
    filled(make_report, range(1, 4))
    rows = Everything().rows
    for table in TABLES:
        for column in table.columns:
            values = {repr(row[column.name]) for row in rows[table.name]} - {"None"}
            assert values, f"{table.name}.{column.name}"


@pytest.mark.stores
def test_all_rows_and_files_come_into_an_empty_home(
    make_report: Callable[..., Report], own_home: Path, elsewhere: Callable[[str], Path]
) -> None:
    filled(make_report, range(1, 4))
    before = Everything()
    house.backup(own_home / "all.kicky", work.silent)
    elsewhere("other")
    house.restore(own_home / "all.kicky", work.silent)
    after = Everything()
    assert after.said == before.said
    assert after.files == before.files
    assert after.rows["job"] == []


@pytest.mark.stores
def test_all_rows_and_files_come_into_a_home_that_has_others(
    make_report: Callable[..., Report], own_home: Path, elsewhere: Callable[[str], Path]
) -> None:
    filled(make_report, range(1, 3))
    theirs = Everything()
    house.backup(own_home / "all.kicky", work.silent)
    elsewhere("other")
    filled(make_report, range(3, 6))
    # A film's copy under the name that one of theirs has: both stay.
    (media() / "film-13.browser.mp4").write_bytes(b"another")
    with writing() as db:
        db.connection().execute(text("UPDATE film SET browser_copy = 'film-13.browser.mp4' WHERE id = 19"))
    (media() / "film-19.browser.mp4").unlink()
    ours = Everything()
    house.restore(own_home / "all.kicky", work.silent)
    both = Everything()
    assert both.said == {name: rows + theirs.said[name] for name, rows in ours.said.items()}
    assert both.files == ours.files + theirs.files


def test_a_second_time_nothing_comes(
    make_report: Callable[..., Report], own_home: Path, elsewhere: Callable[[str], Path]
) -> None:
    filled(make_report, range(1, 4))
    house.backup(own_home / "all.kicky", work.silent)
    assert house.restore(own_home / "all.kicky", work.silent)["clips"] == 0
    other = elsewhere("other")
    house.restore(own_home / "all.kicky", work.silent)
    rows, files = Everything().rows, state(other / "db" / "media")
    for _ in range(2):
        assert house.restore(own_home / "all.kicky", work.silent)["shots"] == 0
        assert Everything().rows == rows
        assert state(other / "db" / "media") == files


def test_two_sessions_of_one_day_stay_two(own_home: Path, elsewhere: Callable[[str], Path]) -> None:
    day = dt.date(2026, 11, 7)
    for _ in range(2):
        sessions.new(day, "")
    house.backup(own_home / "all.kicky", work.silent)
    elsewhere("other")
    sessions.new(day, "")
    house.restore(own_home / "all.kicky", work.silent)
    assert [session.date for session in sessions.listed()] == [day, day]


def test_which_server_is_asked_is_not_taken_from_a_backup(own_home: Path, elsewhere: Callable[[str], Path]) -> None:
    with writing() as db:
        settings = Base.metadata.tables["setting"]
        for key in (*sorted(GONE), "label_set:a"):
            value = '{"clips": "/clips"}' if ":" in key else "http://elsewhere.example/v1"
            db.connection().execute(insert(settings).values(key=key, value=value))
    house.backup(own_home / "all.kicky", work.silent)
    elsewhere("other")
    house.restore(own_home / "all.kicky", work.silent)
    assert [key for key in advice.settings("") if not key.startswith("offered.")] == ["label_set:a"]


def test_a_film_that_is_not_in_the_backup_is_told_where_it_was(
    make_report: Callable[..., Report], own_home: Path, elsewhere: Callable[[str], Path]
) -> None:
    filled(make_report, range(1, 2))
    (media() / "film-13.browser.mp4").unlink()
    house.backup(own_home / "all.kicky", work.silent)
    elsewhere("other")
    house.restore(own_home / "all.kicky", work.silent)
    (session,) = sessions.listed()
    (found,) = films.listed(session.id)
    assert (found.path, found.browser_copy) == (Path("/mnt/phone/saturday 1.mp4"), None)
    (cut,) = films.cuts(found.id)
    assert (cut.first, cut.kick, cut.by_hand, cut.thumb) == (30, 39, True, picture((17, 9)))
    assert cut.clip_id == clips.listed(session.id)[0].id
    page = AppTest.from_file(str(PROJECT / "Home.py"), default_timeout=60).run().switch_page("pages/2_Clips.py").run()
    assert list(page.exception) == []
    assert any("The film /mnt/phone/saturday 1.mp4 is gone" in plain(error.value) for error in page.error)
    with pytest.raises(KickyError, match=r"The film /mnt/phone/saturday 1\.mp4 is gone: put it back there, or open it"):
        films.played(found)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_backup_of_every_released_version_comes(
    revision: str, clip_id: int, make_report: Callable[..., Report], own_home: Path, elsewhere: Callable[[str], Path]
) -> None:
    """Taken back to what it was then, packed as it was packed then, with what killed work had left among the media."""
    shot_id = storage.save(make_report(sha256=storage.clip(clip_id).sha256), clip_id, "motion")
    players.name(shot_id, "Ana")
    list(coaching.advise(shot_id))
    settings = database.alembic_settings()
    with engines.present().migrating() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)
    (media() / "left over.txt").write_text("nobody's")
    files = {f"db/media/{path.name}": path for path in media().iterdir()}
    copy = own_home / "then.sqlite"
    engines.copy_file(home_database(), copy)
    tarball.write(own_home / "then.kicky", {"db/kicky.sqlite": copy, **files}, work.silent)
    elsewhere("other")
    assert house.restore(own_home / "then.kicky", work.silent)["shots"] == 1
    (shot,) = shots.listed()
    assert (shot.player, storage.report(shot.id).shot.kick_frame) == ("Ana", 3)
    assert len(coaching.advice(shot.id)) == (revision >= "0002")
    assert not (media() / "left over.txt").exists()


# --- while work goes on ----------------------------------------------------------------------------


@pytest.fixture
def analysed(clip_id: int, make_report: Callable[..., Report]) -> Callable[[int], None]:
    """-> what analyses the clip again: kicked in that frame, by its row and by its evidence."""
    row = storage.clip(clip_id)

    def analyse(frame: int) -> None:
        made = make_report(sha256=row.sha256)
        drawn = media() / f"{row.sha256[:16]}-{frame}.film.mp4"
        drawn.write_bytes(f"kicked in {frame}".encode())
        storage.save(replace(made, shot=replace(made.shot, kick_frame=frame)), clip_id, "motion", drawn)

    return analyse


def fits(home: Path) -> int:
    """A home -> the frame of its shot's kick, as its row, its evidence and its film say."""
    (shot,) = shots.listed()
    assert storage.evidence(shot.id).kick_frame == shot.kick_frame
    assert shot.film is not None
    assert shot.film.read_bytes() == f"kicked in {shot.kick_frame}".encode()
    return shot.kick_frame or 0


def test_what_is_replaced_while_it_is_copied_is_in_the_backup_as_it_was(
    analysed: Callable[[int], None], own_home: Path, elsewhere: Callable[[str], Path]
) -> None:
    analysed(3)
    told: list[float] = []

    def tell(_stage: str, share: float) -> None:
        if not told:
            analysed(4)
        told.append(share)

    house.backup(own_home / "all.kicky", tell)
    assert shots.listed()[0].kick_frame == 4
    home = elsewhere("other")
    house.restore(own_home / "all.kicky", work.silent)
    assert fits(home) == 3


def test_what_is_deleted_while_it_is_copied_is_in_the_backup(
    clip_id: int, analysed: Callable[[int], None], own_home: Path, elsewhere: Callable[[str], Path]
) -> None:
    analysed(3)
    told: list[float] = []

    def tell(_stage: str, share: float) -> None:
        if not told:
            clips.remove(clip_id)
        told.append(share)

    house.backup(own_home / "all.kicky", tell)
    assert shots.listed() == []
    home = elsewhere("other")
    house.restore(own_home / "all.kicky", work.silent)
    assert fits(home) == 3


@pytest.mark.stores
def test_backups_made_while_a_clip_is_analysed_over_and_over_are_each_of_one_moment(
    analysed: Callable[[int], None], own_home: Path, elsewhere: Callable[[str], Path]
) -> None:
    analysed(3)
    stop, failed, count, made = threading.Event(), list[Exception](), [0], 0

    def task() -> None:
        try:
            while not stop.is_set():
                count[0] += 1
                analysed(3 + count[0] % 8)
        except (KickyError, OSError, AssertionError) as error:
            failed.append(error)

    worker = threading.Thread(target=task)
    worker.start()
    try:
        while made < 6 or (count[0] < 6 and worker.is_alive()):
            house.backup(own_home / f"{made}.kicky", work.silent)
            made += 1
    finally:
        stop.set()
        worker.join()
    assert failed == []
    for number in range(made):
        home = elsewhere(f"other {number}")
        house.restore(own_home / f"{number}.kicky", work.silent)
        assert 3 <= fits(home) <= 10


def test_where_the_disk_knows_no_links_what_goes_meanwhile_is_told(
    analysed: Callable[[int], None], own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    analysed(3)
    house.backup(own_home / "all.kicky", work.silent)
    before = (own_home / "all.kicky").read_bytes()
    with pytest.raises(StorageFailed, match="was replaced or deleted meanwhile: try again once no work is under way"):
        house.backup(own_home / "all.kicky", lambda *_: clips.remove(1) if shots.listed() else None)
    assert (own_home / "all.kicky").read_bytes() == before


# --- where a backup may not go ---------------------------------------------------------------------


@pytest.fixture
def links(own_home: Path) -> Path:
    """-> a folder of pointers to what is ours."""
    sessions.new(dt.date(2026, 11, 7), "Park")
    media().mkdir(exist_ok=True)
    folder = own_home / "links"
    folder.mkdir()
    (folder / "database").symlink_to(own_home / "db" / "kicky.sqlite")
    (folder / "db").symlink_to(own_home / "db")
    (folder / "models").symlink_to(models())
    (folder / "again").symlink_to(folder / "database")
    (folder / "null").symlink_to("/dev/null")
    return folder


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("db/kicky.sqlite", "lies among KICKY's own files"),
        ("db/all.kicky", "lies among KICKY's own files"),
        ("db/worker.lock", "lies among KICKY's own files"),
        ("db/new/all.kicky", "lies among KICKY's own files"),
        ("db/media/all.kicky", "lies among KICKY's own files"),
        ("models/pose_landmarker.task", "lies among KICKY's own files"),
        ("models/LOCAL.json", "lies among KICKY's own files"),
        ("links/../db/kicky.sqlite", "lies among KICKY's own files"),
        ("links/database", "lies among KICKY's own files"),
        ("links/again", "lies among KICKY's own files"),
        ("links/db/kicky.sqlite", "lies among KICKY's own files"),
        ("links/db/media/all.kicky", "lies among KICKY's own files"),
        ("links/models/all.kicky", "lies among KICKY's own files"),
        ("links", "is a folder: name a file in it"),
        ("links/db", "is a folder: name a file in it"),
        ("/dev/null", "is a device, not a file"),
        ("/dev/full", "is a device, not a file"),
        ("links/null", "is a device, not a file"),
    ],
)
def test_a_backup_takes_the_place_of_nothing_of_ours(target: str, words: str, links: Path, own_home: Path) -> None:
    before = state(own_home)
    with pytest.raises(StorageFailed, match=words):
        house.backup(own_home / target, work.silent)
    assert state(own_home) == before
    assert Path("/dev/null").is_char_device()


def test_where_the_media_lie_on_another_disk_a_backup_does_not_go_there_either(links: Path, own_home: Path) -> None:
    (own_home / "disk").mkdir()
    media().rmdir()
    media().symlink_to(own_home / "disk")
    with pytest.raises(StorageFailed, match="lies among KICKY's own files"):
        house.backup(own_home / "disk" / "all.kicky", work.silent)
    assert house.backup(own_home / "beside.kicky", work.silent) > 0
