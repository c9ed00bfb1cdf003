"""What labellers say through the service: kept at once, undone, told when stale, queued by what is worth asking."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from kicky import storage
from kicky.domain import Foot, FootCall, Report
from kicky.errors import BadLabel, NotFound, Outdated
from kicky.service import boxes, clips, kicks, sessions, truth
from kicky.storage import labels
from kicky.storage.database import writing
from kicky.storage.tables import ClipRow
from kicky.truth import told

MakeFilm = Callable[..., Path]
MakeReport = Callable[..., Report]


@pytest.fixture
def clip_ids(make_film: MakeFilm) -> list[int]:
    session = sessions.new(dt.date(2026, 11, 21), "Park")
    return [clips.add(session, f"{k}.mp4", make_film(f"{k}.mp4", k)).id for k in range(3)]


def test_an_answer_is_kept_and_can_be_taken_back_and_undone(clip_ids: list[int]) -> None:
    clip_id = clip_ids[0]
    for value in ("goal", "no_goal", ""):
        truth.answer(clip_id, "outcome", value, "Ada")
    assert truth.of_clip(clip_id) == {}
    assert truth.undo(clip_id, "Ada") == "outcome"
    assert truth.of_clip(clip_id) == {"outcome": "no_goal"}
    assert truth.undo(clip_id, "Ada") == "outcome"
    assert truth.of_clip(clip_id) == {"outcome": "goal"}
    assert truth.undo(clip_id, "Ada") == "outcome"
    assert truth.undo(clip_id, "Ada") is None


def test_who_and_when_are_kept_and_nobody_sees_another(clip_ids: list[int]) -> None:
    truth.answer(clip_ids[0], "foot", "left", "Ada")
    (answer,) = truth.to_label(clip_ids[0], "Ada").mine.values()
    assert answer.value == "left"
    assert abs((answer.made_at - dt.datetime.now(dt.UTC)).total_seconds()) < 60
    assert truth.to_label(clip_ids[0], "Ben").mine == {}
    assert truth.labellers() == ["Ada"]


def test_the_second_writer_is_told(clip_ids: list[int]) -> None:
    first = truth.answer(clip_ids[0], "outcome", "goal", "Ada", 0)
    with pytest.raises(Outdated, match="Outcome was not saved: in another window it is goal now"):
        truth.answer(clip_ids[0], "outcome", "no_goal", "Ada", 0)
    assert truth.answer(clip_ids[0], "outcome", "goal", "Ada", 0) == first  # the same said twice is said once
    truth.answer(clip_ids[0], "outcome", "no_goal", "Ada", first)
    assert truth.of_clip(clip_ids[0]) == {"outcome": "no_goal"}
    truth.answer(clip_ids[0], "outcome", "goal", "Ben", 0)  # another labeller has answers of his own


def test_what_is_drawn_is_shared_and_the_second_is_told(clip_ids: list[int]) -> None:
    ball, film = ("ball", (10.0, 10.0, 20.0, 20.0), ()), boxes.to_draw(clip_ids[0]).sha256
    player = ("player", (30.0, 10.0, 50.0, 60.0), ())
    first = boxes.keep(clip_ids[0], film, 3, [ball], "Ada", 0)
    with pytest.raises(Outdated, match="What you drew was not saved: Ada has drawn there meanwhile"):
        boxes.keep(clip_ids[0], film, 3, [player], "Ben", 0)
    assert boxes.stored(clip_ids[0], 3) == (first, [ball])
    boxes.keep(clip_ids[0], film, 3, [ball, player], "Ben", first)
    assert boxes.stored(clip_ids[0], 3)[1] == [ball, player]
    boxes.keep(clip_ids[0], film, 3, None, "Ben", boxes.stored(clip_ids[0], 3)[0])
    assert boxes.stored(clip_ids[0], 3)[1] is None
    assert boxes.of_clip(clip_ids[0]) == {}


def test_no_edit_is_lost_however_often_the_confirmation_is(clip_ids: list[int]) -> None:
    """A page tells of edits, a server dies before it confirms, and the page tells the next one what it holds then."""
    clip_id, rng = clip_ids[0], random.Random(4)
    film, holds, numbers = boxes.to_draw(clip_id).sha256, {}, {}
    waiting: dict[int, tuple[int, list[object]]] = {}  # frame: the number it was shown, what it has told of it since
    for _ in range(60):
        frame, x = rng.randrange(4), float(rng.randrange(40))
        seen, earlier = waiting.get(frame, (numbers.get(frame, 0), []))
        holds[frame] = rng.choice([None, [], [("ball", (x, 5.0, x + 8, 13.0), ())]])
        waiting[frame] = (seen, [*earlier, holds[frame]])
        fate = rng.choice(["confirmed", "told", "lost"])
        for each, (was, said) in list(waiting.items()) if fate != "lost" else ():
            number = boxes.keep(clip_id, film, each, said[-1], "Ada", was, said[:-1])
            if fate == "confirmed":
                numbers[each] = number
                del waiting[each]
    for each, (was, said) in waiting.items():
        boxes.keep(clip_id, film, each, said[-1], "Ada", was, said[:-1])
    assert {frame: boxes.stored(clip_id, frame)[1] for frame in holds} == holds


def test_a_mask_and_its_box_are_one_thing(clip_ids: list[int]) -> None:
    corners = ((10.0, 10.0, 60.0, 12.0, 40.0, 80.0),)
    boxes.draw(clip_ids[0], 3, [("player", (0.0, 0.0, 5.0, 5.0), corners)], "Ada")
    assert boxes.stored(clip_ids[0], 3)[1] == [("player", (10.0, 10.0, 60.0, 80.0), corners)]


def test_a_film_that_was_replaced_takes_no_boxes(clip_ids: list[int]) -> None:
    boxes.draw(clip_ids[0], 3, [], "Ada")
    with pytest.raises(BadLabel, match="was replaced since you opened it, so nothing was saved"):
        boxes.keep(clip_ids[0], boxes.to_draw(clip_ids[1]).sha256, 3, None, "Ada", 0)
    (one, other) = (storage.film_there(storage.clip(clip_id)) for clip_id in clip_ids[:2])
    other.replace(one)
    with pytest.raises(BadLabel, match=r"Another film lies where that of 0\.mp4 was"):
        boxes.to_draw(clip_ids[0])
    assert boxes.of_clip(clip_ids[0]) == {3: ()}  # nothing stored is touched


def test_a_film_whose_frames_are_not_those_on_record_takes_no_boxes(clip_ids: list[int]) -> None:
    frames = storage.clip(clip_ids[0]).frames
    with writing() as db:
        row = db.get(ClipRow, clip_ids[0])
        assert row is not None
        row.frames = frames + 2
    with pytest.raises(BadLabel, match=f"has {frames} frames in one place and {frames + 2} in another"):
        boxes.to_draw(clip_ids[0])


CROSSED = ((10.0, 10.0, 60.0, 60.0, 60.0, 10.0, 10.0, 60.0),)


@pytest.mark.parametrize(
    ("thing", "why"),
    [
        (("tree", (0.0, 0.0, 9.0, 9.0), ()), "no class 'tree'"),
        (("ball", (500.0, 0.0, 509.0, 9.0), ()), "outside the picture"),
        (("ball", (5.0, 5.0, 5.2, 5.2), ()), "smaller than a pixel"),
        (("player", (10.0, 10.0, 60.0, 60.0), CROSSED), "edges of that player's mask cross"),
    ],
)
def test_boxes_that_are_none_are_refused(clip_ids: list[int], thing: boxes.Drawn, why: str) -> None:
    with pytest.raises(BadLabel, match=why):
        boxes.draw(clip_ids[0], 3, [thing], "Ada")
    with pytest.raises(BadLabel, match="There is no frame 99"):
        boxes.draw(clip_ids[0], 99, [], "Ada")
    assert boxes.of_clip(clip_ids[0]) == {}


@pytest.mark.parametrize("who", ["", "   ", "settled", "x" * 41])
def test_who_labels_has_a_name(clip_ids: list[int], who: str) -> None:
    with pytest.raises(BadLabel, match="Say first who labels"):
        truth.answer(clip_ids[0], "outcome", "goal", who)
    with pytest.raises(NotFound):
        truth.answer(999, "outcome", "goal", "Ada")
    with pytest.raises(BadLabel, match="give one to five"):
        truth.rate(clip_ids[0], 6, "Ada")


def test_the_queue_asks_for_what_is_worth_it(clip_ids: list[int], make_report: MakeReport) -> None:
    sure, unsure, split = clip_ids
    for clip_id, p_goal in ((sure, 0.97), (unsure, 0.52), (split, 0.9)):
        report = make_report(storage.clip(clip_id).sha256)
        from dataclasses import replace

        storage.save(replace(report, outcome=replace(report.outcome, p_goal=p_goal)), clip_id, "motion")
    other = make_report(storage.clip(split).sha256, foot=FootCall(Foot.RIGHT, 0.1, "The right ankle is nearer."))
    storage.save(other, split, "rfdetr:mine")
    truth.answer(sure, "outcome", "goal", "Ada")
    truth.rate(unsure, 2, "Ada")
    truth.rate(split, 5, "Ben")
    found = truth.items("Ada")
    assert truth.ordered(found, "added") == [sure, unsure, split]
    assert truth.ordered(found, "unlabelled") == [unsure, split, sure]
    assert truth.ordered(found, "disagree")[0] == split
    assert truth.ordered(found, "unsure") == [unsure, split, sure]
    assert truth.ordered(found, "stars") == [split, unsure, sure]
    assert truth.ordered(truth.items("Ben"), "unlabelled")[0] == sure  # Ben has answered nothing yet


def test_ten_thousand_clips_are_queued(clip_ids: list[int]) -> None:
    session = clips.listed(1)[0].session_id
    about = {"session_id": session, "file": "x.mp4", "width": 160, "height": 90, "frames": 12, "duration_s": 0.4}
    with writing() as db:
        db.add_all([ClipRow(sha256=f"{k:064d}", name=f"{k}.mp4", **about) for k in range(10_000)])
    found = truth.items("Ada")
    assert len(found) == 10_003
    assert len(truth.ordered(found, "unlabelled")) == 10_003


def test_disputes_are_settled(clip_ids: list[int]) -> None:
    for who, value in (("Ada", "goal"), ("Ben", "no_goal")):
        truth.answer(clip_ids[0], "outcome", value, who)
        truth.answer(clip_ids[1], "outcome", "goal", who)
    (dispute,) = truth.disputes()
    assert (dispute.clip, dispute.field, dispute.said) == ("0.mp4", "outcome", {"Ada": "goal", "Ben": "no_goal"})
    assert truth.truths() == {clip_ids[1]: {"outcome": "goal"}}
    truth.settle(clip_ids[0], "outcome", "no_goal")
    assert truth.disputes() == []
    assert truth.truths()[clip_ids[0]] == {"outcome": "no_goal"}
    assert truth.labellers() == ["Ada", "Ben"]
    (line,) = truth.agreements("Ada", "Ben")
    assert (line.clips, line.alike) == (2, 0.5)


def test_what_is_put_right_on_a_shots_page_is_a_label_that_others_can_dispute(clip_ids: list[int]) -> None:
    clip_id = clip_ids[0]
    labels.put(clip_id, labels.OUTCOME, "no_goal")
    labels.put(clip_id, labels.FOOT, "unsure")  # who cannot tell says nothing of what is true
    assert truth.truths() == {clip_id: {"outcome": "no_goal"}}
    assert told.only_corrected() == 1
    truth.answer(clip_id, "outcome", "goal", "Ada")
    (dispute,) = truth.disputes()
    assert dispute.said == {"Ada": "goal", told.CORRECTED: "no_goal"}
    assert truth.of_clip(clip_id) == {}
    assert told.only_corrected() == 0
    labels.put(clip_id, labels.OUTCOME, "")  # taken back
    assert truth.of_clip(clip_id) == {"outcome": "goal"}


def test_nobody_labels_under_the_name_of_the_shots_page(clip_ids: list[int]) -> None:
    with pytest.raises(BadLabel, match="Say first who labels"):
        truth.answer(clip_ids[0], "outcome", "goal", told.CORRECTED)


def test_a_contact_said_to_be_true_moves_no_kick(clip_ids: list[int]) -> None:
    """The program is judged by it: were it told, it could only be right."""
    truth.answer(clip_ids[0], "contact_frame", "4", "Ada")
    assert kicks.by_hand(clip_ids[0]) is None
