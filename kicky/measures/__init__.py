"""Shot -> Measure. To add one: a file or a function here and its line below."""

MEASURES = {
    "speed": "kicky.measures.speed:speed",
    "average_speed": "kicky.measures.speed:average_speed",
    "speed_across": "kicky.measures.speed:speed_across",
    "crossing_x": "kicky.measures.crossing:crossing_x",
    "crossing_z": "kicky.measures.crossing:crossing_z",
    "kicking_knee": "kicky.measures.angles:kicking_knee",
    "support_knee": "kicky.measures.angles:support_knee",
    "trunk_lean": "kicky.measures.angles:trunk_lean",
    "trunk_side": "kicky.measures.angles:trunk_side",
    "hip_drive": "kicky.measures.angles:hip_drive",
    "hip_abduction": "kicky.measures.angles:hip_abduction",
    "swing_plane": "kicky.measures.angles:swing_plane",
    "pelvis_tilt": "kicky.measures.angles:pelvis_tilt",
    "shoulder_tilt": "kicky.measures.angles:shoulder_tilt",
    "approach": "kicky.measures.angles:approach",
    "plant_aside": "kicky.measures.angles:plant_aside",
    "plant_behind": "kicky.measures.angles:plant_behind",
    "follow_across": "kicky.measures.angles:follow_across",
    "follow_height": "kicky.measures.angles:follow_height",
    "last_step": "kicky.measures.angles:last_step",
}
