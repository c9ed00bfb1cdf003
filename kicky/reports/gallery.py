"""A clip and what was made of it -> a still that shows the ball's whole way, small enough to be sent."""

from __future__ import annotations

from dataclasses import replace

import cv2

from ..errors import StorageFailed
from ..render import way_still
from ..trials.downstream import Judged
from ..trials.labelled import Labelled

WIDEST_PX, QUALITY = 640, 72


def still(clip: Labelled, judged: Judged) -> bytes:
    """Clip, what was made of it -> JPEG. Raises: UnreadableClip."""
    report = judged.report()
    shot = replace(report.shot, clip=replace(report.shot.clip, path=clip.path))
    image = way_still(replace(report, shot=shot))
    scale = min(1.0, WIDEST_PX / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    done, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise StorageFailed(f"The still of {clip.name} could not be made.")
    return bytes(jpeg.tobytes())
