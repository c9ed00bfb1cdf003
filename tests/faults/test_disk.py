"""The disk refuses, once at every write there is: it is said in a sentence, and nothing is lost or half-written."""

from __future__ import annotations

import builtins
import datetime as dt
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from kicky import jobs, pipeline, storage
from kicky.domain import Report, Verdict
from kicky.errors import KickyError
from kicky.home import database, datasets, media
from kicky.jobs import lanes
from kicky.service import clips, films, house, sessions, shots, work
from kicky.teach import autolabel, dataset
from kicky.teach.labelled import Thing

from ..clipper.test_film import settled
from ..trials.test_running import still_film

ERRORS = {errno.ENOSPC: "The disk is full: make room", errno.EROFS: "cannot be written"}


class Disk:
    """Everything that opens a file to write, syncs or renames, counted; the one asked for is refused."""

    def __init__(self, error: int, refused_at: int) -> None:
        self.refused_at, self.error, self.count = refused_at, error, 0

    def _write(self) -> None:
        self.count += 1
        if self.count - 1 == self.refused_at:
            raise OSError(self.error, os.strerror(self.error))

    @contextmanager
    def watched(self) -> Any:
        real = io.open, os.open, os.fsync, os.replace, os.rename

        def opened(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            # A lock that cannot be opened is told by whoever looks at the queue.
            if set(mode) & set("wax+") and not isinstance(file, int) and Path(file).suffix != ".lock":
                self._write()
            return real[0](file, mode, *more, **named)

        def os_opened(path: Any, flags: int, *more: Any, **named: Any) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR) and str(path).startswith(str(media().parent)):
                self._write()
            return real[1](path, flags, *more, **named)

        def counted(real_call: Callable[..., Any]) -> Callable[..., Any]:
            def call(*asked: Any, **named: Any) -> Any:
                self._write()
                return real_call(*asked, **named)

            return call

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(io, "open", opened)
            patch.setattr(builtins, "open", opened)
            patch.setattr(os, "open", os_opened)
            for name, call in zip(("fsync", "replace", "rename"), real[2:], strict=True):
                patch.setattr(os, name, counted(call))
            yield


def refused_writes(error: int, task: Callable[[int], Any]) -> Iterator[int]:
    """The disk's error, what writes -> the number of each of its writes, after that one was refused and it was told.

    Ends after the first try with no write of that number left: that one went through.
    """
    for number in count():
        disk, told = Disk(error, number), ""
        with disk.watched():
            try:
                task(number)
            except KickyError as said:
                told = str(said)
        if disk.count <= number:
            assert told == ""
            return
        assert ERRORS[error] in told, f"write {number}: {told!r}"
        yield number


@pytest.fixture
def clip_id(make_film: Callable[..., Path], make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch) -> int:
    """-> a clip that was analysed; the next analysis comes to another verdict. All but the analysis itself is real."""
    path = make_film()
    number = clips.add(sessions.new(dt.date(2026, 11, 7), "Park"), "kick.mp4", path).id
    row = storage.clip(number)

    def analyze(verdict: Verdict) -> Callable[..., Report]:
        def judged(clip: Any, *_: Any, **__: Any) -> Report:
            made = make_report(sha256=row.sha256, verdict=verdict)
            return replace(made, shot=replace(made.shot, clip=replace(made.shot.clip, path=clip.path)))

        return judged

    monkeypatch.setattr(pipeline, "analyze", analyze(Verdict.GOAL))
    work.analyze([number])
    jobs.work(0.01)
    assert shots.listed()[0].outcome == "goal"
    monkeypatch.setattr(pipeline, "analyze", analyze(Verdict.NO_GOAL))
    return number


def state() -> tuple[Any, ...]:
    """-> what a player has: clips, verdicts, films that are whole, and the files that lie beside them."""
    taken = [(s.clip_id, s.outcome, s.film is not None and s.film.read_bytes() != b"") for s in shots.listed()]
    days = [(s.id, s.clips, s.shots, s.goals) for s in sessions.listed()]
    return days, taken, sorted(path.name for path in media().iterdir())


def analysis(clip_id: int) -> None:
    work.analyze([clip_id])
    worked()


def worked(lane: str = lanes.SHOTS) -> None:
    """The queue -> worked through; what failed is raised as it is told."""
    jobs.work(0.01, lane)
    asked = films.film_work(1) if lane == lanes.FILMS else work.jobs()
    failed = [job for job in asked if job.state == "failed"]
    newest = max(failed, key=lambda job: job.id, default=None)
    if newest is not None:
        for job in failed:
            with storage.database.writing() as db:
                db.delete(storage.found(db, storage.tables.JobRow, job.id, "job"))
        raise KickyError(newest.message)


def backup(_clip_id: int) -> None:
    house.backup(media().parent.parent / "all.kicky", work.silent)


def cut_out(_clip_id: int) -> None:
    films.export_cuts(1)
    worked(lanes.FILMS)


def put_back(_clip_id: int) -> None:
    house.restore(media().parent.parent / "saved.kicky", work.silent)


def another(_clip_id: int) -> None:
    clips.add(1, "other.mp4", media().parent.parent / "other.mp4")


ACTIONS = {
    "a clip is added": another, "a shot is analysed": analysis, "a backup is made": backup,
    "a backup is put back": put_back, "a cut becomes a clip": cut_out,
}  # fmt: skip


@pytest.mark.parametrize("error", list(ERRORS), ids=["full", "read-only"])
@pytest.mark.parametrize("action", list(ACTIONS))
def test_each_write_may_be_refused(action: str, error: int, clip_id: int, make_film: Callable[..., Path]) -> None:
    make_film("other.mp4", 5)
    if action == "a backup is put back":
        house.backup(media().parent.parent / "saved.kicky", work.silent)
        sessions.remove(1)
    if action == "a cut becomes a clip":
        film = films.open_film(1, settled(still_film(media().parent.parent / "saturday.mp4", 1)))
        films.add_cut(film.id, 2, 36)
    before, number = state(), 0
    for number in refused_writes(error, lambda _: ACTIONS[action](clip_id)):
        assert state() == before, f"write {number}"
        assert not list(database().parent.rglob("*.part"))
    assert number >= 1
    assert state() != before or action == "a backup is made"


def test_a_file_that_cannot_be_deleted_is_named_and_all_else_is_gone(
    clip_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(path.name for path in media().iterdir())
    kept, unlink = next(name for name in files if name.endswith(".film.mp4")), os.unlink

    def refused(path: Any, *more: Any, **named: Any) -> None:
        if Path(path).name == kept:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        unlink(path, *more, **named)

    monkeypatch.setattr(os, "unlink", refused)
    with pytest.raises(KickyError, match=rf"gone from KICKY.*delete {kept} in {media()} yourself"):
        clips.remove(clip_id)
    assert shots.listed() == []
    assert [path.name for path in media().iterdir()] == [kept]


@pytest.mark.parametrize("error", list(ERRORS), ids=["full", "read-only"])
def test_a_data_set_goes_on_where_the_disk_refused(error: int, tmp_path: Path) -> None:
    """What was labelled until then stays, whole; nothing else lies about; the next try makes the rest."""
    source = autolabel.Source(still_film(tmp_path / "kick.mp4", 0), "kick.mp4")

    def see(_clip: Any, frames: Any) -> Any:
        return ((frame, (Thing("ball", (1.0, 2.0, 9.0, 10.0)),)) for frame in frames)

    def label(name: str) -> dataset.Dataset:
        made = dataset.new(name)
        autolabel.autolabel(made, [source], see, {"by": "hand"}, work.silent, 0.5)
        return made

    whole, number = label("whole"), 0
    for number in refused_writes(error, lambda number: label(f"set-{number}")):
        assert not [path for path in datasets().rglob(".*") if path.is_file()], f"write {number}"
        assert label(f"set-{number}").fingerprint() == whole.fingerprint()
    assert number >= 4
