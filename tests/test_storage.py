"""What is stored comes back; what cannot be stored leaves nothing behind."""

import datetime as dt
import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from sqlalchemy import NullPool, create_engine, inspect
from sqlalchemy import text as sa_text
from sqlalchemy.exc import IntegrityError

from kicky import storage
from kicky.domain import Foot, FootCall, How, Measure, Outcome, PitchMark, Report, Rest, Shot, Verdict
from kicky.errors import KickyError, NotFound, StorageFailed, UnfitClip
from kicky.home import PROJECT, database_url, media
from kicky.home import database as file
from kicky.service import clips, coaching, players, scenes, sessions, shots, work
from kicky.storage import archive, database, engines, labels
from kicky.storage.advice import keep_advice
from kicky.storage.columns import Base
from kicky.storage.database import HEAD, reading, writing
from kicky.storage.tables import SessionRow

from .flights import flight, phone, struck

pytestmark = pytest.mark.stores
DAY = dt.date(2026, 11, 7)
NAMES = ["Åsa Øверин 足球.mp4", "x" * 200, '<script>alert("1")</script> *b* [l](http://a) \\ \' "; DROP TABLE clip; --']


@pytest.fixture
def clip_id(make_film: Callable[..., Path]) -> int:
    return clips.add(sessions.new(DAY, "Park"), "kick.mp4", make_film()).id


def query(sql: str) -> list[tuple[object, ...]]:
    """SQL -> rows, asked past the program."""
    with create_engine(database_url() or f"sqlite:///{file()}", poolclass=NullPool).connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def whole() -> bool:
    """-> whether the file is sound; a server sees to that itself."""
    return database_url() is not None or (
        query("PRAGMA integrity_check") == [("ok",)] and query("PRAGMA foreign_key_check") == []
    )


@pytest.mark.sqlite_only
def test_a_connection_has_every_pragma() -> None:
    with reading() as db:
        asked = [db.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                 ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")]  # fmt: skip
    assert asked == [1, "wal", 1, engines.BUSY_MS]


def test_a_report_comes_back_as_rows(clip_id: int, make_report: Callable[..., Report]) -> None:
    shot = shots.one(storage.save(make_report(), clip_id, "motion"))
    assert (shot.outcome, shot.p_goal, shot.how, shot.foot, shot.p_left) == ("goal", 0.9, "in_net", "left", 0.8)
    assert (shot.kick_frame, shot.kick_time_s, shot.shooter, shot.players) == (3, pytest.approx(0.1), "P1", ("P1",))
    assert (shot.detector, shot.method, shot.notes, shot.seconds) == (
        "motion",
        "rules2d",
        ("Two takes.",),
        {"detect": 0.5},
    )
    assert list(shot.measures) == ["speed", "trunk_lean"]
    assert (shot.measures["speed"].value, shot.measures["speed"].high) == (88.0, 140.0)
    assert shot.measures["trunk_lean"].value is None
    assert shot.measures["trunk_lean"].why_not == "No body was found at contact."
    assert abs(shot.made_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_the_evidence_comes_back_bit_by_bit(clip_id: int, make_report: Callable[..., Report]) -> None:
    report = make_report()
    shot = storage.evidence(storage.save(report, clip_id, "motion"))
    assert shot.clip.path.exists()
    assert (shot.clip.sha256, shot.clip.take, shot.kick_frame, shot.shooter) == ("ab" * 32, (1, 12), 3, "P1")
    for name in archive.TRACK:
        np.testing.assert_array_equal(getattr(shot.ball, name), getattr(report.shot.ball, name))
        np.testing.assert_array_equal(getattr(shot.players[0], name), getattr(report.shot.players[0], name))
    assert shot.pose is not None
    assert shot.scene is not None
    for name in archive.POSE:
        np.testing.assert_array_equal(getattr(shot.pose, name), getattr(report.shot.pose, name))
    np.testing.assert_array_equal(shot.scene.goal_corners_px, report.shot.scene.goal_corners_px)
    assert (shot.scene.goal_size_m, shot.scene.camera_height_m) == ((7.32, 2.44), 1.4)


def test_the_places_of_the_ball_come_back_and_how_sure_it_is(clip_id: int, make_report: Callable[..., Report]) -> None:
    report = make_report()
    rests = (
        Rest(np.array([20.5, 45.0]), 6.25, np.array([1, 2, 3]), np.array([1.0, 1.0, 0.5]), 1.5, 5),
        Rest(np.array([90.0, 20.0]), 8.0, np.array([1, 2]), np.ones(2), -2.2),
    )
    marks = (PitchMark("spot", ((0.1, 0.9),)), PitchMark("box", ((-1.0, 2.0), (1.5, 2.1))))
    scene = replace(report.shot.scene, given_up="The ball was left out.", marks=marks) if report.shot.scene else None
    shot = replace(report.shot, rests=rests, ball_sure=0.75, scene=scene)
    back = storage.evidence(storage.save(replace(report, shot=shot), clip_id, "motion"))
    assert back.ball_sure == 0.75
    assert back.scene is not None
    assert back.scene.given_up == "The ball was left out."
    assert back.scene.marks == marks
    assert [(rest.diameter_px, rest.likely, rest.bare_frame) for rest in back.rests] == [
        (6.25, 1.5, 5), (8.0, -2.2, None),
    ]  # fmt: skip
    for one, other in zip(rests, back.rests, strict=True):
        for name in archive.REST:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def with_flight(report: Report, **changes: object) -> Report:
    """-> the same, with candidates, a camera and a flight."""
    camera = phone(size_wh_px=(160, 90))
    shot = struck(report.shot, camera, flight(camera, report.shot.clip.time_s, 3, until_s=0.3))
    shot = replace(shot, clip=replace(shot.clip, lens_mm=26.0))
    return replace(report, shot=shot, **changes)


def assert_same(one: object, other: object, name: str = "") -> None:
    """Every array and value of two nouns is the same; the archive shortens some arrays to seven digits."""
    if is_dataclass(one) and not isinstance(one, type):
        assert type(one) is type(other)
        for part in fields(one):
            assert_same(getattr(one, part.name), getattr(other, part.name), f"{name}.{part.name}")
    elif isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        assert one.dtype == other.dtype, name
        np.testing.assert_allclose(one, other, rtol=1e-6, err_msg=name)
    elif isinstance(one, tuple) and one and is_dataclass(one[0]):
        assert isinstance(other, tuple)
        for place, (mine, yours) in enumerate(zip(one, other, strict=True)):
            assert_same(mine, yours, f"{name}[{place}]")
    elif not name.endswith("clip.path"):  # the film has its own name in the media folder
        assert one == other, name


def test_a_report_comes_back_whole(clip_id: int, make_report: Callable[..., Report]) -> None:
    sure = Outcome(Verdict.GOAL, 0.97, How.IN_NET, "It went in.", 11, "flight")
    report = with_flight(make_report(), outcome=sure)
    lies = Rest(np.array([40.0, 60.0]), 9.0, np.arange(4), np.array([1.0, 1.0, 0.5, 1.0]), 2.5, bare_frame=6)
    rests = (lies, replace(lies, centre_px=np.array([90.0, 61.5]), bare_frame=None))
    report = replace(report, shot=replace(report.shot, rests=rests, ball_sure=0.625))
    shot_id = storage.save(report, clip_id, "motion")
    assert shots.one(shot_id).ball_sure == 0.625
    again = storage.report(shot_id)
    assert again.shot.flight is not None
    assert again.shot.candidates is not None
    assert again.shot.scene is not None
    assert again.shot.scene.camera is not None
    assert_same(report, again)


def test_without_a_flight_its_reasons_come_back(clip_id: int, make_report: Callable[..., Report]) -> None:
    report = make_report()
    scene = replace(report.shot.scene, camera_why_not="The corners fit no goal.")
    shot = replace(report.shot, scene=scene, flight_why_not="The corners fit no goal.")
    report = make_report(shot=shot, foot=FootCall(Foot.UNSURE, 0.5, "Hidden."))
    assert_same(report, storage.report(storage.save(report, clip_id, "motion")))


def test_an_archive_of_before_flights_is_read_without_them(
    clip_id: int, make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = ("camera", "camera_why_not", "flight", "flight_why_not", "lens_mm", "kick_source", "rests", "ball_sure")
    told = archive._about

    def older(shot: Shot) -> dict[str, object]:
        return {key: value for key, value in told(shot).items() if key not in newer}

    monkeypatch.setattr(archive, "_about", older)
    shot_id = storage.save(make_report(), clip_id, "motion")
    shot = storage.evidence(shot_id)
    assert (shot.flight, shot.candidates, shot.flight_why_not, shot.clip.lens_mm) == (None, None, "", None)
    assert (shot.kick_source, shot.rests, shot.ball_sure) == ("", (), 1.0)
    assert shot.scene is not None
    assert shot.scene.camera is None
    assert shots.flight(shot_id).why_not


def test_a_report_worked_out_anew_takes_the_place_of_the_old(clip_id: int, make_report: Callable[..., Report]) -> None:
    film = media() / "old.film.mp4"
    film.write_bytes(b"old")
    other = storage.save(
        make_report(outcome=Outcome(Verdict.GOAL, 0.6, How.IN_NET, "", 11, "flight")), clip_id, "motion"
    )
    shot_id = storage.save(make_report(), clip_id, "motion", film)
    players.name(shot_id, "Ana")
    was = storage.report(shot_id)
    storage.replace_report(shot_id, with_flight(was, outcome=Outcome(Verdict.NO_GOAL, 0.1, How.OVER, "", 11, "flight")))
    shot = shots.one(shot_id)
    assert (shot.outcome, shot.method, shot.p_goal, shot.player, shot.film) == ("no_goal", "flight", 0.1, "Ana", film)
    assert storage.evidence(shot_id).flight is not None
    assert list(shot.measures) == [measure.name for measure in was.measures]
    assert len(list(media().glob("*.npz"))) == 1
    with pytest.raises(NotFound):
        shots.one(other)
    newer = media() / "new.film.mp4"
    newer.write_bytes(b"new")
    storage.replace_report(shot_id, was, newer)
    assert (shots.one(shot_id).film, film.exists()) == (newer, False)
    with pytest.raises(NotFound):
        storage.replace_report(99, was)
    assert len(list(media().glob("*.npz"))) == 1


def test_what_was_not_seen_is_null_and_never_a_number(clip_id: int, make_report: Callable[..., Report]) -> None:
    nothing = FootCall(Foot.UNSURE, float("nan"), "Nobody was seen.")
    made_with = {"a": np.float32("nan"), "b": (np.int64(3), Path("x"))}
    shot_id = storage.save(make_report(foot=nothing, made_with=made_with), clip_id, "motion")
    assert shots.one(shot_id).p_left is None
    assert shots.one(shot_id).made_with == {"a": None, "b": [3, "x"]}
    assert query("SELECT value FROM measure WHERE name = 'trunk_lean'") == [(None,)]


def test_analysing_again_replaces_and_keeps_number_and_name(clip_id: int, make_report: Callable[..., Report]) -> None:
    film = media() / "old.film.mp4"
    film.write_bytes(b"old")
    first = storage.save(make_report(), clip_id, "motion", film)
    players.name(first, "Ana")
    before = {path.name for path in media().iterdir()}
    measures = (Measure("speed", "km/h", 1.0, 0.0, 2.0),)
    again = make_report(outcome=Outcome(Verdict.NO_GOAL, 0.1, How.OVER, "Over."), measures=measures)
    assert storage.save(again, clip_id, "motion") == first
    shot = shots.one(first)
    assert (shot.outcome, shot.player, list(shot.measures)) == ("no_goal", "Ana", ["speed"])
    after = {path.name for path in media().iterdir()}
    assert len(after & {name for name in before if name.endswith(".npz")}) == 0
    assert not film.exists()
    assert len([name for name in after if name.endswith(".npz")]) == 1


def test_another_detector_is_another_shot_of_the_same_person(clip_id: int, make_report: Callable[..., Report]) -> None:
    players.name(storage.save(make_report(), clip_id, "motion"), "Ana")
    other = storage.save(make_report(verdict=Verdict.NO_GOAL), clip_id, "other")
    assert query("SELECT count(*) FROM shot") == [(2,)]
    (shot,) = shots.listed()
    assert (shot.id, shot.player, shot.outcome) == (other, "Ana", "no_goal")
    (session,) = sessions.listed()
    assert (session.clips, session.shots, session.goals) == (1, 1, 0)


def test_a_shot_is_read_anew_once_anything_has_changed_and_its_list_is_the_callers_own(
    clip_id: int, make_report: Callable[..., Report]
) -> None:
    film = media() / "a.film.mp4"
    film.write_bytes(b"film")
    shot_id = storage.save(make_report(), clip_id, "motion", film)
    session_id = shots.one(shot_id).session_id
    kept = shots.listed(session_id)
    assert shots.listed(session_id)[0] is kept[0]  # nothing was read
    kept.clear()
    assert len(shots.listed(session_id)) == 1
    with engines.present().engine().begin() as other:  # as another program writes
        other.execute(sa_text("UPDATE shot SET outcome = 'no_goal'"))
    assert shots.listed(session_id)[0].outcome == shots.one(shot_id).outcome == "no_goal"
    film.unlink()  # which no database knows of
    assert shots.listed(session_id)[0].film is shots.one(shot_id).film is None
    storage.name_shooter(shot_id, "Ana")
    assert shots.listed(session_id)[0].player == "Ana"


@pytest.mark.sqlite_only
def test_a_log_that_goes_while_it_is_looked_at_is_no_error(clip_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Path(f"{file()}-wal")
    log.touch()
    before, stat = engines.present().stamp(), Path.stat
    assert "kicky.sqlite-wal" in before

    def gone(path: Path, *more: object, **named: bool) -> os.stat_result:
        found = stat(path, *more, **named)  # type: ignore[arg-type]
        if path == log:
            log.unlink()  # its last user goes as soon as it has been seen
        return found

    monkeypatch.setattr(Path, "stat", gone)
    engines.present().stamp()
    assert "kicky.sqlite-wal" not in engines.present().stamp()
    assert storage.clip(clip_id).id == clip_id


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_as_it_is(
    name: str, make_film: Callable[..., Path], make_report: Callable[..., Report]
) -> None:
    session_id = sessions.new(DAY, f"  {name} ")
    clip = clips.add(session_id, name, make_film())
    shot_id = storage.save(make_report(), clip.id, "motion")
    players.name(shot_id, name)
    shot = shots.one(shot_id)
    assert (clip.name, shot.clip_name, shot.place, shot.player) == (name, name, name, name)
    stored = media() / storage.clip(clip.id).file
    assert stored.exists()
    assert stored.stem == storage.clip(clip.id).sha256


def test_a_name_nobody_has_is_forgotten(clip_id: int, make_report: Callable[..., Report]) -> None:
    shot_id = storage.save(make_report(), clip_id, "motion")
    players.name(shot_id, "Anna ")
    players.name(shot_id, "  Ana   Lee ")
    assert (players.names(), shots.one(shot_id).player) == (["Ana Lee"], "Ana Lee")
    players.name(shot_id, " ")
    assert (players.names(), shots.one(shot_id).player) == ([], None)


def test_foreign_keys_are_on(clip_id: int, make_report: Callable[..., Report]) -> None:
    shot_id = storage.save(make_report(), clip_id, "motion")
    with pytest.raises(Exception, match=r"(?i)foreign key"), writing() as db:
        db.connection().exec_driver_sql("UPDATE clip SET session_id = 99")
    work.analyze([clip_id])
    with writing() as db:
        db.delete(db.get(SessionRow, 1))
    for table in ("clip", "shot", "measure", "job"):
        assert query(f"SELECT * FROM {table}") == [], table  # noqa: S608
    with pytest.raises(NotFound):
        shots.one(shot_id)


@pytest.mark.sqlite_only
def test_a_time_without_a_zone_is_refused(clip_id: int) -> None:
    with pytest.raises(Exception, match="needs its zone"):
        storage.change_clip(clip_id, added_at=dt.datetime(2026, 11, 7))
    local = dt.datetime(2026, 11, 7, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    storage.change_clip(clip_id, added_at=local)
    assert query("SELECT added_at FROM clip") == [("2026-11-07 10:00:00.000000",)]
    assert storage.clip(clip_id).added_at == local


@pytest.mark.parametrize("number", [0, -1, 7, 10**30])
def test_unknown_numbers_are_told_in_words(number: int, make_report: Callable[..., Report]) -> None:
    asks = (shots.one, clips.listed, scenes.of_session, shots.listed, scenes.still, work.cancel, work.run_again,
            storage.evidence, lambda n: players.name(n, "Ana"), lambda n: sessions.change(n, DAY, ""),
            lambda n: work.analyze([n]), lambda n: storage.save(make_report(), n, "motion"))  # fmt: skip
    for ask in asks:
        with pytest.raises(NotFound, match=str(number)):
            ask(number)
    assert not list(media().glob("*.npz"))


# --- migrations -------------------------------------------------------------------------------


def test_the_migrations_lead_to_the_tables() -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(database.alembic_settings()).get_heads() == [database.HEAD]
    with reading() as db:
        assert compare_metadata(MigrationContext.configure(db.connection()), Base.metadata) == []


STEP = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "next", "{head}"
def upgrade():
    with op.batch_alter_table("clip") as batch:
        batch.add_column(sa.Column("rating", sa.Integer(), nullable=True))
        batch.drop_constraint("uq_clip_sha256", type_="unique")
        batch.create_unique_constraint("uq_clip_sha256", ["sha256"])
    {more}
"""


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """-> what makes this program one version newer, by a step that rebuilds the table everything points at."""
    import shutil

    def advance(more: str) -> None:
        folder = tmp_path / "100% migrations"
        shutil.copytree(database.MIGRATIONS, folder)
        (folder / "versions" / "9999_next.py").write_text(STEP.format(more=more, head=database.HEAD))
        monkeypatch.setattr(database, "MIGRATIONS", folder)
        monkeypatch.setattr(database, "HEAD", "next")

    return advance


@pytest.mark.sqlite_only
def test_a_file_of_before_coaches_keeps_its_shots_and_takes_advice(
    clip_id: int, make_report: Callable[..., Report]
) -> None:
    shot_id = storage.save(make_report(), clip_id, "motion")
    with closing(sqlite3.connect(file())) as connection:
        connection.executescript(
            "DROP TABLE drawing; ALTER TABLE clip DROP COLUMN filmed_on; DROP TABLE run;"
            "DROP TABLE advice; DROP TABLE setting; DROP TABLE denial; DROP TABLE appearance; DROP TABLE cut;"
            "DROP TABLE film; ALTER TABLE clip DROP COLUMN film; ALTER TABLE clip DROP COLUMN film_start_s;"
            "ALTER TABLE shot DROP COLUMN shooter_why_not; ALTER TABLE shot DROP COLUMN player_by;"
            "ALTER TABLE shot DROP COLUMN player_p; ALTER TABLE shot DROP COLUMN ball_sure;"
            "UPDATE alembic_version SET version_num = '0001'"
        )
    assert shots.one(shot_id).outcome == "goal"
    assert len(list(coaching.advise(shot_id))) == len(coaching.advice(shot_id)[0].passages) == 4
    assert query("SELECT count(*) FROM measure") == [(2,)]
    assert file().with_name(f"kicky.before-{HEAD}.sqlite").exists()
    assert whole()


@pytest.mark.parametrize("both", [True, False])
def test_advice_is_of_a_shot_or_of_a_session_and_never_of_both(
    both: bool, clip_id: int, make_report: Callable[..., Report]
) -> None:
    about = {"shot_id": storage.save(make_report(), clip_id, "motion"), "session_id": 1} if both else {}
    with pytest.raises(IntegrityError, match="ck_advice_about_one"):
        keep_advice([], coach="rules", model="", prompt_hash="", seconds=0.0, **about)
    assert query("SELECT count(*) FROM advice") == [(0,)]


@pytest.mark.sqlite_only
def test_an_old_file_with_rows_in_it_is_migrated_and_a_copy_kept(
    clip_id: int, make_report: Callable[..., Report], next_version: Callable[[str], None]
) -> None:
    shot_id = storage.save(make_report(), clip_id, "motion")
    next_version("")
    assert shots.one(shot_id).outcome == "goal"
    assert query("SELECT rating FROM clip") == [(None,)]
    assert query("SELECT version_num FROM alembic_version") == [("next",)]
    assert query("SELECT count(*) FROM measure") == [(2,)]
    assert whole()
    with closing(sqlite3.connect(file().with_name("kicky.before-next.sqlite"))) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert kept.execute("SELECT count(*) FROM shot").fetchall() == [(1,)]


REVISIONS = sorted(path.name[:4] for path in (database.MIGRATIONS / "versions").glob("0*.py"))


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_a_database_of_every_released_version_keeps_its_shots(
    revision: str, clip_id: int, make_report: Callable[..., Report]
) -> None:
    """Taken back to what it was then, with rows in all tables there were, and opened."""
    shot_id = storage.save(make_report(), clip_id, "motion")
    players.name(shot_id, "Ana")
    labels.put(clip_id, "outcome", "no_goal")
    list(coaching.advise(shot_id))
    before = (shots.one(shot_id).measures.keys(), sessions.listed(), [clip.name for clip in clips.listed(1)])
    settings = database.alembic_settings()
    with engines.present().migrating() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)
    assert engines.present().revision() == revision
    assert before == (shots.one(shot_id).measures.keys(), sessions.listed(), [c.name for c in clips.listed(1)])
    shot = shots.one(shot_id)
    assert (shot.player, shot.outcome, engines.present().revision()) == ("Ana", "no_goal", HEAD)
    assert len(coaching.advice(shot_id)) == (revision >= "0002")
    assert whole()
    if database_url() is None:
        with closing(sqlite3.connect(file().with_name(f"kicky.before-{HEAD}.sqlite"))) as kept:
            assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [(revision,)]
            assert kept.execute("SELECT count(*) FROM shot").fetchall() == [(1,)]


def test_a_migration_that_fails_halfway_changes_nothing(clip_id: int, next_version: Callable[[str], None]) -> None:
    next_version("op.execute('INSERT INTO nowhere VALUES (1)')")
    with pytest.raises(StorageFailed):
        sessions.listed()
    assert query("SELECT version_num FROM alembic_version") == [(HEAD,)]
    with engines.present().engine().connect() as connection:
        assert "rating" not in [column["name"] for column in inspect(connection).get_columns("clip")]
    assert query("SELECT id FROM clip") == [(clip_id,)]
    assert whole()


@pytest.mark.sqlite_only
def test_a_migration_that_breaks_a_link_changes_nothing(clip_id: int, next_version: Callable[[str], None]) -> None:
    next_version("op.execute('DELETE FROM session')")
    with pytest.raises(StorageFailed, match="point at nothing"):
        sessions.listed()
    assert query("SELECT count(*) FROM session") == [(1,)]


@pytest.mark.sqlite_only
def test_a_newer_file_is_refused_and_left_alone(clip_id: int) -> None:
    with closing(sqlite3.connect(file())) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StorageFailed, match="newer version"):
        clips.listed(1)
    assert query("SELECT id FROM clip") == [(clip_id,)]
    assert not list(file().parent.glob("*before*"))


@pytest.mark.sqlite_only
def test_a_file_that_is_no_database_is_told_in_words() -> None:
    file().parent.mkdir(parents=True)
    file().write_bytes(b"not a database, but long enough to look like one" * 100)
    with pytest.raises(StorageFailed, match="damaged"):
        sessions.listed()
    assert file().read_bytes().startswith(b"not a database")


def together(count: int, code: str, needed: str = "storage") -> list[str]:
    """Python code -> what so many processes say that run it at the same moment."""
    asked = f"import kicky.{needed}\nfrom kicky.service import clips, sessions\n"
    ready = f"import sys\n{asked}print('ready', flush=True)\ninput()\n"
    command = [sys.executable, "-c", ready + code]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen([*command, str(number)], cwd=PROJECT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        for number in range(count)
    ]
    for child in running:
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
    said = []
    for child in running:
        assert child.stdin
        child.stdin.write("\n")
        child.stdin.flush()
    for child in running:
        output, errors = child.communicate(timeout=60)
        assert (child.returncode, errors) == (0, "")
        said.append(output.strip())
    return said


def test_processes_that_start_together_make_one_database_and_all_may_write() -> None:
    code = """
import datetime
for turn in range(15):
    sessions.new(datetime.date(2026, 11, 7), f"{sys.argv[1]}-{turn}")
    sessions.listed()
"""
    together(4, code, "storage.tables")
    assert len(sessions.listed()) == 60
    assert whole()


# --- the disk refuses -------------------------------------------------------------------------


def left() -> set[str]:
    return {path.name for path in media().iterdir()}


def test_a_full_disk_while_the_evidence_is_written(
    clip_id: int, make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = storage.save(make_report(), clip_id, "motion")
    before = left()

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFailed, match="disk is full: make room"):
        storage.save(make_report(verdict=Verdict.NO_GOAL), clip_id, "motion")
    assert left() == before
    assert shots.one(first).outcome == "goal"
    assert storage.evidence(first).kick_frame == 3


@pytest.mark.sqlite_only
def test_a_full_disk_while_the_rows_are_written(
    clip_id: int, make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = storage.save(make_report(), clip_id, "motion")
    before = left()
    real = engines.Sqlite(file()).engine()

    def small(_path: Path) -> object:
        from sqlalchemy import create_engine, event

        engine = create_engine(real.url, poolclass=real.pool.__class__)

        @event.listens_for(engine, "connect")
        def _limit(raw: sqlite3.Connection, _record: object) -> None:
            raw.execute("PRAGMA foreign_keys=ON")
            raw.execute("PRAGMA max_page_count=1")  # as large as it is now, and no larger

        return engine

    large = make_report(verdict=Verdict.NO_GOAL, notes=("x" * 400_000,))
    with monkeypatch.context() as limited:
        limited.setattr(engines, "_file", small)
        with pytest.raises(StorageFailed, match="disk is full"):
            storage.save(large, clip_id, "motion")
    assert left() == before
    assert shots.one(first).outcome == "goal"
    assert whole()


def test_no_file_may_grow(make_film: Callable[..., Path]) -> None:
    """A real refusal by the system, in a process that may write no file beyond 100 kB."""
    film = make_film(count=60, size_wh=(320, 180))
    assert film.stat().st_size > 120_000
    session_id = sessions.new(DAY, "Park")
    code = f"""
import resource, pathlib
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
from kicky.errors import StorageFailed
try:
    clips.add({session_id}, "a.mp4", pathlib.Path({str(film)!r}))
except StorageFailed as error:
    print(error)
"""
    (said,) = together(1, code, "service.intake")
    assert "disk is full" in said
    assert left() == set()
    assert clips.listed(session_id) == []
    assert whole()


@pytest.mark.sqlite_only
def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    monkeypatch.setenv("KICKY_HOME", str(tmp_path / "home"))
    with pytest.raises(StorageFailed, match="home"):
        sessions.new(DAY)


@pytest.mark.sqlite_only
def test_a_read_only_database_is_told_in_words(clip_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    looking = create_engine(f"sqlite:///file:{file()}?mode=ro&uri=true", poolclass=NullPool)
    monkeypatch.setattr(engines, "_file", lambda _path: looking)
    with pytest.raises(StorageFailed, match="cannot be written"):
        sessions.new(DAY)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql+psycopg://ana:secret@127.0.0.1:1/kicky", r"ana:\*\*\*@127.0.0.1:1/kicky does not answer"),
        ("mysql://localhost/kicky", "must begin with postgresql"),
    ],
)
def test_a_server_that_is_not_there_is_told_in_words(address: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KICKY_DATABASE", address)
    with pytest.raises(StorageFailed, match=said) as refused:
        sessions.listed()
    assert "secret" not in str(refused.value)


def test_an_error_in_between_takes_the_rows_back(clip_id: int) -> None:
    with pytest.raises(KickyError), writing() as db:  # noqa: PT012
        db.add(SessionRow(date=DAY))
        db.flush()
        raise UnfitClip("stop")
    assert len(sessions.listed()) == 1


def test_the_same_film_twice_at_once_is_one_clip(make_film: Callable[..., Path]) -> None:
    film = make_film()
    session_id = sessions.new(DAY, "Park")

    def add(name: str) -> str:
        try:
            return clips.add(session_id, name, film).name
        except UnfitClip as error:
            return str(error)

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(add, ["a.mp4"] * 4))
    assert sorted(set(said)) == ["a.mp4", "a.mp4 is already in Saturday 7 Nov 2026 as a.mp4."]
    assert said.count("a.mp4") == 1
    (clip,) = clips.listed(session_id)
    assert left() == {storage.clip(clip.id).file}
