"""Shots as people film them: each kind comes, the truth agrees with the pixels, what shows no shot says so."""

import csv
import itertools
import json
from collections import Counter
from dataclasses import replace

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from kicky import __main__
from kicky.errors import KickyError, UnknownPart
from kicky.synthetic import SyntheticShot, draw_shots, film, sample, sample_hard
from kicky.synthetic.camera import goal_corners_px
from kicky.synthetic.film import label_row, truth
from kicky.synthetic.paint import Painter
from kicky.synthetic.pastime import PASTIMES
from kicky.synthetic.player import JOINT, SHANK, THIGH
from kicky.synthetic.setting import PLAIN, Grade, Setting
from kicky.synthetic.waiting import HABITS
from kicky.trials.labelled import folder

SMALL = (480, 270)
LYING = ("waits", "breaks off", "swings beside", "walks by")


@pytest.fixture(scope="module")
def shots() -> list[SyntheticShot]:
    """-> what odd seeds give, none of them filmed."""
    return [sample_hard(seed, size_wh=SMALL) for seed in range(1, 111, 2)]


def changed(painter: Painter, frame: int) -> np.ndarray:
    """-> (H, W) where the picture is not the still world's."""
    return np.abs(painter.frame(frame).astype(int) - painter.still).max(axis=2) > 30


def clear_of_people(shot: SyntheticShot, frame: int) -> bool:
    """-> is the ball in the picture with nobody before it."""
    x, y = shot.ball_px[frame]
    room = 2 + shot.ball_diameter_px[frame]
    boxes = [person["box_px"][frame] for person in truth(shot)["people"]]
    near = [b for b in boxes if b and b[0] - room < x < b[2] + room and b[1] - room < y < b[3] + room]
    return not near and room < x < shot.size_wh_px[0] - room and room < y < shot.size_wh_px[1] - room


def test_every_kind_comes_by_chance_and_none_is_the_rule(shots: list[SyntheticShot]) -> None:
    words = Counter(word for shot in shots for word in set(shot.setting.added))
    for word in (*HABITS, "leaf", "cone", "bag", "bottle", "second ball", "wheel", "lamp", "flare", "veil", "keeper",
                 "friend beside", "friend walks behind", "crosses", "ends early", "phone in the grass",
                 "long shadows", "short shadows", "sway"):  # fmt: skip
        assert 1 <= words[word] <= 0.6 * len(shots), word
    assert len({shot.setting.leather.name for shot in shots}) == 8
    assert 0.03 < np.mean([not shot.shows_a_shot for shot in shots]) < 0.25
    assert 0.02 < np.mean([shot.setting.moves is not None for shot in shots]) < 0.2
    assert {1, 10} <= {int(word.split()[0]) for word in words if word.endswith(" steps")}


def test_truth_is_whole_json_and_fits_the_film(shots: list[SyntheticShot]) -> None:
    for shot in shots:
        known = json.loads(json.dumps(truth(shot), allow_nan=False))
        frames = len(known["time_s"])
        assert len(known["ball_px"]) == len(known["ball_diameter_px"]) == len(known["joints_px"]) == frames
        assert all(len(person["box_px"]) == frames for person in known["people"])
        assert known["added"] == list(shot.setting.added)
        assert (known["contact_frame"] is None) == (known["outcome"] == "no_shot") == (known["foot"] is None)
        for px in shot.goal_corners_px:
            assert (px > 0).all()
            assert (px < shot.size_wh_px).all()


@pytest.mark.parametrize("habit", HABITS[1:])
@pytest.mark.parametrize("seed", [1, 3])
def test_who_waits_is_in_the_picture_from_the_start_and_still_kicks_the_ball(seed: int, habit: str) -> None:
    shot = next(s for s in (sample_hard(seed + k, size_wh=SMALL, habit=habit) for k in range(0, 40, 2)) if s.foot)
    joints, high = shot.shooter.joints(shot.time_s - shot.contact_time_s), shot.shooter.height_m
    for side in ("left", "right"):
        hip, knee, ankle = (joints[:, JOINT[f"{side}_{part}"]] for part in ("hip", "knee", "ankle"))
        np.testing.assert_allclose(np.linalg.norm(knee - hip, axis=1), THIGH * high, atol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(ankle - knee, axis=1), SHANK * high, atol=1e-6)
    assert joints[..., 2].min() > 0
    assert shot.camera.sees(joints[0, [JOINT["head"], JOINT["neck"]]], -0.01)
    toe = shot.shooter.joints(np.zeros(1))[0, JOINT[f"{shot.foot}_ankle"]]
    assert np.linalg.norm(toe - shot.flight.xyz_m[0]) < 0.35
    feet = joints[:, [JOINT["left_ankle"], JOINT["right_ankle"]]]
    start = np.linalg.norm(feet[0, :, :2].mean(axis=0) - shot.flight.xyz_m[0, :2])
    if habit == "places the ball":
        assert start < 1.0
        assert joints[0, JOINT["head"], 2] < 0.8 * high  # down at it
    elif habit == "hops":
        assert feet[..., 2].min(axis=1).max() > 0.043 * high + 0.03  # both feet off the ground at once
    elif habit == "stands":
        moved = np.linalg.norm(joints[: int(0.4 * shot.fps), JOINT["neck"]] - joints[0, JOINT["neck"]], axis=1)
        assert moved.max() < 0.15


@pytest.mark.parametrize("seed", [1, 5, 7])
def test_the_waiting_kicker_is_painted_where_the_truth_says(seed: int) -> None:
    shot = sample_hard(seed, size_wh=SMALL, view="side", habit="stands", night=False)
    alone = replace(shot, walkers=(), setting=PLAIN)
    painter = Painter(alone)
    (box,) = [person["box_px"][0] for person in truth(alone)["people"] if person["role"] == "shooter"]
    x0, y0, x1, y1 = (int(v) for v in box)
    on = changed(painter, 0)
    room = 6
    assert on[y0 : y1 + 1, x0 : x1 + 1].mean() > 0.15
    on[max(0, y0 - room) : y1 + room, max(0, x0 - room) : x1 + room] = False
    ball_x, ball_y = shot.ball_px[0]
    reach = int(4 + 2 * shot.ball_diameter_px[0])
    on[int(ball_y) - reach : int(ball_y) + reach, int(ball_x) - reach : int(ball_x) + reach] = False
    assert on[: int(y1)].mean() < 0.01  # nothing else but shadows on the grass


def test_the_lying_ball_is_painted_in_its_colour_where_the_truth_says(shots: list[SyntheticShot]) -> None:
    seen = 0
    for shot in shots:
        off = shot.night or shot.setting.moves is not None or shot.ball_diameter_px[0] < 6
        if off or seen == 10 or not clear_of_people(shot, 0):
            continue
        painter = Painter(replace(shot, setting=replace(shot.setting, glare=(), grade=Grade())))
        x, y = np.round(shot.ball_px[0]).astype(int)
        patch = painter.frame(0)[y - 1 : y + 2, x - 1 : x + 2].astype(float)
        assert np.abs(patch - painter.still[y - 1 : y + 2, x - 1 : x + 2]).max() > 12, shot.setting.added
        _, green, red = patch.mean(axis=(0, 1))
        if shot.setting.leather.name in ("pink", "red", "orange") and shot.setting.leather.rim > 0.9:
            assert red > green, shot.setting.added
        seen += 1
    assert seen >= 6


@pytest.mark.parametrize("pastime", PASTIMES)
def test_a_film_without_a_shot_has_no_contact_no_foot_and_no_outcome(pastime: str) -> None:
    shot = sample_hard(8, size_wh=SMALL, pastime=pastime)
    row = label_row(shot)
    assert (row["outcome"], row["contact_frame"], row["foot"], row["how"], row["outcome_frame"]) == (
        "no_shot",
        *[""] * 4,
    )
    assert row["note"] == pastime == shot.setting.added[0]
    assert shot.speed_kmh is None
    gone = np.linalg.norm(shot.ball_xyz_m - shot.ball_xyz_m[0], axis=1).max()
    assert (gone < 1e-6) == (pastime in LYING)
    assert Painter(shot).frame(len(shot.time_s) - 1).shape == (270, 480, 3)


def test_a_juggled_ball_goes_up_and_down_and_a_dribbled_one_stays_by_the_feet() -> None:
    up = sample_hard(8, size_wh=SMALL, pastime="juggles").ball_xyz_m
    assert np.ptp(up[:, 2]) > 0.25
    assert up[:, 2].min() > 0.35
    shot = sample_hard(8, size_wh=SMALL, pastime="dribbles")
    neck = shot.joints_m[:, JOINT["neck"], :2]
    assert (np.linalg.norm(shot.ball_xyz_m[:, :2] - neck, axis=1) < 1.6).all()
    assert np.allclose(shot.ball_xyz_m[:, 2], 0.11)


def test_a_film_that_ends_early_shows_the_contact_and_does_not_say_what_followed(shots: list[SyntheticShot]) -> None:
    early = [shot for shot in shots if "ends early" in shot.setting.added]
    assert early
    for shot in early:
        assert shot.contact_frame is not None
        assert 0 <= shot.time_s[-1] - shot.time_s[shot.contact_frame] <= 0.31
        settled = shot.outcome_frame is not None and shot.outcome_frame < len(shot.time_s)
        row = label_row(shot)
        assert bool(row["outcome"]) == bool(row["how"]) == settled
        assert row["contact_frame"] == shot.contact_frame
        assert shot.crossing_m is None or settled or shot.flight.plane_s <= shot.time_s[-1] - shot.contact_time_s


def test_the_ball_stays_where_the_truth_says_while_the_phone_moves(shots: list[SyntheticShot]) -> None:
    moving = [shot for shot in shots if shot.setting.moves is not None and shot.shows_a_shot]
    assert len(moving) >= 2
    for shot in moving:
        known = truth(shot)
        since = np.array(known["moves"])
        np.testing.assert_allclose(since[0], [[1, 0, 0], [0, 1, 0]], atol=1e-6)
        frames = np.arange(shot.contact_frame + 1)
        lying = np.einsum("tij,j->ti", since[frames, :, :2], shot.ball_px[0]) + since[frames, :, 2]
        np.testing.assert_allclose(lying, shot.ball_px[frames], atol=1e-2)
        assert np.ptp(since[:, :, 2], axis=0).max() > 0.5  # it does move
    shot = moving[0]
    last = int(np.argmax(np.abs(shot.setting.moves[:, :, 2] - shot.setting.moves[0, :, 2]).sum(axis=1)))
    plain = Setting(moves=shot.setting.moves)
    painter, steady = Painter(replace(shot, setting=plain)), Painter(replace(shot, setting=PLAIN))
    corners = np.round(goal_corners_px(shot.camera, shot.goal)).astype(int)
    as_moved = cv2.warpAffine(steady.frame(last), shot.setting.moves[last], SMALL).astype(float)
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    gap = np.abs(as_moved - painter.frame(last))[y0:y1, x0:x1].mean()
    assert gap < 0.5 * np.abs(painter.frame(last).astype(float) - steady.frame(last))[y0:y1, x0:x1].mean()


def test_nothing_that_lies_about_hides_the_ball_or_is_run_over(shots: list[SyntheticShot]) -> None:
    for shot in shots:
        feet = shot.joints_m[:, [JOINT["left_ankle"], JOINT["right_ankle"]], :2].reshape(-1, 2)
        for thing in shot.setting.things:
            if thing.word not in ("leaf", "wheel"):
                assert np.linalg.norm(feet - (thing.x_m, thing.y_m), axis=1).min() > 0.5
            at = thing.ends_m().mean(axis=0)
            nearer = shot.camera.depth_m(at) < shot.camera.depth_m(shot.flight.xyz_m[0])
            apart = np.linalg.norm(shot.camera.project(at) - shot.camera.project(shot.flight.xyz_m[0]))
            assert not nearer or apart > 2


def test_a_bystander_is_where_the_truth_says_and_not_in_the_balls_way(shots: list[SyntheticShot]) -> None:
    for shot in shots:
        for role, body in zip(shot.setting.roles, shot.walkers, strict=True):
            if role == "walker":  # in the far background, as ever
                continue
            neck = body.joints(shot.time_s - shot.contact_time_s)[:, JOINT["neck"], :2]
            assert np.linalg.norm(neck - shot.ball_xyz_m[:, :2], axis=1).min() > 0.6, role
            theirs = shot.joints_m[:, JOINT["neck"], :2]
            assert np.linalg.norm(neck - theirs, axis=1).min() > 0.6, role


def test_the_same_seed_gives_the_same_film() -> None:
    one, two = (sample_hard(15, size_wh=SMALL) for _ in range(2))
    assert json.dumps(truth(one)) == json.dumps(truth(two))
    np.testing.assert_array_equal(Painter(one).frame(0), Painter(two).frame(0))
    assert json.dumps(truth(one)) != json.dumps(truth(sample_hard(17, size_wh=SMALL)))


def test_a_plain_shot_has_nothing_added() -> None:
    shot = sample(15, size_wh=SMALL)
    assert shot.setting.added == shot.setting.things == shot.setting.glare == ()
    assert shot.setting.moves is None
    assert shot.shows_a_shot


def test_what_nobody_does_is_refused_with_the_choices() -> None:
    with pytest.raises(UnknownPart, match=", ".join(HABITS)):
        sample_hard(1, habit="sleeps")
    with pytest.raises(UnknownPart, match=", ".join(PASTIMES)):
        sample_hard(1, pastime="sleeps")
    with pytest.raises(KickyError, match="one of the two"):
        next(draw_shots(1, 1, friends=True, hard=True))


def test_hard_films_are_written_with_labels_that_can_be_read(tmp_path, monkeypatch) -> None:
    def quick(seed, **wish):
        return sample_hard(seed, **wish, size_wh=(160, 90), pastime="waits" if wish["view"] == "side" else None)

    monkeypatch.setattr(film, "sample_hard", quick)
    painted = film.render
    monkeypatch.setattr(film, "render", lambda shot: itertools.repeat(next(painted(shot)), len(shot.time_s)))
    done = CliRunner().invoke(__main__.app, ["synth", str(tmp_path), "--count", "4", "--seed", "3", "--hard"])
    assert done.exit_code == 0, done.output
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["clip"]: row for row in csv.DictReader(file)}
    assert rows["side_01"]["outcome"] == "no_shot"
    assert rows["side_01"]["contact_frame"] == rows["side_01"]["foot"] == ""
    clips = {clip.name: clip for clip in folder(tmp_path).clips}
    assert clips["side_01"].truth.outcome == ""
    assert "no_shot" in clips["side_01"].tags
    assert clips["side_01"].ball == ()
    assert clips["behind_01"].truth.contact_frame is not None
