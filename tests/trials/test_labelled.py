"""A folder of films with labels.csv: read whole, or refused in a sentence that says what to do."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kicky.errors import BadLabel, KickyError, NotFound
from kicky.trials.labelled import Spot, folder

HEAD = "clip,session,split,outcome,foot,contact_frame,confidence,tags\n"


@pytest.fixture
def clips(tmp_path: Path, make_film: Callable[..., Path]) -> Path:
    """-> a folder with the films a, b and c, and labels for them."""
    there = tmp_path / "clips"
    there.mkdir()
    for number, name in enumerate("abc"):
        make_film(f"clips/{name}.mp4", seed=number)
    write(there, "a,day,train,goal,left,4,high,night tilted", "b.mp4,day,test,no_goal,,,low,", "c,day,test,,right,,,")
    return there


def write(there: Path, *lines: str, head: str = HEAD) -> None:
    (there / "labels.csv").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def test_what_a_line_says_is_what_is_true(clips: Path) -> None:
    a, b, c = folder(clips).clips
    assert (a.truth.outcome, a.truth.foot, a.truth.contact_frame, a.truth.sure) == ("goal", "left", 4, True)
    assert (a.tags, a.split, b.truth.sure, b.truth.contact_frame) == (("night", "tilted"), "train", False, None)
    assert (c.truth.outcome, c.truth.foot) == ("", "right")


def test_a_film_without_a_shot_has_no_outcome_to_be_right_about(clips: Path) -> None:
    write(clips, "a,day,train,no_shot,,,,far")
    (a,) = folder(clips).clips
    assert (a.truth.outcome, a.truth.contact_frame, a.tags) == ("", None, ("far", "no_shot"))


def test_without_a_split_the_session_is_one(clips: Path) -> None:
    write(clips, "a,sunday,goal", head="clip,session,outcome\n")
    assert folder(clips).clips[0].split == "sunday"


def test_the_goal_lies_beside_the_clip_or_beside_the_session(clips: Path) -> None:
    goal = {"goal_corners_px": [[50, 10], [110, 10], [110, 40], [50, 40]]}
    (clips / "day.scene.json").write_text(json.dumps(goal), encoding="utf-8")
    (clips / "b.scene.json").write_text(json.dumps(goal | {"camera_height_m": 1.5}), encoding="utf-8")
    a, b, _ = folder(clips).clips
    assert (a.scene.camera_height_m, b.scene.camera_height_m) == (None, 1.5)


def test_places_and_boxes_marked_by_hand_come_along(clips: Path) -> None:
    (clips / "ball_points.csv").write_text("clip,frame,x_px,y_px,diameter_px\na,3,10,20,6\na,4,nan,nan,\na,5,12,20,\n")
    (clips / "boxes.csv").write_text("clip,frame,label,x0,y0,x1,y1\na,3,ball,7,17,13,23\na,3,player,0,0,20,60\n")
    a = folder(clips).clips[0]
    assert a.ball == (Spot(3, 10, 20, 6), Spot(5, 12, 20, None))
    assert a.boxes == {3: ((7.0, 17.0, 13.0, 23.0, 0.0), (0.0, 0.0, 20.0, 60.0, 1.0))}


def test_films_without_labels_and_labels_without_films_are_named(clips: Path) -> None:
    write(clips, "a,day,train,goal,,,,", "z,day,train,goal,,,,")
    found = folder(clips)
    assert [clip.name for clip in found.clips] == ["a"]
    assert found.notes == ("z has a label but no film: left out.", "b, c have no label: left out.")


def test_one_clip_in_two_splits_is_refused(clips: Path) -> None:
    write(clips, "a,day,train,goal,,,,", "a,day,test,goal,,,,")
    with pytest.raises(BadLabel, match="a is in two splits, train and test: put it in one"):
        folder(clips)


def test_one_film_under_two_names_in_two_splits_is_refused(clips: Path) -> None:
    (clips / "d.mp4").write_bytes((clips / "a.mp4").read_bytes())
    write(clips, "a,day,train,goal,,,,", "d,day,test,goal,,,,")
    with pytest.raises(BadLabel, match="a and d are one film, which is in two splits, train and test"):
        folder(clips)
    write(clips, "a,day,test,goal,,,,", "d,day,test,goal,,,,")
    with pytest.raises(BadLabel, match="a and d are the same film: take one of the two out"):
        folder(clips)


def test_a_split_that_something_was_chosen_on_is_no_test(clips: Path) -> None:
    with pytest.raises(BadLabel, match="chosen on is no test"):
        folder(clips, tuned=["Test"])
    with pytest.raises(BadLabel, match="No clip is in the split vall"):
        folder(clips, tuned=["vall"])
    assert folder(clips, tuned=["train"]).tuned == ("train",)


@pytest.mark.parametrize(
    ("lines", "head", "sentence"),
    [
        (
            ["a,day,train,gaol,,,,"],
            HEAD,
            "labels.csv, line 2: the outcome is goal, no_goal, no_shot or nothing, not 'gaol'",
        ),
        (["a,day,train,goal,,four,,"], HEAD, "line 2: the contact's frame is a number, not 'four'"),
        (["a,day,train,goal,,4.5,,"], HEAD, "line 2: the contact's frame is a number, not '4.5'"),
        (["a,day,train,goal,,460,,"], HEAD, "line 2: frame 460 of a.mp4 is named, which has the frames 0 to 11"),
        (["a,goal,0"], "clip,outcome,slow_motion\n", "line 2: slow_motion is a number above 0"),
        (["z,day,train,goal,,,,"], HEAD, "holds no film with a label: label clips first. z has a label but no film"),
        (["a,day"], "clip,session\n", "labels.csv has no column outcome"),
        ([], HEAD, "labels.csv has no line"),
    ],
)
def test_bad_labels_are_told_in_a_sentence(clips: Path, lines: list[str], head: str, sentence: str) -> None:
    write(clips, *lines, head=head)
    with pytest.raises(BadLabel) as refused:
        folder(clips)
    assert sentence in str(refused.value)


def test_what_is_not_there_is_said(clips: Path) -> None:
    (clips / "labels.csv").unlink()
    with pytest.raises(NotFound, match=r"There is no labels\.csv"):
        folder(clips)
    with pytest.raises(NotFound, match="There is no folder"):
        folder(clips / "nowhere")
    write(clips, "a,day,train,goal,,,,")
    (clips / "boxes.csv").write_text("clip,frame,label,x0,y0,x1,y1\na,3,bird,7,17,13,23\n")
    with pytest.raises(BadLabel, match="not 'bird'"):
        folder(clips)


def test_names_and_numbers_are_taken_as_spreadsheets_write_them(clips: Path) -> None:
    head = "clip;split;outcome;contact_frame\n"
    write(clips, "films\\A.MP4;train;goal;4.0", "B;test;no_goal;", head=head)
    (clips / "ball_points.csv").write_text("clip\tframe\tx_px\ty_px\nA.mp4\t3.0\t10\t20\n", encoding="utf-8-sig")
    a, b = folder(clips).clips
    assert (a.name, a.truth.contact_frame, a.ball, b.name) == ("a", 4, (Spot(3, 10, 20, None),), "b")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("ball_points.csv", "clip,frame,x_px,y_px\na,,10,20\n", "ball_points.csv, line 2: the frame is a whole number"),
        ("ball_points.csv", "clip,frame,x_px,y_px\na,3,,20\n", "line 2: x_px: '' stands where a number belongs"),
        (
            "ball_points.csv",
            "clip,frame,x_px,y_px\na,12,10,20\n",
            "frame 12 of a.mp4 is named, which has the frames 0 to 11",
        ),
        ("boxes.csv", "clip,frame,label,x0,y0,x1,y1\na,3,ball,9,17,7,23\n", "boxes.csv, line 2: x0 should be less"),
        ("truth.json", '[{"name": "a"}]', "truth.json is not whole: number 1, contact_frame is missing"),
        ("truth.json", "[", "truth.json is no whole JSON (line 1"),
        ("a.scene.json", '{"goal_corners_px": [[50, 10], [110, 10], [110, 40], [50, 40]], "focal_px": 0}', "focal_px"),
    ],
)
def test_what_lies_beside_the_films_is_told_by_file_and_line(clips: Path, name: str, text: str, sentence: str) -> None:
    (clips / name).write_text(text, encoding="utf-8")
    with pytest.raises(KickyError) as refused:
        folder(clips)
    assert sentence in str(refused.value)
    assert name in str(refused.value) or "12 of" in sentence
