"""A tiny training of a ball network: from films whose truth is known, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kicky import detectors, video, weights
from kicky.commands import learning
from kicky.domain import Clip, Report
from kicky.errors import BadDataset, Cancelled, UnfitClip, UnknownPart
from kicky.teach.ballnet import train
from kicky.teach.ballnet.crops import CROP, crops, lesson, stirred, target
from kicky.teach.ballnet.places import flights

from ..detectors.painted import CONTACT, LENGTH, film, flight, walker


def silent(stage: str, share: float) -> None:
    """Watches nothing."""


def unfit(_clip: Clip) -> Report:
    raise UnfitClip("The camera moves: lay it down.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """-> a folder of two painted films with what is true of them, as `synth` writes it."""
    made = tmp_path / "films"
    made.mkdir()
    centre, across = flight()
    truth = {
        "contact_frame": CONTACT, "outcome_frame": LENGTH - 6, "moves": None, "size_wh_px": [480, 270],
        "ball_px": centre.tolist(), "ball_diameter_px": across.tolist(),
    }  # fmt: skip
    film(made / "one.mp4", walker)
    film(made / "two.mp4")
    (made / "truth.json").write_text(json.dumps([{**truth, "name": name} for name in ("one", "two")]))
    return made


def test_a_ball_network_learns_joins_the_store_and_works_at_once(
    folder: Path, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learning.train(str(folder), "ball", kind="ballnet", epochs=2, as_json=True)
    made = json.loads(capsys.readouterr().out)
    assert made["films"] == 2
    assert made["crops"] > 20
    assert made["judged"]["balls"] > 10
    assert made["judged"]["others"] > 0
    assert weights.named("ballnet") == ["ball"]
    assert weights.entry("ball")["what"] == "ball network, taught by 2 films of films"
    clip = replace(video.open_clip(folder / "two.mp4"), take=(14, 22))
    assert len(list(detectors.make("ballnet:ball")(clip))) == 8


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda films: (films / "truth.json").write_text("{}"), "No film in .* shows a flight"),
        (lambda films: (films / "truth.json").write_text("[1]"), "is not what `synth` writes"),
        (lambda films: (films / "two.mp4").unlink(), "Only one film"),
    ],
)
def test_a_folder_that_teaches_nothing_is_refused(own_home: Path, folder: Path, wrong: Any, why: str) -> None:
    wrong(folder)
    with pytest.raises(BadDataset, match=why):
        train(folder, "ball", 1, unfit, silent)
    assert weights.named("ballnet") == []


def test_a_name_that_is_taken_no_folder_no_epoch_and_an_unknown_kind_are_refused(own_home: Path, folder: Path) -> None:
    with pytest.raises(BadDataset, match="pose"):
        train(folder, "pose", 1, unfit, silent)
    with pytest.raises(BadDataset, match="is no folder of films"):
        train(folder / "nowhere", "ball", 1, unfit, silent)
    with pytest.raises(BadDataset, match="at least one epoch"):
        train(folder, "ball", 0, unfit, silent)
    with pytest.raises(UnknownPart, match="choose one of: student, ballnet"):
        learning.train(str(folder), "ball", kind="wasb")


def test_a_training_that_is_stopped_leaves_nothing(own_home: Path, folder: Path) -> None:
    def stop(stage: str, share: float) -> None:
        if stage == "train" and share > 0:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        train(folder, "ball", 1, unfit, stop)
    assert weights.named("ballnet") == []


def test_drawn_films_are_believed_others_measured_and_a_moving_phone_left_out(folder: Path) -> None:
    one, two = flights(folder, unfit, silent)
    centre, across = flight()
    assert sorted(one.places) == list(range(CONTACT + 1, LENGTH - 5)) == sorted(two.places)
    assert one.places[20] == pytest.approx((*centre[20], across[20]))
    shots = json.loads((folder / "truth.json").read_text())
    (folder / "truth.json").write_text(json.dumps([{**shots[0], "moves": [[1.0]]}]))
    candidates = SimpleNamespace(
        frame=np.array([20, 20]), centre_px=np.array([[9.0, 9], [200, 90]]), diameter_px=np.array([30.0, 12]),
        score=np.array([0.9, 0.5]),
    )  # fmt: skip
    flown = SimpleNamespace(seen=np.array([20]), seen_px=np.array([[201.0, 91]]), until_s=9.0)
    clip = video.open_clip(folder / "two.mp4")
    shot = SimpleNamespace(clip=clip, kick_frame=None, flight=flown, candidates=candidates)
    (measured,) = flights(folder, lambda _clip: SimpleNamespace(shot=shot), silent)  # type: ignore[arg-type,return-value]
    assert measured.clip.path.name == "two.mp4"
    assert measured.places == {20: pytest.approx((201.0, 91.0, 12.0))}


def test_half_of_the_crops_show_what_moves_and_is_no_ball(folder: Path) -> None:
    one, two = flights(folder, unfit, silent)
    seen, balls = crops(one, np.random.default_rng(0))
    assert seen.shape[1:] == (5, CROP, CROP)
    with_ball, without = balls[:, 2] > 0, balls[:, 2] == 0
    assert without.sum() > 0.2 * len(balls)
    assert with_ball.sum() >= 2 * (LENGTH - 6 - CONTACT)
    for crop, (x, y, _) in zip(seen[with_ball], balls[with_ball].round().astype(int), strict=True):
        near = crop[2, max(0, y - 4) : y + 5, max(0, x - 4) : x + 5]
        assert near.max() > 180  # the ball is white, the field is not
    with_nobody = crops(two, np.random.default_rng(0))[1]
    assert len(with_nobody) < len(balls)


def test_a_lesson_keeps_the_ball_in_it_and_its_map_is_one_there() -> None:
    rng = np.random.default_rng(0)
    crop = np.zeros((5, CROP, CROP), np.uint8)
    crop[:, 60:66, 30:36] = 255
    for _ in range(50):
        seen, (x, y, across) = lesson(crop, np.array([32.5, 62.5, 6.0]), rng)
        assert 0 <= x < 96
        assert 0 <= y < 96
        assert 3.5 < across < 10
        assert seen[0, round(y), round(x)] > seen[0].mean()
        assert target((x, y, across)).max() == 1.0
    _, (*_, nothing) = lesson(crop, np.zeros(3), rng)
    assert nothing == 0
    assert target((0.0, 0.0, 0.0)).max() == 0.0


def test_what_moves_is_where_the_frame_differs_from_both_beside_it() -> None:
    before, now, after = (np.zeros((60, 80), np.uint8) for _ in range(3))
    before[10:16, 10:16], now[10:16, 20:26], after[10:16, 30:36] = 200, 200, 200
    assert stirred(before, now, after) == pytest.approx(np.array([[22.5, 12.5]]), abs=0.6)
    assert len(stirred(now, now, now)) == 0
