"""Clip -> one sv.Detections for each frame of its take. To add one: a file here and its line below.

class_id is `domain.Label`; a ball detector gives its best few candidates a frame, not one ball. A detector that
holds weights is made with their name in the model store: "rfdetr:NAME", or its default ones with "rfdetr".
"""

from ..domain import Detector
from ..registry import load

DETECTORS = {
    "motion": "kicky.detectors.motion:Motion",
}


def make(name: str) -> Detector:
    """Name, "part" or "part:weights" -> the detector. Raises: UnknownPart, MissingWeights, Untrusted, TooSlow."""
    part, _, weights = name.partition(":")
    made: Detector = load(DETECTORS, part)(*([weights] if weights else []))
    return made
