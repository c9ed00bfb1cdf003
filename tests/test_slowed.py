"""Slow motion that a film states itself is taken, told, and can be put right."""

import datetime as dt
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from kicky import footage, storage
from kicky.domain import Report
from kicky.errors import UnfitClip
from kicky.service import clips, judging, sessions
from kicky.video import apart, open_clip

from . import films
from .films import numbered
from .test_video_lens import note as lens_note
from .test_video_lens import noted

CAPTURE = "com.android.capture.fps"
INTENT = "com.apple.quicktime.full-frame-rate-playback-intent"
COUNT = 24


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return films.write(tmp_path / "kick.mp4", [numbered(i) for i in range(COUNT)])


def saying(path: Path, key: str, kind: int, value: bytes) -> Path:
    return noted(path, lens_note(kind, value, key), into=b"moov")


@pytest.mark.parametrize(
    ("kind", "value", "factor"),
    [
        (23, struct.pack(">f", 240), 8),
        (1, b"240.0", 8),
        (23, struct.pack(">f", 239.8), 8),
        (23, struct.pack(">f", 120), 4),
        (23, struct.pack(">f", 100), 100 / 30),
        (23, struct.pack(">f", 30), 1),  # nothing was slowed
        (23, struct.pack(">f", 29.6), 1),
        (23, struct.pack(">f", 1), 1),  # hours in a minute: no film of a kick
        (1, b"fast", 1),
        (23, struct.pack(">f", float("nan")), 1),
        (23, struct.pack(">f", -240), 1),
        (23, struct.pack(">f", 1e9), 1),
    ],
)
def test_what_android_states_is_taken(film: Path, kind: int, value: bytes, factor: float) -> None:
    plain = open_clip(film)
    slow = open_clip(saying(film, CAPTURE, kind, value), None)
    assert slow.slow_motion == slow.stated_slow == pytest.approx(factor, rel=1e-6)
    np.testing.assert_allclose(slow.time_s, plain.time_s / factor, atol=1e-9)


def test_a_film_that_plays_as_fast_as_it_was_filmed_is_not_slowed(tmp_path: Path) -> None:
    path = films.write(tmp_path / "fast.mp4", [numbered(i) for i in range(COUNT)], [i * 375 for i in range(COUNT)],
                       tick=films.Fraction(1, 90000))  # fmt: skip
    clip = open_clip(saying(path, CAPTURE, 23, struct.pack(">f", 240)), None)
    assert (clip.slow_motion, clip.frame_s) == (1, pytest.approx(1 / 240))


def test_other_containers_and_cameras_say_it_too(film: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.mkv"
    with av.open(str(film)) as source, av.open(str(copy), "w") as target:
        target.metadata[CAPTURE] = "120"
        stream: Any = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    assert open_clip(copy, None).slow_motion == 4
    xml = b'<VideoFrame videoCodec="AVC_1920_1080_HP@L41" captureFps="119.88p" formatFps="29.97p"/>'
    film.write_bytes(film.read_bytes() + struct.pack(">I", 8 + len(xml)) + b"meta" + xml)
    assert open_clip(film, None).slow_motion == 4


def test_the_player_has_the_last_word(film: Path) -> None:
    saying(film, CAPTURE, 23, struct.pack(">f", 240))
    for factor in (1.0, 2.0, 8.0):
        clip = open_clip(film, factor)
        assert (clip.slow_motion, clip.stated_slow) == (factor, 8)
        assert apart.proved(film, factor).stated_slow == 8
    assert open_clip(film).slow_motion == 1
    assert apart.proved(film, None).slow_motion == 8


def told(path: Path, slow_motion: float | None) -> str:
    clip = open_clip(path, slow_motion)
    views = np.tile(np.eye(3), (COUNT, 1, 1))
    whole = footage.Footage(((0, COUNT),), np.zeros((COUNT, 2)), views, (0, COUNT), False, None)
    return " ".join(footage.notes(whole, clip))


def test_it_is_told(film: Path) -> None:
    assert told(film, None) == ""
    assert told(film, 4.0) == ""
    saying(film, CAPTURE, 23, struct.pack(">f", 240))
    assert told(film, None) == "By its own data this film plays 8 times slower than real time, and was analysed so."
    assert told(film, 1.0).endswith("it was analysed as if at real speed.")
    assert told(film, 4.0).endswith("it was analysed as if 4 times slower.")


def test_an_iphone_that_does_not_say_how_slow_is_asked_about(film: Path) -> None:
    saying(film, INTENT, 21, b"\0")
    assert open_clip(film, None).slow_motion == 1
    assert told(film, None).endswith("but not how slow: say how many times slower it plays.")
    assert told(film, 8.0) == ""


# The app and the command line


def test_the_command_line_takes_it(
    film: Path, make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("kicky.pipeline.analyze", lambda *given, **_: asked.append(given[0]) or make_report())
    saying(film, CAPTURE, 23, struct.pack(">f", 240))
    for slow_motion, taken in ((None, 8), (1.0, 1), (2.0, 2)):
        judging.analyze_file(film, slow_motion=slow_motion)
        assert asked[-1].slow_motion == taken


def test_the_app_takes_it_and_lets_it_be_put_right(film: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    monkeypatch.setattr("kicky.jobs.ensure_worker", lambda *_: None)
    saying(film, CAPTURE, 23, struct.pack(">f", 240))
    session = sessions.new(dt.date(2026, 11, 7))
    clip = clips.add(session, "kick.mp4", film)
    assert (clip.slow_motion, clip.duration_s) == (8, pytest.approx(COUNT / 30 / 8))
    clips.set_slow_motion(clip.id, 2)
    (now,) = clips.listed(session)
    assert (now.slow_motion, now.duration_s, now.job) == (2, pytest.approx(COUNT / 30 / 2), None)
    with pytest.raises(UnfitClip, match="makes no sense"):
        clips.set_slow_motion(clip.id, 0)


def test_a_shot_whose_clip_is_put_right_is_judged_again(
    film: Path, make_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    monkeypatch.setattr("kicky.jobs.ensure_worker", lambda *_: None)
    clip = clips.add(sessions.new(dt.date(2026, 11, 7)), "kick.mp4", film)
    storage.save(make_report(), clip.id, "motion", None)
    home = AppTest.from_file(str(Path(__file__).parents[1] / "Home.py"), default_timeout=60).run()
    page = home.switch_page("pages/1_Analyze.py").run()
    next(box for box in page.number_input if box.label == "Times slower than real time").set_value(4.0).run()
    next(button for button in page.button if button.label == "Take it so").click().run()
    assert not page.exception
    (now,) = clips.listed(clip.session_id)
    assert (now.slow_motion, now.job and (now.job.kind, now.job.state)) == (4, ("analyze", "queued"))
