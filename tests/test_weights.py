"""A model's file is the one the register names, or it is not used."""

from pathlib import Path
from typing import Any

import pytest

from kicky import weights
from kicky.errors import MissingWeights, UnknownPart


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KICKY_HOME", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere" / "models").mkdir(parents=True)
    return tmp_path / "elsewhere" / "models"


def test_the_pose_model_set_up_by_make_is_the_one_named() -> None:
    file = weights.path("pose")
    assert file.stat().st_size > 9_000_000
    assert weights.state("pose") == "here"
    assert len(weights.fingerprint("pose")) == 12


def test_every_entry_names_its_licence_and_hash() -> None:
    for name, entry in weights.register().items():
        assert entry["licence"], name
        assert all(len(digest) == 64 for digest in entry["sha256"]), name
        assert entry["sha256"] or entry["hub"], name


def test_a_missing_model_is_told_with_the_command_that_fetches_it(empty_home: Path) -> None:
    with pytest.raises(MissingWeights, match="models pull pose"):
        weights.path("pose")
    assert weights.state("pose") == "missing"


def test_another_file_under_its_name_is_not_used(empty_home: Path) -> None:
    (empty_home / "pose_landmarker.task").write_bytes(b"something else")
    with pytest.raises(MissingWeights, match="not the file it should be"):
        weights.path("pose")
    assert weights.state("pose") == "wrong file"


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(UnknownPart, match="choose one of: pose"):
        weights.path("nose")


def test_the_second_source_is_taken_when_the_first_is_out_of_reach(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(entry: dict[str, Any], target: Path) -> None:
        raise OSError("no route to host")

    def assembled(entry: dict[str, Any], target: Path) -> None:
        target.write_bytes(real)

    real = (weights.PROJECT / "models" / "pose_landmarker.task").read_bytes()
    monkeypatch.setattr(weights, "_download", offline)
    monkeypatch.setattr(weights, "_assemble", assembled)
    assert weights.pull("pose") == empty_home / "pose_landmarker.task"
    assert [file.name for file in empty_home.iterdir()] == ["pose_landmarker.task"]


def test_a_wrong_download_is_thrown_away_and_every_reason_told(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(entry: dict[str, Any], target: Path) -> None:
        target.write_bytes(b"<html>moved</html>")

    def offline(entry: dict[str, Any], target: Path) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(weights, "_download", wrong)
    monkeypatch.setattr(weights, "_assemble", offline)
    with pytest.raises(MissingWeights, match=r"not the one the register names.*no route to host"):
        weights.pull("pose")
    assert list(empty_home.iterdir()) == []


# --- a model that is a folder of the hub ------------------------------------------------------


def filled(folder: Path, *more: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in ("config.json", "model.safetensors", "tokenizer.json", "processor_config.json", *more):
        (folder / name).write_text("{}")
    return folder


def test_a_folder_is_here_only_when_it_is_whole(empty_home: Path) -> None:
    assert weights.state("minicpm") == "missing"
    with pytest.raises(MissingWeights, match=r"2.6 GB.*models pull minicpm"):
        weights.path("minicpm")
    folder = filled(empty_home / "minicpm-v-4.6")
    assert weights.path("minicpm") == folder
    assert weights.state("minicpm") == "here"
    (folder / "model.safetensors").unlink()
    assert weights.state("minicpm") == "wrong file"
    with pytest.raises(MissingWeights, match="lacks"):
        weights.path("minicpm")


def test_weights_in_parts_are_all_counted(empty_home: Path) -> None:
    folder = filled(empty_home / "minicpm-v-4.6")
    index = folder / "model.safetensors.index.json"
    index.write_text('{"weight_map": {"a": "model-1.safetensors"}}')
    with pytest.raises(MissingWeights, match=r"lacks model-1\.safetensors"):
        weights.path("minicpm")
    (folder / "model-1.safetensors").write_text("{}")
    assert weights.path("minicpm") == folder
    index.write_text("broken")
    with pytest.raises(MissingWeights, match=r"index\.json"):
        weights.path("minicpm")


def test_another_folder_has_another_fingerprint(empty_home: Path) -> None:
    folder = filled(empty_home / "minicpm-v-4.6")
    before = weights.fingerprint("minicpm")
    assert len(before) == 12
    (folder / "model.safetensors").write_text("{ }")
    assert weights.fingerprint("minicpm") != before


def test_a_folder_is_fetched_whole(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda hub, local_dir: filled(local_dir))
    assert weights.pull("minicpm") == empty_home / "minicpm-v-4.6"


def test_offline_it_says_what_to_download_and_where_to_put_it(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(hub: str, local_dir: Path) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("huggingface_hub.snapshot_download", offline)
    with pytest.raises(MissingWeights, match=r"huggingface\.co/openbmb/MiniCPM-V-4\.6 .*minicpm-v-4\.6\."):
        weights.pull("minicpm")
