"""Backups that mean harm: each is refused in a sentence that names what is wrong, soon, and nothing here changes."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kicky import storage
from kicky.errors import KickyError, StorageFailed
from kicky.service import clips, house, phones, players, scenes, sessions, shots, work
from kicky.storage import archive

from . import backups
from .backups import DATABASE, MEDIA, Pieces, block, header, picture, state, written

Harm = Callable[[Pieces], Path | None]
"""Changes the pieces; gives the file where it has written one itself."""
SOON_S = 20  # a backup of that size is refused in a second or two; this one is as slow as a loaded machine may be


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """-> a good backup."""
    home = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KICKY_HOME", str(home))
        patch.setenv("KICKY_NO_WORKER", "1")
        patch.delenv("KICKY_DATABASE", raising=False)
        yield backups.good_backup(home)


@pytest.fixture(scope="module")
def lived_in(good: Path) -> Path:
    """-> a home with things of its own, to be copied."""
    other = good.parent / "lived in"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KICKY_HOME", str(other))
        other.mkdir()
        house.restore(good, work.silent)
        clips.remove(1)
        clips.remove(4)
        players.rename("Ana", "Bo")
    return other


@pytest.fixture
def pieces(good: Path, tmp_path: Path) -> Pieces:
    """-> the good backup, taken apart."""
    folder = tmp_path / "pieces"
    folder.mkdir()
    return backups.taken_apart(good, folder)


@pytest.fixture
def home(lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """-> the home in use, with sessions, clips and shots of its own."""
    shutil.copytree(lived_in / "db", tmp_path / "home" / "db")
    monkeypatch.setenv("KICKY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """Whatever hangs is ended, and fails."""

    def hung(*_: object) -> None:
        raise AssertionError(f"it took more than {SOON_S} s")

    before = signal.signal(signal.SIGALRM, hung)
    signal.alarm(SOON_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def refused(file: Path, words: str, home: Path) -> None:
    """A backup -> refused with these words in one sentence or two, and nothing at home is another or more."""
    before = state(home)
    with pytest.raises(StorageFailed) as said:
        house.restore(file, work.silent)
    assert words in str(said.value)
    assert len(str(said.value)) < 400
    assert str(said.value).isprintable()
    assert state(home) == before
    with closing(sqlite3.connect(home / "db" / "kicky.sqlite", timeout=0)) as db:
        db.execute("BEGIN IMMEDIATE")  # nobody holds the lock


def test_the_good_one_comes(pieces: Pieces, home: Path) -> None:
    assert house.restore(pieces.packed(), work.silent)["clips"] == 2


def tried(harms: dict[str, tuple[str, Any]]) -> Any:
    """Name: what is said, the harm -> a parameter each."""
    return pytest.mark.parametrize(("words", "harm"), list(harms.values()), ids=list(harms))


# --- the tar ---------------------------------------------------------------------------------------


def among(about: tarfile.TarInfo, data: bytes = b"") -> Harm:
    """A member -> the tar holds it too, and its manifest does not speak of it."""
    return lambda pieces: pieces.packed(after=block(about, data))


def sparse(_: Pieces) -> bytes:
    """-> a GNU member of 1.5 kB that unpacks to 100 GB."""
    about = header(MEDIA + "zeros.mp4", 512, tarfile.GNUTYPE_SPARSE)
    raw = bytearray(about.tobuf(tarfile.GNU_FORMAT))
    raw[386:398], raw[398:410] = b"%011o\0" % (100 << 30), b"%011o\0" % 512
    raw[483:495] = b"%011o\0" % (100 << 30)
    raw[148:156] = b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw)
    return bytes(raw) + b"\0" * 512


def pax(records: dict[str, str], size: int = 0) -> bytes:
    """-> a PAX header with those records, and a member."""
    about = header(MEDIA + "zeros.mp4", size)
    about.pax_headers = records
    return about.tobuf(tarfile.PAX_FORMAT)


def raw(blocks: Callable[[Pieces], bytes]) -> Harm:
    return lambda pieces: pieces.packed(after=blocks(pieces))


def told(**changes: Any) -> Harm:
    """What the manifest says instead."""

    def harm(pieces: Pieces) -> None:
        pieces.told = changes

    return harm


def manifest(text: bytes) -> Harm:
    return lambda pieces: written(pieces.folder / "bad.kicky", pieces.members(), text)


def listed(change: Callable[[dict[str, Any]], Any]) -> Harm:
    """What changes the manifest's list of files."""

    def harm(pieces: Pieces) -> None:
        files = pieces.manifest(pieces.members())["files"]
        change(files)
        pieces.told = {"files": files}

    return harm


def of_file(change: Callable[[bytes], bytes]) -> Harm:
    """What changes the whole file."""

    def harm(pieces: Pieces) -> Path:
        path = pieces.packed()
        path.write_bytes(change(path.read_bytes()))
        return path

    return harm


def in_holes(pieces: Pieces) -> Path:
    """A tar of 8 TB that takes no room: all but its ends is a hole."""
    size, path = 8 << 40, pieces.folder / "bad.kicky"
    about = header(DATABASE, size)
    text = json.dumps({"format": 1, "files": {DATABASE: [size, "0" * 64]}}).encode()
    with path.open("wb") as file:
        head = about.tobuf(tarfile.PAX_FORMAT)
        file.write(head)
        file.seek(len(head) + size)
        file.write(block(header("manifest.json", len(text)), text) + b"\0" * 1024)
    return path


def named(name: str) -> Harm:
    """A file of that name, which the manifest lists."""

    def harm(pieces: Pieces) -> Path:
        members = [*pieces.members(), (header(name, 3), b"abc")]
        return written(pieces.folder / "bad.kicky", members, json.dumps(pieces.manifest(members)).encode())

    return harm


def without_database(pieces: Pieces) -> Path:
    members = pieces.members()[1:]
    return written(pieces.folder / "bad.kicky", members, json.dumps(pieces.manifest(members)).encode())


def manifest_first(pieces: Pieces) -> Path:
    text = json.dumps(pieces.manifest(pieces.members())).encode()
    body = b"".join(block(about, data) for about, data in pieces.members())
    path = pieces.folder / "bad.kicky"
    path.write_bytes(block(header("manifest.json", len(text)), text) + body + b"\0" * 1024)
    return path


WRITES = "which KICKY does not write"
TARS: dict[str, tuple[str, Harm]] = {
    "a symlink": ("no plain file", among(header(MEDIA + "a.mp4", 0, tarfile.SYMTYPE, "/etc/passwd"))),
    "a symlink to itself": ("no plain file", among(header(MEDIA + "a.mp4", 0, tarfile.SYMTYPE, "a.mp4"))),
    "a symlink to its folder": ("no plain file", among(header(MEDIA + "a", 0, tarfile.SYMTYPE, "."))),
    "a hard link": ("no plain file", among(header(MEDIA + "a.mp4", 0, tarfile.LNKTYPE, DATABASE))),
    "a hard link to itself": ("no plain file", among(header(MEDIA + "a.mp4", 0, tarfile.LNKTYPE, MEDIA + "a.mp4"))),
    "a folder": ("no plain file", among(header(MEDIA + "a", 0, tarfile.DIRTYPE))),
    "a device": ("no plain file", among(header(MEDIA + "a.mp4", 0, tarfile.CHRTYPE))),
    "a disk": ("no plain file", among(header(MEDIA + "a.mp4", 0, tarfile.BLKTYPE))),
    "a pipe": ("no plain file", among(header(MEDIA + "a.mp4", 0, tarfile.FIFOTYPE))),
    "a contiguous file": ("no plain file", among(header(MEDIA + "a.mp4", 0, tarfile.CONTTYPE))),
    "a file with holes": ("no plain file", raw(sparse)),
    "holes told in a header": ("a header that KICKY does not write", raw(lambda _: pax(
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(100 << 30)}))),
    "a long header": ("no plain file", raw(lambda _: pax({"comment": "x" * 9_000_000}))),
    "headers without end": ("no plain file", raw(lambda _: b"".join(
        block(header("x", 14, tarfile.XHDTYPE), b"14 path=x.mp4\n") for _ in range(3000)))),
    "a long name": ("no plain file", raw(lambda _: block(header("x", 5, tarfile.GNUTYPE_LONGNAME), b"a.mp4"))),
    "a size in a header beyond the file": ("is cut short", raw(lambda _: pax({"size": str(1 << 50)}))),
    "a size below nothing": ("is cut short", raw(lambda _: pax({"size": "-512"}))),
    "a size that is no number": ("is not a whole backup", raw(lambda _: pax({"size": "many"}))),
    "a size of 5000 digits": ("is not a whole backup", raw(lambda _: pax({"size": "9" * 3000}))),
    "a header cut short": ("is not a whole backup", among(header("x", 3, tarfile.XHDTYPE), b"99 ")),
    "up and out": (WRITES, named("db/media/../kicky.sqlite")),
    "from the root": (WRITES, named("/etc/cron.d/x")),
    "the database of the home": (WRITES, named("db/kicky.sqlite-wal")),
    "a model": (WRITES, named("models/pose_landmarker.task")),
    "a folder in the media": (WRITES, named("db/media/a/b.mp4")),
    "a hidden file": (WRITES, named("db/media/.draft-00")),
    "a pattern": (WRITES, named("db/media/*")),
    "a backslash": (WRITES, named("db/media/..\\a")),
    "no name": (WRITES, named("db/media/")),
    "a name of a line break": (WRITES, named("db/media/a\n.mp4")),
    "a name of 240 letters": (WRITES, named("db/media/" + "a" * 240)),
    "a name twice": (WRITES, named(DATABASE)),
    "a name twice, in other letters": (WRITES, named(DATABASE.upper().replace("DB/KICKY", "db/KICKY"))),
    "more than it lists": ("does not hold the files that it lists", among(header(MEDIA + "a.mp4", 3), b"abc")),
    "less than it lists": ("does not hold the files that it lists", listed(lambda files: files.update(
        {MEDIA + "a.mp4": [3, "0" * 64]}))),
    "other sizes than it lists": ("does not hold the files that it lists", listed(lambda files: files.update(
        {DATABASE: [1, "0" * 64]}))),
    "other bytes than it lists": ("db/kicky.sqlite is not as it was", listed(lambda files: files.update(
        {DATABASE: [files[DATABASE][0], "0" * 64]}))),
    "no list": ("no list of its files", manifest(b"{}")),
    "a list that is no JSON": ("is not a whole backup", manifest(b"goal")),
    "a list that is one": ("no list of its files", manifest(b"[1, 2]")),
    "a list without an end": ("is not a whole backup", manifest(b"[" * 500_000)),
    "a list of words": ("no list of its files", told(files={DATABASE: "0" * 64})),
    "sizes that are words": ("no list of its files", listed(lambda files: files.update({DATABASE: ["1", "0" * 64]}))),
    "hashes that are none": ("no list of its files", listed(lambda files: files.update({DATABASE: [1, "goal"]}))),
    "of a version to come": ("newer version", told(format=2)),
    "of a version that is a word": ("no list of its files", told(format="1")),
    "of a version of 5000 digits": ("is not a whole backup", manifest(b'{"format": ' + b"9" * 5000 + b"}")),
    "its list first": ("no list of its files", manifest_first),
    "without a database": ("holds no database", without_database),
    "8 TB in holes": ("make room on the disk", in_holes),
    "cut short": ("is cut short", of_file(lambda whole: whole[: len(whole) // 2])),
    "a bit flipped in a header": ("is not a whole backup", of_file(lambda whole: b"\1" + whole[1:])),
    "empty": ("is not a whole backup", of_file(lambda _: b"")),
    "zeros": ("is not a whole backup", of_file(lambda _: bytes(100_000))),
    "noise": ("is not a whole backup", of_file(lambda _: os.urandom(100_000))),
    "a zip": ("is not a whole backup", of_file(lambda _: b"PK\3\4" + bytes(2000))),
}  # fmt: skip


@tried(TARS)
def test_a_tar(words: str, harm: Harm, pieces: Pieces, home: Path) -> None:
    refused(harm(pieces) or pieces.packed(), words, home)


# --- the database's own shape ----------------------------------------------------------------------

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id, 'P' || x AS name FROM n"


def sql(script: str) -> Harm:
    return lambda pieces: pieces.sql(script)


def rebuilt(table: str, change: Callable[[str], str]) -> Harm:
    """A table, what changes the SQL that makes it -> made so, empty."""

    def harm(pieces: Pieces) -> None:
        text = pieces.one(f"SELECT sql FROM sqlite_master WHERE name = '{table}'")  # noqa: S608 a test's own words
        pieces.sql(f"DROP TABLE {table}; {change(text)};")

    return harm


def turning(pieces: Pieces) -> None:
    """The page that a table begins at says that its only child is itself."""
    root = pieces.one("SELECT rootpage FROM sqlite_master WHERE name = 'player'")

    def change(page: bytearray) -> None:
        page[:12] = struct.pack(">BHHHBI", 5, 0, 0, len(page) % 65536, 0, root)

    pieces.page(root, change)


def wide(pieces: Pieces) -> None:
    """A tree in which each page names the next one 300 times: rows without end, of 20 pages."""
    content = bytearray(pieces.db.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    root = pieces.one("SELECT rootpage FROM sqlite_master WHERE name = 'measure'")
    first = len(content) // size + 1
    chain = [root, *range(first, first + 12)]
    content += bytes(size * 12)
    for page, child in pairwise(chain):
        cells = b"".join(struct.pack(">IB", child, 1) for _ in range(300))
        begin = size - len(cells)
        pointers = b"".join(struct.pack(">H", begin + 5 * k) for k in range(300))
        whole = struct.pack(">BHHHBI", 5, 0, 300, begin, 0, child) + pointers
        at = (page - 1) * size
        content[at : at + size] = whole.ljust(begin, b"\0") + cells
    leaf = (chain[-1] - 1) * size
    content[leaf : leaf + 8] = struct.pack(">BHHHB", 13, 0, 0, size % 65536, 0)
    content[28:32] = struct.pack(">I", len(content) // size)
    pieces.db.write_bytes(content)


def content(data: bytes) -> Harm:
    def harm(pieces: Pieces) -> None:
        pieces.db.write_bytes(data)

    return harm


def huge(pieces: Pieces) -> None:
    """A text of 70 MB."""
    pieces.sql("UPDATE shot SET why = ? WHERE id = 1", "x" * (70 << 20))


SHAPES: dict[str, tuple[str, Harm]] = {
    "an endless view": ("has a view player", sql(f"DROP TABLE player; CREATE VIEW player AS {ENDLESS};")),
    "one more view": ("has a view", sql(f"CREATE VIEW endless AS {ENDLESS};")),
    "a trigger": ("has a trigger", sql("CREATE TRIGGER t AFTER INSERT ON clip BEGIN DELETE FROM shot; END;")),
    "a virtual table": ("has a virtual table player", sql(
        "DROP TABLE player; CREATE VIRTUAL TABLE player USING fts5(id, name);")),
    "a table of a tree": ("has a virtual table", sql("CREATE VIRTUAL TABLE boxes USING rtree(id, a, b);")),
    "one more table": ("has a table goals", sql("CREATE TABLE goals (id INTEGER PRIMARY KEY);")),
    "SQLite's own statistics": ("has a table sqlite_stat1", sql("ANALYZE;")),
    "a table missing": ("lacks the table", sql("DROP TABLE measure;")),
    "one more index": ("has a index again", sql("CREATE INDEX again ON shot (outcome);")),
    "an index missing": ("lacks the index", sql("DROP INDEX ix_clip_session_id;")),
    "two thousand tables": ("has a table a0", sql(
        "BEGIN;" + "".join(f"CREATE TABLE a{k} (x);" for k in range(2000)) + "COMMIT;")),
    "one more column": ("clip has other columns", sql("ALTER TABLE clip ADD COLUMN more TEXT;")),
    "a column by another name": ("clip has other columns", sql("ALTER TABLE clip RENAME COLUMN name TO called;")),
    "a computed column": ("clip has other columns", sql(
        "ALTER TABLE clip DROP COLUMN film; ALTER TABLE clip ADD COLUMN film TEXT AS (hex(zeroblob(99999999)));")),
    "no key": ("player has other columns", rebuilt("player", lambda text: "CREATE TABLE player (id INTEGER NOT NULL, "
        "name VARCHAR NOT NULL, CONSTRAINT uq_player_name UNIQUE (name))")),
    "a table without numbers": ("session has other columns", rebuilt("session", lambda text: text + " WITHOUT ROWID")),
    "no version": ("does not say of which version", sql("DELETE FROM alembic_version;")),
    "two versions": ("does not say of which version", sql("INSERT INTO alembic_version VALUES ('0001');")),
    "a version of bytes": ("does not say of which version", sql("UPDATE alembic_version SET version_num = x'00';")),
    "a version to come": ("newer version", sql("UPDATE alembic_version SET version_num = '9999';")),
    "an older version than its tables": ("its database", sql("UPDATE alembic_version SET version_num = '0003';")),
    "no versions": ("none of KICKY's", sql("DROP TABLE alembic_version;")),
    "another program's": ("none of KICKY's", sql(
        "DROP TABLE alembic_version; DROP TABLE measure; CREATE TABLE moz_places (id INTEGER PRIMARY KEY);")),
    "no database": ("its database is damaged", content(b"goal" * 500)),
    "an empty database": ("none of KICKY's", content(b"")),
    "a database's head": ("its database", content(b"SQLite format 3\0")),
    "a tree that is its own branch": ("its database is damaged", turning),
    "a tree of endless branches": ("its database", wide),
    "a text of 70 MB": ("its database is damaged", huge),
}  # fmt: skip


@tried(SHAPES)
def test_a_database(words: str, harm: Harm, pieces: Pieces, home: Path) -> None:
    refused(harm(pieces) or pieces.packed(), words, home)


def test_checks_of_theirs_are_never_asked(pieces: Pieces, home: Path) -> None:
    """A table whose check fails, or takes for ever, is read as any other."""
    pieces.sql(
        "PRAGMA writable_schema=ON;"
        "UPDATE sqlite_master SET sql = replace(sql, 'name VARCHAR', 'name VARCHAR CHECK (length(hex(zeroblob("
        "30000000))) = 0)') WHERE name = 'player';"
    )
    assert house.restore(pieces.packed(), work.silent)["clips"] == 2


# --- what stands in its columns --------------------------------------------------------------------

DEEP = "[" * 100_000
SCENE = {"goal_corners_px": [[110, 40], [210, 40], [210, 80], [110, 80]], "goal_size_m": [7.32, 2.44]}
CAMERA = {
    "parameters": [7.0, 0, 0, 0, 0, 12, 1.4], "covariance": [[0.0] * 7] * 7, "size_wh_px": [320, 180],
    "residual_px": 1.0, "height_from": "", "focal_from": "",
}  # fmt: skip
BUNDLE = {"camera": CAMERA, "before": CAMERA, "ball_bias_px": 1.0, "ball_bias_sd_px": 1.0, "shots": 3}


def bomb_jpeg() -> bytes:
    """-> a JPEG of a few hundred bytes that says it is 65,000 pixels wide and high."""
    whole = bytearray(picture((32, 18)))
    at = whole.index(b"\xff\xc0") + 5
    whole[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(whole)


def bomb_png() -> bytes:
    whole = bytearray(picture((32, 18), "PNG"))
    whole[16:24] = struct.pack(">II", 65_000, 65_000)
    whole[29:33] = struct.pack(">I", zlib.crc32(whole[12:29]))
    return bytes(whole)


def scene(**changes: Any) -> str:
    return json.dumps(SCENE | changes)


def run_document(change: Callable[[dict[str, Any]], object] = lambda run: None, **columns: Any) -> Harm:
    """What changes a run's document, columns of its row -> a backup with that run."""

    def harm(pieces: Pieces) -> None:
        answer = {"outcome": "goal", "p_goal": 0.9, "how": "in_net", "why": "", "foot": "left", "p_left": 0.8,
                  "kick_frame": 6, "posed": True, "ball_off": [[1.0, None]], "frames": [], "ms": 1.0,
                  "memory_mb": None, "failed": ""}  # fmt: skip
        said = {"outcome": "goal", "how": "", "foot": "left", "contact_frame": 6, "sure": True}
        case = {"clip": "a.mp4", "sha256": "0" * 64, "session": "s", "split": "", "tags": [], "truth": said,
                "answer": answer}  # fmt: skip
        run = {"label_set": "here", "detector": "motion", "downstream": "flight", "cases": [case], "made_with": {},
               "tuned": [], "made_at": ""}  # fmt: skip
        change(run)
        figure = {"value": 0.5, "low": 0.1, "high": 0.9, "n": 2, "k": 1}
        figures = {"clips": 1, "goal": figure, "recall": figure, "failed": [], "contact_off": [0.0, 1.0]}
        row = {
            "key": "k", "label_set": "here", "detector": "motion", "downstream": "flight", "made_with": "{}",
            "tuned": "[]", "scores": json.dumps({"split": {"all": figures}}), "truth_key": "",
            "document": zlib.compress(json.dumps(run).encode()), "made_at": "2026-11-21 12:00:00.000000",
        } | columns  # fmt: skip
        names = ", ".join(row)
        pieces.sql(f"INSERT INTO run ({names}) VALUES ({', '.join('?' * len(row))})", *row.values())  # noqa: S608

    return harm


def run_bomb() -> bytes:
    packing = zlib.compressobj(9)
    return b"".join([*(packing.compress(bytes(1 << 20)) for _ in range(200)), packing.flush()])


def label(field: str, value: str) -> tuple[str, object, str]:
    return (
        "INSERT INTO label (clip_id, field, value, who, made_at) VALUES (1, ?, ?, '', '2026-11-21 12:00:00')",
        field,
        value,
    )


LOOK = "INSERT INTO appearance (shot_id, label, vector) VALUES (1, 'P1', ?)"
COLUMNS: dict[str, tuple[str, str, object]] = {
    # What is of another kind than its column holds, or not there.
    "bytes for words": ("shot, why is", "UPDATE shot SET why = ?", b"\xff\x00"),
    "words that are no letters": ("its database is damaged", "UPDATE shot SET why = CAST(? AS TEXT)", b"\xff\xfe"),
    "words for a number": ("clip, frames is", "UPDATE clip SET frames = ?", "many"),
    "bytes for a number": ("shot, p_goal is", "UPDATE shot SET p_goal = ?", b"1"),
    "a share for a whole number": ("clip, width is", "UPDATE clip SET width = ?", 1.5),
    "words for bytes": ("cut, thumb is", "UPDATE cut SET thumb = ?", "thumb"),
    # Words.
    "an outcome nobody knows": ("shot, outcome is banana", "UPDATE shot SET outcome = ?", "banana"),
    "a how nobody knows": ("shot, how is", "UPDATE shot SET how = ?", "sideways"),
    "a foot nobody has": ("shot, foot is", "UPDATE shot SET foot = ?", "third"),
    "named by nobody": ("shot, player_by is", "UPDATE shot SET player_by = ?", "magic"),
    "a state of no cut": ("cut, state is", "UPDATE cut SET state = ?", "lost"),
    "a measure nobody knows": ("measure, name is", "UPDATE measure SET name = ? WHERE name = 'speed'", "luck"),
    "a reason of 5 MB": ("shot, why is", "UPDATE shot SET why = ?", "x" * 5_000_000),
    "a name of 5 MB": ("player, name is", "UPDATE player SET name = ? WHERE id = 1", "x" * 5_000_000),
    "a name of nothing": ("player, name is", "UPDATE player SET name = ? WHERE id = 1", "  "),
    "a name with a zero in it": ("clip, name is", "UPDATE clip SET name = ? WHERE id = 1", "a\0b"),
    "a name that rings": ("session, place is", "UPDATE session SET place = ?", "\x1b[2J\x07"),
    "a hash that is none": ("clip, sha256 is", "UPDATE clip SET sha256 = ? WHERE id = 1", "../../etc/passwd"),
    "a film somewhere below": ("film, path is", "UPDATE film SET path = ?", "../../secret.mp4"),
    "a film of a zero": ("film, path is", "UPDATE film SET path = ?", "/a\0b"),
    # Numbers.
    "a chance without bounds": ("shot, p_goal is", "UPDATE shot SET p_goal = ?", float("inf")),
    "a chance of seven": ("shot, p_goal is", "UPDATE shot SET p_goal = ?", 7.0),
    "a speed without bounds": ("measure, value is", "UPDATE measure SET value = ?", float("inf")),
    "a speed beyond light": ("measure, high is", "UPDATE measure SET high = ?", -1e300),
    "a measure without a reason": ("has neither a number", "UPDATE measure SET value = NULL, why_not = ?", ""),
    "a number without an interval": ("has neither a number", "UPDATE measure SET low = NULL WHERE value > ?", 0),
    "a kick beyond the film": ("kick_frame is 900", "UPDATE shot SET kick_frame = ?", 900),
    "an end beyond the film": ("outcome_frame is 900", "UPDATE shot SET outcome_frame = ?", 900),
    "a kick before the film": ("shot, kick_frame is", "UPDATE shot SET kick_frame = ?", -1),
    "a film of frames below none": ("clip, frames is", "UPDATE clip SET frames = ?", -5),
    "a film of 10^18 frames": ("clip, frames is", "UPDATE clip SET frames = ?", 10**18),
    "a picture of no width": ("clip, width is", "UPDATE clip SET width = ?", 0),
    "a film that goes backwards": ("clip, slow_motion is", "UPDATE clip SET slow_motion = ?", -1.0),
    "a film that stands": ("clip, slow_motion is", "UPDATE clip SET slow_motion = ?", 0.0),
    "a film without end": ("clip, duration_s is", "UPDATE clip SET duration_s = ?", float("inf")),
    "a film of a size below none": ("film, size_bytes is", "UPDATE film SET size_bytes = ?", -1),
    "a cut that ends before it begins": ("goes from frame", "UPDATE cut SET last = ?", 3),
    "a cut beyond its film": ("goes from frame", "UPDATE cut SET last = ?", 900_000),
    "a kick beyond its film": ("goes from frame", "UPDATE cut SET kick = ?", 900_000),
    "thumbs of seven": ("advice, thumbs is", "UPDATE advice SET thumbs = ?", 7),
    # Days and moments.
    "a day that is none": ("session, date is", "UPDATE session SET date = ?", "2026-02-31"),
    "a day of the year 9999": ("session, date is", "UPDATE session SET date = ?", "9999-12-31"),
    "a day of the year 0": ("session, date is", "UPDATE session SET date = ?", "0000-00-00"),
    "a moment that is none": ("shot, made_at is", "UPDATE shot SET made_at = ?", "yesterday"),
    "a moment with a zone": ("shot, made_at is", "UPDATE shot SET made_at = ?", "2026-11-21 12:00:00+02:00"),
    "a moment of the year 1": ("label, made_at is", "UPDATE label SET made_at = ?", "0001-01-01 00:00:00.000000"),
    # JSON.
    "players that are a table": ("shot, players is", "UPDATE shot SET players = ?", '{"P1": 1}'),
    "notes that are numbers": ("shot, notes is", "UPDATE shot SET notes = ?", "[1, 2]"),
    "notes of half letters": ("shot, notes is", "UPDATE shot SET notes = ?", '["\\ud800"]'),
    "made with half letters": ("shot, made_with is", "UPDATE shot SET made_with = ?", '{"a": ["\\udc00"]}'),
    "notes without an end": ("shot, notes is", "UPDATE shot SET notes = ?", DEEP),
    "seconds that are not a number": ("shot, seconds is", "UPDATE shot SET seconds = ?", '{"detect": NaN}'),
    "seconds without bounds": ("shot, seconds is", "UPDATE shot SET seconds = ?", '{"detect": 1e999}'),
    "seconds that are words": ("shot, seconds is", "UPDATE shot SET seconds = ?", '{"detect": "1"}'),
    "made with a list": ("shot, made_with is", "UPDATE shot SET made_with = ?", "[]"),
    "made with no JSON": ("shot, made_with is", "UPDATE shot SET made_with = ?", "{"),
    "made with 5 MB": ("shot, made_with is", "UPDATE shot SET made_with = ?", json.dumps({"a": "x" * 5_000_000})),
    "a goal of three corners": ("session, scene is", "UPDATE session SET scene = ?",
                                scene(goal_corners_px=[[1, 1], [50, 1], [50, 20]])),
    "a goal of words": ("session, scene is", "UPDATE session SET scene = ?", scene(goal_corners_px="four")),
    "a goal without bounds": ("session, scene is", "UPDATE session SET scene = ?",
                              scene(goal_corners_px=[[1, 1], [1e999, 1], [50, 20], [1, 20]])),
    "a goal that is crossed": ("clip, scene is", "UPDATE clip SET scene = ?",
                               scene(goal_corners_px=[[110, 40], [110, 80], [210, 80], [210, 40]])),
    "a goal of no size": ("session, scene is", "UPDATE session SET scene = ?", json.dumps(
        {"goal_corners_px": SCENE["goal_corners_px"]})),
    "a goal of a mile": ("session, scene is", "UPDATE session SET scene = ?", scene(goal_size_m=[1609, 2])),
    "a camera in words": ("session, scene is", "UPDATE session SET scene = ?", scene(camera_height_m="high")),
    "a camera of 6 numbers": ("session, scene is", "UPDATE session SET scene = ?", scene(
        bundle=BUNDLE | {"camera": CAMERA | {"parameters": [1.0] * 6}})),
    "a camera that is not there": ("session, scene is", "UPDATE session SET scene = ?", scene(
        bundle={"shots": 3})),
    "a phone of a thousand letters": ("session, scene is", "UPDATE session SET scene = ?", scene(phone="x" * 1000)),
    "a phone with a bell": ("session, scene is", "UPDATE session SET scene = ?", scene(phone="iPhone\a13")),
    "a zoom in words": ("session, scene is", "UPDATE session SET scene = ?", scene(zoom="wide")),
    "a lens known better than not at all": ("session, scene is", "UPDATE session SET scene = ?", scene(lens_log_sd=-1)),
    "a line nobody paints": ("session, scene is", "UPDATE session SET scene = ?", scene(marks={"moon": [[1, 2]]})),
    "a line of one point": ("session, scene is", "UPDATE session SET scene = ?", scene(marks={"box": [[1, 2]]})),
    "a spot nowhere": ("session, scene is", "UPDATE session SET scene = ?", scene(marks={"spot": [[1, 1e999]]})),
    "a ball without a spread": ("session, scene is", "UPDATE session SET scene = ?", scene(ball_m=[11.0])),
    "a ball behind the goal": ("clip, scene is", "UPDATE clip SET scene = ?", scene(ball_m=[-11.0, 0.3])),
    "a ball somewhere": ("session, scene is", "UPDATE session SET scene = ?", scene(ball_said={"choice": "there"})),
    "a ball beyond all bounds": ("session, scene is", "UPDATE session SET scene = ?", scene(
        ball_said={"choice": "steps", "number": 1e99})),
    "passages that are words": ("advice, passages is", "UPDATE advice SET passages = ?", '["Lean over the ball."]'),
    "passages of numbers": ("advice, passages is", "UPDATE advice SET passages = ?", "[[1, 2, true, 3]]"),
    # Bytes.
    "a look of one byte": ("appearance, vector is", LOOK, b"\0"),
    "a look of another length": ("appearance, vector is", LOOK, bytes(2000)),
    "a look without bounds": ("appearance, vector is", LOOK, np.full(3 * 1352 + 3, np.inf, "<f2").tobytes()),
    "a small picture that is none": ("cut, thumb is", "UPDATE cut SET thumb = ?", b"GIF89a"),
    "a small picture of 4 gigapixels": ("cut, thumb is", "UPDATE cut SET thumb = ?", bomb_jpeg()),
    # Rows that point at nothing, and rows that are there twice.
    "a clip of no session": ("a clip in it belongs to a session", "UPDATE clip SET session_id = ?", 77),
    "a measure of no shot": ("a measure in it belongs to a shot", "UPDATE measure SET shot_id = shot_id + ?", 77),
    "a shot of nobody": ("a shot in it belongs to a player", "UPDATE shot SET player_id = ?", 77),
    "advice on nothing": ("contradicts itself", "UPDATE advice SET shot_id = NULL WHERE id > ?", 0),
    "settings that are no JSON": ("its setting tuned_splits", "UPDATE setting SET value = ?", "tuned"),
    "settings of another shape": ("its setting tuned_splits", "UPDATE setting SET value = ?", '{"a": 1}'),
}  # fmt: skip
LABELS: dict[str, tuple[str, str]] = {
    "an outcome": ("outcome", "banana"), "a foot": ("foot", "third"), "a frame below none": ("contact_frame", "-1"),
    "a frame of 5000 digits": ("contact_frame", "9" * 5000), "a frame in other letters": ("contact_frame", "²"),
    "a frame beyond the film": ("truth:contact_frame", "900"), "a how": ("truth:how", "sideways"),
    "a ball nowhere": ("ball_px", "nan,1.0"), "a ball beyond the picture": ("ball_px", "90000.0,1.0"),
    "a ball on no pitch": ("ball_lay", "metres:nan"), "a ball at a mark nobody knows": ("ball_lay", "moon"),
    "a ball with a tail": ("ball_px", "1.0,2.0; DROP TABLE clip"),
    "stars": ("stars", "9"), "stars in words": ("stars", "many"), "a kick": ("cut:kick", "1.5"),
    "boxes that are no JSON": ("boxes:3", "ball"), "boxes without an end": ("boxes:3", DEEP),
    "a box of nothing known": ("boxes:3", '[{"label": "dog", "box_px": [1, 2, 3, 4]}]'),
    "a box without bounds": ("boxes:3", '[{"label": "ball", "box_px": [1, 2, 3, 1e999]}]'),
    "a box of three": ("boxes:3", '[{"label": "ball", "box_px": [1, 2, 3]}]'),
    "boxes in no frame": ("boxes:first", "[]"), "a megabyte of words": ("note", "x" * 2_000_000),
}  # fmt: skip
RUNS: dict[str, Harm] = {
    "an answer nobody knows": run_document(lambda run: run["cases"][0]["answer"].update(outcome="banana")),
    "an answer of nothing": run_document(lambda run: run["cases"][0]["answer"].update(outcome="")),
    "a number for a word": run_document(lambda run: run["cases"][0]["truth"].update(foot=1)),
    "a chance without bounds": run_document(lambda run: run["cases"][0]["answer"].update(p_goal=float("inf"))),
    "no clips": run_document(lambda run: run.pop("cases")),
    "not packed": run_document(document=b"{}"),
    "200 MB in 200 kB": run_document(document=run_bomb()),
    "figures missing": run_document(scores='{"split": {"all": {"clips": 1}}}'),
    "figures in words": run_document(scores='{"split": {"all": {"clips": "all", "failed": []}}}'),
    "figures by the moon": run_document(scores='{"moon": {}}'),
}  # fmt: skip


@pytest.mark.parametrize(("words", "script", "value"), list(COLUMNS.values()), ids=list(COLUMNS))
def test_a_column(words: str, script: str, value: object, pieces: Pieces, home: Path) -> None:
    pieces.sql(script, value)
    refused(pieces.packed(), words, home)


@pytest.mark.parametrize(("field", "value"), list(LABELS.values()), ids=list(LABELS))
def test_a_label(field: str, value: str, pieces: Pieces, home: Path) -> None:
    pieces.sql(*label(field, value))
    refused(pieces.packed(), "in its table label, ", home)


@pytest.mark.parametrize("harm", list(RUNS.values()), ids=list(RUNS))
def test_a_run(harm: Harm, pieces: Pieces, home: Path) -> None:
    harm(pieces)
    refused(pieces.packed(), "in its table run, ", home)


def test_a_run_that_is_one_comes(pieces: Pieces, home: Path) -> None:
    run_document()(pieces)
    house.restore(pieces.packed(), work.silent)
    (row,) = backups.rows()["run"]
    assert row[1] == "k"


def test_goals_and_cameras_that_are_some_come(pieces: Pieces, home: Path) -> None:
    pieces.sql("UPDATE session SET scene = ?", scene(bundle=BUNDLE, lens_mm=26.0, camera_height_m=1.4))
    assert house.restore(pieces.packed(), work.silent)["clips"] == 2


MARKS = {"spot": [[150, 90]]}


def test_what_was_said_of_phone_and_ball_comes(pieces: Pieces, home: Path) -> None:
    lens = {"phone": "iPhone 13", "zoom": "0.5×", "lens_mm": 14.3, "lens_log_sd": 0.059, "lens_words": "iPhone 13"}
    ball = {"ball_m": [16.0, 1.92], "ball_said": {"choice": "steps", "number": 20, "words": "20 steps"}}
    pieces.sql("UPDATE session SET place = 'elsewhere', scene = ?", scene(**lens, **ball, marks=MARKS))
    pieces.sql("INSERT INTO setting (key, value) VALUES ('phone.yours', ?)", "iPhone 13")
    house.restore(pieces.packed(), work.silent)
    said = [phones.stated(session.id) for session in sessions.listed()]
    assert phones.StatedView("iPhone 13", "0.5×", ("steps", 20), asked=True) in said
    assert any(list(scenes.marks(session.id, (960, 540))) == ["spot"] for session in sessions.listed())
    assert phones.yours() is None  # this machine's own


def test_a_ball_that_was_shown_comes(pieces: Pieces, home: Path) -> None:
    pieces.sql(*label("ball_px", "40.0,20.5"))
    pieces.sql(*label("ball_lay", "steps:20"))
    house.restore(pieces.packed(), work.silent)
    assert sum("40.0,20.5" in row for row in backups.rows()["label"]) == 1
    assert sum("steps:20" in row for row in backups.rows()["label"]) == 1


# --- names of files --------------------------------------------------------------------------------

NAMES = {
    "the database": "../kicky.sqlite", "further up": "../../../../../../etc/hosts", "everything": "*",
    "from the root": "/etc/hosts", "in a folder": "a/b.mp4", "hidden": ".hidden", "not in it": "elsewhere.mp4",
    "one of any letters": "????????????????.mp4", "a folder": ".", "a zero": "a\0.mp4", "long": "a" * 300,
}  # fmt: skip
FILES = ["clip.file", "clip.browser_copy", "film.browser_copy", "shot.evidence", "shot.film"]


@pytest.mark.parametrize("column", FILES)
@pytest.mark.parametrize("name", list(NAMES.values()), ids=list(NAMES))
def test_a_name(name: str, column: str, pieces: Pieces, home: Path) -> None:
    table, _, field = column.partition(".")
    pieces.sql(f"UPDATE {table} SET {field} = ?", name)  # noqa: S608 a test's own words
    refused(pieces.packed(), f"in its table {table}, {field} is ", home)


def test_a_name_that_something_here_has_is_given_up(pieces: Pieces, home: Path) -> None:
    """What comes never lies in the place of what is here, and never takes it for its own."""
    other = pieces.one("SELECT sha256 FROM clip WHERE id = 2")
    mine = home / "db" / "media" / f"{other[:16]}-feed.npz"
    mine.write_bytes(b"mine")
    pieces.files[mine.name] = pieces.files.pop(pieces.evidence())
    pieces.sql("UPDATE shot SET evidence = ? WHERE id = 1", mine.name)
    house.restore(pieces.packed(), work.silent)
    assert mine.read_bytes() == b"mine"
    (came,) = [shot for shot in shots.listed() if shot.clip_name == "clip_1.mp4"]
    assert storage.evidence(came.id).kick_frame == 6
    clips.remove(came.clip_id)
    assert mine.read_bytes() == b"mine"


@pytest.mark.parametrize("column", FILES)
def test_a_file_that_was_gone_when_the_backup_was_made_is_no_reason(column: str, pieces: Pieces, home: Path) -> None:
    """Somebody had deleted it by hand: its row comes, and nothing that is here is taken for it."""
    table, _, field = column.partition(".")
    name = pieces.one(f"SELECT {field} FROM {table} WHERE id = 1")  # noqa: S608 a test's own words
    if name is None or table == "film" or column == "shot.film":
        sha256 = pieces.one("SELECT sha256 FROM clip WHERE id = 1")
        name = {"film": "film-1.browser.mp4", "clip": f"{sha256}.browser.mp4"}.get(table, f"{sha256[:16]}-9.film.mp4")
        pieces.sql(f"UPDATE {table} SET {field} = ? WHERE id = 1", name)  # noqa: S608
    pieces.files.pop(name, None)
    other = home / "db" / "media" / name
    other.write_bytes(b"mine")
    assert house.restore(pieces.packed(), work.silent)["clips"] == 2
    assert name not in {value for row in backups.rows()[table][-2:] for value in row}
    assert other.read_bytes() == b"mine"


# --- files -----------------------------------------------------------------------------------------


def evidence(change: Callable[[bytes], bytes]) -> Harm:
    """What changes the bytes of the first shot's evidence."""

    def harm(pieces: Pieces) -> None:
        pieces.files[pieces.evidence()] = change(pieces.files[pieces.evidence()])

    return harm


def arrays(about: dict[str, Any] | None = None, **changes: Any) -> Harm:
    """Words and arrays of the first shot's evidence; "__" stands for a point in a name."""
    return lambda pieces: pieces.arrays({key.replace("__", "."): value for key, value in changes.items()}, about)


def npz(members: dict[str, bytes], **how: Any) -> Harm:
    """Members of a zip -> that in place of the first shot's evidence."""

    def harm(pieces: Pieces) -> None:
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, **how) as packed:
            for name, data in members.items():
                packed.writestr(name, data)
        pieces.files[pieces.evidence()] = whole.getvalue()

    return harm


def npy(descr: str, shape: str, data: bytes = b"") -> bytes:
    """-> a .npy whose header says so."""
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text) + 1) + text + b"\n" + data


def swollen(pieces: Pieces) -> None:
    """300 MB of zeros in 300 kB, a tenth of what 3 MB can be."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed, \
            packed.open("time_s.npy", "w", force_zip64=True) as out:  # fmt: skip
        out.write(npy("'<f8'", f"({300 << 17},)"))
        for _ in range(300):
            out.write(bytes(1 << 20))
    pieces.files[pieces.evidence()] = whole.getvalue()


def lying_zip(pieces: Pieces) -> None:
    """A zip whose list says 200 bytes of what is 50 MB."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("time_s.npy", npy("'<f8'", "(9,)") + bytes(50 << 20))
    data = bytearray(whole.getvalue())
    at = data.rindex(b"PK\1\2")
    data[at + 24 : at + 28] = struct.pack("<I", 200)
    pieces.files[pieces.evidence()] = bytes(data)


def beside(ending: str, data: bytes) -> Harm:
    """A file that was made of the first shot's evidence."""

    def harm(pieces: Pieces) -> None:
        pieces.files[pieces.evidence().removesuffix("npz") + ending] = data

    return harm


def another_film(pieces: Pieces) -> None:
    names = [name for name in pieces.files if name == pieces.one("SELECT file FROM clip WHERE id = 1")]
    pieces.files[names[0]] = b"another film"


def swapped(pieces: Pieces) -> None:
    """Two shots that name each other's evidence."""
    one, other = (pieces.one(f"SELECT evidence FROM shot WHERE id = {k}") for k in (1, 2))  # noqa: S608
    pieces.sql("UPDATE shot SET evidence = ? WHERE id = 1", other)
    pieces.sql("UPDATE shot SET evidence = ? WHERE id = 2", one)


def goal_picture(data: bytes) -> Harm:
    def harm(pieces: Pieces) -> None:
        pieces.files["goal-2-4.png"] = data

    return harm


def still(data: bytes) -> Harm:
    def harm(pieces: Pieces) -> None:
        sha256 = pieces.one("SELECT sha256 FROM clip WHERE id = 1")
        pieces.files[f"{sha256}-0.jpg"] = data

    return harm


NONE, SHOWN = "is none that KICKY wrote", "is none that can be shown"
EVIDENCE: dict[str, tuple[str, Harm]] = {
    "a film that is another": ("is another one than its table says", another_film),
    "the evidence of another": ("another film than its table says", swapped),
    "no zip": (NONE, evidence(lambda _: b"goal" * 100)),
    "empty": (NONE, evidence(lambda _: b"")),
    "cut short": (NONE, evidence(lambda whole: whole[: len(whole) // 2])),
    "300 MB in 300 kB": (NONE, swollen),
    "a zip that lies": (NONE, lying_zip),
    "a header of 8 TB": (NONE, npz({"time_s.npy": npy("'<f8'", "(1000000000000,)")})),
    "a header beyond numbers": (NONE, npz({"time_s.npy": npy("'<f8'", "(99999999999999999999,)")})),
    "a header below nothing": (NONE, npz({"time_s.npy": npy("'<f8'", "(-1, -8)", bytes(64))})),
    "a header of a program": (NONE, npz({"time_s.npy": npy("__import__('os').abort()", "(1,)")})),
    "a header without an end": (NONE, npz({"time_s.npy": npy("'<f8'", "(" * 5000)})),
    "objects": (NONE, npz({"time_s.npy": npy("'|O'", "(1,)", b"\x80\4K\1.")})),
    "a record": (NONE, npz({"time_s.npy": npy("[('a', '<f8')]", "(1,)", bytes(8))})),
    "two thousand arrays": (NONE, npz({f"a{k}.npy": npy("'<f8'", "(1,)", bytes(8)) for k in range(2000)})),
    "no arrays": (NONE, npz({})),
    "an array missing": (NONE, arrays(track0__score=None)),
    "an array of another shape": (NONE, arrays(track0__score=np.zeros((3, 3)))),
    "times that fall": (NONE, arrays(time_s=np.zeros(24))),
    "times without bounds": ("number without bounds", arrays(time_s=np.r_[np.arange(23.0), np.inf])),
    "a track without bounds": ("number without bounds", arrays(track0__centre_px=np.full((24, 2), np.inf))),
    "a track of words": ("number without bounds", arrays(track0__score=np.full(24, "high"))),
    "a score without bounds": ("number without bounds", arrays(track0__score=np.full(24, -1e300))),
    "a path of another length": (NONE, arrays(flight__xyz_m=np.full((1, 3), 1e300))),
    "a candidate beyond the film": ("frame that the film does not have", arrays(
        candidates__frame=np.array([900]), candidates__centre_px=np.zeros((1, 2)),
        candidates__diameter_px=np.ones(1), candidates__score=np.ones(1))),
    "words that are no JSON": (NONE, npz({"about.npy": npy("'<U1'", "()", b"x\0\0\0")})),
    "a kick beyond the film": ("frame that the film does not have", arrays({"kick_frame": 900})),
    "a kick in words": ("is no number", arrays({"kick_frame": "soon"})),
    "a shooter nobody saw": ("who is not there", arrays({"shooter": "P9"})),
    "a shooter that is a list": ("is no number", arrays({"shooter": ["P1"]})),
    "a picture of no size": ("no length or no size", arrays({"size_wh_px": [0, 0]})),
    "a picture of words": ("is no number", arrays({"size_wh_px": ["wide", "high"]})),
    "a take beyond the film": (NONE, arrays({"take": [0, 900]})),
    "a reason of half letters": ("no text", arrays({"shooter_why_not": "\ud800"})),
    "a reason of 5 MB": ("no text", arrays({"flight_why_not": "x" * 5_000_000})),
    "labels of numbers": ("no text", arrays({"labels": [1, 2, 3], "shooter": None, "keeper": None})),
    "a card of 4 gigapixels": (SHOWN, beside("card-1.png", bomb_png())),
    "a card that is none": (SHOWN, beside("card-2.png", b"GIF89a")),
    "a card of another kind": (SHOWN, beside("card-3.png", picture((9, 9)))),
    "a strip that is none": (SHOWN, beside("strip-6.json", b"[]")),
    "a strip without an end": (SHOWN, beside("strip-6.json", DEEP.encode())),
    "a strip of words": (SHOWN, beside("strip-6.json", b'{"frames": ["a"], "pictures": []}')),
    "a goal of 4 gigapixels": (SHOWN, goal_picture(bomb_png())),
    "a still that is none": (SHOWN, still(b"\xff\xd8\xff")),
    "a still of 4 gigapixels": (SHOWN, still(bomb_jpeg())),
}  # fmt: skip


@tried(EVIDENCE)
def test_a_file(words: str, harm: Harm, pieces: Pieces, home: Path) -> None:
    harm(pieces)
    refused(pieces.packed(), words, home)


@pytest.mark.parametrize("name", ["no zip", "300 MB in 300 kB", "a header of 8 TB", "objects", "a zip that lies"])
def test_evidence_that_is_none_is_told_in_a_sentence_wherever_it_is_read(name: str, pieces: Pieces, home: Path) -> None:
    """It may have been changed on the disk since: the page says so, and takes no gigabytes."""
    EVIDENCE[name][1](pieces)
    shot = shots.listed()[0]
    storage.evidence_file(shot.id).write_bytes(pieces.files[pieces.evidence()])
    with pytest.raises(KickyError, match=r"is damaged: analyse its clip again\."):
        storage.report(shot.id)
    with pytest.raises(KickyError, match=r"is damaged: analyse its clip again\."):
        archive.read_scene(storage.evidence_file(shot.id))
