"""The coach without a model: verdict and facts -> advice, at once and the same each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..domain import Brief, Foot, How, Image, Verdict
from .fixes import fixes
from .prompt import SECTIONS, prompt_hash
from .week import week_texts

CHEERS = (
    "GOAL! That is how it is done{name}.",
    "Goal{name}! Enjoy that one.",
    "It is in{name}! Lovely.",
    "Yes{name}, a goal!",
)
ENCOURAGED = (
    "No goal this time{name}, but keep going: every shot teaches something.",
    "Not in{name}, and no harm done: here is what to try next.",
    "No goal{name}. Chin up, the next one is yours to hit.",
)
UNTOLD = (
    "This film does not show for sure whether it was a goal{name}.",
    "Whether it went in cannot be told from this film{name}.",
)
WENT = {
    How.OVER: "It went over the bar.",
    How.WIDE_LEFT: "It went wide, left of the goal.",
    How.WIDE_RIGHT: "It went wide, right of the goal.",
    How.POST: "It came back off the frame.",
    How.SAVED: "The keeper stopped it.",
    How.SHORT: "It did not reach the goal.",
}


class Rules:
    """Brief, pictures (never looked at) -> the four sections, one piece each."""

    def __call__(self, brief: Brief, _pictures: Sequence[Image] = ()) -> Iterator[str]:
        """Brief, pictures -> the advice. Never fails."""
        for title, text in zip(SECTIONS[brief.kind], sections(brief), strict=True):
            yield f"**{title}:** {text}\n\n"


@lru_cache(maxsize=64)
def sections(brief: Brief) -> tuple[str, ...]:
    """Brief -> the text of each section; the guard puts these in place of what it takes out.

    The wording is chosen by the brief itself, so that two shots are not told the same and one shot always is.
    """
    seed = int(prompt_hash(brief)[:8], 16)
    if brief.kind == "session":
        return week_texts(brief, seed)
    first, second = fixes(brief)[:2]
    return (
        _verdict(brief, seed),
        first.texts[seed // 7 % len(first.texts)],
        second.texts[seed // 11 % len(second.texts)],
        first.drills[seed // 13 % len(first.drills)],
    )


def _verdict(brief: Brief, seed: int) -> str:
    openings = {Verdict.GOAL: CHEERS, Verdict.NO_GOAL: ENCOURAGED, Verdict.UNSURE: UNTOLD}[brief.verdict]
    name = f", {brief.player}" if brief.player else ""
    said = [openings[seed % len(openings)].format(name=name)]
    if brief.verdict is Verdict.NO_GOAL and brief.how in WENT:
        said.append(WENT[brief.how])
    if brief.verdict is Verdict.UNSURE and brief.why:
        said.append(brief.why)
    said.append(_strike(brief))
    return " ".join(part for part in said if part)


def _strike(brief: Brief) -> str:
    """Brief -> the foot and how hard, as far as they are known."""
    fact = brief.fact("speed")
    speed = fact.text if fact is not None and fact.value is not None else ""
    if brief.foot is Foot.UNSURE:
        return f"The ball left the foot at {speed}." if speed else ""
    return f"Struck with the {brief.foot} foot{f' at {speed}' if speed else ''}."
