"""One phone on several Saturdays: what each day's pictures tell of its lens, and what the others have of it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.simulated import assemble
from kicky import storage
from kicky.domain import Told
from kicky.jobs import together
from kicky.scene.bundle import Bundle, bundle
from kicky.scene.lens import LONG_SIDE_MM
from kicky.service import clips, scenes, sessions
from kicky.storage import cameras
from kicky.synthetic.tracks import TrackCase, simulate_session

from .sessions import SIZE_WH

MakeFilm = Callable[..., Path]
PX_A_MM = max(SIZE_WH) / LONG_SIDE_MM
TRUE_MM, PHONE, ZOOM = 27.0, "iPhone 13", "1×"


@pytest.fixture(scope="module")
def cases() -> list[TrackCase]:
    return simulate_session(701, 6, position="behind_shooter")


@pytest.fixture(scope="module")
def found(cases: list[TrackCase]) -> Bundle:
    """-> a day whose balls lay where the player said, by a phone of which nothing was known."""
    shots = []
    for case in cases:
        shot, away_m = assemble(case, "unknown"), float(abs(case.ball_xyz_m[case.kick_frame, 1]))
        shots.append(replace(shot, scene=replace(case.scene, ball_m=Told(away_m, 0.3, "paced out"))))
    return bundle(shots)


def day(home: Path, film: Path, number: int, **stated: str) -> int:
    """-> a session of one clip, its goal clicked, its phone as stated."""
    session_id = sessions.new(dt.date(2026, 11, number))
    clip_id = clips.add(session_id, film.name, film).id
    storage.change_clip(clip_id, width=SIZE_WH[0], height=SIZE_WH[1])
    corners = [(700, 400), (1200, 400), (1200, 560), (700, 560)]
    scenes.keep(session_id, corners, (7.32, 2.44), size_wh=SIZE_WH, **stated)
    return clip_id


def tell(clip_id: int, one: Bundle, mm: float) -> None:
    """Clip, a day's camera -> the clip's session has it, with a lens of so many mm."""
    session_id, focal = storage.clip(clip_id).session_id, math.log(mm * PX_A_MM)
    camera = replace(one.camera, parameters=np.array([focal, *one.camera.parameters[1:]]), size_wh_px=SIZE_WH)
    cameras.keep_bundle(session_id, replace(one, camera=camera), cameras.goal(session_id))


def lens(clip_id: int) -> tuple[float, float, str]:
    row = storage.clip(clip_id)
    goal = cameras.goal(row.session_id)
    assert goal is not None
    told = together.of_clip(goal, row)
    return told["lens_mm"], told["lens_log_sd"], told["lens_words"]


def test_a_day_tells_of_its_lens_what_was_not_expected(cases: list[TrackCase], found: Bundle) -> None:
    """Whatever was expected: the same pictures tell the same."""
    seen = found.lens()
    assert seen is not None
    assert found.expected is not None
    assert abs(seen[0] - float(cases[0].camera[0])) < 3 * seen[1]
    assert seen[1] > math.sqrt(found.camera.covariance[0, 0])
    camera, (focal_px, log_sd) = found.camera, found.expected
    nothing = replace(camera, covariance=np.diag([log_sd**2, *np.diag(camera.covariance)[1:]]))
    assert replace(found, camera=nothing).lens() is None
    assert replace(found, expected=None).lens() is None  # of an older program
    assert focal_px > 0


def test_a_phones_other_days_make_its_lens_surer(own_home: Path, make_film: MakeFilm, found: Bundle) -> None:
    films = [make_film(f"{number}.mp4", number) for number in range(4)]
    first, second, third = (day(own_home, films[k], 7 * k + 1, phone=PHONE, zoom=ZOOM) for k in range(3))
    alone = lens(third)
    assert alone[2] == "iPhone 13, 1×"
    tell(first, found, TRUE_MM)
    one = lens(third)
    tell(second, found, TRUE_MM)
    two = lens(third)
    assert alone[1] > one[1] > two[1]
    assert abs(two[0] - TRUE_MM) < abs(one[0] - TRUE_MM) < abs(alone[0] - TRUE_MM)
    assert two[2] == "iPhone 13, 1×, and 2 other days with it"
    assert storage.clip(third).session_id not in {storage.clip(each).session_id for each in (first, second)}
    tell(third, found, TRUE_MM)
    assert lens(third) == two  # its own day is not held against itself


def test_another_zoom_phone_or_picture_says_nothing(own_home: Path, make_film: MakeFilm, found: Bundle) -> None:
    films = [make_film(f"{number}.mp4", number) for number in range(4)]
    zoomed = day(own_home, films[0], 1, phone=PHONE, zoom="0.5×")
    tell(zoomed, found, TRUE_MM)
    other = day(own_home, films[1], 8, phone="Another phone", zoom=ZOOM)
    tell(other, found, TRUE_MM)
    here, unlisted = (
        day(own_home, films[2], 15, phone=PHONE, zoom=ZOOM),
        day(own_home, films[3], 22, phone="Another phone", zoom=ZOOM),
    )
    assert lens(here)[2] == "iPhone 13, 1×"
    assert lens(unlisted)[2] == "a phone at 1×"


def test_a_day_that_contradicts_the_phone_was_another_lens(own_home: Path, make_film: MakeFilm, found: Bundle) -> None:
    films = [make_film(f"{number}.mp4", number) for number in range(3)]
    sure = replace(found, camera=replace(found.camera, covariance=found.camera.covariance / 100))
    for k in range(2):
        tell(day(own_home, films[k], 7 * k + 1, phone=PHONE, zoom=ZOOM), sure, 52.0)
    assert lens(day(own_home, films[2], 22, phone=PHONE, zoom=ZOOM))[2] == "iPhone 13, 1×"
