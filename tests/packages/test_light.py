"""What `make run` sets up suffices for all but teaching, students and MiniCPM; those say what they lack."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kicky import weights
from kicky.home import PROJECT

from ..pages.filled import fill
from ..teach.pictures import drawn
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


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["analyze", "FILM", "--detector", "rfdetr:mine", "--out", "OUT"], "The model mine"),
        (["evaluate", "--clips", "FILMS", "--detector", "rfdetr:mine", "--out", "OUT"], "The model mine"),
        (["models", "try", "mine", "--out", "OUT"], "The model mine"),
        (["analyze", "FILM", "--detector", "sam3", "--out", "OUT"], "SAM 3"),
        (["autolabel", "FILM", "--name", "mine", "--by", "teachers"], "SAM 3"),
        (["models", "try", "minicpm", "--out", "OUT"], "MiniCPM"),
        (["train", "park", "--name", "another", "--scratch"], "Training"),
    ],
)
def test_a_command_says_what_it_lacks(
    words: list[str], what: str, own_home: Path, rendered: Path, tmp_path: Path
) -> None:
    films = tmp_path / "films"
    films.mkdir()
    shutil.copyfile(rendered, films / rendered.name)
    (films / "labels.csv").write_text(f"clip,outcome\n{rendered.name},goal\n")
    (tmp_path / "mine.pth").write_bytes(b"weights")
    weights.add("mine", tmp_path / "mine.pth")
    drawn(own_home / "db" / "datasets" / "park")
    for name in ("sam3", "minicpm"):
        about = weights.entry(name)
        (own_home / "models" / about["folder"]).mkdir()
        for wanted in about["needs"]:
            (own_home / "models" / about["folder"] / wanted.replace("*", "a")).write_text("{}")
    places = {"FILM": str(films / rendered.name), "FILMS": str(films), "OUT": str(tmp_path / "out")}
    came = light.run("-m", "kicky", *[places.get(word, word) for word in words])
    said = came.stdout + came.stderr
    assert came.returncode == 1, said
    assert "Traceback" not in said
    assert f"{what} needs packages that are not here yet, PyTorch among them" in said
    assert "or with `python -m kicky packages fetch` (" in said
