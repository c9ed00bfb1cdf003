"""docs/architecture.md, "Your first change": each done as it is written, then held to what all of its kind are."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from ast import literal_eval
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

import kicky.detectors
import kicky.measures
from benchmarks.replies import briefs
from kicky import detectors, registry, video
from kicky.coaches import checks, fixes
from kicky.detectors import DETECTORS
from kicky.measures import MEASURES
from kicky.service import players
from kicky.ui import menu

from . import test_architecture, test_contract
from .measures.test_way import shot
from .pages.filled import fill

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def written(change: str) -> list[str]:
    """A change's heading -> its blocks of code, in order."""
    part = GUIDE.partition(f"### {change}\n")[2].partition("\n### ")[0]
    return [dedent(block) for block in re.findall(r"```(?:python|toml|text)\n(.*?)```", part, re.DOTALL)]


def listed(line: str) -> tuple[str, str]:
    """A register's line -> name, import string."""
    ((name, leads_to),) = literal_eval(f"{{{line}}}").items()
    return name, leads_to


def lie_in(package: ModuleType, name: str, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Package, file's name, its text -> it can be imported as if it lay in the package's own folder, for one test."""
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    monkeypatch.setitem(sys.modules, f"{package.__name__}.{name}", import_module(f"{package.__name__}.{name}"))


def test_a_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rendered: Path) -> None:
    file, line = written("A measure")
    lie_in(kicky.measures, "highest", file, tmp_path, monkeypatch)
    monkeypatch.setitem(MEASURES, *listed(line))
    test_contract.test_a_measure_answers_to_its_name_and_gives_a_reason_when_nothing_was_seen("highest", rendered)
    test_contract.test_every_entry_leads_somewhere_and_says_what_it_does(MEASURES)
    flown = shot(to=(0.5, 1.6))
    measured = registry.load(MEASURES, "highest")(flown)
    assert flown.flight is not None
    assert measured.low < measured.value < measured.high
    assert measured.value == pytest.approx(flown.flight.xyz_m[:, 2].max(), abs=0.2)


def test_a_detector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rendered: Path) -> None:
    file, line = written("A detector")
    lie_in(kicky.detectors, "difference", file, tmp_path, monkeypatch)
    monkeypatch.setitem(DETECTORS, *listed(line))
    made = detectors.make("difference"), video.open_clip(rendered)
    test_contract.test_a_detector_gives_one_answer_for_each_frame_of_the_take(made)
    test_contract.test_a_detector_gives_the_same_answers_twice(made)
    test_contract.test_what_a_detector_sees_can_be_linked(made)
    test_contract.test_every_entry_leads_somewhere_and_says_what_it_does(DETECTORS)
    assert detectors.weights_of("difference") == ""


def test_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, line = written("A page")
    (tmp_path / "app").mkdir()
    shutil.copytree(ROOT / "pages", tmp_path / "app" / "pages", ignore=shutil.ignore_patterns("__pycache__"))
    page = tmp_path / "app" / "pages" / "10_Names.py"
    page.write_text(file, encoding="utf-8")
    shutil.copyfile(ROOT / "Home.py", tmp_path / "app" / "Home.py")
    monkeypatch.setattr(menu, "WORKSHOP", (*menu.WORKSHOP, *literal_eval(f"[{line}]")))
    monkeypatch.setattr(test_architecture, "ROOT", tmp_path / "app")
    test_architecture.test_a_page_only_asks_and_draws(page)
    app = AppTest.from_file(str(tmp_path / "app" / "Home.py"), default_timeout=60).run()
    empty = app.switch_page("pages/10_Names.py").run()
    assert not empty.exception
    assert [said.value for said in empty.info] == ["Nobody has a name yet: open a shot and say who it was."]
    fill(tmp_path)
    filled = app.run()
    assert not filled.exception
    assert filled.table[0].value["Name"].tolist() == players.names()


def test_what_the_coach_says() -> None:
    (line,) = written("What the coach says")
    words = fixes.WORDS.read_text(encoding="utf-8")
    head, found, rest = words.partition("[general.aim]\n")
    drills, _, after = rest.partition("\n]\n\n")
    changed = tomllib.loads(f"{head}{found}{drills}\n{line}]\n\n{after}")
    before = tomllib.loads(words)
    (drill,) = set(changed["general"]["aim"]["drills"]) - set(before["general"]["aim"]["drills"])
    before["general"]["aim"]["drills"].append(drill)
    assert changed == before
    for brief in briefs().values():
        if brief.kind == "shot":
            assert checks.fault("Drill", drill, brief) == ""
    assert checks.fault("Drill", "Du hast 97 km/h geschossen.", briefs()["goal_bare"])
