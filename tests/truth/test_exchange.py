"""Every format gives back what it was given, and what does not fit the clips here is refused."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kicky.errors import BadLabel
from kicky.service import boxes, clips, exchange, sessions, truth
from kicky.storage import answers, labels
from kicky.truth.exchange import FORMATS
from kicky.ui.exchange import _taken

from .. import numbered

MakeFilm = Callable[..., Path]
OUTLINE = ((10.25, 20.5, 60.125, 20.5, 60.125, 90.0, 10.25, 90.0),)
BOXED = [name for name, form in FORMATS.items() if form.holds.startswith("boxes")]


@pytest.fixture
def clip_ids(tmp_path: Path) -> list[int]:
    """-> two clips at uneven times, with answers of two and boxes."""
    session = sessions.new(dt.date(2026, 11, 21))
    made = []
    for k in range(2):
        path = numbered.film(tmp_path / f"shot ä{k}.mp4", 40, numbered.uneven(40, k))
        made.append(clips.add(session, path.name, path).id)
    for clip_id in made:
        for who, outcome in (("Ada", "goal"), ("Ben", "no_goal")):
            truth.answer(clip_id, "outcome", outcome, who)
            truth.answer(clip_id, "contact_frame", "12", who)
        truth.answer(clip_id, "note", 'he said "wide", then\nnothing; 5 € says so', "Ada")
        truth.settle(clip_id, "outcome", "goal")
        boxes.draw(clip_id, 12, [("ball", (100.3, 50.7, 108.9, 59.1), ())], "Ada")
        boxes.draw(clip_id, 13, [("goal", (10.25, 20.5, 60.125, 90.0), OUTLINE), ("player", (5, 6, 70, 90), ())], "Ben")
        boxes.draw(clip_id, 14, [], "Ada")
    return made


def said(clip_id: int) -> dict[str, dict[str, str]]:
    return {who: {name: a.value for name, a in fields.items()} for who, fields in answers.said(clip_id).items()}


def drawn(clip_id: int) -> dict[int, list[tuple[str, tuple[float, ...], tuple[tuple[float, ...], ...], object]]]:
    return {
        frame: [(t.label, tuple(t.box_px), t.outline_px, t.origin.get("who")) for t in things]
        for frame, things in boxes.of_clip(clip_id).items()
    }


def forget(clip_id: int) -> None:
    for frame in boxes.of_clip(clip_id):
        boxes.clear(clip_id, frame, "Ada")
    for who in said(clip_id):
        while answers.undo(clip_id, who):
            pass


def handed(form: str, folder: Path) -> Path:
    files = exchange.write_labels(form, folder)
    return files[0] if len(files) == 1 else folder


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_answers_come_back(form: str, clip_ids: list[int], tmp_path: Path) -> None:
    before = [said(clip_id) for clip_id in clip_ids]
    path = handed(form, tmp_path / "out")
    for clip_id in clip_ids:
        forget(clip_id)
        assert said(clip_id) == {}
    brought = exchange.read_labels(path)
    assert (brought.format, brought.unknown) == (form, ())
    assert [said(clip_id) for clip_id in clip_ids] == before


@pytest.mark.parametrize("form", ["jsonl", *BOXED])
def test_boxes_come_back(form: str, clip_ids: list[int], tmp_path: Path) -> None:
    before = [drawn(clip_id) for clip_id in clip_ids]
    path = handed(form, tmp_path / "out")
    for clip_id in clip_ids:
        forget(clip_id)
        assert drawn(clip_id) == {}
    brought = exchange.read_labels(path)
    assert brought.format == form
    assert brought.frames == 6
    for clip_id, expected in zip(clip_ids, before, strict=True):
        now = drawn(clip_id)
        assert now.keys() == expected.keys()
        for frame, things in expected.items():
            for one, other in zip(now[frame], things, strict=True):
                assert (one[0], one[3]) == (other[0], other[3])
                assert one[1] == pytest.approx(other[1], abs=1e-9)
                assert len(one[2]) == len(other[2])
                for part, given in zip(one[2], other[2], strict=True):
                    assert part == pytest.approx(given, abs=1e-9)


@pytest.mark.parametrize("form", ["jsonl", *BOXED])
def test_a_time_that_is_another_frames_names_both(form: str, clip_ids: list[int], tmp_path: Path) -> None:
    path = handed(form, tmp_path / "out")
    right = boxes.clip_times(clip_ids[0])
    stated = {repr(float(right[12])): repr(float(right[15]))}
    for file in [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]:
        text = file.read_text(encoding="utf-8")
        for old, new in stated.items():
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    forget(clip_ids[0])
    with pytest.raises(BadLabel, match=r"says frame 12 is shown at .* and frame 15 is the one"):
        exchange.read_labels(path)
    assert drawn(clip_ids[0]) == {}  # nothing is kept of it
    assert said(clip_ids[0]) == {}


def test_clips_that_are_not_here_are_refused_or_left_out(clip_ids: list[int], tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("clip,outcome,foot\nshot ä0.mp4,no_goal,left\nspf_008,goal,right\n", encoding="utf-8")
    with pytest.raises(BadLabel, match="1 of the clips are not here, spf_008 for one"):
        exchange.read_labels(path)
    assert "import" not in said(clip_ids[0])
    brought = exchange.read_labels(path, skip_unknown=True)
    assert (brought.clips, brought.unknown) == (1, ("spf_008",))
    assert said(clip_ids[0])["import"] == {"truth:outcome": "no_goal", "truth:foot": "left"}


def test_classes_that_are_none_of_ours_are_counted(clip_ids: list[int], tmp_path: Path) -> None:
    (path,) = exchange.write_labels("coco", tmp_path)
    values = json.loads(path.read_text())
    values["categories"][0]["name"] = "dog"
    path.write_text(json.dumps(values))
    assert exchange.read_labels(path).left_out == {"dog": 2}


@pytest.mark.parametrize(
    "values",
    [
        {"shot ä0": "goal", "shot ä1": "No-goal"},
        {"goal": ["shot ä0.mp4"], "no-goal": ["shot ä1.mp4"], "unsure": []},
        [{"clip": "shot ä0", "label": "goal"}, {"clip": "shot ä1", "label": "no_goal"}],
        {"shot ä0.mp4": {"label": "goal"}, "shot ä1.mp4": {"label": "miss"}},
    ],
)
def test_lists_by_outcome_are_taken_in(clip_ids: list[int], tmp_path: Path, values: object) -> None:
    path = tmp_path / "goal_labels.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    assert exchange.read_labels(path).format == "article"
    assert [said(clip_id)["import"]["truth:outcome"] for clip_id in clip_ids] == ["goal", "no_goal"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("labels.txt", "goal", "in no format that is known"),
        ("labels.csv", "film,outcome\na,goal\n", "no column called clip"),
        ("labels.csv", "clip,outcome\nshot ä0,perhaps\n", "no answer to outcome"),
        ("labels.csv", "clip,contact_frame,contact_time_s\nshot ä0,3,soon\n", "no number"),
        ("labels.jsonl", '{"clip": "shot ä0"\n', "Line 1 of labels.jsonl"),
        ("labels.json", '{"shot ä0": "goal", "shot ä1": "whatever"}', "says 'whatever' of shot ä1"),
        ("labels.xml", "<annotations><track", "no whole XML"),
        ("labels.csv", "clip,outcome\n", "holds no labels"),
    ],
)
def test_files_that_make_no_sense_are_told(clip_ids: list[int], tmp_path: Path, name: str, text: str, why: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadLabel, match=why):
        exchange.read_labels(path)
    with pytest.raises(BadLabel, match="There is no"):
        exchange.read_labels(tmp_path / "none.csv")


def test_nothing_labelled_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadLabel, match="Nothing is labelled yet"):
        exchange.write_labels("coco", tmp_path)
    with pytest.raises(BadLabel, match="not written as 'article'"):
        exchange.write_labels("article", tmp_path)


def test_boxes_of_persons_are_what_is_learned_from(clip_ids: list[int]) -> None:
    from kicky.jobs.teaching import source_of

    corrected = source_of(clip_ids[0]).corrected
    assert [thing.label for thing in corrected[12]] == ["ball", "goal"]  # a goal stands still: drawn once, it is there
    assert [thing.label for thing in corrected[14]] == ["goal"]
    boxes.draw(clip_ids[0], 11, [("player", (3, 6, 68, 90), ())], "Ben")
    corrected = source_of(clip_ids[0]).corrected
    assert [thing.label for thing in corrected[12]] == ["ball", "player", "goal"]
    assert labels.all_of(clip_ids[0], labels.BOXES)


@pytest.mark.parametrize("damage", ["locked", "of an unknown kind", "cut", "noise"])
def test_a_zip_that_cannot_be_unpacked_is_told(damage: str) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("labels.csv", "clip,outcome\n" * 100)
    data = bytearray(held.getvalue())
    central = data.index(b"PK\1\2")
    if damage == "locked":
        data[6] |= 1
        data[central + 8] |= 1
    elif damage == "of an unknown kind":
        data[8] = data[central + 10] = 97
    elif damage == "cut":
        del data[:20]
    else:
        data[45:60] = b"\xff" * 15
    with pytest.raises(BadLabel, match="not a complete zip file"):
        _taken("labels.zip", bytes(data), skip=False)
