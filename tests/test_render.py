"""The film and the stills show what the report holds, where it lies, and never more."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kicky import render
from kicky.camera import project
from kicky.domain import (
    Clip,
    Foot,
    FootCall,
    How,
    Measure,
    Outcome,
    Pose,
    Report,
    Scene,
    Shot,
    Track,
    Verdict,
)
from kicky.errors import Cancelled, StorageFailed
from kicky.render import Artist, brush
from kicky.render.onfilm import on_film
from kicky.shown import NO_GOAL_MARKED
from kicky.video import FilmWriter, Image, frames, open_clip

from .flights import flight, phone, struck

WIDTH, HEIGHT, COUNT, KICK, OUT = 320, 180, 30, 8, 20
CORNERS = np.array([[200, 40], [300, 42], [300, 92], [200, 90]], dtype=float)
GRASS = (70, 110, 60)


@pytest.fixture
def plain(tmp_path: Path) -> Clip:
    """A film of nothing but grass: whatever else is seen was drawn."""
    path = tmp_path / "grass.mp4"
    with FilmWriter(path, (WIDTH, HEIGHT), np.arange(COUNT) / 30) as writer:
        for number in range(COUNT):
            writer.add(np.full((HEIGHT, WIDTH, 3), GRASS, np.uint8), number / 30)
    return open_clip(path)


def track(label: str, centre: np.ndarray, size: tuple[float, float]) -> Track:
    seen = np.isfinite(centre[:, 0])
    return Track(label, centre, np.where(seen[:, None], size, np.nan), seen.astype(float), seen)


def nobody(label: str = "ball") -> Track:
    return track(label, np.full((COUNT, 2), np.nan), (1, 1))


def report_on(clip: Clip, **changes: Any) -> Report:
    """P1 at the left strikes in frame 8; P2 keeps goal; the ball flies to (260, 60) by frame 20."""
    flown = np.clip(np.arange(COUNT) - KICK, 0, OUT - KICK)[:, None] / (OUT - KICK)
    ball = track("ball", np.array([80.0, 140.0]) + flown * np.array([180.0, -80.0]), (8, 8))
    shooter = track("P1", np.tile([60.0, 110.0], (COUNT, 1)), (40, 80))
    keeper = track("P2", np.tile([280.0, 80.0], (COUNT, 1)), (14, 30))
    body = np.tile([60.0, 110.0], (3, 33, 1)) + np.random.default_rng(0).uniform(-15, 15, (3, 33, 2))
    pose = Pose(np.array([7, 8, 9]), body, np.zeros((3, 33, 3)), np.ones((3, 33)))
    shot = Shot(clip, ball, (shooter, keeper), Scene(CORNERS), pose, KICK, "", "P1", "P2")
    parts: dict[str, Any] = {
        "shot": shot,
        "outcome": Outcome(Verdict.GOAL, 0.9, How.IN_NET, "It rests in the net.", OUT),
        "foot": FootCall(Foot.RIGHT, 0.1, "The right ankle is nearer."),
        "measures": (Measure("speed", "km/h", 88.0, 80.0, 140.0, "by hand"),),
        "made_with": {},
    }
    return Report(**(parts | changes))


def shown(report: Report, path: Path, **how: Any) -> list[Image]:
    render.film(report, path, **how)
    return [image for _, image in frames(open_clip(path))]


def drawn(image: Image) -> np.ndarray:
    """Where the picture is not grass any more."""
    return np.asarray(np.abs(image.astype(int) - GRASS).max(axis=2) > 40)


def like(image: Image, colour: tuple[int, int, int]) -> np.ndarray:
    return np.asarray(np.abs(image.astype(int) - colour).max(axis=2) < 60)


def around(mask: np.ndarray, x: float, y: float, reach: int = 12) -> bool:
    return bool(mask[max(0, int(y) - reach) : int(y) + reach, max(0, int(x) - reach) : int(x) + reach].any())


def test_the_film_has_the_takes_frames_in_lifes_time(plain: Clip, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    clip = replace(plain, take=(3, 28))
    render.film(report_on(clip), tmp_path / "film.mp4", lambda *what: told.append(what))
    film = open_clip(tmp_path / "film.mp4")
    np.testing.assert_allclose(film.time_s[:25], np.arange(25) / 30, atol=1e-4)
    assert film.size_wh_px == (WIDTH, HEIGHT)
    assert told[-1] == ("film", 1.0)
    assert len(told) == 25


def test_slow_motion_plays_as_fast_as_life(plain: Clip, tmp_path: Path) -> None:
    slow = open_clip(plain.path, slow_motion=4)
    render.film(report_on(slow), tmp_path / "film.mp4")
    np.testing.assert_allclose(open_clip(tmp_path / "film.mp4").time_s[:COUNT], np.arange(COUNT) / 120, atol=1e-4)


def test_a_long_wait_before_and_after_the_shot_is_left_out(plain: Clip) -> None:
    """Twenty-five times as slow: a frame lasts 0.83 s, the kick is in frame 8, and told it is in frame OUT."""
    long = open_clip(plain.path, slow_motion=0.04)
    report = report_on(long)
    first, last = render.Artist(report, None).stretch()
    assert (first, last) == (KICK - 4, min(COUNT, OUT + 5))
    assert last < COUNT
    nobody = replace(report, shot=replace(report.shot, kick_frame=None, pose=None))
    assert render.Artist(nobody, None).stretch() == (0, COUNT)


def test_the_film_waits_until_the_verdict_could_be_read(plain: Clip, tmp_path: Path) -> None:
    render.film(report_on(plain), tmp_path / "film.mp4")
    assert open_clip(tmp_path / "film.mp4").time_s[-1] - OUT / 30 >= render.HOLD_S - 0.05


def test_what_is_drawn_lies_where_it_belongs(plain: Clip, tmp_path: Path) -> None:
    report = report_on(plain)
    images = shown(report, tmp_path / "film.mp4")
    for number in (2, KICK + 4, OUT):
        mask = drawn(images[number])
        assert around(mask, *report.shot.ball.centre_px[number], 9)
        assert all(around(mask, *corner, 5) for corner in CORNERS)
        assert around(mask, 40, 70, 5)  # the shooter's box
        assert not around(mask, 130, 70, 6)  # plain grass
    assert around(drawn(images[KICK]), *report.shot.pose.landmarks_px[1, 25], 4)  # his knee


def test_possession_brightens_the_label(plain: Clip, tmp_path: Path) -> None:
    owners = ["P1" if t <= KICK else None for t in range(COUNT)]
    images = shown(report_on(plain), tmp_path / "film.mp4", possession=owners)
    above = np.s_[40:70, 20:100]
    assert like(images[2][above], brush.SUN).mean() > 0.1
    assert like(images[KICK + 12][above], brush.SUN).mean() < 0.02


def test_without_possession_given_the_rules_say_who_has_the_ball(plain: Clip, tmp_path: Path) -> None:
    """The ball lies at the edge of P1's box until the kick."""
    given = shown(report_on(plain), tmp_path / "a.mp4", possession=["P1"] * COUNT)
    found = shown(report_on(plain), tmp_path / "b.mp4")
    assert np.array_equal(given[2], found[2])
    assert not np.array_equal(given[OUT], found[OUT])


def test_the_trail_begins_with_the_kick_and_fades(plain: Clip, tmp_path: Path) -> None:
    report = replace(report_on(plain, measures=(), foot=FootCall(Foot.UNSURE, 0.5, "hidden")))
    images = shown(report, tmp_path / "film.mp4")
    midway = report.shot.ball.centre_px[KICK + 6]
    assert not around(drawn(images[KICK - 1]), *midway, 5)
    assert around(like(images[KICK + 9], brush.SUN), *midway, 5)
    assert not around(like(images[-1], brush.SUN), *midway, 3)


def test_each_verdict_has_its_words_and_its_sign_after_the_outcome(plain: Clip, tmp_path: Path) -> None:
    banners = {}
    for verdict in Verdict:
        report = report_on(plain, outcome=Outcome(verdict, 0.5, How.UNCLEAR, "", OUT))
        images = shown(report, tmp_path / f"{verdict}.mp4")
        top = np.s_[: HEIGHT // 5, WIDTH // 4 : -WIDTH // 4]
        assert not drawn(images[OUT - 1][top]).any()
        banners[verdict] = images[-1][top].mean(axis=2)
        assert drawn(images[-1][top]).mean() > 0.3
    # Told apart without colours, too.
    goal, no_goal, unsure = banners.values()
    assert min(np.abs(goal - no_goal).mean(), np.abs(goal - unsure).mean(), np.abs(no_goal - unsure).mean()) > 5


def test_without_a_goal_in_the_picture_no_verdict_is_told(plain: Clip, tmp_path: Path) -> None:
    report = report_on(plain, outcome=Outcome(Verdict.UNSURE, 0.5, How.UNCLEAR, NO_GOAL_MARKED, OUT))
    images = shown(report, tmp_path / "film.mp4")
    assert not drawn(images[-1][: HEIGHT // 5, WIDTH // 4 : -WIDTH // 4]).any()
    assert len(images) == COUNT, "nothing is held to be read"


def test_words_keep_to_what_lies_between_black_bars(plain: Clip) -> None:
    artist = Artist(report_on(plain, outcome=Outcome(Verdict.GOAL, 0.9, How.IN_NET, "", OUT)), None)
    artist.between = 0.3, 0.7
    image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    artist.draw_verdict(image, 1.0)
    artist.draw_facts(image, 1.0)
    changed = np.flatnonzero((image != 90).any(axis=(0, 2)))
    assert changed[0] >= 0.3 * WIDTH
    assert (image[: HEIGHT // 4] != 90).any()
    assert np.flatnonzero((image[: HEIGHT // 4] != 90).any(axis=(0, 2)))[-1] <= 0.7 * WIDTH


def test_without_an_outcome_frame_the_verdict_comes_with_the_last_of_the_ball(plain: Clip, tmp_path: Path) -> None:
    report = report_on(plain, outcome=Outcome(Verdict.UNSURE, 0.5, How.UNCLEAR, "The ball was lost.", None))
    centre = report.shot.ball.centre_px.copy()
    centre[15:] = np.nan
    lost = replace(report, shot=replace(report.shot, ball=track("ball", centre, (8, 8))))
    images = shown(lost, tmp_path / "film.mp4")
    top = np.s_[: HEIGHT // 5, WIDTH // 4 : -WIDTH // 4]
    assert not drawn(images[13][top]).any()
    assert drawn(images[-1][top]).any()


def test_foot_and_speed_are_written_only_when_known(plain: Clip, tmp_path: Path) -> None:
    corner = np.s_[-20:, :140]
    known = shown(report_on(plain), tmp_path / "a.mp4")
    assert not drawn(known[KICK - 1][corner]).any()
    assert drawn(known[-1][corner]).any()
    silent = Measure("speed", "km/h", None, why_not="The ball was lost.")
    unknown = shown(report_on(plain, foot=FootCall(Foot.UNSURE, 0.5, "hidden"), measures=(silent,)), tmp_path / "b.mp4")
    assert not drawn(unknown[-1][corner]).any()


def bare(clip: Clip) -> Report:
    shot = Shot(clip, nobody(), kick_why_not="No kick was seen.")
    outcome = Outcome(Verdict.UNSURE, 0.5, How.UNCLEAR, "No ball was seen.")
    return Report(shot, outcome, FootCall(Foot.UNSURE, 0.5, "No kick was seen."), (), {})


def test_nothing_seen_is_still_a_film_and_a_still(plain: Clip, tmp_path: Path) -> None:
    images = shown(bare(plain), tmp_path / "film.mp4")
    assert not drawn(images[5]).any()
    assert drawn(images[-1][: HEIGHT // 5]).any()
    assert render.strike_still(bare(plain)).shape[2] == 3


def test_lost_bodies_and_landmarks_are_left_out(plain: Clip, tmp_path: Path) -> None:
    report = report_on(plain)
    holes = report.shot.pose.landmarks_px.copy()
    holes[:, ::2] = np.nan
    pose = Pose(report.shot.pose.frames, holes, np.zeros((3, 33, 3)), np.ones((3, 33)))
    shot = replace(report.shot, pose=pose, players=(nobody("P1"), report.shot.players[1]))
    assert len(shown(replace(report, shot=shot), tmp_path / "film.mp4")) >= COUNT
    assert render.strike_still(replace(report, shot=shot)).size


def test_large_films_are_shrunk_and_marks_move_along(tmp_path: Path) -> None:
    path = tmp_path / "large.mp4"
    with FilmWriter(path, (2560, 1440), [0.0, 0.1]) as writer:
        for number in range(2):
            writer.add(np.full((1440, 2560, 3), GRASS, np.uint8), number / 10)
    centre = np.array([[2000.0, 1000.0]] * 2)
    ball = Track("ball", centre, np.full((2, 2), 40.0), np.ones(2), np.ones(2, bool))
    report = replace(bare(open_clip(path)), shot=Shot(open_clip(path), ball))
    image = shown(report, tmp_path / "film.mp4")[0]
    assert image.shape == (720, 1280, 3)
    assert around(drawn(image), 1000, 500, 16)


def test_stopping_leaves_nothing(plain: Clip, tmp_path: Path) -> None:
    def stop(_: str, share: float) -> None:
        if share > 0.5:
            raise Cancelled("Stopped.")

    folder = tmp_path / "films"
    folder.mkdir()
    with pytest.raises(Cancelled):
        render.film(report_on(plain), folder / "film.mp4", stop)
    assert not list(folder.iterdir())
    with pytest.raises(StorageFailed):
        render.film(report_on(plain), tmp_path / "no folder" / "film.mp4")


def test_the_strike_is_shown_from_close_by(plain: Clip) -> None:
    image = render.strike_still(report_on(plain))
    assert max(image.shape[:2]) <= render.LONGEST_PX
    assert drawn(image).mean() > 0.01
    low = report_on(plain).shot.player("P1").box_px(KICK)
    assert image.shape[0] / (low[3] - low[1]) > 3  # enlarged


def test_the_goal_is_drawn_back_and_the_still_left_alone() -> None:
    image = np.full((HEIGHT, WIDTH, 3), GRASS, np.uint8)
    before = image.copy()
    seen = render.scene_still(image, Scene(CORNERS))
    assert np.array_equal(image, before)
    mask = np.abs(seen.astype(int) - GRASS).max(axis=2) > 20
    middles = (CORNERS + np.roll(CORNERS, -1, axis=0)) / 2
    assert all(around(mask, *spot, 3) for spot in middles)
    third = CORNERS[0] + (CORNERS[1] - CORNERS[0]) / 3 + [0, 8]
    assert around(mask, *third, 2)  # the zones
    assert not mask[:, :180].any()


@pytest.mark.parametrize("sign", ["tick", "cross", "query"])
def test_the_banner_fits_the_picture(sign: str) -> None:
    for widest in (120, 300, 1000):
        colours, cover = brush.banner("NO GOAL", "wide, right of the goal", sign, brush.RED, 52, widest)
        assert colours.shape[1] <= max(widest, 140)
        assert 0 <= cover.min() <= cover.max() <= 1


@pytest.mark.parametrize(("x", "y"), [(-500, 0), (-5, -5), (30, 15), (900, 900)])
def test_pasting_over_the_edge(x: float, y: float) -> None:
    image = np.zeros((24, 40, 3), np.uint8)
    brush.paste(image, brush.tag("P1 BALL", 10, brush.INK, brush.SUN), x, y)
    assert image.any() == (-50 < x < 40)


def test_half_there_is_half_as_bright() -> None:
    full, half = (np.zeros((40, 120, 3), np.uint8) for _ in range(2))
    sprite = brush.tag("P1", 20, brush.WHITE, brush.WHITE)
    brush.paste(full, sprite, 4, 4)
    brush.paste(half, sprite, 4, 4, 0.5)
    assert half.mean() == pytest.approx(full.mean() / 2, rel=0.05)


PASSES = 24
HIGH = (-1.5, 1.9)


def flown(clip: Clip, how: How = How.OVER, until_s: float = 9.0) -> Report:
    """-> the same report with a flight that passes the goal's plane after frame 23."""
    camera = phone(size_wh_px=(WIDTH, HEIGHT), focal_px=320)
    report = report_on(clip, outcome=Outcome(Verdict.NO_GOAL, 0.1, how, "", None, "flight"))
    shot = struck(report.shot, camera, flight(camera, clip.time_s, KICK, HIGH, until_s=until_s))
    return replace(report, shot=replace(shot, ball=nobody()), measures=(), foot=FootCall(Foot.UNSURE, 0.5, "hidden"))


def on_picture(report: Report, x: float, y: float, z: float) -> np.ndarray:
    assert report.shot.scene
    assert report.shot.scene.camera
    camera = report.shot.scene.camera
    return project(camera.parameters, np.array([[x, y, z]]), camera.size_wh_px)[0][0]


def test_the_path_grows_with_the_ball_and_its_place_at_the_goal_is_marked(plain: Clip, tmp_path: Path) -> None:
    report = flown(plain)
    bare = shown(replace(report, shot=replace(report.shot, flight=None)), tmp_path / "bare.mp4")
    images = shown(report, tmp_path / "film.mp4")
    assert report.shot.flight
    midway = on_picture(report, *report.shot.flight.xyz_m[10])
    place = on_picture(report, HIGH[0], 0.0, HIGH[1])

    def added(number: int) -> np.ndarray:
        return np.asarray(np.abs(images[number].astype(int) - bare[number]).max(axis=2) > 40)

    assert not added(KICK - 1).any()
    assert not around(added(KICK + 4), *midway, 4)
    assert around(added(PASSES - 1), *midway, 4)
    assert not around(added(KICK + 9), *place, 3)
    assert around(like(images[PASSES + 3], brush.RED), *place, 8)


def test_the_verdict_comes_when_the_ball_passes(plain: Clip, tmp_path: Path) -> None:
    images = shown(flown(plain), tmp_path / "film.mp4")
    top = np.s_[: HEIGHT // 5, WIDTH // 4 : -WIDTH // 4]
    assert not drawn(images[PASSES - 1][top]).any()
    assert drawn(images[PASSES + 2][top]).any()


def test_a_ball_that_was_stopped_has_no_place_at_the_goal(plain: Clip, tmp_path: Path) -> None:
    report = flown(plain, How.SAVED, until_s=0.6)
    images = shown(report, tmp_path / "film.mp4")
    place = on_picture(report, HIGH[0], 0.0, HIGH[1])
    assert not around(like(images[PASSES + 3], brush.RED), *place, 8)


def test_a_flight_behind_the_lens_is_not_drawn(plain: Clip, tmp_path: Path) -> None:
    camera = phone(y=6.0, size_wh_px=(WIDTH, HEIGHT), focal_px=320)
    report = report_on(plain)
    shot = struck(report.shot, camera, flight(camera, plain.time_s, KICK))
    assert on_film(shot, How.IN_NET) is None
    assert len(shown(replace(report, shot=shot), tmp_path / "film.mp4")) >= COUNT
