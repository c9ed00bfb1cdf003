"""Every test has a home of its own: no test sees the player's database, and none leaves anything behind."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """-> an empty KICKY_HOME with the project's models; no worker process starts unless a test lets it."""
    monkeypatch.setenv("KICKY_HOME", str(tmp_path))
    monkeypatch.setenv("KICKY_NO_WORKER", "1")
    monkeypatch.setenv("KICKY_WORKER_IDLE_S", "1")
    (tmp_path / "models").symlink_to(PROJECT / "models")
    return tmp_path
