"""SAM 3 and LocateAnything, small and random but of the same classes and files; and the teacher that joins them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import supervision as sv

from kicky import detectors, video, weights
from kicky.detectors import following, locate, sam3
from kicky.detectors.device import refuse_slow
from kicky.detectors.locate import Locate, parse
from kicky.detectors.sam3 import Sam3
from kicky.domain import Clip, Label
from kicky.errors import MissingWeights, OutOfMemory, TeacherFailed, TooSlow, UnknownPart, Untrusted
from kicky.service import looking, teaching
from kicky.teach.autolabel import Source, autolabel
from kicky.teach.dataset import Dataset
from kicky.teach.labelled import BALL
from kicky.teach.taught import Taught, things
from kicky.teach.teacher import Teacher, overlap
from kicky.weights import environment

from . import tiny

ANSWER = "<ref>ball</ref><box><500><500><600><600></box><ref>goal post</ref><box><0><0><1000><500></box>"


@pytest.fixture(scope="session")
def sam3_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.sam3(tmp_path_factory.mktemp("sam3") / "tiny")


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """-> the file that is there once the model's own code has run."""
    return tmp_path / "it ran"


@pytest.fixture
def teachers(sam3_folder: Path, tmp_path: Path, mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny.beside(monkeypatch)
    weights.add("my-sam3", sam3_folder, kind="sam3")
    weights.add("my-locate", tiny.locate(tmp_path / "locate", ANSWER, mark), kind="locate")


@pytest.fixture
def clip(make_film: Callable[..., Path]) -> Clip:
    return video.open_clip(make_film(count=12))


# --- SAM 3 ------------------------------------------------------------------------------------


def test_it_sees_every_frame_with_masks_and_where_each_comes_from(teachers: None, clip: Clip) -> None:
    see = Sam3("my-sam3", force=True)
    found = list(see(replace(clip, take=(2, 7))))
    assert len(found) == 5
    assert sum(len(each) for each in found) > 0
    for each in found:
        assert each.mask is not None
        assert each.mask.shape == (len(each), 90, 160)
        assert set(each.class_id) <= {0, 1, 2}
        assert set(each.data) == {"prompt", "at_rest", "diameter_px", "shown", "source", "model"}
        for row in range(len(each)):
            rows, columns = np.nonzero(each.mask[row])
            if each.class_id[row] != Label.BALL:
                assert each.xyxy[row].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            assert sam3.PROMPTS[each.data["prompt"][row]] == each.class_id[row]
    without = [2 + k for k, each in enumerate(found) if Label.BALL not in each.class_id]
    assert see.no_ball == without


def held(session: Any) -> tuple[int, int]:
    """Session -> how many tensors it holds and how many bytes they are."""
    import torch

    count, size = 0, 0
    waiting: list[Any] = [vars(session), vars(session.cache)]
    while waiting:
        here = waiting.pop()
        if isinstance(here, torch.Tensor):
            count, size = count + 1, size + here.numel() * here.element_size()
        elif isinstance(here, dict):
            waiting += here.values()
        elif isinstance(here, (list, tuple)):
            waiting += here
    return count, size


def test_what_it_holds_does_not_grow_with_the_clip(
    teachers: None, make_film: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[tuple[int, int]] = []
    real = following.forget

    def watched(session: Any, number: int) -> None:
        real(session, number)
        sizes.append(held(session))

    monkeypatch.setattr(following, "forget", watched)
    list(Sam3("my-sam3", force=True)(video.open_clip(make_film(count=44))))
    assert len(sizes) == 44
    assert sizes[22] == sizes[43]
    assert sizes[5] < sizes[22]


def test_a_session_that_forgot_sees_what_one_that_remembers_sees(
    teachers: None, make_film: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = video.open_clip(make_film(count=26))
    forgetful = list(Sam3("my-sam3", force=True)(clip))
    monkeypatch.setattr(following, "forget", lambda _session, _number: None)
    for short, long in zip(forgetful, Sam3("my-sam3", force=True)(clip), strict=True):
        np.testing.assert_array_equal(short.xyxy, long.xyxy)


@pytest.fixture
def small(teachers: None) -> Any:
    """-> a SAM 3 and its model, to be altered: it is this test's alone."""
    see = Sam3("my-sam3", force=True)
    return see, see._model()[1]


def test_with_the_real_thresholds_doubtful_tracks_are_taken_back_before_they_are_told(
    tmp_path: Path, make_film: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A random tracker draws what no detection confirms: each track ends after eight frames, and others begin."""
    weights.add("real", tiny.sam3(tmp_path / "real", real=True), kind="sam3")
    sizes, newest = [], []
    real = following.forget

    def watched(session: Any, number: int) -> None:
        real(session, number)
        sizes.append(held(session))
        newest.append(session.max_obj_id)

    monkeypatch.setattr(following, "forget", watched)
    see, clip = Sam3("real", force=True), video.open_clip(make_film(count=16))
    assert len(see.in_picture(video.still(clip, 0)))  # what it begins with there
    newest.clear()
    sizes.clear()
    found = list(see(clip, close=()))
    assert len(found) == 16
    assert newest[0] < newest[15]
    assert not len(found[0])
    assert max(sizes[9:]) <= max(sizes[:9])


@pytest.mark.parametrize(("patience", "newest"), [(30, 3), (2, 7)])
def test_a_track_of_which_nothing_is_left_gives_its_place_to_a_new_one(
    patience: int, newest: int, small: Any, clip: Clip
) -> None:
    import torch

    see, model = small
    with torch.no_grad():
        model.tracker_model.mask_decoder.pred_obj_score_head.proj_out.bias.fill_(-10.0)  # all is gone
    model.max_trk_keep_alive = patience
    found = list(see(replace(clip, take=(0, 4))))
    assert max(int(each.tracker_id.max()) for each in found if len(each)) == newest
    assert model.max_num_objects == 4


def test_one_track_taken_back_leaves_the_others_their_own_masks(small: Any, clip: Clip) -> None:
    see, model = small
    model.hotstart_delay, real, lost = 3, model._process_hotstart, set[int]()

    def takes_back(inference_session: Any, frame_idx: int, **more: Any) -> Any:
        newly, told = real(inference_session, frame_idx, **more)
        if frame_idx == 2 and lost:
            newly |= lost
            told["removed_obj_ids"] |= lost
        return newly, told

    model._process_hotstart = lambda **more: takes_back(**more)
    short = replace(clip, take=(0, 3))
    before = list(see(short, close=()))
    lost.add(min(int(each) for found in before for each in found.tracker_id))
    after = list(see(short, close=()))
    for all_, rest in zip(before, after, strict=True):
        assert not lost & set(rest.tracker_id.tolist())
        kept = all_[~np.isin(all_.tracker_id, list(lost))]
        own = {int(number): mask for number, mask in zip(rest.tracker_id, rest.mask, strict=True)}
        for number, mask in zip(kept.tracker_id, kept.mask, strict=True):
            assert (mask & ~own[int(number)]).sum() == 0  # what the lost one covered may be its now


def test_without_a_graphics_card_it_refuses_with_the_time_it_would_take(teachers: None, clip: Clip) -> None:
    with pytest.raises(TooSlow, match=r"would take about \d+ minutes; `--force`"):
        next(Sam3("my-sam3")(clip))
    weights.trust("my-locate")
    with pytest.raises(TooSlow, match=r"LocateAnything needs a graphics card"):
        next(detectors.make("locate:my-locate")(clip))
    refuse_slow("SAM 3", 1e6, clip, force=True)


def test_a_card_without_room_is_told(teachers: None, clip: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    see = Sam3("my-sam3", force=True)
    monkeypatch.setattr(see, "_frame", full)
    with pytest.raises(OutOfMemory, match="close other programs"):
        next(see(clip))


def test_missing_and_damaged_weights_are_told(sam3_folder: Path, clip: Clip) -> None:
    with pytest.raises(MissingWeights, match=r"3\.5 GB.*models pull sam3`, or choose the motion detector"):
        detectors.make("sam3")
    weights.add("cut", sam3_folder, kind="sam3")
    (weights.path("cut") / "model.safetensors").write_bytes(b"nothing of the kind")
    with pytest.raises(MissingWeights, match="cannot be read"):
        next(Sam3("cut", force=True)(clip))


# --- LocateAnything ---------------------------------------------------------------------------


def test_its_code_runs_only_once_it_is_trusted(teachers: None, mark: Path) -> None:
    with pytest.raises(Untrusted, match="models trust my-locate"):
        Locate("my-locate", force=True)
    assert not mark.exists()
    weights.trust("my-locate")
    found = Locate("my-locate", force=True).in_picture(np.zeros((100, 200, 3), np.uint8), ["ball", "goal post"])
    assert mark.exists()
    assert found.xyxy.tolist() == [[100, 50, 120, 60], [0, 0, 200, 50]]
    assert found.class_id.tolist() == [Label.BALL, Label.GOAL]
    assert found.mask is None


def test_the_code_that_runs_is_the_one_that_lies_there_now(teachers: None, mark: Path) -> None:
    picture = np.zeros((100, 200, 3), np.uint8)
    weights.trust("my-locate")
    assert len(Locate("my-locate", force=True).in_picture(picture, ["ball", "goal post"])) == 2
    mark.unlink()
    (weights.path("my-locate") / "answer.txt").write_text("I see none.")
    weights.trust("my-locate")
    assert len(Locate("my-locate", force=True).in_picture(picture, ["ball", "goal post"])) == 0
    assert mark.exists()


def test_code_that_came_after_it_was_made_does_not_run(teachers: None, mark: Path) -> None:
    weights.trust("my-locate")
    made = Locate("my-locate", force=True)
    code = weights.path("my-locate") / "code.py"
    code.write_text(code.read_text() + "\n# a byte more\n")
    with pytest.raises(Untrusted, match="has changed since you said that you trust it"):
        made.in_picture(np.zeros((100, 200, 3), np.uint8), ["ball"])
    assert not mark.exists()


@pytest.mark.parametrize("file", ["config.json", "processor_config.json", "adapter_config.json"])
def test_nor_does_code_of_another_folder_that_it_names(file: str, teachers: None, mark: Path) -> None:
    config = weights.path("my-locate") / file
    values = json.loads(config.read_text()) if config.exists() else {}
    values["auto_map"] = {"AutoModel": "somebody/else--modeling_tiny.TinyLocate"}
    config.write_text(json.dumps(values))
    weights.trust("my-locate")
    with pytest.raises(MissingWeights, match=f"{file} of my-locate names code or weights of another model"):
        Locate("my-locate", force=True).in_picture(np.zeros((100, 200, 3), np.uint8), ["ball"])
    assert not mark.exists()


def test_sam_3s_folder_brings_no_code_of_its_own(
    sam3_folder: Path, tmp_path: Path, mark: Path, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word about it transformers asks on the terminal, and runs it when the answer is yes."""
    folder = shutil.copytree(sam3_folder, tmp_path / "sam3 with code")
    (folder / "own.py").write_text(f"from pathlib import Path\nPath({str(mark)!r}).touch()\nclass Own: pass\n")
    for file, more in {
        "config.json": {"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}},
        "tokenizer_config.json": {"tokenizer_class": "Own", "auto_map": {"AutoTokenizer": [None, "own.Own"]}},
    }.items():
        (folder / file).write_text(json.dumps(json.loads((folder / file).read_text()) | more))
    weights.add("my-sam3", folder, kind="sam3")
    monkeypatch.setattr("builtins.input", lambda _question: "y")
    with pytest.raises(MissingWeights, match="cannot be read"):
        next(Sam3("my-sam3", force=True)(clip))
    assert not mark.exists()


def test_a_clip_is_looked_at_frame_by_frame(teachers: None, clip: Clip) -> None:
    weights.trust("my-locate")
    found = list(detectors.make("locate:my-locate", force=True)(replace(clip, take=(0, 10))))
    assert len(found) == 10
    assert [each.data["at_rest"][0] for each in found] == [False] * 8 + [True] * 2


BALL_AND_GOAL = ["ball", "goal post"]
PICTURE = np.zeros((100, 200, 3), np.uint8)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("dies", r"LocateAnything ended \(Segmentation fault\)"),
        ("hangs", "did not answer within 1 s"),
        ("nonsense", "answered 'Loading the model ...', which is no answer"),
        ("does not load", r"could not be loaded \(ImportError: transformers 5.0 is installed"),
    ],
)
def test_its_process_may_fail_as_it_likes(
    how: str, said: str, teachers: None, mark: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locate, "ANSWER_S", 1.0 / locate.SLOWER)
    weights.add("bad", tiny.locate(tmp_path / "bad", ANSWER, mark, how), kind="locate")
    weights.trust("bad")
    see = Locate("bad", force=True)
    for _ in range(2):  # it is started anew, and no worse for it
        with pytest.raises(TeacherFailed, match=said):
            see.in_picture(PICTURE, BALL_AND_GOAL)
    see.free()


def test_a_card_without_room_for_its_process_is_told(teachers: None, mark: Path, tmp_path: Path) -> None:
    weights.add("full", tiny.locate(tmp_path / "full", ANSWER, mark, "no room"), kind="locate")
    weights.trust("full")
    with pytest.raises(OutOfMemory, match="no room for LocateAnything"):
        Locate("full", force=True).in_picture(PICTURE, BALL_AND_GOAL)


def test_its_environment_must_be_made_first(tmp_path: Path, mark: Path) -> None:
    weights.add("my-locate", tiny.locate(tmp_path / "locate", ANSWER, mark), kind="locate")
    weights.trust("my-locate")
    with pytest.raises(MissingWeights, match=r"is not made yet: run .*models pull locate-anything-3b"):
        Locate("my-locate", force=True)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Locate]:
    """How it behaves -> a Locate that works by locate-anything-cli, which is a stand-in."""
    script = tmp_path / "locate-anything-cli"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} {Path(tiny.__file__).with_name("fake_locate.py")} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv(locate.CLI_VARIABLE, str(script))
    monkeypatch.setattr(locate, "LOADING_S", 0.0)
    monkeypatch.setattr(locate, "ANSWER_S", 1.0)

    def made(how: str) -> Locate:
        folder = tmp_path / f"gguf {how}"
        folder.mkdir()
        (folder / "model.gguf").write_text(how)
        weights.add("gguf", folder, kind="locate")
        return Locate("gguf", force=how != "hangs")

    return made


def test_a_gguf_file_is_asked_by_its_own_program(cli: Callable[[str], Locate]) -> None:
    found = cli("").in_picture(np.zeros((100, 200, 3), np.uint8), BALL_AND_GOAL)
    size = locate.shown_size((200, 100))
    assert size == (196, 112)
    expected = np.array([84 / 196 * 200, 42 / 112 * 100, 100.8 / 196 * 200, 50.4 / 112 * 100])
    np.testing.assert_allclose(found.xyxy[0], expected, atol=0.2)
    assert found.class_id.tolist() == [Label.BALL]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("dies", "ended .Segmentation fault"),
        ("hangs", "did not answer within 1 s"),
        ("nonsense", "left no list of boxes"),
    ],
)
def test_and_that_may_fail_too(how: str, said: str, cli: Callable[[str], Locate]) -> None:
    with pytest.raises(TeacherFailed, match=said):
        cli(how).in_picture(PICTURE, BALL_AND_GOAL)


def test_without_that_program_it_says_which_to_build(
    cli: Callable[[str], Locate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(locate.CLI_VARIABLE, "/nowhere/locate-anything-cli")
    with pytest.raises(MissingWeights, match=r"build it as docs/gpu\.md says"):
        cli("")


def test_the_real_runner_answers_by_the_interface_of_its_model_card(tmp_path: Path, mark: Path) -> None:
    """With the transformers of this program: the version it wants cannot be had here."""
    folder = tiny.locate_code(tmp_path / "code", ANSWER, mark)
    picture = tmp_path / "picture.png"
    cv2.imwrite(str(picture), PICTURE)
    wrong = [sys.executable, str(locate.RUNNER), str(folder), locate.TRANSFORMERS]
    asked = json.dumps({"picture": str(picture), "question": "Where is the ball?"}) + "\n"
    env = os.environ | {"HF_MODULES_CACHE": str(tmp_path / "modules"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([*wrong[:-1], ""], input=asked + asked, env=env, capture_output=True, text=True, check=True)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [{"ready": "cpu"}] + [{"answer": ANSWER}] * 2
    refused = subprocess.run(wrong, input=asked, env=env, capture_output=True, text=True, check=True)
    assert "is installed there, not 4.57." in json.loads(refused.stdout)["error"]


def test_its_environment_is_made_of_what_the_register_says_and_once(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: Any) -> None:
        ran.append(command)
        (environment.place("x") / "bin").mkdir(parents=True, exist_ok=True)

    about = {"environment": ["transformers==4.57.1"]}
    monkeypatch.setattr(environment, "room_for", lambda *_: None)
    monkeypatch.setattr(environment.subprocess, "run", run)
    environment.make("x", about)
    environment.make("x", about)
    assert [command[-1] for command in ran] == [str(environment.place("x")), "transformers==4.57.1"]
    assert environment.python("x", about) == environment.place("x") / "bin" / "python"
    with pytest.raises(MissingWeights, match="not made yet"):
        environment.python("x", {"environment": ["transformers==4.58"]})

    def broken(command: list[str], **_: Any) -> None:
        raise subprocess.CalledProcessError(1, command, stderr="a\nERROR: No matching distribution\n")

    monkeypatch.setattr(environment.subprocess, "run", broken)
    with pytest.raises(MissingWeights, match=r"could not be made \(ERROR: No matching distribution\)"):
        environment.make("y", about)
    environment.remove("x")
    assert not environment.place("x").exists()


def test_missing_locate_is_told() -> None:
    with pytest.raises(MissingWeights, match=r"7\.7 GB.*models pull locate-anything-3b`, or choose the motion"):
        detectors.make("locate")


@pytest.mark.parametrize(
    ("answer", "boxes"),
    [
        ("<ref>ball</ref><box><0><0><1000><1000></box>", [("ball", [0, 0, 200, 100])]),
        ("<ref>Ball </ref><box> <100> <100> <200> <300> </box>", [("ball", [20, 10, 40, 30])]),
        ("<box><100><100><200><300></box>", [("ball", [20, 10, 40, 30])]),
        ("<ref>ball</ref><box>100, 100, 200, 300</box>", [("ball", [20, 10, 40, 30])]),
        ("<ref>ball</ref><box><200><300><100><100></box>", [("ball", [20, 10, 40, 30])]),
        ("<ref>ball</ref><box><900><900><1400><1000></box>", [("ball", [180, 90, 200, 100])]),
        (
            "<ref>person</ref><box><0><0><10><10></box><box><20><0><30><10></box>",
            [("person", [0, 0, 2, 1]), ("person", [4, 0, 6, 1])],
        ),
        ("<ref>ball</ref><box>none</box>", []),
        ("<ref>ball</ref><box><500><500></box>", []),
        ("<ref>ball</ref><box><500><500><500><600></box>", []),
        ("<ref>cloud</ref><box><0><0><10><10></box>", []),
        ("I see no ball here.", []),
        ("<ref>ball</ref><box><0><0><10>", []),
        ("", []),
    ],
)
def test_what_it_writes_is_read_or_left_alone(answer: str, boxes: list[tuple[str, list[float]]]) -> None:
    found = parse(answer, (200, 100), ["ball", "person"])
    assert [(name, box.tolist()) for name, box in found] == boxes


# --- the two together -------------------------------------------------------------------------


def test_locate_is_asked_only_for_what_sam3_did_not_find(
    teachers: None, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.trust("my-locate")
    asked: list[list[str]] = []
    real = Locate.in_picture

    def watched(self: Locate, image: Any, phrases: list[str]) -> sv.Detections:
        asked.append(list(phrases))
        return real(self, image, phrases)

    monkeypatch.setattr(Locate, "in_picture", watched)
    teacher = Teacher(True, "my-sam3", "my-locate")
    frames = (0, 3, 4, 9)
    taught = dict(teacher(clip, frames))
    assert tuple(taught) == frames
    assert asked[0] == ["ball", "person", "goal post"]  # whether it answers at all
    assert asked[1] == ["ball", "person", "goal post"]  # the one in ten that is asked of both
    of_sam3 = {number: found.class_id[found.data["source"] == "sam3"] for number, found in taught.items()}
    lacking = [number for number in frames[1:] if len(set(of_sam3[number])) < len(Label)]
    for number, phrases in zip(lacking, asked[2:], strict=True):
        own = taught[number].data["source"] == "sam3"
        assert not {Label(int(k)) for k in taught[number].class_id[own]} & {sam3.PROMPTS[phrase] for phrase in phrases}
    for found in taught.values():
        assert set(found.data["source"]) <= {"sam3", "locate"}
        assert set(found.data["revision"]) <= {weights.fingerprint("my-sam3"), weights.fingerprint("my-locate")}
    report = teacher.report()
    assert report["frames"] == 12
    assert report["asked"] == sum(
        Label.BALL not in each.class_id[each.data["source"] == "sam3"] for each in taught.values()
    )
    assert report["recovered"] == report["asked"]  # it always says that there is one
    assert report["motion"] >= 0
    assert "locate_why_not" not in report


def test_sam3_alone_teaches_too_and_says_why(teachers: None, clip: Clip) -> None:
    teacher = Teacher(True, "my-sam3", "my-locate")
    taught = dict(teacher(clip, (0, 5)))
    assert set(np.concatenate([found.data["source"] for found in taught.values()])) <= {"sam3"}
    assert "models trust my-locate" in teacher.report()["locate_why_not"]


def breaks(*_: object, **__: object) -> Any:
    raise RuntimeError("CUDA error: an illegal memory access\nand a long trace")


def test_what_breaks_down_at_the_start_is_told_with_what_to_do_and_the_other_teaches(
    teachers: None, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.trust("my-locate")
    with monkeypatch.context() as patch:
        patch.setattr(Locate, "in_picture", breaks)
        teacher = Teacher(True, "my-sam3", "my-locate")
        assert len(dict(teacher(clip, (0, 5)))) == 2
        why = teacher.report()["locate_why_not"]
    assert "LocateAnything breaks down (RuntimeError: CUDA error: an illegal memory access)" in why
    assert "models pull my-locate" in why
    monkeypatch.setattr(Sam3, "_frame", breaks)
    teacher = Teacher(True, "my-sam3", "my-locate")
    taught = dict(teacher(clip, (0, 5)))
    assert set(np.concatenate([found.data["source"] for found in taught.values()])) == {"locate"}
    assert "models pull my-sam3" in teacher.report()["sam3_why_not"]
    monkeypatch.setattr(Locate, "in_picture", breaks)
    with pytest.raises(MissingWeights, match=r"SAM 3 breaks down .* LocateAnything breaks down"):
        list(Teacher(True, "my-sam3", "my-locate")(clip, (0, 5)))


@pytest.mark.parametrize("who", ["sam3", "locate"])
def test_a_model_that_breaks_down_over_one_clip_loses_that_one_at_most(
    who: str, teachers: None, tmp_path: Path, make_film: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.trust("my-locate")
    films = [Source(make_film(f"{seed}.mp4", seed, 24, (320, 180)), f"{seed}.mp4") for seed in range(3)]
    teacher, now = Teacher(True, "my-sam3", "my-locate"), [0]

    def see(clip: Clip, frames: tuple[int, ...]) -> Iterator[Any]:
        now[0] += 1
        yield from Taught(teacher)(clip, frames)

    broken, real = (Sam3, Sam3._frame) if who == "sam3" else (Locate, Locate.in_picture)
    monkeypatch.setattr(broken, real.__name__, lambda *asked, **more: breaks() if now[0] == 2 else real(*asked, **more))
    failed = autolabel(Dataset(tmp_path / "set"), films, see, {"by": "test"}, lambda *_: None, every_s=0.4)
    assert list(failed) == (["1.mp4"] if who == "sam3" else [])
    assert len({picture.clip for picture in Dataset(tmp_path / "set").pictures()}) == 3 - len(failed)
    assert ("locate_why_not" in teacher.report()) == (who == "locate")


def test_labels_keep_outline_and_origin(teachers: None, clip: Clip) -> None:
    weights.trust("my-locate")
    see = Taught(Teacher(True, "my-sam3", "my-locate"))
    for _, labelled in see(clip, (0, 3)):
        for thing in labelled:
            assert thing.origin["source"] in ("sam3", "locate")
            assert thing.outline_px == () or thing.origin["source"] == "sam3"
            assert thing.origin["agreement"] is None or 0 <= thing.origin["agreement"] <= 1
            assert set(thing.origin) == {"source", "model", "revision", "prompt", "agreement", "score"}
    assert see.report()["frames"] == 12


def test_agreement_is_the_overlap_with_the_same_label() -> None:
    one = sv.Detections(xyxy=np.array([[0.0, 0, 10, 10], [0, 0, 10, 10]]), class_id=np.array([0, 1]))
    other = sv.Detections(xyxy=np.array([[0.0, 0, 10, 5]]), class_id=np.array([0]))
    assert overlap(one, other).tolist() == [0.5, 0.0]
    assert overlap(one, sv.Detections.empty()).tolist() == [0, 0]


def test_a_box_without_a_mask_is_a_thing_without_outline() -> None:
    found = locate._detections([("ball", np.array([1.0, 2, 5, 6]))], "my-locate")
    (thing,) = things(found)
    assert (thing.label, thing.box_px, thing.outline_px) == (BALL, (1, 2, 5, 6), ())


def test_without_sam3_labelling_offers_what_was_measured(make_film: Callable[..., Path]) -> None:
    with pytest.raises(MissingWeights, match=r"models pull sam3`, or label by what was measured"):
        teaching.label_files([make_film()], "park", "teachers", lambda *_: None)
    with pytest.raises(UnknownPart, match="choose one of: measured, teachers"):
        teaching.label_files([make_film()], "park", "nobody", lambda *_: None)


# --- the whole road ---------------------------------------------------------------------------


def test_films_become_a_data_set_with_masks_and_a_list_of_where_no_ball_was(
    own_home: Path, sam3_folder: Path, tmp_path: Path, mark: Path, make_film: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    tiny.beside(monkeypatch)
    weights.add("copy", sam3_folder, kind="sam3")
    (own_home / "models" / "copy").rename(own_home / "models" / "sam3")
    tiny.locate(own_home / "models" / "locate-anything-3b", ANSWER, mark)
    weights.trust("locate-anything-3b")
    films = [make_film(f"{seed}.mp4", seed, 24, (320, 180)) for seed in range(2)]
    with pytest.raises(TooSlow, match="--force"):
        teaching.label_files(films, "park", "teachers", lambda *_: None, 0.3)
    made = teaching.label_files(films, "park", "teachers", lambda *_: None, 0.3, force=True)
    assert made.failed == {}
    assert sum(count.get("pictures", 0) for count in made.counts.values()) == 6
    assert len(made.no_ball) == 2
    for row in made.no_ball:
        assert row["frames"] == 24
        assert row["sam3"] + len(row["no_ball"]) == 24
    shown, total = looking.pictures("park")
    assert total == 6
    assert {thing.said_by.split()[0] for picture in shown for thing in picture.things} <= {"sam3", "locate"}
    coco = json.loads((own_home / "db" / "datasets" / "park" / "train" / "_annotations.coco.json").read_text())
    assert coco["images"]
    for annotation in coco["annotations"]:
        origin = annotation["provenance"]
        assert {"source", "model", "revision", "score", "prompt", "agreement", "outline"} == set(origin)
        assert origin["model"] in ("sam3", "locate-anything-3b")
