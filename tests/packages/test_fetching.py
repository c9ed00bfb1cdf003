"""Packages are fetched whole or not at all, by a uv that stands in: no test asks an index."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from kicky import jobs, packages
from kicky.errors import Cancelled, MissingPackages, StorageFailed
from kicky.home import PROJECT
from kicky.jobs import lanes
from kicky.packages import card, fetching, locked
from kicky.service import house, work

from . import light

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere PyPI has PyTorch without a card's libraries")
KEEP = 'if "-r" in words: log.open("a").write(after("-r").read_text())'
SLEEP = 'Path(log.parent, "pid").write_text(str(__import__("os").getpid())); time.sleep(300)'


@pytest.fixture(autouse=True)
def no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "there", lambda: False)


def use(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str = "", made: tuple[str, ...] = light.MADE) -> Path:
    """-> the file with what was asked of a uv that is found from now on."""
    program, log = light.fake_uv(folder, does, made)
    monkeypatch.setenv("UV", str(program))
    return log


def silent(_stage: str, _share: float) -> None:
    """Progress that nobody watches."""


def left() -> list[str]:
    """-> what lies beside the models, but for the lock and what a fetch goes on with."""
    kept = f".{packages.NAME}.lock", f".{packages.NAME}-cache"
    return [path.name for path in packages.place().parent.iterdir() if path.name not in kept]


def test_without_a_card_torch_is_the_build_without_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = use(tmp_path, monkeypatch, KEEP)
    told: list[float] = []
    assert fetching.fetch(lambda _stage, share: told.append(share)) == packages.place()
    compiled, torch, *_ = [line for line in log.read_text().splitlines() if line.startswith("pip ")]
    assert compiled.startswith("pip compile")
    for asked in (compiled, torch):
        assert f"--default-index {fetching.CPU_INDEX}" in asked
    rest = log.read_text().rpartition("pip install")[2]
    assert "--default-index" not in rest
    assert all(
        word in rest for word in ("--require-hashes", "--no-build", "--no-deps", "\ntransformers==", "\nrfdetr==")
    )
    assert not any(f"\n{name}" in rest for name in ("torch==", "torchvision==", "nvidia-", "triton", "numpy"))
    assert packages.told(packages.place()) == {"card": False}
    assert left() == [packages.place().name]
    assert not fetching.cache().exists()
    assert told[-1] == 1.0


def test_with_a_card_all_is_as_the_lock_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = use(tmp_path, monkeypatch, KEEP)
    monkeypatch.setattr(card, "there", lambda: True)
    fetching.fetch(silent)
    assert log.read_text().count("pip install") == 1
    assert all(f"\n{name}" in log.read_text() for name in ("torch==", "torchvision==", "nvidia-cublas==", "triton=="))
    assert fetching.sources() == "pypi.org"
    fetching.fetch(silent)
    assert log.read_text().count("pip install") == 1  # what is here is not fetched again
    fetching.fetch(silent, for_card=False)
    assert packages.told(packages.place()) == {"card": False}  # unless another kind is asked for
    packages.remove()
    assert left() == []


@pytest.mark.parametrize(
    ("does", "said"),
    [
        (
            "sys.exit('error: Failed to fetch: `x`\\n  Caused by: dns error')",
            r"could not be fetched \(dns error\), and",
        ),
        ("sys.exit('error: Hash mismatch for `torch`')", "is not the file that the lock names"),
        ("sys.exit('error: No space left on device')", "The disk is full"),
        ("if 'install' in words: sys.exit(3)", "could not be fetched"),
        ("__import__('os').kill(__import__('os').getpid(), 9)", r"\(uv was ended\)"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_leaves_nothing(
    does: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(tmp_path, monkeypatch, does)
    with pytest.raises(MissingPackages, match=said) as raised:
        fetching.fetch(silent)
    assert "\n" not in str(raised.value)
    assert left() == []


def test_what_lacks_something_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(tmp_path, monkeypatch, made=light.MADE[:-1])
    with pytest.raises(MissingPackages, match="lacks safetensors: nothing was installed"):
        fetching.fetch(silent)
    assert left() == []


def test_an_earlier_versions_go_when_the_new_ones_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = packages.place().with_name(f"{packages.NAME}-before")
    before.mkdir(parents=True)
    (before / packages.DONE).write_text('{"card": false}')
    use(tmp_path, monkeypatch, "sys.exit(1)")
    with pytest.raises(MissingPackages):
        fetching.fetch(silent)
    assert left() == [before.name]
    use(tmp_path, monkeypatch)
    fetching.fetch(silent)
    assert left() == [packages.place().name]


def test_who_stops_it_ends_uv_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(tmp_path, monkeypatch, SLEEP)

    def stop(_stage: str, _share: float) -> None:
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text():
            raise Cancelled

    with pytest.raises(Cancelled):
        fetching.fetch(stop)
    assert left() == []
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_one_fetches_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(tmp_path, monkeypatch)
    packages.place().parent.mkdir(parents=True)
    with fetching._alone(packages.place().parent), pytest.raises(MissingPackages, match="in another window"):
        fetching.fetch(silent)


def test_without_room_or_uv_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setattr(fetching.shutil, "which", lambda _name: None)
    monkeypatch.setattr(fetching, "PROJECT", tmp_path)
    with pytest.raises(MissingPackages, match="uv, which fetches packages, is not here"):
        fetching.fetch(silent)
    monkeypatch.setattr(packages, "fetches", lambda *_: (10**18, 10**18))
    monkeypatch.setattr(fetching, "fetches", lambda *_: (10**18, 10**18))
    with pytest.raises(StorageFailed, match="make room"):
        fetching.fetch(silent)
    with pytest.raises(StorageFailed, match="make room"):
        house.fetch(packages.NAME)
    assert left() == []


def test_the_command_fetches_them_and_they_are_found_at_once(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = use(tmp_path, monkeypatch)
    came = light.run("-m", "kicky", "packages", "fetch", "--no-card")
    assert came.returncode == 0, came.stderr
    assert came.stdout.splitlines()[-1] == str(packages.place())
    came = light.run("-c", "from kicky import packages; packages.need('It'); import torch; print(torch.FETCHED)")
    assert came.stdout == "True\n", came.stderr
    assert json.loads(light.run("-m", "kicky", "packages", "list", "--json").stdout)[1]["state"] == "here"
    asked = log.read_text()
    assert "here already" in light.run("-m", "kicky", "packages", "fetch").stdout
    assert log.read_text() == asked
    assert light.run("-m", "kicky", "packages", "remove").returncode == 0
    assert left() == []


def test_the_command_that_is_told_to_end_leaves_nothing(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(tmp_path, monkeypatch, SLEEP)
    asked = [sys.executable, "-m", "kicky", "packages", "fetch", "--no-card"]
    with subprocess.Popen(asked, cwd=PROJECT, env=light.env(), stderr=subprocess.PIPE, text=True) as process:
        while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()) and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[1]
    assert (process.returncode, said) == (1, "")
    assert left() == []
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


@pytest.fixture
def worker(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker starts from now on is a Python without the packages."""
    monkeypatch.setattr(jobs, "ensure_worker", lambda *_: None)
    for name, value in light.env().items():
        monkeypatch.setenv(name, value)


def test_a_worker_fetches_them(worker: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(tmp_path, monkeypatch, "sys.exit('error: offline')")
    house.fetch(packages.NAME)
    jobs.work(0.01, lanes.FETCH)
    view = house.model(packages.NAME)
    assert view.job is not None
    assert view.job.state == "failed"
    assert "could not be fetched (error: offline)" in view.job.message
    use(tmp_path, monkeypatch)
    number = house.fetch(packages.NAME)
    assert house.fetch(packages.NAME) == number  # once is enough
    jobs.work(0.01, lanes.FETCH)
    view = house.model(packages.NAME)
    assert view.job is not None
    assert (view.job.state, view.job.message) == ("done", "")
    assert left() == [packages.place().name]


def test_a_fetch_is_cancelled_on_the_page(worker: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(tmp_path, monkeypatch, SLEEP)
    number = house.fetch(packages.NAME)

    def so_far() -> int:
        if (tmp_path / "pid").exists():
            work.cancel(number)
        return 10**6

    monkeypatch.setattr(fetching, "so_far", so_far)
    monkeypatch.setattr("kicky.jobs.doing.PROGRESS_S", 0.0)
    jobs.work(0.01, lanes.FETCH)
    view = house.model(packages.NAME)
    assert view.job is not None
    assert view.job.state == "cancelled"
    assert left() == []
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_torch_is_asked_for_in_the_version_of_the_lock() -> None:
    assert [line.partition("==")[0] for line in locked.torch().splitlines()] == ["torch", "torchvision"]
    assert all(line in locked.WHOLE.read_text(encoding="utf-8") for line in locked.torch().splitlines())
