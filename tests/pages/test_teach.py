"""The Teach page: from clips to labels to a student, each step saying what comes next; refusals in words."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from kicky import jobs, storage, weights
from kicky.errors import NotFound
from kicky.jobs import lanes
from kicky.service import house, looking, students, teaching
from kicky.storage.tables import JobRow
from kicky.storage.views import JobView
from kicky.teach import runs
from kicky.teach.labelled import BALL, Thing
from kicky.ui.labels import boxes

from ..teach.pictures import drawn
from .filled import fill
from .judged import OUTCOMES, label, run

ROOT = Path(__file__).parents[2]


def teach() -> AppTest:
    page = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60).run()
    page = page.switch_page("pages/8_Teach.py").run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    shown = [*page.info, *page.warning, *page.caption, *page.markdown, *page.error]
    return " ".join(str(each.value) for each in shown)


@pytest.fixture
def park(own_home: Path) -> None:
    drawn(own_home / "db" / "datasets" / "park", {"a": "train", "b": "valid", "c": "test"})


def test_an_empty_house_says_what_to_do_first() -> None:
    page = teach()
    assert "Add some first" in words(page)
    assert "Nothing is labelled yet" in words(page)
    assert [header.value for header in page.header] == ["1 · Label", "2 · Check the labels"]


def test_clips_are_labelled_by_a_job(own_home: Path, tmp_path: Path) -> None:
    fill(tmp_path)
    page = teach()
    assert page.radio(key="teach_by").value == "measured"
    page.text_input(key="teach_name").set_value("first").run()
    next(button for button in page.button if button.label.startswith("Label ")).click().run()
    assert not page.exception
    (job,) = teaching.teaching()
    assert (job.kind, job.state, job.clip_name) == ("autolabel", "queued", "first")
    assert "Labelling" in page.get("progress")[0].proto.text


def test_teachers_that_are_not_here_are_told_with_the_command(own_home: Path, tmp_path: Path) -> None:
    fill(tmp_path)
    page = teach()
    page.radio(key="teach_by").set_value("teachers").run()
    assert "SAM 3 is not here yet" in words(page)
    assert "Ask for access" in words(page)
    assert page.button(key="fetch_go_sam3").label.replace("\\", "") == "Fetch it (3.5 GB)"
    assert next(button for button in page.button if button.label.startswith("Label ")).disabled


def test_a_model_with_code_of_its_own_says_what_trusting_it_is_for_and_what_takes_so_long(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "ensure_worker", lambda *_: None)
    fill(tmp_path)
    page = teach()
    page.radio(key="teach_by").set_value("teachers").run()
    said = [str(each.value) for each in page.caption if "models trust" in str(each.value)]
    assert len(said) == 1  # SAM 3 brings none
    assert "it does not run before you have looked at it" in said[0]
    assert said[0].replace("\\", "").endswith("`python -m kicky models trust` and its name: locate-anything-3b.")
    job = JobView(1, "pull", None, "", "running", "environment", 0.99, "", None)
    its = {"name": "locate-anything-3b"}
    monkeypatch.setattr(house.queue, "evaluations", lambda _kind, about: [job] if about == its else [])
    texts = [each.proto.text for each in page.run().get("progress")]
    assert texts == ["Installing what it needs: this takes some minutes"]


def test_labels_are_looked_through_and_thrown_out(park: None) -> None:
    page = teach()
    assert "1 to 12 of 12" in words(page)
    counts = page.dataframe[0].value
    assert counts["ball"].tolist() == [4, 4, 4]
    page.button(key="out-train/a_000000.jpg").click().run()
    assert teaching.data_set("park").rejected == 1
    assert "discarded" in words(page)
    page.button(key="back-train/a_000000.jpg").click().run()
    assert teaching.data_set("park").rejected == 0
    assert not page.exception


def test_the_doubtful_come_first_and_say_why(own_home: Path) -> None:
    odd = drawn(own_home / "db" / "datasets" / "park", {"a": "train", "b": "valid"}, count=7)
    pictures = list(odd.labelled())
    more = Thing(BALL, (20, 20, 24, 24), origin={"source": "hand", "score": 0.2})
    worst = replace(pictures[3], things=(*pictures[3].things[1:], more))
    odd.add("a", [worst if each.file == worst.file else each for each in pictures if each.clip == "a"])
    (first, *_), total = looking.pictures("park")
    assert (first.file, total) == (worst.file, 14)
    looking.correct("park", first.file, None)
    (again, *_), _ = looking.pictures("park")
    assert (again.file, again.rejected) == (worst.file, True)  # it keeps its place
    page = teach()
    assert plain_words(first.doubt) in words(page)


def plain_words(text: str) -> str:
    from kicky.ui.words import plain

    return plain(text)


def test_pictures_are_looked_through_one_by_one(park: None) -> None:
    order = [picture.file for picture in looking.pictures("park", size=99)[0]]
    page = teach()
    page.button(key="teach_singly").click().run()
    assert "1 of 12" in words(page)
    page.button(key="alone-out").click().run()
    assert "2 of 12" in words(page)
    page.button(key="alone-before").click().run()
    assert "discarded" in words(page)
    assert [p.file for p in looking.pictures("park", size=99)[0] if p.rejected] == order[:1]
    page.button(key="alone-back").click().run()
    assert not any(p.rejected for p in looking.pictures("park", size=99)[0])
    for _ in range(11):
        page.button(key="alone-on").click().run()
    assert page.button(key="alone-on").disabled
    page.button(key="alone-out").click().run()
    assert "12 of 12" in words(page)
    assert not page.exception


def test_a_corrected_box_is_a_persons_and_the_others_stay(park: None) -> None:
    (first, *_), total = looking.pictures("park", "train")
    assert total == 4
    things = [(thing.label, thing.box_px) for thing in first.things]
    looking.correct("park", first.file, [("ball", (1, 2, 9, 10)), *things[1:]], "Ada")
    (again, *_), _ = looking.pictures("park", "train")
    assert again.corrected
    assert [(thing.label, thing.box_px) for thing in again.things] == [("ball", (1, 2, 9, 10)), *things[1:]]
    assert [thing.said_by for thing in again.things] == ["person", "hand", "hand"]
    with pytest.raises(service_error(), match="draw it again"):
        looking.correct("park", first.file, [("ball", (9, 2, 1, 10))])
    with pytest.raises(service_error(), match="no picture nowhere"):
        looking.correct("park", "nowhere", None)


def service_error() -> type[Exception]:
    from kicky.errors import BadDataset

    return BadDataset


def test_the_canvas_gives_boxes_in_the_pictures_own_pixels() -> None:
    drawn_ = [
        {"type": "Rect", "left": 10.0, "top": 20.0, "width": 30.0, "height": 40.0, "stroke": "#3b82c4"},
        {"type": "Rect", "left": 1.0, "top": 1.0, "width": 0.5, "height": 0.5, "stroke": "#3b82c4"},
        {"type": "Line", "stroke": "#3b82c4"},
    ]
    assert boxes(drawn_, 2.0) == [("player", (5.0, 10.0, 20.0, 30.0))]


def test_training_is_a_job_and_refusals_are_words(park: None) -> None:
    page = teach()
    assert page.button(key="fetch_go_rfdetr-seg-small").label.replace("\\", "") == "Fetch it (134 MB)"
    page.text_input(key="teach_student_park_small").set_value("../out").run()
    next(button for button in page.button if button.label == "Train").click().run()
    assert "is no name for a student" in words(page)
    page.text_input(key="teach_student_park_small").set_value("mine").run()
    next(button for button in page.button if button.label == "Train").click().run()
    assert not page.exception
    (job,) = teaching.teaching()
    assert (job.kind, job.clip_name, job.state) == ("train", "mine", "queued")


def test_a_failed_job_says_why_and_can_be_gone_on_with(own_home: Path, tmp_path: Path) -> None:
    fill(tmp_path)
    clip = teaching.teach_clips()[0]
    teaching.label("first", [clip.id], "measured")
    for film in (own_home / "db" / "media").glob("*.mp4"):
        film.unlink()
    jobs.work(0.01, lanes.TEACH)
    page = teach()
    assert "failed" in words(page)
    assert "is gone" in words(page)
    page.button(key="again-1").click().run()
    assert [job.state for job in teaching.teaching()] == ["queued", "failed"]


def test_what_came_of_it_stands_beside_the_article(park: None) -> None:
    recipe = {"size": "small", "resolution": 384, "epochs": 15}
    judged = {"mine": {"AP": {"ball": 0.4, "player": 0.7}, "ball_recall": 0.5, "balls": 8}}
    asked = {"dataset": "park", "recipe": recipe, "notes": ["No picture shows a goal: the student will not know it."]}
    runs.describe("mine", {**asked, "state": "done", "judged": judged})
    for epoch in (1, 2):
        runs.add_epoch("mine", {"epoch": epoch, "train_loss": 3.0 / epoch, "mAP": 0.2 * epoch, "AP_ball": 0.1 * epoch})
    page = teach()
    assert "RF-DETR-Seg small at 384 px, 15 epochs" in words(page)
    assert "a candidate at 4 of 8 balls" in words(page)
    figures = " ".join(str(chart.proto) for chart in page.get("plotly_chart"))
    for said in ("article, ball 0.08", "article, player 0.66", "article, goal 0.89"):
        assert said in figures


def test_a_training_without_an_epoch_says_so(park: None) -> None:
    recipe = {"size": "small", "resolution": 384, "epochs": 15}
    runs.describe("mine", {"dataset": "park", "recipe": recipe, "state": "running"})
    assert "first epoch is not over" in words(teach())


def test_a_student_can_be_chosen_to_look_at_clips(own_home: Path, tmp_path: Path) -> None:
    fill(tmp_path)
    page = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60).run().switch_page("pages/1_Analyze.py").run()
    assert "analyze_detector" not in [box.key for box in page.selectbox]
    (tmp_path / "mine.pth").write_bytes(b"weights")
    weights.add("mine", tmp_path / "mine.pth")
    page.run()
    box = page.selectbox(key="analyze_detector")
    assert box.options == ["Motion (quick, needs nothing)", "Student mine"]
    box.set_value("rfdetr:mine").run()
    next(button for button in page.button if button.label.startswith("Analyze")).click().run()
    assert not page.exception
    with storage.database.reading() as db:
        settings = [row.settings for row in db.exec(select(JobRow)).all()]
    assert {"detector": "rfdetr:mine"} in settings


def test_two_detectors_stand_beside_each_other_on_ones_own_clips(park: None, tmp_path: Path) -> None:
    fill(tmp_path)
    label()
    run(OUTCOMES)
    assert "run them on the Evaluate page" in words(teach())
    run((*OUTCOMES[:5], "no_goal"), "rfdetr:mine")
    page = teach()
    shown = words(page)
    assert "right on 6 of 6, foot on 6 of 6" in shown
    assert "right on 5 of 6, foot on 6 of 6" in shown
    assert "at the kick](/handed/" in shown
    runs = students.comparable()
    first, *others = students.compared(runs["motion"].id, runs["rfdetr:mine"].id)
    assert (first.one.goal, first.other.goal, first.apart, first.frame) == (True, False, True, 6)
    assert not any(clip.apart for clip in others)
    with pytest.raises(NotFound, match="run the evaluation again"):
        students.at_contact(["motion"], first.sha256, first.frame)  # nothing is looked at anew for a picture
