"""No cell of a table starts a formula in a spreadsheet, numbers stay numbers, our own files give back every text."""

from __future__ import annotations

import ast
import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kicky import spreadsheet
from kicky.teach.labelled import Thing
from kicky.truth.exchange import FORMATS
from kicky.truth.exchange.labelled import Labelled

ROOT = Path(__file__).resolve().parent.parent
BEGINS = "=+-@\t\r\n＝＋－＠"
FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://e.example")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "Zo;=1+1",
    "Zo\n=1+1",
    "＝1",
)
WILD = st.text(st.sampled_from([*BEGINS, *"';,\"a1 .e"]), max_size=12) | st.text(max_size=20)


def live(written: str) -> bool:
    """What a cell holds -> whether any program that reads it would work it out."""
    if re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", written):
        return False
    return any(part[:1] and part[:1] in BEGINS for part in re.split(r"[;\t\r\n]", written)) or written[:1] in set(
        BEGINS
    )


@given(WILD)
@example("'=1+1")
@example("''")
@example("-")
def test_a_text_is_no_formula_and_comes_back(said: str) -> None:
    written = spreadsheet.cell(said)
    assert isinstance(written, str)
    assert not live(written)
    assert spreadsheet.text(written) == said


@pytest.mark.parametrize("said", FORMULAS)
def test_what_would_be_worked_out_is_marked(said: str) -> None:
    assert live(said)
    assert spreadsheet.cell(said) != said


@pytest.mark.parametrize("number", [-1, 2.5, -0.25, True, None, "-1", "+2.5", "-1.5e-3", "12"])
def test_a_number_stays_one(number: object) -> None:
    assert spreadsheet.cell(number) == number


@given(st.lists(st.tuples(WILD, WILD), max_size=5))
def test_a_table_of_ours_gives_back_every_text(rows: list[tuple[str, str]]) -> None:
    held = io.StringIO(spreadsheet.written(("one", "=other"), rows), newline="")
    raw = list(csv.reader(held))
    assert not [each for row in raw for each in row if live(each)]


def test_a_file_of_ours_gives_back_every_text(tmp_path: Path) -> None:
    rows = [(said, "\ufeff" + said) for said in (*FORMULAS, "'=", "", '"', "a\r\nb", "-1")]
    with (tmp_path / "table.csv").open("w", encoding="utf-8", newline="") as file:
        spreadsheet.write(file, ("one", "=other"), rows)
    assert [tuple(row.values()) for row in spreadsheet.read(tmp_path / "table.csv")] == rows
    assert list(spreadsheet.read(tmp_path / "table.csv")[0]) == ["one", "=other"]


@pytest.mark.parametrize("form", ["csv", "yolo"])
@pytest.mark.parametrize("name", [*FORMULAS, "'=clip", "a,b\n\"c'"])
def test_labels_leave_without_a_formula_and_come_back(form: str, name: str, tmp_path: Path) -> None:
    boxes = {3: (Thing("ball", (1.0, 2.0, 5.0, 6.0), (), {"source": name}),)}
    clip = Labelled(name, "ab" * 32, 12, (160, 90), {name: {"outcome": "goal", "note": name.strip()}}, boxes, {3: 0.1})
    written = FORMATS[form].write([clip], tmp_path)
    for file in (each for each in written if each.suffix == ".csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            assert not [each for row in csv.reader(lines) for each in row if live(each)]
    (back,) = FORMATS[form].read(tmp_path / "labels.csv" if form == "csv" else tmp_path)
    assert back.clip == name
    assert back.answers == (clip.answers if form == "csv" else {})


def test_every_table_is_written_by_the_one_writer() -> None:
    """No other file of the program makes rows of CSV by itself; pandas does for the one table of measures."""
    makes = {"writer", "DictWriter", "to_csv", "to_excel"}
    for path in sorted((ROOT / "kicky").rglob("*.py")):
        called = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
        allowed = {"spreadsheet.py": {"writer"}, "sharing.py": {"to_csv"}}.get(path.name, set())
        assert not (called & makes) - allowed - ({"writer"} if "csv" not in path.read_text("utf-8") else set()), path
