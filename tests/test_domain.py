"""The nouns check what they are given and then do not change."""

from pathlib import Path

import numpy as np
import pytest

from kicky.domain import Clip, Measure, Pose, Shot, Track


def clip(**changes: object) -> Clip:
    given = {"path": Path("a.mp4"), "sha256": "0", "size_wh_px": (64, 48), "time_s": np.arange(5) / 30} | changes
    return Clip(**given)  # type: ignore[arg-type]


def test_a_wrong_shape_is_told_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"Clip.time_s: expected \(T\), got \(3, 2\)"):
        clip(time_s=np.zeros((3, 2)))


def test_letters_bind_one_size_across_arrays() -> None:
    with pytest.raises(ValueError, match=r"Track.size_px: expected \(4, 2\), got \(5, 2\)"):
        Track("ball", np.zeros((4, 2)), np.zeros((5, 2)), np.zeros(4), np.ones(4, bool))


def test_a_player_is_found_by_label_and_nobody_by_another() -> None:
    tracks = tuple(
        Track(name, np.zeros((5, 2)), np.ones((5, 2)), np.ones(5), np.ones(5, bool)) for name in ("P1", "P2")
    )
    shot = Shot(clip(), tracks[0], tracks)
    assert shot.player("P2") is tracks[1]
    with pytest.raises(KeyError, match="P3"):
        shot.player("P3")


def test_time_must_rise() -> None:
    with pytest.raises(ValueError, match="strictly rising"):
        clip(time_s=np.array([0.0, 0.1, 0.1]))


def test_a_take_lies_within_the_film() -> None:
    assert clip().take == (0, 5)
    with pytest.raises(ValueError, match="expected a range within"):
        clip(take=(2, 9))


def test_arrays_are_sealed_and_the_callers_own_stays_writable() -> None:
    mine = np.arange(5) / 30
    with pytest.raises(ValueError, match="read-only"):
        clip(time_s=mine).time_s[0] = 9
    mine[0] = -1


def test_the_usual_frame_time_is_the_median_not_the_mean() -> None:
    assert clip(time_s=np.array([0, 1, 2, 3, 9]) / 30).frame_s == pytest.approx(1 / 30)


def test_a_measure_has_a_value_with_an_interval_or_a_reason() -> None:
    assert Measure("speed", "km/h", None, why_not="No kick was seen.").value is None
    with pytest.raises(ValueError, match="no value and no reason"):
        Measure("speed", "km/h", None)
    with pytest.raises(ValueError, match="needs an interval"):
        Measure("speed", "km/h", 80.0)


def test_a_pose_says_where_it_saw_no_body() -> None:
    points = np.zeros((2, 33, 2))
    points[1] = np.nan
    pose = Pose(np.array([7, 8]), points, np.zeros((2, 33, 3)), np.ones((2, 33)))
    assert (pose.at(7), pose.at(8), pose.at(9)) == (0, None, None)
