"""What one job does: the stages share its bar, the goal fits its clip, and a failure leaves nothing behind."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kicky import jobs, storage
from kicky.domain import Report
from kicky.errors import StorageFailed, UnfitClip
from kicky.home import media
from kicky.jobs import tasks
from kicky.service import clips, scenes, sessions, shots, work
from kicky.storage.tables import JobRow

CORNERS = [(50, 10), (110, 10), (110, 40), (50, 40)]
MakeFilm = Callable[..., Path]


@pytest.fixture
def clip_id(make_film: MakeFilm) -> int:
    return clips.add(sessions.new(dt.date(2026, 11, 7)), "kick.mp4", make_film()).id


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch, make_report: Callable[..., Report]) -> list[object]:
    """Stages that do nothing but tell; -> what the analysis was given."""
    given: list[object] = []

    def analyze(clip: object, detector: str, scene: object, tell: Callable[[str, float], None], **_: object) -> Report:
        given.extend([clip, detector, scene])
        for stage in ("footage", "detect", "scene", "flight", "pose", "measure"):
            tell(stage, 1.0)
        return make_report()

    def film(_report: Report, path: Path, tell: Callable[[str, float], None], **_: object) -> None:
        path.write_bytes(b"film")
        tell("film", 1.0)

    monkeypatch.setattr(tasks.pipeline, "analyze", analyze)
    monkeypatch.setattr(tasks.render, "film", film)
    return given


def run(clip_id: int, told: list[tuple[str, float]] | None = None) -> int:
    row = JobRow(id=1, kind="analyze", clip_id=clip_id, settings={"detector": "motion"})
    return tasks.analyze(row, lambda stage, share: told.append((stage, share)) if told is not None else None)


def test_an_analysis_is_stored_with_film_and_copy(clip_id: int, fakes: list[object]) -> None:
    told: list[tuple[str, float]] = []
    shot_id = run(clip_id, told)
    assert shots.one(shot_id).copy is None
    jobs.work(0.01)
    shot = shots.one(shot_id)
    assert shot.outcome == "goal"
    assert shot.film is not None
    assert shot.film.read_bytes() == b"film"
    assert shot.copy is not None
    assert shot.copy.stat().st_size > 500
    assert fakes[1:] == ["motion", None]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert list(dict.fromkeys(stage for stage, _ in told)) == list(tasks.ENDS)
    assert shares[-1] == tasks.ENDS["film"]


def test_the_copy_comes_after_every_verdict_and_once(
    clip_id: int, make_film: MakeFilm, fakes: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_film, real_copy = tasks.render.film, tasks.video.browser_copy
    monkeypatch.setattr(tasks.render, "film", lambda *given, **how: order.append("film") or real_film(*given, **how))
    monkeypatch.setattr(tasks.video, "browser_copy", lambda *given: order.append("copy") or real_copy(*given))
    second = clips.add(1, "b.mp4", make_film(seed=1)).id
    work.analyze([clip_id, second])
    jobs.work(0.01)
    assert order == ["film", "film", "copy", "copy"]
    assert [(job.kind, job.state) for job in work.jobs()] == [("analyze", "done")] * 2
    assert [clip.job.kind for clip in clips.listed(1) if clip.job] == ["analyze"] * 2
    work.analyze([clip_id])
    jobs.work(0.01)
    assert order[4:] == ["film"]


def test_a_film_that_cannot_be_written_stores_nothing(
    clip_id: int, fakes: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_report: Report, path: Path, _tell: object, **_: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    before = sorted(media().iterdir())
    monkeypatch.setattr(tasks.render, "film", full)
    with pytest.raises(StorageFailed, match="disk is full"):
        run(clip_id)
    assert shots.listed() == []
    assert sorted(media().iterdir()) == before


def test_an_error_speaks_of_the_film_by_its_name(
    clip_id: int, fakes: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def moves(clip: object, *_: object, **__: object) -> None:
        raise UnfitClip(f"The camera moves in {clip.path.name}.")  # type: ignore[attr-defined]

    monkeypatch.setattr(tasks.pipeline, "analyze", moves)
    with pytest.raises(UnfitClip, match=r"^The camera moves in kick\.mp4\.$"):
        run(clip_id)


@pytest.mark.parametrize("size_wh", [(160, 90), (320, 180), (1920, 1080), (1918, 1080)])
def test_the_goal_is_carried_over_to_a_clip_of_another_size(clip_id: int, size_wh: tuple[int, int]) -> None:
    scale = size_wh[0] / 160
    scenes.keep(1, [(x * scale, y * scale) for x, y in CORNERS], (7.32, 2.44), 1.2, size_wh=size_wh)
    scene = tasks.scene_of(storage.clip(clip_id))
    assert scene is not None
    assert scene.goal_corners_px == pytest.approx(np.array(CORNERS), rel=2e-3)
    assert (scene.camera_height_m, scene.source) == (1.2, "clicked" if scale == 1 else "inherited")


def test_a_goal_of_another_shape_of_picture_is_refused(clip_id: int) -> None:
    assert tasks.scene_of(storage.clip(clip_id)) is None
    scenes.keep(1, CORNERS, (7.32, 2.44), size_wh=(90, 160))
    with pytest.raises(UnfitClip, match=r"^kick\.mp4 is 160 × 90, but the goal was clicked on a picture of 90 × 160"):
        tasks.scene_of(storage.clip(clip_id))


def test_the_worker_knows_where_its_work_is(clip_id: int, fakes: list[object]) -> None:
    (number,) = work.analyze([clip_id])
    jobs.work(0.01)
    (job,) = work.jobs()
    assert (job.id, job.state, job.shot_id) == (number, "done", clips.listed(1)[0].shot_id)


def test_a_stage_nobody_listed_leaves_the_bar_where_it_is() -> None:
    told: list[tuple[str, float]] = []
    tell = tasks.spread(lambda stage, share: told.append((stage, share)))
    tell("detect", 1.0)
    tell("thinking", 0.7)
    assert told == [("detect", tasks.ENDS["detect"]), ("thinking", 0.0)]
