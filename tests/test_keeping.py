"""Backups: whole or refused, into an empty home or merged by hash; what is deleted is nowhere; names change."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kicky import __main__, drafts, home, storage
from kicky.errors import StorageFailed
from kicky.home import database, database_url, media
from kicky.service import clips, house, players, saturdays, scenes, sessions, shots, teaching, truth, work
from kicky.storage import database as store
from kicky.storage import engines, labels
from kicky.storage.engines import Sqlite
from kicky.storage.kinds import BESIDE
from kicky.storage.tables import JobRow
from kicky.teach import autolabel, dataset, runs
from kicky.teach.labelled import Thing

from . import postgres
from .pages.filled import NASTY, draw, fill

pytestmark = pytest.mark.stores


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    """-> the shots of the filled house, one of them labelled."""
    (own_home / "films").mkdir()
    numbers = fill(own_home / "films")
    truth.answer(shots.one(numbers[0]).clip_id, "outcome", "goal", "Ana")
    return numbers


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """-> what moves to an empty home."""

    def move() -> None:
        (tmp_path / "other").mkdir()
        monkeypatch.setenv("KICKY_HOME", str(tmp_path / "other"))
        if address := database_url():
            monkeypatch.setenv("KICKY_DATABASE", postgres.new_database(address.rpartition("/")[0]))

    return move


def told() -> tuple[object, ...]:
    """-> all that a player sees of his shots, without what files are called."""
    rows = [
        (s.clip_name, s.date, s.place, s.outcome, s.foot, s.player, len(s.measures), s.kick_frame)
        for s in shots.listed()
    ]
    days = [(s.date, s.place, s.clips, s.shots, s.goals, s.has_scene) for s in sessions.listed()]
    return (
        sorted(map(str, rows)),
        sorted(map(str, days)),
        [str(t) for t in truth.truths().values()],
        players.names(),
    )


def test_into_an_empty_home_all_comes_as_it_was(
    taken: list[int], own_home: Path, elsewhere: Callable[[], None]
) -> None:
    before, file = told(), own_home / "all.kicky"
    assert house.backup(file, work.silent) == file.stat().st_size
    elsewhere()
    came = house.restore(file, work.silent)
    assert (came["sessions"], came["clips"], came["shots"]) == (2, 7, 6)
    assert told() == before
    first = next(shot for shot in shots.listed() if shot.clip_name == "clip_1.mp4")
    assert storage.report(first.id).shot.kick_frame == 6
    assert first.film is not None
    assert first.film.read_bytes()
    assert not list((own_home / "other" / "db").glob(".restore*"))


def test_into_a_home_with_clips_only_what_is_new_comes(taken: list[int], own_home: Path) -> None:
    file = own_home / "all.kicky"
    house.backup(file, work.silent)
    before = told()
    assert house.restore(file, work.silent)["clips"] == 0
    assert told() == before
    removed = shots.one(taken[0])
    clips.remove(removed.clip_id)
    came = house.restore(file, work.silent)
    assert (came["sessions"], came["clips"], came["shots"]) == (0, 1, 1)
    assert told() == before


@pytest.mark.parametrize("spoil", ["short", "flipped", "empty", "text", "climbing"])
def test_a_broken_backup_changes_nothing(taken: list[int], own_home: Path, spoil: str) -> None:
    file = own_home / "all.kicky"
    house.backup(file, work.silent)
    whole = file.read_bytes()
    spoiled = bytearray(whole)
    spoiled[len(whole) // 2] ^= 1
    climbing = whole.replace(b"db/media/", b"../media/", 1)
    file.write_bytes(
        {
            "short": whole[: len(whole) // 2],
            "flipped": bytes(spoiled),
            "empty": b"",
            "text": b"goal",
            "climbing": climbing,
        }[spoil]
    )
    before = told()
    with pytest.raises(StorageFailed, match="is not a whole backup of KICKY"):
        house.restore(file, work.silent)
    assert told() == before
    assert not list((own_home / "db").glob(".restore*"))


@pytest.mark.sqlite_only
def test_a_backup_of_a_newer_program_is_refused(taken: list[int], own_home: Path) -> None:
    with closing(sqlite3.connect(database())) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    copy = own_home / "newer.kicky"
    with pytest.raises(StorageFailed, match="newer version"):
        house.backup(copy, work.silent)
    assert not copy.exists()


@pytest.mark.sqlite_only
def test_a_backup_of_an_older_program_is_brought_up_to_date(
    taken: list[int], own_home: Path, elsewhere: Callable[[], None]
) -> None:
    with closing(sqlite3.connect(database())) as db:
        db.executescript(
            "DROP TABLE drawing;"
            "ALTER TABLE clip DROP COLUMN filmed_on; DROP TABLE run; ALTER TABLE shot DROP COLUMN ball_sure;"
            "UPDATE alembic_version SET version_num = '0005'"
        )
    from kicky.storage import tarball

    file = own_home / "old.kicky"
    files = {"db/kicky.sqlite": database()} | {f"db/media/{p.name}": p for p in media().iterdir() if p.is_file()}
    with closing(sqlite3.connect(database())) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    tarball.write(file, files, work.silent)
    elsewhere()
    assert house.restore(file, work.silent)["clips"] == 7
    assert Sqlite(database()).revision() == store.HEAD


def test_a_backup_never_replaces_a_good_one_by_half(
    taken: list[int], own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = own_home / "all.kicky"
    house.backup(file, work.silent)
    before = file.read_bytes()

    def stop(_stage: str, share: float) -> None:
        if share > 0.5:
            raise StorageFailed("The disk is full.")

    with pytest.raises(StorageFailed):
        house.backup(file, stop)
    assert file.read_bytes() == before
    assert sorted(path.name for path in own_home.iterdir() if "part" in path.name) == []
    with pytest.raises(StorageFailed, match="is a folder: name a file in it"):
        house.backup(own_home, work.silent)
    with pytest.raises(StorageFailed, match="There is no file"):
        house.restore(own_home / "nowhere.kicky", work.silent)


def test_two_homes_with_sessions_of_their_own_become_one(
    taken: list[int], own_home: Path, elsewhere: Callable[[], None]
) -> None:
    file = own_home / "all.kicky"
    house.backup(file, work.silent)
    elsewhere()
    same = sessions.new(dt.date(2026, 11, 7), "Parc")
    mine = draw(own_home / "mine.mp4", 0, (480, 270))
    clips.add(same, "mine.mp4", mine)
    came = house.restore(file, work.silent)
    assert (came["sessions"], came["clips"]) == (1, 7)  # the same day and place is the same session
    assert len(clips.listed(same)) == 4


# --- gone for good -----------------------------------------------------------------------------


def everywhere(words: bytes) -> list[str]:
    """Words -> the database's files in which they still stand."""
    return [path.name for path in database().parent.glob("kicky.sqlite*") if words in path.read_bytes()]


@pytest.mark.sqlite_only
def test_a_clip_that_is_deleted_is_nowhere(taken: list[int], own_home: Path) -> None:
    shot = shots.one(taken[0])
    row = storage.clip(shot.clip_id)
    sha, names = row.sha256, [row.file, storage.evidence_file(taken[0]).name, shot.film.name]
    assert everywhere(sha.encode())
    clips.remove(shot.clip_id)
    assert everywhere(sha.encode()) == []
    assert [name for name in names if (media() / name).exists()] == []
    assert taken[0] not in [each.id for each in shots.listed()]
    assert labels.get(shot.clip_id, "truth:outcome") == ""


def test_a_session_that_is_deleted_takes_its_clips_along(taken: list[int]) -> None:
    session = shots.one(taken[0]).session_id
    films = [media() / storage.clip(clip.id).file for clip in clips.listed(session)]
    sessions.remove(session)
    assert [each.id for each in sessions.listed()] != []
    assert session not in [each.id for each in sessions.listed()]
    assert [film for film in films if film.exists()] == []
    assert len(shots.listed()) == 3


def test_a_person_who_is_forgotten_is_nowhere_but_in_the_films(taken: list[int]) -> None:
    truth.answer(shots.one(taken[3]).clip_id, "shooter", "Ana", "Bo")
    assert players.forget("Ana") == 3
    assert "Ana" not in players.names()
    assert everywhere(b"Ana") == []
    assert len(shots.listed()) == 6
    assert players.forget("Ana") == 0


def anywhere(*marks: bytes) -> list[str]:
    """Marks -> every file of the home that bears one, in its name or in its bytes."""
    top = database().parent
    files = [path for path in top.rglob("*") if path.is_file()]
    return sorted(
        str(path.relative_to(top))
        for path in files
        if any(mark in str(path.relative_to(top)).encode() + b"|" + path.read_bytes() for mark in marks)
    )


def killed(film: Path) -> None:
    """A film -> what killed work of now and of earlier programs leaves of it, and the copy before an update."""
    db, whole = database().parent, film.read_bytes()
    for name in (".0123abcd.sqlite", ".0123abcd.sqlite-journal", "kicky.before-0006.sqlite",
                 "kicky.before-0006.sqlite-wal", "kicky.before-0006.sqlite.part"):  # fmt: skip
        (db / name).write_bytes(database().read_bytes() + whole)
    for name in (f".{'0a' * 16}.mp4", f".draft-{'0a' * 16}.mp4", ".abc-x1y2z3w4.mp4", f".{film.name}.part"):
        (media() / name).write_bytes(whole)
    for name in (".restore-0123abcd", f".draft-{'0b' * 16}"):
        (db / name / "db" / "media").mkdir(parents=True)
        (db / name / "db" / "media" / film.name).write_bytes(whole)


def taught(clip_id: int, who: str) -> dataset.Dataset:
    """Clip, a person -> a data set of it and of another clip, put right by that person, and a training on it."""
    made, rows = dataset.new("mine"), [storage.clip(clip_id), *storage.clip_rows([clip_id % 7 + 1])]

    def see(_clip: object, frames: Iterable[int]) -> Iterator[tuple[int, tuple[Thing, ...]]]:
        return ((frame, (Thing("ball", (1.0, 2.0, 9.0, 10.0)),)) for frame in frames)

    sources = [autolabel.Source(media() / row.file, row.name) for row in rows]
    autolabel.autolabel(made, sources, see, {"by": "hand"}, work.silent, 0.2)
    drawn = autolabel.from_person([Thing("ball", (2.0, 2.0, 9.0, 9.0))], who)
    for picture in made.pictures():
        made.correct(picture.file, drawn, who)
    made.write_coco()
    runs.describe("student", {"dataset": "mine", "state": "running"})
    (home.runs() / "student" / "data" / "train").mkdir(parents=True)
    (home.runs() / "student" / "data" / "train" / f"{rows[0].sha256[:16]}_000000_t1.jpg").write_bytes(b"tile")
    return made


@pytest.mark.sqlite_only
@pytest.mark.parametrize("whole", [False, True], ids=["clip", "session"])
def test_nothing_of_a_clip_that_is_deleted_is_left_in_the_home(taken: list[int], whole: bool) -> None:
    shot = shots.one(taken[0])
    row = storage.clip(shot.clip_id)
    film = media() / row.file
    middle = film.stat().st_size // 2
    marks = row.sha256[:16].encode(), film.read_bytes()[middle : middle + 64]
    scenes.still(row.id or 0, 3)
    shots.card(shot.id, phone=False)
    killed(film)
    made = taught(row.id or 0, "Bo")
    (database().parent / "worker.log").write_text(f"{film} failed\n", encoding="utf-8")
    with store.writing() as db:
        db.add(JobRow(kind=BESIDE, state="done", settings={"one": 1, "other": 2, "sha256": row.sha256}))
    assert len(anywhere(*marks)) > 20
    sessions.remove(row.session_id) if whole else clips.remove(row.id or 0)
    assert anywhere(*marks) == []
    left = {picture.clip for picture in made.pictures()}
    assert row.sha256 not in left
    assert len(left) == (0 if whole else 1)
    assert len(list(made.folder.rglob("_annotations.coco.json"))) == (0 if whole else 3)


@pytest.mark.sqlite_only
def test_nothing_of_a_person_who_is_forgotten_is_left_in_the_home(taken: list[int]) -> None:
    name = "Anabel Markwort"
    players.rename("Ana", name)
    shot = shots.one(taken[0])
    truth.answer(shot.clip_id, "foot", "left", name)
    shots.card(shot.id, phone=False)
    killed(media() / storage.clip(shot.clip_id).file)
    made = taught(shot.clip_id, name)
    before = len(list(made.pictures()))
    (database().parent / "worker.old.log").write_text(f"{name}\n", encoding="utf-8")
    assert len(anywhere(name.encode())) > 8
    players.forget(name)
    assert anywhere(name.encode()) == []
    assert len(list(made.pictures())) == before
    assert {thing.box_px for picture in made.pictures() for thing in picture.things} == {(2.0, 2.0, 9.0, 9.0)}


@pytest.mark.sqlite_only
def test_what_is_being_taught_from_is_not_deleted(taken: list[int]) -> None:
    clip = shots.one(taken[0]).clip_id
    job = teaching.label("mine", [clip], "measured")
    with pytest.raises(StorageFailed, match="being taught from just now: stop that on the Teach page first"):
        clips.remove(clip)
    assert shots.one(taken[0]).clip_id == clip
    work.cancel(job)
    clips.remove(clip)


@pytest.mark.sqlite_only
def test_a_copy_that_somebody_writes_is_not_swept(taken: list[int]) -> None:
    with drafts.draft_folder(database().parent) as held, drafts.draft(media(), ".mp4") as film:
        clips.remove(shots.one(taken[0]).clip_id)
        assert held.is_dir()
        assert film.exists()


@pytest.mark.sqlite_only
def test_traces_that_another_program_still_reads_are_told_of(taken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 10)
    with closing(sqlite3.connect(database())) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM clip").fetchone()
        with pytest.raises(StorageFailed, match=r"traces of it are left on the disk.*once it has ended"):
            clips.remove(shots.one(taken[0]).clip_id)
    assert taken[0] not in [each.id for each in shots.listed()]


# --- names -------------------------------------------------------------------------------------


def test_a_name_changes_and_the_history_follows(taken: list[int]) -> None:
    players.rename("Ana", "  Ana  María ")
    assert set(players.names()) == {"Ana María", NASTY}
    assert (saturdays.per_shot()["player"] == "Ana María").sum() == 3


def test_two_names_become_one(taken: list[int]) -> None:
    players.rename(NASTY, "Ana")
    assert players.names() == ["Ana"]
    assert (saturdays.per_shot()["player"] == "Ana").sum() == 5
    players.rename("Ana", "   ")
    players.rename("Nobody", "Ana")
    assert players.names() == ["Ana"]


def test_on_the_command_line(taken: list[int], own_home: Path) -> None:
    file = str(own_home / "all.kicky")
    assert CliRunner().invoke(__main__.app, ["backup", file]).exit_code == 0
    done = CliRunner().invoke(__main__.app, ["restore", file])
    assert done.stdout.strip() == "0 sessions, 0 clips, 0 shots came."
