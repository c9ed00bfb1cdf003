"""A model's file is the one the register names, or it is not used."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from kicky import weights
from kicky.errors import BadDataset, MissingWeights, StorageFailed, UnknownPart, Untrusted
from kicky.home import PROJECT
from kicky.weights import fetching, hashing, local
from kicky.weights.fetching import OnShare


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KICKY_HOME", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere" / "models").mkdir(parents=True)
    return tmp_path / "elsewhere" / "models"


def left(folder: Path) -> list[str]:
    """-> what lies in the store, but for the lock that stays."""
    return sorted(file.name for file in folder.iterdir() if file.name != ".LOCAL.lock")


def test_the_pose_model_set_up_by_make_is_the_one_named() -> None:
    file = weights.path("pose")
    assert file.stat().st_size > 9_000_000
    assert weights.state("pose") == "here"
    assert len(weights.fingerprint("pose")) == 12


def test_every_entry_names_its_licence_and_hash() -> None:
    for name, entry in weights.register().items():
        assert entry["licence"], name
        assert all(len(digest) == 64 for digest in entry["sha256"]), name
        assert entry["sha256"] or entry.get("hub") or len(entry["md5"]) == 32, name
        assert entry["kind"] in weights.KINDS, name
        assert entry["size"] < entry["memory"] or entry["kind"] == "pictures", name
        assert isinstance(entry["gated"], bool), name


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
    def offline(entry: dict[str, Any], target: Path, on_share: OnShare) -> None:
        raise OSError("no route to host")

    def assembled(entry: dict[str, Any], target: Path, on_share: OnShare) -> None:
        target.write_bytes(real)

    real = (PROJECT / "models" / "pose_landmarker.task").read_bytes()
    monkeypatch.setattr(weights, "_download", offline)
    monkeypatch.setattr(weights, "_assemble", assembled)
    assert weights.pull("pose") == empty_home / "pose_landmarker.task"
    assert left(empty_home) == ["pose_landmarker.task"]


def test_a_wrong_download_is_thrown_away_and_every_reason_told(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(entry: dict[str, Any], target: Path, on_share: OnShare) -> None:
        target.write_bytes(b"<html>moved</html>")

    def offline(entry: dict[str, Any], target: Path, on_share: OnShare) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(weights, "_download", wrong)
    monkeypatch.setattr(weights, "_assemble", offline)
    with pytest.raises(MissingWeights, match=r"not the one the register names.*no route to host"):
        weights.pull("pose")
    assert left(empty_home) == []


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


def test_this_process_can_be_told_to_stay_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", "0")
    weights.offline()
    assert (os.environ["HF_HUB_OFFLINE"], os.environ["TRANSFORMERS_OFFLINE"]) == ("1", "0")


# --- models of this machine's own -------------------------------------------------------------


def test_a_file_is_taken_in_used_and_removed(empty_home: Path, tmp_path: Path) -> None:
    source = tmp_path / "best.pth"
    source.write_bytes(b"weights")
    assert weights.add("mine", source, what="mine, “quoted” \n", extra={"dataset": "park"}) == empty_home / "mine.pth"
    assert weights.path("mine").read_bytes() == b"weights"
    assert weights.entry("mine")["dataset"] == "park"
    assert weights.named("student") == ["mine"]
    assert weights.checkpoint("mine") == empty_home / "mine.pth"
    (empty_home / "mine.pth").write_bytes(b"weights!")
    with pytest.raises(MissingWeights, match="not the file it should be"):
        weights.path("mine")
    assert weights.verify("mine") == "not the file it should be"
    weights.remove("mine")
    assert "mine" not in weights.register()
    assert [file.name for file in empty_home.iterdir() if file.name[0] != "."] == ["LOCAL.json"]


@pytest.mark.parametrize("name", ["../out", "", "a/b", ".hidden", "pose", "x" * 65])
def test_a_name_that_is_taken_or_none_is_refused(name: str, empty_home: Path, tmp_path: Path) -> None:
    source = tmp_path / "best.pth"
    source.write_bytes(b"weights")
    with pytest.raises(BadDataset, match="name"):
        weights.add(name, source)
    with pytest.raises(UnknownPart, match="choose one of"):
        weights.add("mine", source, kind="oracle")
    with pytest.raises(MissingWeights, match="correct the path"):
        weights.add("mine", tmp_path / "nothing.pth")
    assert local.known()["models"] == {}


def test_the_newest_of_ones_own_comes_first_and_two_programs_lose_nothing(empty_home: Path, tmp_path: Path) -> None:
    source = tmp_path / "best.pth"
    source.write_bytes(b"weights")
    program = (
        "import sys; from pathlib import Path; from kicky import weights; weights.add(sys.argv[1], Path(sys.argv[2]))"
    )
    names = [f"s{number}" for number in range(4)]
    running = [subprocess.Popen([sys.executable, "-c", program, name, str(source)], cwd=PROJECT) for name in names]
    assert [process.wait() for process in running] == [0] * 4
    assert sorted(weights.named("student")) == names
    assert weights.named("student")[0] == list(local.known()["models"])[-1]


# --- names and places in the store ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("pose_landmarker", "x.task"),
        ("Pose_Landmarker", "x.TASK"),
        ("LOCAL", "x.json"),
        ("local", "x.json"),
        ("MODELS", "x.toml"),
        ("rf-detr-seg-nano", "x.pt"),
        ("minicpm-v-4.6", "folder"),
        ("POSE", "x.pth"),
        ("lies-there", "x.pth"),
        ("LIES-there", "x.pth"),
        ("mine", "x.p\nth"),
        ("mine", "x." + "p" * 200),
        ("Taken", "x.pth"),
    ],
)
def test_no_model_takes_a_place_that_is_not_its_own(name: str, file: str, empty_home: Path, tmp_path: Path) -> None:
    weights.add("taken", written(tmp_path / "first.pth", b"first"))
    (empty_home / "lies-there.pth").write_bytes(b"somebody's")
    (empty_home / "pose_landmarker.task").write_bytes(b"the pose model")
    before = {each: (empty_home / each).read_bytes() for each in left(empty_home)}
    source = filled(tmp_path / file) if file == "folder" else written(tmp_path / file, b"weights")
    with pytest.raises(BadDataset, match="name"):
        weights.add(name, source)
    assert {each: (empty_home / each).read_bytes() for each in left(empty_home)} == before


def written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def test_an_add_that_fails_leaves_nothing(empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path / "best.pth", b"weights")

    def full(_source: object, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(weights.shutil, "copyfile", full)
        with pytest.raises(StorageFailed, match="No space left"):
            weights.add("mine", source)
    assert left(empty_home) == []
    with monkeypatch.context() as patch:
        patch.setattr(local.names, "at", lambda about: tmp_path / "nowhere" / "mine.pth")
        with pytest.raises(StorageFailed, match="cannot be written"):
            weights.add("mine", source)
    assert left(empty_home) == ["LOCAL.json"]
    assert local.known()["models"] == {}


@pytest.mark.parametrize("killed_at", ["copying", "placing"])
def test_an_add_that_was_killed_is_done_again(killed_at: str, empty_home: Path, tmp_path: Path) -> None:
    """The kill is a real one: at the copy's end, or when the entry is written and the file is not yet in its place."""
    source = written(tmp_path / "best.pth", b"weights")
    patched = {
        "copying": "weights.hashing.contents = lambda place: os.kill(os.getpid(), 9)",
        "placing": "weights.local.names.at = lambda about: os.kill(os.getpid(), 9)",
    }[killed_at]
    program = f"import os, sys; from pathlib import Path; from kicky import weights; {patched}; "
    program += "weights.add('mine', Path(sys.argv[1]))"
    assert subprocess.run([sys.executable, "-c", program, str(source)], cwd=PROJECT).returncode == -9
    assert not (empty_home / "mine.pth").exists()
    assert any(name.startswith(".adding") for name in left(empty_home))
    weights.add("mine", source)
    assert left(empty_home) == ["LOCAL.json", "mine.pth"]
    assert weights.path("mine").read_bytes() == b"weights"


def test_what_another_process_is_adding_stays(empty_home: Path, tmp_path: Path) -> None:
    with local.passing() as first, local.passing() as second:
        assert first.exists()
        assert second.exists()
    assert left(empty_home) == []


def test_an_own_model_that_is_gone_is_told_so_and_may_come_back(empty_home: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "best.pth", b"weights")
    weights.add("mine", source).unlink()
    with pytest.raises(MissingWeights, match="add it again from a copy"):
        weights.path("mine")
    weights.add("mine", source)
    assert weights.state("mine") == "here"


HOSTILE = [
    {"file": "../../db/kicky.sqlite"},
    {"file": "/etc/hostname"},
    {"file": "pose_landmarker.task"},
    {"file": "LOCAL.json"},
    {"file": "models.toml"},
    {"file": ".LOCAL.lock"},
    {"file": ".."},
    {"file": ""},
    {"file": "a/b.pth"},
    {"file": 7},
    {"folder": "../../db", "needs": []},
    {"folder": ".", "needs": []},
    {"folder": "minicpm-v-4.6", "needs": []},
    {"file": "mine.pth", "folder": "mine"},
    {},
]


@pytest.mark.parametrize("where", HOSTILE, ids=str)
def test_a_register_that_names_other_files_is_refused_and_touches_none(where: dict[str, Any], empty_home: Path) -> None:
    base = {"kind": "student", "what": "", "licence": "", "size": 1, "sha256": []}
    (empty_home / "LOCAL.json").write_text(json.dumps({"models": {"x": base | where}}))
    database = empty_home.parent / "db" / "kicky.sqlite"
    database.parent.mkdir()
    kept = [written(database, b"all"), written(empty_home / "pose_landmarker.task", b"pose")]
    for ask in (weights.remove, weights.path, weights.verify, weights.fingerprint, weights.trust, weights.state):
        with pytest.raises(StorageFailed, match=r"LOCAL\.json is not as this program writes it"):
            ask("x")
    assert [file.read_bytes() for file in kept] == [b"all", b"pose"]


@pytest.mark.parametrize(
    "text", ['{"models": []}', '{"models": {"../x": {}}}', '{"models": {"x": 3}}', '{"trust": []}', "[1]", "7"]
)
def test_a_register_of_another_shape_is_refused(text: str, empty_home: Path) -> None:
    (empty_home / "LOCAL.json").write_text(text)
    with pytest.raises(StorageFailed, match=r"LOCAL\.json"):
        weights.register()


def test_two_entries_never_share_a_file(empty_home: Path, tmp_path: Path) -> None:
    weights.add("mine", written(tmp_path / "best.pth", b"weights"))
    values = json.loads((empty_home / "LOCAL.json").read_text())
    values["models"]["other"] = values["models"]["mine"] | {"file": "MINE.pth"}
    (empty_home / "LOCAL.json").write_text(json.dumps(values))
    with pytest.raises(StorageFailed, match=r"entry other names 'MINE\.pth'"):
        weights.remove("other")
    assert (empty_home / "mine.pth").exists()


def test_removing_a_link_removes_the_link(empty_home: Path, tmp_path: Path) -> None:
    folder = filled(tmp_path / "large disk")
    (empty_home / "sam3").symlink_to(folder)
    weights.remove("sam3")
    assert left(empty_home) == ["LOCAL.json"]
    assert (folder / "config.json").exists()


# --- whose code may run -----------------------------------------------------------------------


def remote(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


def test_trust_is_for_one_file_as_it_is(empty_home: Path, tmp_path: Path) -> None:
    weights.add("remote", remote(tmp_path / "remote", model_py="print('hello')"), kind="locate")
    assert not weights.trusted("remote")
    weights.trust("remote")
    assert weights.trusted("remote")
    (empty_home / "remote" / "model.py").write_text("print('something else')")
    assert not weights.trusted("remote")
    assert "has changed since you said that you trust it" in str(weights.untrusted("remote", "brings code"))


def test_trusting_one_folder_trusts_no_other(empty_home: Path, tmp_path: Path) -> None:
    """Neither one that is like it in all that has the ending .py, nor one of the very same bytes."""
    for name in ("one", "twin", "other"):
        weights.add(name, remote(tmp_path / name, best_pth="other" if name == "other" else "same"))
    weights.trust("one")
    assert [weights.trusted(name) for name in ("one", "twin", "other")] == [True, False, False]
    weights.remove("one")
    weights.add("one", tmp_path / "one")
    assert not weights.trusted("one")


@pytest.mark.parametrize(
    "file", ["best.pth", "config.json", "tokenizer.model", ".hidden.pth", "deep/down.bin", "NOTES"]
)
def test_every_file_of_a_folder_counts(file: str, empty_home: Path, tmp_path: Path) -> None:
    folder = remote(tmp_path / "remote", model_py="print()")
    (folder / "deep").mkdir()
    (folder / file).write_text("as it was looked at")
    weights.add("remote", folder, kind="locate")
    weights.trust("remote")
    before = weights.fingerprint("remote")
    (empty_home / "remote" / file).write_text("as it was slipped in")
    assert not weights.trusted("remote")
    assert weights.fingerprint("remote") != before
    (empty_home / "remote" / file).write_text("as it was looked at")
    assert weights.trusted("remote")
    (empty_home / "remote" / "more.py").write_text("")
    assert not weights.trusted("remote")


def test_a_manifest_is_believed_in_nothing(empty_home: Path, tmp_path: Path) -> None:
    folder = remote(tmp_path / "remote", best_pth="good")
    (folder / hashing.MANIFEST).write_text(json.dumps({"files": {"best.pth": hashing.fresh(folder / "best.pth")}}))
    weights.add("remote", folder)
    weights.trust("remote")
    before = weights.fingerprint("remote")
    (empty_home / "remote" / "best.pth").write_text("evil")
    assert not weights.trusted("remote")
    assert weights.fingerprint("remote") != before
    assert weights.verify("remote") == "best.pth has changed"
    (empty_home / "remote" / hashing.MANIFEST).write_text('{"files": {"../../LOCAL.json": "0"}}')
    assert weights.verify("remote") == "../../LOCAL.json has changed"
    (empty_home / "remote" / hashing.MANIFEST).write_text("broken")
    assert weights.verify("remote") == f"{hashing.MANIFEST} has changed"


def test_a_fetched_folders_fingerprint_is_what_its_manifest_said(empty_home: Path) -> None:
    """So what was made with it before is known to have been made with it still."""
    folder = filled(empty_home / "minicpm-v-4.6", ".gitattributes")
    notes = folder / ".cache" / "huggingface" / "download"
    notes.mkdir(parents=True)
    (notes / "config.json.metadata").write_text("fetched on Saturday")
    (folder / ".cache" / "huggingface" / ".gitignore").write_text("*")
    names = ("config.json", "model.safetensors", "processor_config.json", "tokenizer.json")
    files = {name: hashing.fresh(folder / name) for name in names}
    (folder / hashing.MANIFEST).write_text(json.dumps({"revision": "main", "files": files}))
    said = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    assert weights.fingerprint("minicpm") == said[:12]
    (notes / "evil.pth").write_text("no note")
    assert weights.fingerprint("minicpm") != said[:12]


@pytest.mark.parametrize("way", ["in place", "put in its place"])
def test_a_swap_is_seen_though_size_and_date_are_put_back(
    way: str, empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "SETTLED_NS", 0)  # as if the file had lain there for a while
    weights.add("remote", remote(tmp_path / "remote", best_pth="good"))
    weights.trust("remote")
    file = empty_home / "remote" / "best.pth"
    assert weights.trusted("remote")
    about = file.stat()
    if way == "in place":
        file.write_text("evil")
    else:
        written(tmp_path / "evil", b"evil").replace(file)
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (about.st_size, about.st_mtime_ns)
    assert not weights.trusted("remote")


def test_two_changes_within_a_tick_of_the_disks_clock_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "best.pth", b"good")
    about = file.stat()
    before = hashing.digest(file)
    monkeypatch.setattr(Path, "stat", lambda self, **_: about)  # a clock so coarse that nothing seems to have changed
    file.write_bytes(b"evil")
    assert hashing.digest(file) != before


def test_a_link_out_of_a_folder_is_refused_and_one_within_is_not(empty_home: Path, tmp_path: Path) -> None:
    weights.add("remote", remote(tmp_path / "remote", best_pth="good"))
    folder = empty_home / "remote"
    (folder / "also.pth").symlink_to("best.pth")
    weights.trust("remote")
    assert weights.trusted("remote")
    outside = written(tmp_path / "outside.pth", b"elsewhere")
    for link, target in (("out.pth", outside), ("gone.pth", tmp_path / "gone"), ("all", tmp_path), ("self", folder)):
        (folder / link).symlink_to(target)
        for ask in (weights.path, weights.trust, weights.trusted, weights.fingerprint):
            with pytest.raises(MissingWeights, match=f"{link} is a link that leads elsewhere"):
                ask("remote")
        assert weights.state("remote") == "wrong file"
        assert "leads elsewhere" in weights.verify("remote")
        (folder / link).unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(MissingWeights, match="pipe is no file"):
        weights.trust("remote")


def test_a_part_of_the_weights_that_is_named_outside_the_folder_is_lacking(empty_home: Path) -> None:
    folder = filled(empty_home / "minicpm-v-4.6")
    written(empty_home / "part.safetensors", b"{}")
    for name in ("../part.safetensors", str(empty_home / "part.safetensors")):
        (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": name}}))
        with pytest.raises(MissingWeights, match="lacks"):
            weights.path("minicpm")


def test_old_trust_counts_no_more_and_is_said_until_one_trusts_anew(empty_home: Path, tmp_path: Path) -> None:
    file = weights.add("odd", written(tmp_path / "odd.pth", b"a program"))
    values = json.loads((empty_home / "LOCAL.json").read_text())
    (empty_home / "LOCAL.json").write_text(json.dumps(values | {"trusted": [hashing.fresh(file)]}))
    assert not weights.trusted("odd")
    assert "what you trusted with an older version counts no more" in str(weights.untrusted("odd", "holds more"))
    weights.trust("odd")
    assert weights.trusted("odd")
    assert "trusted" not in json.loads((empty_home / "LOCAL.json").read_text())
    said = str(weights.untrusted("another", "holds more than weights"))
    assert said == (
        "another holds more than weights: if you know where it is from, run `python -m kicky models trust another`."
    )


def test_what_may_run_is_a_copy_of_what_was_looked_at(
    empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = remote(tmp_path / "remote", model_py="print()", weights_safetensors="numbers")
    weights.add("remote", folder, kind="locate")
    with weights.opened("remote") as (place, may_run):
        assert (place, may_run) == (empty_home / "remote", False)
    weights.trust("remote")
    with weights.opened("remote") as (place, may_run):
        assert may_run
        (empty_home / "remote" / "model.py").write_text("evil")
        assert (place / "model.py").read_text() == "print()"
        assert place.parent.stat().st_mode & 0o077 == 0
        assert (place / "weights.safetensors").read_text() == "numbers"
    assert not place.parent.exists()
    weights.trust("remote")
    real = weights.trusting.shutil.copyfile

    def raced(source: Path, target: Path) -> None:
        source.write_text("slipped in between the look and the copy")
        real(source, target)

    monkeypatch.setattr(weights.trusting.shutil, "copyfile", raced)
    with pytest.raises(Untrusted, match="changed while it was being read"), weights.opened("remote"):
        pytest.fail("it was opened")


def test_no_room_is_said_before_anything_is_written(
    empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    with pytest.raises(StorageFailed, match=r"needs 0\.1 GB, 0\.0 are free"):
        weights.pull("rfdetr-seg-nano")
    assert list(empty_home.iterdir()) == []


def test_a_register_that_cannot_be_read_is_told(empty_home: Path) -> None:
    (empty_home / "LOCAL.json").write_text("{broken")
    with pytest.raises(StorageFailed, match=r"LOCAL\.json cannot be read"):
        weights.register()


# --- fetched from an address ------------------------------------------------------------------

WHOLE = bytes(range(256)) * 20_000


class Server(BaseHTTPRequestHandler):
    """Breaks off in the middle of its first answer, goes on where it is asked to, or sends another file."""

    broken = 1
    content = WHOLE
    asked: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        span = self.headers.get("Range")
        self.asked.append(span)
        start = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
        self.send_response(206 if span else 200)
        self.send_header("Content-Length", str(len(self.content) - start))
        self.end_headers()
        stop = len(self.content) // 2 if len(self.asked) <= self.broken else len(self.content)
        self.wfile.write(self.content[start:stop])

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Server.asked, Server.broken, Server.content = [], 1, WHOLE
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/model.pth"
        server.shutdown()


def fetched(monkeypatch: pytest.MonkeyPatch, url: str, **about: Any) -> None:
    """There is a model that is at that address, told by its MD5."""
    entry = {"kind": "student", "file": "far.pth", "url": url, "size": len(WHOLE), "sha256": [], **about}
    monkeypatch.setattr(weights, "register", lambda: {"far": {"md5": hashlib.md5(WHOLE).hexdigest()} | entry})


def test_a_broken_download_is_gone_on_with_and_its_hash_pinned(
    empty_home: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched(monkeypatch, address)
    shares: list[float] = []
    assert weights.pull("far", lambda _stage, share: shares.append(share)).read_bytes() == WHOLE
    assert Server.asked == [None, f"bytes={len(WHOLE) // 2}-"]
    assert shares[-1] == 1.0
    assert local.known()["pins"]["far"] == hashlib.sha256(WHOLE).hexdigest()
    assert weights.fingerprint("far") == hashlib.sha256(WHOLE).hexdigest()[:12]
    assert sorted(file.name for file in empty_home.iterdir()) == [".LOCAL.lock", "LOCAL.json", "far.pth"]
    (empty_home / "far.pth").write_bytes(WHOLE[:-1])
    assert weights.verify("far") == "not the file it should be"


def test_what_broke_off_is_still_there_for_the_next_try(
    empty_home: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched(monkeypatch, address)
    Server.broken = 99
    with pytest.raises(MissingWeights, match="broke off"):
        weights.pull("far")
    assert not (empty_home / "far.pth").exists()
    Server.broken = 0
    Server.asked.clear()
    assert weights.pull("far").read_bytes() == WHOLE
    assert Server.asked[0] is not None


def test_another_file_at_the_address_is_not_taken(
    empty_home: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched(monkeypatch, address)
    Server.broken, Server.content = 0, b"<html>moved</html>"
    with pytest.raises(MissingWeights, match="not the one the register names"):
        weights.pull("far")
    assert left(empty_home) == []


def test_an_address_that_answers_no_is_told(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched(monkeypatch, "http://127.0.0.1:9/model.pth")
    with pytest.raises(MissingWeights, match="go online and try again"):
        weights.pull("far")


# --- fetched from a hub -----------------------------------------------------------------------

HUB_FILES = {
    "config.json": b"{}", "model.safetensors": b"weights" * 100,
    "tokenizer.json": b"{}", "processor_config.json": b"{}",
}  # fmt: skip
COMMIT = "c0ffee" * 6 + "c0ff"


class Hub(BaseHTTPRequestHandler):
    """As much of a hub as `models pull` asks of it."""

    refused = ""
    gone = ""
    more: ClassVar[dict[str, int]] = {}  # files that it only speaks of, and their sizes
    stated = hashlib.sha256(HUB_FILES["model.safetensors"]).hexdigest()

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, body: bool) -> None:
        if self.refused or (self.gone and self.gone in self.path):
            self.send_response(403 if self.refused == "GatedRepo" else 404)
            self.send_header("X-Error-Code", self.refused or "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        name = self.path.split("/")[-1].split("?")[0]
        if "/resolve/" in self.path:
            content, kind = HUB_FILES[name], "application/octet-stream"
        elif "/tree/" in self.path:
            sizes = {each: len(data) for each, data in HUB_FILES.items()} | self.more
            tree = [{"type": "file", "path": each, "size": size, "oid": "0"} for each, size in sizes.items()]
            content, kind = json.dumps(tree).encode(), "application/json"
        else:
            siblings = [{"rfilename": each, "size": len(data)} for each, data in HUB_FILES.items()]
            siblings += [{"rfilename": each, "size": size} for each, size in self.more.items()]
            siblings[1]["lfs"] = {"sha256": self.stated, "size": 700, "pointerSize": 1}
            about = {"id": "openbmb/MiniCPM-V-4.6", "sha": COMMIT, "siblings": siblings, "private": False}
            content, kind = json.dumps(about).encode(), "application/json"
        self.send_response(200)
        for key, value in {
            "Content-Type": kind, "Content-Length": str(len(content)), "X-Repo-Commit": COMMIT,
            "ETag": f'"{hashlib.sha256(content).hexdigest()}"',
        }.items():  # fmt: skip
            self.send_header(key, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def hub() -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """-> `models pull NAME` in a process of its own, against a hub on this machine."""
    Hub.refused, Hub.gone, Hub.more, Hub.stated = "", "", {}, hashlib.sha256(HUB_FILES["model.safetensors"]).hexdigest()
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        Thread(target=server.serve_forever, daemon=True).start()

        def pull(name: str = "minicpm", **env: str) -> subprocess.CompletedProcess[str]:
            own = {"HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "HF_HUB_DISABLE_XET": "1", **env}
            base = {key: value for key, value in os.environ.items() if "OFFLINE" not in key}
            command = [sys.executable, "-m", "kicky", "models", "pull", name]
            return subprocess.run(command, cwd=PROJECT, env=base | own, capture_output=True, text=True)

        yield pull
        server.shutdown()


def test_a_folder_is_fetched_and_every_hash_written_down(
    empty_home: Path, hub: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = hub()
    assert done.returncode == 0, done.stderr
    folder = empty_home / "minicpm-v-4.6"
    kept = json.loads((folder / hashing.MANIFEST).read_text())
    assert kept["revision"] == COMMIT
    assert kept["files"]["model.safetensors"] == Hub.stated
    assert weights.verify("minicpm") == "ok"
    (folder / "tokenizer.json").write_text("{ }")
    assert weights.verify("minicpm") == "tokenizer.json has changed"


def test_only_what_the_entry_takes_is_fetched_and_counted(
    empty_home: Path, hub: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    Hub.more = {"sam3.pt": 10**14}
    done = hub("sam3")
    assert done.returncode == 0, done.stderr
    assert {"config.json", "model.safetensors"} < set(left(empty_home / "sam3"))
    Hub.more = {"model-2.safetensors": 10**14}
    done = hub("sam3")
    assert (done.returncode, "needs 100000.0 GB" in done.stderr) == (1, True)


def test_a_second_address_is_asked_where_the_first_is_gone(
    empty_home: Path, hub: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    Hub.gone = "dcrey7"
    done = hub("kicky-student")
    assert "lacks **/*.pth" in done.stderr  # all else has come; this hub has no weights of it
    assert (empty_home / "kicky-ai-rfdetr-seg" / "config.json").exists()
    Hub.gone = "kicky-ai-rfdetr-seg"
    done = hub("kicky-student")
    assert "There is no build-small-hackathon/kicky-ai-rfdetr-seg on the hub any more" in done.stderr


@pytest.mark.parametrize(
    ("refused", "said"),
    [("GatedRepo", "is gated: ask for access on https://huggingface.co/openbmb"), ("RepoNotFound", "is private")],
)
def test_a_hub_that_refuses_is_told_in_one_sentence(
    empty_home: Path, hub: Callable[..., subprocess.CompletedProcess[str]], refused: str, said: str
) -> None:
    Hub.refused = refused
    done = hub()
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_other_than_the_hub_states_is_thrown_away(
    empty_home: Path, hub: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    Hub.stated = "0" * 64
    done = hub()
    assert done.returncode == 1
    assert "came broken and was removed" in done.stderr
    assert weights.state("minicpm") == "wrong file"


def test_offline_on_purpose_is_told(empty_home: Path, hub: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = hub(HF_HUB_OFFLINE="1")
    assert (done.returncode, "HF_HUB_OFFLINE keeps this from going online" in done.stderr) == (1, True)


def test_without_a_hub_it_says_what_to_download_and_where_to_put_it(
    empty_home: Path, hub: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = hub(HF_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "https://huggingface.co/openbmb/MiniCPM-V-4.6 elsewhere and put them in" in done.stderr
