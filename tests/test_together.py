"""A session's shots put together: one camera, each shot judged anew, and nothing lost where that fails."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kicky import jobs, pipeline, storage, system
from kicky.camera import project
from kicky.domain import Camera, Report
from kicky.errors import BadScene, KickyError, StorageFailed
from kicky.home import media
from kicky.jobs import crew, tasks, together
from kicky.service import clips, phones, players, scenes, shots, work
from kicky.shown import give_or_take, metres
from kicky.storage import cameras
from kicky.storage.kinds import BUNDLE
from kicky.storage.tables import JobRow
from kicky.synthetic.tracks import TrackCase

from . import sessions

MakeFilm = Callable[..., Path]
Made = tuple[list[TrackCase], list[Report]]
SEED, COUNT = 5, 3


@pytest.fixture(scope="module")
def made() -> Made:
    return sessions.session(SEED, COUNT)


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The films stored here are not of these shots."""
    monkeypatch.setattr(together, "still_picture", lambda _clip: sessions.lit())
    monkeypatch.setattr(pipeline, "still_picture", lambda _clip: sessions.lit())


@pytest.fixture
def stored(made: Made, make_film: MakeFilm) -> tuple[int, list[int]]:
    return sessions.store(make_film, *made)


def run(session_id: int) -> None:
    clip_id = cameras.clip_for(session_id)
    together.bundle(JobRow(id=1, kind=BUNDLE, clip_id=clip_id or 0), lambda _stage, _share: None)


def camera_of(shot_id: int) -> Camera:
    scene = storage.report(shot_id).shot.scene
    assert scene is not None
    assert scene.camera is not None
    return scene.camera


def height_sd(camera: Camera) -> float:
    return float(np.sqrt(camera.covariance[6, 6]))


# --- one camera, every shot judged anew ---------------------------------------------------------


def test_every_shot_gets_the_sessions_camera(made: Made, stored: tuple[int, list[int]]) -> None:
    session_id, taken = stored
    players.name(taken[1], "Ana")
    before = [camera_of(number) for number in taken]
    assert phones.camera(session_id) is None
    run(session_id)
    kept = cameras.bundle(session_id)
    assert kept is not None
    assert kept.shots == COUNT
    assert abs(kept.camera.parameters[6] - made[0][0].camera[6]) < 3 * height_sd(kept.camera)
    for number, alone in zip(taken, before, strict=True):
        camera = camera_of(number)
        assert camera.parameters[6] == pytest.approx(kept.camera.parameters[6], abs=height_sd(kept.camera))
        assert height_sd(camera) < height_sd(alone)
        assert shots.one(number).seconds == {"detect": 0.5}
        assert shots.one(number).notes == ("One take.",)
    assert [shot.id for shot in shots.listed(session_id)] == taken
    assert shots.one(taken[1]).player == "Ana"


def test_the_camera_comes_back_as_it_was_kept(stored: tuple[int, list[int]]) -> None:
    session_id, taken = stored
    found = together._of([storage.report(number).shot for number in taken])
    cameras.keep_bundle(session_id, found, cameras.goal(session_id))
    kept = cameras.bundle(session_id)
    assert kept is not None
    for one, other in ((found.camera, kept.camera), (found.before, kept.before)):
        assert (one.parameters == other.parameters).all()
        assert (one.covariance == other.covariance).all()
        assert (one.size_wh_px, one.residual_px) == (other.size_wh_px, other.residual_px)
        assert (one.height_from, one.focal_from) == (other.height_from, other.focal_from)
    numbers = (found.ball_bias_px, found.ball_bias_sd_px, found.shots)
    assert (kept.ball_bias_px, kept.ball_bias_sd_px, kept.shots) == pytest.approx(numbers)


def test_the_gain_is_said_in_words(stored: tuple[int, list[int]]) -> None:
    session_id, _ = stored
    run(session_id)
    view = phones.camera(session_id)
    assert view is not None
    assert view.height_within_m < view.height_alone_m
    within, alone = (give_or_take(view.height_m, half) for half in (view.height_within_m, view.height_alone_m))
    assert view.words == (
        f"All {COUNT} shots together say: the phone stands {metres(view.height_m)} high "
        f"({within}; one shot alone: {alone})."
    )
    assert view.more.startswith("Its lens is known to ± ")


def test_what_is_said_of_height_and_lens_now_counts(made: Made, stored: tuple[int, list[int]]) -> None:
    session_id, taken = stored
    corners, size_m = made[0][0].scene.goal_corners_px.tolist(), made[0][0].scene.goal_size_m
    truth_m = float(made[0][0].camera[6])
    scenes.keep(session_id, corners, size_m, truth_m, size_wh=sessions.SIZE_WH, lens_mm=26.5)
    run(session_id)
    judged = storage.report(taken[0]).shot
    assert judged.scene is not None
    assert judged.scene.camera_height_m == pytest.approx(truth_m)
    assert judged.scene.lens is not None
    assert judged.scene.lens.value == 26.5


def test_plumb_lines_and_bars_of_the_first_film_count(
    stored: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id, taken = stored
    barred = sessions.lit()
    barred[:, :480] = barred[:, -480:] = 0
    monkeypatch.setattr(together, "still_picture", lambda _clip: barred)
    given: list[object] = []
    real = together.sessions.bundle
    monkeypatch.setattr(
        together.sessions, "bundle", lambda *asked, **told: given.append(told["picture_wh_px"]) or real(*asked, **told)
    )
    run(session_id)
    storage.report(taken[0]).shot.clip.path.unlink()
    run(session_id)
    assert given == [(960, 1080), None]


def test_a_film_in_another_size_has_the_same_camera_larger() -> None:
    camera = Camera(np.array([7.0, 0.1, -0.1, 0.02, 1, 20, 0.5]), np.eye(7), (1920, 1080), 1.5, "a", "b")
    places = np.array([[0.0, 0, 1], [2, 1, 0]])
    twice = together.scaled(camera, (3840, 2160))
    assert twice.residual_px == 3.0
    px, _ = project(twice.parameters, places, twice.size_wh_px)
    assert px == pytest.approx(2 * project(camera.parameters, places, camera.size_wh_px)[0])


# --- what is refused, and what then stays ---------------------------------------------------------


def test_two_shots_are_too_few(made: Made, make_film: MakeFilm) -> None:
    session_id, taken = sessions.store(make_film, made[0], made[1][:2])
    with pytest.raises(BadScene, match=r"^Analyse three shots of this session first\.$"):
        phones.refine(session_id)
    assert phones.refining(session_id) is None
    run(session_id)
    assert phones.camera(session_id) is None
    alone = [one.shot.scene for one in made[1][:2]]
    for number, scene in zip(taken, alone, strict=True):
        assert scene is not None
        assert scene.camera is not None
        assert camera_of(number).parameters[6] == pytest.approx(scene.camera.parameters[6], abs=0.05)


def test_no_shot_of_the_goal_is_too_few(make_film: MakeFilm) -> None:
    session_id, _ = sessions.filmed(make_film, 2)
    with pytest.raises(BadScene, match="three shots"):
        run(session_id)


def test_shots_of_another_goal_do_not_count(made: Made, stored: tuple[int, list[int]]) -> None:
    session_id, taken = stored
    assert list(cameras.shots_with_camera(session_id)) == taken
    clip = storage.clips(session_id)[0]
    storage.change_clip(clip.id, scene={"goal_corners_px": []})
    assert list(cameras.shots_with_camera(session_id)) == taken[1:]
    scene = made[0][0].scene
    moved = (scene.goal_corners_px + 100).tolist()
    for corners, size_m in ((moved, scene.goal_size_m), (scene.goal_corners_px.tolist(), (5.0, 2.0))):
        scenes.keep(session_id, corners, size_m, size_wh=sessions.SIZE_WH)
        assert cameras.shots_with_camera(session_id) == {}
    scenes.forget(session_id)
    assert cameras.shots_with_camera(session_id) == {}


def test_the_camera_goes_with_its_goal(made: Made, stored: tuple[int, list[int]]) -> None:
    session_id, _ = stored
    for change in (lambda: sessions.click(session_id, made[0][0]), lambda: scenes.forget(session_id)):
        sessions.click(session_id, made[0][0])
        run(session_id)
        assert phones.camera(session_id) is not None
        change()
        assert phones.camera(session_id) is None


def test_a_goal_clicked_anew_meanwhile_keeps_everything_as_it_is(
    made: Made, stored: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id, taken = stored
    corners = (made[0][0].scene.goal_corners_px + 3).tolist()
    real = together.sessions.bundle

    def slow(*asked: object, **told: object) -> object:
        scenes.keep(session_id, corners, made[0][0].scene.goal_size_m, size_wh=sessions.SIZE_WH)
        return real(*asked, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(together.sessions, "bundle", slow)
    before = [shots.one(number).made_at for number in taken]
    with pytest.raises(BadScene, match="clicked anew meanwhile"):
        run(session_id)
    assert phones.camera(session_id) is None
    assert [shots.one(number).made_at for number in taken] == before


def test_no_report_is_lost_when_one_fails(stored: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    session_id, taken = stored
    before = [camera_of(number).parameters[6] for number in taken]
    real, asked = together.pipeline.again, []

    def breaks(report: Report, camera: Camera) -> Report:
        asked.append(report)
        if len(asked) == 2:
            raise KickyError("No.")
        return real(report, camera)

    monkeypatch.setattr(together.pipeline, "again", breaks)
    with pytest.raises(KickyError, match="No"):
        run(session_id)
    after = [camera_of(number).parameters[6] for number in taken]
    assert after[0] != before[0]
    assert after[1:] == before[1:]


def test_a_shot_the_camera_does_not_fit_stays(stored: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    session_id, taken = stored
    before = [shots.one(number).made_at for number in taken]

    def none(report: Report, _camera: Camera) -> Report:
        scene = report.shot.scene
        assert scene is not None
        return replace(report, shot=replace(report.shot, scene=replace(scene, camera=None, camera_why_not="No.")))

    monkeypatch.setattr(together.pipeline, "again", none)
    run(session_id)
    assert [shots.one(number).made_at for number in taken] == before
    assert phones.camera(session_id) is not None


# --- the queue ------------------------------------------------------------------------------------


def test_it_is_queued_once_after_the_last_analysis_and_then_goes_before(
    made: Made, make_film: MakeFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id, numbers = sessions.filmed(make_film, COUNT)
    sessions.click(session_id, made[0][0])
    order: list[str] = []
    given: list[Camera | None] = []
    films = {storage.clip(number).file: report for number, report in zip(numbers, made[1], strict=True)}

    def analyze(clip: object, *_: object, session: Camera | None, **__: object) -> Report:
        order.append("analyze")
        given.append(session)
        return films[clip.path.name]  # type: ignore[attr-defined]

    def film(report: Report, path: Path, _tell: object, **_: object) -> None:
        if "bundle" in order:
            order.append("film")
        speed = report.measure("speed").value
        path.write_text(f"{speed:.2f}" if speed is not None else "")

    real = together.bundle
    monkeypatch.setattr(tasks, "bundle", lambda *asked: order.append("bundle") or real(*asked))
    monkeypatch.setattr(tasks.pipeline, "analyze", analyze)
    monkeypatch.setattr(tasks.render, "film", film)
    monkeypatch.setattr(tasks, "copy", lambda *_: order.append("copy"))
    work.analyze(numbers)
    jobs.work(0.01)
    assert order == ["analyze"] * COUNT + ["bundle"] + ["film"] * COUNT + ["copy"] * COUNT
    for shot in shots.listed(session_id):
        assert shot.film is not None
        speed = shot.measures["speed"].value
        assert shot.film.read_text() == (f"{speed:.2f}" if speed is not None else "")
    assert len(list(media().glob("*.film.mp4"))) == COUNT
    job = phones.refining(session_id)
    assert job is not None
    assert job.state == "done"
    assert [view.kind for view in work.jobs()] == ["analyze"] * COUNT
    assert {clip.job.kind for clip in clips.listed(session_id) if clip.job} == {"analyze"}
    kept = cameras.bundle(session_id)
    assert kept is not None
    assert given == [None] * COUNT
    work.analyze(numbers[:1])
    jobs.work(0.01)
    assert given[-1] is not None
    assert (given[-1].parameters == kept.camera.parameters).all()
    storage.change_clip(numbers[0], scene={"goal_corners_px": made[0][0].scene.goal_corners_px.tolist()})
    assert together.camera_of(storage.clip(numbers[0])) is None


def test_a_film_that_cannot_be_drawn_again_stays(
    stored: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, taken = stored
    old = media() / "old.film.mp4"
    old.write_bytes(b"old")
    storage.replace_report(taken[0], storage.report(taken[0]), old)

    def full(_report: Report, path: Path, _tell: object, **_: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tasks.render, "film", full)
    row = JobRow(id=9, kind="redraw", clip_id=shots.one(taken[0]).clip_id, settings={"shot_id": taken[0]})
    with pytest.raises(StorageFailed, match="disk is full"):
        tasks.redraw(row, lambda _stage, _share: None)
    assert shots.one(taken[0]).film == old
    assert list(media().glob("*.film.mp4")) == [old]


def test_a_flight_the_new_camera_does_not_allow_is_gone(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    report = next(one for one in made[1] if one.shot.flight is not None)
    assert report.shot.scene is not None
    assert report.shot.scene.camera is not None
    monkeypatch.setattr(together.pipeline.flight, "fit", lambda shot, **_: replace(shot, flight_why_not="None fits."))
    judged = together.pipeline.again(report, report.shot.scene.camera)
    assert judged.shot.flight is None
    assert judged.shot.flight_why_not == "None fits."


def test_it_may_be_asked_for_and_is_not_queued_twice(stored: tuple[int, list[int]]) -> None:
    session_id, _ = stored
    number = phones.refine(session_id)
    assert phones.refine(session_id) == number
    together.queue(storage.clip(storage.clips(session_id)[0].id))
    jobs.work(0.01)
    job = phones.refining(session_id)
    assert job is not None
    assert (job.id, job.state) == (number, "done")
    assert phones.camera(session_id) is not None


def test_many_are_shared_among_processes_and_come_back_in_their_order() -> None:
    assert list(crew.shared(math.sqrt, [float(n * n) for n in range(9)])) == list(range(9))
    doers = set(crew.shared(_whoever, range(2 * crew.WORTH_ONE)))
    assert os.getpid() not in doers or system.cores() == 1
    assert set(crew.shared(_whoever, range(crew.WORTH_ONE))) == {os.getpid()}  # too few to be worth it


def test_what_fails_in_another_process_fails_here() -> None:
    with pytest.raises(ValueError, match="math domain error"):
        list(crew.shared(math.sqrt, [1.0] * 8 + [-1.0]))


def _whoever(_thing: int) -> int:
    return os.getpid()
