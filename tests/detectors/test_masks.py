"""What SAM 3 found twice is one thing, and its masks have neither specks nor holes, also without its kernel."""

import pytest
import torch
from transformers.models.sam3_video import modeling_sam3_video as sam3
from transformers.models.sam3_video.configuration_sam3_video import Sam3VideoConfig

from kicky.detectors.masks import Plain, clear_up

NMS, HOLE = Sam3VideoConfig().det_nms_thresh, Sam3VideoConfig().fill_hole_area


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sam3, "cv_utils_kernel", None)
    clear_up()
    assert isinstance(sam3.cv_utils_kernel, Plain)


def squares(*places: tuple[int, int, int]) -> torch.Tensor:
    """(left, top, side) each -> a mask each, 1 inside and -1 outside."""
    masks = torch.full((len(places), 31, 41), -1.0)
    for mask, (x, y, side) in zip(masks, places, strict=True):
        mask[y : y + side, x : x + side] = 1.0
    return masks


def test_the_thresholds_are_those_of_the_real_model() -> None:
    assert (NMS, HOLE) == (0.1, 16)


def test_what_was_found_twice_is_kept_once_the_surest(plain: None) -> None:
    masks = squares((0, 0, 10), (1, 1, 10), (8, 8, 10), (30, 10, 5))
    scores = torch.tensor([0.6, 0.9, 0.8, 0.5])
    assert sam3.nms_masks(scores, masks, 0.55, NMS).tolist() == [False, True, True, False]
    assert sam3.nms_masks(scores, masks, 0.3, NMS).tolist() == [False, True, True, True]
    assert sam3.nms_masks(scores, masks, 0.95, NMS).tolist() == [False] * 4


def test_holes_are_filled_and_specks_removed_but_no_small_ball(plain: None) -> None:
    masks = squares((0, 0, 20), (30, 10, 2))[:, None]
    masks[0, 0, 5:9, 5:9] = -1.0  # a hole of 16
    masks[0, 0, 12:17, 12:17] = -1.0  # and one that is larger
    masks[0, 0, 28, 38] = 1.0  # a speck
    found = sam3.fill_holes_in_mask_scores(masks, HOLE) > 0
    assert found[0, 0, 5:9, 5:9].all()
    assert not found[0, 0, 12:17, 12:17].any()
    assert not found[0, 0, 28, 38]
    assert found[1, 0].sum() == 4
    assert found[0, 0].sum() == 400 - 25
