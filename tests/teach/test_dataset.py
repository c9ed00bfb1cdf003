"""Labelled pictures on disk: whole or not at all, split by clip, corrected by persons, and as COCO."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kicky.errors import BadDataset, NotFound
from kicky.teach import dataset as data
from kicky.teach.dataset import SPLITS, Dataset, split_by_clip
from kicky.teach.labelled import (
    BALL,
    GOAL,
    IN_GOAL,
    PLAYER,
    WITH_BALL,
    Picture,
    Thing,
    interacting,
    outline_of,
    picture_from_json,
)  # fmt: skip

from .pictures import drawn

# --- split by clip, never by frame ------------------------------------------------------------


@given(st.sets(st.text("abcdef0123456789", min_size=1), min_size=2, max_size=40))
def test_every_clip_has_one_split_and_some_are_left_to_judge_by(clips: set[str]) -> None:
    dealt = split_by_clip(sorted(clips), {})
    assert set(dealt) == clips
    assert {"train", "valid"} <= set(dealt.values()) <= set(SPLITS)


@given(st.sets(st.text("abcdef0123456789", min_size=1), min_size=12, max_size=30))
def test_a_clip_stays_where_it_is_as_others_come(clips: set[str]) -> None:
    """With clips enough that none is moved to fill a split."""
    few, all_ = split_by_clip(sorted(clips)[:-1], {}), split_by_clip(sorted(clips), {})
    moved = [clip for clip in few if few[clip] != all_[clip]]
    assert len(moved) <= 2


def test_what_labels_say_of_a_split_is_honoured() -> None:
    dealt = split_by_clip(["a", "b", "c"], {"a": "val", "b": "TEST", "c": ""})
    assert (dealt["a"], dealt["b"], dealt["c"]) == ("valid", "test", "train")
    with pytest.raises(BadDataset, match="call it train, valid or test"):
        split_by_clip(["a"], {"a": "later"})


def test_shares_are_about_as_promised() -> None:
    dealt = list(split_by_clip([f"{number:x}" for number in range(4000)], {}).values())
    for split, share in data.SHARES.items():
        assert dealt.count(split) / 4000 == pytest.approx(share, abs=0.03)


# --- what it holds ----------------------------------------------------------------------------


def test_a_clip_is_in_whole_or_not_at_all(tmp_path: Path) -> None:
    dataset = drawn(tmp_path / "set")

    def broken() -> Iterator[Picture]:
        yield from list(dataset.pictures())[:2]
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        dataset.add("c", broken())
    assert not dataset.has("c")
    assert dataset.has("a")
    assert not list((tmp_path / "set" / "clips").glob(".*"))


def test_a_picture_comes_back_as_it_was(tmp_path: Path) -> None:
    for picture in drawn(tmp_path / "set").pictures():
        assert picture_from_json(json.loads(json.dumps(picture.to_json()))) == picture


def test_counts_and_fingerprint_follow_the_labels(tmp_path: Path) -> None:
    dataset = drawn(tmp_path / "set")
    assert dataset.counts()["train"] == {"pictures": 4, BALL: 4, PLAYER: 4, GOAL: 4}
    assert dataset.counts()["test"]["pictures"] == 0
    before = dataset.fingerprint()
    assert drawn(tmp_path / "same").fingerprint() == before
    dataset.correct("train/a_000000.jpg", [], "Ada")
    assert dataset.fingerprint() != before


def test_the_last_word_of_a_person_counts(tmp_path: Path) -> None:
    dataset = drawn(tmp_path / "set")
    file = "train/a_000001.jpg"
    dataset.correct(file, None, "Ada")
    assert file not in [picture.file for picture in dataset.pictures()]
    assert file in [picture.file for picture in dataset.pictures(rejected=True)]
    ball = Thing(BALL, (1, 2, 3, 4), origin={"source": "person"})
    dataset.correct(file, [ball], "Bob")
    assert next(p for p in dataset.pictures() if p.file == file).things == (ball,)
    assert dataset.counts()["train"][PLAYER] == 3


def test_names_no_folder_may_have_are_refused() -> None:
    for name in ("../up", "", ".hidden", "a/b", "x" * 80):
        with pytest.raises(BadDataset, match="use letters"):
            data.new(name)
    with pytest.raises(NotFound, match="label some clips first"):
        data.named("nothing")
    assert data.names() == []


# --- as COCO ----------------------------------------------------------------------------------


def test_coco_is_whole_and_says_where_each_label_comes_from(tmp_path: Path) -> None:
    dataset = drawn(tmp_path / "set")
    dataset.write_coco()
    read = {split: json.loads((tmp_path / "set" / split / "_annotations.coco.json").read_text()) for split in SPLITS}
    assert [len(read[split]["images"]) for split in SPLITS] == [4, 4, 0]
    train = read["train"]
    assert [category["name"] for category in train["categories"]] == [BALL, PLAYER, GOAL]
    assert [annotation["id"] for annotation in train["annotations"]] == list(range(12))
    for annotation in train["annotations"]:
        assert annotation["provenance"]["source"] == "hand"
        x, y, w, h = annotation["bbox"]
        points = np.array(annotation["segmentation"][0]).reshape(-1, 2)
        assert ((points >= np.array([x, y]) - 0.01) & (points <= np.array([x + w, y + h]) + 0.01)).all()
    assert {annotation["interaction"] for annotation in train["annotations"]} <= {None, WITH_BALL, IN_GOAL}
    ball = train["annotations"][0]
    assert ball["area"] == pytest.approx(np.pi * 6.5**2, rel=0.03)  # an ellipse, where no outline is known
    for image in train["images"]:
        assert (tmp_path / "set" / "train" / image["file_name"]).exists()
        assert {"clip", "frame"} <= set(image)


def test_pycocotools_reads_it(tmp_path: Path) -> None:
    from pycocotools.coco import COCO

    folder = drawn(tmp_path / "set").write_coco(interactions=True)
    coco = COCO(str(folder / "train" / "_annotations.coco.json"))
    assert len(coco.getCatIds()) == 5
    for number in coco.getAnnIds():
        assert coco.annToMask(coco.loadAnns(number)[0]).any()


def test_an_empty_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match="has no pictures"):
        Dataset(tmp_path / "none").write_coco()


# --- interactions -----------------------------------------------------------------------------


def labels(*things: Thing) -> list[str]:
    return [thing.label for thing in interacting(things)]


def test_interactions_are_told_by_outlines_not_by_boxes() -> None:
    ball = Thing(BALL, (10, 80, 20, 90))
    # An upright triangle whose box holds the ball, and whose outline does not.
    beside = Thing(PLAYER, (0, 0, 60, 100), ((55, 0, 60, 0, 60, 100, 55, 100),))
    at_it = Thing(PLAYER, (0, 0, 60, 100), ((0, 0, 60, 100, 0, 100),))
    assert labels(ball, beside) == [BALL, PLAYER]
    assert labels(ball, at_it) == [BALL, WITH_BALL]
    goal = Thing(GOAL, (0, 0, 40, 85))
    assert labels(ball, goal) == [IN_GOAL, GOAL]
    assert labels(Thing(IN_GOAL, (100, 80, 110, 90)), goal) == [BALL, GOAL]
    assert labels() == []


def test_a_masks_outline_covers_the_mask() -> None:
    import cv2

    mask = np.zeros((60, 80), np.uint8)
    cv2.circle(mask, (30, 25), 12, 1, -1)
    mask[50, 70] = 1  # a speck
    (outline,) = outline_of(mask.astype(bool))
    again = np.zeros_like(mask)
    cv2.fillPoly(again, [np.array(outline).reshape(-1, 2).astype(np.int32)], 1)
    mask[50, 70] = 0
    assert (again & mask).sum() / (again | mask).sum() > 0.95
    assert outline_of(np.zeros((5, 5), dtype=bool)) == ()
