"""Report -> the JSON document of the command line. NaN never appears: what was not seen is null."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from ..domain import Measure, Report, Shot
from ..footage import as_filmed
from ..shown import BODY, CENTIMETRES, TITLES, rough
from ..speeds import Unit, given, told
from ..storage.views import plain
from .balls import rest_of

UNMEASURED = "This version does not measure it."
FLOWN = {
    "speed_across": "kmh", "average_speed": "kmh", "speed_at_line": "kmh", "time_to_line": "s", "rise": "deg",
    "curl": "m",
}  # fmt: skip
"""What the ball does on its way, and in what: each by its name and unit."""
AT_LINE, STOPPED = ("speed_at_line", "time_to_line"), ("saved", "short")


def report_json(report: Report, names: dict[str, str] | None = None) -> dict[str, Any]:
    """Report, names of the players known by label -> plain values, as DESIGN.md "The command line" lists them."""
    shot, outcome, foot = as_filmed(report.shot), report.outcome, report.foot
    kick = shot.kick_frame
    by_name = {measure.name: measure for measure in report.measures}
    document = {
        "clip": shot.clip.path.name,
        "outcome": outcome.verdict,
        "p_goal": outcome.p_goal,
        "how": outcome.how,
        "why": outcome.why,
        "method": outcome.method,
        "kick_frame": kick,
        "kick_time_s": None if kick is None else shot.clip.time_s[kick],
        "kick_why_not": shot.kick_why_not,
        "players": _players(shot, names or {}),
        "shooter": shot.shooter,
        "foot": foot.foot,
        "p_left": foot.p_left,
        "foot_why": foot.why,
        "speed_kmh": _interval(by_name.get("speed"), UNMEASURED),
        **{f"{name}_{unit}": _interval(by_name.get(name), UNMEASURED) for name, unit in FLOWN.items()},
        "crossing_m": _crossing(by_name),
        "angles_deg": {m.name: _interval(m) for m in report.measures if m.unit == "deg" and m.name not in FLOWN},
        "distances_m": {m.name: _interval(m) for m in report.measures if m.name in CENTIMETRES},
        "ball_px": _ball(shot),
        "ball_sure": shot.ball_sure,
        "ball_at_rest": _at_rest(shot),
        "notes": report.notes,
        "made_with": report.made_with,
        "seconds": report.seconds,
    }
    return {key: plain(value) for key, value in document.items()}


def _players(shot: Shot, names: dict[str, str]) -> list[dict[str, Any]]:
    roles = {shot.keeper: "keeper", shot.shooter: "shooter"}
    return [
        {"label": player.label, "name": names.get(player.label), "role": roles.get(player.label, "other")}
        for player in shot.players
    ]


def _interval(measure: Measure | None, why_not: str = "") -> dict[str, Any]:
    if measure is None:
        return {"value": None, "low": None, "high": None, "method": None, "why_not": why_not}
    return {name: getattr(measure, name) for name in ("value", "low", "high", "method", "why_not")}


def _crossing(by_name: dict[str, Measure]) -> dict[str, Any]:
    """Where the ball crossed the plane of the goal; sigma is a 90 % interval's half width over 1.645."""
    x, z = by_name.get("crossing_x"), by_name.get("crossing_z")
    if x is None or z is None or x.value is None or z.value is None:
        why_not = next((m.why_not for m in (x, z) if m and m.why_not), "This version does not say where in metres.")
        return {"x": None, "z": None, "sigma_x": None, "sigma_z": None, "why_not": why_not}
    return {"x": x.value, "z": z.value, "sigma_x": _sigma(x), "sigma_z": _sigma(z), "why_not": ""}


def _sigma(measure: Measure) -> float:
    return ((measure.high or 0.0) - (measure.low or 0.0)) / 2 / 1.645


def _at_rest(shot: Shot) -> dict[str, Any] | None:
    """Where the ball lay before the kick: centre and diameter in px, the last frame in which it is seen there."""
    rest = rest_of(shot)
    if rest is None:
        return None
    x, y = rest.centre_px.tolist()
    return {"x": x, "y": y, "diameter": rest.diameter_px, "frame": rest.leaves}


def _ball(shot: Shot) -> list[list[Any]]:
    """[frame, x, y, measured] of each frame in which the ball is somewhere."""
    rows = zip(shot.ball.centre_px.tolist(), shot.ball.measured.tolist(), strict=True)
    return [[frame, x, y, measured] for frame, ((x, y), measured) in enumerate(rows) if not math.isnan(x + y)]


def in_words(document: dict[str, Any], unit: Unit = Unit.KMH) -> list[str]:
    """Report as JSON, what speeds are told in -> the lines a player reads."""
    lines = [f"{document['outcome'].replace('_', ' ').upper()}  {document['why']}"]
    lines.append(f"Foot: {document['foot']}. {document['foot_why']}")
    flown = {name: document[f"{name}_{in_}"] for name, in_ in {"speed": "kmh", **FLOWN}.items()}
    lines += _flown(flown, unit, stopped=document["how"] in STOPPED)
    measures = document["angles_deg"] | document["distances_m"]
    for name in BODY:
        measure = measures.get(name, {"value": None})
        if measure["value"] is not None:
            sign, times = ("cm", 100) if name in CENTIMETRES else ("°", 1)
            value, low, high = (times * measure[edge] for edge in ("value", "low", "high"))
            mark = "≈ " if rough(name, measure["low"], measure["high"]) else ""
            lines.append(f"{TITLES[name]}: {mark}{value:.0f} {sign} ({low:.0f} to {high:.0f})")
    whys: dict[str, list[str]] = {}
    for name, measure in (flown | measures).items():
        if measure["value"] is None:
            whys.setdefault(measure["why_not"], []).append(TITLES.get(name, name))
    lines += [f"Not given: {', '.join(titles)}. {why}" for why, titles in whys.items()]
    return lines


def _flown(flown: dict[str, dict[str, Any]], unit: Unit, stopped: bool) -> list[str]:
    """What the ball does on its way, by name -> a line for each that is given; without a flight what is proved.

    A ball that was stopped before the line did nothing there.
    """
    flown = {name: told for name, told in flown.items() if not (stopped and name in AT_LINE)}
    given_ = {name: SimpleNamespace(**measure) for name, measure in flown.items()}
    fast = {name: given(given_, name) for name in ("speed", "speed_at_line", "average_speed") if name in given_}
    lines = [f"{TITLES['speed']}: {told(fast.pop('speed'), given(given_, 'speed_across'), unit)}"]
    lines += [f"{TITLES[name]}: {told(speed, None, unit)}" for name, speed in fast.items() if speed is not None]
    for name, sign, digits in (("time_to_line", "s", 2), ("rise", "°", 0), ("curl", "m", 1)):
        if flown.get(name, {"value": None})["value"] is not None:
            value, low, high = (f"{flown[name][edge] + 0.0:.{digits}f}" for edge in ("value", "low", "high"))
            lines.append(f"{TITLES[name]}: {value} {sign} ({low} to {high})")
    return lines
