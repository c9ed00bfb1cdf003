"""The clips labelled here as a label set: boxes, places of the ball, where the labels come from, what a student saw."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kicky import detectors, jobs, storage, weights
from kicky.errors import BadLabel, MissingWeights
from kicky.home import datasets
from kicky.jobs import evaluating
from kicky.service import boxes, clips, dividing, evaluation, sessions, truth
from kicky.storage import labels
from kicky.trials.running import Wish

from ..detectors import tiny
from ..teach.pictures import drawn
from .test_running import still_film


@pytest.fixture
def filmed(tmp_path: Path) -> list[int]:
    """-> two clips of one session, nothing said of them."""
    session = sessions.new(dt.date(2026, 11, 21), "Parc")
    films = [still_film(tmp_path / f"{name}.mp4", seed) for seed, name in enumerate("ab")]
    return [clips.add(session, film.name, film).id for film in films]


def test_nothing_labelled_is_said(filmed: list[int]) -> None:
    with pytest.raises(BadLabel, match=r"holds no film with a label: label clips first\. 2 clips have no label"):
        evaluating.here()
    assert evaluation.label_sets() == []


def test_what_is_drawn_gives_places_of_the_ball_and_ap(filmed: list[int]) -> None:
    truth.answer(filmed[0], "outcome", "goal", "Ana")
    things = [("ball", (100.0, 50.0, 110.0, 60.0), ()), ("player", (10.0, 10.0, 40.0, 100.0), ())]
    boxes.draw(filmed[0], 4, things, "Ana")
    found = evaluating.here()
    assert found.notes == ("1 clip has no label: left out.",)
    assert [(spot.frame, spot.x_px, spot.diameter_px) for spot in found.clips[0].ball] == [(4, 105.0, 10.0)]
    assert found.clips[0].boxes == {4: ((100.0, 50.0, 110.0, 60.0, 0.0), (10.0, 10.0, 40.0, 100.0, 1.0))}
    boxes.draw(filmed[0], 8, [("player", (14.0, 10.0, 44.0, 100.0), ())], "Ana")
    boxes.draw(filmed[0], 6, things[:1], "Ana")  # the player is drawn before and after, and is there, too
    assert evaluating.here().clips[0].boxes[6][1] == pytest.approx((12.0, 10.0, 42.0, 100.0, 1.0))
    boxes.clear(filmed[0], 6, "Ana")
    boxes.clear(filmed[0], 8, "Ana")
    evaluation.start(["motion"], ["flight"])
    jobs.work(0.1, "evaluate")
    figures = evaluation.scored_runs()[0].scores["split"]["overall"]
    assert (figures["boxed_frames"], set(figures["ap"])) == (1, {"ball", "player"})
    assert figures["ball_4px"]["n"] == 1


def test_labels_come_with_their_labellers_and_kappa(filmed: list[int]) -> None:
    for who, said in (("Ana", ("goal", "no_goal")), ("Bo", ("goal", "goal"))):
        for clip_id, outcome in zip(filmed, said, strict=True):
            truth.answer(clip_id, "outcome", outcome, who)
    about = evaluating.provenance(evaluating.here())
    assert about["labellers"] == "Ana, Bo"
    assert about["Ana and Bo on outcome"] == "50 % alike of 2, kappa 0.00"
    assert about["outcomes"] == {"goal": 1}  # what they differ on is not true of anything


def test_a_kick_moved_by_hand_is_not_told_to_an_evaluation(filmed: list[int]) -> None:
    truth.answer(filmed[0], "contact_frame", "7", "Ana")
    labels.put(filmed[0], labels.CONTACT_FRAME, "7")
    evaluation.start(["motion"], ["flight"])
    jobs.work(0.1, "evaluate")
    case = evaluation.whole_run(evaluation.scored_runs()[0].id).cases[0]
    assert (case.truth.contact_frame, case.answer.kick_frame) == (7, None)


def test_splits_of_one_session_and_of_one_clip(filmed: list[int]) -> None:
    for clip_id in filmed:
        truth.answer(clip_id, "outcome", "goal", "Ana")
    assert {clip.split for clip in evaluating.here().clips} == {"21.11.2026 Parc"}
    before = evaluating.key_here()
    dividing.divide({filmed[0]: "test"}, {})
    assert [clip.split for clip in evaluating.here().clips] == ["test", "21.11.2026 Parc"]
    assert evaluating.key_here() != before


def test_clips_a_student_was_taught_from_are_known(filmed: list[int], tmp_path: Path) -> None:
    shas = [storage.clip(clip_id).sha256 for clip_id in filmed]
    drawn(datasets() / "mine", dict(zip(shas, ("train", "test"), strict=True)))
    weights.add("tiny", tiny.student(tmp_path / "tiny.pth"), extra={"dataset": "mine"})
    found = evaluating.learned([Wish("rfdetr:tiny", "flight"), Wish("motion", "flight")])
    assert found == {"rfdetr:tiny": {shas[0]: "train"}}


@pytest.mark.slow
def test_a_student_runs_with_its_tiles_and_without(filmed: list[int], tmp_path: Path) -> None:
    weights.add("tiny", tiny.student(tmp_path / "tiny.pth"))
    truth.answer(filmed[0], "outcome", "no_goal", "Ana")
    assert ("rfdetr:tiny", "no-tiles") in evaluation.wished(["rfdetr:tiny"], [], ablations=True)
    assert ("motion", "no-tiles") not in evaluation.wished(["rfdetr:tiny"], [], ablations=True)
    evaluation.start(["rfdetr:tiny"], ["flight", "no-tiles"])
    jobs.work(0.1, "evaluate")
    made = {run.name: run for run in evaluation.scored_runs()}
    assert {"rfdetr:tiny + flight", "rfdetr:tiny + rules2d", "rfdetr:tiny + no-tiles", "motion + flight"} <= set(made)
    assert made["rfdetr:tiny + flight"].made_with["weights_sha256"] == weights.fingerprint("tiny")
    assert detectors.make("rfdetr:tiny", tiled=False)._tiled is False


def test_a_model_that_is_not_here_is_refused_before_any_work(filmed: list[int]) -> None:
    truth.answer(filmed[0], "outcome", "goal", "Ana")
    with pytest.raises(MissingWeights):
        evaluation.start(["sam3"], ["flight"])
    assert evaluation.evaluations() == []
