"""Picture -> what a model takes: small enough, and as a data address for one that is asked over the network."""

from __future__ import annotations

from base64 import b64encode

import cv2
import numpy as np

from ..domain import Image

LONGEST_SIDE_PX = 768
QUALITY = 85


def cropped(image: Image, box_px: tuple[float, float, float, float] | None, margin: float = 0.35) -> Image:
    """Image, box x0 y0 x1 y1 -> what lies in and about the box, at most 768 px; the whole image without a box.

    The margin, a share of the box's longer side, keeps the ball and the swing in the picture.
    """
    if box_px is not None and np.isfinite(box_px).all():
        more = margin * max(box_px[2] - box_px[0], box_px[3] - box_px[1])
        height, width = image.shape[:2]
        x0, y0 = max(int(box_px[0] - more), 0), max(int(box_px[1] - more), 0)
        x1, y1 = min(int(box_px[2] + more) + 1, width), min(int(box_px[3] + more) + 1, height)
        if x1 - x0 > 1 and y1 - y0 > 1:
            image = image[y0:y1, x0:x1]
    scale = LONGEST_SIDE_PX / max(image.shape[:2])
    if scale < 1:
        size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return image


def data_address(image: Image) -> str:
    """Image -> data:image/jpeg;base64,…"""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return f"data:image/jpeg;base64,{b64encode(data.tobytes()).decode()}"
