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
from kicky.errors import BadDataset, MissingWeights, StorageFailed, UnknownPart
from kicky.weights import fetching, hashing, local
from kicky.weights.fetching import OnShare


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
        assert entry["sha256"] or entry.get("hub") or len(entry["md5"]) == 32, name
        assert entry["kind"] in weights.KINDS, name
        assert entry["size"] < entry["memory"], name
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

    real = (weights.PROJECT / "models" / "pose_landmarker.task").read_bytes()
    monkeypatch.setattr(weights, "_download", offline)
    monkeypatch.setattr(weights, "_assemble", assembled)
    assert weights.pull("pose") == empty_home / "pose_landmarker.task"
    assert [file.name for file in empty_home.iterdir()] == ["pose_landmarker.task"]


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
    running = [
        subprocess.Popen([sys.executable, "-c", program, name, str(source)], cwd=weights.PROJECT) for name in names
    ]
    assert [process.wait() for process in running] == [0] * 4
    assert sorted(weights.named("student")) == names
    assert weights.named("student")[0] == list(local.known()["models"])[-1]


def test_trust_is_for_one_file_as_it_is(empty_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "remote"
    folder.mkdir()
    (folder / "model.py").write_text("print('hello')")
    weights.add("remote", folder, kind="locate")
    assert not weights.trusted("remote")
    weights.trust("remote")
    assert weights.trusted("remote")
    (empty_home / "remote" / "model.py").write_text("print('something else')")
    assert not weights.trusted("remote")


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
    assert [file.name for file in empty_home.iterdir()] == []


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
    stated = hashlib.sha256(HUB_FILES["model.safetensors"]).hexdigest()

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, body: bool) -> None:
        if self.refused:
            self.send_response(403 if self.refused == "GatedRepo" else 404)
            self.send_header("X-Error-Code", self.refused)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        name = self.path.split("/")[-1].split("?")[0]
        if "/resolve/" in self.path:
            content, kind = HUB_FILES[name], "application/octet-stream"
        elif "/tree/" in self.path:
            tree = [{"type": "file", "path": each, "size": len(data), "oid": "0"} for each, data in HUB_FILES.items()]
            content, kind = json.dumps(tree).encode(), "application/json"
        else:
            siblings = [{"rfilename": each, "size": len(data)} for each, data in HUB_FILES.items()]
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
    """-> `models pull minicpm` in a process of its own, against a hub on this machine."""
    Hub.refused, Hub.stated = "", hashlib.sha256(HUB_FILES["model.safetensors"]).hexdigest()
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        Thread(target=server.serve_forever, daemon=True).start()

        def pull(**env: str) -> subprocess.CompletedProcess[str]:
            own = {"HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "HF_HUB_DISABLE_XET": "1", **env}
            base = {key: value for key, value in os.environ.items() if "OFFLINE" not in key}
            command = [sys.executable, "-m", "kicky", "models", "pull", "minicpm"]
            return subprocess.run(command, cwd=weights.PROJECT, env=base | own, capture_output=True, text=True)

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
