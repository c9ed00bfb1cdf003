"""Shot -> Measure. To add one: a file or a function here and its line below."""

MEASURES = {
    "speed": "kicky.measures.speed:speed",
    "kicking_knee": "kicky.measures.angles:kicking_knee",
    "support_knee": "kicky.measures.angles:support_knee",
    "trunk_lean": "kicky.measures.angles:trunk_lean",
    "hip_drive": "kicky.measures.angles:hip_drive",
}
