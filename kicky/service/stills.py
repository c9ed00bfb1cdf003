"""Pictures <-> JPEG and PNG."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
QUALITY = 90


def jpeg(image: Image, quality: int = QUALITY) -> bytes:
    """BGR image -> JPEG."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


def png(image: Image) -> bytes:
    """BGR image -> PNG."""
    _, data = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 4])
    return data.tobytes()


def shrunk(image: Image, longest_px: int) -> Image:
    """Image -> the same with its longer side at most so long."""
    scale = longest_px / max(image.shape[:2])
    if scale >= 1:
        return image
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def image(data: bytes) -> Image:
    """JPEG -> BGR image."""
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), dtype=np.uint8)
