"""Ten clips and teachers that fail over the third: while they load, in the middle of an answer, and killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import supervision as sv

from kicky import video, weights
from kicky.detectors import locate
from kicky.domain import Clip, Label
from kicky.errors import MissingWeights, OutOfMemory
from kicky.home import PROJECT
from kicky.teach import teacher as teaching
from kicky.teach.autolabel import Source, autolabel
from kicky.teach.dataset import Dataset
from kicky.teach.taught import Taught
from kicky.teach.teacher import Teacher
from tests.detectors import tiny

ANSWER = "<ref>ball</ref><box><500><500><600><600></box>"
SILENT = "I see none."
CLIPS, THIRD, EVERY_S = 10, 3, 0.4
MADE = {"by": "test"}


class FakeSam3:
    """A ball in every frame, or in none; over the third clip it does what `fault` does, while loading or half way."""

    fault: Callable[[], None] | None = None
    half_way, blind, seen = False, False, 0

    def __init__(self, *_: object) -> None:
        FakeSam3.seen = 0

    def in_picture(self, _image: Any) -> sv.Detections:
        return found(())

    def __call__(self, clip: Clip, _close: object = None) -> Iterator[sv.Detections]:
        FakeSam3.seen += 1
        for number, _ in video.frames(clip):
            if self.seen == THIRD and FakeSam3.fault is not None and number >= (4 if self.half_way else 0):
                FakeSam3.fault()
            yield found(() if self.blind else ((number, 20, number + 8, 30),))


def found(boxes: tuple[tuple[float, ...], ...]) -> sv.Detections:
    """Boxes -> balls, as SAM 3 gives them."""
    count = len(boxes)
    words = {"prompt": "ball", "source": "sam3", "model": "my-sam3"}
    return sv.Detections(
        xyxy=np.array(boxes, dtype=float).reshape(-1, 4), mask=np.zeros((count, 180, 320), bool),
        confidence=np.full(count, 0.9), class_id=np.full(count, int(Label.BALL)), tracker_id=np.arange(count),
        data={key: np.array([word] * count, dtype=object) for key, word in words.items()},
    )  # fmt: skip


@pytest.fixture
def films(make_film: Callable[..., Path]) -> list[Source]:
    return [Source(make_film(f"{seed}.mp4", seed, 24, (320, 180)), f"{seed}.mp4") for seed in range(1, CLIPS + 1)]


@pytest.fixture
def teachers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """-> LocateAnything's folder; its process is the stand-in, and so is SAM 3."""
    tiny.beside(monkeypatch)
    monkeypatch.setattr(teaching, "Sam3", FakeSam3)
    monkeypatch.setattr(weights, "fingerprint", lambda name: f"of {name}")
    for name in ("fault", "half_way", "blind"):
        monkeypatch.setattr(FakeSam3, name, getattr(FakeSam3, name))
    folder = weights.add("my-locate", tiny.locate(tmp_path / "locate", ANSWER, tmp_path / "mark"), kind="locate")
    weights.trust("my-locate")
    return folder


def labelled(dataset: Dataset) -> int:
    """-> how many clips are in it."""
    return len({picture.clip for picture in dataset.pictures()})


def breaks() -> None:
    raise RuntimeError("CUDA error: an illegal memory access")


def full() -> None:
    raise OutOfMemory("The graphics card has no room for SAM 3.")


@pytest.mark.parametrize(("fault", "half_way"), [(full, False), (breaks, True)])
def test_sam_3_loses_one_clip_of_ten(
    fault: Callable[[], None], half_way: bool, teachers: Path, films: list[Source], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(FakeSam3, "fault", staticmethod(fault))
    monkeypatch.setattr(FakeSam3, "half_way", half_way)
    dataset = Dataset(tmp_path / "set")
    see = Taught(Teacher(True, "my-sam3", "my-locate"))
    assert list(autolabel(dataset, films, see, MADE, lambda *_: None, EVERY_S)) == ["3.mp4"]
    assert labelled(dataset) == CLIPS - 1
    monkeypatch.setattr(FakeSam3, "fault", None)
    assert autolabel(dataset, films, see, MADE, lambda *_: None, EVERY_S) == {}
    assert labelled(dataset) == CLIPS  # started again it goes on there


@pytest.mark.parametrize("how", ["does not load", "dies", "killed"])
def test_locate_anything_loses_none_of_ten(
    how: str, teachers: Path, films: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeSam3, "blind", True)
    teacher = Teacher(True, "my-sam3", "my-locate")
    see, whys = Taught(teacher), list[str]()

    def watched(clip: Clip, frames: tuple[int, ...]) -> Iterator[Any]:
        assert teacher._locate is not None
        beside = teacher._locate._beside
        if FakeSam3.seen == THIRD - 1:
            assert beside is not None
            if how == "killed":
                assert beside._process is not None
                os.kill(beside._process.pid, signal.SIGKILL)
            else:
                failing(beside, how)
        yield from see(clip, frames)
        whys.append(str(see.report().get("locate_why_not", "")))
        if FakeSam3.seen == THIRD and how != "killed":
            failing(teacher._locate._beside, "")

    def failing(beside: Any, how: str) -> None:
        """The process that answers next fails as told."""
        beside.close()
        beside._command = [sys.executable, str(locate.RUNNER), str(folders[how])]

    folders = {each: tiny.locate(tmp_path / f"l{each}", ANSWER, tmp_path / "mark", each) for each in ("", how)}
    dataset = Dataset(tmp_path / "set")
    assert autolabel(dataset, films, watched, MADE, lambda *_: None, EVERY_S) == {}
    assert labelled(dataset) == CLIPS
    assert "LocateAnything" in whys[THIRD - 1]
    named = {video.open_clip(film.path).sha256: film.name for film in films}
    balls = {named[picture.clip] for picture in dataset.pictures() if picture.things}
    assert balls == {film.name for film in films} - {"3.mp4"}  # the others it has answered for
    teacher._locate.free() if teacher._locate else None


@pytest.mark.parametrize("who", ["sam3", "locate"])
def test_what_does_not_load_at_the_start_leaves_all_ten_to_the_other(
    who: str, teachers: Path, films: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise MissingWeights("SAM 3 cannot be read: run `python -m kicky models pull sam3` again.")

    if who == "sam3":
        monkeypatch.setattr(FakeSam3, "in_picture", gone)
    else:
        (teachers / "how.txt").write_text("does not load")
        weights.trust("my-locate")
    dataset = Dataset(tmp_path / "set")
    teacher = Teacher(True, "my-sam3", "my-locate")
    assert autolabel(dataset, films, Taught(teacher), MADE, lambda *_: None, EVERY_S) == {}
    assert labelled(dataset) == CLIPS
    assert teacher.report()[f"{who}_why_not"]


RUN = """
import os, signal, sys, time
from pathlib import Path
from kicky.teach.autolabel import Source, autolabel
from kicky.teach.dataset import Dataset
from kicky.teach.labelled import Thing

seen = 0

def see(clip, frames):
    global seen
    seen += 1
    for frame in frames:
        yield frame, (Thing("ball", (frame, 20, frame + 8, 30), origin={"source": "test"}),)
        if seen == 3 and sys.argv[1] == "killed":
            os.kill(os.getpid(), signal.SIGKILL)

films = [Source(Path(film), Path(film).name) for film in sys.argv[3:]]
autolabel(Dataset(Path(sys.argv[2])), films, see, {"by": "test"}, lambda stage, share: None, 0.4)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal.")
def test_a_run_that_is_killed_over_the_third_goes_on_with_it(films: list[Source], tmp_path: Path) -> None:
    dataset, done = Dataset(tmp_path / "set"), list[int]()
    for how in ("killed", "whole"):
        command = [sys.executable, "-c", RUN, how, str(tmp_path / "set"), *(str(film.path) for film in films)]
        ended = subprocess.run(command, cwd=PROJECT, check=False)
        assert (ended.returncode == -signal.SIGKILL) is (how == "killed")
        done.append(labelled(dataset))
    assert done == [THIRD - 1, CLIPS]
