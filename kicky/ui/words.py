"""Values -> words: what the pages call things, and the player's own text made harmless."""

from __future__ import annotations

import re

from ..service import JobView, MeasureView, SessionView, ShotView

VERDICTS = {"goal": "Goal", "no_goal": "No goal", "unsure": "Not sure"}
HOWS = {
    "in_net": "in the net",
    "over": "over the bar",
    "wide_left": "wide on the left",
    "wide_right": "wide on the right",
    "post": "off the frame",
    "saved": "saved",
    "short": "short of the goal",
    "unclear": "how it went is unclear",
}
FEET = {"right": "Right", "left": "Left", "unsure": "Not sure"}
TITLES = {
    "speed": "Ball speed",
    "kicking_knee": "Kicking knee",
    "support_knee": "Standing knee",
    "trunk_lean": "Trunk lean",
    "hip_drive": "Hip drive",
}
MEANINGS = {
    "kicking_knee": "Angle at the knee of the kicking leg at contact; 180° is a straight leg.",
    "support_knee": "Angle at the knee of the standing leg at contact; 180° is a straight leg.",
    "trunk_lean": "How far the upper body leans away from upright at contact.",
    "hip_drive": "How far the kicking thigh has swung past straight down at contact.",
    "speed": "How fast the ball left the foot.",
}
METHODS = {"rules2d": "the simple rules in the picture plane (rules2d)"}
STAGES = {
    "open": "Opening the film",
    "footage": "Looking through the film",
    "detect": "Finding ball and players",
    "pose": "Reading the body at contact",
    "measure": "Measuring",
    "film": "Drawing the film",
    "store": "Putting it away",
    "copy": "Making a copy that plays here",
}
STATES = {
    "queued": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "Did not work",
    "cancelled": "Cancelled",
    "interrupted": "Interrupted",
}
DEGREES = ("kicking_knee", "support_knee", "trunk_lean", "hip_drive")
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: object) -> str:
    r"""Text a person typed -> the same text as Streamlit's Markdown shows it letter by letter.

    >>> plain("![x](http://y) **Zo** $1$ :red[a]")
    '\\!\\[x\\]\\(http\\://y\\) \\*\\*Zo\\*\\* \\$1\\$ \\:red\\[a\\]'
    """
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))


def session_name(session: SessionView | ShotView) -> str:
    """Session, or a shot of it -> 'Sat 7 Nov 2026 · Parc', as typed."""
    day = f"{session.date:%a} {session.date.day} {session.date:%b %Y}"
    return f"{day} · {session.place}" if session.place else day


def shot_name(shot: ShotView) -> str:
    """Shot -> 'Sat 7 Nov 2026 · Parc · clip_03.mp4', as typed: nothing that changes while the list is open."""
    return f"{session_name(shot)} · {shot.clip_name}"


def measured(measure: MeasureView) -> tuple[str, str]:
    """Measure -> the number with its unit, and its interval; '–' and the reason where it is withheld."""
    if measure.value is None:
        return "–", measure.why_not
    unit = "°" if measure.unit == "deg" else f" {measure.unit}"
    if measure.low is None or measure.high is None:
        return f"{measure.value:.0f}{unit}", ""
    low, high = (f"{bound:.0f}".replace("-", "−") for bound in (measure.low, measure.high))
    return f"{measure.value:.0f}{unit}", f"between {low} and {high}{unit}"


def percent(share: float) -> str:
    """Share -> '91 %', and never a certainty.

    >>> percent(0.914), percent(0.0), percent(1.0)
    ('91\\xa0%', 'under 1\\xa0%', 'over 99\\xa0%')
    """
    if share < 0.01:
        return "under 1\u00a0%"
    return "over 99\u00a0%" if share > 0.99 else f"{100 * share:.0f}\u00a0%"


def job_words(job: JobView) -> str:
    """Job -> what it is doing or how it ended, in a few words."""
    if job.state == "running":
        return STAGES.get(job.stage, job.stage.capitalize() or "Starting")
    return job.message or STATES.get(job.state, job.state)
