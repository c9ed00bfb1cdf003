"""SAM 3's own clearing up, where the `kernels` package that it is written for is missing.

Without that package transformers keeps a thing twice that was found twice, and leaves holes and specks in masks; it
says so only in its log. Here both are done with NumPy and OpenCV, as the model's own repository does without a kernel.
How much overlap and how large a hole is for the model's configuration to say (0.1 and 16 px).
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np


class Plain:
    """What transformers asks of the kernel."""

    def generic_nms(self, overlaps: Any, scores: Any, most: float, use_iou_matrix: bool = True) -> Any:
        """(n, n) overlaps, (n,) scores, the overlap from which two are one -> numbers of those kept, surest first."""
        import torch

        assert use_iou_matrix
        shared = overlaps.detach().float().cpu().numpy()
        kept: list[int] = []
        for number in np.argsort(-scores.detach().float().cpu().numpy(), kind="stable"):
            if not (shared[number, kept] > most).any():
                kept.append(int(number))
        return torch.tensor(kept, dtype=torch.long, device=scores.device)

    def cc_2d(self, mask: Any, get_counts: bool = True) -> tuple[Any, Any]:
        """(n, 1, h, w) of 0 and 1 -> which island each pixel is of, and how many pixels that has; 0 outside."""
        import torch

        assert get_counts
        labels = np.zeros(mask.shape, np.int32)
        counts = np.zeros(mask.shape, np.int32)
        for row, each in enumerate(mask.detach().cpu().numpy()[:, 0]):
            _, labels[row, 0], stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(each), connectivity=8)
            areas = stats[:, cv2.CC_STAT_AREA].copy()
            areas[0] = 0
            counts[row, 0] = areas[labels[row, 0]]
        return torch.from_numpy(labels).to(mask.device), torch.from_numpy(counts).to(mask.device)


def clear_up() -> None:
    """From now on SAM 3 clears up, by its kernel where that is here, else by ours."""
    from transformers.models.sam3_video import modeling_sam3_video as sam3
    from transformers.utils import is_kernels_available

    if is_kernels_available():
        sam3._load_cv_utils_kernel_once()
    if not sam3.cv_utils_kernel:
        sam3.cv_utils_kernel = Plain()
