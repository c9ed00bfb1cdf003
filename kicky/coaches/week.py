"""Brief of a session -> its four sections in words: the day, what is still open, what to train next, and how."""

from __future__ import annotations

from ..domain import Brief, Change, Tally
from ..shown import BODY
from .fixes import drills, general, out_of_range

OFTEN = 2  # misses of one kind before they are a habit worth training
FEW = 3  # numbers of the body that are named, more are counted
ENOUGH = 8  # shots before a share of goals says much


def week_texts(brief: Brief, seed: int) -> tuple[str, str, str, str]:
    """Brief of a session, what chooses the wording -> the day, still open, train next, drill."""
    better = [change for change in brief.changes if change.sure and change.better is not False]
    next_text, drill = _next(brief, seed)
    return _improved(brief, better), _not_yet(brief), next_text, drill


def _improved(brief: Brief, better: list[Change]) -> str:
    whose = f"{brief.player}, you" if brief.player else "Whoever took these shots"
    said = [f"{whose} {_counted(brief.now)}"] if brief.now else []
    said += [f"{_kind(change)}: {change.text}." for change in better]
    if not brief.player:
        said.append("These shots have no name, so they are not compared with other days.")
    elif not brief.before:
        said.append("It is the first session here, so there is nothing to compare with yet: it is your mark to beat.")
    elif not better:
        said.append("Nothing has surely changed for the better: the differences are smaller than the noise.")
    return " ".join(said)


def _kind(change: Change) -> str:
    return f"{change.title} is surely better" if change.better else f"{change.title} has surely changed"


def _counted(now: Tally) -> str:
    if not now.shots:
        return f"took {now.unsure} {_shots(now.unsure)}, and none could be judged."
    rest = f", and {now.unsure} more could not be judged" if now.unsure else ""
    return f"scored {now.goals} of {now.shots} {_shots(now.shots)}{rest}."


def _shots(count: int) -> str:
    return "shot" if count == 1 else "shots"


def _not_yet(brief: Brief) -> str:
    worse = [change for change in brief.changes if change.sure and change.better is False]
    open_ = [change.title.lower() for change in brief.changes if not change.sure and change.name not in BODY]
    body = [change.title.lower() for change in brief.changes if not change.sure and change.name in BODY]
    open_ += body if len(body) <= FEW else [f"{len(body)} numbers of the body"]
    said = [f"{change.title} got worse: {change.text}." for change in worse]
    if open_:
        said.append(f"No clear change in {_listed(open_)}.")
    if brief.now and brief.now.shots < ENOUGH:
        said.append("With so few shots the share of goals says little; take more next time.")
    return " ".join(said) or ("Nothing went backwards." if brief.before else "Nothing is compared yet.")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _next(brief: Brief, seed: int) -> tuple[str, str]:
    """Brief -> what to train next and its drill: what cost most goals first, then an angle out of its range."""
    told = f"What cost most goals: {'; '.join(cost.text for cost in brief.costs)}." if brief.costs else ""
    if brief.costs and len(brief.costs[0].shots) >= OFTEN:
        trains = drills(brief.costs[0])
        which = "the first of them" if len(brief.costs) > 1 else "that"
        return f"{told} Work on {which} now.", trains[seed % len(trains)]
    for fact in brief.facts:
        if (fix := out_of_range(fact)) is not None:
            text = f"{told} {fact.title}: {fact.text}. {fact.note} Work on that first."
            return text.strip(), fix.drills[seed % len(fix.drills)]
    aim = general("aim")
    return f"{told} {aim.texts[seed % len(aim.texts)]}".strip(), aim.drills[seed % len(aim.drills)]
