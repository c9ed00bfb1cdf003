"""An RF-DETR student as detector: what it is made of, where it looks, and how its balls join the motion detector's."""

import json
import os
import shutil
import warnings
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import supervision as sv
from typer.testing import CliRunner

from kicky import detectors, pipeline, video, weights
from kicky.__main__ import app
from kicky.detectors import checkpoint as checkpoint_file
from kicky.detectors import network, student, tiles
from kicky.detectors.checkpoint import is_old, names
from kicky.detectors.classes import labels
from kicky.detectors.network import Network
from kicky.domain import Floats, Label
from kicky.errors import BadDataset, MissingWeights, OutOfMemory, UnknownPart, Untrusted
from kicky.service import judging, work
from kicky.weights import hashing

from . import tiny


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.student(tmp_path_factory.mktemp("student") / "tiny.pth")


@pytest.fixture
def installed(checkpoint: Path) -> str:
    weights.add("tiny", checkpoint)
    return "tiny"


# --- its weights ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "ours"),
    [
        (["ball", "player", "goal"], [Label.BALL, Label.PLAYER, Label.GOAL]),
        (
            ["ball", "player", "goal", "player_with_ball", "ball_in_goal"],
            [Label.BALL, Label.PLAYER, Label.GOAL, Label.PLAYER, Label.BALL],
        ),
        (["Sports Ball", "PERSON"], [Label.BALL, Label.PLAYER]),
    ],
)
def test_classes_are_known_by_their_names(names: list[str], ours: list[Label]) -> None:
    assert list(labels(dict(enumerate(names)), "mine").values()) == ours


def test_a_class_list_without_ball_and_player_is_refused() -> None:
    with pytest.raises(MissingWeights, match=r"mine knows neither ball nor player \(it knows cat, dog\)"):
        labels({0: "cat", 1: "dog"}, "mine")


def coco() -> dict[int, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rfdetr.assets.coco_classes import COCO_CLASSES
    return dict(COCO_CLASSES)


def test_roboflow_numbers_its_80_classes_with_gaps() -> None:
    known = labels(names("rfdetr-seg-nano", list(coco().values()), 91, False), "coco")
    assert known == {1: Label.PLAYER, 37: Label.BALL}


def test_a_file_that_does_not_say_what_its_classes_are_is_refused_until_somebody_does(tmp_path: Path) -> None:
    (tmp_path / "mine.pth").write_bytes(b"weights")
    weights.add("mine", tmp_path / "mine.pth")
    said = list(coco().values())
    with pytest.raises(MissingWeights, match=r"does not say what its 3 classes are.*--classes"):
        names("mine", said, 4, False)
    for number, classes in enumerate(("ball,player,goal", "ball, player, goal, dog", "-, ball, player, goal")):
        done = CliRunner().invoke(
            app, ["models", "add", f"said{number}", str(tmp_path / "mine.pth"), "--classes", classes]
        )
        assert done.exit_code == 0, done.output
    assert names("said0", said, 4, False) == {0: "ball", 1: "player", 2: "goal"}
    assert names("said2", said, 4, False) == {1: "ball", 2: "player", 3: "goal"}
    with pytest.raises(MissingWeights, match="has 3 classes, not 4"):
        names("said1", said, 4, False)


@pytest.mark.parametrize(
    ("rows", "old", "first"),
    [(4, False, 0), (5, False, 0), (4, True, 1), (5, True, 1), (3, True, 0)],
)
def test_the_names_in_old_files_count_from_one(rows: int, old: bool, first: int, installed: str) -> None:
    found = names(installed, tiny.THREE, rows, old)
    assert found == {first: "ball", first + 1: "player", first + 2: "goal"}


def test_more_names_than_classes_are_refused(installed: str) -> None:
    with pytest.raises(MissingWeights, match=r"names 3 classes and has 2: .*--classes"):
        names(installed, tiny.THREE, 3, False)


def test_an_old_file_is_told_by_how_it_holds_its_settings() -> None:
    args = Namespace(num_classes=3, class_names=list(tiny.THREE))
    assert is_old({"args": args})
    assert not is_old({"args": args, "rfdetr_version": "1.7.0"})
    assert not is_old({"args": vars(args)})
    assert not is_old({})


@pytest.fixture(scope="module")
def nano(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """-> the weights of a whole RF-DETR-Seg nano of three classes, never taught."""
    import torch

    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import rfdetr

        made = rfdetr.RFDETRSegNano(num_classes=3, pretrain_weights=None, device="cpu")
    return dict(made.model.model.state_dict())


@pytest.mark.parametrize("old", [False, True])
def test_weights_alone_are_understood_once_the_classes_are_said(
    old: bool, nano: dict[str, Any], tmp_path: Path
) -> None:
    import torch

    args = Namespace(num_classes=3, class_names=list(tiny.THREE), pretrain_weights=None)
    torch.save({"model": nano, "args": args} if old else nano, tmp_path / "best.pth")
    weights.add("mine", tmp_path / "best.pth", extra={} if old else {"classes": list(tiny.THREE)})
    net = Network("mine")
    assert net.resolution == 312
    assert net.labels == {old: Label.BALL, old + 1: Label.PLAYER, old + 2: Label.GOAL}
    torch.testing.assert_close(net._net.state_dict()["class_embed.weight"], nano["class_embed.weight"])


@pytest.mark.parametrize("way", ["{}", "model.{}", "model._orig_mod.{}"])
def test_what_trainers_put_before_the_names_of_weights_is_left_out(way: str) -> None:
    state = {way.format("class_embed.weight"): 1, way.format("refpoint_embed.weight"): 2}
    for held in (state, {"state_dict": state}, {"model": state}):
        assert checkpoint_file._state(held) == {"class_embed.weight": 1, "refpoint_embed.weight": 2}


def test_weights_alone_of_another_network_are_refused(tmp_path: Path) -> None:
    import torch

    torch.save({"line.weight": torch.zeros(2, 2)}, tmp_path / "other.pth")
    weights.add("other", tmp_path / "other.pth", extra={"size_name": "nano", "classes": list(tiny.THREE)})
    with pytest.raises(MissingWeights, match=r"other\.pth cannot be read as an RF-DETR model"):
        Network("other")


def test_the_articles_student_says_its_size_its_classes_and_its_file(own_home: Path, checkpoint: Path) -> None:
    about = weights.entry("kicky-student")
    assert (about["size_name"], about["resolution"], about["classes"]) == ("small", 384, ["ball", "player", "goal"])
    folder = own_home / "models" / about["folder"] / "weights"
    folder.mkdir(parents=True)
    shutil.copyfile(checkpoint, folder / "checkpoint_best_ema.pth")
    (folder / "checkpoint_best_total.pth").write_bytes(b"another")
    assert weights.checkpoint("kicky-student").name == "checkpoint_best_ema.pth"
    assert list(Network("kicky-student").labels.values()) == [Label.BALL, Label.PLAYER, Label.GOAL]


@pytest.mark.parametrize(
    ("device", "can", "brief"), [("cuda", True, True), ("cuda", False, False), ("cpu", True, False)]
)
def test_only_a_card_that_can_works_half_as_precisely(
    device: str, can: bool, brief: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda including_emulation: can and not including_emulation)
    assert network.half(device) is brief


def test_judging_keeps_to_whole_precision(installed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "half", lambda _device: True)
    picture = np.full((100, 220, 3), 90, np.uint8)
    exact, brief = Network(installed, exact=True), Network(installed)
    assert not np.array_equal(brief([picture])[0], exact([picture])[0])


def test_pictures_of_any_size_give_boxes_in_their_own_pixels(installed: str) -> None:
    net = Network(installed)
    pictures = [np.full((100, 220, 3), 90, np.uint8), np.zeros((300, 50, 3), np.uint8)]
    for rows, picture in zip(net(pictures), pictures, strict=True):
        assert len(rows) > 0
        assert set(rows[:, 5]) <= {0, 1, 2}
        assert (rows[:, 2:4] <= [picture.shape[1], picture.shape[0]]).all()
        assert (rows[:, 4] > network.LEAST_SCORE).all()
    assert net([]) == []


def test_one_picture_alone_is_seen_as_among_others(installed: str) -> None:
    net = Network(installed)
    pictures = [np.full((100, 220, 3), shade, np.uint8) for shade in (0, 90, 200)]
    together, alone = net(pictures)[1], net(pictures[1:2])[0]
    np.testing.assert_allclose(together, alone, atol=1e-3)


def test_out_of_memory_means_smaller_batches_and_then_a_sentence(
    installed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    net, sizes = Network(installed), []
    net.batch = 8
    real = net._look

    def small(images: Any) -> Any:
        sizes.append(len(images))
        if len(images) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(images)

    monkeypatch.setattr(net, "_look", small)
    assert len(net([np.zeros((50, 50, 3), np.uint8)] * 8)) == 8
    assert sizes == [8, 4, 2, 2, 2, 2]

    def full(images: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(net, "_look", full)
    with pytest.raises(OutOfMemory, match="close other programs"):
        net([np.zeros((50, 50, 3), np.uint8)])


def test_missing_weights_are_told_with_the_command_and_another_way() -> None:
    with pytest.raises(MissingWeights, match=r"models pull kicky-student.*motion detector"):
        detectors.make("rfdetr")
    with pytest.raises(MissingWeights, match=r"models pull rfdetr-seg-small`, or choose the motion detector"):
        detectors.make("rfdetr:rfdetr-seg-small")
    with pytest.raises(UnknownPart, match="nothing"):
        detectors.make("rfdetr:nothing")


SHORT = b"\x80\x02a"  # begins as a checkpoint does, and takes more than it was given


@pytest.mark.parametrize("damage", ["cut", "noise", "short", "text"])
def test_a_damaged_file_is_told(damage: str, checkpoint: Path, tmp_path: Path) -> None:
    whole = checkpoint.read_bytes()
    content = {
        "cut": whole[: len(whole) // 2], "noise": os.urandom(5000), "short": SHORT, "text": b"<html>moved</html>",
    }[damage]  # fmt: skip
    (tmp_path / "broken.pth").write_bytes(content)
    weights.add("broken", tmp_path / "broken.pth")
    with pytest.raises(MissingWeights, match=r"broken\.pth cannot be read"):
        Network("broken")


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """-> the file that is there once the program in a checkpoint has run."""
    return tmp_path / "it ran"


@pytest.fixture
def odd(tmp_path: Path, mark: Path) -> Path:
    """-> a checkpoint with a program in it."""
    return tiny.student(tmp_path / "odd.pth", extra=tiny.Harm(mark))


def in_folder(folder: Path, checkpoint: Path) -> Path:
    folder.mkdir()
    shutil.copyfile(checkpoint, folder / "best.pth")
    return folder


def test_a_file_with_a_program_in_it_runs_only_once_trusted(odd: Path, mark: Path) -> None:
    weights.add("odd", odd)
    with pytest.raises(Untrusted, match="models trust odd"):
        Network("odd")
    assert not mark.exists()
    weights.trust("odd")
    assert Network("odd").resolution == 96
    assert mark.exists()


def test_nor_does_it_run_from_a_folder_once_another_is_trusted(odd: Path, mark: Path, tmp_path: Path) -> None:
    """Both folders hold no .py file: that was once all that was looked at."""
    weights.add("bland", in_folder(tmp_path / "bland", tiny.student(tmp_path / "bland.pth")))
    weights.add("odd", in_folder(tmp_path / "odd", odd))
    weights.add("twin", in_folder(tmp_path / "twin", odd))
    weights.trust("bland")
    for name in ("odd", "twin"):
        with pytest.raises(Untrusted, match=f"models trust {name}"):
            Network(name)
    assert not mark.exists()
    weights.trust("odd")
    assert Network("odd").resolution == 96
    assert mark.exists()
    mark.unlink()
    with pytest.raises(Untrusted, match="models trust twin"):
        Network("twin")
    assert not mark.exists()


@pytest.mark.parametrize("way", ["in place", "put in its place", "by a link within", "under its manifest"])
def test_nor_when_it_is_swapped_for_what_was_trusted(
    way: str, odd: Path, mark: Path, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "SETTLED_NS", 0)  # as if the file had lain there for a while
    folder = in_folder(tmp_path / "mine", tiny.student(tmp_path / "good.pth", extra="x" * 40))
    if way == "under its manifest":
        values = {"revision": "main", "files": {"best.pth": hashing.fresh(folder / "best.pth")}}
        (folder / hashing.MANIFEST).write_text(json.dumps(values))
    weights.add("mine", folder)
    weights.trust("mine")
    assert Network("mine").resolution == 96
    best = own_home / "models" / "mine" / "best.pth"
    before = best.stat()
    if way == "by a link within":
        shutil.copyfile(odd, best.with_name("notes.txt"))
        best.unlink()
        best.symlink_to("notes.txt")
    elif way == "in place":
        best.write_bytes(odd.read_bytes())
    else:
        odd.replace(best)
    os.utime(best, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(Untrusted, match=r"mine holds more .* has changed since you said that you trust it"):
        Network("mine")
    assert not mark.exists()


def test_nor_through_a_link_out_of_its_folder(odd: Path, mark: Path, tmp_path: Path, own_home: Path) -> None:
    weights.add("mine", in_folder(tmp_path / "mine", tiny.student(tmp_path / "good.pth")))
    weights.trust("mine")
    best = own_home / "models" / "mine" / "best.pth"
    best.unlink()
    best.symlink_to(odd)
    with pytest.raises(MissingWeights, match=r"best\.pth is a link that leads elsewhere"):
        Network("mine")
    with pytest.raises(MissingWeights, match="leads elsewhere"):
        weights.trust("mine")
    shutil.rmtree(best.parent)
    best.parent.symlink_to(in_folder(tmp_path / "elsewhere", odd))
    with pytest.raises(Untrusted, match="models trust mine"):
        Network("mine")
    assert not mark.exists()


def test_nor_when_it_comes_between_the_look_and_the_loading(
    odd: Path, mark: Path, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.add("mine", in_folder(tmp_path / "mine", tiny.student(tmp_path / "good.pth", extra="x" * 40)))
    weights.trust("mine")
    best = own_home / "models" / "mine" / "best.pth"
    real = weights.checkpoint

    def late(name: str, place: Path | None = None) -> Path:
        shutil.copyfile(odd, best)
        return real(name, place)

    monkeypatch.setattr(weights, "checkpoint", late)
    assert Network("mine").resolution == 96
    assert not mark.exists()


def test_what_an_older_version_trusted_is_asked_about_again(odd: Path, mark: Path, own_home: Path) -> None:
    file = weights.add("odd", odd)
    register = own_home / "models" / "LOCAL.json"
    register.write_text(json.dumps(json.loads(register.read_text()) | {"trusted": [hashing.fresh(file)]}))
    with pytest.raises(Untrusted, match=r"older version counts no more.*models trust odd"):
        Network("odd")
    assert not mark.exists()


# --- where it looks ---------------------------------------------------------------------------


def test_every_place_is_shown_well_by_some_tile() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        size = (int(rng.integers(100, 2000)), int(rng.integers(100, 1200)))
        side = int(rng.integers(60, 500))
        places = rng.uniform(0, 1, (12, 2)) * size
        corners = tiles.choose(places, size, side, 99)
        for x, y in places:
            assert any(tiles._shows(corner, x, y, side, size) for corner in corners)
        for left, top in corners:
            assert 0 <= left <= max(0, size[0] - side)
            assert 0 <= top <= max(0, size[1] - side)


def test_the_likeliest_places_come_first_and_no_more_tiles_than_asked() -> None:
    places = np.array([[100.0, 100.0], [110.0, 104.0], [900.0, 500.0], [500.0, 300.0]])
    assert tiles.choose(places, (1920, 1080), 200, 2) == [(0, 0), (800, 400)]
    assert tiles.choose(np.empty((0, 2)), (1920, 1080), 200, 2) == []


def test_a_picture_smaller_than_a_tile_is_filled_up() -> None:
    (tile,) = tiles.cut(np.full((50, 80, 3), 7, np.uint8), [(0, 0)], 96)
    assert tile.shape == (96, 96, 3)
    assert (tile[:50, :80] == 7).all()
    assert not tile[50:].any()


def test_what_a_tile_cuts_is_left_to_the_next() -> None:
    rows = np.array([[0.0, 10, 20, 30, 0.9, 0], [40, 40, 50, 50, 0.8, 0], [80, 10, 96, 30, 0.7, 0]])
    inner = tiles.join([rows], [(100, 100)], (400, 400), 96)
    np.testing.assert_allclose(inner, [[140, 140, 150, 150, 0.8, 0]])
    corner = tiles.join([rows], [(0, 0)], (400, 400), 96)
    np.testing.assert_allclose(corner[:, 0], [0, 40])
    assert tiles.join([], [], (400, 400), 96).shape == (0, 6)


# --- one list ---------------------------------------------------------------------------------


def moved(balls: Floats, players: int = 1) -> sv.Detections:
    """(n, 3) x y diameter -> what the motion detector says of a frame."""
    count = len(balls)
    boxes = np.column_stack([balls[:, :2] - balls[:, 2:] / 2, balls[:, :2] + balls[:, 2:] / 2])
    return sv.Detections(
        xyxy=np.vstack([boxes, np.tile([0.0, 0, 30, 90], (players, 1))]),
        confidence=np.full(count + players, 0.6),
        class_id=np.array([Label.BALL] * count + [Label.PLAYER] * players, dtype=int),
        data={
            "at_rest": np.arange(count + players) == 0,
            "diameter_px": np.concatenate([balls[:, 2], np.full(players, 30.0)]),
            "shown": np.full(count + players, 0.9),
        },
    )


def test_a_ball_that_both_saw_is_one_with_the_better_score() -> None:
    balls = np.array([[98.0, 98, 112, 112, 14, 0.95, 0], [300, 300, 310, 312, 10, 0.4, 0]])
    found = student.joined(moved(np.array([[104.0, 105, 14]])), balls, np.empty((0, 6)))
    mine = found[found.class_id == Label.BALL]
    assert len(mine) == 2
    assert mine.confidence.tolist() == [0.95, 0.4]
    assert mine.data["at_rest"].tolist() == [True, False]
    assert mine.data["shown"].tolist() == [0.9, 1.0]
    assert (found.class_id == Label.PLAYER).sum() == 1


def test_its_players_take_the_place_of_moving_bodies_and_goals_come_along() -> None:
    seen = np.array([[10.0, 10, 60, 200, 0.9, 1], [400, 10, 800, 200, 0.8, 2], [5, 5, 9, 9, 0.5, 0]])
    found = student.joined(moved(np.array([[104.0, 105, 14]]), players=2), np.empty((0, 7)), seen)
    assert found.class_id.tolist() == [Label.BALL, Label.PLAYER, Label.GOAL]
    assert set(found.data) == {"at_rest", "diameter_px", "shown"}


def test_nothing_seen_is_no_error() -> None:
    assert len(student.joined(moved(np.empty((0, 3)), players=0), np.empty((0, 7)), np.empty((0, 6)))) == 0


# --- in the program ---------------------------------------------------------------------------


def test_the_newest_of_ones_own_is_the_default(checkpoint: Path) -> None:
    with pytest.raises(MissingWeights, match="models pull"):
        student.default()
    weights.add("first", checkpoint)
    weights.add("second", checkpoint)
    assert student.default() == "second"
    assert work.detectors() == ["motion", "rfdetr:second", "rfdetr:first"]
    assert detectors.weights_of("rfdetr") == "second"
    assert detectors.weights_of("motion") == ""


def test_memory_does_not_grow_with_the_clip_and_tiles_are_looked_at(installed: str, rendered: Path) -> None:
    clip = replace(video.open_clip(rendered), take=(20, 32))
    tiled, whole = student.Student(installed), student.Student(installed, tiled=False)
    asked: list[int] = []
    real = tiled._network.__call__

    class Counting:
        resolution, batch = tiled._network.resolution, tiled._network.batch

        def __call__(self, images: Any) -> Any:
            asked.append(len(images))
            return real(images)

    tiled._network = Counting()  # type: ignore[assignment]
    assert len(list(tiled(clip))) == len(list(whole(clip))) == 12
    assert asked[::2] == [1] * 12
    assert 1 <= max(asked[1::2]) <= student.MOST_TILES


def test_a_shot_is_judged_with_it_and_says_with_which_weights(
    installed: str, rendered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(student, "TILE_PIXELS", 2 * 96**2)
    report = judging.analyze_file(rendered, rendered.with_suffix(".scene.json"), "rfdetr:tiny")
    assert report.made_with["detector"] == "rfdetr:tiny"
    assert report.made_with["weights"] == "tiny"
    assert report.made_with["weights_sha256"] == weights.fingerprint("tiny")
    assert report.shot.kick_frame is not None
    assert report.shot.candidates is not None


def test_a_detector_that_is_not_there_is_refused_before_any_work() -> None:
    with pytest.raises(UnknownPart, match="choose one of"):
        work.analyze([1], "rfdetr:nothing")
    assert "weights" not in pipeline.made_with("motion")
    with pytest.raises(BadDataset):
        weights.add("a b", Path("x"))
