"""Models fetched from a page: what it says of them, the job, cancelling, refusals; the hub is on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from kicky import jobs, weights
from kicky.__main__ import app
from kicky.errors import MissingWeights, StorageFailed, UnknownPart
from kicky.jobs import fetching, lanes
from kicky.service import house, work
from kicky.storage.kinds import INSTALLING
from kicky.weights import environment

from .test_weights import Hub


@pytest.fixture
def store(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """-> the models' folder of a home without models, and nobody at work."""
    monkeypatch.setattr(jobs, "ensure_worker", lambda *_: None)
    return own_home / "models"


@pytest.fixture
def hub(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    """-> a hub on this machine, where a fetch finds it."""
    Hub.refused, Hub.gone, Hub.more = "", "", {}
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
        yield Hub
        server.shutdown()


def test_what_a_page_says_of_a_model(store: Path) -> None:
    model = house.model("minicpm")
    assert (model.here, model.source, model.licence, model.ask_at) == (False, "huggingface.co", "Apache-2.0", "")
    assert (model.size, model.job) == (2_600_000_000, None)
    assert house.model("sam3").ask_at == "https://huggingface.co/facebook/sam3"
    assert house.model("rfdetr-seg-small").source == "storage.googleapis.com"
    assert house.model("locate-anything-3b").size == 16_700_000_000  # with the environment that it runs in
    with pytest.raises(UnknownPart):
        house.model("maxicpm")


def test_where_no_licence_was_read_its_page_is_named(store: Path) -> None:
    said = house.model("minicpm-4.7").licence
    assert said == "not read here; look at its page first, https://huggingface.co/openbmb/MiniCPM-V-4.7-1B"


def test_what_is_estimated_and_what_brings_code_is_told(store: Path) -> None:
    assert house.model("minicpm-4.7").estimated
    assert not house.model("minicpm").estimated
    assert house.model("locate-anything-3b").own_code
    assert not house.model("sam3").own_code
    shown = CliRunner().invoke(app, ["models"]).stdout
    assert "~1000 MB" in next(line for line in shown.splitlines() if line.startswith("kicky-spf "))
    assert shown.splitlines()[-1].startswith("~ Estimated: ")
    with pytest.raises(MissingWeights, match=r"not here yet \(about 1\.0 GB\)"):
        weights.path("kicky-spf")


def test_while_what_it_runs_on_is_installed_the_fetch_says_so(store: Path) -> None:
    told: list[str] = []
    place = environment.place("locate-anything-3b")
    place.mkdir(parents=True)
    os.utime(place, (1000.0, 1000.0))  # left by a fetch that broke off
    tell = fetching._installing("locate-anything-3b", lambda stage, _share: told.append(stage), 2000.0)
    tell("pull", 0.5)
    os.utime(place, (3000.0, 3000.0))
    tell("pull", 0.99)
    assert told == ["pull", INSTALLING]


def test_a_worker_fetches_it_though_it_is_offline_itself(hub: type[Hub], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    number = house.fetch("minicpm")
    assert house.fetch("minicpm") == number  # once is enough
    jobs.work(0.01, lanes.FETCH)
    model = house.model("minicpm")
    assert model.job is not None
    assert (model.job.state, model.job.message, model.here) == ("done", "", True)
    assert weights.so_far("minicpm") > 700


def test_a_gated_model_says_what_to_do(hub: type[Hub]) -> None:
    hub.refused = "GatedRepo"
    house.fetch("sam3")
    jobs.work(0.01, lanes.FETCH)
    job = house.model("sam3").job
    assert job is not None
    assert job.state == "failed"
    assert "ask for access on https://huggingface.co/facebook/sam3" in job.message


def test_a_fetch_is_cancelled_while_it_waits_for_the_hub(hub: type[Hub], monkeypatch: pytest.MonkeyPatch) -> None:
    number = house.fetch("minicpm")
    stopped: list[bool] = []

    def so_far(_name: str) -> int:
        if not stopped:
            work.cancel(number)
            stopped.append(True)
        return 10**9

    monkeypatch.setattr(weights, "so_far", so_far)
    monkeypatch.setattr("kicky.jobs.doing.PROGRESS_S", 0.0)
    jobs.work(0.01, lanes.FETCH)
    job = house.model("minicpm").job
    assert job is not None
    assert job.state == "cancelled"
    assert not house.model("minicpm").here


def test_what_the_disk_has_no_room_for_is_not_begun(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=10**9))
    assert not house.model("minicpm").fits
    with pytest.raises(StorageFailed, match=r"needs 2\.6 GB, 1\.0 are free"):
        house.fetch("minicpm")
    assert house.model("rfdetr-seg-small").fits


def test_what_broke_off_counts(store: Path) -> None:
    store.mkdir(exist_ok=True)
    (store / "..rf-detr-seg-small.pt.fetched.part").write_bytes(bytes(1000))
    assert weights.so_far("rfdetr-seg-small") == 1000
