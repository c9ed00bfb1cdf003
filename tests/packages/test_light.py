"""What `make run` sets up suffices for all but teaching, students and MiniCPM; those say what they lack."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kicky import weights
from kicky.home import PROJECT

from ..pages.filled import fill
from . import light

PAGES = """
from streamlit.testing.v1 import AppTest
home = AppTest.from_file({home!r}, default_timeout=120).run()
for page in {pages}:
    shown = home.switch_page(page).run()
    print(page, [error.value for error in shown.exception])
"""


@pytest.mark.parametrize("name", ["torch", "transformers", "rfdetr", "pytorch_lightning", "sympy", "sklearn"])
def test_such_a_python_has_none_of_the_rest(name: str) -> None:
    assert "ModuleNotFoundError" in light.run("-c", f"import {name}").stderr


def test_a_film_is_analysed_and_backed_up(own_home: Path, rendered: Path, tmp_path: Path) -> None:
    film = tmp_path / rendered.name
    shutil.copyfile(rendered, film)
    goal = str(rendered.with_suffix(".scene.json"))
    came = light.run("-m", "kicky", "analyze", str(film), "--scene", goal, "--out", str(tmp_path / "out"), "--json")
    assert came.returncode == 0, came.stderr
    assert json.loads(came.stdout)["outcome"]
    came = light.run("-m", "kicky", "backup", str(tmp_path / "all.kicky"))
    assert came.returncode == 0, came.stderr


def test_each_page_opens(own_home: Path, tmp_path: Path) -> None:
    fill(tmp_path)
    pages = [f"pages/{path.name}" for path in sorted((PROJECT / "pages").glob("*.py"))]
    came = light.run("-c", PAGES.format(home=str(PROJECT / "Home.py"), pages=pages))
    assert came.stdout.splitlines() == [f"{page} []" for page in pages], came.stderr


def test_the_commands_are_listed_and_say_what_is_here(own_home: Path) -> None:
    assert "packages" in light.run("-m", "kicky", "--help").stdout
    run, rest = json.loads(light.run("-m", "kicky", "packages", "list", "--json").stdout)
    assert (run["state"], rest["state"]) == ("here", "missing")
    assert run["fetched"] < 1.2e9
    assert "Not here, and not needed to analyse" in light.run("-m", "kicky", "doctor").stdout


def test_a_student_says_what_it_lacks(own_home: Path, rendered: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.pth").write_bytes(b"weights")
    weights.add("mine", tmp_path / "mine.pth")
    came = light.run("-m", "kicky", "analyze", str(rendered), "--detector", "rfdetr:mine", "--out", str(tmp_path))
    assert came.returncode == 1
    assert "Traceback" not in came.stderr
    assert "The model mine needs packages that are not here yet" in came.stderr
    assert "`python -m kicky packages fetch`" in came.stderr
