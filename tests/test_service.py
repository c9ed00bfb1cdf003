"""What a page may ask for: answers and refusals, in plain values."""

import datetime as dt
import io
import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from kicky import __main__, storage
from kicky.domain import Report, Verdict
from kicky.errors import BadScene, KickyError, NotFound, UnfitClip, UnreadableClip
from kicky.home import PROJECT, media
from kicky.measures import MEASURES
from kicky.service import clips, document, gallery, house, judging, players, saturdays, scenes, sessions, shots, work
from kicky.speeds import Unit

DAY = dt.date(2026, 11, 7)
CORNERS = [(50, 10), (110, 10), (110, 40), (50, 40)]
GOAL_M = (7.32, 2.44)
MakeFilm = Callable[..., Path]


@pytest.fixture
def session_id() -> int:
    return sessions.new(DAY, "Park")


def in_media() -> list[str]:
    return sorted(path.name for path in media().iterdir()) if media().exists() else []


def test_pages_open_without_waiting_for_what_they_do_not_need() -> None:
    heavy = ["cv2", "torch", "mediapipe", "av", "numpy", "pandas", "scipy", "supervision", "alembic", "transformers"]
    code = f"import sys, kicky.service; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=PROJECT, text=True).strip() == "[]"


# --- sessions ---------------------------------------------------------------------------------


def test_an_empty_house_answers_everything() -> None:
    assert (sessions.listed(), shots.listed(), work.jobs(), players.names(), gallery.samples()) == ([],) * 5
    assert sessions.last() is None
    assert work.detectors()[0] == "motion"
    assert scenes.goal_sizes()["11-a-side"] == GOAL_M


def test_sessions_come_newest_first_and_can_be_corrected(session_id: int) -> None:
    older = sessions.new(dt.date(2026, 10, 31), " Beach ")
    assert [(s.id, s.place) for s in sessions.listed()] == [(session_id, "Park"), (older, "Beach")]
    sessions.change(older, dt.date(2026, 11, 14), "Yard")
    newest = sessions.listed()[0]
    assert (newest.id, newest.date, newest.place, newest.clips) == (older, dt.date(2026, 11, 14), "Yard", 0)


def test_the_last_session_is_the_newest_of_ones_own_with_clips(session_id: int, make_film: MakeFilm) -> None:
    samples = sessions.new(dt.date(2026, 12, 1), sessions.SAMPLES)
    sessions.new(dt.date(2026, 12, 24), "nothing yet")
    clips.add(samples, "s.mp4", make_film(seed=1))
    assert (last := sessions.last())
    assert last.id == samples
    clips.add(session_id, "a.mp4", make_film(seed=2))
    assert (last := sessions.last())
    assert last.id == session_id


# --- clips ------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_path", [True, False])
def test_a_film_becomes_a_clip(session_id: int, make_film: MakeFilm, as_path: bool) -> None:
    film = make_film(count=12)
    source: Path | io.BytesIO = film
    if not as_path:
        source = io.BytesIO(film.read_bytes())
        source.read()  # Streamlit hands over a file that was read before
    clip = clips.add(session_id, "Kick 1.MOV", source, slow_motion=4)
    assert (clip.name, clip.width, clip.height, clip.frames, clip.slow_motion) == ("Kick 1.MOV", 160, 90, 12, 4.0)
    assert clip.duration_s == pytest.approx(12 / 30 / 4, abs=1e-3)
    assert (clip.shot_id, clip.job) == (None, None)
    assert clips.listed(session_id) == [clip]
    (stored,) = in_media()
    assert (media() / stored).read_bytes() == film.read_bytes()
    assert stored.endswith(".mov")
    assert film.exists()


def test_the_same_bytes_twice_are_told_with_the_day_and_the_name(session_id: int, make_film: MakeFilm) -> None:
    clips.add(session_id, "first.mp4", make_film())
    before = in_media()
    other = sessions.new(dt.date(2026, 11, 14))
    with pytest.raises(UnfitClip, match=r"^second\.mp4 is already in Saturday 7 Nov 2026 as first\.mp4\.$"):
        clips.add(other, "second.mp4", make_film())
    assert in_media() == before


BROKEN = {
    "nothing": b"",
    "no film": b"I am a letter, not a film. " * 100,
    "no film either": bytes(range(256)) * 40,
    "a head only": None,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_whole_film_is_refused_by_its_own_name(session_id: int, make_film: MakeFilm, kind: str) -> None:
    whole = make_film().read_bytes()
    data = whole[: len(whole) // 2] if BROKEN[kind] is None else BROKEN[kind]
    with pytest.raises(UnreadableClip, match=r"^Ball &amp; <i>Ü</i>\.mp4 "):
        clips.add(session_id, "Ball &amp; <i>Ü</i>.mp4", io.BytesIO(data))
    assert (in_media(), clips.listed(session_id)) == ([], [])


def test_a_film_damaged_in_the_middle_is_not_kept(session_id: int, make_film: MakeFilm) -> None:
    data = bytearray(make_film(count=40).read_bytes())
    data[len(data) - 400 :] = b"\xff" * 400  # the index lies in front, so the file still opens
    with pytest.raises(UnreadableClip, match=r"^a\.mp4 "):
        clips.add(session_id, "a.mp4", io.BytesIO(bytes(data)))
    assert in_media() == []


@pytest.mark.parametrize("slow_motion", [0, -1, math.nan, math.inf])
def test_slow_motion_that_makes_no_sense(session_id: int, make_film: MakeFilm, slow_motion: float) -> None:
    with pytest.raises(UnfitClip, match="Slow motion"):
        clips.add(session_id, "a.mp4", make_film(), slow_motion)
    assert in_media() == []


def test_no_such_session_and_no_such_file(session_id: int, make_film: MakeFilm, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="session 7"):
        clips.add(7, "a.mp4", make_film())
    with pytest.raises(UnreadableClip, match=r"There is no film .*gone\.mp4"):
        clips.add(session_id, "gone.mp4", tmp_path / "gone.mp4")
    assert in_media() == []


@pytest.mark.parametrize(("name", "ending"), [("a.tar.gz", ".gz"), ("noending", ".film"), ("../../e.v i l", ".film")])
def test_a_name_never_becomes_a_path(session_id: int, make_film: MakeFilm, name: str, ending: str) -> None:
    clip = clips.add(session_id, name, make_film())
    assert clip.name == name
    assert in_media() == [f"{storage.clip(clip.id).sha256}{ending}"]


def test_films_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "Vidéos"
    (folder / "sub.mp4").mkdir(parents=True)
    for name in ["b.MOV", "a.mp4", "c.webm", "notes.txt", ".hidden.mp4"]:
        (folder / name).touch()
    assert [path.name for path in clips.films_in(f" {folder} ")] == ["a.mp4", "b.MOV", "c.webm"]
    for wrong in ["", str(folder / "nowhere"), str(folder / "a.mp4")]:
        with pytest.raises(NotFound, match="There is no folder"):
            clips.films_in(wrong)


# --- stills and the goal ----------------------------------------------------------------------


def test_a_still_is_made_once(session_id: int, make_film: MakeFilm, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = clips.add(session_id, "a.mp4", make_film())
    first, last = scenes.still(clip.id), scenes.still(clip.id, 11)
    assert first[:2] == last[:2] == b"\xff\xd8"
    assert first != last
    monkeypatch.setattr("kicky.video.open_clip", lambda *_: pytest.fail("decoded again"))
    assert scenes.still(clip.id, 11) == last
    for wrong in (-1, 12):
        with pytest.raises(UnfitClip, match=r"a\.mp4 has 12 frames"):
            scenes.still(clip.id, wrong)


def test_the_goal_is_remembered_for_its_session(session_id: int, make_film: MakeFilm) -> None:
    assert scenes.of_session(session_id) is None
    with pytest.raises(BadScene, match="add a clip first"):
        scenes.keep(session_id, CORNERS, GOAL_M)
    clips.add(session_id, "a.mp4", make_film())
    scenes.keep(session_id, CORNERS, GOAL_M, 1.4)
    assert (scene := scenes.of_session(session_id))
    assert scene.corners == tuple((float(x), float(y)) for x, y in CORNERS)
    assert (scene.goal_size_m, scene.camera_height_m, scene.size_wh_px) == (GOAL_M, 1.4, (160, 90))
    scenes.keep(session_id, CORNERS, (3.0, 2.0), size_wh=(1600, 900))
    assert (scene := scenes.of_session(session_id))
    assert (scene.goal_size_m, scene.camera_height_m, scene.size_wh_px) == ((3.0, 2.0), None, (1600, 900))
    assert sessions.listed()[0].has_scene


def test_corners_that_make_no_goal_change_nothing(session_id: int, make_film: MakeFilm) -> None:
    clip = clips.add(session_id, "a.mp4", make_film())
    flat = [(10.0, 10.0), (50.0, 10.0), (90.0, 10.0), (10.0, 60.0)]
    with pytest.raises(BadScene):
        scenes.keep(session_id, flat, GOAL_M)
    with pytest.raises(BadScene):
        scenes.check(clip.id, flat, GOAL_M)
    assert scenes.of_session(session_id) is None


def test_the_goal_is_drawn_back(session_id: int, make_film: MakeFilm) -> None:
    clip = clips.add(session_id, "a.mp4", make_film())
    check = scenes.check(clip.id, CORNERS, GOAL_M)
    assert check.still[:2] == b"\xff\xd8"
    assert check.still != scenes.still(clip.id)


def test_a_cleared_goal_is_gone_and_its_picture_with_it(session_id: int, make_film: MakeFilm, own_home: Path) -> None:
    clip = clips.add(session_id, "a.mp4", make_film())
    scenes.keep(session_id, CORNERS, GOAL_M, clip_id=clip.id, lens_mm=13.0)
    assert scenes.lens(session_id) == 13.0
    assert len(list((own_home / "db" / "media").glob("goal-*.png"))) == 1
    scenes.forget(session_id)
    assert scenes.of_session(session_id) is None
    assert scenes.lens(session_id) is None
    assert not list((own_home / "db" / "media").glob("goal-*.png"))


# --- shots over the Saturdays -----------------------------------------------------------------


def test_history_has_the_same_columns_and_types_when_empty(
    session_id: int, make_film: MakeFilm, make_report: Callable[..., Report]
) -> None:
    empty = saturdays.per_shot()
    assert len(empty) == 0
    assert {*MEASURES, *(f"{name}_low" for name in MEASURES), *(f"{name}_high" for name in MEASURES)} <= {
        *empty.columns
    }
    verdicts = [Verdict.GOAL, Verdict.NO_GOAL, Verdict.UNSURE]
    for number, verdict in enumerate(verdicts):
        clip = clips.add(session_id, f"{number}.mp4", make_film(seed=number))
        shot_id = storage.save(make_report(verdict=verdict), clip.id, "motion")
    players.name(shot_id, "Ana")
    full = saturdays.per_shot()
    assert (full.dtypes == empty.dtypes).all()
    assert full["goal"].tolist() == [True, False, pd.NA]
    assert full["player"].isna().tolist() == [True, True, False]
    assert full["speed"].tolist() == [88.0] * 3
    assert full["speed_high"].tolist() == [140.0] * 3
    assert full["trunk_lean"].isna().all()
    assert full["date"].tolist() == [pd.Timestamp(DAY)] * 3


def test_history_runs_from_the_first_saturday_and_shots_from_the_last(
    session_id: int, make_film: MakeFilm, make_report: Callable[..., Report]
) -> None:
    later = sessions.new(dt.date(2026, 11, 14))
    for number, where in enumerate([later, session_id, later]):
        clip = clips.add(where, f"{number}.mp4", make_film(seed=number))
        storage.save(make_report(), clip.id, "motion")
    assert [shot.clip_name for shot in shots.listed()] == ["0.mp4", "2.mp4", "1.mp4"]
    assert saturdays.per_shot()["clip"].tolist() == ["1.mp4", "0.mp4", "2.mp4"]
    assert [shot.clip_name for shot in shots.listed(session_id)] == ["1.mp4"]
    assert [(s.shots, s.goals) for s in sessions.listed()] == [(2, 2), (1, 1)]


# --- samples ----------------------------------------------------------------------------------


@pytest.fixture
def samples(make_film: MakeFilm) -> list[str]:
    """Two samples with goals of their own, as set-up would leave them."""
    gallery.folder().mkdir(parents=True)
    names = [choice.name for choice in gallery.CHOSEN[:2]]
    for number, name in enumerate(names):
        film = make_film(seed=100 + number).rename(gallery.folder() / f"{name}.mp4")
        goal = [[x + number, y] for x, y in CORNERS]
        film.with_suffix(".scene.json").write_text(json.dumps({"goal_corners_px": goal, "goal_size_m": GOAL_M}))
        film.with_suffix(".truth.json").write_text(json.dumps({"camera": {"focal_px": 400.0}}))
        film.with_suffix(".jpg").write_bytes(b"jpeg")
    return names


def test_a_sample_is_tried_in_one_click(samples: list[str], make_report: Callable[..., Report]) -> None:
    assert [(s.name, s.view) for s in gallery.samples()] == [(name, "behind") for name in samples]
    session_id = gallery.try_sample(samples[0])
    assert gallery.try_sample(samples[0]) == session_id
    (session,) = sessions.listed()
    assert (session.place, session.clips, session.has_scene) == ("Samples", 1, True)
    (job,) = work.jobs()
    storage.save(make_report(), job.clip_id, "motion")
    work.cancel(job.id)
    assert gallery.try_sample(samples[0]) == session_id
    assert len(work.jobs()) == 1


def test_each_sample_keeps_its_own_goal(samples: list[str]) -> None:
    from kicky.jobs.tasks import scene_of

    session_id = gallery.try_sample(samples[0])
    assert gallery.try_sample(samples[1]) == session_id
    ids = [clip.id for clip in clips.listed(session_id)]
    lefts = [scene.goal_corners_px[0, 0] for clip_id in ids if (scene := scene_of(storage.clip(clip_id)))]
    assert lefts == [50, 51]
    scenes.keep(session_id, [(x + 7, y) for x, y in CORNERS], GOAL_M)
    lefts = [scene.goal_corners_px[0, 0] for clip_id in ids if (scene := scene_of(storage.clip(clip_id)))]
    assert lefts == [57, 57]


def test_an_unknown_or_half_made_sample(samples: list[str]) -> None:
    with pytest.raises(NotFound, match="python -m kicky samples"):
        gallery.try_sample("nope")
    (gallery.folder() / f"{samples[1]}.jpg").unlink()
    assert [sample.name for sample in gallery.samples()] == samples[:1]
    assert sessions.listed() == []


def test_samples_are_made_once_with_their_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kicky import synthetic

    real = synthetic.sample
    monkeypatch.setattr(synthetic, "sample", lambda seed, **wish: real(seed, size_wh=(320, 180), fps=30, **wish))
    told: list[float] = []
    (film,) = gallery.make_samples(count=1, on_progress=lambda _stage, share: told.append(share))
    assert (film.parent, told[-1]) == (gallery.folder(), 1.0)
    (sample,) = gallery.samples()
    assert (sample.path, sample.still.read_bytes()[:2]) == (film, b"\xff\xd8")
    assert json.loads(film.with_suffix(".truth.json").read_text())["kind"] == gallery.CHOSEN[0].kind
    made = film.stat().st_mtime_ns
    monkeypatch.delattr("kicky.synthetic.write")
    done = CliRunner().invoke(__main__.app, ["doctor", "--mend"])
    assert (type(done.exception), film.stat().st_mtime_ns) == (AttributeError, made)  # the other five it would make
    monkeypatch.setattr(gallery, "CHOSEN", gallery.CHOSEN[:1])
    done = CliRunner().invoke(__main__.app, ["doctor", "--mend"])
    assert (done.output, film.stat().st_mtime_ns) == ("Everything the app needs is here.\n", made)


# --- the command line's questions -------------------------------------------------------------


def test_a_film_is_analysed_without_the_database(
    make_film: MakeFilm, make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr("kicky.pipeline.analyze", lambda *given, **_: asked.append(given) or make_report())
    monkeypatch.setattr("kicky.render.film", lambda _report, path, _tell, unit: path.write_bytes(unit.encode()))
    (tmp_path / "goal.json").write_text(json.dumps({"goal_corners_px": CORNERS, "goal_size_m": GOAL_M}))
    report = judging.analyze_file(
        make_film(), tmp_path / "goal.json", "motion", 2.0, tmp_path / "new" / "out", unit=Unit.MPH
    )
    clip, detector, scene, _ = asked[0]
    assert (clip.slow_motion, detector, scene.goal_size_m) == (2.0, "motion", GOAL_M)  # type: ignore[attr-defined]
    assert (tmp_path / "new" / "out" / "film.mp4").read_bytes() == b"mph"
    assert json.loads((tmp_path / "new" / "out" / "report.json").read_text()) == document.report_json(report)
    assert not (tmp_path / "db").exists()
    with pytest.raises(BadScene, match=r"nowhere\.json"):
        judging.analyze_file(make_film(), tmp_path / "nowhere.json")


def test_speeds_are_told_in_the_unit_asked_for_and_in_no_other(
    make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("kicky.service.judging.analyze_file", lambda *_: make_report())
    said = CliRunner().invoke(__main__.app, ["analyze", str(tmp_path / "kick.mp4"), "--unit", "mph"])
    assert said.exit_code == 0
    assert "Ball speed: about 55 mph (50–87)" in said.output.splitlines()
    assert CliRunner().invoke(__main__.app, ["analyze", str(tmp_path / "kick.mp4"), "--unit", "knots"]).exit_code == 2


def test_the_folder_for_the_answer_is_a_file(
    make_film: MakeFilm, make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("kicky.pipeline.analyze", lambda *_, **__: make_report())
    (tmp_path / "out").touch()
    with pytest.raises(KickyError, match="out"):
        judging.analyze_file(make_film(), out=tmp_path / "out")


def test_the_doctor_says_what_to_do(samples: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kicky.weights.state", lambda _name: "missing")
    assert house.doctor() == ["The pose model is missing: fetch it with `python -m kicky models pull pose`."]
    monkeypatch.setattr("kicky.weights.state", lambda _name: "here")
    assert house.doctor() == []
    for name in samples:
        (gallery.folder() / f"{name}.mp4").unlink()
    assert house.doctor() == ["The sample shots are missing: make them with `python -m kicky samples`."]
