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
    "hip_drive": "kicky.measures.angles:hip_drive",
    "plant_aside": "kicky.measures.plant:plant_aside",
    "plant_behind": "kicky.measures.plant:plant_behind",
}
