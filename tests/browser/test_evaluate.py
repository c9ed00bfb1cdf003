"""Evaluating in a real browser: a run, a cell, a clip behind it, both films side by side and in step."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kicky import jobs, video
from kicky.jobs import evaluating
from kicky.service import clips, evaluation, scenes, sessions, stills, students
from kicky.service import truth as labels
from kicky.synthetic import SyntheticShot

from .running import running_app
from .test_label import browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WAIT_MS = 60_000


@pytest.fixture
def labelled(own_home: Path, rendered: Path, truth: SyntheticShot) -> str:
    """-> the hash of one rendered shot, labelled with what it is, its goal clicked."""
    session = sessions.new(dt.date(2026, 11, 21), "Parc")
    clip = clips.add(session, rendered.name, rendered)
    goal = json.loads(rendered.with_suffix(".scene.json").read_text(encoding="utf-8"))
    scenes.keep(session, goal["goal_corners_px"], tuple(goal["goal_size_m"]), None, truth.size_wh_px)
    say(clip.id, outcome="goal", foot=truth.foot, contact_frame=str(truth.contact_frame))
    return evaluating.here().clips[0].sha256


def say(clip_id: int, **answers: str) -> None:
    for name, value in answers.items():
        labels.answer(clip_id, name, value, "Ana")


def pick_first_line(page: Page) -> None:
    """The table draws itself on a canvas: its first line is clicked where it lies."""
    table = page.locator('[data-testid="stDataFrame"]').nth(2)
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": 54})


def test_from_a_run_to_both_films_of_a_clip(own_home: Path, labelled: str) -> None:
    with running_app(own_home) as url, browser() as page:
        page.goto(f"{url}/Evaluate")
        page.locator(".st-key-evaluate_run button").click(timeout=WAIT_MS)
        expect(page.get_by_text("Goal or not: KICKY is right on")).to_be_visible(timeout=WAIT_MS)
        page.get_by_text("Every run and figure").click()
        expect(page.get_by_role("heading", name="Two side by side")).to_be_visible(timeout=WAIT_MS)
        assert {view.name for view in evaluation.scored_runs()} == {"motion + flight", "motion + rules2d"}
        page.locator(".st-key-cell-both--all button").click()
        expect(page.get_by_text("Click a line to see both films in step.")).to_be_visible(timeout=WAIT_MS)
        pick_first_line(page)
        film = page.locator('[class*="st-key-film-beside"] video')
        expect(film).to_be_visible(timeout=WAIT_MS)
        page.wait_for_function("document.querySelector('[class*=st-key-film-beside] video').readyState >= 2")
        one, other = (view.id for view in evaluation.scored_runs())
        path, job = evaluation.side_by_side(one, other, labelled)
        assert job is None
        both, alone = video.open_clip(path), video.open_clip(evaluating.here().clips[0].path)
        assert both.size_wh_px[0] == 2 * min(800, alone.size_wh_px[0])
        assert len(both.time_s) == len(alone.time_s)  # in step: one film, a frame for each frame of the clip
        assert not page.locator('[data-testid="stException"]').count()
    assert not [job for job in jobs.evaluations() if job.state == "failed"]
    picture = students.at_contact(["motion", "motion"], labelled, None)
    image = stills.image(picture)
    assert image.shape[1] == students.WIDTH
    assert students.at_contact(["motion", "motion"], labelled, None) == picture
