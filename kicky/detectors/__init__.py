"""Clip -> one sv.Detections for each frame of its take. To add one: a file here and its line below.

class_id is `domain.Label`; a ball detector gives its best few candidates a frame, not one ball.
"""

DETECTORS = {
    "motion": "kicky.detectors.motion:Motion",
}
