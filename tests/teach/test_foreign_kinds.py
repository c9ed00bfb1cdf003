"""What other programs write beyond the plain case: ids, sizes, turned boxes, confidences, several films in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from kicky import __main__, home
from kicky.errors import BadDataset
from kicky.teach.dataset import Dataset
from kicky.teach.foreign import bring_in
from kicky.teach.labelled import BALL, GOAL, PLAYER, Picture


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((100, 200, 3), 90, np.uint8))
    return path


def brought(folder: Path, tmp_path: Path, name: str = "made") -> tuple[dict[str, int], list[Picture]]:
    made = Dataset(tmp_path / name)
    counts = bring_in(folder, made)
    return counts, sorted(made.pictures(), key=lambda each: (each.clip, each.frame))


def left_out(tmp_path: Path) -> dict[str, int]:
    return dict(Dataset(tmp_path / "made").about()["made_with"]["left_out"])


def coco(folder: Path, images: Any = None, annotations: Any = None, categories: Any = None) -> Path:
    for frame in (4, 5):
        picture(folder / f"a_{frame}.jpg")
    values = {
        "images": images or [{"id": k, "file_name": f"a_{k}.jpg", "width": 200, "height": 100} for k in (4, 5)],
        "annotations": annotations or [{"image_id": k, "category_id": 1, "bbox": [10, 20, 8, 8]} for k in (4, 5)],
        "categories": categories or [{"id": 1, "name": "ball"}],
    }
    (folder / "labels.json").write_text(json.dumps(values), encoding="utf-8-sig")
    return folder


@pytest.mark.parametrize("ids", [("4", 4), (4, "4"), (4.0, 4)])
def test_coco_ids_are_one_as_number_and_as_text(ids: tuple[Any, Any], tmp_path: Path) -> None:
    images = [{"id": ids[0], "file_name": "a_4.jpg", "width": 200, "height": 100}]
    notes = [{"image_id": ids[1], "category_id": "1", "bbox": [10, 20, 8, 8]}]
    counts, (found,) = brought(coco(tmp_path / "c", images, notes), tmp_path)
    assert counts == {BALL: 1, "left out": 0}
    assert found.things[0].box_px == (10, 20, 18, 28)


def test_coco_with_windows_paths_and_a_thing_twice(tmp_path: Path) -> None:
    images = [{"id": 4, "file_name": "images\\a_4.jpg", "width": 200, "height": 100}]
    notes = [{"id": k, "image_id": 4, "category_id": 1, "bbox": [10, 20, 8, 8]} for k in (1, 2)]
    counts, (found,) = brought(coco(tmp_path / "c", images, notes), tmp_path)
    assert (counts, found.clip, found.frame) == ({BALL: 1, "left out": 1}, "a", 4)
    assert left_out(tmp_path) == {"labels that stand there twice": 1}


def test_coco_without_a_box_takes_that_of_the_outline(tmp_path: Path) -> None:
    notes = [{"image_id": 4, "category_id": 1, "bbox": [], "segmentation": [[10, 20, 18, 20, 18, 28]]}]
    _, (found, empty) = brought(coco(tmp_path / "c", annotations=notes), tmp_path)
    assert (found.things[0].box_px, empty.things) == ((10, 20, 18, 28), ())


def test_compressed_run_lengths_are_those_of_the_reference(tmp_path: Path) -> None:
    from pycocotools import mask

    drawn = np.zeros((100, 200), np.uint8, order="F")
    drawn[20:60, 30:90] = drawn[5:9, 100:180] = 1
    runs = mask.encode(drawn)
    note = {"image_id": 4, "category_id": 1, "bbox": [30, 5, 150, 55]}
    whole = note | {"segmentation": {"size": [100, 200], "counts": runs["counts"].decode()}}
    _, (found, _) = brought(coco(tmp_path / "c", annotations=[whole]), tmp_path)
    again = np.zeros((100, 200), np.uint8)
    for part in found.things[0].outline_px:
        cv2.fillPoly(again, [np.array(part, np.int32).reshape(-1, 2)], 1)
    assert (again == drawn).all()


IMAGE = {"id": 4, "file_name": "a_4.jpg", "width": 200, "height": 100}
NOTE = {"image_id": 4, "category_id": 1, "bbox": [10, 20, 8, 8]}


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"annotations": [NOTE | {"image_id": 9}]}, "annotation 1: there is no image 9"),
        ({"annotations": [NOTE | {"category_id": 9}]}, "annotation 1: there is no category 9"),
        ({"images": [IMAGE, IMAGE]}, "two images with the id 4"),
        ({"images": [IMAGE, IMAGE | {"id": 5}]}, r"a_4\.jpg is labelled twice"),
        ({"categories": [{"id": 1, "name": "ball"}, {"id": "1", "name": "dog"}]}, "two categories with the id 1"),
        ({"categories": [{"id": 1, "name": None}]}, "categories, number 1, name should be a text, not None"),
        ({"images": [IMAGE | {"width": 400, "height": 200}]}, "is 200 × 100 px, and its labels are of .* 400 × 200"),
        ({"annotations": [NOTE | {"bbox": [10, 20, float("nan"), 8]}]}, "bbox, number 3 should be a finite number"),
        ({"annotations": [NOTE | {"bbox": [10, 20, -8, 8]}]}, "the ball is -8 × 8 px"),
        ({"annotations": [NOTE | {"bbox": [10, 20, 0, 8]}]}, "the ball is 0 × 8 px"),
        ({"annotations": [NOTE | {"bbox": [300, 20, 8, 8]}]}, "outside its picture of 200 × 100"),
        ({"annotations": [NOTE | {"bbox": [10, 20, 8]}]}, "bbox has 3 numbers"),
        ({"annotations": [NOTE | {"bbox": None}]}, "bbox is missing"),
        ({"annotations": [NOTE | {"segmentation": [[1, 2, 3, 4, 5, 6, 7]]}]}, "three corners or more of two numbers"),
        ({"annotations": [NOTE | {"segmentation": {"size": [100, 200], "counts": [3]}}]}, "do not fill a mask"),
    ],
)
def test_coco_that_does_not_fit_is_told_by_place_and_nothing_is_made(
    parts: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    whole = {"images": [IMAGE], "annotations": [NOTE]} | parts
    with pytest.raises(BadDataset, match=sentence):
        brought(coco(tmp_path / "c", **whole), tmp_path)
    assert not (tmp_path / "made").exists()


def yolo(folder: Path, *lines: str, about: str = "names: [ball, person, tree]\n") -> Path:
    picture(folder / "images" / "a_4.jpg")
    (folder / "labels").mkdir()
    (folder / "data.yaml").write_text(about, encoding="utf-8-sig")
    (folder / "labels" / "a_4.txt").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return folder


@pytest.mark.parametrize(
    "line", ["0 0.5 0.5 0.1 0.2", "0 0.5 0.5 0.1 0.2 0.93", "0 0.5 0.5 0.1 0.2 0.93 17", "0.0 0.5 0.5 0.1 0.2"]
)
def test_a_yolo_box_is_one_with_a_confidence_and_a_tracks_number_too(line: str, tmp_path: Path) -> None:
    _, (found,) = brought(yolo(tmp_path / "y", line), tmp_path)
    assert found.things[0].box_px == pytest.approx((90, 40, 110, 60))
    assert found.things[0].outline_px == ()


def test_a_yolo_triangle_stays_one_and_labels_without_a_picture_are_counted(tmp_path: Path) -> None:
    folder = yolo(tmp_path / "y", "0 0.5 0.5 0.6 0.5 0.6 0.7")
    (folder / "labels" / "b_9.txt").write_text("0 0.5 0.5 0.1 0.2\n")
    counts, (found,) = brought(folder, tmp_path)
    assert found.things[0].outline_px[0] == pytest.approx((100, 50, 120, 50, 120, 70))
    assert (counts["left out"], left_out(tmp_path)) == (1, {"label files without a picture": 1})


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("0 100 50 20 20", r"a_4\.txt, line 2, is no YOLO label .*shares of the picture"),
        ("0 0.5 0.5 -0.1 0.2", "shares of the picture"),
        ("0 0.5 0.5 0 0.2", "the ball is 0 × 20 px"),
        ("0 0.5 0.5 nan 0.2", "shares of the picture"),
        ("0 0.1 0.1 0.2 0.1 0.2 0.4 0.93", "it has 7 numbers, but a box has 4"),
        ("0 0.5 0.5 0.1 0.2 0.9 1", "a triangle, or a box with a confidence"),
        ("0 0,5 0,5 0,1 0,2", "a word where a number belongs"),
        ("9 0.5 0.5 0.1 0.2", "there is no class 9 in the yaml"),
    ],
)
def test_a_yolo_line_that_is_none_is_told(line: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match=sentence):
        brought(yolo(tmp_path / "y", "0 0.5 0.5 0.1 0.2", line), tmp_path)
    assert not (tmp_path / "made").exists()


def test_yolo_of_key_points_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="key points"):
        brought(
            yolo(tmp_path / "y", "1 0.5 0.5 0.1 0.2", about="names: [ball, person]\nkpt_shape: [17, 2]\n"), tmp_path
        )


def cvat(folder: Path, *shapes: str) -> Path:
    picture(folder / "a_4.jpg")
    inside = "".join(shapes)
    text = f'<annotations><image id="0" name="a_4.jpg" width="200" height="100">{inside}</image></annotations>'
    (folder / "annotations.xml").write_text(text, encoding="utf-8-sig")
    return folder


def test_cvat_shapes_have_their_places(tmp_path: Path) -> None:
    folder = cvat(
        tmp_path / "c",
        '<box label="goal" xtl="80" ytl="40" xbr="120" ybr="60" rotation="90"/>',
        '<ellipse label="ball" cx="50" cy="40" rx="10" ry="4" rotation="90"/>',
        '<mask label="player" rle="1,3,1,2,1,2" left="30" top="60" width="5" height="2"/>',
        '<points label="tree" points="1,2"/>',
    )
    counts, (found,) = brought(folder, tmp_path)
    assert counts == {GOAL: 1, BALL: 1, PLAYER: 1, "left out": 1}
    assert found.things[0].box_px == pytest.approx((90, 30, 110, 70))
    assert found.things[1].box_px == pytest.approx((46, 30, 54, 50))
    assert found.things[2].box_px == (30, 60, 35, 62)
    assert found.things[0].outline_px[0] == pytest.approx((110, 30, 110, 70, 90, 70, 90, 30))


@pytest.mark.parametrize("shape", ["points", "polyline", "skeleton", "cuboid"])
def test_a_picture_of_which_not_all_is_read_does_not_say_nothing_is_there(shape: str, tmp_path: Path) -> None:
    folder = cvat(tmp_path / "c", f'<{shape} label="ball" points="1,2;3,4"/>')
    picture(folder / "a_5.jpg")
    file = folder / "annotations.xml"
    box = '<box label="ball" xtl="1" ytl="2" xbr="9" ybr="8"/>'
    more = f'<image id="1" name="a_5.jpg" width="200" height="100">{box}</image>'
    file.write_text(file.read_text().replace("</annotations>", more + "</annotations>"))
    counts, (found,) = brought(folder, tmp_path)
    assert (found.frame, counts, left_out(tmp_path)) == (5, {BALL: 1, "left out": 1}, {f"ball as {shape}": 1})


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ('<box label="ball" xtl="1" ytl="2" xbr="9"/>', "image 'a_4.jpg', box: ybr is missing"),
        ('<box label="ball" xtl="1,5" ytl="2" xbr="9" ybr="8"/>', "xtl is '1,5', which is no number"),
        ('<box label="ball" xtl="9" ytl="2" xbr="1" ybr="8"/>', "the ball is -8 × 6 px"),
        ('<polygon label="ball" points="1,2;3"/>', "points should be x,y;x,y"),
        ('<ellipse label="ball" cx="50" cy="40" rx="0" ry="4"/>', "radii are 0 and 4"),
        ('<mask label="ball" rle="1,3" left="3" top="6" width="5" height="2"/>', "do not fill a mask"),
    ],
)
def test_a_cvat_shape_that_is_none_is_told(shape: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match=sentence):
        brought(cvat(tmp_path / "c", shape), tmp_path)
    assert not (tmp_path / "made").exists()


TASKS = "".join(
    f"<task><id>{k}</id><name>{name}</name><source>{name}.mp4</source><subset>{split}</subset></task>"
    for k, (name, split) in enumerate([("one", "train"), ("two", "val")], 7)
)
PROJECT = f"""<annotations><meta><project><tasks>{TASKS}</tasks></project></meta>
<track id="0" label="ball" task_id="7"><box frame="3" outside="0" xtl="10" ytl="20" xbr="18" ybr="28"/></track>
<track id="1" label="ball" task_id="8"><box frame="3" outside="0" xtl="50" ytl="60" xbr="58" ybr="68"/></track>
</annotations>"""


def test_a_project_of_two_films_gives_each_its_own_boxes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        picture(tmp_path / "p" / name / "frame_000003.jpg")
    (tmp_path / "p" / "annotations.xml").write_text(PROJECT)
    _, (one, two) = brought(tmp_path / "p", tmp_path)
    assert (one.clip, one.split, one.things[0].box_px) == ("one.mp4", "train", (10, 20, 18, 28))
    assert (two.clip, two.split, two.things[0].box_px) == ("two.mp4", "valid", (50, 60, 58, 68))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('task_id="8"', 'task_id="9"', "a track is of task 9, which the head does not name"),
        ('task_id="8"', "", "a track is of one of 2 tasks, and not of which"),
    ],
)
def test_a_track_of_no_film_that_is_told_is_refused(old: str, new: str, sentence: str, tmp_path: Path) -> None:
    picture(tmp_path / "p" / "one" / "frame_000003.jpg")
    (tmp_path / "p" / "annotations.xml").write_text(PROJECT.replace(old, new))
    with pytest.raises(BadDataset, match=sentence):
        brought(tmp_path / "p", tmp_path)
    (tmp_path / "p" / "annotations.xml").write_text(PROJECT)
    with pytest.raises(BadDataset, match=r"frame 3, but no picture of it is there: .* in a folder two"):
        brought(tmp_path / "p", tmp_path)


def test_the_command_line_tells_what_was_left_out(tmp_path: Path) -> None:
    folder = yolo(tmp_path / "y", "0 0.5 0.5 0.1 0.2", "2 0.5 0.5 0.1 0.2")
    said = CliRunner().invoke(__main__.app, ["import-labels", str(folder), "--name", "theirs"])
    assert said.exit_code == 0
    assert "Left out: tree (1)." in said.output
    assert (home.datasets() / "theirs").exists()
