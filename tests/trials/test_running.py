"""Runs over real films: each looked at once, what fails named, what changed looked at anew."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import supervision as sv

from kicky import detectors, pipeline, video
from kicky.detectors.motion import Motion
from kicky.domain import Clip
from kicky.errors import Cancelled, OutOfMemory, UnfitClip, UnknownPart
from kicky.evaluation import Truth
from kicky.scene import read
from kicky.synthetic import SyntheticShot
from kicky.trials import kept
from kicky.trials.downstream import ABLATIONS, DOWNSTREAMS
from kicky.trials.kept import digest
from kicky.trials.labelled import Labelled, LabelSet, Spot
from kicky.trials.running import Wish, run_all
from kicky.video import FilmWriter

LOOKED: list[str] = []


class Watched(Motion):
    """The motion detector; it tells which films it looked at, and breaks on those whose name says so."""

    def __call__(self, clip: Clip) -> Iterator[sv.Detections]:
        LOOKED.append(clip.path.stem)
        if "broken" in clip.path.stem:
            raise RuntimeError("no such tensor")
        if "greedy" in clip.path.stem:
            raise OutOfMemory("The graphics card has no room left.")
        return super().__call__(clip)


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers the watched detector as one of its own."""
    LOOKED.clear()
    monkeypatch.setitem(detectors.DETECTORS, "watched", f"{__name__}:Watched")
    monkeypatch.setitem(detectors.DEFAULTS, "watched", f"{__name__}:default")


def default() -> str:
    return ""


def still_film(path: Path, seed: int) -> Path:
    """Path, seed -> a film long enough to hold a shot; another seed gives other bytes."""
    field = np.random.default_rng(seed).integers(60, 140, (180, 320, 3), dtype=np.uint8)
    with FilmWriter(path, (320, 180), np.arange(40) / 30) as film:
        for number in range(40):
            film.add(field, number / 30)
    return path


@pytest.fixture
def label_set(tmp_path: Path) -> Callable[..., LabelSet]:
    """-> what makes labelled clips of films in which nothing happens."""

    def make(*names: str, **changes) -> LabelSet:
        clips = []
        for number, name in enumerate(names):
            film = still_film(tmp_path / f"{name}.mp4", number)
            clips.append(Labelled(name, film, digest(film), "day", "test", Truth("goal", foot="left"), **changes))
        return LabelSet("made", tuple(clips))

    return make


def run(labels: LabelSet, *wishes: str, tell: Callable[..., None] = lambda *_: None):
    asked = [Wish(*wish.split("+")) for wish in wishes]
    return run_all(labels, asked, tell, learned={})


def test_a_film_is_looked_at_once_for_all_downstreams(label_set: Callable[..., LabelSet]) -> None:
    labels = label_set("a", "b")
    first = run(labels, "watched+flight", "watched+rules2d")
    assert LOOKED == ["a", "b"]
    again = run(labels, "watched+flight", "watched+rules2d", "watched+no-3d")
    assert LOOKED == ["a", "b"]
    assert [each.cases for each in again[:2]] == [each.cases for each in first]
    assert [each.name for each in again] == ["watched + flight", "watched + rules2d", "watched + no-3d"]
    assert again[0].made_with["code"] == kept.code(kept.JUDGING)[:16]


def test_only_what_changed_is_looked_at_again(label_set: Callable[..., LabelSet], tmp_path: Path) -> None:
    labels = label_set("a", "b")
    run(labels, "watched+flight")
    film = still_film(tmp_path / "b.mp4", 7)
    changed = replace(labels.clips[1], sha256=digest(film))
    run(replace(labels, clips=(labels.clips[0], changed)), "watched+flight")
    assert LOOKED == ["a", "b", "b"]


def test_another_truth_needs_no_other_look(label_set: Callable[..., LabelSet]) -> None:
    labels = label_set("a")
    run(labels, "watched+flight")
    clip = replace(labels.clips[0], truth=Truth("no_goal"), ball=(Spot(5, 10.0, 25.0, 8.0),))
    [found] = run(replace(labels, clips=(clip,)), "watched+flight")
    assert LOOKED == ["a"]
    assert found.cases[0].truth.outcome == "no_goal"
    assert len(found.cases[0].answer.ball_off) == 1


def test_a_clip_on_which_the_detector_breaks_is_undecided_and_named(label_set: Callable[..., LabelSet]) -> None:
    [found] = run(label_set("a", "broken", "c"), "watched+flight")
    assert [bool(case.answer.failed) for case in found.cases] == [False, True, False]
    assert found.cases[1].answer.failed.endswith("RuntimeError: no such tensor")
    assert (found.cases[1].answer.outcome, found.cases[1].answer.p_goal) == ("unsure", None)
    run(label_set("a", "broken"), "watched+flight")
    assert LOOKED == ["a", "broken", "c", "broken"]  # a bug may be mended: it is tried again


def test_a_film_that_no_shot_can_be_judged_from_is_named_in_words(
    label_set: Callable[..., LabelSet], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise UnfitClip("The camera moves: put the phone on its tripod.")

    monkeypatch.setattr(pipeline, "analyze", refuse)
    [found] = run(label_set("a"), "watched+flight")
    assert found.cases[0].answer.failed == "The camera moves: put the phone on its tripod."


def test_what_would_befall_every_clip_ends_the_run(label_set: Callable[..., LabelSet]) -> None:
    with pytest.raises(OutOfMemory):
        run(label_set("greedy", "a"), "watched+flight")
    assert LOOKED == ["greedy"]


def test_a_run_that_was_stopped_goes_on_where_it_was(label_set: Callable[..., LabelSet]) -> None:
    labels = label_set("a", "b", "c")

    def stop(_stage: str, share: float) -> None:
        if share > 0.6:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        run(labels, "watched+flight", tell=stop)
    assert LOOKED == ["a", "b"]
    told: list[float] = []
    run(labels, "watched+flight", tell=lambda _, share: told.append(share))
    assert LOOKED == ["a", "b", "c"]
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ("radar+flight", "There is no detector 'radar'"),
        ("motion+magic", "There is no downstream 'magic'"),
        ("motion+no-tiles", "motion looks through no tiles"),
    ],
)
def test_what_there_is_not_is_refused_before_any_work(
    label_set: Callable[..., LabelSet], wish: str, sentence: str
) -> None:
    with pytest.raises(UnknownPart, match=sentence):
        run(label_set("a"), "watched+flight", wish)
    assert LOOKED == []


def test_clips_the_student_learned_from_are_named(label_set: Callable[..., LabelSet]) -> None:
    labels = label_set("a", "b")
    learned = {"watched": {labels.clips[1].sha256: "train"}}
    [found] = run_all(labels, [Wish("watched", "flight")], lambda *_: None, learned=learned)
    assert found.made_with["taught"] == {"b": "train"}


def test_detections_come_back_as_they_were(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frames = [
        sv.Detections(
            rng.random((n, 4)).astype(np.float32), confidence=rng.random(n), class_id=rng.integers(0, 3, n),
            data={"diameter_px": rng.random(n)} | ({"at_rest": rng.random(n) > 0.5} if n == 2 else {}),
        )
        for n in (2, 0, 3)
    ]  # fmt: skip
    kept.write(tmp_path / "kept.npz", [sv.Detections.empty(), *frames], {"ms": 4.0, "memory_mb": None})
    about, (empty, *back) = kept.read(tmp_path / "kept.npz")
    assert about == {"ms": 4.0, "memory_mb": None}
    assert (len(empty), empty.confidence is None or len(empty.confidence)) == (0, 0)
    for one, other in zip(frames, back, strict=True):
        assert one.data.keys() == other.data.keys()
        for name in ("xyxy", "confidence", "class_id"):
            assert np.array_equal(getattr(one, name), getattr(other, name))
            assert getattr(one, name).dtype == getattr(other, name).dtype
        assert all(np.array_equal(one.data[name], other.data[name]) for name in one.data)


@pytest.mark.slow
def test_a_run_says_what_the_app_says_and_each_part_can_be_left_out(rendered: Path, truth: SyntheticShot) -> None:
    """A whole rendered shot: the run's answer is the report's, kept detections give the same, all ablations answer."""
    scene = read(rendered.with_suffix(".scene.json"))
    report = pipeline.analyze(video.open_clip(rendered), "motion", scene, lambda *_: None)
    spots = tuple(
        Spot(f, *truth.ball_px[f].tolist(), 12.0) for f in range(truth.contact_frame, truth.contact_frame + 5)
    )
    boxes = {spots[1].frame: ((*(truth.ball_px[spots[1].frame] - 6), *(truth.ball_px[spots[1].frame] + 6), 0.0),)}
    clip = Labelled(
        "shot", rendered, digest(rendered), "day", "test", Truth("goal", "in_net", truth.foot, truth.contact_frame),
        scene=scene, ball=spots, boxes=boxes,
    )  # fmt: skip
    names = [name for name in DOWNSTREAMS if name != "no-tiles"]
    runs = run(LabelSet("made", (clip,)), *(f"motion+{name}" for name in names))
    answers = {each.downstream: each.cases[0].answer for each in runs}
    whole = answers["flight"]
    assert not any(each.failed for each in answers.values())
    assert (whole.outcome, whole.foot, whole.kick_frame) == (
        report.outcome.verdict.value, report.foot.foot.value, report.shot.kick_frame,
    )  # fmt: skip
    assert whole.p_goal == pytest.approx(report.outcome.p_goal, abs=1e-4)
    assert whole.posed
    assert sum(away is not None and away < 4 for away, _ in whole.ball_off) >= 3
    assert len(whole.frames[0].seen) > 0
    assert whole.ms > 0
    assert answers["no-3d"].p_goal in (0.0, 0.5, 1.0)  # rules know no doubt
    assert answers["no-aftermath"].p_goal != whole.p_goal
    assert {name for name in names if DOWNSTREAMS[name].without} == set(ABLATIONS) - {"no-tiles"}
