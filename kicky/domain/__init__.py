"""The nouns: what every stage takes and gives.

The unit is in the name: _px _m _s _kmh _deg. Image axes: x right, y down. World axes: metres, origin
at the centre of the goal line on the ground, x along the line (right as the shooter sees it), y out
towards the shooter, z up. Time is in seconds as captured (slow motion undone), from each frame's own
timestamp. NaN means "not seen"; None means "not computed" and comes with a reason.
"""

from .answer import Detector, FootCall, Measure, MeasureFn, OnProgress, Outcome, Report
from .arrays import Bools, Floats, Ints
from .body import BODY_JOINTS, Appearance, Body, Pose
from .brief import Brief, Change, Coach, Cost, Fact, Image, Tally
from .scene import PITCH_MARKS, Camera, PitchMark, Scene, Told
from .seen import NOTHING_SAID, Candidates, Clip, Rest, Said, Track
from .shot import Flight, Shot
from .steadying import Steadying, carried
from .words import BARE, Foot, How, Label, Verdict

__all__ = [
    "BARE",
    "BODY_JOINTS",
    "NOTHING_SAID",
    "PITCH_MARKS",
    "Appearance",
    "Body",
    "Bools",
    "Brief",
    "Camera",
    "Candidates",
    "Change",
    "Clip",
    "Coach",
    "Cost",
    "Detector",
    "Fact",
    "Flight",
    "Floats",
    "Foot",
    "FootCall",
    "How",
    "Image",
    "Ints",
    "Label",
    "Measure",
    "MeasureFn",
    "OnProgress",
    "Outcome",
    "PitchMark",
    "Pose",
    "Report",
    "Rest",
    "Said",
    "Scene",
    "Shot",
    "Steadying",
    "Tally",
    "Told",
    "Track",
    "Verdict",
    "carried",
]
