"""Replies written for the guard's test: sound ones as a good model writes them, and bad passages to put among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kicky.coaches.brief import shot_brief
from kicky.coaches.prompt import SECTIONS
from kicky.coaches.saturday import session_brief
from kicky.domain import Brief, Foot, How, Measure, Verdict

HERE = Path(__file__).parent
WHY = "The joint is hidden at contact."
NAMES = {
    "speed": "km/h", "crossing_x": "m", "crossing_z": "m", "kicking_knee": "deg", "support_knee": "deg",
    "trunk_lean": "deg", "hip_drive": "deg", "plant_aside": "m", "plant_behind": "m", "trunk_side": "deg",
    "hip_abduction": "deg", "swing_plane": "deg", "pelvis_tilt": "deg", "shoulder_tilt": "deg", "approach": "deg",
    "follow_across": "m", "follow_height": "m", "last_step": "m",
}  # fmt: skip
Values = Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Reply:
    """One reply: to which brief, its four sections, and which of them is bad (None: all are sound).

    `batch` is "tuned on", "held out" (every other one of the first files), or the name of files written later.
    """

    brief: str
    sections: tuple[str, ...]
    bad: int | None = None
    batch: str = ""

    def text(self) -> str:
        """-> as a model sends it."""
        titles = SECTIONS[briefs()[self.brief].kind]
        return "\n\n".join(f"**{title}:** {text}" for title, text in zip(titles, self.sections, strict=True))


def measures(values: Values) -> list[Measure]:
    """Name -> value, low, high; all measures in order, those without a value withheld."""
    return [
        Measure(name, unit, *values[name]) if name in values else Measure(name, unit, None, why_not=WHY)
        for name, unit in NAMES.items()
    ]


def _shot(verdict: str, how: str, foot: str, values: Values, player: str = "", p_goal: float = 0.5,
          earlier: Mapping[str, Sequence[float]] | None = None) -> Brief:  # fmt: skip
    words = Verdict(verdict), How(how), Foot(foot)
    return shot_brief(*words, measures(values), player=player, p_goal=p_goal, earlier=earlier)


def _week(goals: int, shots: int, before: tuple[int, int], speeds: tuple[float, float], how: str = "over") -> Brief:
    def some(made: int, of: int, speed: float) -> list[Brief]:
        values = [{"speed": (s, s - 5, s + 5), "kicking_knee": (150.0, 140.0, 160.0), "plant_aside": (0.45, 0.42, 0.48)}
                  for s in (speed - 2, speed, speed + 2)]  # fmt: skip
        outcomes = [("goal", "in_net")] * made + [("no_goal", how)] * (of - made)
        return [_shot(*outcome, "right", values[n % 3]) for n, outcome in enumerate(outcomes)]

    return session_brief("Adam", some(goals, shots, speeds[0]), some(*before, speeds[1]) if before[1] else [])


MADE: dict[str, Callable[[], Brief]] = {
    "goal_full": lambda: _shot("goal", "in_net", "right", {
        "speed": (91, 85, 97), "crossing_x": (2.1, 1.8, 2.4), "crossing_z": (0.6, 0.4, 0.8),
        "kicking_knee": (120, 110, 130), "support_knee": (135, 125, 145), "trunk_lean": (12, 5, 19),
        "hip_drive": (20, 9, 31), "plant_aside": (0.45, 0.42, 0.48), "plant_behind": (0.10, 0.06, 0.14)}, "Adam", 0.97),
    "goal_bare": lambda: _shot("goal", "in_net", "left", {}, p_goal=0.93),
    "over_right": lambda: _shot("no_goal", "over", "right", {
        "speed": (104, 98, 110), "crossing_x": (-0.5, -0.9, -0.1), "crossing_z": (3.1, 2.8, 3.4),
        "trunk_lean": (24, 15, 33)}, "Sam", 0.02),
    "wide_left_left": lambda: _shot("no_goal", "wide_left", "left", {
        "crossing_x": (-4.6, -5.0, -4.2), "crossing_z": (1.1, 0.8, 1.4), "kicking_knee": (155, 147, 163),
        "support_knee": (158, 148, 168)}, "Adam", 0.01),
    "saved_right": lambda: _shot("no_goal", "saved", "right", {
        "speed": (76, 70, 82), "plant_behind": (0.28, 0.22, 0.34)}, "", 0.08),
    "post_unsure": lambda: _shot("no_goal", "post", "unsure", {"speed": (88, 80, 96)}, "Lena", 0.05),
    "unsure_full": lambda: _shot("unsure", "unclear", "right", {"speed": (83, 72, 94)}, "Adam", 0.52),
    "unsure_bare": lambda: _shot("unsure", "unclear", "left", {}),
    "short_left": lambda: _shot("no_goal", "short", "left", {"speed": (42, 38, 46), "trunk_lean": (30, 25, 35)}, "Noa",
        0.02, {"trunk_lean": [7, 8, 10, 11, 12, 13, 14, 16, 18, 19]}),
    "goal_in": lambda: _shot("goal", "in_net", "right", {
        "speed": (68, 62, 74), "kicking_knee": (156, 150, 162), "support_knee": (135, 130, 140),
        "plant_aside": (0.33, 0.30, 0.36)}, "Zoë", 0.99),
    "goal_whole": lambda: _shot("goal", "in_net", "right", {
        "speed": (84, 78, 90), "kicking_knee": (142, 121, 163), "support_knee": (136, 129, 143),
        "trunk_lean": (-4, -14, 6), "trunk_side": (9, 1, 17), "hip_drive": (31, 20, 42), "hip_abduction": (41, 34, 48),
        "swing_plane": (30, 22, 38), "pelvis_tilt": (7, 4, 10), "shoulder_tilt": (-8, -16, 0), "approach": (8, 2, 14),
        "plant_aside": (0.33, 0.29, 0.37), "plant_behind": (0.10, 0.03, 0.17), "follow_across": (0.22, 0.10, 0.34),
        "follow_height": (0.71, 0.63, 0.79), "last_step": (1.24, 0.95, 1.53)}, "Mia", 0.98),
    "wide_right_bare": lambda: _shot("no_goal", "wide_right", "right", {}, "Lena", 0.1),
    "week_better": lambda: _week(6, 10, (9, 20), (94, 82)),
    "week_first": lambda: _week(3, 7, (0, 0), (90, 0)),
    "week_same": lambda: _week(4, 10, (10, 22), (85, 86)),
}  # fmt: skip


@lru_cache(maxsize=1)
def briefs() -> dict[str, Brief]:
    """-> every brief by its name."""
    return {name: make() for name, make in MADE.items()}


LATER = ("second", "third", "fourth")


def sound() -> list[Reply]:
    """-> the sound replies."""
    return [Reply(line[0], tuple(line[1:]), None, batch) for line, batch in _batches("sound")]


def adversarial() -> list[Reply]:
    """-> replies with one bad section each, the others taken from a sound reply."""
    good: dict[str, tuple[str, ...]] = {}
    for reply in sound():
        good.setdefault(reply.brief, reply.sections)
    replies = []
    for (brief, place, text), batch in _batches("adversarial"):
        bad = int(place) - 1
        sections = tuple(text if spot == bad else part for spot, part in enumerate(good[brief]))
        replies.append(Reply(brief, sections, bad, batch))
    return replies


def _batches(name: str) -> Iterator[tuple[list[str], str]]:
    for number, line in enumerate(_lines(f"{name}.txt")):
        yield line, "held out" if number % 2 else "tuned on"
    for batch in LATER:
        for line in _lines(f"{name}_{batch}.txt"):
            yield line, batch


def _lines(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split(" | ") for line in lines if line.strip() and not line.startswith("#")]
