"""A short film is decoded once while several stages look at it, and each sees the same as without."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kicky import video
from kicky.domain import Clip
from kicky.video import decoding, reel


@pytest.fixture
def decodes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """-> the takes that were decoded."""
    real, seen = decoding._decoded, []

    def decoded(clip: Clip) -> Iterator[tuple[int, Any]]:
        seen.append(clip.take)
        return real(clip)

    monkeypatch.setattr(decoding, "_decoded", decoded)
    return seen


def test_a_short_film_is_decoded_once(make_film: Callable[..., Path], decodes: list[tuple[int, int]]) -> None:
    clip = video.open_clip(make_film())
    some = replace(clip, take=(3, 9))
    bare = [list(video.frames(clip)), list(video.frames(some)), list(video.frames(some, gray=True))]
    assert len(decodes) == 3
    decodes.clear()
    with video.decoded_once():
        kept = [list(video.frames(clip)), list(video.frames(some)), list(video.frames(some, gray=True))]
    assert decodes == [(0, 12)]
    for one, other in zip(bare, kept, strict=True):
        assert [number for number, _ in one] == [number for number, _ in other]
        for (_, image), (_, same) in zip(one, other, strict=True):
            np.testing.assert_array_equal(image, same)
    list(video.frames(clip))
    assert len(decodes) == 2  # nothing is kept behind the block


def test_what_is_long_or_was_left_in_the_middle_is_decoded_again(
    make_film: Callable[..., Path], decodes: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = video.open_clip(make_film())
    with video.decoded_once():
        next(iter(video.frames(clip)))
        list(video.frames(replace(clip, take=(0, 4))))
        list(video.frames(clip))
    assert len(decodes) == 3
    monkeypatch.setattr(reel, "MOST_BYTES", 12 * 160 * 90)  # without the colours
    with video.decoded_once():
        list(video.frames(clip))
        list(video.frames(clip))
    assert len(decodes) == 5
