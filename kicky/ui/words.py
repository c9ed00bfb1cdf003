"""Values -> words: what the pages call things, and the player's own text made harmless."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from .. import shown, speeds
from ..service import house
from ..service.coaching import CoachView
from ..storage.bodies import RangeView
from ..storage.views import AdviceView, JobView, MeasureView, PassageView, SessionView, ShotView

VERDICTS, HOWS, percent = shown.VERDICTS, shown.HOWS, shown.percent
BODY_ONLY = "Body and kick only"
FEET = {"right": "Right", "left": "Left", "unsure": "Not sure"}
TITLES, BODY, GROUPS, CENTIMETRES = shown.TITLES, shown.BODY, shown.GROUPS, shown.CENTIMETRES
MEANINGS = {
    "kicking_knee": "Angle at the knee of the kicking leg at contact; 180° is a straight leg.",
    "support_knee": "Angle at the knee of the standing leg at contact; 180° is a straight leg.",
    "trunk_lean": "How far the upper body leans from upright at contact: forward, over the ball; below 0, back.",
    "trunk_side": "How far the upper body leans sideways at contact: over the standing leg, away from the kicking one.",
    "hip_drive": "How far the kicking thigh has swung forward of straight down at contact; below 0 it is still behind.",
    "hip_abduction": "How far the kicking thigh is out to the side of straight down at contact.",
    "swing_plane": "How far the whole kicking leg is out to the side at contact; 0° swings like a pendulum.",
    "pelvis_tilt": "How much higher the kicking side's hip is than the other at contact; below 0 it is lower.",
    "shoulder_tilt": "How much higher the kicking side's shoulder is than the other at contact; below 0 it is lower.",
    "approach": "Between the way of the last step before contact and the way of the shot; 0° runs straight at it.",
    "plant_aside": "From the ball's middle to the standing foot's at contact, across the way of the shot.",
    "plant_behind": "How far the standing foot is behind the ball along the way of the shot; below 0 it is ahead.",
    "follow_across": "How far the kicking foot swings across the body after contact, from the hips' middle.",
    "follow_height": "How high the kicking ankle comes after contact, above the ground.",
    "last_step": "On the ground, from where the kicking foot last stood to where the standing foot is planted.",
    "speed": "How fast the ball left the foot; on its way to the goal it slows down.",
    "average_speed": "The way from the foot to the goal over the time it took.",
    "speed_at_line": "How fast the ball still is when it comes to the goal line.",
    "time_to_line": "From the kick until the ball is at the goal line.",
    "rise": "How steeply the ball leaves the foot; 0° stays on the ground.",
    "curl": "How far the ball is off its straight line at the goal line; above 0 to the right, as the shooter sees it.",
}
ROUGHLY = f"≈ marks a rough number: it may be more than {shown.ROUGH_DEG:.0f}° or {100 * shown.ROUGH_M:.0f} cm off."
METHODS = {
    "flight": "the ball's flight in metres and what came after it (flight)",
    "rules2d": "the simple rules in the picture plane (rules2d)",
}
# What a signed number means below and above 0, told where its interval leaves no doubt.
SIDES = {
    "trunk_lean": ("leaning back", "forward, over the ball"),
    "trunk_side": ("towards the kicking side", "over the standing leg"),
    "hip_drive": ("still behind", "swung forward"),
    "hip_abduction": ("across the body", ""),
    "pelvis_tilt": ("kicking side lower", "kicking side higher"),
    "shoulder_tilt": ("kicking side lower", "kicking side higher"),
    "approach": ("from the kicking side", "from the standing side"),
    "plant_behind": ("ahead of the ball", "behind the ball"),
    "follow_across": ("stays on its own side", "past the body's middle"),
}
RANGES: dict[str, tuple[str, Any]] = {
    "low": ("below", "orange"),
    "in": ("in range", "green"),
    "high": ("above", "orange"),
    "unclear": ("cannot be told", "gray"),
}
COACHES = {"rules": "Rules", "minicpm": "MiniCPM-V", "server": "Your server"}
REPLACED = {"was missing": "left it out"}
STAGES = {
    "open": "Opening the film",
    "footage": "Looking through the film",
    "scene": "Finding where the phone stands",
    "detect": "Finding ball and players",
    "flight": "Working out the flight",
    "pose": "Reading the body at contact",
    "measure": "Measuring",
    "film": "Drawing the film",
    "store": "Saving",
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
UNITS = {"deg": "°", "m": " m", "s": " s"}
WORD_JOINER = "\u2060"  # not seen, and an address with one in it becomes no link
# What Streamlit makes links, icons and arrows of even where it is escaped.
_LINKS = re.compile(r"(?i)(?<=http)(?=s?://)|(?<=www)(?=\.)|(?=@)|(?<=:)(?=material/|streamlit:)|(?<=[-<>~])(?=[-=>])")
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: object) -> str:
    r"""Text that is not ours -> the same text as Streamlit's Markdown shows it letter by letter, on one line.

    Whatever a page shows that is not written in the code goes through here; a test reads the pages' code for it. Not
    what is no Markdown: the choices of a selectbox or multiselect, cells of a table, what stands in a text input.

    >>> plain("![x](y) **Zo** $1$ :red[a]")
    '\\!\\[x\\]\\(y\\) \\*\\*Zo\\*\\* \\$1\\$ \\:red\\[a\\]'
    >>> plain("www.y")
    'www\u2060\\.y'
    >>> plain(":material/home: a -> b")
    '\\:\u2060material/home\\: a \\-\u2060\\> b'
    """
    return _MARKS.sub(r"\\\1", _LINKS.sub(WORD_JOINER, " ".join(str(text).split())))


def clock(second: float) -> str:
    """Seconds of a film -> as they are read on a clock, to a tenth.

    >>> clock(4.26), clock(83.0), clock(3725.96)
    ('0:04.3', '1:23.0', '1:02:06.0')
    """
    minutes, tenths = divmod(round(second * 10), 600)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}:{minutes:02d}" if hours else f"{minutes}") + f":{tenths / 10:04.1f}"


def verdict(shot: ShotView) -> str:
    """Shot -> its verdict in a word or two; where there is no goal in the picture none is asked for."""
    return BODY_ONLY if shot.body_only else VERDICTS.get(shot.outcome, plain(shot.outcome))


def session_name(session: SessionView | ShotView) -> str:
    """Session, or a shot of it -> 'Sat 7 Nov 2026 · Parc', as typed."""
    day = day_words(session.date)
    return f"{day} · {session.place}" if session.place else day


def day_words(day: dt.date | None) -> str:
    """Day -> 'Sat 7 Nov 2026', a dash when it is not known."""
    return f"{day:%a} {day.day} {day:%b %Y}" if day else "–"


def moment(when: dt.datetime) -> str:
    """Day and time -> as they are read.

    >>> moment(dt.datetime(2026, 11, 7, 9, 5))
    '7 Nov 2026, 09:05'
    """
    return f"{when.day} {when:%b %Y, %H:%M}"


def shot_name(shot: ShotView) -> str:
    """Shot -> 'Sat 7 Nov 2026 · Parc · clip_03.mp4', as typed: nothing that changes while the list is open."""
    return f"{session_name(shot)} · {shot.clip_name}"


def who_words(shot: ShotView) -> str:
    """Shot -> who shot it, in a few words; a name that only looks propose is told as such."""
    if shot.shooter is None:
        return "no shooter seen"
    if shot.player is None:
        return f"{plain(shot.shooter)} shot, not named yet"
    if shot.player_by == "look":
        return f"{plain(shot.shooter)} looks like {plain(shot.player)}, {percent(shot.player_p or 0.0)}"
    return f"{plain(shot.player)} shot"


def measured(measure: MeasureView) -> tuple[str, str]:
    """Measure -> the number with its unit, and its interval; '–' and the reason where it is withheld.

    >>> measured(MeasureView("kicking_knee", "deg", 142.0, 121.0, 163.0, "", ""))
    ('≈ 142°', 'rough: between 121° and 163°')
    """
    if measure.value is None:
        return "–", measure.why_not
    if measure.name in speeds.NAMES and (speed := speeds.given({measure.name: measure}, measure.name)) is not None:
        told = house.speed_unit()
        return speeds.number(speed, told), f"{speeds.between(speed, told)} {told}, nine times in ten"
    unit, times = unit_of(measure.name, measure.unit)
    digits = 1 if unit == " m" else 0
    if measure.low is None or measure.high is None:
        return f"{number(times * measure.value, digits)}{unit}", ""
    value, low, high = (number(times * x, digits) for x in (measure.value, measure.low, measure.high))
    between = f"between {low}{unit if unit == '°' else ''} and {high}{unit}{_side(measure)}"
    if shown.rough(measure.name, measure.low, measure.high):
        return f"≈ {value}{unit}", f"rough: {between}"
    return f"{value}{unit}", between


def number(value: float, digits: int) -> str:
    """Number, digits -> as it is shown, never minus nought.

    >>> number(-0.4, 0), number(-12.0, 0)
    ('0', '−12')
    """
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def unit_of(name: str, unit: str) -> tuple[str, float]:
    """Measure's name, its unit in the store -> the sign as shown, and how many of it are one of the store's.

    >>> unit_of("plant_aside", "m"), unit_of("trunk_lean", "deg")
    ((' cm', 100), ('°', 1))
    """
    if name in CENTIMETRES:
        return " cm", 100
    if name in speeds.NAMES:
        told = house.speed_unit()
        return " mph" if told is speeds.Unit.MPH else " km/h", float(told.of(1.0))
    return UNITS.get(unit, f" {plain(unit)}"), 1


def _side(measure: MeasureView) -> str:
    """Signed measure -> ', ' and which way it is, where its whole interval lies on one side of 0."""
    if measure.name not in SIDES or measure.low is None or measure.high is None or measure.low * measure.high <= 0:
        return ""
    side = SIDES[measure.name][measure.low > 0]
    return side and f", {side}"


def range_words(name: str, usual: RangeView) -> str:
    """Measure's name, published range -> the range and its source.

    >>> range_words("plant_aside", RangeView(0.257, 0.397, "Scurr 2009"))
    '26–40 cm. Scurr 2009.'
    """
    unit, times = unit_of(name, "deg")
    low, high = (number(times * edge, 0) for edge in (usual.low, usual.high))
    return f"{low}–{high}{unit}. {usual.source.rstrip('.')}."


def replaced(passage: PassageView) -> str:
    """Passage that is the rules coach's -> that it is, and what was wrong with the other.

    >>> replaced(PassageView("Fix 1", "Lean over it.", True, "contradicts what was measured"))
    "This part is the rules coach's: the model contradicts what was measured."
    """
    return f"This part is the rules coach's: the model {REPLACED.get(passage.why, passage.why).rstrip('.')}."


def said_by(view: AdviceView) -> str:
    """Advice -> coach, model, when and how long it took."""
    coach = COACHES.get(view.coach, view.coach)
    model = f" ({view.model})" if view.model and view.coach == "server" else ""
    took = f", in {view.seconds:.0f} s" if view.seconds >= 1 else ""
    return f"{coach}{model}, {moment(view.made_at.astimezone())}{took}"


def leaving(coach: CoachView, pictures: bool) -> str:
    """Coach who is elsewhere, whether pictures go along -> what leaves this program, and for where."""
    if pictures:
        return coach.warning
    return f"The session's numbers and the player's name leave this program for {coach.sends_to}; no picture does."


def chance(outcome: str, p_goal: float) -> str:
    """Outcome, P(goal) -> how sure, in words.

    >>> chance("goal", 0.82), chance("no_goal", 0.08), chance("unsure", 0.4)
    ('82\\xa0% sure it went in', '92\\xa0% sure it did not go in', '40\\xa0% that it went in')
    """
    if outcome == "no_goal":
        return f"{percent(1 - p_goal)} sure it did not go in"
    return f"{percent(p_goal)} {'sure' if outcome == 'goal' else 'that'} it went in"


def job_words(job: JobView) -> str:
    """Job -> what it is doing or how it ended, in a few words."""
    if job.state == "running":
        return STAGES.get(job.stage, job.stage.capitalize() or "Starting")
    return job.message or STATES.get(job.state, job.state)
