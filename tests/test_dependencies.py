"""What is installed is pinned to the byte: the lock files name what the requirements name, each with its hashes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def asked(name: str) -> dict[str, str]:
    """Requirements file -> package: version, those of the files it includes too."""
    found: dict[str, str] = {}
    pinned: dict[str, str] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].strip()
        if words.startswith("-r "):
            found |= asked(words[3:])
        elif words.startswith("-c "):
            pinned |= asked(words[3:])
        elif words:
            package, _, version = words.partition("==")
            version = version or pinned.get(package, "")
            assert version, f"{name}: {words} is not pinned"
            found[package.lower().replace("_", "-")] = version
    return found


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Lock file -> package: version, and how many hashes it may have."""
    parts = re.split(r"^(?=[A-Za-z])", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    heads = [(re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", part), part.count("--hash=sha256:")) for part in parts]
    return {head[1].lower().replace("_", "-"): (head[2], hashes) for head, hashes in heads if head}


@pytest.mark.parametrize("name", ["requirements", "requirements-run", "requirements-club", "requirements-dev"])
def test_a_lock_file_names_what_was_asked_for_with_hashes(name: str) -> None:
    lock = locked(f"{name}.lock")
    wanted = asked(f"{name}.txt")
    assert len(wanted) > 10
    assert {package: lock.get(package, ("not locked", 0))[0] for package in wanted} == wanted, "run `make lock`"
    assert [package for package, (_, hashes) in lock.items() if not hashes] == []


@pytest.mark.parametrize(("part", "whole"), [("-run", ""), ("-run", "-club"), ("", "-dev"), ("-club", "-dev")])
def test_the_lock_files_agree(part: str, whole: str) -> None:
    few, many = locked(f"requirements{part}.lock"), locked(f"requirements{whole}.lock")
    assert {package: many[package] for package in few} == few


def test_what_the_user_named_is_asked_for() -> None:
    named = {
        "streamlit", "streamlit-drawable-canvas", "plotly", "sqlmodel", "rfdetr", "supervision", "mediapipe",
        "opencv-python", "numpy", "scipy", "torch", "transformers", "pandas",
    }  # fmt: skip
    assert named - set(asked("requirements.txt")) == set()
    assert named - set(asked("requirements-run.txt")) == {"rfdetr", "torch", "transformers"}
