"""The Evaluate page: what is run, the table of all runs, two side by side, the clips behind a cell, splits and tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from kicky import jobs, storage
from kicky.errors import BadLabel
from kicky.home import media
from kicky.jobs import evaluating
from kicky.service import dividing, evaluation, truth
from kicky.storage import labels

from .filled import fill
from .judged import OUTCOMES, house, label, run
from .test_pages import app, texts, whole

PAGE = "pages/6_Evaluate.py"


@pytest.fixture
def unlabelled(own_home: Path) -> None:
    """A house whose clips have no labels yet."""
    (own_home / "films").mkdir()
    fill(own_home / "films")


@pytest.fixture
def clips(unlabelled: None) -> list[int]:
    """-> the clips of a house with labels and two runs."""
    return house()


@pytest.fixture
def few(unlabelled: None) -> list[int]:
    """-> the clips of a house of which two are labelled: what is really run over them is soon done."""
    return label(2)


def runs_of(test):
    """Page -> its table of runs."""
    return next(frame.value for frame in test.dataframe if "Run" in frame.value)


def pressed(test, key: str):
    return test.button(key=key).click().run()


def test_without_labels_the_page_says_what_to_label(unlabelled: None) -> None:
    test = whole(app(PAGE))
    assert "Say of a dozen clips whether they were goals" in texts(test)


def test_with_labels_a_run_is_one_button_away(few: list[int]) -> None:
    test = whole(pressed(app(PAGE), "evaluate_run"))
    job = evaluation.evaluations()[0]
    assert job.active
    assert "Waiting" in texts(test) or test.get("progress")
    jobs.work(0.1, "evaluate")
    assert {view.name for view in evaluation.scored_runs()} == {"motion + flight", "motion + rules2d"}
    assert evaluation.evaluations()[0].state == "done"


def test_all_runs_stand_in_a_table_beside_the_article(clips: list[int]) -> None:
    test = whole(app(PAGE))
    table = runs_of(test)
    mine = table[table["Run"] == "motion + flight"].iloc[0]
    assert mine["Goal"] == "83 % (44–97), 5/6"
    assert table[table["Run"] == "motion + rules2d"].iloc[0]["Clips"] == "6, 2 failed"
    theirs = table[table["Run"].str.endswith("test (their clips)")]
    assert theirs["Goal"].tolist() == ["83 % (55–95), 10/12", "75 % (47–91), 9/12"]
    assert "7/12 → 9/12 → 10/12 → 11/12" in texts(test)
    assert any("failed on clip_3.mp4" in warning.value.replace("\\", "") for warning in test.warning)


def test_the_page_begins_with_a_sentence_a_picture_and_what_went_wrong(clips: list[int]) -> None:
    test = whole(app(PAGE))
    said = texts(test).replace("\\", "")
    assert "Goal or not: KICKY is right on 5 of 6 clips, the article's rules on 3." in said
    assert "this may be chance" in said
    assert "Wrong or not decided (1)" in said
    assert "**clip_6.mp4**" in said
    assert "Goal, called no goal." in said
    assert any("Which foot" in str(chart.proto) for chart in test.get("plotly_chart"))


def test_without_a_wrong_clip_the_page_says_so_and_divides_by_session(unlabelled: None) -> None:
    label()
    run(OUTCOMES)
    test = whole(app(PAGE))
    assert any("Every clip was called right" in each.value for each in test.success)
    assert "the article's rules on" not in texts(test)  # they were not run


def test_two_runs_are_compared_in_a_sentence(clips: list[int]) -> None:
    said = texts(whole(app(PAGE))).replace("\\", "")
    assert "2 clips apart (outcome, 5 against 3 of 6): no difference you could tell (p = 0.62)." in said


def test_a_cell_shows_its_clips(clips: list[int]) -> None:
    test = whole(pressed(app(PAGE), "cell-one-goal-no_goal"))
    lists = [frame.value for frame in test.dataframe if "Was" in frame.value]
    assert lists[0]["Clip"].tolist() == ["clip_6.mp4"]
    test = whole(pressed(test, "cell-both--all"))
    lists = [frame.value for frame in test.dataframe if "Was" in frame.value]
    assert len(lists[0]) == 6
    assert lists[0]["Clip"].iloc[0] in ("clip_2.mp4", "clip_6.mp4")  # opposite verdicts first


def test_labels_changed_since_make_a_run_stale(few: list[int]) -> None:
    run(OUTCOMES[:2])
    run(OUTCOMES[:2], downstream="rules2d")
    assert not [w for w in whole(app(PAGE)).warning if "other labels" in w.value]
    truth.answer(few[0], "outcome", "no_goal", "Ana")
    test = whole(app(PAGE))
    assert [w.value for w in test.warning if "other labels" in w.value] == [
        "2 of these runs were made on other labels, splits or clips."
    ]
    assert runs_of(test)["Made"].str.contains("labels changed since").sum() == 2
    whole(pressed(test, "evaluate_refresh"))
    jobs.work(0.1, "evaluate")
    assert not [w for w in whole(app(PAGE)).warning if "other labels" in w.value]


def test_a_split_that_something_was_chosen_on_is_marked(clips: list[int]) -> None:
    dividing.divide(dict.fromkeys(clips[:2], "train"), {})
    dividing.choose_on(["train"])
    run(OUTCOMES, downstream="no-3d")
    test = whole(app(PAGE))
    box = next(each for each in test.selectbox if each.key == "evaluate_part")
    assert any("train" in option and "chosen" in option for option in box.options)
    with pytest.raises(BadLabel, match="no test"):
        dividing.choose_on(["test"])


def test_splits_and_tags_are_kept_and_follow_the_clips(clips: list[int]) -> None:
    dividing.divide({clips[0]: " my  split "}, {clips[0]: "night tilted night"})
    assert labels.get(clips[0], labels.SPLIT) == "my split"
    first = evaluating.here().clips[0]
    assert (first.split, first.tags) == ("my split", ("night", "tilted"))
    dividing.tag(first.sha256, ["ball hidden"])
    assert dividing.tags_now()[first.sha256] == ("ball_hidden",)
    with pytest.raises(BadLabel, match="too long for a split"):
        dividing.divide({clips[0]: "x" * 41}, {})


def test_a_split_that_is_gone_is_no_longer_chosen_on(clips: list[int]) -> None:
    dividing.divide({clips[0]: "tuned"}, {})
    dividing.choose_on(["tuned"])
    dividing.divide({clips[0]: ""}, {})
    assert dividing.tuned() == []
    assert evaluating.here().tuned == ()


def test_a_run_over_a_missing_film_names_it(few: list[int]) -> None:
    gone = storage.clip(few[1])
    (media() / gone.file).unlink()
    evaluation.start(["motion"], ["flight"])
    jobs.work(0.1, "evaluate")
    newest = evaluation.scored_runs()[0]
    assert [clip for clip, _ in newest.scores["split"]["overall"]["failed"]].count("clip_2.mp4") == 1
    whole(app(PAGE))


def test_the_report_is_made_on_the_page(clips: list[int]) -> None:
    test = whole(pressed(app(PAGE), "report_make"))
    made = test.session_state["report_made"]
    page = made["report.html"].decode()
    assert "motion + flight" in page
    assert "Clips that went wrong" in page
    assert made["all"][:2] == b"PK"


def test_no_name_comes_through_as_markup(unlabelled: None) -> None:
    numbers = label()
    dividing.divide({numbers[0]: "<b>x</b> *y*"}, {numbers[0]: "![x](http://e.com/x.png)"})
    run(OUTCOMES)
    run(("no_goal", *OUTCOMES[1:]), downstream="rules2d")
    shown = texts(whole(app(PAGE)))
    assert "<b>x" not in shown
    assert "![x](" not in shown
