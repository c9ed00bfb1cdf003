"""Drawing on a still: what is a drawing, how it is kept and goes, how it looks on a picture and in a film to send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kicky import storage
from kicky.domain import Report
from kicky.drawings import LONGEST, MOST, Shape, degrees, read
from kicky.errors import BadDrawing, NotFound
from kicky.jobs import sending
from kicky.render.short import scene
from kicky.render.sketch import sketched
from kicky.render.slowly import DRAWN_S, SHORT, timeline
from kicky.render.strip import About
from kicky.service import clips, drawing, players, sessions, shots, stills
from kicky.storage import drawings, removing

LINE: dict[str, Any] = {"kind": "line", "points": [[0.1, 0.2], [0.9, 0.2]], "words": ""}
TEXT: dict[str, Any] = {"kind": "text", "points": [[0.5, 0.5]], "words": "Plant foot nearer"}
ALL = (
    LINE, {"kind": "arrow", "points": [[0.2, 0.8], [0.8, 0.6]]},
    {"kind": "angle", "points": [[0.2, 0.4], [0.4, 0.6], [0.6, 0.4]]},
    {"kind": "circle", "points": [[0.5, 0.5], [0.6, 0.5]]}, TEXT,
)  # fmt: skip
SIZE_WH = (320, 180)


@pytest.fixture
def shot(make_film: Callable[..., Path], make_report: Callable[..., Report]) -> int:
    """-> a shot of twelve frames, its kick in frame 3, its film there."""
    clip = clips.add(sessions.new(dt.date(2026, 11, 7), "Park"), "kick.mp4", make_film()).id
    return storage.save(make_report(sha256=storage.clip(clip).sha256), clip, "motion")


def test_every_kind_goes_to_json_and_back() -> None:
    assert [shape.to_json() for shape in read(ALL)] == [each | {"words": each.get("words", "")} for each in ALL]


@pytest.mark.parametrize(
    ("shapes", "told"),
    [
        ("line", "That is no drawing"), ([1], "That is no drawing"), ([{"kind": "line"}], "That is no drawing"),
        ([LINE | {"points": [[0.1, "x"], [0.2, 0.2]]}], "That is no drawing"),
        ([LINE | {"points": [[True, 0.1], [0.2, 0.2]]}], "That is no drawing"),
        ([LINE | {"kind": "heart"}], "choose line, arrow, angle, circle or text"),
        ([LINE | {"points": [[0.1, 0.2]]}], "is not finished"),
        ([LINE | {"points": [[0.1, 0.2], [1.1, 0.2]]}], "outside the picture"),
        ([LINE | {"points": [[float("nan"), 0.2], [0.1, 0.2]]}], "outside the picture"),
        ([LINE | {"points": [[0.1, 0.2], [0.1, 0.2]]}], "has no length"),
        ([LINE | {"words": "x"}], "Only a text has words"),
        ([TEXT | {"words": "  "}], "A text needs words"),
        ([TEXT | {"words": "x" * (LONGEST + 1)}], f"has {LONGEST + 1} letters: write it in at most {LONGEST}"),
        ([TEXT | {"words": "a\x00b"}], "cannot be shown"), ([TEXT | {"words": "a\u202eb"}], "cannot be shown"),
        ([LINE] * (MOST + 1), f"keep it to {MOST}"),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_told_in_one_sentence(shapes: object, told: str) -> None:
    with pytest.raises(BadDrawing, match=told) as refused:
        read(shapes)
    assert str(refused.value).count(". ") == 0


@pytest.mark.parametrize(
    ("points", "expected"),
    [([(0.5, 0.1), (0.5, 0.5), (0.9, 0.5)], 90.0), ([(0.1, 0.5), (0.5, 0.5), (0.9, 0.5)], 180.0),
     ([(0.0, 0.0), (0.5, 0.5), (0.5, 0.0)], 45.0), ([(0.1, 0.51), (0.5, 0.5), (0.1, 0.49)], 2.86)],
)  # fmt: skip
def test_an_angle_is_told_as_the_picture_shows_it(points: list[tuple[float, float]], expected: float) -> None:
    assert degrees(points, (400, 400)) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("told", ALL, ids=lambda told: str(told["kind"]))
def test_each_kind_is_drawn_where_it_was_set(told: dict[str, Any]) -> None:
    bare = np.full((360, 640, 3), 90, np.uint8)
    image = bare.copy()
    (shape,) = read([told])
    sketched(image, [shape], SIZE_WH)
    rows, columns = np.nonzero((image != bare).any(axis=2))
    middle = (np.array(shape.points) * (640, 360)).mean(axis=0)
    assert len(rows) > 50
    assert np.abs(np.array([np.ptp(columns) / 2 + columns.min(), np.ptp(rows) / 2 + rows.min()]) - middle).max() < 60


def test_a_long_text_at_the_edge_stays_in_the_picture() -> None:
    image = np.full((180, 320, 3), 90, np.uint8)
    sketched(image, [Shape("text", ((1.0, 1.0),), "W" * LONGEST)], SIZE_WH)
    assert (image[:, :4] == 90).all()
    assert (image != 90).any()


def test_a_drawing_is_kept_with_its_moment_and_replaced_and_gone(shot: int) -> None:
    drawing.draw(shot, 4, [LINE])
    drawing.draw(shot, 2, [TEXT])
    drawing.draw(shot, 4, ALL)
    kept = drawing.of_shot(shot)
    assert [(each.frame, round(each.time_s, 4), len(each.shapes)) for each in kept] == [(2, 0.0667, 1), (4, 0.1333, 5)]
    still = drawing.still(shot)
    assert (still.frame, still.shapes, still.frames, still.size_wh_px) == (2, read([TEXT]), 12, (160, 90))
    drawing.erase(shot, 2)
    drawing.erase(shot, 4)
    assert drawing.of_shot(shot) == ()
    assert drawing.still(shot).frame == 3  # the kick's


def test_what_cannot_be_kept_is_refused_and_what_was_stays(shot: int) -> None:
    drawing.draw(shot, 4, [LINE])
    for frame, shapes, told in ((12, [LINE], "no frame 12"), (-1, [LINE], "no frame -1"), (4, [], "Nothing is drawn")):
        with pytest.raises(BadDrawing, match=told):
            drawing.draw(shot, frame, shapes)
    with pytest.raises(BadDrawing, match="no frame 99"):
        drawing.still(shot, 99)
    with pytest.raises(BadDrawing, match="Nothing is drawn on frame 2"):
        drawing.picture(shot, 2)
    with pytest.raises(NotFound):
        drawing.draw(99, 0, [LINE])
    assert [each.frame for each in drawing.of_shot(shot)] == [4]


def test_the_picture_to_save_has_the_drawing_on_it(shot: int) -> None:
    drawing.draw(shot, 4, ALL)
    drawn, bare = stills.image(drawing.picture(shot, 4)), stills.image(drawing.still(shot, 4).picture)
    assert drawn.shape == bare.shape
    assert 0.02 < (drawn != bare).any(axis=2).mean() < 0.5


def test_it_goes_with_its_clip_and_a_forgotten_players_name_goes_from_it(shot: int) -> None:
    players.name(shot, "Ana")
    drawing.draw(shot, 4, [LINE, TEXT | {"words": "Here ANA leans"}, TEXT | {"words": "Banana"}])
    drawing.draw(shot, 5, [TEXT | {"words": "Ana"}])
    removing.forget_player("Ana")
    assert [(each.frame, [shape.words for shape in each.shapes]) for each in drawing.of_shot(shot)] == [
        (4, ["", "Banana"])
    ]
    clip = shots.one(shot).clip_id
    clips.remove(clip)
    assert drawings.drawn(clip) == ()


def test_a_frame_that_is_drawn_on_stands_in_the_film_and_the_rest_is_as_before(make_report: Any) -> None:
    shot = make_report(count=90).shot
    bare, line = timeline(shot, 2.0, SHORT), timeline(shot, 2.0, SHORT, drawn=(5, 20, 89))
    assert not bare.held.any()
    for frame in (5, 20):
        assert (line.frames[line.held] == frame).sum() / 30 == pytest.approx(DRAWN_S, abs=0.1)
    assert set(line.frames[line.held].tolist()) <= {5, 20, 89}
    assert np.unique(line.frames).tolist() == np.unique(bare.frames).tolist()
    assert (np.diff(line.frames) >= 0).all()
    assert line.struck_s == bare.struck_s  # frame 3, before either
    assert line.told_s == pytest.approx(bare.told_s + 2 * DRAWN_S, abs=1e-6)


def test_the_film_to_send_shows_it_and_is_made_anew_when_it_changes(shot: int) -> None:
    before = sending.shot_film(shots.one(shot), sending.UPRIGHT)
    drawing.draw(shot, 4, [LINE])
    assert sending.shot_film(shots.one(shot), sending.UPRIGHT) != before
    report, about = sending._seen(shots.one(shot))
    assert about.drawings == {4: read([LINE])}
    for tall in (False, True):
        drawn, bare = (scene(report, each, tall=tall) for each in (about, About("", "")))
        pictures = dict(drawn.pictures())
        held = int(np.flatnonzero(drawn.line.held)[0])
        other = dict(bare.pictures())[int(np.flatnonzero(bare.line.frames == 4)[0])]
        assert (pictures[held][: drawn.picture_wh[1]] != other[: bare.picture_wh[1]]).any()
