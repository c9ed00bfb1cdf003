"""Every reader of labels made elsewhere, fed with damaged files: a sentence or sound labels, and nothing half-made."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from kicky import scene
from kicky.errors import KickyError
from kicky.service import boxes, clips, exchange, sessions, truth
from kicky.storage import labels
from kicky.teach.dataset import Dataset
from kicky.teach.foreign import bring_in
from kicky.teach.foreign.found import sound
from kicky.teach.labelled import thing_from_json
from kicky.trials.labelled import folder as labelled_folder
from kicky.truth.exchange import FORMATS, Labelled

from .. import numbered

EACH = int(os.environ.get("MUTATED_EACH", "20"))
"""Damaged files for each reader; many more were tried than are each time."""
ODD = [
    "NaN", "-1", "0", "1e999", "46.0", "null", "[]", "{}", '"x"', '""', "-0.5", "9" * 400, "true", '"\\ud800"', "0,5",
    "[[1]]", "[" * 3000, "1e-320", "460", "\\", '"1"', "\t", ";",
]  # fmt: skip


def in_text(text: str, rng: random.Random) -> bytes:
    """A file's text -> the same with something in it that is not as it was."""
    way, at = rng.randrange(7), rng.randrange(max(1, len(text)))
    far = at + rng.randrange(1, 30)
    if way == 0:
        return text[:at].encode()
    if way == 1:
        return (text[:at] + text[far:]).encode()
    if way == 2:
        return (text[:far] + text[at:far] + text[far:]).encode()
    if way == 3:
        return text[:at].encode() + bytes(rng.randrange(256) for _ in range(3)) + text[at:].encode()
    if way == 4:
        return (text[:at] + rng.choice(ODD) + text[far:]).encode()
    words = list(re.finditer(r"-?\d+(\.\d+)?|\w+", text))
    one, odd = rng.choice(words), rng.choice(ODD)
    other = rng.choice(words).group() if way == 5 else odd
    return (text[: one.start()] + other + text[one.end() :]).encode()


def in_values(text: str, rng: random.Random) -> bytes:
    """JSON's text -> the same with one of its values gone, doubled or another."""
    values = json.loads(text)
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            places.append((value, key))
            walk(value[key])

    walk(values)
    held, key = rng.choice(places)
    way = rng.randrange(3)
    if way == 0:
        del held[key]
    elif way == 1 and isinstance(held, list):
        held.append(held[key])
    else:
        held[key] = rng.choice([None, [], {}, "", "x", -1, 0, 1e300, float("nan"), 10**400, True, [1, 2, 3], "\ud800"])
    return json.dumps(values).encode()


def damaged(files: list[Path], rng: random.Random) -> None:
    """Files -> one of them damaged."""
    file = rng.choice(files)
    text = file.read_text(encoding="utf-8")
    if file.suffix in (".json", ".jsonl") and rng.random() < 0.5:
        lines = text.splitlines() if file.suffix == ".jsonl" else [text]
        at = rng.randrange(len(lines))
        mutant = [line.encode() for line in lines]
        mutant[at] = in_values(lines[at], rng)
        file.write_bytes(b"\n".join(mutant))
    else:
        file.write_bytes(in_text(text, rng))


def outcomes(whole: Path, place: Path, use: Callable[[Path], object]) -> tuple[int, int]:
    """A folder whose files are whole, where to damage copies, a reader -> how often it read and refused."""
    read, sentences = 0, list[str]()
    for seed in range(EACH):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(whole, place)
        files = sorted(f for f in place.rglob("*") if f.suffix in (".json", ".jsonl", ".csv", ".xml", ".txt", ".yaml"))
        damaged(files, random.Random(seed))
        try:
            use(place)
            read += 1
        except KickyError as error:
            sentences.append(str(error))
    assert all(len(sentence) > 20 for sentence in sentences)
    return read, len(sentences)


@pytest.fixture
def clip_id(tmp_path: Path) -> int:
    session = sessions.new(dt.date(2026, 11, 21))
    path = numbered.film(tmp_path / "shot_0.mp4", 40, numbered.uneven(40, 0))
    made = clips.add(session, path.name, path).id
    truth.answer(made, "outcome", "goal", "Ada")
    truth.answer(made, "contact_frame", "12", "Ada")
    square = ((10.25, 20.5, 60.125, 20.5, 60.125, 90.0, 10.25, 90.0),)
    boxes.draw(made, 12, [("ball", (100.3, 50.7, 108.9, 59.1), ())], "Ada")
    boxes.draw(made, 13, [("goal", (10.25, 20.5, 60.125, 90.0), square), ("player", (5, 6, 70, 90), ())], "Ada")
    return made


IMAGES = """<annotations><image id="0" name="shot_0_000012.jpg" width="{}" height="{}">
<box label="ball" xtl="10" ytl="20" xbr="18" ybr="28" rotation="10"/>
<mask label="player" rle="0,4,2,4" left="3" top="4" width="5" height="2"/></image></annotations>"""


@pytest.mark.parametrize("form", ["jsonl", "csv", "coco", "yolo", "cvat", "cvat for images", "article"])
def test_labels_are_sound_or_refused_and_none_kept_by_half(
    form: str, clip_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, held = tmp_path / "whole", list[Any]()
    if form in FORMATS and FORMATS[form].write is not None:
        exchange.write_labels(form, whole)
    elif form == "article":
        whole.mkdir()
        (whole / "said.json").write_text(json.dumps({"shot_0": "goal", "shot_0.mp4": {"label": "goal"}}))
    else:
        whole.mkdir()
        (whole / "said.xml").write_text(IMAGES.format(*numbered.SIZE_WH))
    monkeypatch.setattr(labels, "put_all", held.append)

    def use(place: Path) -> None:
        held.clear()
        path = place if form == "yolo" else next(place.iterdir())
        try:
            exchange.read_labels(path, skip_unknown=True)
        except KickyError:
            assert held == []  # nothing was kept
            raise
        kept = {int(f.removeprefix(labels.BOXES)): v for _, f, v, _ in held[0] if f.startswith(labels.BOXES)}
        said = {frame: tuple(thing_from_json(each) for each in json.loads(v)) for frame, v in kept.items()}
        for things in said.values():
            assert all(sound(thing, numbered.SIZE_WH, "here") for thing in things)
        times = dict.fromkeys(said, 0.1)
        back = Labelled("shot_0", "", 40, numbered.SIZE_WH, {}, said, times)
        (place / "out").mkdir()
        for other in ("jsonl", "coco", "yolo", "cvat"):
            assert FORMATS[other].write([back], place / "out")  # what came in can go out

    read, refused = outcomes(whole, tmp_path / "damaged", use)
    assert read + refused == EACH
    assert refused


COCO = {
    "images": [{"id": 7, "file_name": "a_0004.jpg", "width": 200, "height": 100}, {
        "id": "8", "file_name": "images\\a_0005.jpg", "width": 200, "height": 100}],
    "categories": [{"id": 3, "name": "ball"}, {"id": 5, "name": "tree"}],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 20, 8, 8], "segmentation": [[10, 20, 18, 20, 18, 28]]},
        {"id": 2, "image_id": 8, "category_id": 5, "bbox": [0, 0, 50, 50]},
        {"id": 3, "image_id": 8, "category_id": 3, "bbox": [0, 0, 4, 2], "segmentation": {
            "size": [100, 200], "counts": [0, 2, 98, 2, 98, 2, 98, 2, 19698]}},
    ],
}  # fmt: skip
VIDEO = """<annotations><meta><task><id>4</id><source>a.mp4</source><original_size><width>200</width>
<height>100</height></original_size></task></meta><track id="0" label="ball" task_id="4">
<ellipse frame="4" outside="0" cx="50" cy="40" rx="5" ry="4"/><box frame="5" outside="0" xtl="1" ytl="2" xbr="9"
ybr="8"/></track><track id="1" label="goal"><polygon frame="4" outside="0" points="0,0;100,0;100,50;0,50"/></track>
</annotations>"""


def a_set(form: str, place: Path) -> None:
    """-> a small set of labelled pictures in that format."""
    (place / "images").mkdir(parents=True)
    for frame in (4, 5):
        cv2.imwrite(str(place / "images" / f"a_{frame:04d}.jpg"), np.full((100, 200, 3), 90, np.uint8))
    if form == "coco":
        (place / "labels.json").write_text(json.dumps(COCO))
    elif form == "yolo":
        (place / "labels").mkdir()
        (place / "data.yaml").write_text("names: {0: ball, 1: person, 2: tree}\n")
        (place / "labels" / "a_0004.txt").write_text("0 0.5 0.5 0.1 0.2 0.9 7\n1 0.1 0.1 0.2 0.1 0.2 0.4 0.1 0.4\n")
        (place / "labels" / "a_0005.txt").write_text("0 0.5 0.5 0.1 0.2 0.9\n2 0.5 0.5 0.1 0.2\n")
    elif form == "cvat for video":
        (place / "annotations.xml").write_text(VIDEO)
    else:
        text = IMAGES.format(200, 100).replace("shot_0_000012", "a_0004")
        (place / "annotations.xml").write_text(text.replace("<mask", '<points label="tree" points="1,2"/><mask'))


@pytest.mark.parametrize("form", ["coco", "yolo", "cvat for video", "cvat for images"])
def test_a_set_is_sound_or_refused_and_never_half_made(form: str, tmp_path: Path) -> None:
    a_set(form, tmp_path / "whole")

    def use(place: Path) -> None:
        made = Dataset(tmp_path / "made")
        shutil.rmtree(made.folder, ignore_errors=True)
        try:
            bring_in(place, made)
        except KickyError:
            assert not made.folder.exists()
            raise
        for picture in made.pictures():
            assert all(sound(thing, (200, 100), "here") for thing in picture.things)

    read, refused = outcomes(tmp_path / "whole", tmp_path / "damaged", use)
    assert read + refused == EACH
    assert refused


GOAL = {"goal_corners_px": [[50, 10], [110, 10], [110, 40], [50, 40]], "camera_height_m": 1.4, "focal_px": 900,
        "goal_size_m": [7.32, 2.44], "zoom": "1x", "ball_m": [11, 0.3], "ball_said": {"words": "the spot"}}  # fmt: skip
SHOT = {"name": "b", "contact_frame": 3, "outcome_frame": 5, "size_wh_px": [160, 90],
        "ball_px": [[k, 9] for k in range(9)],
        "ball_diameter_px": [4] * 9}  # fmt: skip


def test_a_goal_file_is_a_goal_or_refused(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "a.scene.json").write_text(json.dumps(GOAL))
    read, refused = outcomes(tmp_path / "whole", tmp_path / "damaged", lambda p: _goal(scene.read(p / "a.scene.json")))
    assert read + refused == EACH
    assert refused


def _goal(found: Any) -> None:
    assert np.isfinite(found.goal_corners_px).all()
    assert found.focal_px is None or 0 < found.focal_px < 1e400
    json.dumps(scene.to_json(found), allow_nan=False)


def test_a_folder_to_evaluate_is_sound_or_refused(tmp_path: Path, make_film: Callable[..., Path]) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    for seed, name in enumerate("ab"):
        make_film(f"whole/{name}.mp4", seed=seed)
    (whole / "labels.csv").write_text(
        "clip,split,outcome,foot,contact_frame,slow_motion\nA.MP4,x,goal,left,4.0,1\nb,y,no_goal,,3,\n"
    )
    (whole / "ball_points.csv").write_text("clip,frame,x_px,y_px,diameter_px\na,3,10,20,6\na,4.0,nan,nan,\n")
    (whole / "boxes.csv").write_text("clip;frame;label;x0;y0;x1;y1\na;3;ball;7;17;13;23\n")
    (whole / "a.scene.json").write_text(json.dumps(GOAL))
    (whole / "truth.json").write_text(json.dumps([SHOT]))
    (whole / "drift.json").write_text(json.dumps({"x": {"1": [0.0, 0.0]}}))
    assert [clip.truth.contact_frame for clip in labelled_folder(whole).clips] == [4, 3]
    read, refused = outcomes(whole, tmp_path / "damaged", partial(_folder))
    assert read + refused == EACH
    assert refused


def _folder(place: Path) -> None:
    for clip in labelled_folder(place).clips:
        assert clip.truth.contact_frame is None or clip.truth.contact_frame < 12
        assert all(0 <= spot.frame < 12 and np.isfinite([spot.x_px, spot.y_px]).all() for spot in clip.ball)
        assert all(row[0] < row[2] and row[1] < row[3] for rows in (clip.boxes or {}).values() for row in rows)
