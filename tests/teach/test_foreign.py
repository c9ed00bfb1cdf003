"""Data sets made elsewhere: COCO, YOLO and CVAT come in with their boxes, outlines and splits, or are told why not."""

import json
import os
import shutil
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from kicky.errors import BadDataset
from kicky.teach.dataset import Dataset
from kicky.teach.foreign import bring_in
from kicky.teach.labelled import BALL, GOAL, PLAYER, WITH_BALL
from kicky.teach.tiles import tiled

from .pictures import drawn


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((100, 200, 3), 90, np.uint8))
    return path


def test_our_own_coco_comes_back_whole(tmp_path: Path) -> None:
    """As the article's public set is laid out, and as Roboflow exports."""
    ours = drawn(tmp_path / "set", {"a": "train", "b": "valid", "c": "test"})
    ours.write_coco()
    (tmp_path / "set" / "dataset.json").unlink()
    shutil.rmtree(tmp_path / "set" / "clips")
    back = Dataset(tmp_path / "back")
    assert bring_in(tmp_path / "set", back) == {BALL: 12, PLAYER: 12, GOAL: 12, "left out": 0}
    mine = list(drawn(tmp_path / "again", {"a": "train", "b": "valid", "c": "test"}).pictures())
    for one, other in zip(mine, back.pictures(), strict=True):
        assert (one.split, one.clip, one.frame, one.size_wh_px) == (
            other.split,
            other.clip,
            other.frame,
            other.size_wh_px,
        )
        assert [(t.label, t.box_px, t.outline_px) for t in one.things] == [
            (t.label, t.box_px, t.outline_px) for t in other.things
        ]
        assert other.things[0].origin["source"] == "hand"
        assert (tmp_path / "back" / other.file).exists()
    assert (tmp_path / "back" / "train" / "_annotations.coco.json").exists()


def coco(folder: Path, **more: object) -> Path:
    picture(folder / "images" / "spf_001_frame_0004.jpg")
    values = {
        "images": [{"id": 7, "file_name": "spf_001_frame_0004.jpg", "width": 200, "height": 100}],
        "categories": [
            {"id": 3, "name": "Sports Ball"}, {"id": 5, "name": "tree"}, {"id": 9, "name": "player_with_ball"},
        ],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 20, 8, 8], "segmentation": []},
            {"id": 2, "image_id": 7, "category_id": 5, "bbox": [0, 0, 50, 50]},
            {
                "id": 3, "image_id": 7, "category_id": 9, "bbox": [0, 0, 4, 2],
                "segmentation": {"size": [100, 200], "counts": [0, 2, 98, 2, 98, 2, 98, 2, 19698]},
            },
        ],
    } | more  # fmt: skip
    (folder / "labels.json").write_text(json.dumps(values))
    return folder


def test_coco_with_other_names_run_lengths_and_one_file(tmp_path: Path) -> None:
    back = Dataset(tmp_path / "back")
    assert bring_in(coco(tmp_path / "theirs"), back) == {BALL: 1, WITH_BALL: 1, "left out": 1}
    (found,) = back.pictures()
    assert (found.clip, found.frame, found.things[0].box_px) == ("spf_001", 4, (10, 20, 18, 28))
    assert found.things[1].outline_px != ()


def test_yolo_boxes_and_polygons(tmp_path: Path) -> None:
    for split, clip in (("train", "a"), ("val", "b")):
        picture(tmp_path / "y" / split / "images" / f"{clip}_12.jpg")
        text = tmp_path / "y" / split / "labels" / f"{clip}_12.txt"
        text.parent.mkdir(parents=True)
        text.write_text("0 0.5 0.5 0.1 0.2\n1 0.1 0.1 0.2 0.1 0.2 0.4 0.1 0.4\n")
    (tmp_path / "y" / "data.yaml").write_text("names: {0: ball, 1: person}\ntrain: train/images\n")
    back = Dataset(tmp_path / "back")
    assert bring_in(tmp_path / "y", back) == {BALL: 2, PLAYER: 2, "left out": 0}
    first = next(iter(back.pictures()))
    assert first.things[0].box_px == pytest.approx((90, 40, 110, 60))
    assert first.things[1].box_px == pytest.approx((20, 10, 40, 40))
    assert {picture.clip: picture.split for picture in back.pictures()} == {"a": "train", "b": "valid"}


def test_yolo_with_a_broken_line_is_told(tmp_path: Path) -> None:
    picture(tmp_path / "y" / "images" / "a_1.jpg")
    (tmp_path / "y" / "labels").mkdir()
    (tmp_path / "y" / "data.yaml").write_text("names: [ball]\n")
    for line in ("0 0.5 0.5", "7 0.5 0.5 0.1 0.1", "ball 1 2 3 4"):
        (tmp_path / "y" / "labels" / "a_1.txt").write_text(line + "\n")
        with pytest.raises(BadDataset, match="no YOLO label"):
            bring_in(tmp_path / "y", Dataset(tmp_path / "back"))


IMAGES = """<annotations><image id="0" name="a_000001.jpg" subset="train" width="200" height="100">
<box label="ball" xtl="10" ytl="20" xbr="18" ybr="28"/><polygon label="goal" points="0,0;100,0;100,50;0,50"/>
<box label="cat" xtl="0" ytl="0" xbr="9" ybr="9"/></image></annotations>"""
VIDEO = """<annotations><meta><source>kick.mp4</source></meta><track id="0" label="ball">
<box frame="3" outside="0" xtl="10" ytl="20" xbr="18" ybr="28"/>
<box frame="4" outside="1" xtl="10" ytl="20" xbr="18" ybr="28"/></track></annotations>"""


def test_cvat_for_images_and_for_video(tmp_path: Path) -> None:
    picture(tmp_path / "i" / "images" / "train" / "a_000001.jpg")
    (tmp_path / "i" / "annotations.xml").write_text(IMAGES)
    assert bring_in(tmp_path / "i", Dataset(tmp_path / "one")) == {BALL: 1, GOAL: 1, "left out": 1}
    picture(tmp_path / "v" / "frame_000003.jpg")
    (tmp_path / "v" / "annotations.xml").write_text(VIDEO)
    assert bring_in(tmp_path / "v", Dataset(tmp_path / "two")) == {BALL: 1, "left out": 0}
    (found,) = Dataset(tmp_path / "two").pictures()
    assert (found.clip, found.frame) == ("kick.mp4", 3)
    (tmp_path / "v" / "frame_000003.jpg").unlink()
    with pytest.raises(BadDataset, match=r"frame 3, but no picture"):
        bring_in(tmp_path / "v", Dataset(tmp_path / "three"))
    (tmp_path / "v" / "annotations.xml").write_text(VIDEO[:-20])
    with pytest.raises(BadDataset, match="no whole XML"):
        bring_in(tmp_path / "v", Dataset(tmp_path / "three"))


def test_a_clip_in_two_splits_is_refused_or_dealt_out_anew(tmp_path: Path) -> None:
    for split in ("train", "valid"):
        folder = tmp_path / "t" / split
        frame = 1 if split == "train" else 2
        picture(folder / f"a_{frame}.jpg")
        values = {
            "images": [{"id": 0, "file_name": f"a_{frame}.jpg", "width": 200, "height": 100}],
            "categories": [{"id": 0, "name": "ball"}],
            "annotations": [{"id": 0, "image_id": 0, "category_id": 0, "bbox": [1, 1, 5, 5]}],
        }
        (folder / "_annotations.coco.json").write_text(json.dumps(values))
    with pytest.raises(BadDataset, match=r"Frames of a are in train and in valid.*--resplit"):
        bring_in(tmp_path / "t", Dataset(tmp_path / "back"))
    bring_in(tmp_path / "t", Dataset(tmp_path / "back"), resplit=True)
    assert len({picture.split for picture in Dataset(tmp_path / "back").pictures()}) == 1


def test_what_cannot_come_in_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(BadDataset, match="holds no COCO, YOLO or CVAT"):
        bring_in(empty, Dataset(tmp_path / "back"))
    with pytest.raises(BadDataset, match="correct the path"):
        bring_in(tmp_path / "nowhere", Dataset(tmp_path / "back"))
    cats = coco(tmp_path / "cats", categories=[{"id": k, "name": "cat"} for k in (3, 5, 9)])
    with pytest.raises(BadDataset, match=r"No ball, player or goal .*\(it has cat\)"):
        bring_in(cats, Dataset(tmp_path / "back"))
    theirs = coco(tmp_path / "theirs")
    (theirs / "images" / "spf_001_frame_0004.jpg").unlink()
    with pytest.raises(BadDataset, match="is labelled but not in"):
        bring_in(theirs, Dataset(tmp_path / "back"))
    with pytest.raises(BadDataset, match="another name"):
        bring_in(coco(tmp_path / "more"), drawn(tmp_path / "set"))


def test_a_picture_outside_the_folder_is_never_taken(tmp_path: Path) -> None:
    secret = picture(tmp_path / "secret.jpg")
    images = [{"id": 7, "file_name": "../secret.jpg", "width": 200, "height": 100}]
    theirs = coco(tmp_path / "theirs", images=images)
    assert secret.exists()
    with pytest.raises(BadDataset, match="is labelled but not in"):
        bring_in(theirs, Dataset(tmp_path / "back"))


@pytest.mark.parametrize("how", ["coco", "coco in a linked folder", "yolo", "cvat", "a label file"])
def test_a_link_to_a_file_outside_is_refused_by_name(how: str, tmp_path: Path) -> None:
    secret = picture(tmp_path / "private" / "spf_001_frame_0004.jpg")
    theirs = tmp_path / "theirs"
    link = theirs / "images" / secret.name
    if how.startswith("coco"):
        coco(theirs).joinpath("images", secret.name).unlink()
    else:
        link.parent.mkdir(parents=True)
    if how == "coco in a linked folder":
        link = theirs / "more"
    if how == "cvat":
        (theirs / "annotations.xml").write_text(IMAGES.replace("a_000001.jpg", secret.name))
    if how in ("yolo", "a label file"):
        (theirs / "data.yaml").write_text("names: [ball]\n")
        (theirs / "labels").mkdir()
    if how == "yolo":
        (theirs / "labels" / secret.with_suffix(".txt").name).write_text("0 0.5 0.5 0.1 0.1\n")
    if how == "a label file":
        shutil.copyfile(secret, link)
        link = theirs / "labels" / secret.with_suffix(".txt").name
        secret.write_text("0 0.5 0.5 0.1 0.1\n")
    link.symlink_to(secret.parent if how == "coco in a linked folder" else secret)
    with pytest.raises(BadDataset, match=f"{link.name} is a link to a file outside"):
        bring_in(theirs, Dataset(tmp_path / "back"))
    assert not (tmp_path / "back").exists()


def test_a_link_to_a_file_within_is_no_hindrance_and_what_is_no_file_is(tmp_path: Path) -> None:
    theirs = coco(tmp_path / "theirs")
    path = theirs / "images" / "spf_001_frame_0004.jpg"
    path.rename(theirs / "kept.jpg")
    path.symlink_to("../kept.jpg")
    assert bring_in(theirs, Dataset(tmp_path / "back"))[BALL] == 1
    for left in ("gone.jpg", "pipe.jpg"):
        if left == "gone.jpg":
            (theirs / left).symlink_to("nothing.jpg")
        else:
            os.mkfifo(theirs / left)
        with pytest.raises(BadDataset, match=f"{left} is no file that can be read"):
            bring_in(theirs, Dataset(tmp_path / "other"))
        (theirs / left).unlink()


def test_a_name_with_wildcards_finds_nothing_else(tmp_path: Path) -> None:
    theirs = coco(tmp_path / "theirs", images=[{"id": 7, "file_name": "spf*.jpg", "width": 200, "height": 100}])
    with pytest.raises(BadDataset, match=r"spf\*\.jpg is labelled but not in"):
        bring_in(theirs, Dataset(tmp_path / "back"))


def png_of(width: int, height: int) -> bytes:
    """-> a PNG of a few bytes that says it is so large."""
    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")
    body = (struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_a_picture_larger_than_any_cameras_is_refused_unopened(side: int, tmp_path: Path) -> None:
    theirs = coco(tmp_path / "theirs")
    (theirs / "images" / "spf_001_frame_0004.jpg").write_bytes(png_of(side, side))
    with pytest.raises(BadDataset, match="more pixels than any camera"):
        bring_in(theirs, Dataset(tmp_path / "back"))
    (theirs / "images" / "spf_001_frame_0004.jpg").write_bytes(b"no picture")
    with pytest.raises(BadDataset, match="no picture that can be read"):
        bring_in(theirs, Dataset(tmp_path / "back"))


@pytest.mark.parametrize(
    ("size", "counts"),
    [
        ([1_000_000, 1_000_000], [0, 10**12]),
        ([100, 200], [2**31, 2**31]),
        ([100, 200], [-5, 20_005]),
        ([100, 200], ["a"]),
        ([100, 200], "x" * 1000),
        (None, [0]),
    ],
)
def test_a_mask_that_is_none_is_refused(size: object, counts: object, tmp_path: Path) -> None:
    things = [
        {"image_id": 7, "category_id": 3, "bbox": [0, 0, 4, 2], "segmentation": {"size": size, "counts": counts}},
    ]
    with pytest.raises(BadDataset, match="export"):
        bring_in(coco(tmp_path / "theirs", annotations=things), Dataset(tmp_path / "back"))


@pytest.mark.parametrize(
    "values", [{"images": [{"id": 7}]}, {"images": 3}, {"categories": [{}]}, {"annotations": [[]]}]
)
def test_coco_that_is_not_whole_is_told(values: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="not whole"):
        bring_in(coco(tmp_path / "theirs", **values), Dataset(tmp_path / "back"))


DEEP = "a0: &a0 [x, x]\n" + "".join(f"a{k}: &a{k} [*a{k - 1}, *a{k - 1}]\n" for k in range(1, 40))


@pytest.mark.parametrize(
    "text", [DEEP + "names: [*a39]\n", "names: [" * 5000, "names: {x: ball}\n", "- ball\n", "names: 7\n", "a: b: c\n"]
)
def test_a_yaml_that_names_no_classes_is_told_and_none_grows_without_end(text: str, tmp_path: Path) -> None:
    picture(tmp_path / "y" / "images" / "a_1.jpg")
    (tmp_path / "y" / "data.yaml").write_text(text)
    with pytest.raises(BadDataset, match="does not name its classes"):
        bring_in(tmp_path / "y", Dataset(tmp_path / "back"))


LAUGHS = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 12))


@pytest.mark.parametrize(
    "head",
    [f'<!DOCTYPE x [<!ENTITY l0 "ball">{LAUGHS}]>', '<!DOCTYPE x [<!ENTITY l11 SYSTEM "file:///etc/hostname">]>'],
)
def test_xml_neither_grows_without_end_nor_reads_other_files(head: str, tmp_path: Path) -> None:
    picture(tmp_path / "i" / "a_000001.jpg")
    (tmp_path / "i" / "labels.xml").write_text(head + IMAGES.replace("<image", "<a>&l11;</a><image", 1))
    with pytest.raises(BadDataset, match="no whole XML"):
        bring_in(tmp_path / "i", Dataset(tmp_path / "back"))


@pytest.mark.parametrize("name", ["../../x.jpg", "train/../../x.jpg", "/etc/x.jpg", "train/deep/x.jpg"])
def test_a_data_set_whose_pictures_lie_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    mine = drawn(tmp_path / "set", {"a": "train"})
    shard = next((tmp_path / "set" / "clips").glob("*.jsonl"))
    first, *rest = shard.read_text().splitlines()
    shard.write_text("\n".join([json.dumps(json.loads(first) | {"file": name}), *rest]) + "\n")
    with pytest.raises(BadDataset, match="which is no picture of set"):
        tiled(mine, tmp_path / "tiles", 0)
    shard.write_text(json.dumps(json.loads(first) | {"split": "../.."}) + "\n")
    with pytest.raises(BadDataset, match="which is no picture of set"):
        tiled(mine, tmp_path / "tiles", 0)
