"""Only bodies are players: glare and holes go, whoever walks or looks like somebody stays."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kicky.domain import Clip, Shot, Track
from kicky.players.bodies import only_bodies
from kicky.players.gallery import Picture
from kicky.synthetic import SyntheticShot
from kicky.video import open_clip, still

T = 30
BOX = np.array([300.0, 80.0, 340.0, 180.0])


def track(label: str, box: np.ndarray, goes_px: float = 0.0) -> Track:
    """-> something in that box that goes so far to the right over the film."""
    centre = np.tile((box[:2] + box[2:]) / 2, (T, 1)) + np.linspace(0, goes_px, T)[:, None] * (1, 0)
    return Track(label, centre, np.tile(box[2:] - box[:2], (T, 1)), np.ones(T), np.ones(T, dtype=bool))


def shot(*players: Track, shooter: str | None = None) -> Shot:
    clip = Clip(Path("drawn.mp4"), "", (640, 360), np.arange(T) / 30)
    nowhere = np.full((T, 2), np.nan)
    ball = Track("ball", nowhere, nowhere, np.full(T, np.nan), np.zeros(T, dtype=bool))
    return Shot(clip, ball, players, kick_frame=15, shooter=shooter)


def glare() -> list[Picture]:
    image = np.full((140, 60, 3), 40, np.uint8)
    cv2.ellipse(image, (30, 70), (14, 50), 0, 0, 360, (230, 240, 250), -1)
    return [Picture(15, np.array([290, 60]), cv2.GaussianBlur(image, (0, 0), 6))]


def labels(of: Shot) -> list[str]:
    return [player.label for player in of.players]


def test_glare_that_stays_where_it_is_is_nobody() -> None:
    assert labels(only_bodies(shot(track("P1", BOX)), {"P1": glare()})) == []


@pytest.mark.parametrize("stays", ["walks", "struck the ball", "was never pictured"])
def test_whoever_walks_or_struck_or_was_not_pictured_stays(stays: str) -> None:
    player = track("P1", BOX, goes_px=60.0 if stays == "walks" else 0.0)
    seen = shot(player, shooter="P1" if stays == "struck the ball" else None)
    assert labels(only_bodies(seen, {"P1": [] if stays == "was never pictured" else glare()})) == ["P1"]


def test_somebody_who_stands_still_looks_like_a_body(rendered: Path, truth: SyntheticShot) -> None:
    kick = truth.contact_frame
    assert kick is not None
    at, ball_px = truth.ball_px[kick], float(truth.ball_diameter_px[kick])
    low, high = (at - ball_px * np.array([4.0, 9.0])).astype(int), (at + ball_px * np.array([4.0, 1.5])).astype(int)
    person = still(open_clip(rendered), kick)[low[1] : high[1], low[0] : high[0]]
    box = np.concatenate([low, high]).astype(float)
    found = only_bodies(shot(track("P1", BOX), track("P2", box)), {"P1": glare(), "P2": [Picture(kick, low, person)]})
    assert labels(found) == ["P2"]
