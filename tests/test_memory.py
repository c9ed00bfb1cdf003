"""What an analysis held is freed with its last reference: no circle keeps a film's pictures until a collector comes."""

import datetime as dt
import gc
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from kicky import video
from kicky.domain import Clip, Report, Shot
from kicky.errors import Cancelled, UnreadableClip
from kicky.jobs import doing
from kicky.jobs.worker import _claim
from kicky.service import clips, sessions, shots, work
from kicky.video.ahead import ahead
from kicky.video.files import opened, pictures
from kicky.video.picture import orientation
from kicky.video.reel import Reel

HEAVY = (av.VideoFrame, av.container.Container, av.CodecContext, av.Packet, Clip, Shot, Report, Reel)
LARGE_BYTES = 20_000


@contextmanager
def only_a_collector_frees(found: list[Any]) -> Iterator[None]:
    """-> a block without collector; `found` is then what is heavy and only circles of references kept of it."""
    gc.collect()
    gc.disable()
    try:
        yield
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        kept = {id(thing): thing for one in gc.garbage for thing in (one, *gc.get_referents(one))}
        found += [thing for thing in kept.values() if _heavy(thing)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def _heavy(thing: Any) -> bool:
    return isinstance(thing, HEAVY) or (isinstance(thing, np.ndarray) and thing.nbytes > LARGE_BYTES)


def test_an_analysis_its_film_and_its_copy_leave_no_circle(rendered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doing, "_give_back", lambda: None)  # which collects
    session = sessions.new(dt.date(2026, 11, 7))
    work.analyze([clips.add(session, "kick.mp4", rendered).id])
    found: list[Any] = []
    with only_a_collector_frees(found):
        while (row := _claim("worker", [])) is not None:
            doing.do(row.id or 0)
    assert [(job.kind, job.state) for job in work.jobs()] == [("analyze", "done")]
    assert shots.listed()[0].copy is not None
    assert found == []


def test_a_frame_goes_with_its_last_reference(make_film: Callable[..., Path]) -> None:
    found: list[Any] = []
    with only_a_collector_frees(found), av.open(str(make_film())) as container:
        assert [orientation(frame) for frame in container.decode(video=0)] == [(0, False)] * 12
    assert found == []


def test_the_search_for_circles_finds_one() -> None:
    found: list[Any] = []
    with only_a_collector_frees(found):
        circle: list[Any] = [np.zeros(LARGE_BYTES)]
        circle.append(circle)
        del circle
    assert [thing.nbytes for thing in found] == [8 * LARGE_BYTES]


def _stopped(clip: Clip) -> None:
    def stop(_stage: str, _share: float) -> None:
        raise Cancelled("Stopped.")

    video.prove_whole(clip, stop)


def _damaged(clip: Clip) -> None:
    with opened(clip.path) as (container, stream):
        kept = list(pictures(container, stream))
        assert len(kept) == 12
        raise av.error.InvalidDataError(1, "no picture")


def _wrong_ahead(clip: Clip) -> None:
    def things() -> Iterator[Any]:
        yield from (image for _, image in video.frames(clip))
        raise UnreadableClip("the film ends here")

    for image in ahead(things()):
        assert image.nbytes > LARGE_BYTES


@pytest.mark.parametrize("task", [_stopped, _damaged, _wrong_ahead])
def test_what_stops_or_fails_in_the_middle_leaves_no_circle(
    task: Callable[[Clip], None], make_film: Callable[..., Path]
) -> None:
    clip, failed = video.open_clip(make_film()), False
    found: list[Any] = []
    with only_a_collector_frees(found):
        try:
            task(clip)
        except (Cancelled, UnreadableClip):
            failed = True
    assert failed
    assert found == []


class Circle:
    """Refers to itself."""

    def __init__(self) -> None:
        self.me = self


def test_what_circles_keep_goes_before_memory_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[bool] = []
    circle = Circle()
    known = weakref.ref(circle)
    del circle
    monkeypatch.setattr(doing, "_TRIM", lambda _: order.append(known() is None))
    doing._give_back()
    assert order == [True]
