"""Brief -> what every coach is told: the rules of the answer, and the facts that it may not contradict."""

from __future__ import annotations

from hashlib import sha256

from ..domain import Brief, Fact, Foot, How, Verdict

SECTIONS = {
    "shot": ("Verdict", "Fix 1", "Fix 2", "Drill"),
    "session": ("The day", "Still open", "Train next", "Drill"),
}
MOST_WORDS = 60  # a section; the guard cuts at twice this
VERDICTS = {Verdict.GOAL: "GOAL", Verdict.NO_GOAL: "NO GOAL", Verdict.UNSURE: "NOT SURE whether it was a goal"}
HOWS = {
    How.IN_NET: "the ball ended in the net",
    How.OVER: "it went over the bar",
    How.WIDE_LEFT: "it went wide, left of the goal as the shooter sees it",
    How.WIDE_RIGHT: "it went wide, right of the goal as the shooter sees it",
    How.POST: "it hit the frame of the goal and did not go in",
    How.SAVED: "the keeper stopped it",
    How.SHORT: "it did not reach the goal",
    How.UNCLEAR: "how it went is not clear",
}
OPENINGS = {
    Verdict.GOAL: "Open the verdict with a cheer that says it was a goal.",
    Verdict.NO_GOAL: "Open the verdict with encouragement that says it was no goal.",
    Verdict.UNSURE: "Say plainly in the verdict that nobody can tell from this film whether it was a goal.",
}
RULES = """You are the coach of an amateur football player. You write to the player, warmly, briefly and concretely.
Answer in English with exactly these four sections in this order, each on its own line, and nothing before or after:
{form}
At most {words} words a section. No lists, headings, links, emoji names or other formatting.
The facts below were measured. Never contradict the verdict, how the ball went, the foot or a number. Use no number that
is not among the facts, except counts, distances and minutes of the drill. Never judge what was not measured. A rough
number is told as "about" with its interval, and is neither praised nor blamed.
{opening}"""
SHOT = "**Verdict** is about the result; each **Fix** is one thing to change; **Drill** trains the first fix."
SESSION = (
    "**The day** is about the goals and calls better only what is marked as surely changed; **Still open** names what "
    "is not; **Train next** what cost most goals, else one thing to work on; **Drill** trains the first of it."
)
GENERAL = "You may also use: most players strike hardest from a run-up at 30 to 45° to the ball."


def prompt(brief: Brief) -> tuple[str, str]:
    """Brief -> what the system says, what the user says; pictures, if any, go before the user's words."""
    form = "\n".join(f"**{title}:** …" for title in SECTIONS[brief.kind])
    shot = brief.kind == "shot"
    opening = f"{SHOT} {OPENINGS[brief.verdict]}" if shot else SESSION
    facts = _shot(brief) if shot else _session(brief)
    return RULES.format(form=form, words=MOST_WORDS, opening=opening), "\n".join((*facts, "", "Write the advice now."))


def prompt_hash(brief: Brief) -> str:
    """Brief -> SHA-256 of its prompt."""
    return sha256("\n\n".join(prompt(brief)).encode()).hexdigest()


def _shot(brief: Brief) -> list[str]:
    lines = ["Facts of this shot:", f"- Verdict: {VERDICTS[brief.verdict]}; {HOWS[brief.how]}."]
    if brief.p_goal is not None:
        lines.append(f"- Chance that it was a goal: {100 * brief.p_goal:.0f} %.")
    if brief.verdict is Verdict.UNSURE and brief.why:
        lines.append(f"- Why it is not sure: {brief.why}")
    lines.append(_foot(brief.foot))
    lines += [_fact(fact) for fact in brief.facts]
    lines += [GENERAL, "Pictures, where there are any, show the shooter before, at and after contact."]
    return [f"Player: {brief.player}.", *lines] if brief.player else lines


def _session(brief: Brief) -> list[str]:
    lines = [f"Player: {brief.player}." if brief.player else "", "Facts of this session:"]
    if (now := brief.now) is not None:
        share = f"{100 * now.low:.0f} to {100 * now.high:.0f} %"
        lines.append(f"- Goals: {now.goals} of {now.shots} shots (true share {share}, nine times in ten).")
        lines += [f"- {count} × {HOWS[how]}." for how, count in now.misses]
        lines += [f"- {now.unsure} shots could not be judged."] if now.unsure else []
    lines += [f"- Cost most goals: {cost.text}." for cost in brief.costs]
    lines += [_fact(fact) for fact in brief.facts]
    lines.append("Against earlier sessions:" if brief.before else "There are no earlier sessions to compare with.")
    for change in brief.changes:
        better = {True: ", for the better", False: ", for the worse", None: ""}[change.better]
        said = f"surely changed{better}" if change.sure else "no sure change"
        lines.append(f"- {change.title}: {change.text}: {said}.")
    return [line for line in lines if line]


def _foot(foot: Foot) -> str:
    if foot is Foot.UNSURE:
        return "- Foot: which foot struck is not sure. Do not name one."
    other = "right" if foot is Foot.LEFT else "left"
    return f"- Foot: struck with the {foot} foot; the {other} leg is the standing leg."


def _fact(fact: Fact) -> str:
    if fact.value is None:
        return f"- {fact.title}: not measured. {fact.why_not}"
    return f"- {fact.title}: {fact.text}. {fact.note}".strip()
