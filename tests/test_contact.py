"""Moving the kick by hand: the frames offered are the film's own, a word is kept, and a job judges the shot by it."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pictures

from kicky import jobs, kick, storage, video
from kicky.domain import Clip, Report, Said, Shot, Track
from kicky.errors import NotFound, UnfitClip, UnreadableClip
from kicky.home import media
from kicky.jobs import tasks
from kicky.service import clips, kicks, sessions, shots, work
from kicky.storage import labels
from kicky.storage.tables import JobRow

from .films import number_in, numbered, write

COUNT = 60
MakeReport = Callable[..., Report]


@pytest.fixture
def shot_id(tmp_path: Path, make_report: MakeReport) -> int:
    """-> a stored shot of a film whose every frame says its number; a ball is seen in none, the kick is in 30."""
    path = write(tmp_path / "kick.mp4", [numbered(number) for number in range(COUNT)])
    clip_id = clips.add(sessions.new(dt.date(2026, 11, 7)), path.name, path).id
    clip = replace(video.open_clip(media() / storage.clip(clip_id).file), take=(5, 55))
    report = make_report(shot=unseen(clip))
    film = media() / "old.film.mp4"
    film.write_bytes(b"film")
    return storage.save(report, clip_id, "motion", film)


def unseen(clip: Clip) -> Shot:
    nowhere = np.full((len(clip.time_s), 2), np.nan)
    ball = Track("ball", nowhere, nowhere, np.zeros(len(nowhere)), np.zeros(len(nowhere), bool))
    return Shot(clip, ball, kick_frame=30, kick_source="speed")


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A pipeline that moves the kick and does nothing else; -> the frames it was given."""
    given: list[int] = []

    def resettled(report: Report, said: Said, tell: Callable[[str, float], None], **_: Any) -> Report:
        assert said.kick_frame is not None
        given.append(said.kick_frame)
        for stage in ("scene", "flight", "pose", "measure"):
            tell(stage, 1.0)
        return replace(report, shot=kick.by_hand(report.shot, said.kick_frame))

    monkeypatch.setattr(tasks.pipeline, "resettled", resettled)
    monkeypatch.setattr(tasks.render, "film", lambda _report, path, _tell, **_: path.write_bytes(b"anew"))
    return given


def read(picture: bytes) -> int:
    return number_in(np.asarray(Pictures.open(io.BytesIO(picture)).convert("RGB")))


def states() -> list[tuple[str, str]]:
    return [(job.kind, job.state) for job in work.jobs()]


def test_the_strip_shows_the_frames_about_the_kick(shot_id: int) -> None:
    strip = kicks.strip(shot_id)
    assert strip.frames == tuple(range(15, 46))
    assert [read(picture) for picture in strip.pictures] == list(strip.frames)
    assert strip.time_s[0] == pytest.approx(15 / 30)
    assert (strip.kick_frame, strip.first, strip.last) == (30, 5, 53)


def test_the_strip_of_another_moment_ends_with_the_take(shot_id: int) -> None:
    strip = kicks.strip(shot_id, 99.0)
    assert strip.frames == tuple(range(53 - 15, 54))
    assert read(strip.pictures[-1]) == 53
    assert kicks.strip(shot_id, 0.0).frames[0] == 5


def test_the_strip_is_decoded_once(shot_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kicks.strip(shot_id)

    def no_more(*_: object) -> None:
        raise AssertionError("decoded twice")

    monkeypatch.setattr(video, "frames", no_more)
    assert kicks.strip(shot_id) == first


def test_what_was_kept_goes_with_the_evidence(shot_id: int) -> None:
    kicks.strip(shot_id)
    assert len(list(media().glob("*.strip-30.json"))) == 1
    storage.replace_report(shot_id, storage.report(shot_id))
    assert list(media().glob("*.strip-*")) == []


def test_without_a_film_there_is_no_strip_and_the_reason_is_told(shot_id: int) -> None:
    (media() / storage.clip(1).file).unlink()
    with pytest.raises(UnreadableClip, match=r"kick\.mp4"):
        kicks.strip(shot_id)


def test_pictures_are_cut_to_ball_and_shooter(make_report: MakeReport) -> None:
    shot = make_report().shot
    x0, y0, x1, y1 = kicks.cut(shot, 3)
    assert x0 <= 10
    assert x1 >= 24
    assert y0 <= 33
    assert y1 >= 48
    assert (x1 - x0) * (y1 - y0) < 0.8 * 160 * 90
    assert kicks.cut(replace(shot, ball=unseen(shot.clip).ball, players=()), 3) == (0, 0, 160, 90)


def test_a_moved_kick_is_kept_and_worked_out(shot_id: int, judged: list[int]) -> None:
    assert kicks.by_hand(1) is None
    number = kicks.move(shot_id, 33)
    assert (under := kicks.under_way(1)) is not None
    assert (under.id, under.kind) == (number, "restrike")
    jobs.work(0.01)
    assert judged == [33]
    shot = shots.one(shot_id)
    assert (shot.kick_frame, kicks.by_hand(1)) == (33, 33)
    assert storage.evidence(shot_id).kick_source == kick.HAND
    assert shot.kick_time_s == pytest.approx(33 / 30)
    assert shot.film is not None
    assert shot.film.read_bytes() == b"anew"
    assert states() == [("restrike", "done")]
    assert kicks.under_way(1) is None


@pytest.mark.parametrize("frame", [-1, 4, 54, 60])
def test_a_kick_outside_the_take_is_refused_and_nothing_is_kept(shot_id: int, frame: int) -> None:
    with pytest.raises(UnfitClip, match="between frames 5 and 53"):
        kicks.move(shot_id, frame)
    assert kicks.by_hand(1) is None
    assert states() == []


def test_the_last_word_counts_however_many_wait(shot_id: int, judged: list[int]) -> None:
    for frame in (33, 34, 33):
        kicks.move(shot_id, frame)
    jobs.work(0.01)
    assert set(judged) == {33}
    assert shots.one(shot_id).kick_frame == 33


def test_a_word_that_is_taken_back_is_no_more(shot_id: int, judged: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int | None] = []

    def analyze(clip: Clip, *_: object, said: Said, **__: object) -> Report:
        given.append(said.kick_frame)
        return replace(storage.report(shot_id), shot=unseen(clip))

    monkeypatch.setattr(tasks.pipeline, "analyze", analyze)
    kicks.move(shot_id, 33)
    work.analyze([1])
    jobs.work(0.01)
    assert given == [33]
    kicks.move(shot_id, None)
    assert kicks.by_hand(1) is None
    jobs.work(0.01)
    assert given == [33, None]
    assert shots.one(shot_id).kick_frame == 30


def test_a_word_taken_back_while_its_work_waits_changes_nothing(shot_id: int, judged: list[int]) -> None:
    labels.put(1, labels.CONTACT_FRAME, "33")
    labels.put(1, labels.CONTACT_FRAME, "")
    row = JobRow(id=1, kind="restrike", clip_id=1, settings={"shot_id": shot_id, "kick_frame": 33})
    assert tasks.resettle(row, work.silent) == shot_id
    assert judged == []
    assert shots.one(shot_id).kick_frame == 30


def test_what_nobody_said_cannot_be_taken_back(shot_id: int) -> None:
    with pytest.raises(UnfitClip, match="nothing to take back"):
        kicks.move(shot_id, None)
    with pytest.raises(NotFound, match="no shot 99"):
        kicks.move(99, 33)


def test_without_the_film_the_job_says_what_to_do(shot_id: int, judged: list[int]) -> None:
    kicks.move(shot_id, 33)
    (media() / storage.clip(1).file).unlink()
    jobs.work(0.01)
    (job,) = work.jobs()
    assert job.state == "failed"
    assert "put it back there" in job.message
    assert shots.one(shot_id).kick_frame == 30


def test_labels_are_of_their_clip_and_field(shot_id: int) -> None:
    labels.put(1, "foot", "left", who="Ana")
    assert (labels.get(1, "foot"), labels.get(1, "outcome"), labels.get(2, "foot")) == ("left", "", "")
    with pytest.raises(NotFound):
        labels.put(7, "foot", "left")
