"""Passage -> whether it speaks of another result than the one decided, or of it as sure where nobody knows."""

from __future__ import annotations

import re

from ...domain import Brief, How, Verdict
from .text import claimed, clauses, plain, sentences

_PRAISE = (
    r"(?:great|superb|lovely|super|fantastic|brilliant|wonderful|beautiful|good|nice|another|top|cracking|amazing|stunning"
    r"|clean|solid|fine|proper|well-taken|deserved|cool|composed|tidy|clinical|neat|easy|calm|perfect|fabulous|terrific)"
)
_NOT_A_GOAL = r"(?!\s*(?:-?kick|-?line|-?mouth|-?post|-?frame|-?area|-?keeper|rate|is to|or\b|made of|should|for (?:this|the)))"
# Said of this shot and in the past, so that it counts in every section.
SCORED = re.compile(
    rf"\bgoal!|^(?:and |yes |what a |a )?goal\b{_NOT_A_GOAL}|{_PRAISE} (?:\w+ )?goal\b{_NOT_A_GOAL}"
    rf"|\b(?:what a|is a|'s a|was a|looks like a|counts as a|call that a|scored a|first|got a|bagged a) (?:\w+ )?goal\b"
    rf"|\ba goal (?:to|with|from|for)\b|\byour goal\b{_NOT_A_GOAL}|\bthe goal (?:you|came|was scored)|\bgoal of the\b"
    r"|\b(?:you|you've|he|she|who|has|have|just|surely|well)(?: \w+)? scored\b|^scored\b|\bscored (?:it|that|this|here)\b"
    r"|\b(?:after|on|for|by|with|your) scoring\b|\b(?:you|that|it) (?:netted|converted)\b"
    r"|\b(?:it|ball|shot|one|strike|that|effort) (?:\w+ )?(?:went|flew|crept|dipped|dropped|rolled|curled|squeezed|trickled"
    r"|bounced|snuck|sneaked|looped|sailed|slid|has gone|is|was|'s|ended up|finished)(?: right| straight| just)? in\b(?! "
    r"(?:front|the (?:air|way|middle|wall|picture|frame|stands)|your|an?|his|her|our|line|doubt|between|full|good|fact|time)\b)"
    r"|\b(?:ball|shot|it|that|strike|one)\b(?:(?! must| should| can| will| to |,|\.).){0,25}\b(?:went|flew|ended|landed|nestle\w*|found|hit|is|was|'s)\b[^,.]{0,20}"
    r"\bnet\b(?! did)"
)
# Said of the result itself: read in the verdict only, elsewhere the same words are advice.
CHEERED = re.compile(
    rf"(?:back|roof|corner|side) of (?:the|your|his) net|(?:in|into|ripples?|bulg\w+|hits?|finds?|found) (?:\w+ )?(?:the )?net\b"
    rf"|\bnet (?:is|was) (?:bulging|rippling)|\bslot\w* (?:it )?home|\bhome\b|\btuck\w* (?:it )?away|\bburied\b|\bnails?\b"
    rf"|\bfound the\b|\btop (?:corner|bins?|drawer finish)|\bclinical\b|\b{_PRAISE} finish\b|\bwhat a finish\b"
    rf"|\b(?:beat|beats|beaten|past|wrong[- ]foot\w*) (?:the|your|his) (?:goal)?keeper|keeper (?:had )?no chance"
    rf"|keeper the wrong way|\bunstoppable\b|\bpicks? it out\b|\bscore(?:sheet|board)\b|\b(?:one|1)\s?[-–:]\s?(?:nil|0|zero)\b"
    rf"|\bcounts\b|\bcelebrat\w+|\bcongratulations\b|\bmade no mistake\b|\bnestle\w*|\band in\b|\bin it goes\b|\bget in\b"
    rf"|\b(?:crosse[sd]|over|across) the (?:goal[- ])?line\b(?! (?:about |around |roughly |at )?\d)|\bscored\b|\bthere's a goal"
    rf"|\ba goal is\b|\b(?:is|it's|that's|it is) (?:right )?in\b(?! (?:front|the (?:air|way)|your))|\bgoes in\b|\bwent in\b"
    rf"|^goal\b{_NOT_A_GOAL}|\bkeeper was beaten\b|\binside the post\b"
)
MISSED = re.compile(
    r"\bmiss(?:ed)?\b|\bdid(?:n't| not) (?:go|score|cross|find|hit|count|make|beat|get|end|quite|drop|move|reach)"
    r"|\b(?:wasn't|was not|isn't|is not|not|no|never|without) (?:quite )?(?:a |the )?(?:goal|in)\b|\bfail\w* to\b"
    r"|\b(?:went|flew|sailed|drifted|curled|sent it|shot|skied|blazed|rolled|slid|skidded|dragged|pulled|has gone)"
    r"(?: \w+){0,2} (?:wide|over|off target|past|high|into the stands|narrowly)\b|\bwent into the stands\b"
    r"|\b(?:hit|struck|rattled|kissed|clipped|hitting|off|against|came back off|bounced off) (?:the|a) (?:\w+ )?"
    r"(?:post|bar|crossbar|woodwork|frame|upright)\b(?! and (?:in|went in))"
    r"|\b(?:was|is|been|good|great|fine|made (?:a|the)|makes (?:a|the)|superb) (?:\w+ )?save[sd]?\b|^saved\b|\bsaved (?:it|by|the|that)"
    r"|\bblocked\b|\bfell short|came up short|short of the goal|\bstayed out|\bkept out|\bdenied\b"
    r"|\bkeeper (?:\w+ )?(?:stopped|saved|caught|held|parried|collected|kept|got|blocked|gathered|pushed|tipped|denied|claimed)"
    r"|\bnever (?:\w+ )?(?:crossed|reached|went|got|looked like)|\bnet (?:\w+ )?(?:empty|did not|didn't|never)"
    r"|\bdeserved (?:a|to|more|better)|\b(?:would|could|should|might) have (?:been|gone|scored|counted)|\bclears? the bar|\bcleared the"
)
CONSOLED = re.compile(
    r"\bunlucky\b|\b(?:hard|bad|tough|no|better|rotten) luck\b|\bso (?:close|near)\b|\bclose\b(?! (?:to you|range|control))|\bnearly\b"
    r"|\balmost\b|\bshame\b|\bpity\b|\bdisappoint\w*|\bsad(?:ly)?\b|\bsorry\b|\bunfortunate\w*|\bnot (?:this time|your day|today|quite)"
    r"|\bnext (?:time|one)\b|\bnice try\b|\bgood try\b|\bhardly\b|\bso-called\b|\b(?:can|could|would) call (?:that|it|this)\b"
    r"|\.\.\. ?not\b|\bnot!|\bwide of\b|\bover the (?:bar|crossbar|top)\b|\boff target\b|\bchin up\b|\bhead up\b|\baway from scoring"
    r"|\bor it would\b|\bnot enough\b|\bwild one\b|\bpast the (?:\w+ )?post\b|\binto the stands\b|\bempty\b|\bout of play\b|\boh dear\b"
    r"|\bbut no\b|\bafraid\b|\bwoodwork\b|\bwide (?:left|right|on|to)\b|\bcollected it\b"
)
DOUBTED = re.compile(
    r"\bwhether\b|\b(?:can't|cannot|can not|couldn't|could not|won't|not able to|unable to) (?:\w+ )?(?:tell|say|see|know|guess|call"
    r"|determine|be (?:told|determined))|\b(?:hard|difficult|impossible|too close|not possible) to (?:say|tell|see|know|call|judge)"
    r"|\bnot (?:sure|certain|clear)|\bisn't clear|\bun(?:sure|clear|certain|decided)\b|\bmay (?:or may not )?(?:have|be)\b"
    r"|\bmight (?:not|have|be)\b|\bpossibly\b|\bperhaps\b|\bmaybe\b|\bprobably\b|\bno way to know|\bnobody (?:can|could|knows)"
    r"|\bdon't know|\bdoes(?:n't| not) (?:show|tell|say)|\bleaves? it open|\banybody's guess|\bno (?:verdict|call)\b|\bi think\b"
    r"|\bif (?:it|this|that|you|the ball|the shot) (?:was|went|crossed|scored|has)|\bgoal or (?:no goal|not|miss)\b|\blooks like it\b"
    r"|\bwould settle\b|\bcall (?:them|goal)\b"
)
SURELY = re.compile(r"\b(?:definitely|clearly|surely|certainly|obviously|undoubtedly|for certain|no doubt|without (?:a )?doubt)\b")
HOWS = {
    How.OVER: re.compile(
        r"\bover the (?:bar|crossbar|top)\b|\bclear(?:s|ed) the (?:bar|crossbar)|\b(?:went|sailed|flew|goes|skied|blazed)(?: \w+)? over\b"
        r"|\btoo high\b|\binto the stands\b|\babove the bar\b"
    ),
    How.WIDE_LEFT: re.compile(r"\bwide\b|\bpast the (?:\S+ )?post\b|\boff target\b|\b(?:left|right) of the goal\b|\bmissed (?:to|on)\b"),
    How.POST: re.compile(
        r"\b(?:hit|hits|struck|rattled|kissed|clipped|off|against) the (?:\w+ )?(?:post|bar|crossbar|woodwork|frame|upright)\b|\bwoodwork\b"
    ),
    How.SAVED: re.compile(
        r"^saved\b|\b(?:was|but|is|been|good|great|fine|the|keeper) saved?\b|\bsaved (?:by|it|at)\b|\bblocked\b|\bmade (?:a|the) (?:\w+ )?save\b"
        r"|\bkeeper (?:\w+ )?(?:stopped|saved|caught|held|parried|collected|kept|got|blocked|denied)|\b(?:denied|stopped) by the"
    ),
    How.SHORT: re.compile(
        r"\bfell short|\bshort of the goal|\bcame up short|\b(?:did not|didn't|never) (?:reach|get there)|\bran out of\b|\bstopped before"
    ),
}  # fmt: skip
_PAST = re.compile(r"\b(?:went|flew|sailed|drifted|hit|struck|was|missed|saved|cleared|fell|because|came|skied|you did)\b")


def fault(title: str, text: str, brief: Brief) -> str:
    """Section's title, text, Brief -> what is wrong with it, empty when nothing is."""
    if brief.kind != "shot":
        return ""
    told = title == "Verdict"
    for sentence in sentences(plain(text)):
        if why := _sentence_fault(sentence, told, brief):
            return why
    return _other_way(text, told, brief) if brief.verdict is Verdict.NO_GOAL else ""


def _sentence_fault(sentence: str, told: bool, brief: Brief) -> str:
    goal, miss, doubt = _said(sentence, told)
    if brief.verdict is Verdict.UNSURE:
        open_ = doubt and not SURELY.search(sentence)
        return "says for sure what nobody could tell" if (goal or miss) and not open_ else ""
    if told and doubt:
        return "doubts the verdict"
    if brief.verdict is Verdict.GOAL:
        return "speaks of a miss, it was a goal" if miss else ""
    return "speaks of a goal, it was none" if goal else ""


def _said(sentence: str, told: bool) -> tuple[bool, bool, bool]:
    """Sentence -> whether it says that the ball went in, that it did not, or that one cannot know."""
    parts = [*clauses(sentence), sentence] if told else clauses(sentence)
    goal = any(claimed(SCORED, part) for part in parts[: len(clauses(sentence))])
    miss = any(_past_miss(part) for part in clauses(sentence))
    if told:
        goal = goal or any(claimed(CHEERED, part) for part in clauses(sentence))
        miss = miss or bool(claimed(MISSED, sentence)) or any(claimed(CONSOLED, part) for part in parts)
    return goal, miss, bool(DOUBTED.search(sentence))


def _past_miss(clause: str) -> bool:
    """Clause -> whether it says that this shot missed; what a ball "can" do or is kept from doing is advice."""
    found = claimed(MISSED, clause)
    if found is None:
        return False
    return bool(_PAST.search(clause) or re.search(r"\b(?:this|that|the|your) (?:\w+ )?(?:miss|shot)\b", clause))


def _other_way(text: str, told: bool, brief: Brief) -> str:
    """Text on a miss -> whether it says that it missed in another way than was seen."""
    side = {How.WIDE_LEFT: "right", How.WIDE_RIGHT: "left"}.get(brief.how, "")
    family = How.WIDE_LEFT if side else brief.how
    for part in (part for sentence in sentences(plain(text)) for part in clauses(sentence)):
        if not (told or _PAST.search(part)):
            continue
        for how, pattern in HOWS.items():
            if how is not family and (told or how is not How.WIDE_LEFT or "went" in part) and claimed(pattern, part):
                return "says that it missed in another way"
        if side and told and claimed(HOWS[How.WIDE_LEFT], part) and re.search(rf"\b{side}\b(?!-?\s?foot)", part):
            return "says that it missed on the other side"
    return ""
