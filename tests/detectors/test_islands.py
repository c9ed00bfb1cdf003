"""The islands of a mask: all that is set, each thing in one, nothing of another's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kicky.detectors.islands import Sea

SHAPE = (90, 130)  # no whole number of tiles


def sea(mask: np.ndarray) -> Sea:
    found = Sea(mask.shape)
    found.compare(mask, np.zeros_like(mask))
    return found


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.02))
def test_every_pixel_is_in_one_island_and_in_its_place(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    mask = (rng.random(SHAPE) < share).astype(np.uint8) * 255
    again = np.zeros(SHAPE, int)
    for island in sea(mask).islands():
        again[island.part] += island.mask // 255
    assert np.array_equal(again, mask // 255)


def test_what_lies_just_outside_its_box_is_not_its_own() -> None:
    """An island of three tiles round a corner, another one beyond the corner that it leaves out."""
    mask = np.zeros(SHAPE, np.uint8)
    mask[20, 20] = mask[20, 40] = mask[40, 20] = mask[48, 48] = 255
    assert sorted(int(island.mask.sum()) // 255 for island in sea(mask).islands()) == [1, 3]


@pytest.mark.parametrize(("row", "column"), [(0, 0), (89, 129), (15, 16), (47, 64)])
def test_a_single_pixel_is_an_island_with_room_about_it(row: int, column: int) -> None:
    mask = np.zeros(SHAPE, np.uint8)
    mask[row, column] = 255
    (island,) = sea(mask).islands()
    assert island.mask[row - island.corner[1], column - island.corner[0]] == 255
    assert island.mask.sum() == 255


def test_what_touches_over_a_corner_is_one_and_what_does_not_is_two() -> None:
    mask = np.zeros(SHAPE, np.uint8)
    mask[15, 15] = mask[16, 16] = mask[70, 100] = 255
    assert sorted(int(island.mask.sum()) // 255 for island in sea(mask).islands()) == [1, 2]


def test_an_empty_mask_has_none_also_after_a_full_one() -> None:
    full = Sea(SHAPE)
    full.compare(np.full(SHAPE, 9, np.uint8), np.zeros(SHAPE, np.uint8))
    assert len(list(full.islands())) == 1
    full.compare(np.zeros(SHAPE, np.uint8), np.zeros(SHAPE, np.uint8))
    assert list(full.islands()) == []
