"""MiniCPM through its real loader, on a checkpoint of random weights made here."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import active_count
from threading import enumerate as threads
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest

from benchmarks.replies import briefs
from kicky import weights
from kicky.coaches import minicpm
from kicky.coaches.guard import guard
from kicky.errors import CoachFailed, MissingWeights, UnknownPart
from kicky.packages import card
from kicky.service import coaching

from .tiny import build

PICTURES = [np.full((80, 120, 3), shade, np.uint8) for shade in (40, 120, 200)]
BRIEF = briefs()["goal_full"]


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def installed(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """-> the checkpoint where the program looks for the real one, and few tokens of it."""
    monkeypatch.setenv("KICKY_HOME", str(tmp_path / "elsewhere"))
    folder = weights.models() / "minicpm-v-4.6"
    folder.parent.mkdir(parents=True)
    folder.symlink_to(checkpoint)
    monkeypatch.setattr(minicpm, "MOST_TOKENS", 24)
    yield folder
    minicpm.free()


def test_a_folder_brings_no_code_of_its_own(
    checkpoint: Path, installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word about it transformers asks on the terminal, and runs it when the answer is yes."""
    installed.unlink()
    shutil.copytree(checkpoint, installed)
    mark = tmp_path / "it ran"
    (installed / "code.py").write_text(f"from pathlib import Path\nPath({str(mark)!r}).touch()\nclass Own: pass\n")
    config = installed / "config.json"
    values = json.loads(config.read_text()) | {"model_type": "own", "auto_map": {"AutoConfig": "code.Own"}}
    config.write_text(json.dumps(values))
    monkeypatch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(tmp_path / "modules"))
    monkeypatch.setattr("builtins.input", lambda _question: "y")
    with pytest.raises(MissingWeights, match="cannot be read"):
        next(minicpm.MiniCPM()(BRIEF, []))
    assert not mark.exists()


def answering() -> bool:
    return any(thread.name == "minicpm" for thread in threads())


def test_it_streams_with_pictures_and_loads_once(installed: Path) -> None:
    coach = minicpm.MiniCPM()
    pieces = list(coach(BRIEF, PICTURES))
    assert len(pieces) > 1
    assert "".join(pieces)
    first = minicpm._loaded[installed]
    assert "".join(coach(BRIEF, PICTURES)) == "".join(pieces)
    assert minicpm._loaded[installed] is first


def test_four_times_as_much_of_a_picture_can_be_shown(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    processor, model = minicpm._load(installed)
    messages = minicpm._messages(BRIEF, PICTURES)
    pad = processor.image_token_id
    counts = [int((minicpm._asked(processor, messages, mode)["input_ids"] == pad).sum()) for mode in ("", "16x", "4x")]
    assert counts[0] == counts[1]
    assert counts[2] == 4 * counts[1]
    asked, real = list[str | None](), model.generate

    def watched(**more: Any) -> Any:
        asked.append(more.get("downsample_mode"))
        return real(**more)

    monkeypatch.setattr(model, "generate", watched)
    assert "".join(minicpm.MiniCPM(downsample_mode="4x")(BRIEF, PICTURES))
    monkeypatch.setenv(minicpm.DOWNSAMPLE, "4x")
    assert "".join(minicpm.MiniCPM()(BRIEF, PICTURES))
    monkeypatch.delenv(minicpm.DOWNSAMPLE)
    assert "".join(minicpm.MiniCPM()(BRIEF, PICTURES))
    assert asked == ["4x", "4x", None]
    with pytest.raises(UnknownPart, match="choose one of: 16x, 4x"):
        minicpm.MiniCPM(downsample_mode="2x")


def test_the_newer_one_is_taken_where_it_is_here(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert minicpm.default() == minicpm.NAME
    folder = build(weights.models() / "minicpm-v-4.7-1b", "4_7")
    assert minicpm.default() == minicpm.NEWER
    for mode in ("", "4x"):
        assert "".join(minicpm.MiniCPM(downsample_mode=mode)(BRIEF, PICTURES))
    assert type(minicpm._loaded[folder][1]).__name__ == "MiniCPMV4_7ForConditionalGeneration"
    view = next(each for each in coaching.coaches() if each.name == "minicpm")
    assert (view.title, view.ready) == ("MiniCPM-V 4.7, on this machine", True)
    assert coaching._model("minicpm") == f"MiniCPM-V 4.7 {weights.fingerprint(minicpm.NEWER)}"
    (folder / "model.safetensors").write_bytes(b"spoilt")
    minicpm.free()
    with pytest.raises(MissingWeights, match=r"models pull minicpm-4\.7"):
        next(minicpm.MiniCPM()(BRIEF, []))


def test_the_newer_one_is_told_not_to_think_first(installed: Path) -> None:
    processor, _ = minicpm._load(installed)
    plain = processor.chat_template
    try:
        processor.chat_template = plain + "{% if enable_thinking is false %}no thoughts{% endif %}"
        asked = minicpm._asked(processor, minicpm._messages(BRIEF, []), "")
        assert processor.tokenizer.decode(asked["input_ids"][0]).endswith("no thoughts")
    finally:
        processor.chat_template = plain


def test_its_nonsense_is_replaced_by_the_rules(installed: Path) -> None:
    passages = list(guard(minicpm.MiniCPM()(BRIEF, []), BRIEF))
    assert [passage.title for passage in passages] == ["Verdict", "Fix 1", "Fix 2", "Drill"]
    assert all(passage.replaced for passage in passages)


def test_leaving_stops_the_model(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minicpm, "MOST_TOKENS", 100_000)
    before = active_count()
    answer = minicpm.MiniCPM()(BRIEF, [])
    next(answer)
    assert answering()
    answer.close()  # the model ends with the token that it is at
    until_s = monotonic() + 60
    while (answering() or active_count() > before) and monotonic() < until_s:
        sleep(0.02)
    assert not answering()
    assert active_count() <= before


def test_freed_weights_are_gone_and_come_back(installed: Path) -> None:
    list(minicpm.MiniCPM()(BRIEF, []))
    minicpm.free()
    assert not minicpm._loaded
    assert list(minicpm.MiniCPM()(BRIEF, []))


def test_no_memory_half_way_is_told_and_completed(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    said = "**Verdict:** Goal, Adam! What a strike.\n\n**Fix 1:** Bring your standing foot"

    def runs_out(streamer: Any, **_: Any) -> None:
        streamer.put(torch.tensor([0]))  # the prompt, which is skipped
        for byte in streamer.tokenizer(said)["input_ids"]:
            streamer.put(torch.tensor([byte]))
        raise torch.OutOfMemoryError("CUDA out of memory")

    _, model = minicpm._load(installed)
    monkeypatch.setattr(model, "generate", runs_out)
    passages = list(guard(minicpm.MiniCPM()(BRIEF, []), BRIEF))
    assert passages[0].text == "Goal, Adam! What a strike."
    assert [passage.replaced for passage in passages] == [False, True, True, True]
    assert "ran out of memory" in passages[1].why
    assert not minicpm._loaded


def test_no_memory_at_once_is_an_error(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    def runs_out(**_: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(minicpm._load(installed)[1], "generate", runs_out)
    with pytest.raises(CoachFailed, match="ran out of memory"):
        list(guard(minicpm.MiniCPM()(BRIEF, []), BRIEF))


def test_another_failure_is_told_too(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: Any) -> None:
        raise ValueError("shapes")

    monkeypatch.setattr(minicpm._load(installed)[1], "generate", fails)
    with pytest.raises(CoachFailed, match="could not answer"):
        list(minicpm.MiniCPM()(BRIEF, []))


def test_without_weights_it_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KICKY_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(MissingWeights, match="models pull minicpm"):
        next(minicpm.MiniCPM()(BRIEF, []))


def test_spoilt_weights_are_told(installed: Path, checkpoint: Path) -> None:
    installed.unlink()
    installed.mkdir()
    for file in checkpoint.iterdir():
        spoilt = b"spoilt" if file.suffix == ".safetensors" else file.read_bytes()
        (installed / file.name).write_bytes(spoilt)
    with pytest.raises(MissingWeights, match="cannot be read"):
        next(minicpm.MiniCPM()(BRIEF, []))


@pytest.mark.parametrize(("there", "said"), [(True, ""), (False, minicpm.SLOW)])
def test_it_warns_without_a_graphics_card(
    there: bool, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card, "there", lambda: there)
    assert minicpm.warning() == said
