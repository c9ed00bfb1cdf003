"""The line under the goal: nothing before three shots, a way to put them together, then what they say."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from kicky import storage
from kicky.domain import Camera, Foot, How, Verdict
from kicky.home import media
from kicky.scene.bundle import Bundle
from kicky.service import clips, phones, scenes, sessions
from kicky.storage import cameras
from kicky.video import open_clip

from ..flights import corners_px, phone
from .filled import HEIGHT, WIDTH, draw, report

HOME = Path(__file__).parents[2] / "Home.py"
BUTTON = "Put the shots together"


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("films")
    return [draw(folder / f"{seed}.mp4", seed) for seed in range(3)]


def filled(films: list[Path], seen: bool = True) -> int:
    """Films -> a session in which each has its shot; `seen`: with a flight, and so with a camera."""
    session_id = sessions.new(dt.date(2026, 11, 21))
    camera = phone(size_wh_px=(WIDTH, HEIGHT), focal_px=1.1 * WIDTH)
    for path in films:
        clip = clips.add(session_id, path.name, path)
        film = open_clip(media() / storage.clip(clip.id).file)
        to = (2.4, 1.6) if seen else None
        storage.save(report(film, Verdict.GOAL, How.IN_NET, Foot.LEFT, 80.0, to=to), clip.id, "motion")
    scenes.keep(session_id, corners_px(camera).tolist(), (7.32, 2.44), size_wh=(WIDTH, HEIGHT))
    return session_id


def run() -> AppTest:
    test = AppTest.from_file(str(HOME), default_timeout=60).run().switch_page("pages/1_Analyze.py").run()
    assert not test.exception
    return test


def labels(test: AppTest) -> list[str]:
    return [button.label for button in test.button]


def said(test: AppTest) -> str:
    return " ".join(part.value for part in [*test.markdown, *test.caption, *test.error])


def test_nothing_is_offered_before_three_shots(films: list[Path]) -> None:
    filled(films[:2])
    assert BUTTON not in labels(run())


def test_three_shots_are_put_together_by_one_click(films: list[Path]) -> None:
    session_id = filled(films)
    test = run()
    assert "shots together say" not in said(test)
    next(button for button in test.button if button.label == BUTTON).click().run()
    assert not test.exception
    job = phones.refining(session_id)
    assert job is not None
    assert job.state == "queued"
    assert "Putting the shots of this session together" in said(test)
    assert BUTTON not in labels(test)


def test_what_they_say_stands_under_the_goal(films: list[Path]) -> None:
    session_id = filled(films)
    alone = phone(z=0.162)
    sharper = np.array(alone.covariance)
    sharper[6, 6] = (0.02 / 1.645) ** 2
    together = Camera(alone.parameters, sharper, alone.size_wh_px, 1.0, "eight balls", "the film's own data")
    cameras.keep_bundle(session_id, Bundle(together, alone, 0.8, 0.3, 8), cameras.goal(session_id))
    test = run()
    line = "All 8 shots together say: the phone stands 15 cm high (± under 5 cm; one shot alone: 5 cm to 35 cm)."
    view = phones.camera(session_id)
    assert view is not None
    assert view.words.replace("\u00a0", " ") == line
    assert line in said(test).replace("\\", "")
    assert BUTTON not in labels(test)
    scenes.forget(session_id)
    assert "shots together say" not in said(run())


def test_shots_without_a_camera_are_refused_in_words(films: list[Path]) -> None:
    filled(films, seen=False)
    test = run()
    next(button for button in test.button if button.label == BUTTON).click().run()
    assert not test.exception
    assert "Analyse three shots of this session first" in said(test).replace("\\", "")
