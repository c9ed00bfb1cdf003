"""The command line itself: what it waits for, and what it does with many films at once."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kicky import __main__
from kicky.domain import Clip, Report
from kicky.errors import MissingWeights, NotFound
from kicky.home import PROJECT
from kicky.service import judging

MakeFilm, MakeReport = Callable[..., Path], Callable[..., Report]
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


# --- the app ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "given"), [([], []), (["run"], []), (["run", "--server.port", "8600"], ["--server.port", "8600"])]
)
def test_alone_it_opens_the_app(typed: list[str], given: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[str]] = []
    monkeypatch.setattr("kicky.start.main", lambda given: opened.append([*given]))
    monkeypatch.setattr("kicky.weights.state", lambda _: "here")
    monkeypatch.setattr("kicky.commands.house.what_lacks", lambda mend: [] if mend else ["not mended"])
    assert CliRunner().invoke(__main__.app, typed).exit_code == 0
    assert opened == [given]


def test_an_app_that_lacks_something_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    pulled: list[str] = []
    monkeypatch.setattr("kicky.start.main", lambda given: pytest.fail("opened"))
    monkeypatch.setattr("kicky.weights.state", lambda _: "missing")
    monkeypatch.setattr("kicky.weights.pull", lambda name, _: pulled.append(name))
    monkeypatch.setattr("kicky.commands.house.what_lacks", lambda mend: ["The disk is full: make room."])
    done = CliRunner().invoke(__main__.app, [])
    assert (done.exit_code, done.stdout, done.stderr, pulled) == (1, "", "The disk is full: make room.\n", ["pose"])


def test_the_command_that_is_installed_leads_here() -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared["project"]["scripts"] == {"kicky": "kicky.__main__:main"}
    assert callable(__main__.main)


# --- many films at once -----------------------------------------------------------------------


@pytest.fixture
def saturday(make_film: MakeFilm, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with two films that can be judged and, between them, a file that is none."""
    folder = tmp_path / "Saturday"
    folder.mkdir()
    for number, name in enumerate(("a.mp4", "c.mov")):
        make_film(seed=number).rename(folder / name)
    (folder / "b.mp4").write_bytes(b"no film")
    (folder / "a.scene.json").write_text(json.dumps({"goal_corners_px": [(50, 10), (110, 10), (110, 40), (50, 40)]}))

    def analyze(clip: Clip, *_: object, **__: object) -> Report:
        shot = make_report().shot
        return make_report(shot=replace(shot, clip=replace(shot.clip, path=clip.path)))

    monkeypatch.setattr("kicky.pipeline.analyze", analyze)
    return folder


def told(*typed: str) -> tuple[int, list[str], str]:
    done = CliRunner().invoke(__main__.app, ["analyze", *typed])
    return done.exit_code, done.stdout.splitlines(), done.stderr


def test_many_films_make_a_table_and_one_that_is_none_says_so(saturday: Path) -> None:
    status, lines, said = told(str(saturday), "--unit", "mph")
    assert (status, said) == (1, "1 of 3 films could not be judged.\n")
    assert [re.split(r"  +", line)[0] for line in lines] == ["film", "a.mp4", "b.mp4", "c.mov"]
    assert re.split(r"  +", lines[1])[1:] == ["Goal", "in the net", "left", "about 55 mph (50–87)"]
    assert "b.mp4 is no film" in lines[2]


def test_many_films_make_a_line_of_json_each(saturday: Path) -> None:
    status, lines, _ = told(str(saturday / "c.mov"), str(saturday / "b.mp4"), "--json")
    first, second = map(json.loads, lines)
    assert (status, first["film"], first["outcome"]) == (1, str(saturday / "c.mov"), "goal")
    assert (second["clip"], sorted(second)) == ("b.mp4", ["clip", "error", "film"])
    status, lines, said = told(str(saturday / "c.mov"), str(saturday / "a.mp4"), "--json")
    assert (status, len(lines), said) == (0, 2, "")


def test_each_film_has_its_own_goal_and_folder(
    saturday: Path, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(judging, "analyze_file", lambda *given: asked.append(given) or make_report())
    again = saturday / "again" / "a.mp4"
    again.parent.mkdir()
    again.write_bytes(b"another")
    assert told(str(saturday), str(again), str(saturday / "a.mp4"), "--out", str(tmp_path / "out"))[0] == 0
    assert [(film.name, goal and goal.name, out.name) for film, goal, _, _, out, *_ in asked] == [
        ("a.mp4", "a.scene.json", "a"), ("b.mp4", None, "b"), ("c.mov", None, "c"), ("a.mp4", None, "a-2"),
    ]  # fmt: skip
    del asked[:]
    assert told(str(saturday), "--scene", str(tmp_path / "goal.json"))[0] == 0
    assert {goal for _, goal, *_ in asked} == {tmp_path / "goal.json"}


def test_no_two_films_share_a_folder() -> None:
    films = [Path(name) for name in ("x/a.mp4", "y/A.mov", "z/a-2.mp4", "w/a.avi")]
    own = [where.name for where in judging.folders(films, Path("out")).values() if where]
    assert len({name.casefold() for name in own}) == 4
    assert own[:2] == ["a", "A-2"]


def test_what_would_end_every_film_ends_at_once(saturday: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def refuse(film: Path, *_: object) -> Report:
        asked.append(film)
        raise MissingWeights("The pose model is missing.")

    monkeypatch.setattr(judging, "analyze_file", refuse)
    monkeypatch.setattr("sys.argv", ["kicky", "analyze", str(saturday)])
    with pytest.raises(SystemExit, match="1"):
        __main__.main()
    assert len(asked) == 1


def test_a_folder_without_films_and_a_ball_for_many_are_refused(saturday: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="no film in"):
        judging.films_at([tmp_path / "empty"])
    status, lines, said = told(str(saturday), "--ball", "1,2")
    assert (status, lines) == (2, [])
    assert "--ball" in said
