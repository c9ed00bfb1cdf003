"""Whose body is looked for, and where: what is hidden from the landmarker, and which of two bodies struck the ball."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kicky import video
from kicky.body import pose
from kicky.domain import Clip, Floats, Shot, Track
from kicky.synthetic import sample, write
from kicky.synthetic.cast import Cast, draw_friends

FRAMES, KICK = 40, 20
BALL = np.array([400.0, 300.0])


def track(label: str, box: tuple[float, float, float, float]) -> Track:
    x0, y0, x1, y1 = box
    centre, size = np.tile([(x0 + x1) / 2, (y0 + y1) / 2], (FRAMES, 1)), np.tile([x1 - x0, y1 - y0], (FRAMES, 1))
    return Track(label, centre, size, np.ones(FRAMES), np.ones(FRAMES, bool))


def shot(*players: Track, fps: float = 30.0, shooter: str | None = "P1") -> Shot:
    clip = Clip(Path("a.mp4"), "0", (800, 450), np.arange(FRAMES) / fps)
    ball = Track("ball", np.tile(BALL, (FRAMES, 1)), np.full((FRAMES, 2), 20.0), np.ones(FRAMES), np.ones(FRAMES, bool))
    return Shot(clip, ball, players, kick_frame=KICK, shooter=shooter if players else None)


SHOOTER, FRIEND = (340.0, 150.0, 420.0, 310.0), (460.0, 160.0, 520.0, 310.0)


def crop_of(given: Shot) -> tuple[pose.Crop, list[int]]:
    frames = pose._window(given.clip, KICK)
    return pose._crop(given, frames), frames


def test_a_friend_beside_the_shooter_is_hidden_and_the_shooter_is_whole() -> None:
    given = shot(track("P1", SHOOTER), track("P2", FRIEND))
    crop, _ = crop_of(given)
    image = np.full((450, 800, 3), 200, np.uint8)
    square = crop.cut(image, 3)
    x, y = crop.corner_px

    def at(px: float, py: float) -> int:
        return int(square[int(py) - y, int(px) - x, 0])

    assert at(380, 200) == 200  # the shooter
    assert at(400, 300) == 200  # the ball
    assert at(490, 200) == pose.GREY  # the friend
    assert at(440, 200) == 200  # between them a leg may swing


def test_overlapping_people_hide_nothing_of_the_shooter() -> None:
    given = shot(track("P1", SHOOTER), track("P2", (380.0, 140.0, 440.0, 310.0)))
    crop, _ = crop_of(given)
    square = crop.cut(np.full((450, 800, 3), 200, np.uint8), 0)
    x, y = crop.corner_px
    assert (square[150 - y : 310 - y, 340 - x : 420 - x] == 200).all()


@pytest.mark.parametrize(
    "box",
    [(395.0, 290.0, 425.0, 320.0), (300.0, 0.0, 600.0, 420.0)],
    ids=["the ball itself", "a floodlight's flare"],
)
def test_a_box_that_is_no_body_is_not_believed(box) -> None:
    crop, _ = crop_of(shot(track("P1", box)))
    alone, _ = crop_of(shot())
    assert crop.side_px == alone.side_px
    assert np.isnan(crop.box_px).all()
    assert (crop.cut(np.full((450, 800, 3), 200, np.uint8), 0) == 200).any()


def test_a_childs_box_is_a_bodys() -> None:
    crop, _ = crop_of(shot(track("P1", (370.0, 205.0, 410.0, 310.0))))  # 5 balls tall: 1.1 m
    assert np.isfinite(crop.box_px).all()


def test_beyond_the_edge_it_is_grey() -> None:
    given = shot(track("P1", (0.0, 150.0, 60.0, 310.0)))
    given = replace(given, ball=replace(given.ball, centre_px=np.tile([30.0, 300.0], (FRAMES, 1))))
    crop, _ = crop_of(given)
    square = crop.cut(np.full((450, 800, 3), 200, np.uint8), 0)
    assert square.shape == (crop.side_px, crop.side_px, 3)
    assert (square[:, 0] == pose.GREY).all()


@pytest.mark.parametrize(("fps", "most"), [(30.0, 19), (60.0, 37), (240.0, 90)])
def test_a_fast_film_is_not_looked_at_frame_by_frame(fps: float, most: int) -> None:
    clip = Clip(Path("a.mp4"), "0", (800, 450), np.arange(400) / fps)
    frames = pose._window(clip, 200)
    assert 200 in frames
    assert len(frames) <= most
    about = [f for f in frames if abs(f - 200) / fps <= 0.1]
    assert np.diff(about).max() / fps <= 1 / 30 + 1e-9


def body(hips: tuple[float, float], foot: tuple[float, float]) -> pose.Body:
    px = np.tile(hips, (33, 1)).astype(float)
    px[11:13] = (hips[0], hips[1] - 60)
    px[27:33] = foot
    return pose.Body(px, np.zeros((33, 3)), np.ones(33))


def test_of_two_bodies_the_one_with_a_foot_at_the_ball_is_followed_through() -> None:
    given = shot()
    frames = pose._window(given.clip, KICK)
    bodies = []
    for number in range(len(frames)):
        striker = body((380.0, 220.0), (395.0, 300.0) if abs(number - 9) < 3 else (360.0, 280.0))
        friend = body((500.0, 220.0), (500.0, 300.0))
        bodies.append([friend, striker] if number % 2 else [striker, friend])
    chosen = pose._follow(bodies, given, frames)
    assert {round(float(b.hips[0])) for b in chosen.values()} == {380}
    assert pose.strikes(replace(given, pose=pose._pose(frames, chosen)))


def test_a_bystander_alone_strikes_nothing() -> None:
    given = shot()
    frames = pose._window(given.clip, KICK)
    friend = [[body((620.0, 220.0), (620.0, 300.0))] for _ in frames]
    chosen = pose._follow(friend, given, frames)
    assert len(chosen) == len(frames)
    assert not pose.strikes(replace(given, pose=pose._pose(frames, chosen)))
    assert not pose.strikes(replace(given, pose=pose._pose(frames, {})))
    assert not pose.strikes(given)


Tried = list[tuple[int, float]]


def looks(monkeypatch: pytest.MonkeyPatch, answers: Callable[[int, float], list[list[pose.Body]]]) -> Tried:
    """How many people, how sure -> what is seen then; -> what is asked for, in order."""
    tried: Tried = []

    def look(_shot: Shot, _frames: object, crop: pose.Crop, people: int, *_: object) -> list[list[pose.Body]]:
        tried.append((people, crop.believing))
        return answers(people, crop.believing)

    monkeypatch.setattr(pose, "_look", look)
    return tried


def test_one_look_is_enough_where_the_shooter_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    striker = [[body((380.0, 220.0), (395.0, 300.0))] for _ in range(18)]
    tried = looks(monkeypatch, lambda _people, _sure: striker)
    assert pose.strikes(pose.around_contact(shot(), lambda _stage, _share: None))
    assert tried == [(1, pose.BELIEVING)]


def test_who_is_hardly_seen_is_looked_for_nearer(monkeypatch: pytest.MonkeyPatch) -> None:
    striker, nobody = [body((380.0, 220.0), (395.0, 300.0))], list[pose.Body]()
    some, all_ = [striker if 6 < n < 12 else nobody for n in range(18)], [striker] * 18
    tried = looks(monkeypatch, lambda _people, sure: all_ if sure == pose.HARDLY else some)
    found = pose.around_contact(shot(), lambda _stage, _share: None)
    assert tried == [(1, pose.BELIEVING), (2, pose.BELIEVING), (1, pose.HARDLY)]
    assert found.pose is not None
    assert np.isfinite(found.pose.landmarks_px).all()


def test_where_no_look_is_good_the_one_with_a_foot_at_the_ball_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    striker, friend, nobody = [body((380.0, 220.0), (395.0, 300.0))], [body((620.0, 220.0), (620.0, 300.0))], []
    few: list[list[pose.Body]] = [striker if 6 < n < 12 else nobody for n in range(18)]
    tried = looks(monkeypatch, lambda people, sure: few if (people, sure) == (2, pose.HARDLY) else [friend] * 18)
    assert pose.strikes(pose.around_contact(shot(), lambda _stage, _share: None))
    assert len(tried) == 4


def test_nearer_is_the_middle() -> None:
    crop, _ = crop_of(shot(track("P1", (340.0, 150.0, 400.0, 310.0))))
    nearer = crop.nearer()
    assert np.allclose(nearer.corner_px + nearer.side_px / 2, crop.corner_px + crop.side_px / 2, atol=1)
    assert nearer.side_px < crop.side_px


def test_a_dark_picture_is_lit_and_grey_stays_out_of_the_reckoning() -> None:
    dark = np.full((40, 40, 3), pose.GREY, np.uint8)
    dark[10:30, 10:30] = np.arange(0, 80, 4, dtype=np.uint8)[:, None, None]
    bright = pose.lit(dark)
    assert np.ptp(bright[10:30, 10:30]) > 2 * np.ptp(dark[10:30, 10:30])
    assert (np.diff(bright[10:30, 15, 0].astype(int)) >= 0).all()
    nothing = np.full((8, 8, 3), pose.GREY, np.uint8)
    assert (pose.lit(nothing) == nothing).all()


def seen(film: Path, kick: int, ball: Floats, size: Floats) -> Shot:
    clip = video.open_clip(film)
    there = np.isfinite(ball[:, 0])
    track_ = Track("ball", ball, np.column_stack([size, size]), np.where(there, 1.0, np.nan), there)
    return Shot(clip, track_, kick_frame=kick)


@pytest.mark.slow
def test_on_film_the_shooter_is_found_though_a_friend_stands_by(tmp_path: Path) -> None:
    cast = Cast(*draw_friends(np.random.default_rng(3)), "watcher")
    true = next(
        s for seed in range(40)
        for s in [sample(seed, view="side", kind="goal", fps=30, size_wh=(1280, 720), night=False, cast=cast)]
        if s.friend is not None
    )  # fmt: skip
    film = write(true, tmp_path)
    found = pose.around_contact(
        seen(film, true.contact_frame, true.ball_px, true.ball_diameter_px), lambda stage, share: None
    )
    assert found.pose is not None
    row = found.pose.at(true.contact_frame)
    assert row is not None
    hips = found.pose.landmarks_px[row, 23:25].mean(axis=0)
    truth = true.joints_px[true.contact_frame, 11:13].mean(axis=0)
    tall = np.ptp(true.joints_px[true.contact_frame, :, 1])
    assert np.linalg.norm(hips - truth) < 0.15 * tall


@pytest.mark.slow
def test_with_nobody_in_the_picture_there_is_a_pose_without_a_body(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    rng = np.random.default_rng(0)
    with video.FilmWriter(path, (320, 180), np.arange(30) / 30) as film:
        for number in range(30):
            film.add(rng.integers(60, 90, (180, 320, 3), dtype=np.uint8), number / 30)
    ball = np.tile([160.0, 120.0], (30, 1))
    found = pose.around_contact(seen(path, 15, ball, np.full(30, 10.0)), lambda stage, share: None)
    assert found.pose is not None
    assert np.isnan(found.pose.landmarks_px).all()
