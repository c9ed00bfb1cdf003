"""From a film to a report, on films whose truth is known and on films that show nothing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kicky import kick, pipeline, scene, synthetic, video
from kicky.domain import Foot, Report, Said, Verdict
from kicky.errors import Cancelled, UnfitClip, UnknownPart
from kicky.measures import MEASURES
from kicky.service.work import silent

from .films import textured


@pytest.fixture(scope="module")
def report(rendered: Path) -> Report:
    goal = scene.read(rendered.with_suffix(".scene.json"))
    return pipeline.analyze(video.open_clip(rendered), "motion", goal, silent)


def test_the_kick_the_ball_and_the_shooter_are_found(report: Report, truth: synthetic.SyntheticShot) -> None:
    shot = report.shot
    assert shot.kick_frame is not None
    assert abs(shot.kick_frame - truth.contact_frame) <= 2
    assert shot.shooter == "P1"
    seen = np.flatnonzero(shot.ball.measured)
    off = np.linalg.norm(shot.ball.centre_px[seen] - truth.ball_px[seen], axis=1)
    assert np.median(off) < 0.5 * np.nanmedian(truth.ball_diameter_px)


def test_the_foot_is_the_one_that_struck(report: Report, truth: synthetic.SyntheticShot) -> None:
    assert report.foot.foot == truth.foot
    assert 0 <= report.foot.p_left <= 1


def test_every_measure_is_there_with_a_value_or_a_reason(report: Report) -> None:
    assert [measure.name for measure in report.measures] == list(MEASURES)
    for measure in report.measures:
        assert (measure.value is None) == bool(measure.why_not)
    assert report.measure("speed_across").value is not None
    assert report.measure("crossing_z").value is not None or report.measure("crossing_z").why_not


def test_the_report_says_what_it_was_made_with(report: Report) -> None:
    assert {"detector", "method", "pose", "mediapipe"} <= set(report.made_with)
    assert set(report.seconds) == {"footage", "detect", "scene", "flight", "pose", "measure"}


def test_a_kick_moved_by_hand_moves_all_that_follows_from_it(report: Report) -> None:
    assert report.shot.kick_frame is not None
    told: list[str] = []
    frame = report.shot.kick_frame + 2
    moved = pipeline.resettled(report, Said(kick_frame=frame), lambda stage, _: told.append(stage))
    shot = moved.shot
    assert (shot.kick_frame, shot.kick_source) == (frame, kick.HAND)
    assert shot.pose is not None
    assert report.shot.pose is not None
    for one, kicked in ((report.shot.pose, report.shot.kick_frame), (shot.pose, frame)):
        assert abs(one.frames.mean() - kicked) <= 0.5  # it is looked for as long before the kick as after it
    assert moved.measure("plant_aside") != report.measure("plant_aside")
    assert moved.made_with == report.made_with
    assert set(moved.seconds) == set(report.seconds)
    assert list(dict.fromkeys(told)) == ["scene", "flight", "pose", "measure"]


def test_a_kick_moved_by_hand_survives_the_sessions_camera(report: Report) -> None:
    assert report.shot.kick_frame is not None
    assert report.shot.scene is not None
    assert report.shot.scene.camera is not None
    frame = report.shot.kick_frame - 1
    moved = pipeline.resettled(report, Said(kick_frame=frame), silent)
    again = pipeline.again(moved, report.shot.scene.camera)
    assert (again.shot.kick_frame, again.shot.kick_source) == (frame, kick.HAND)


def test_analysing_again_keeps_a_persons_word(rendered: Path) -> None:
    goal = scene.read(rendered.with_suffix(".scene.json"))
    told = pipeline.analyze(video.open_clip(rendered), "motion", goal, silent, said=Said(kick_frame=30))
    assert (told.shot.kick_frame, told.shot.kick_source) == (30, kick.HAND)


def test_a_kick_outside_the_film_is_refused(report: Report) -> None:
    with pytest.raises(UnfitClip, match="choose one of those"):
        pipeline.resettled(report, Said(kick_frame=len(report.shot.clip.time_s)), silent)


def test_without_the_goal_the_foot_and_the_angles_still_come(rendered: Path, truth: synthetic.SyntheticShot) -> None:
    seen = pipeline.analyze(video.open_clip(rendered), "motion", None, silent)
    assert seen.outcome.verdict is Verdict.UNSURE
    assert "not marked" in seen.outcome.why
    assert seen.foot.foot == truth.foot


def test_a_film_in_which_nothing_moves_gives_reasons(make_film: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "still.mp4"
    field = np.random.default_rng(1).integers(60, 140, (180, 320, 3), dtype=np.uint8)
    with video.FilmWriter(path, (320, 180), np.arange(40) / 30) as film:
        for number in range(40):
            film.add(field, number / 30)
    seen = pipeline.analyze(video.open_clip(path), "motion", None, silent)
    assert seen.outcome.verdict is Verdict.UNSURE
    assert seen.foot.foot is Foot.UNSURE
    assert seen.shot.kick_frame is None
    assert all(measure.why_not for measure in seen.measures)


def test_a_camera_that_jumps_is_told_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "knocked.mp4"
    field = textured(400, 180, seed=1)
    with video.FilmWriter(path, (320, 180), np.arange(40) / 30) as film:
        for number in range(40):
            left = 25 * (number >= 20)
            film.add(np.ascontiguousarray(field[:, left : left + 320]), number / 30)
    with pytest.raises(UnfitClip, match="phone was knocked"):
        pipeline.analyze(video.open_clip(path), "motion", None, silent)


def test_an_unknown_detector_is_refused_before_any_work(rendered: Path) -> None:
    with pytest.raises(UnknownPart, match="motion"):
        pipeline.analyze(video.open_clip(rendered), "crystal ball", None, silent)


@pytest.mark.parametrize("stage", ["footage", "detect", "scene", "flight", "pose"])
def test_the_work_stops_where_the_player_says_stop(rendered: Path, stage: str) -> None:
    def stop(now: str, share: float) -> None:
        if now == stage:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        pipeline.analyze(video.open_clip(rendered), "motion", None, stop)
