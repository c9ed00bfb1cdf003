"""Labels as other programs write them, for the clips here: every kind has its right value, or a sentence."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kicky import __main__
from kicky.errors import BadLabel
from kicky.service import boxes, clips, exchange, sessions
from kicky.storage import answers

from .. import numbered

WIDE, HIGH = numbered.SIZE_WH


@pytest.fixture
def clip_id(tmp_path: Path) -> int:
    """-> a clip of 40 frames, called DAY_01.MP4, nothing said of it."""
    session = sessions.new(dt.date(2026, 11, 21))
    path = numbered.film(tmp_path / "DAY_01.MP4", 40, numbered.uneven(40, 0))
    return clips.add(session, path.name, path).id


def said(clip_id: int) -> dict[str, str]:
    return {name.removeprefix("truth:"): a.value for who in answers.said(clip_id).values() for name, a in who.items()}


def drawn(clip_id: int) -> dict[int, list[tuple[float, ...]]]:
    return {frame: [tuple(t.box_px) for t in things] for frame, things in boxes.of_clip(clip_id).items()}


@pytest.mark.parametrize(
    "text",
    [
        "clip,outcome,contact_frame\nday_01.mp4,goal,12\n",
        "clip,outcome,contact_frame\nC:\\films\\DAY_01.MP4,goal,12.0\n",
        "clip;outcome;contact_frame\nday_01;goal;12\n",
        "sep=;\nclip;outcome;contact_frame\nday_01;goal;12\n",
        "clip\toutcome\tcontact_frame\nday_01.MP4\tgoal\t12.0\n",
        "clip , outcome,contact_frame\nfilms/day_01.mp4,goal,12\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_as_spreadsheets_save_it_is_understood(text: str, encoding: str, clip_id: int, tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    path.write_text(text, encoding=encoding)
    assert exchange.read_labels(path).clips == 1
    assert (said(clip_id)["outcome"], said(clip_id)["contact_frame"]) == ("goal", "12")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("clip,contact_frame\nday_01,12.5\n", "contact_frame 12.5 is not in the clip"),
        ("clip,contact_frame\nday_01,460\n", "contact_frame 460 is not in the clip, which has the frames 0 to 39"),
        ("clip,contact_frame,contact_time_s\nday_01,12.5,0.1\n", "line 2: contact_frame is '12.5'"),
        ('clip,contact_frame,contact_time_s\nday_01,12,"0,5"\n', "'0,5', which is no number: write it with a point"),
        ("clip,contact_frame,contact_time_s\nday_01,12,nan\n", "'nan', which is no number"),
        ("clip,outcome\n,goal\n", "line 2: no clip is named"),
        ("clip|outcome\nday_01|goal\n", "no column called clip"),
        ("clip,outcome\nday_01,goal\nDAY_01.MP4,no_goal\n", r"twice with different answers \(outcome\)"),
    ],
)
def test_a_table_that_is_none_is_told_by_line(text: str, sentence: str, clip_id: int, tmp_path: Path) -> None:
    (tmp_path / "said.csv").write_text(text)
    with pytest.raises(BadLabel, match=sentence):
        exchange.read_labels(tmp_path / "said.csv")
    assert said(clip_id) == {}


def coco(path: Path, **parts: Any) -> Path:
    image = {"id": "7", "file_name": "frames\\day_01_000012.jpg", "width": WIDE, "height": HIGH}
    values = {
        "images": [image],
        "annotations": [{"image_id": 7, "category_id": 1, "bbox": [10, 20, 8, 8]}],
        "categories": [{"id": "1", "name": "ball"}],
    } | parts
    path.write_text(json.dumps(values), encoding="utf-8-sig")
    return path


def test_coco_ids_are_one_as_number_and_as_text(clip_id: int, tmp_path: Path) -> None:
    exchange.read_labels(coco(tmp_path / "c.json"))
    assert drawn(clip_id) == {12: [(10, 20, 18, 28)]}


def image(**more: Any) -> dict[str, Any]:
    return {"id": 7, "file_name": "day_01_000012.jpg", "width": WIDE, "height": HIGH} | more


def note(**more: Any) -> dict[str, Any]:
    return {"image_id": 7, "category_id": 1, "bbox": [10, 20, 8, 8]} | more


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"annotations": [note(image_id=8)]}, "c.json, annotation 1: there is no image 8"),
        ({"annotations": None}, "annotations should be a list, not None"),
        ({"images": [image(), image(id=8)]}, "two pictures of frame 12"),
        ({"images": [image(width=WIDE // 2, height=HIGH // 2)]}, "320 × 180: export at the film's size"),
        ({"annotations": [note(bbox=[WIDE + 9, 20, 8, 8])]}, "outside its picture"),
        ({"annotations": [note(bbox=[10, 20, -8, 8])]}, "the ball is -8 × 8 px"),
    ],
)
def test_coco_that_does_not_fit_makes_nothing_true(
    parts: dict[str, Any], sentence: str, clip_id: int, tmp_path: Path
) -> None:
    with pytest.raises(BadLabel, match=sentence):
        exchange.read_labels(coco(tmp_path / "c.json", **parts))
    assert drawn(clip_id) == {}


def xml(path: Path, inside: str) -> Path:
    path.write_text(f"<annotations>{inside}</annotations>", encoding="utf-8-sig")
    return path


def test_cvat_for_images_is_read(clip_id: int, tmp_path: Path) -> None:
    box = '<box label="ball" xtl="10" ytl="20" xbr="18" ybr="28"/>'
    named = f'<image id="0" name="films/day_01_000012.png" width="{WIDE}" height="{HIGH}">{box}</image>'
    assert exchange.read_labels(xml(tmp_path / "i.xml", named)).frames == 1
    assert drawn(clip_id) == {12: [(10, 20, 18, 28)]}
    task = "<meta><task><source>DAY_01.MP4</source></task></meta>"
    exchange.read_labels(xml(tmp_path / "j.xml", task + named.replace("films/day_01_000012.png", "frame_000013")))
    assert drawn(clip_id)[13] == [(10, 20, 18, 28)]


TRACK = '<track id="0" label="ball">{}</track>'


def test_a_frame_of_which_not_all_is_read_is_not_one_without_a_ball(clip_id: int, tmp_path: Path) -> None:
    shapes = '<points frame="12" points="1,2"/><ellipse frame="13" cx="50" cy="40" rx="5" ry="4"/>'
    brought = exchange.read_labels(xml(tmp_path / "day_01.xml", TRACK.format(shapes)))
    assert drawn(clip_id) == {13: [(45, 36, 55, 44)]}
    assert brought.left_out == {"ball as points": 1}
    assert brought.warnings == ["Left out of the file: ball as points (1)."]


TWO = """<meta><project><task><id>1</id><source>DAY_01.MP4</source></task>
<task><id>2</id><source>night.mp4</source></task></project></meta>
<track id="0" label="ball" task_id="1"><box frame="3" xtl="10" ytl="20" xbr="18" ybr="28"/></track>
<track id="1" label="ball" task_id="2"><box frame="3" xtl="50" ytl="60" xbr="58" ybr="68"/></track>"""


def test_a_project_gives_each_film_its_own(clip_id: int, tmp_path: Path) -> None:
    brought = exchange.read_labels(xml(tmp_path / "p.xml", TWO), skip_unknown=True)
    assert drawn(clip_id) == {3: [(10, 20, 18, 28)]}
    assert brought.warnings == ["1 clip is not here and was left out: night.mp4."]
    with pytest.raises(BadLabel, match="of task 5, which the head does not name"):
        exchange.read_labels(xml(tmp_path / "p.xml", TWO.replace('task_id="2"', 'task_id="5"')), skip_unknown=True)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.json", b"[" * 100_000, r"a\.json is no JSON that can be read \(it nests too deep\)"),
        ("a.json", b'{"images": [1,', r"a\.json is no whole JSON \(line 1, column 15"),
        ("a.json", b'{"day_01": "goal", "x": "\xff"}', r"a\.json is no text in UTF-8"),
        ("a.jsonl", b'{"clip": "day_01", "boxes": {"3": null}}', "Line 1 of a.jsonl is not whole: boxes, 3 should be"),
        ("a.jsonl", b"\xff", "no text in UTF-8"),
        ("a.jsonl", b'{"clip": "day_01", "answers": {"Ada": {"outcome": null}}}', "answers, Ada, outcome should be a"),
        ("a.csv", b"clip,note\nday_01,\xe9\n", "no CSV in UTF-8"),
        ("a.xml", b'<annotations><track label="ball"><box xtl="1"/></track></annotations>', "frame should be a whole"),
    ],
)
def test_what_is_no_file_of_labels_is_told(name: str, data: bytes, sentence: str, clip_id: int, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadLabel, match=sentence):
        exchange.read_labels(tmp_path / name)
    assert said(clip_id) == {}
    assert drawn(clip_id) == {}


def test_a_yolo_folder_whose_table_is_off_is_told(clip_id: int, tmp_path: Path) -> None:
    boxes.draw(clip_id, 12, [("ball", (100.0, 50.0, 110.0, 60.0), ())], "Ada")
    exchange.write_labels("yolo", tmp_path / "y")
    table, (label,) = tmp_path / "y" / "frames.csv", (tmp_path / "y" / "labels").iterdir()
    whole = table.read_text()
    for old, new, sentence in (
        (",12,", ",12.5,", r"frames\.csv, line 2: frame is '12.5'"),
        (f",{WIDE},", ",x,", r"frames\.csv, line 2: width is 'x'"),
        ("origins", "o", None),
        ("time_s", "t", "no column called time_s"),
        (f",{WIDE},{HIGH},", f",{WIDE * 2},{HIGH * 2},", "export at the film's size"),
    ):
        table.write_text(whole.replace(old, new))
        if sentence is None:
            assert exchange.read_labels(tmp_path / "y").frames == 1
            continue
        with pytest.raises(BadLabel, match=sentence):
            exchange.read_labels(tmp_path / "y")
    table.write_text(whole)
    label.rename(label.with_name("other.txt"))
    with pytest.raises(BadLabel, match="there is no labels/"):
        exchange.read_labels(tmp_path / "y")


def test_the_command_line_tells_what_was_left_out(clip_id: int, tmp_path: Path) -> None:
    (tmp_path / "said.csv").write_text("clip,outcome\nday_01,goal\nother,goal\n")
    told = CliRunner().invoke(__main__.app, ["labels", "import", str(tmp_path / "said.csv"), "--skip-unknown"])
    assert told.exit_code == 0
    assert "1 clips: 1 answers" in told.output
    assert "1 clip is not here and was left out: other." in told.output
