"""Clip -> one sv.Detections for each frame of its take. To add one: a file here and its line below.

class_id is `domain.Label`; a ball detector gives its best few candidates a frame, not one ball. A detector that
holds weights is made with their name in the model store: "rfdetr:NAME", or its default ones with "rfdetr".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..registry import load

if TYPE_CHECKING:
    from ..domain import Detector

DETECTORS = {
    "motion": "kicky.detectors.motion:Motion",
    "rfdetr": "kicky.detectors.student:Student",
    "ballnet": "kicky.detectors.ballnet:Ballnet",
    "sam3": "kicky.detectors.sam3:Sam3",
    "locate": "kicky.detectors.locate:Locate",
}
TEACHERS = ("sam3", "locate")
"""Too slow to use without a graphics card; they refuse, unless forced."""
NEEDS_PACKAGES = ("rfdetr", "ballnet", "sam3")
"""They run on PyTorch in this process, which is not set up with the rest: `kicky.packages`."""
TILED = ("rfdetr",)
"""They look at the ball through tiles of the picture."""


def make(name: str, force: bool = False, tiled: bool = True) -> Detector:
    """Name, "part" or "part:weights" -> the detector; one that looks through tiles may be made without them.

    Raises: UnknownPart, MissingWeights, Untrusted.
    """
    part, _, model = name.partition(":")
    wishes = {"force": True} if force and part in TEACHERS else {}
    if not tiled and part in TILED:
        wishes["tiled"] = False
    made: Detector = load(DETECTORS, part)(*([model] if model else []), **wishes)
    return made


def weights_of(name: str) -> str:
    """Name of a detector -> the model it takes from the store, "" when it holds none. Raises: MissingWeights."""
    part, _, model = name.partition(":")
    if model or (part in DETECTORS and part not in DEFAULTS):
        return model
    default: str = load(DEFAULTS, part)()
    return default


DEFAULTS = {
    "rfdetr": "kicky.detectors.student:default",
    "ballnet": "kicky.detectors.ballnet:default",
    "sam3": "kicky.detectors.sam3:default",
    "locate": "kicky.detectors.locate:default",
}
"""Of a detector that holds weights: what says which it takes when nobody names any."""
