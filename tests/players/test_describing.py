"""What a player looks like, on pictures painted by hand: colours by part, in any light, and how tall."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kicky import roles
from kicky.camera import project
from kicky.domain import Appearance, Clip, Pose, Scene, Shot, Track
from kicky.players import describing
from kicky.players.gallery import Gallery
from tests.flights import corners_px, phone

from .looks import BLACK, BLUE, RED, WHITE, Colour

WIDE, T, KICK = (1280, 720), 30, 15
GRASS = np.array([60.0, 130.0, 90.0])


def shot(height_m: float = 1.8, x: float = 1.0, y: float = 13.0, posed: bool = True) -> Shot:
    """Somebody who stands beside the ball, upright, as a phone sees them."""
    camera = phone()
    ends, depth = project(camera.parameters, np.array([[x, y, 0.0], [x, y, height_m]]), WIDE)
    tall = float(ends[0, 1] - ends[1, 1])
    body = Track(
        "P1", np.tile(ends.mean(axis=0), (T, 1)), np.tile([0.36 * tall, tall], (T, 1)), np.ones(T), np.ones(T, bool)
    )
    width = camera.focal_px * 0.22 / float(depth[0])
    spot = ends[0] + [0.3 * tall, -width / 2]
    ball = Track("ball", np.tile(spot, (T, 1)), np.full((T, 2), width), np.ones(T), np.ones(T, bool))
    film = Clip(Path("drawn.mp4"), "", WIDE, np.arange(T) / 30)
    seen = Shot(film, ball, (body,), Scene(corners_px(camera), camera=camera), kick_frame=KICK)
    return roles.assigned(replace(seen, pose=upright(body) if posed else None))


def upright(body: Track) -> Pose:
    """-> MediaPipe's landmarks of somebody who stands in that box; the face is a point."""
    x0, y0, x1, y1 = body.box_px(KICK)
    tall, middle = (y1 - y0) / 1.11, (x0 + x1) / 2
    at = np.full((33, 2), [middle, y0 + 0.09 * 1.11 * tall])
    for pair, down in (((11, 12), 0.25), ((23, 24), 0.5), ((25, 26), 0.75), ((27, 28), 0.95), ((29, 30), 1.0)):
        for landmark, side in zip(pair, (-1, 1), strict=True):
            at[landmark] = middle + side * 0.08 * tall, at[0, 1] + down * tall * 0.98
    frames = np.arange(KICK - 9, KICK + 10)
    rows = np.tile(at, (len(frames), 1, 1))
    world = np.concatenate([rows / tall, np.zeros((*rows.shape[:2], 1))], axis=2)
    return Pose(frames, rows, world, np.ones(rows.shape[:2]))


def painted(seen: Shot, shirt: Colour, shorts: Colour, socks: Colour, light: float = 1.0) -> np.ndarray:
    """-> the picture of that body on grass."""
    image = np.full((WIDE[1], WIDE[0], 3), lit(GRASS, light), np.uint8)
    x0, y0, x1, y1 = seen.players[0].box_px(KICK)
    for colour, top, bottom in ((shirt, 0.2, 0.5), (shorts, 0.5, 0.68), (socks, 0.68, 1.0)):
        image[round(y0 + top * (y1 - y0)) : round(y0 + bottom * (y1 - y0)), round(x0) : round(x1)] = lit(colour, light)
    return image


def lit(colour: Colour | np.ndarray, light: float) -> np.ndarray:
    """Colour on the screen -> the same thing's in so much of the light: screens show light to the power of 1 / 2.2."""
    return np.clip(np.array(colour) * light ** (1 / 2.2), 0, 255)


def look(seen: Shot, *colours: Colour, light: float = 1.0) -> Appearance:
    gallery = Gallery(seen)
    image = painted(seen, *colours, light=light)
    for frame in range(T):
        gallery.keep(frame, image)
    (found,) = describing.described(seen, gallery.pictures(seen))
    return found


def alike(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.sqrt(one * other).sum())


@pytest.mark.parametrize("posed", [True, False], ids=["by the pose", "by the box"])
def test_each_part_has_its_own_colour(posed: bool) -> None:
    seen = shot(posed=posed)
    one, other = look(seen, RED, BLACK, WHITE), look(seen, BLUE, BLACK, WHITE)
    assert alike(one.shirt, other.shirt) < 0.3
    assert alike(one.shorts, other.shorts) > 0.95
    assert alike(one.socks, other.socks) > 0.95
    assert alike(one.shirt, one.socks) < 0.3


def test_half_the_light_changes_little() -> None:
    seen = shot()
    day, dusk = look(seen, RED, BLACK, WHITE), look(seen, RED, BLACK, WHITE, light=0.5)
    assert alike(day.shirt, dusk.shirt) > 0.6
    assert alike(day.socks, dusk.socks) > 0.6
    assert alike(day.shirt, look(seen, BLUE, BLACK, WHITE, light=0.5).shirt) < 0.3


@pytest.mark.parametrize("height_m", [1.1, 1.8], ids=["a child", "grown up"])
@pytest.mark.parametrize("posed", [True, False], ids=["by the pose", "by the box"])
def test_how_tall_by_the_camera(height_m: float, posed: bool) -> None:
    found = look(shot(height_m, posed=posed), RED, BLACK, WHITE)
    assert found.build[0] == pytest.approx(height_m, rel=0.06)
    assert np.isfinite(found.build[1:]).all() == posed


def test_how_tall_by_the_ball_without_a_camera() -> None:
    seen = shot(1.7)
    assert seen.scene is not None
    bare = replace(seen, scene=replace(seen.scene, camera=None, camera_why_not="Unknown."))
    assert look(bare, RED, BLACK, WHITE).build[0] == pytest.approx(1.7, rel=0.06)
    other = replace(bare, shooter=None)
    assert np.isnan(look(other, RED, BLACK, WHITE).build[0])


def test_a_body_cut_off_at_the_edge_has_no_height_and_still_a_shirt() -> None:
    seen = shot(posed=False)
    body = seen.players[0]
    low = body.centre_px[0, 1] + body.size_px[0, 1] / 2
    cut = replace(body, centre_px=body.centre_px + [0.0, WIDE[1] - low])
    found = look(replace(seen, players=(cut,)), RED, BLACK, WHITE)
    assert np.isnan(found.build[0])
    assert np.isfinite(found.shirt).all()


def test_too_small_a_body_has_no_colours() -> None:
    seen = shot(posed=False)
    tiny = replace(seen.players[0], size_px=seen.players[0].size_px * 0.05)
    found = look(replace(seen, players=(tiny,)), RED, BLACK, WHITE)
    assert np.isnan(found.shirt).all()


def test_nobody_in_the_picture_and_no_kick_give_no_looks() -> None:
    empty = replace(shot(), players=(), shooter=None, pose=None)
    gallery = Gallery(empty)
    gallery.keep(KICK, np.zeros((720, 1280, 3), np.uint8))
    assert describing.described(empty, gallery.pictures(empty)) == ()
    unstruck = replace(shot(), kick_frame=None, pose=None)
    gallery = Gallery(unstruck)
    gallery.keep(KICK, np.zeros((720, 1280, 3), np.uint8))
    assert describing.described(unstruck, gallery.pictures(unstruck)) == ()
