"""The command line itself: what it waits for, and what it does with many films at once."""

import subprocess
import sys

import pytest

from kicky.home import PROJECT

HEAVY = {
    "alembic", "av", "cv2", "http.client", "mediapipe", "numpy", "pandas", "scipy", "sqlalchemy", "sqlmodel",
    "streamlit", "supervision", "torch", "transformers", "urllib.request",
}  # fmt: skip


@pytest.mark.parametrize(
    "asked", [["--help"], ["analyze", "--help"], ["models", "--help"], ["labels", "--help"]], ids=" ".join
)
def test_help_waits_for_nothing_that_computes_stores_or_fetches(asked: list[str]) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kicky", *asked],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage: python -m kicky" in told.stdout
    imported = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "kicky.commands" in imported
    assert imported & HEAVY == set()
