"""One real training of a small RF-DETR-Seg: its curves are kept, its checkpoint is in the store and works at once."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kicky import video, weights
from kicky.detectors import make
from kicky.domain import Label
from kicky.errors import BadDataset, Cancelled, MissingWeights, NotFound, OutOfMemory, StorageFailed, UnknownPart
from kicky.service import teaching
from kicky.teach import dataset as data
from kicky.teach import judge as judging
from kicky.teach import runs
from kicky.teach import train as training
from kicky.teach.recipe import Recipe
from kicky.teach.train import check, train

from ..detectors import tiny
from .pictures import drawn

SMALL = {
    "hidden_dim": 64, "dec_layers": 1, "num_queries": 10, "num_select": 10, "group_detr": 1,
    "out_feature_indexes": [1, 2],
}  # fmt: skip
TINY = Recipe(size="nano", resolution=96, epochs=1, batch=2, start="", patience=0, architecture=SMALL)


def silent(stage: str, share: float) -> None:
    """Watches nothing."""


@pytest.fixture
def park(own_home: Path) -> data.Dataset:
    import torch

    torch.set_num_threads(1)
    return drawn(own_home / "db" / "datasets" / "park", {"a": "train", "b": "valid", "c": "test"})


def test_a_student_learns_joins_the_store_and_works_at_once(
    park: data.Dataset, rendered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages: list[str] = []
    touched: list[int] = []
    monkeypatch.setattr("signal.signal", lambda number, _handler: touched.append(number))
    done = train(park, "first", TINY, lambda stage, _: stages.append(stage))
    assert list(dict.fromkeys(stages)) == ["tiles", "train", "keep", "judge"]
    assert touched == []  # or MediaPipe, whose handlers Python does not know, ends the process at its next look
    (row,) = runs.curves("first")
    assert row["epoch"] == 1
    assert row["train_loss"] is not None
    assert row["train_loss"] > 0
    assert row["val_loss"] is not None
    assert {"mAP", "AP_ball", "AP_player", "AP_goal"} <= set(row)
    assert weights.entry("first")["dataset_sha256"] == park.fingerprint() == done["fingerprint"]
    assert weights.named("student") == ["first"]
    assert weights.state("first") == "here"
    assert set(done["judged"]) == {"first"}
    assert done["judged"]["first"]["balls"] == 8
    assert runs.about("first") == done
    left = sorted(file.name for file in runs.folder("first").iterdir())
    assert not [name for name in left if name.endswith((".ckpt", ".pth"))]
    found = next(make("rfdetr:first")(video.open_clip(rendered)))
    assert set(found.class_id.tolist()) <= set(Label)
    (view,) = teaching.trainings()
    assert (view.name, view.state, view.size, view.resolution) == ("first", "done", "nano", 96)
    assert list(teaching.curves("first")["epoch"]) == [1]
    with pytest.raises(BadDataset, match="another name"):
        train(park, "first", TINY, silent)


def test_a_stopped_training_goes_on_at_its_last_whole_epoch(park: data.Dataset) -> None:
    recipe = Recipe(**{**service_recipe(TINY), "epochs": 2, "tiles": False})

    def stop(stage: str, share: float) -> None:
        if stage == "train" and share > 0.6:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        train(park, "second", recipe, stop)
    assert runs.about("second")["state"] == "running"
    assert [row["epoch"] for row in runs.curves("second")] == [1]
    assert "second" not in weights.register()
    with pytest.raises(BadDataset, match="of other settings"):
        train(park, "second", TINY, silent)
    shares: list[float] = []
    train(park, "second", recipe, lambda stage, share: shares.append(share) if stage == "train" else None)
    assert shares[0] > 0.5  # the first epoch was not done again
    assert [row["epoch"] for row in runs.curves("second")] == [1, 2]


def service_recipe(recipe: Recipe) -> dict[str, Any]:
    return {name: getattr(recipe, name) for name in Recipe.__dataclass_fields__}


def test_a_student_begins_where_another_ended_at_another_resolution(park: data.Dataset) -> None:
    train(park, "first", TINY, silent)
    (begin,) = teaching.starts("nano")
    assert begin == "first"
    done = train(park, "larger", Recipe(**{**service_recipe(TINY), "start": begin, "resolution": 120}), silent)
    assert set(done["judged"]) == {"larger", "first"}
    assert done["start"] == weights.fingerprint("first")
    wider = {**SMALL, "hidden_dim": 128}
    with pytest.raises(MissingWeights, match=r"does not fit a nano one: begin with rfdetr-seg-nano"):
        train(park, "other", Recipe(**{**service_recipe(TINY), "start": begin, "architecture": wider}), silent)


def test_a_training_killed_while_it_was_judged_goes_on_there(
    park: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(training, "judge", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            train(park, "first", TINY, silent)
    assert runs.about("first")["state"] == "running"
    monkeypatch.setattr(training, "_fit", lambda *_: 1 / 0)  # it must not learn again
    assert train(park, "first", TINY, silent)["state"] == "done"


# --- before it starts -------------------------------------------------------------------------


def test_what_teaches_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="no pictures to learn from"):
        check(drawn(tmp_path / "one", {"a": "valid"}))
    with pytest.raises(BadDataset, match="no pictures to judge by"):
        check(drawn(tmp_path / "two", {"a": "train"}))
    blind = drawn(tmp_path / "three")
    for picture in list(blind.pictures()):
        blind.correct(picture.file, [thing for thing in picture.things if thing.label != "ball"], "Ada")
    with pytest.raises(BadDataset, match="shows a ball"):
        check(blind)


@pytest.mark.parametrize("name", ["POSE", "Rfdetr-Seg-Nano", "lies-there", "LIES-there", "pose", "../out"])
def test_a_name_without_a_place_in_the_store_is_refused_before_it_learns(
    name: str, park: data.Dataset, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / "models" / "lies-there.pth").write_bytes(b"somebody's")
    monkeypatch.setattr(training, "_fit", lambda *_: pytest.fail("it learned"))
    with pytest.raises(BadDataset, match="name"):
        train(park, name, TINY, silent)
    with pytest.raises(BadDataset, match="name"):
        teaching.train(name, "park", start="")


def test_checkpoints_of_nobodys_training_are_not_gone_on_with(
    park: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = runs.folder("first")
    folder.mkdir(parents=True)
    for file in (training.LAST, training.BEST, "checkpoint_best_regular.pth"):
        (folder / file).write_bytes(b"slipped in")

    def fit(folder: Path, *_: object) -> None:
        assert [file.name for file in folder.iterdir() if file.suffix in (".pth", ".ckpt")] == []
        raise Cancelled("Stopped.")

    monkeypatch.setattr(training, "_fit", fit)
    with pytest.raises(Cancelled):
        train(park, "first", TINY, silent)
    (folder / training.LAST).write_bytes(b"its own")
    monkeypatch.setattr(training, "_fit", lambda folder, *_: (folder / training.LAST).read_bytes() and 1 / 0)
    with pytest.raises(ZeroDivisionError):
        train(park, "first", TINY, silent)


def test_no_training_begins_with_what_holds_more_than_weights(park: data.Dataset, tmp_path: Path) -> None:
    mark = tmp_path / "it ran"
    weights.add("odd", tiny.student(tmp_path / "odd.pth", extra=tiny.Harm(mark)))
    weights.trust("odd")
    with pytest.raises(MissingWeights, match="odd holds more than weights"):
        train(park, "first", Recipe(**{**service_recipe(TINY), "start": "odd"}), silent)
    assert not mark.exists()


def test_a_class_without_an_example_is_said(tmp_path: Path) -> None:
    dataset = drawn(tmp_path / "set")
    for picture in list(dataset.pictures()):
        kept = [t for t in picture.things if t.label == "ball" or (t.label == "player" and picture.split == "train")]
        dataset.correct(picture.file, kept, "Ada")
    assert check(dataset) == [
        "No picture to judge by shows a player: how well it is found will not be known.",
        "No picture shows a goal: the student will not know it.",
    ]


def test_wishes_that_cannot_be_are_told() -> None:
    with pytest.raises(UnknownPart, match="choose one of: nano"):
        Recipe(size="tiny")
    with pytest.raises(BadDataset, match="multiple of 24: try 384"):
        Recipe(resolution=390)
    with pytest.raises(BadDataset, match="at least one epoch"):
        Recipe(epochs=0)


def test_what_is_in_the_way_is_told_before_any_work(park: data.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingWeights, match="models pull rfdetr-seg-small"):
        train(park, "mine", Recipe(), silent)
    with pytest.raises(NotFound, match="label some clips first"):
        teaching.train("mine", "nothing")
    with pytest.raises(BadDataset, match="no name"):
        teaching.train("../mine", "park", start="")
    monkeypatch.setattr(training.shutil, "disk_usage", lambda _: SimpleNamespace(free=1e9))
    with pytest.raises(StorageFailed, match=r"needs 2\.5 GB on the disk, 1\.0 are free"):
        train(park, "mine", TINY, silent)


def test_a_full_card_means_smaller_batches_and_then_a_sentence(
    park: data.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    tried = []

    def full(*asked: Any) -> None:
        tried.append(asked[4])
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(training, "_once", full)
    recipe = Recipe(**{**service_recipe(TINY), "batch": 8})
    with pytest.raises(OutOfMemory, match="choose a smaller size"):
        training._fit(tmp_path, "mine", tmp_path, recipe, silent)
    assert tried == [8, 4, 2, 1]


# --- how well it sees -------------------------------------------------------------------------


def test_whoever_knows_everything_is_judged_perfect_and_a_blind_one_not(park: data.Dataset) -> None:
    pictures = iter([picture for picture in park.pictures() if picture.split in ("valid", "test")])

    def knows(_image: Any) -> Any:
        there = judging.truth(next(pictures))
        return np.column_stack([there.xyxy, np.ones(len(there)), there.class_id])

    judged = judging.judge(knows, park)
    assert judged == {
        "AP": {"ball": 1.0, "player": 1.0, "goal": 1.0}, "AP50": {"ball": 1.0, "player": 1.0, "goal": 1.0},
        "ball_recall": 1.0, "balls": 8, "pictures": 8,
    }  # fmt: skip
    blind = judging.judge(lambda _image: np.empty((0, 6)), park)
    assert (blind["ball_recall"], blind["AP"]["ball"]) == (0.0, 0.0)


def test_nothing_to_judge_by_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="no pictures to judge by"):
        judging.judge(lambda _image: np.empty((0, 6)), drawn(tmp_path / "set", {"a": "train"}))


@pytest.mark.parametrize("size_wh", [(1920, 1080), (1080, 1920), (300, 200), (384, 384)])
def test_tiles_everywhere_leave_nothing_out(size_wh: tuple[int, int]) -> None:
    seen = np.zeros(size_wh[::-1], dtype=bool)
    for x, y in judging.everywhere(size_wh, 384):
        seen[y : y + 384, x : x + 384] = True
    assert seen.all()


def test_a_ball_counts_as_found_by_its_middle() -> None:
    seen = np.array([[10.0, 10, 20, 20, 0.5, 0]])
    assert judging.hits(seen, (12, 12, 22, 22))
    assert judging.hits(seen, (14, 15, 16, 17))
    assert not judging.hits(seen, (30, 10, 34, 14))
    assert not judging.hits(np.empty((0, 6)), (30, 10, 34, 14))
