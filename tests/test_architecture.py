"""Imports go one way: a module imports only from lines below its own, pages only the public face."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = [
    line.split()
    for line in """
    __main__
    start
    commands
    ui
    service
    jobs
    truth reports
    charts teach trials
    pipeline storage render clipper replay
    coaches provenance
    measures
    players
    outcome choice
    ruler
    flight body roles
    kick
    rules2d
    detectors tracking scene synthetic
    camera
    footage
    video
    packages
    registry weights evaluation doors harder reading challenges drawings
    arrivals
    drafts
    domain errors home machine system spreadsheet shares shown speeds
""".strip().splitlines()
]
LEVEL = {name: -depth for depth, line in enumerate(LAYERS) for name in line}
PAGES_MAY_IMPORT = {"streamlit", "kicky.doors", "kicky.service", "kicky.ui", "kicky.charts", "kicky.errors"}
PAGES_MAY_NOT_COMPUTE = {"numpy", "cv2", "torch", "sqlmodel", "sqlalchemy", "av", "mediapipe", "pandas", "plotly"}
STREAMLIT_ALLOWED = {"ui", "start", "doors"}
OF_ONE_SYSTEM = {"fcntl", "resource", "select", "msvcrt", "_winapi", "pwd", "grp", "termios"}
"""Modules that one system has and another has not: `kicky.system` asks them, nobody else."""
TORCH_ALLOWED = {"detectors", "teach", "coaches"}
MEDIA_ALLOWED = {"home.py", "storage/files.py", "storage/backup.py", "storage/merging.py"}
"""Where the media folder is known at all: what rows name goes through `storage.files`, which does not believe it."""


def imported(path: Path) -> set[str]:
    """File -> absolute names of what it imports; kicky's own to two parts, others to one."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (base, node.module) if part)
            names |= {f"{base}.{alias.name}" for alias in node.names} if base == "kicky" else {base}
    return {".".join(name.split(".")[:2]) if name.startswith("kicky.") else name.split(".")[0] for name in names}


def violations() -> Iterator[str]:
    for path in sorted((ROOT / "kicky").rglob("*.py")):
        module = path.relative_to(ROOT / "kicky").with_suffix("").parts[0]
        if module == "__init__":
            continue
        if module not in LEVEL:
            yield f"{module} has no line in LAYERS"
            continue
        for name in imported(path):
            if name == "streamlit" and module not in STREAMLIT_ALLOWED:
                yield f"{path.name} imports streamlit"
            if name in OF_ONE_SYSTEM and module != "system":
                yield f"{path.name} imports {name}"
            if name in {"torch", "transformers", "rfdetr"} and module not in TORCH_ALLOWED:
                yield f"{path.name} imports {name}"
            other = name.partition(".")[2]
            if name.startswith("kicky.") and other != module and LEVEL.get(other, 1) >= LEVEL[module]:
                yield f"{module} imports {other}"


def media_elsewhere() -> Iterator[str]:
    """-> every module that gets at the media folder without being one of those that may."""
    for path in sorted((ROOT / "kicky").rglob("*.py")):
        module = path.relative_to(ROOT / "kicky").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            asked = isinstance(node, ast.ImportFrom) and any(alias.name == "media" for alias in node.names)
            asked |= isinstance(node, ast.Attribute) and node.attr == "media"
            asked |= isinstance(node, ast.Constant) and node.value == "media"
            if asked and module not in MEDIA_ALLOWED:
                yield f"{module}:{getattr(node, 'lineno', 0)} goes past storage.files"


def test_what_rows_name_is_found_in_one_place() -> None:
    assert list(media_elsewhere()) == []


def test_imports_go_one_way() -> None:
    assert list(violations()) == []


@pytest.mark.parametrize("file", [ROOT / "Home.py", *sorted((ROOT / "pages").glob("*.py"))], ids=lambda path: path.name)
def test_a_page_only_asks_and_draws(file: Path) -> None:
    names = imported(file)
    assert not names & PAGES_MAY_NOT_COMPUTE
    assert {name for name in names if name.startswith("kicky")} <= PAGES_MAY_IMPORT


def test_no_page_waits_for_what_computes() -> None:
    """All that a page imports, in a Python of its own: one type's import can bring OpenCV and SciPy with it."""
    heavy = ("torch", "cv2", "mediapipe", "scipy", "supervision", "av", "rfdetr", "transformers", "pandas")
    asked = f"import sys; import kicky.ui, kicky.charts; print([name for name in {heavy} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_every_layer_exists() -> None:
    """A renamed module must not leave a dead line behind."""
    there = {path.stem for path in (ROOT / "kicky").iterdir() if path.name != "__pycache__"}
    assert set(LEVEL) <= there


def test_the_law_is_seen_to_bite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kicky").mkdir()
    (tmp_path / "kicky" / "domain.py").write_text("from . import service\nimport streamlit, fcntl\n", encoding="utf-8")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert sorted(violations()) == ["domain imports service", "domain.py imports fcntl", "domain.py imports streamlit"]
    (tmp_path / "kicky" / "jobs.py").write_text("from .home import media\nx = media() / 'a'\n", encoding="utf-8")
    (tmp_path / "kicky" / "ui.py").write_text("from . import home\nx = home.media()\n", encoding="utf-8")
    (tmp_path / "kicky" / "scene.py").write_text("x = home() / 'db' / 'media'\n", encoding="utf-8")
    assert [line.partition(" ")[0] for line in media_elsewhere()] == ["jobs.py:1", "scene.py:1", "ui.py:2"]
