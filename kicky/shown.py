"""Measures, verdicts, chances -> what players call them, in the order and as finely as they are told."""

from __future__ import annotations

import math

VERDICTS = {"goal": "Goal", "no_goal": "No goal", "unsure": "Not sure"}
HOWS = {
    "in_net": "in the net",
    "over": "over the bar",
    "wide_left": "wide on the left",
    "wide_right": "wide on the right",
    "post": "off the frame",
    "saved": "saved",
    "short": "short of the goal",
    "unclear": "what happened is unclear",
}
VIEWS = {
    "keeper": "From the keeper's eyes",
    "goal": "From behind the goal",
    "above": "From above",
    "side": "From the side",
    "chase": "Along the ball",
    "phone": "From the phone",
}
"""Where a replay can be looked from."""
GROUPS = {
    "The legs": ("kicking_knee", "hip_drive", "hip_abduction", "swing_plane", "support_knee"),
    "The trunk": ("trunk_lean", "trunk_side", "pelvis_tilt", "shoulder_tilt"),
    "The standing foot": ("plant_aside", "plant_behind"),
    "Run-up and follow-through": ("approach", "last_step", "follow_across", "follow_height"),
}
"""The body's numbers in the order they are shown in, from the foot that strikes outwards."""
BODY = tuple(name for names in GROUPS.values() for name in names)
CENTIMETRES = ("plant_aside", "plant_behind", "follow_across", "follow_height", "last_step")
DEGREES = tuple(name for name in BODY if name not in CENTIMETRES)
TITLES = {
    "speed": "Ball speed",
    "speed_one_lens": "Ball speed, one lens",
    "average_speed": "Average speed",
    "speed_across": "Speed across the picture",
    "speed_at_line": "Speed at the goal line",
    "time_to_line": "Time to the goal line",
    "rise": "Rise off the foot",
    "curl": "Curl",
    "crossing_x": "Right of the goal's middle",
    "crossing_z": "Height at the goal",
    "kicking_knee": "Kicking knee",
    "support_knee": "Standing knee",
    "trunk_lean": "Trunk lean",
    "trunk_side": "Trunk to the side",
    "hip_drive": "Hip drive",
    "hip_abduction": "Thigh out to the side",
    "swing_plane": "Swing plane",
    "pelvis_tilt": "Pelvis tilt",
    "shoulder_tilt": "Shoulder tilt",
    "approach": "Run-up angle",
    "plant_aside": "Standing foot beside the ball",
    "plant_behind": "Standing foot behind the ball",
    "follow_across": "Follow-through across",
    "follow_height": "Follow-through height",
    "last_step": "Last step",
}
ROUGH_DEG, ROUGH_M = 15.0, 0.08
"""A number of the body whose 90 % interval reaches farther than this to either side is told as a rough one."""
NO_GOAL_MARKED = "The goal is not marked in the picture."
"""Why there is no verdict on a shot that was filmed for its body and kick alone."""
LEAST_CHANGE_DEG = 10.0
"""A smaller change of an angle is none even for people who mark joints by hand: two raters differ by some ten degrees
in one and the same picture."""
Z_90 = 1.645
"""Standard deviations that nine in ten lie within."""
BARELY = 0.5
"""Known no nearer than this share of itself, a length is told by where it may lie: ± would reach below the ground."""


def metres(length: float) -> str:
    """Length in m -> '2.4 m', or in centimetres, to five, where it is short.

    >>> metres(2.36), metres(0.234), metres(0.01)
    ('2.4\\xa0m', '25\\xa0cm', 'under 5\\xa0cm')
    """
    if length >= 0.95:
        return f"{length:.1f}\u00a0m"
    return f"{5 * round(20 * length)}\u00a0cm" if length >= 0.05 else "under 5\u00a0cm"


def give_or_take(length: float, half: float) -> str:
    """Length and half of its 90 % interval, in m -> what nine in ten keep to: '± 25 cm', or from where to where.

    >>> give_or_take(1.4, 0.25), give_or_take(0.65, 0.65)
    ('± 25\\xa0cm', '25\\xa0cm to 1.8\\xa0m')
    """
    if half < BARELY * length:
        return f"± {metres(half)}"
    spread = math.exp(min(half / length, 1.5))
    return f"{metres(length / spread)} to {metres(length * spread)}"


def percent(share: float) -> str:
    """Share -> '91 %', and never a certainty.

    >>> percent(0.914), percent(0.0), percent(1.0)
    ('91\\xa0%', 'under 1\\xa0%', 'over 99\\xa0%')
    """
    if share < 0.01:
        return "under 1\u00a0%"
    return "over 99\u00a0%" if share > 0.99 else f"{100 * share:.0f}\u00a0%"


def rough(name: str, low: float | None, high: float | None) -> bool:
    """Measure's name, its interval in degrees or metres -> whether it is wide enough to be told as a rough number.

    >>> rough("kicking_knee", 121, 163), rough("kicking_knee", 140, 160), rough("crossing_x", 0.0, 1.0)
    (True, False, False)
    """
    if name not in BODY or low is None or high is None:
        return False
    return (high - low) / 2 > (ROUGH_M if name in CENTIMETRES else ROUGH_DEG)


def body_only(outcome: str, why: str) -> bool:
    """Outcome, why it is so -> whether nobody asked for a verdict: there is no goal in the picture.

    >>> body_only("unsure", NO_GOAL_MARKED), body_only("unsure", "You said so."), body_only("goal", NO_GOAL_MARKED)
    (True, False, False)
    """
    return outcome == "unsure" and why == NO_GOAL_MARKED
