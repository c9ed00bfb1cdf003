"""What is asked of a clip, which answers there are, and the sentence for one that makes no sense."""

from __future__ import annotations

from collections.abc import Mapping

from .. import reading
from ..domain import Foot, How, Verdict
from ..errors import BadLabel

OUTCOME, HOW, SHOOTER, FOOT, CONTACT, GOAL_LINE, NOTE = (
    "outcome", "how", "shooter", "foot", "contact_frame", "goal_frame", "note",
)  # fmt: skip
CHOICES: Mapping[str, tuple[str, ...]] = {
    OUTCOME: tuple(str(verdict) for verdict in Verdict),
    HOW: tuple(str(how) for how in How),
    FOOT: tuple(str(foot) for foot in Foot),
}
FRAMES = (CONTACT, GOAL_LINE)
FREE = (SHOOTER, NOTE)
FIELDS = (OUTCOME, HOW, SHOOTER, FOOT, CONTACT, GOAL_LINE, NOTE)
STARS = tuple("54321")
LONGEST = 400


def checked(field: str, value: str, frames: int) -> str:
    """Field, answer, how many frames the clip has -> the answer as it is kept; "" takes it back. Raises: BadLabel."""
    value = " ".join(value.split()) if field in FREE else value.strip().lower()
    if field not in FIELDS:
        raise BadLabel(f"Nobody asks for {field!r}: use one of {', '.join(FIELDS)}.")
    if not value:
        return ""
    if field in CHOICES and value not in CHOICES[field]:
        raise BadLabel(f"{value!r} is no answer to {field}: use one of {', '.join(CHOICES[field])}.")
    frame = reading.whole(value) if field in FRAMES else None
    if field in FRAMES and (frame is None or frame >= frames):
        raise BadLabel(f"{field} {value} is not in the clip, which has the frames 0 to {frames - 1}.")
    if len(value) > LONGEST:
        raise BadLabel(f"That {field} is {len(value)} letters long: {LONGEST} are kept at most.")
    return str(frame) if frame is not None else value


def contradiction(said: Mapping[str, str]) -> str:
    """Answers of one labeller -> what in them cannot be true at once, "" where all can."""
    outcome, how = said.get(OUTCOME, ""), said.get(HOW, "")
    if how and how != How.UNCLEAR and outcome in (Verdict.GOAL, Verdict.NO_GOAL):
        scored = how == How.IN_NET
        if scored != (outcome == Verdict.GOAL):
            return f"The outcome says {outcome.replace('_', ' ')} and how says {how.replace('_', ' ')}: one is wrong."
    contact, line = said.get(CONTACT, ""), said.get(GOAL_LINE, "")
    if contact and line and int(line) <= int(contact):
        return f"The ball is at the goal in frame {line}, before or at the contact in frame {contact}: one is wrong."
    return ""
