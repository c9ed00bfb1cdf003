"""Clips -> labelled pictures: chosen by time, believed persons first, gone on with after a kill, memory flat."""

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from kicky import pipeline, synthetic, video
from kicky.domain import Clip, Report
from kicky.errors import BadDataset, Cancelled, OutOfMemory
from kicky.home import PROJECT
from kicky.scene import read
from kicky.teach.autolabel import Source, autolabel, chosen, from_person
from kicky.teach.dataset import Dataset
from kicky.teach.labelled import BALL, GOAL, PLAYER, Thing
from kicky.teach.measured import Measured, balls_of

MADE = {"by": "test"}


def see(clip: Clip, frames: tuple[int, ...]) -> Iterator[tuple[int, tuple[Thing, ...]]]:
    """A ball in every frame, further right in each."""
    for frame in frames:
        yield frame, (Thing(BALL, (frame, 20, frame + 8, 30), origin={"source": "test"}),)


def silent(stage: str, share: float) -> None:
    """Watches nothing."""


@pytest.fixture
def films(make_film: Callable[..., Path]) -> list[Source]:
    return [Source(make_film(f"{seed}.mp4", seed, count=24, size_wh=(320, 180)), f"{seed}.mp4") for seed in range(4)]


def test_pictures_are_the_frames_they_say(films: list[Source], tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "set")
    assert autolabel(dataset, films, see, MADE, silent, every_s=0.2) == {}
    found = list(dataset.pictures())
    assert len(found) == 16
    for picture in found:
        clip = next(video.open_clip(s.path) for s in films if video.open_clip(s.path).sha256 == picture.clip)
        kept = cv2.imread(str(dataset.folder / picture.file)).astype(int)
        off = [np.abs(kept - image).mean() for _, image in video.frames(clip)]
        assert int(np.argmin(off)) == picture.frame
        assert picture.time_s == pytest.approx(clip.time_s[picture.frame])
        assert picture.file.startswith(f"{picture.split}/")
    splits = {picture.clip: picture.split for picture in found}
    assert len(splits) == 4
    assert {"train", "valid"} <= set(splits.values())
    assert all((dataset.folder / split / "_annotations.coco.json").exists() for split in ("train", "valid", "test"))


def test_frames_are_chosen_by_time_not_by_number() -> None:
    time_s = np.concatenate([np.arange(10) / 10, 1 + np.arange(20) / 40])
    clip = Clip(Path("x.mp4"), "a" * 64, (16, 16), time_s, take=(2, 30))
    picked = chosen(clip, 0.2)
    assert picked[:5] == (2, 4, 6, 8, 10)
    assert np.diff(time_s[list(picked)]).min() > 0.15


def test_what_persons_said_overrides_whoever_sees(films: list[Source], tmp_path: Path) -> None:
    mine = from_person([Thing(GOAL, (1, 2, 3, 4))], "Ada")
    source = replace(films[0], corrected={0: mine, 5: mine, 999: mine})
    dataset = Dataset(tmp_path / "set")
    autolabel(dataset, [source, *films[1:]], see, MADE, silent, every_s=0.4)
    sha = video.open_clip(films[0].path).sha256
    of = {picture.frame: picture.things for picture in dataset.pictures() if picture.clip == sha}
    assert of[0] == of[5] == mine
    assert list(of) == sorted(of)
    assert 12 in of
    assert 999 not in of
    assert of[12][0].label == BALL
    assert mine[0].origin == {"source": "person", "who": "Ada"}


def test_a_run_that_was_stopped_goes_on_where_it_was(films: list[Source], tmp_path: Path) -> None:
    dataset, looked = Dataset(tmp_path / "set"), []

    def watched(clip: Clip, frames: tuple[int, ...]) -> Iterator[tuple[int, tuple[Thing, ...]]]:
        looked.append(clip.sha256)
        yield from see(clip, frames)

    def stop(stage: str, share: float) -> None:
        if share > 0.6:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        autolabel(dataset, films, watched, MADE, stop)
    done = {picture.clip for picture in dataset.pictures()}
    assert len(done) == 2
    before = list(dataset.pictures())
    looked.clear()
    autolabel(dataset, films, watched, MADE, silent)
    assert len(looked) == 2
    assert not done & set(looked)
    assert [picture for picture in dataset.pictures() if picture.clip in done] == before
    assert len({picture.clip for picture in dataset.pictures()}) == 4


def test_the_labelled_split_is_honoured(films: list[Source], tmp_path: Path) -> None:
    given = ["test", "val", "train", ""]
    dataset = Dataset(tmp_path / "set")
    autolabel(dataset, [replace(s, split=g) for s, g in zip(films, given, strict=True)], see, MADE, silent)
    names = {entry["name"]: entry["split"] for entry in dataset.about()["clips"].values()}
    assert [names[f"{k}.mp4"] for k in range(3)] == ["test", "valid", "train"]


def test_one_broken_film_does_not_stop_the_others_and_is_named(films: list[Source], tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    dataset = Dataset(tmp_path / "set")
    failed = autolabel(dataset, [Source(broken, "broken.mp4"), *films[:2]], see, MADE, silent)
    assert list(failed) == ["broken.mp4"]
    assert dataset.about()["failed"] == failed
    assert len(dataset.about()["clips"]) == 2


def test_what_is_no_fault_of_one_film_stops_the_run(films: list[Source], tmp_path: Path) -> None:
    def full(clip: Clip, frames: tuple[int, ...]) -> Iterator[tuple[int, tuple[Thing, ...]]]:
        raise OutOfMemory("No room: close other programs.")
        yield

    with pytest.raises(OutOfMemory):
        autolabel(Dataset(tmp_path / "set"), films, full, MADE, silent)


def test_another_way_of_labelling_needs_another_name(films: list[Source], tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "set")
    autolabel(dataset, films[:2], see, MADE, silent)
    with pytest.raises(BadDataset, match="a name of its own"):
        autolabel(dataset, films, see, {"by": "somebody else"}, silent)
    with pytest.raises(BadDataset, match="choose some first"):
        autolabel(Dataset(tmp_path / "other"), [], see, MADE, silent)


def test_memory_does_not_grow_with_the_clips(make_film: Callable[..., Path], tmp_path: Path) -> None:
    def peak(count: int) -> int:
        films = [Source(make_film(f"m{count}-{k}.mp4", 100 * count + k, 20, (320, 180)), f"{k}") for k in range(count)]
        tracemalloc.start()
        autolabel(Dataset(tmp_path / f"set{count}"), films, see, MADE, silent)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(1)  # what is imported on the way
    few, many = peak(2), peak(20)
    assert many < 1.5 * few


# --- without any teacher ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def judged(rendered: Path) -> Report:
    scene = read(rendered.with_suffix(".scene.json"))
    return pipeline.analyze(video.open_clip(rendered), "motion", scene, silent)


def test_what_was_measured_labels_only_balls_it_is_sure_of(judged: Report, truth: synthetic.SyntheticShot) -> None:
    balls = balls_of(judged.shot)
    assert len(balls) > 20
    assert {ball.origin["model"] for ball in balls.values()} == {"lying", "flight"}
    off = [
        np.hypot(*(np.array([(b.box_px[0] + b.box_px[2]) / 2, (b.box_px[1] + b.box_px[3]) / 2]) - truth.ball_px[frame]))
        for frame, b in balls.items()
    ]
    assert np.percentile(off, 95) < 3.0
    see_ = Measured(lambda _clip: judged)
    labelled = dict(see_(judged.shot.clip, tuple(range(len(truth.time_s)))))
    assert set(labelled) == set(balls)
    kinds = {thing.label for things in labelled.values() for thing in things}
    assert kinds == {BALL, PLAYER, GOAL}
    assert see_.report() == {"frames": len(truth.time_s), "motion": len(balls)}


def test_without_a_kick_nothing_is_labelled(judged: Report) -> None:
    shot = replace(judged.shot, kick_frame=None, flight=None, kick_why_not="No kick was seen.")
    assert balls_of(shot) == {}


SLOW = """
import sys, time
from pathlib import Path
from kicky.teach.autolabel import Source, autolabel
from kicky.teach.dataset import Dataset
from kicky.teach.labelled import Thing

def see(clip, frames):
    for frame in frames:
        time.sleep(0.05)
        yield frame, (Thing("ball", (frame, 20, frame + 8, 30), origin={"source": "test"}),)

films = [Source(Path(film), Path(film).name) for film in sys.argv[2:]]
autolabel(Dataset(Path(sys.argv[1])), films, see, {"by": "test"}, lambda stage, share: None)
"""


def test_a_killed_run_leaves_whole_clips_and_goes_on(films: list[Source], tmp_path: Path) -> None:
    folder = tmp_path / "set"
    command = [sys.executable, "-c", SLOW, str(folder), *(str(film.path) for film in films)]
    running = subprocess.Popen(command, cwd=PROJECT)
    end = time.monotonic() + 60
    while not list((folder / "clips").glob("*.jsonl")) and time.monotonic() < end:
        time.sleep(0.02)
    running.kill()
    running.wait()
    dataset = Dataset(folder)
    before = list(dataset.pictures())
    assert 8 <= len(before) < 32
    assert len(before) % 8 == 0
    autolabel(dataset, films, see, MADE, silent)
    after = list(dataset.pictures())
    assert len(after) == 32
    assert [picture for picture in after if picture.clip in {p.clip for p in before}] == before
    assert all((folder / picture.file).exists() for picture in after)
