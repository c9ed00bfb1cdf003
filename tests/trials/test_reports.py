"""A report says what its runs say, in every form, and needs nothing beside it."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kicky import __main__
from kicky.errors import NotFound
from kicky.evaluation import Run
from kicky.reports import document, files, tables
from kicky.service import evaluation, work
from kicky.storage import runs as kept_runs

from ..evaluation.made import G, N, U, case, run
from .test_running import still_film

TRUTHS = [G, N, G, N]


def told(runs: list[Run]) -> dict:
    return document.document(
        runs, ["split", "session"], ["z has no label: left out."], {"labels": "made"}, "python -m …"
    )


@pytest.fixture
def runs() -> list[Run]:
    """-> the whole, the article's rules, and the whole without 3-D."""
    broken = case(2, G, U, failed="no such tensor", p_goal=None, posed=False)
    whole = run(TRUTHS, TRUTHS)
    rules = run(TRUTHS, [G, G, U, N], downstream="rules2d")
    rules = Run(**{**rules.to_json(), "cases": (*rules.cases[:2], broken, rules.cases[3])})
    return [whole, rules, run(TRUTHS, [U, N, U, N], downstream="no-3d")]


def test_the_document_holds_figures_comparisons_and_what_each_part_is_worth(runs: list[Run]) -> None:
    made = told(runs)
    assert made["runs"][0]["scores"]["split"]["overall"]["goal"] == {
        "value": 1.0, "low": pytest.approx(0.510, abs=1e-3), "high": 1.0, "n": 4, "k": 4,
    }  # fmt: skip
    first = made["comparisons"][0]
    assert (first["other"], first["question"]) == ("motion + rules2d", "outcome")
    assert [(each["without"], each["with"], each["left"], each["lost"]) for each in made["ablations"]] == [
        ("3-D", 4, 2, 2)
    ]
    assert [each["clip"] for each in made["wrong"]] == ["clip_1", "clip_2"]  # opposite verdicts before the undecided
    assert set(made["wrong"][0]["said"]) == {"motion + flight", "motion + rules2d"}
    json.dumps(made, allow_nan=False)


def test_what_keeps_figures_from_being_more_is_said(runs: list[Run]) -> None:
    tuned = Run(
        **{**runs[0].to_json(), "cases": runs[0].cases, "tuned": ("test",), "made_with": {"taught": {"a": "train"}}}
    )
    notes = document.warnings([tuned, runs[1]])
    assert "Something was chosen on test: its figures are no test." in notes
    assert any("learned from 1 of these clips" in note for note in notes)
    assert "motion + rules2d failed on clip_2, which counts as undecided: no such tensor" in notes
    assert "test holds no goal: precision and recall say nothing there." in document.warnings([run([N, N], [N, N])])
    assert any("holds goals only" in note for note in document.warnings([run([G, G], [G, G])]))


def test_markdown_html_and_tables_say_the_same(runs: list[Run], tmp_path: Path) -> None:
    made = told(runs)
    wrote = {path.name: path.read_text(encoding="utf-8") for path in files.write(tmp_path / "out", made, runs, {})}
    assert set(wrote) == {"report.html", "report.md", "report.json", "scores.csv", "answers.csv"}
    for name in ("report.html", "report.md"):
        assert "50 % (15–85), 2/4" in wrote[name]
        assert "their clips" in wrote[name]
        assert "7/12 → 9/12 → 10/12 → 11/12" in wrote[name]
    rows = list(csv.DictReader(io.StringIO(wrote["scores.csv"])))
    goal = next(
        row for row in rows if (row["run"], row["part"], row["figure"]) == ("motion + rules2d", "overall", "goal")
    )
    assert (goal["k"], goal["n"], float(goal["value"])) == ("2", "4", 0.5)
    answers = list(csv.DictReader(io.StringIO(wrote["answers.csv"])))
    assert len(answers) == 12
    assert answers[6]["failed"] == "no such tensor"
    assert json.loads(wrote["report.json"]) == json.loads(json.dumps(made))


def test_the_html_needs_nothing_beside_it_and_lets_no_name_through(runs: list[Run], tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>"
    cases = tuple(case(k, truth, G, clip=nasty if k == 1 else f"clip_{k}", why=nasty) for k, truth in enumerate(TRUTHS))
    made = told([Run(**{**runs[0].to_json(), "cases": cases})])
    text = files.page.page(made, {nasty: b"\xff\xd8jpeg"})
    assert nasty not in text
    assert "&lt;script&gt;" in text
    assert "data:image/jpeg;base64," in text
    outside = [part.split('"')[1] for part in text.split("<link")[1:]] + text.split('<script src="')[1:]
    assert outside == []


def test_a_table_leaves_out_what_nobody_knows() -> None:
    rows = [{"Run": "a", "Goal": "–", "Foot": "1"}, {"Run": "b|c", "Goal": "–", "Foot": "–"}]
    assert tables.markdown(rows).splitlines() == ["| Run | Foot |", "| --- | --- |", "| a | 1 |", "| b\\|c | – |"]
    assert tables.markdown([]) == ""


# --- the command line --------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """-> a folder with two labelled films."""
    there = tmp_path / "clips"
    there.mkdir()
    for number, name in enumerate("ab"):
        still_film(there / f"{name}.mp4", number)
    (there / "labels.csv").write_text("clip,session,split,outcome,foot\na,day,train,goal,left\nb,day,test,no_goal,\n")
    return there


def test_evaluate_prints_a_table_and_writes_the_report(folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(__main__.app, ["evaluate", "--clips", str(folder), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "| motion + rules2d | train |" in done.output
    assert "Made again by `python -m kicky evaluate --clips" in done.output
    assert (tmp_path / "out" / "report.html").exists()
    assert [run.name for run in evaluation.scored_runs()] == ["motion + flight", "motion + rules2d"]


def test_evaluate_gives_one_json_document(folder: Path) -> None:
    wish = ["--detector", "motion", "--downstream", "no-3d", "--by", "session", "--tuned", "train", "--json"]
    done = CliRunner().invoke(__main__.app, ["evaluate", "--clips", str(folder), *wish])
    made = json.loads(done.stdout)
    assert [each["name"] for each in made["runs"]] == ["motion + flight", "motion + rules2d", "motion + no-3d"]
    assert list(made["runs"][0]["scores"]) == ["session"]
    assert "Something was chosen on train: its figures are no test." in made["notes"]
    assert made["provenance"]["outcomes"] == {"goal": 1, "no_goal": 1}
    assert len(made["provenance"]["labels sha256"]) == 64


def test_a_run_again_takes_its_own_place_and_goes_when_told(folder: Path) -> None:
    for _ in range(2):
        evaluation.evaluate_files(folder, None, [], [], work.silent)
    runs = evaluation.scored_runs()
    assert len(runs) == 2
    evaluation.forget_run(runs[0].id)
    with pytest.raises(NotFound):
        evaluation.whole_run(runs[0].id)
    with pytest.raises(NotFound, match="no run to report"):
        evaluation.report([], folder, work.silent)


def test_labels_that_changed_make_another_key(folder: Path) -> None:
    evaluation.evaluate_files(folder, None, [], [], work.silent)
    name, before = evaluation.label_sets()[0], evaluation.scored_runs()[0].truth_key
    assert evaluation.labels_key(name) == before
    table = folder / "labels.csv"
    table.write_text(table.read_text().replace("b,day,test", "b,day,train"))
    assert evaluation.labels_key(name) not in ("", before)
    table.unlink()
    assert evaluation.labels_key(name) == ""


def test_a_run_is_kept_whole_but_for_its_boxes(make_report: Callable[..., object]) -> None:
    made = run(TRUTHS, [G, N, U, N])
    number = kept_runs.keep(made)
    assert kept_runs.whole(number).cases == made.cases
    assert kept_runs.views("elsewhere") == []


def test_no_name_is_more_than_letters_in_a_report(runs: list[Run]) -> None:
    made = told(runs)
    nasty = "<img src=//hostile.example/a>![b](//hostile.example/b)|`c`"
    for each in made["runs"]:
        each["name"] = nasty
    made["wrong"] = [each | {"clip": nasty, "said": {nasty: {"outcome": nasty, "p_goal": None, "right": False,
                                                             "why": nasty}}} for each in made["wrong"]]  # fmt: skip
    made |= {"label_set": nasty, "notes": [nasty], "provenance": {"labels": nasty}, "command": f"evaluate {nasty}"}
    page = files.page.page(made, {nasty: b"jpeg"})
    assert "<img src=//" not in page.replace("\\u003c", "<")
    text = files.markdown(made).replace("`` evaluate " + nasty + " ``", "")
    assert nasty in files.markdown(made)  # as code, at the end
    assert not re.search(r"(?<!\\)(<img|\[b|\]\(|`c)", text)
