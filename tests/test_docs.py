"""What is written is true as far as a test can tell: links lead somewhere, every room and every page is told of."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml

from benchmarks import architecture

from .test_architecture import LAYERS

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
GUIDE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def links(text: str) -> list[str]:
    """Markdown -> what it links to within the project, without the place on the page."""
    found = re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text)
    return [link.partition("#")[0] for pair in found for link in pair if link and not re.match(r"\w+:|#", link)]


@pytest.mark.parametrize("written", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert [link for link in links(text) if not (written.parent / link).exists()] == []


def test_a_dead_link_is_seen() -> None:
    assert links("[a](b.md#c) ![d](e/f.png) [g](https://h.i) [j](#k)") == ["b.md", "e/f.png"]


def test_every_page_is_listed() -> None:
    there = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert set(links((ROOT / "docs" / "README.md").read_text(encoding="utf-8"))) >= there


def test_every_room_is_told_of_once() -> None:
    told = re.findall(r"^- \*\*`(\w+)`\*\*", GUIDE, re.MULTILINE)
    assert sorted(told) == sorted(room for floor in LAYERS for room in floor)


def test_the_picture_is_of_the_imports_as_they_are() -> None:
    """Drawn anew by `python -m benchmarks.architecture`."""
    assert architecture.PICTURE.read_text(encoding="utf-8") == architecture.picture()


def test_every_step_that_is_walked_through_exists() -> None:
    steps = re.findall(r"^\| `([\w.]+)` \| (.+ -> .+?) \|", GUIDE, re.MULTILINE)
    assert len(steps) > 8
    for name, _ in steps:
        room, _, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(f"kicky.{room}"), function)), name


def test_the_public_host_calls_commands_that_there_are() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))["jobs"]
    calls = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [call for call in calls if call.startswith("make ") and call.split()[1] not in targets] == []
    assert [
        name for call in calls for name in re.findall(r"[\w/-]+\.(?:lock|txt)", call) if not (ROOT / name).exists()
    ] == []
    assert {"make check", "uv run python -m pytest -n 2 @tests/quick.txt"} <= set(calls)


def test_the_quick_tests_are_there() -> None:
    listed = (ROOT / "tests" / "quick.txt").read_text(encoding="utf-8").split()
    assert [name for name in listed if not (ROOT / name).exists()] == []
    assert listed == sorted(listed)
