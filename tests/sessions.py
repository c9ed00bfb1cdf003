"""Sessions without a picture: shots of one simulated phone, judged as the program judges them, and stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.simulated import assemble
from kicky import flight, pipeline, storage
from kicky.domain import Report
from kicky.scene.anchors import anchors
from kicky.scene.calibrate import calibrate
from kicky.service import clips, scenes, sessions
from kicky.synthetic.tracks import TrackCase, simulate_session

MakeFilm = Callable[..., Path]
SIZE_WH = (1920, 1080)


def judged(case: TrackCase) -> Report:
    """Case -> its report, as if it were the session's first."""
    shot = assemble(case)
    shot = flight.fit(replace(shot, scene=calibrate(case.scene, shot.clip, anchors(shot))))
    return replace(pipeline.judged(shot, {"detector": "motion"}, ("One take.",)), seconds={"detect": 0.5})


def session(seed: int, count: int) -> tuple[list[TrackCase], list[Report]]:
    cases = simulate_session(seed, count)
    return cases, [judged(case) for case in cases]


def filmed(make_film: MakeFilm, count: int) -> tuple[int, list[int]]:
    """-> a new session, its clips, which are as large as the simulated shots; their films are not of them."""
    session_id = sessions.new(dt.date(2026, 11, 21), "Park")
    numbers = []
    for seed in range(count):
        number = clips.add(session_id, f"{seed}.mp4", make_film(f"{seed}.mp4", seed)).id
        storage.change_clip(number, width=SIZE_WH[0], height=SIZE_WH[1])
        numbers.append(number)
    return session_id, numbers


def click(session_id: int, case: TrackCase) -> None:
    """Session, one of its cases -> its goal is clicked as the case has it."""
    scenes.keep(session_id, case.scene.goal_corners_px.tolist(), case.scene.goal_size_m, size_wh=SIZE_WH)


def store(make_film: MakeFilm, cases: Sequence[TrackCase], reports: Sequence[Report]) -> tuple[int, list[int]]:
    """-> a session with its goal clicked, and the numbers of its stored shots."""
    session_id, numbers = filmed(make_film, len(reports))
    click(session_id, cases[0])
    kept = [storage.save(report, number, "motion") for number, report in zip(numbers, reports, strict=True)]
    return session_id, kept


def lit() -> np.ndarray:
    """-> a picture that says nothing and has no bars."""
    return np.full((SIZE_WH[1], SIZE_WH[0], 3), 120, np.uint8)
