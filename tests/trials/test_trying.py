"""A model on one picture: its real class and files with a few random weights, and one sentence for what is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import supervision as sv
from typer.testing import CliRunner

from kicky import weights
from kicky.__main__ import app
from kicky.coaches import minicpm
from kicky.detectors import device
from kicky.detectors.device import Loaded
from kicky.domain import Label
from kicky.errors import KickyError, MissingWeights, OutOfMemory, StorageFailed, UnknownPart, Untrusted
from kicky.packages import card
from kicky.trials import onepicture, trying
from tests.coaches.tiny import build
from tests.detectors import tiny

ANSWER = "<ref>ball</ref><box><500><500><600><600></box><ref>person</ref><box><0><0><100><500></box>"


@pytest.fixture
def film(make_film: Callable[..., Path]) -> Path:
    return make_film(count=4)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "drawn.png"


def drawn(out: Path, size_wh: tuple[int, int] = (160, 90)) -> bool:
    image = cv2.imread(str(out))
    return image is not None and image.shape[:2] == size_wh[::-1]


@pytest.fixture
def student(tmp_path: Path) -> str:
    weights.add("mine", tiny.student(tmp_path / "mine.pth"))
    return "mine"


def test_a_student_is_told_with_what_it_is_and_sees(
    student: str, film: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "SURE", 0.0)
    done = CliRunner().invoke(app, ["models", "try", student, "--clip", str(film), "--out", str(out)])
    assert done.exit_code == 0, done.output
    first, second, third, last = done.stdout.splitlines()
    assert first.startswith("mine: RFDETRSegNano, ")
    assert first.endswith(" million numbers in float32, sees 96 px, on the processor.")
    assert second.startswith("Loaded in ")
    assert third.startswith("It sees ")
    assert "ball" in third
    assert last == f"Drawn: {out}"
    assert drawn(out)


def test_what_it_is_not_sure_of_is_not_counted(
    student: str, film: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "SURE", 0.9)
    tried = trying.try_out(student, film, out)
    assert tried.said == "It sees nothing."
    assert [note for note in tried.notes if note.startswith("The surest ball it sees has a score of 0.")]
    assert tried.loaded.side_px == 96
    assert tried.memory_bytes > 1e8
    assert tried.card_bytes == 0


def test_without_a_film_it_looks_at_a_drawn_shot_and_says_what_is_in_it(
    student: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onepicture, "SIZE", (640, 360))
    tried = trying.try_out(student, None, out)
    assert "In the picture: 1 ball, 2 players, 1 goal." in tried.notes
    assert drawn(out, (640, 360))


def test_a_card_that_torch_cannot_use_is_told(
    film: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, tmp_path)
    monkeypatch.setattr(card, "there", lambda: True)
    assert trying.UNSEEN_CARD in trying.try_out("mine", film, out).notes
    monkeypatch.setattr(card, "there", lambda: False)
    assert trying.UNSEEN_CARD not in trying.try_out("mine", film, out).notes


def test_sam_3_sees_with_masks(film: Path, out: Path, tmp_path: Path) -> None:
    weights.add("my-sam3", tiny.sam3(tmp_path / "sam3"), kind="sam3")
    tried = trying.try_out("my-sam3", film, out)
    assert tried.loaded.kind == "Sam3VideoModel"
    assert tried.said.startswith("It sees ")
    assert drawn(out)


def test_locate_anything_runs_beside_and_gives_no_scores(
    film: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.beside(monkeypatch)
    weights.add("my-locate", tiny.locate(tmp_path / "locate", ANSWER, tmp_path / "mark"), kind="locate")
    with pytest.raises(Untrusted, match="models trust my-locate"):
        trying.try_out("my-locate", film, out)
    weights.trust("my-locate")
    tried = trying.try_out("my-locate", film, out)
    assert tried.said == "It sees 1 ball, 1 player."
    assert trying.as_lines(tried)[0] == "my-locate: LocateAnything, on the processor."
    assert drawn(out)


def test_a_coach_answers_and_what_could_be_shown_is_told(
    film: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minicpm, "MOST_TOKENS", 12)
    weights.add("my-coach", build(tmp_path / "coach"), kind="coach")
    done = CliRunner().invoke(app, ["models", "try", "my-coach", "--clip", str(film), "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["loaded"]["kind"] == "MiniCPMV4_6ForConditionalGeneration"
    assert told["said"].startswith("It says:\n")
    assert told["notes"][-1].startswith("0 of its 4 sections would be shown (Verdict: ")
    assert drawn(out)
    assert not minicpm._loaded


def test_a_drawn_strike_is_told_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onepicture, "SIZE", (640, 360))
    sight = onepicture.drawn()
    assert len(sight.strike) == 3
    assert all(max(each.shape) < 640 for each in sight.strike)
    assert [fact.name for fact in sight.brief.facts] == ["speed"]
    assert sight.brief.verdict.value == "goal"


def test_what_is_missing_is_told_with_the_command_that_fetches_it(out: Path, film: Path) -> None:
    with pytest.raises(MissingWeights, match=r"^The sam3 model is not here yet \(3\.5 GB\): run .*models pull sam3`"):
        trying.try_out("sam3", film, out)
    with pytest.raises(UnknownPart, match="There is no model 'none'"):
        trying.try_out("none", film, out)
    with pytest.raises(UnknownPart, match="pose is of the kind pose, and only these can be tried: student, sam3"):
        trying.try_out("pose", film, out)
    assert not out.exists()


class StandIn:
    """What a trial asks of a model."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def load(self) -> Loaded:
        return Loaded("StandIn", "the processor")

    def in_picture(self, _image: Any) -> sv.Detections:
        if self.error:
            raise self.error
        return sv.Detections.empty()


def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception | None = None) -> None:
    (tmp_path / "mine.pth").write_bytes(b"weights")
    weights.add("mine", tmp_path / "mine.pth")
    monkeypatch.setitem(trying.MADE, "student", lambda _name: StandIn(error))


def test_a_png_that_cannot_be_written_is_told(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, tmp_path)
    with pytest.raises(StorageFailed, match="choose another file with `--out`"):
        trying.try_out("mine", film, tmp_path / "nowhere" / "drawn.png")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModuleNotFoundError("No module named 'x'", name="x"), r"needs the package x, which is not here: set up anew"),
        (MemoryError(), "This machine has no room for mine: close other programs"),
        (RuntimeError("CUDA error: no kernel\nmore"), r"mine breaks down \(RuntimeError: CUDA error: no kernel\)"),
        (OutOfMemory("Told already."), "^Told already.$"),
    ],
)
def test_whatever_breaks_is_one_sentence(
    error: Exception, said: str, film: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, tmp_path, error)
    with pytest.raises(KickyError, match=said) as told:
        trying.try_out("mine", film, out)
    assert "\n" not in str(told.value)
    assert not out.exists()


def test_a_card_without_room_is_told_while_loading_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(device, "graphics", lambda: True)
    with pytest.raises(OutOfMemory, match="The graphics card has no room for mine"), device.told("mine"):
        raise torch.OutOfMemoryError("CUDA out of memory")


def test_masks_are_drawn_too() -> None:
    image = np.full((90, 160, 3), 100, np.uint8)
    mask = np.zeros((1, 90, 160), bool)
    mask[0, 20:60, 30:100] = True
    found = sv.Detections(
        np.array([[30.0, 20, 100, 60]]), mask=mask, confidence=np.array([0.9]), class_id=np.array([Label.PLAYER])
    )
    made = trying._drawn(image, found, scored=True)
    assert (made[40, 60] != image[40, 60]).any()
    assert (image == 100).all()
