"""Names that came with somebody else's rows: nothing outside the media folder is opened, moved or deleted by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kicky import storage
from kicky.domain import Report
from kicky.errors import KickyError, StorageFailed
from kicky.home import database, media
from kicky.service import clips, kicks, provenance, scenes, sessions, shots, truth
from kicky.storage import files
from kicky.storage.database import writing
from kicky.storage.tables import ClipRow, FilmRow, ShotRow

OUTSIDE = (
    "../kicky.sqlite",
    "../*",
    "../../own.txt",
    "*",
    "?own.mp4",
    "[o]wn.mp4",
    ".",
    "..",
    "",
    ".hidden",
    "a\0b",
    "a\nb",
)
ODD = (*OUTSIDE, "sub/own.mp4", "sub\\own.mp4", "\ud800", "x" * 201, "/etc/hostname")


@pytest.fixture
def session() -> int:
    media().mkdir(parents=True)
    return sessions.new(dt.date(2026, 11, 7), "Parc")


def add(session: int, sha: str, **names: str | None) -> int:
    """Session, film's hash, what its rows call files -> the clip, analysed; files of a usual name are there."""
    usual = {"file": f"{sha}.mp4", "browser_copy": f"{sha}.browser.mp4"}
    usual |= {"evidence": f"{sha[:16]}-01234567.npz", "film": f"{sha[:16]}-1.film.mp4"}
    for name in usual.values():
        (media() / name).write_bytes(b"own")
    told: dict[str, Any] = usual | names
    with writing() as db:
        clip = ClipRow(
            session_id=session, sha256=sha, name="kick.mp4", width=160, height=90, frames=12, duration_s=0.4,
            file=told["file"], browser_copy=told["browser_copy"],
        )  # fmt: skip
        db.add(clip)
        db.flush()
        shot = ShotRow(
            clip_id=clip.id or 0, detector="motion", method="rules", outcome="goal", how="in_net", foot="left",
            evidence=told["evidence"], film=told["film"],
        )  # fmt: skip
        db.add(shot)
        return clip.id or 0


def lying() -> set[str]:
    return {path.name for path in media().iterdir()}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_bare_name_is_refused(session: int, name: str) -> None:
    assert not files.is_bare(name)
    assert files.there(name) is None
    with pytest.raises(StorageFailed, match=r"which is none in .*: delete its clip, and add its film anew"):
        files.named(name)


def test_a_bare_name_is_a_file_in_the_media_folder(session: int) -> None:
    assert files.named("own.mp4") == media() / "own.mp4"
    assert files.there("own.mp4") is None
    (media() / "own.mp4").write_bytes(b"film")
    assert files.there("own.mp4") == media() / "own.mp4"
    assert files.there(None) is None
    assert files.beside(media() / "own.npz", "card.png") == media() / "own.card.png"


def test_a_link_that_leads_out_is_refused_and_one_that_stays_is_not(session: int, own_home: Path) -> None:
    (own_home / "outside.mp4").write_bytes(b"mine")
    (media() / "out.mp4").symlink_to(own_home / "outside.mp4")
    (media() / "film.mp4").write_bytes(b"film")
    (media() / "in.mp4").symlink_to(media() / "film.mp4")
    assert files.there("out.mp4") is None
    with pytest.raises(StorageFailed, match="which is none in"):
        files.named("out.mp4")
    assert files.there("in.mp4") == media() / "in.mp4"


def test_a_media_folder_on_another_disk_is_one_all_the_same(session: int, own_home: Path) -> None:
    media().rename(own_home / "disk")
    media().symlink_to(own_home / "disk")
    (media() / "film.mp4").write_bytes(b"film")
    (media() / "in.mp4").symlink_to("film.mp4")
    assert files.there("in.mp4") == media() / "in.mp4"


@pytest.mark.parametrize("column", ["file", "browser_copy", "evidence", "film"])
@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_deletes_nothing_but_its_own_clip(session: int, own_home: Path, column: str, name: str) -> None:
    (own_home / "own.txt").write_text("the player's", encoding="utf-8")
    (media() / ".hidden").write_bytes(b"")
    add(session, "ab" * 32)
    before = lying()
    clips.remove(add(session, "cd" * 32, **{column: name}))
    assert lying() == before
    assert [clip.id for clip in clips.listed(session)] == [1]
    assert database().exists()
    assert (own_home / "own.txt").exists()


@pytest.mark.parametrize("column", ["file", "browser_copy", "evidence", "film"])
def test_an_absolute_name_deletes_nothing(session: int, own_home: Path, column: str) -> None:
    (own_home / "own.npz").write_bytes(b"mine")
    (own_home / "own.png").write_bytes(b"mine")
    clips.remove(add(session, "ab" * 32, **{column: str(own_home / "own.npz")}))
    assert (own_home / "own.npz").exists()
    assert (own_home / "own.png").exists()
    assert lying() == set()


def test_a_film_of_a_session_deletes_nothing_outside(session: int, own_home: Path) -> None:
    (own_home / "own.txt").write_text("the player's", encoding="utf-8")
    with writing() as db:
        about = {"size_bytes": 1, "modified_ns": 1, "frames": 1, "duration_s": 1.0, "width": 1, "height": 1}
        for copy in ("../../own.txt", "../../o*"):
            path = str(own_home / f"{len(copy)}.mp4")
            db.add(FilmRow(session_id=session, path=path, browser_copy=copy, **about))
    (own_home / "13.mp4").write_bytes(b"a whole session")
    sessions.remove(session)
    assert (own_home / "own.txt").exists()
    assert (own_home / "13.mp4").exists()


def test_what_another_clip_names_too_stays(session: int) -> None:
    mine = add(session, "ab" * 32)
    (media() / f"{'ab' * 8}-01234567.card-1.png").write_bytes(b"card")
    stolen = {"file": f"{'ab' * 32}.mp4", "evidence": f"{'ab' * 8}-01234567.npz"}
    before = lying()
    clips.remove(add(session, "cd" * 32, **stolen))
    assert lying() == before
    clips.remove(mine)
    assert lying() == set()


def test_a_goal_picture_is_its_sessions_whatever_a_row_says(session: int) -> None:
    (media() / "goal-1-9.png").write_bytes(b"goal")
    clips.remove(add(session, "ab" * 32, film="goal-1-9.png", evidence="goal-1-9.npz"))
    assert lying() == {"goal-1-9.png"}


def test_all_that_was_made_of_a_clip_goes_with_it(session: int) -> None:
    other, clip = add(session, "cd" * 32), add(session, "ab" * 32)
    before = lying()
    for name in (f"{'ab' * 32}-7.jpg", f"{'ab' * 8}-01234567.strip-3.json", f"goal-{session}-{clip}.png",
                 f"{'ab' * 8}-9.film.mp4"):  # fmt: skip
        (media() / name).write_bytes(b"a picture of it")
    clips.remove(clip)
    assert lying() == {name for name in before if name.startswith("cd")}
    clips.remove(other)
    assert lying() == set()


def test_a_clip_with_a_bad_name_is_listed_and_refused_where_its_film_is_needed(session: int) -> None:
    odd = "../kicky.sqlite"
    clip = add(session, "ab" * 32, file=odd, browser_copy=odd, evidence=odd, film=odd)
    assert [each.name for each in clips.listed(session)] == ["kick.mp4"]
    (shot,) = shots.listed(session)
    assert shot.film is None
    assert shot.copy is None
    for ask in (
        lambda: scenes.still(clip, 3), lambda: truth.film_of(clip), lambda: storage.film_there(storage.clip(clip)),
        lambda: storage.evidence(shot.id), lambda: storage.report(shot.id), lambda: provenance.of_shot(shot.id, "kick"),
        lambda: shots.card(shot.id, False), lambda: kicks.strip(shot.id),
        lambda: scenes.propose(clip),
    ):  # fmt: skip
        with pytest.raises(StorageFailed, match=r"calls a file '../kicky.sqlite', which is none"):
            ask()


def test_a_shot_that_is_judged_anew_deletes_no_file_outside(
    session: int, own_home: Path, make_report: Callable[..., Report]
) -> None:
    outside = own_home / "own.npz"
    outside.write_bytes(b"mine")
    clip = add(session, "ab" * 32, evidence=str(outside), film="../../own.npz")
    with writing() as db:
        storage.found(db, ShotRow, 1, "shot").method = make_report().outcome.method
    shot = storage.save(make_report(), clip, "motion")
    storage.save(make_report(), clip, "motion")
    assert outside.exists()
    assert storage.report(shot).shot.kick_frame == 3


def test_a_hash_that_is_a_path_names_no_file(session: int, own_home: Path, make_report: Callable[..., Report]) -> None:
    clip, made = add(session, "ab" * 32), make_report()
    odd = replace(made, shot=replace(made.shot, clip=replace(made.shot.clip, sha256="../../../away")))
    with pytest.raises(KickyError, match="which is none in"):
        storage.save(odd, clip, "motion")
    assert not list(own_home.glob("away*"))
