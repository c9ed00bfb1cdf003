"""A session's goal is looked for in more than one picture: somebody may stand before a post in the first."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from kicky import video
from kicky.scene.propose import Proposal
from kicky.service import clips, goals, sessions
from kicky.video import Image

from ..pages.filled import CORNERS, draw

TRUE = [(4 * x, 4 * y) for x, y in CORNERS]


def session_of(own_home: Path, filmed: int) -> list[int]:
    """-> the clips of one session, all filmed from one place."""
    session = sessions.new(dt.date(2026, 11, 21))
    films = [draw(own_home / f"{number}.mp4", number, (1280, 720)) for number in range(filmed)]
    return [clips.add(session, film.name, film).id for film in films]


def answers(monkeypatch: pytest.MonkeyPatch, *scores: float | None, moved: float = 0.0) -> list[Image]:
    """The proposals of the pictures in turn, by their scores -> the pictures asked, as they come."""
    asked: list[Image] = []

    def told(picture: Image) -> Proposal | None:
        asked.append(picture)
        score = scores[len(asked) - 1]
        corners = np.array(TRUE) + moved * (len(asked) - 1)
        return None if score is None else Proposal(corners, 1.0, score)

    monkeypatch.setattr(goals, "propose", told)
    return asked


def test_one_picture_is_enough_where_the_goal_is_certain(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = session_of(own_home, 1)[0]
    asked = answers(monkeypatch, 0.99)
    assert goals.proposal(clip) == tuple(TRUE)
    assert len(asked) == 1


def test_the_surest_of_a_session_s_pictures_is_offered(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = session_of(own_home, 2)[0]
    asked = answers(monkeypatch, None, 0.7, 0.9, moved=4.0)
    monkeypatch.setattr(goals, "inherit", lambda scene, reference, picture: scene)  # a drawn pitch has little to follow
    found = goals.proposal(clip)
    assert len(asked) == 3
    assert found is not None
    assert np.abs(np.array(found) - TRUE - 8.0).max() < 0.1  # the third picture's


def test_where_no_picture_shows_a_goal_none_is_offered(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = session_of(own_home, 2)[0]
    answers(monkeypatch, None, None, None)
    assert goals.proposal(clip) is None


def test_a_goal_of_a_clip_filmed_from_elsewhere_is_not_offered(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = session_of(own_home, 2)[0]
    answers(monkeypatch, None, 0.9, 0.9)
    monkeypatch.setattr(goals, "inherit", lambda scene, reference, picture: None)
    assert goals.proposal(clip) is None


def test_whoever_walks_by_is_gone_from_the_whole_take(own_home: Path) -> None:
    clip = session_of(own_home, 1)[0]
    film = goals._clip(clip)
    grass = slice(400, 720)
    moment, whole = video.still(film, 0)[grass], goals.without_walkers(film)[grass]
    assert (moment.min(axis=2) > 200).sum() > 100  # the ball
    assert not (whole.min(axis=2) > 200).any()
