"""The ball shown by hand: a still in which it lies, one job or another for a click, a word kept once proved."""

import dataclasses
import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pictures
from typer.testing import CliRunner

from kicky import __main__, jobs, pipeline, scene, storage, video
from kicky.domain import NOTHING_SAID, Clip, Report, Rest, Said, Shot, Steadying, Track
from kicky.errors import NotFound, UnfitClip
from kicky.home import media
from kicky.jobs import tasks
from kicky.service import balls, clips, judging, kicks, sessions, shots, work
from kicky.service.document import report_json
from kicky.storage import labels

from .films import number_in, numbered, write

COUNT, KICK = 60, 30
MakeReport = Callable[..., Report]
NOTHING_THERE = "No ball is seen to lie and leave where you pointed"


def rest(x: float, y: float, first: int, leaves: int, diameter: float = 12.0) -> Rest:
    frames = np.arange(first, leaves + 1)
    return Rest(np.array([x, y]), diameter, frames, np.ones(len(frames)), 1.0)


RESTS = (rest(80.0, 50.0, 5, 30), rest(120.0, 60.0, 5, 20), rest(30.0, 20.0, 5, 54))


def lying(clip: Clip, *rests: Rest) -> Shot:
    """A shot whose ball was taken to lie at the first of them until the kick."""
    centre = np.full((len(clip.time_s), 2), np.nan)
    centre[5 : KICK + 1] = (80.4, 50.2)
    ball = Track("ball", centre, np.where(np.isnan(centre), np.nan, 12.0), np.ones(COUNT), np.isfinite(centre[:, 0]))
    return Shot(clip, ball, kick_frame=KICK, kick_source="departure", rests=rests, ball_sure=0.55)


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    """-> a clip of the home, of a film whose every frame says its number."""
    path = write(tmp_path / "kick.mp4", [numbered(number) for number in range(COUNT)])
    clip_id = clips.add(sessions.new(dt.date(2026, 11, 7)), path.name, path).id
    return replace(video.open_clip(media() / storage.clip(clip_id).file), take=(5, 55))


@pytest.fixture
def keep(clip: Clip, make_report: MakeReport) -> Callable[..., int]:
    """-> what stores a shot with those places of rest."""
    return lambda *rests: storage.save(make_report(shot=lying(clip, *rests)), 1, "motion")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, clip: Clip) -> list[tuple[str, Said]]:
    """A pipeline that hears what a person said and finds a ball there, but not at 7, 7; -> what was said to which."""
    given: list[tuple[str, Said]] = []

    def settled(which: str, said: Said) -> Report:
        given.append((which, said))
        if said.ball_px == (7.0, 7.0):
            raise UnfitClip(f"{NOTHING_THERE}.")
        report = storage.report(1)
        return replace(report, shot=replace(report.shot, ball_sure=1.0))

    monkeypatch.setattr(tasks.pipeline, "resettled", lambda _report, said, *_, **__: settled("resettled", said))
    monkeypatch.setattr(tasks.pipeline, "analyze", lambda *_, said, **__: settled("analyze", said))
    monkeypatch.setattr(tasks.render, "film", lambda _report, path, _tell, **_: path.write_bytes(b"anew"))
    return given


def newest() -> tuple[str, str, str]:
    return next((job.kind, job.state, job.message) for job in work.jobs())


def test_the_still_is_of_before_the_kick_with_the_places_in_it(keep: Callable[..., int], clip: Clip) -> None:
    still = balls.still(keep(*RESTS))
    assert still.frame == 20  # the last one in which all three still lie: the kick may be the wrong ball's
    assert number_in(np.asarray(Pictures.open(io.BytesIO(still.picture)).convert("RGB"))) == 20
    assert [(place.x, place.y, place.diameter, place.chosen) for place in still.places] == [
        (80.0, 50.0, 12.0, True), (120.0, 60.0, 12.0, False), (30.0, 20.0, 12.0, False),
    ]  # fmt: skip
    assert (still.said, still.size_wh_px) == (None, clip.size_wh_px)
    assert (still.from_s, still.until_s) == (pytest.approx(5 / 30), pytest.approx(54 / 30))


def test_at_another_moment_only_what_lies_then_is_offered(keep: Callable[..., int]) -> None:
    shot_id = keep(*RESTS)
    still = balls.still(shot_id, 40 / 30)
    assert (still.frame, [place.x for place in still.places]) == (40, [30.0])
    assert (balls.still(shot_id, 99.0).frame, balls.still(shot_id, 0.0).frame) == (54, 5)


def test_without_places_it_is_the_kick_and_without_a_kick_the_middle(
    keep: Callable[..., int], clip: Clip, make_report: MakeReport
) -> None:
    assert balls.still(keep()).frame == KICK
    nothing = make_report(shot=replace(lying(clip), kick_frame=None, kick_why_not="No kick."))
    assert balls.still(storage.save(nothing, 1, "motion")).frame == 30
    with pytest.raises(NotFound):
        balls.still(99)


def test_the_place_chosen_is_shown_among_many(keep: Callable[..., int]) -> None:
    many = [rest(10.0 + 14 * k, 80.0, 5, 54, 6.0) for k in range(9)]
    places = balls.still(keep(*many, RESTS[0])).places
    assert [place.chosen for place in places] == [True] + [False] * 5


def test_a_place_that_was_found_is_judged_from_what_was_seen(
    keep: Callable[..., int], heard: list[tuple[str, Said]]
) -> None:
    shot_id = keep(*RESTS)
    number = balls.show(shot_id, (124.0, 57.0))
    assert balls.by_hand(1) is None  # it is a guess until a ball was found there
    job = kicks.under_way(1)
    assert job is not None
    assert (job.id, job.kind) == (number, "restrike")
    jobs.work(0.01)
    assert heard == [("resettled", Said(None, (124.0, 57.0)))]
    assert balls.by_hand(1) == (124.0, 57.0)
    assert balls.still(shot_id).said == (124.0, 57.0)
    assert shots.one(shot_id).ball_sure == 1.0


@pytest.mark.parametrize("rests", [RESTS, ()], ids=["found elsewhere", "of an older program"])
def test_for_another_place_the_film_is_looked_through_again(
    rests: tuple[Rest, ...], keep: Callable[..., int], heard: list[tuple[str, Said]]
) -> None:
    balls.show(keep(*rests), (100.0, 20.0))
    assert newest()[:2] == ("analyze", "queued")
    jobs.work(0.01)
    assert heard == [("analyze", Said(None, (100.0, 20.0)))]
    assert balls.by_hand(1) == (100.0, 20.0)


def test_both_words_of_a_person_are_heard(keep: Callable[..., int], heard: list[tuple[str, Said]]) -> None:
    labels.put(1, labels.CONTACT_FRAME, "28")
    balls.show(keep(*RESTS), (124.0, 57.0))
    jobs.work(0.01)
    assert heard == [("resettled", Said(28, (124.0, 57.0)))]


def test_a_word_that_did_not_prove_right_is_not_kept(keep: Callable[..., int], heard: list[tuple[str, Said]]) -> None:
    shot_id = keep(*RESTS)
    balls.show(shot_id, (7.0, 7.0))
    jobs.work(0.01)
    kind, state, message = newest()
    assert (kind, state) == ("analyze", "failed")
    assert NOTHING_THERE in message
    assert balls.by_hand(1) is None
    assert shots.one(shot_id).ball_sure == 0.55


def test_a_word_that_is_taken_back_is_no_more(keep: Callable[..., int], heard: list[tuple[str, Said]]) -> None:
    shot_id = keep(*RESTS)
    with pytest.raises(UnfitClip, match="nothing to take back"):
        balls.show(shot_id, None)
    labels.put(1, labels.BALL_PX, "80.0,50.0")
    balls.show(shot_id, None)
    assert balls.by_hand(1) is None
    jobs.work(0.01)
    assert heard == [("analyze", NOTHING_SAID)]


def test_where_the_phone_moved_places_are_those_of_the_frame_shown(
    clip: Clip, make_report: MakeReport, heard: list[tuple[str, Said]]
) -> None:
    moves = np.tile(np.eye(3), (COUNT, 1, 1))
    moves[:, 0, 2] = -0.5 * np.arange(COUNT)  # what stands still goes half a pixel a frame to the right
    shot = lying(clip, *RESTS)
    shot_id = storage.save(
        make_report(shot=replace(shot, clip=replace(clip, steadying=Steadying(moves, 5)))), 1, "motion"
    )
    still = balls.still(shot_id)
    assert (still.frame, still.places[1].x, still.places[1].y) == (20, pytest.approx(130.0), pytest.approx(60.0))
    balls.show(shot_id, (131.0, 60.0), 20)
    jobs.work(0.01)
    assert heard == [("resettled", Said(None, (121.0, 60.0)))]
    assert balls.still(shot_id).said == pytest.approx((131.0, 60.0))


@pytest.mark.parametrize("place", [(-1.0, 5.0), (5.0, 90_000.0), (float("nan"), 5.0), (5.0, float("inf"))])
def test_a_place_outside_the_picture_is_refused(place: tuple[float, float], keep: Callable[..., int]) -> None:
    with pytest.raises(UnfitClip, match="outside the picture, which is"):
        balls.show(keep(*RESTS), place)
    assert work.jobs() == []
    with pytest.raises(NotFound):
        balls.show(99, (5.0, 5.0))


@pytest.mark.parametrize(
    ("kick", "sure", "asked"), [(3, 0.69, True), (3, 0.7, False), (3, None, False), (None, 1.0, True)]
)
def test_who_is_asked(kick: int | None, sure: float | None, asked: bool) -> None:
    assert balls.unsure(kick, sure) is asked


def test_the_document_says_where_the_ball_lay_and_how_sure_that_is(clip: Clip, make_report: MakeReport) -> None:
    document = report_json(make_report(shot=lying(clip, *RESTS)))
    assert document["ball_sure"] == 0.55
    assert document["ball_at_rest"] == {"x": 80.0, "y": 50.0, "diameter": 12.0, "frame": 30}
    json.dumps(document, allow_nan=False)
    elsewhere = report_json(make_report(shot=lying(clip, *RESTS[1:])))
    assert elsewhere["ball_at_rest"] is None
    nothing = dataclasses.replace(lying(clip, *RESTS), kick_frame=None)
    assert report_json(make_report(shot=nothing))["ball_at_rest"] is None


@pytest.mark.parametrize("typed", ["here", "1", "1,2,3", "nan,2", "1;2", ""])
def test_a_place_mistyped_is_wrong_usage(typed: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(__main__.app, ["analyze", str(tmp_path / "shot.mp4"), "--ball", typed])
    assert done.exit_code == 2
    assert "is no place in a picture" in done.stderr


def test_the_command_line_hands_the_place_on(monkeypatch: pytest.MonkeyPatch, rendered: Path) -> None:
    said: list[Said] = []

    def analyze(*_: Any, said_: list[Said] = said, **named: Any) -> Report:
        said_.append(named["said"])
        raise UnfitClip(f"{NOTHING_THERE}.")

    monkeypatch.setattr(pipeline, "analyze", analyze)
    with pytest.raises(UnfitClip, match=NOTHING_THERE):
        judging.analyze_file(rendered, ball_px=(640.0, 355.5))
    assert said == [Said(None, (640.0, 355.5))]
    with pytest.raises(UnfitClip, match="outside the picture"):
        judging.analyze_file(rendered, ball_px=(9000.0, 1.0))
    assert len(said) == 1
    monkeypatch.setattr("sys.argv", ["kicky", "analyze", str(rendered), "--ball", "640,355.5"])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == 1
    assert said[1] == said[0]


@pytest.mark.slow
def test_a_ball_that_is_shown_is_the_one_that_is_judged(rendered: Path) -> None:
    goal = scene.read(rendered.with_suffix(".scene.json"))
    clip = video.open_clip(rendered)
    report = pipeline.analyze(clip, "motion", goal, work.silent)
    at = report_json(report)["ball_at_rest"]
    shown = pipeline.resettled(report, Said(ball_px=(at["x"], at["y"])), work.silent)
    assert report_json(shown)["ball_at_rest"] == at
    assert shown.shot.ball_sure == 1.0
    with pytest.raises(UnfitClip, match=NOTHING_THERE):
        pipeline.resettled(report, Said(ball_px=(3.0, 3.0)), work.silent)
