"""Shots found in a session's film: who shot is seen, who walks and what comes back from the goal is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kicky import clipper, video
from kicky.clipper import bursts
from kicky.synthetic import sample, write_saturday

from .test_film import settled

CLIPS = Path(__file__).parents[3] / "shared" / "clips"
SEED, SHOTS, LENGTH_S, SIZE = 21, 3, 54.0, (640, 360)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float], np.ndarray]:
    """-> a film of almost a minute with three shots, when they were struck, the goal's corners."""
    path = tmp_path_factory.mktemp("session") / "saturday.mp4"
    kicks = write_saturday(path, SEED, SHOTS, LENGTH_S, size_wh=SIZE, pool=2)
    first = sample(SEED, view="diagonal", kind="goal", fps=30, size_wh=SIZE, night=False)
    return settled(path), kicks, first.goal_corners_px


@pytest.mark.slow
def test_the_shots_of_a_session_are_found(session: tuple[Path, list[float], np.ndarray]) -> None:
    path, kicks, goal = session
    film = clipper.open_film(path)
    found, damage = clipper.propose(film.clip, goal)
    at = np.array([film.clip.time_s[burst.kick] for burst in found])
    assert damage == []
    assert all(np.abs(at - kick).min() < 0.5 for kick in kicks)
    assert len(found) <= SHOTS + 1
    for burst in found:
        assert film.clip.time_s[burst.kick] - film.clip.time_s[burst.first] == pytest.approx(bursts.BEFORE_S, abs=0.1)


@pytest.mark.slow
def test_a_damaged_place_is_stepped_over_and_told(
    session: tuple[Path, list[float], np.ndarray], tmp_path: Path
) -> None:
    path, kicks, goal = session
    data = bytearray(path.read_bytes())
    data[len(data) // 8 : len(data) // 8 + 200_000] = bytes(200_000)
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(data)
    film = clipper.open_film(settled(spoilt))
    found, damage = clipper.propose(film.clip, goal, keys=film.keys)
    at = np.array([film.clip.time_s[burst.kick] for burst in found])
    assert damage
    assert "damaged" in damage[0]
    assert np.abs(at - kicks[-1]).min() < 0.5


@pytest.mark.real
def test_most_real_shots_are_found_in_their_clips() -> None:
    """Cold: the empty picture is not known yet when the ball is struck a second into a clip."""
    films = sorted(CLIPS.glob("night_*.mp4"))
    if not films:
        pytest.skip(f"there are no real clips in {CLIPS}")
    import csv
    import json

    rows = {row["clip"]: row for row in csv.DictReader((CLIPS / "labels.csv").read_text().splitlines())}
    goal = np.array(json.loads((CLIPS / "night.scene.json").read_text())["goal_corners_px"])
    right = 0
    for path in films[:10]:
        clip = video.open_clip(path)
        found, _ = clipper.propose(clip, goal)
        contact = clip.time_s[int(rows[path.stem]["contact_frame"])]
        right += any(abs(clip.time_s[burst.kick] - contact) < 0.7 for burst in found)
    assert right >= 8


def test_nothing_moves_nothing_is_found(tmp_path: Path) -> None:
    from .test_film import encoded

    film = clipper.open_film(settled(encoded(tmp_path / "film.mp4", {}, 90)))
    assert clipper.propose(film.clip) == ([], [])
