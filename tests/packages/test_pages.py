"""Pages without the packages: what lacks them says so, with size and a button that fetches; all else works."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kicky import jobs, packages, weights
from kicky.home import PROJECT
from kicky.packages import card
from kicky.service import house, teaching, work

from ..pages.filled import fill
from ..pages.judged import label
from ..teach.pictures import drawn

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere PyPI has PyTorch without a card's libraries")
FETCH = f"fetch_go_{packages.NAME}"


@pytest.fixture(autouse=True)
def without(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A house with two Saturdays, a student and a data set, but not what runs them; nobody at work."""
    monkeypatch.setattr(packages, "here", lambda: False)
    monkeypatch.setattr(card, "there", lambda: False)
    monkeypatch.setattr(jobs, "ensure_worker", lambda *_: None)
    fill(tmp_path)
    (tmp_path / "mine.pth").write_bytes(b"weights")
    weights.add("mine", tmp_path / "mine.pth")
    drawn(own_home / "db" / "datasets" / "park")


def opened(page: str) -> AppTest:
    test = AppTest.from_file(str(PROJECT / "Home.py"), default_timeout=60).run()
    return whole(test.switch_page(f"pages/{page}").run())


def whole(test: AppTest) -> AppTest:
    assert not test.exception
    return test


def words(test: AppTest) -> str:
    return " ".join(str(each.value) for each in (*test.info, *test.caption, *test.markdown)).replace("\\", "")


def offers(test: AppTest) -> bool:
    """Page -> whether it offers to fetch them, and says how large they are."""
    buttons = [button for button in test.button if button.key == FETCH]
    assert len(buttons) < 2
    if not buttons:
        return False
    assert buttons[0].label.replace("\\", "") == "Fetch it (231 MB)"
    assert "231 MB from pypi.org and download.pytorch.org, once" in words(test)
    return True


def button(test: AppTest, label: str) -> bool:
    """Page, beginning of a button's label -> whether it can be pressed."""
    return not next(one for one in test.button if one.label.startswith(label)).disabled


def test_teach_labels_without_them_and_trains_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    test = opened("8_Teach.py")
    assert offers(test)
    assert "Training, and labelling by SAM 3, run on packages that are not here yet" in words(test)
    assert not button(test, "Train")
    assert button(test, "Label ")
    whole(test.radio(key="teach_by").set_value("teachers").run())
    assert not button(test, "Label ")
    monkeypatch.setattr(packages, "here", lambda: True)
    test = opened("8_Teach.py")
    assert not offers(test)
    assert button(test, "Train")


def test_they_are_fetched_by_a_button_and_can_be_cancelled() -> None:
    test = opened("8_Teach.py")
    whole(test.button(key=FETCH).click().run())
    job = house.model(packages.NAME).job
    assert job is not None
    assert (job.kind, job.state) == ("pull", "queued")
    test = opened("8_Teach.py")
    assert "Waiting" in test.get("progress")[0].proto.text
    whole(test.button(key=f"fetch_stop_{packages.NAME}").click().run())
    job = house.model(packages.NAME).job
    assert job is not None
    assert job.state == "cancelled"
    assert teaching.teaching() == []


def test_coach_offers_them_with_the_model_and_the_rules_speak_without() -> None:
    test = opened("7_Coach.py")
    assert not offers(test)
    coach = next(one for one in test.segmented_control if one.label == "Coach")
    whole(coach.set_value("minicpm").run())
    assert offers(test)
    assert "The packages that it runs on are not here yet, and its model is not here yet. Fetch both once" in words(
        test
    )
    assert {"fetch_go_minicpm", "fetch_go_minicpm-4.7"} <= {one.key for one in test.button}
    assert "not read here; look at its page first" in words(test)


def test_a_student_is_offered_where_it_is_chosen() -> None:
    assert "rfdetr:mine" in work.detectors()
    test = opened("1_Analyze.py")
    assert not offers(test)
    whole(test.selectbox(key="analyze_detector").set_value("rfdetr:mine").run())
    assert offers(test)


def test_evaluate_runs_motion_and_offers_the_rest() -> None:
    label(2)
    test = opened("6_Evaluate.py")
    assert not offers(test)
    assert button(test, "Run")
    whole(test.multiselect(key="evaluate_detectors").set_value(["motion", "rfdetr:mine"]).run())
    assert offers(test)
    assert not button(test, "Run")
